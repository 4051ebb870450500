#include "core/vault/lease.h"

#include <catch2/catch_test_macros.hpp>

#include "core/vault/audit.h"
#include "core/vault/solo.h"
#include "tests/support/fleet.h"

using namespace wayside;
using support::Fleet;
using support::need;
using vault::Heard;

namespace {

constexpr std::int64_t kHour_ms = 3'600'000, kDay_ms = 24 * kHour_ms;

/// Amina's device, and an office that signs with a clock of its own.
struct Away {
  Fleet fleet{41};
  support::Device& amina = fleet.add("Amina");
  RecordId case_id = support::put_case(amina, "A-1");
  support::FakeClock& clock = amina.world->clock;

  Away() {
    fleet.append(membership::OfficeKey{Digest{}, PublicKey{}, "127.0.0.1:1"});
    fleet.share_membership();
  }
  void reconcile() { need(vault::renew_lease(*amina, clock.wall_ms(), Heard::now)); }
  std::optional<Errc> open_case() { return support::code_of(vault::note_opened(*amina, case_id, case_id)); }
  std::int64_t left_ms() { return need(vault::lease(*amina))->left_ms; }
  /// A working day: unlocked, looked at, locked in the evening.
  std::optional<Errc> day_of_use(std::int64_t open_ms) {
    const auto code = open_case();
    clock.advance(open_ms);
    fleet.reopen(amina);
    return code;
  }
};

}  // namespace

TEST_CASE("cases stay open for seven days without the office, and close then") {
  Away it;
  it.reconcile();
  CHECK(it.left_ms() == 7 * kDay_ms);
  it.clock.advance(7 * kDay_ms - 1);
  CHECK_FALSE(it.open_case());
  it.clock.advance(2);
  CHECK(it.open_case() == Errc::lease_spent);
  CHECK(support::code_of(vault::note_listed(*it.amina, 0, 1)) == Errc::lease_spent);
  CHECK(support::code_of(vault::note(*it.amina, {.what = vault::AuditWhat::exported})) == Errc::lease_spent);
}

TEST_CASE("a spent lease takes nothing: what is saved is saved, and a reconcile opens everything at once") {
  Away it;
  it.reconcile();
  it.clock.advance(30 * kDay_ms);
  CHECK(it.open_case() == Errc::lease_spent);
  const RecordId person = support::put(it.amina, it.case_id, "person", {{"forename", Text{"Priya"}}});
  it.reconcile();
  CHECK_FALSE(it.open_case());
  CHECK(support::texts(it.amina, person, "forename") == support::Texts{"Priya"});
  CHECK(support::faults(it.amina).empty());
}

TEST_CASE("a vault without an office has no lease, and neither has one before it was ever heard") {
  Fleet fleet{42};
  support::Device& alone = fleet.add("Amina");
  CHECK_FALSE(need(vault::lease(*alone)));
  need(vault::renew_lease(*alone, alone.world->clock.wall_ms(), Heard::now));
  alone.world->clock.advance(400 * kDay_ms);
  CHECK_FALSE(need(vault::lease(*alone)));
  const RecordId case_id = support::put_case(alone, "A-1");
  CHECK_FALSE(support::code_of(vault::note_opened(*alone, case_id, case_id)));
}

TEST_CASE("setting the clock back gains at most seven days of open use") {
  Away it;
  it.reconcile();
  std::int64_t used_ms = 0;
  for (int day = 0; day < 100; ++day) {
    it.clock.set_wall(it.clock.wall_ms() - 3 * kDay_ms);
    if (it.day_of_use(6 * kHour_ms)) break;
    used_ms += 6 * kHour_ms;
  }
  CHECK(used_ms <= 7 * kDay_ms);
  CHECK(used_ms >= 6 * kDay_ms);
  CHECK(it.open_case() == Errc::lease_spent);
  it.fleet.reopen(it.amina);
  CHECK(it.open_case() == Errc::lease_spent);
}

TEST_CASE("ten years ahead, a reconcile opens cases at once, and they stay open when the clock is put right") {
  Away it;
  it.reconcile();
  const std::int64_t right_ms = it.clock.wall_ms();
  it.clock.set_wall(right_ms + 3650 * kDay_ms);
  CHECK(it.open_case() == Errc::lease_spent);
  need(vault::renew_lease(*it.amina, right_ms + kHour_ms, Heard::now));   // the office's clock is right
  CHECK_FALSE(it.open_case());
  it.clock.set_wall(it.clock.wall_ms() + 8 * kDay_ms);   // and it is spent again by the same clock
  CHECK(it.open_case() == Errc::lease_spent);
  it.clock.set_wall(right_ms + 2 * kHour_ms);
  CHECK_FALSE(it.open_case());
  need(vault::renew_lease(*it.amina, right_ms + 2 * kHour_ms, Heard::now));
  CHECK(it.left_ms() == 7 * kDay_ms);
}

