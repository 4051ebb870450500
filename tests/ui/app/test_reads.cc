#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "core/vault/audit.h"
#include "core/vault/lease.h"
#include "tests/ui/app/clerk_desk.h"

// What is recorded before it is shown; and what is not shown while the device has stayed away from its office for too long.

namespace wayside::app::tests {
namespace {

using vault::AuditWhat;

struct Reading : AtWork {
  RecordId id = priya();
  RecordId other = support::put_case(amina, "C-0102");

  /// The log, of a vault that the clerk has locked.
  std::vector<AuditWhat> log() {
    lock();
    platform::Env env = amina.world->env();
    const auto vault = support::need(vault::Vault::open(env, amina.home, support::typed(Fleet::kPassphrase)));
    std::vector<AuditWhat> out;
    for (const auto& line : support::need(vault::read_audit(*vault)).lines) out.push_back(line.entry.what);
    return out;
  }
  void leave_case() {
    pb::Command command;
    command.mutable_open_case();
    clerk->handle(command);
  }
  /// Before the clerk begins: the office was last heard so long ago.
  void away_for(std::int64_t ms) {
    support::need(vault::renew_lease(*amina, amina.world->clock.wall_ms(), vault::Heard::now));
    amina.world->clock.set_wall(amina.world->clock.wall_ms() + ms);
  }
  bool stands(std::string_view words) {
    const pb::Snapshot shown = now();
    return std::ranges::any_of(shown.standing(), [&](const pb::Notice& notice) { return notice.text().contains(words); });
  }
};

constexpr std::int64_t kDay_ms = std::int64_t{24} * 3'600'000;
using Whats = std::vector<AuditWhat>;

}  // namespace

TEST_CASE("unlocking and each opening of a case are recorded, moving between its records is not") {
  Reading desk;
  desk.start();
  desk.open_case(desk.id);
  desk.open_record(desk.person);
  desk.open_case(desk.id);
  desk.open_case(desk.other);
  desk.leave_case();
  desk.open_case(desk.other);
  CHECK(desk.log() == Whats{AuditWhat::unlocked, AuditWhat::listed, AuditWhat::opened, AuditWhat::opened, AuditWhat::opened});
}

TEST_CASE("a case whose opening cannot be recorded is not shown, and is when there is room again") {
  Reading desk;
  desk.start();
  desk.amina.world->files.fail_at(0, Errc::disk_full, true);
  desk.open_case(desk.id);
  CHECK(desk.now().notice().text().contains("the disk is full"));
  CHECK(desk.now().notice().text().contains("So nothing is shown"));
  CHECK_FALSE(desk.now().has_case_());
  desk.amina.world->files.heal();
  desk.open_case(desk.id);
  CHECK(desk.now().case_().case_id() == desk.id.str());
}

TEST_CASE("typing and saving in an open case record nothing") {
  Reading desk;
  desk.start();
  desk.open_case(desk.id);
  desk.open_record(desk.person);
  const pb::Form form = desk.form();
  desk.keep(form, {{"town", {"Oadby"}}});
  desk.save(form, {{"town", {"Oadby"}}});
  CHECK(desk.log() == Whats{AuditWhat::unlocked, AuditWhat::listed, AuditWhat::opened});
}

TEST_CASE("away from the office for a week the list is empty and no case opens; a reconcile brings them back") {
  Reading desk;
  desk.away_for(8 * kDay_ms);
  desk.start();
  CHECK(desk.now().vault() == pb::Snapshot::open);
  CHECK(desk.stands("This device has not reconciled for so long"));
  CHECK(desk.now().caseload().rows().empty());
  desk.open_case(desk.id);
  CHECK_FALSE(desk.now().has_case_());
  CHECK(desk.now().notice().text().starts_with("This device has not reconciled for so long"));
  CHECK(desk.search("Priya").rows().empty());

  desk.setup.reconcile = [&](vault::Vault& vault, const reconcile::Options&) -> Result<reconcile::Outcome> {
    WAYSIDE_OK(vault::renew_lease(vault, desk.amina.world->clock.wall_ms(), vault::Heard::now));
    return reconcile::Outcome{};
  };
  desk.restart();
  desk.press_reconcile();
  CHECK_FALSE(desk.stands("This device has not reconciled for"));
  CHECK(desk.now().caseload().rows().size() == 2);
  desk.open_case(desk.id);
  CHECK(desk.now().case_().case_id() == desk.id.str());
}

TEST_CASE("what was typed before the lease was spent is kept, and offered when cases open again") {
  Reading desk;
  desk.start();
  desk.open_case(desk.id);
  desk.open_record(desk.person);
  desk.keep(desk.form(), {{"town", {"Oadby"}}});
  desk.clerk.reset();
  desk.fleet.reopen(desk.amina);
  desk.away_for(8 * kDay_ms);
  desk.start();
  desk.open_case(desk.id);
  CHECK_FALSE(desk.now().has_case_());
  desk.clerk.reset();
  desk.fleet.reopen(desk.amina);
  support::need(vault::renew_lease(*desk.amina, desk.amina.world->clock.wall_ms(), vault::Heard::now));
  desk.start();
  desk.open_case(desk.id);
  const pb::FormField town = AtWork::field(desk.form(), "town");
  REQUIRE(town.items_size() == 1);
  CHECK(town.items(0) == "Oadby");
}

TEST_CASE("two days before the lease ends whoever unlocks is told how long is left") {
  Reading desk;
  desk.away_for(6 * kDay_ms);
  desk.start();
  CHECK(desk.stands("It shows cases for 24 hours more"));
  CHECK(desk.now().caseload().rows().size() == 2);
}

}  // namespace wayside::app::tests