TEST_CASE("a clock that jumps to and fro neither opens what is spent nor spends what is not") {
  Away it;
  it.reconcile();
  const std::int64_t right_ms = it.clock.wall_ms();
  for (const std::int64_t jump_ms : {-10 * kDay_ms, 3 * kDay_ms, -3650 * kDay_ms, 6 * kDay_ms}) {
    it.clock.set_wall(right_ms + jump_ms);
    it.fleet.reopen(it.amina);
    CHECK_FALSE(it.open_case());
  }
  for (const std::int64_t jump_ms : {8 * kDay_ms, 3650 * kDay_ms}) {
    it.clock.set_wall(right_ms + jump_ms);
    it.fleet.reopen(it.amina);
    CHECK(it.open_case() == Errc::lease_spent);
  }
}

TEST_CASE("a page that lay in the inbox renews by when the office signed it, and an older one not at all") {
  Away it;
  const std::int64_t start_ms = it.clock.wall_ms();
  it.reconcile();
  it.clock.advance(6 * kDay_ms);
  need(vault::renew_lease(*it.amina, start_ms + 5 * kDay_ms, Heard::earlier));
  CHECK(it.left_ms() == 6 * kDay_ms);
  need(vault::renew_lease(*it.amina, start_ms + 2 * kDay_ms, Heard::earlier));
  CHECK(it.left_ms() == 6 * kDay_ms);
  it.clock.advance(20 * kDay_ms);
  need(vault::renew_lease(*it.amina, start_ms + 5 * kDay_ms, Heard::earlier));   // the same one put there once more
  CHECK(it.open_case() == Errc::lease_spent);
}

TEST_CASE("an office whose clock was wrong and is put right renews like any other") {
  Away it;
  need(vault::renew_lease(*it.amina, it.clock.wall_ms() + 3650 * kDay_ms, Heard::now));
  it.clock.advance(kDay_ms);
  need(vault::renew_lease(*it.amina, it.clock.wall_ms(), Heard::now));
  CHECK(it.left_ms() == 7 * kDay_ms);
  it.clock.advance(8 * kDay_ms);
  CHECK(it.open_case() == Errc::lease_spent);
}

TEST_CASE("a program that is killed again and again while cases are open pays for each start") {
  Away it;
  it.reconcile();
  const std::int64_t day_ms = it.clock.wall_ms();
  int starts = 0;
  for (; starts < 3000; ++starts) {
    it.clock.set_wall(day_ms - kDay_ms);
    if (it.open_case()) break;
    it.clock.advance(9 * 60'000);        // read for nine minutes, then pull the plug
    it.amina.world->files.crash(0);
    it.fleet.reopen(it.amina);
  }
  CHECK(starts <= 7 * 24 * 6);
  CHECK(starts >= 7 * 24 * 6 - 12);
}

TEST_CASE("open time that is written ahead is put right when the vault is locked") {
  Away it;
  it.reconcile();
  it.clock.set_wall(it.clock.wall_ms() - kDay_ms);
  for (int i = 0; i < 100; ++i) CHECK_FALSE(it.day_of_use(60'000));
  CHECK(it.left_ms() == 7 * kDay_ms - 100 * 60'000);
}

TEST_CASE("open time goes on being written while the vault stays open, and saving costs no more for it") {
  Away it;
  it.reconcile();
  CHECK_FALSE(it.open_case());
  const auto syncs = [&] { return it.amina.world->files.counts().syncs; };
  const auto before = syncs();
  support::edit(it.amina, it.case_id, "lead_worker", Text{"Ben"});
  CHECK(syncs() == before + 1);
  need(vault::count_open_time(*it.amina, false));
  CHECK(syncs() == before + 1);
  it.clock.advance(vault::kLeaseAhead_ms + 1);
  need(vault::count_open_time(*it.amina, false));
  CHECK(syncs() == before + 2);
  need(vault::count_open_time(*it.amina, false));
  CHECK(syncs() == before + 2);
}

TEST_CASE("a program that shows nothing writes nothing of the lease when it ends") {
  Away it;
  it.reconcile();
  it.fleet.reopen(it.amina);
  support::edit(it.amina, it.case_id, "lead_worker", Text{"Ben"});
  need(it.amina->anchor());
  const auto before = it.amina.world->files.counts().syncs;
  it.amina.vault.reset();
  const auto closing = it.amina.world->files.counts().syncs - before;
  CHECK(closing <= 2);   // SQLite's own checkpoint
  platform::Env env = it.amina.world->env();
  it.amina.vault = need(vault::Vault::open(env, it.amina.home, support::typed(Fleet::kPassphrase)));
  CHECK(it.left_ms() == 7 * kDay_ms);
}
