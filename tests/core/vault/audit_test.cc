#include "core/vault/audit.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "core/vault/verify.h"
#include "tests/support/fleet.h"

using namespace wayside;
using support::Fleet;
using support::need;
using vault::AuditWhat;
using vault::Sealing;

namespace {

/// Amina and Ben are advocates of one team, Mona is its manager, Ada an administrator.
struct Town {
  Fleet fleet{31};
  support::Device& amina = fleet.add("Amina");
  support::Device& ben = fleet.add("Ben");
  support::Device& mona = fleet.add("Mona", membership::Role::manager);
  support::Device& ada = fleet.add("Ada", membership::Role::admin);
  RecordId case_id = support::put_case(amina, "A-1");
  RecordId other = support::put_case(amina, "A-2");

  Town() { fleet.reconcile(); }
};

std::vector<vault::AuditLine> lines_of(support::Device& reader, support::Device& of) {
  std::vector<vault::AuditLine> out;
  const auto log = need(vault::read_audit(*reader));
  std::ranges::copy_if(log.lines, std::back_inserter(out), [&](const vault::AuditLine& line) { return line.device == of->identity().device; });
  return out;
}

std::vector<AuditWhat> whats(const std::vector<vault::AuditLine>& lines) {
  std::vector<AuditWhat> out;
  for (const auto& line : lines) out.push_back(line.entry.what);
  return out;
}

void open_case(support::Device& device, const RecordId& case_id) { need(vault::note_opened(*device, case_id, case_id)); }
void seal(support::Device& device) { need(vault::seal_audit(*device, Sealing::now)); }

std::uint64_t waiting(support::Device& device) {
  return support::count(device, "SELECT count(*) FROM sqlite_master WHERE name = 'audit_waiting'") == 0
             ? 0
             : support::count(device, "SELECT count(*) FROM audit_waiting");
}

bool told(support::Device& device, std::string_view words) {
  const auto faults = support::faults(device);
  return std::ranges::any_of(faults, [&](const std::string& fault) { return fault.contains(words); });
}

using Whats = std::vector<AuditWhat>;

}  // namespace

TEST_CASE("each opening of a case is one entry, and moving about in it is none") {
  Town it;
  open_case(it.ben, it.case_id);
  open_case(it.ben, it.case_id);
  need(vault::note_opened(*it.ben, it.case_id, it.other));   // a record of the same case
  open_case(it.ben, it.other);
  open_case(it.ben, it.case_id);
  need(vault::note_listed(*it.ben, 0, 2));
  need(vault::note_listed(*it.ben, 0, 2));
  const auto lines = lines_of(it.ben, it.ben);
  CHECK(whats(lines) == Whats{AuditWhat::unlocked, AuditWhat::opened, AuditWhat::opened, AuditWhat::opened, AuditWhat::listed});
  CHECK(lines.at(1).entry.case_id == it.case_id);
  CHECK(lines.at(2).entry.case_id == it.other);
  CHECK(lines.at(4).number == 5);
  CHECK_FALSE(lines.at(4).sealed);
}

TEST_CASE("a program that shows nothing records nothing, and saving stays as it was") {
  Town it;
  support::edit(it.amina, it.case_id, "lead_worker", Text{"Ben"});
  it.fleet.reopen(it.amina);
  seal(it.amina);
  CHECK(waiting(it.amina) == 0);
  CHECK(lines_of(it.amina, it.amina).empty());
  CHECK(support::count(it.amina, "SELECT count(*) FROM ledgers WHERE kind = 4") == 0);
}

TEST_CASE("an entry is durable before anything is shown: a power failure right after takes nothing") {
  Town it;
  open_case(it.ben, it.case_id);
  it.ben.world->files.crash(0);
  it.fleet.reopen(it.ben);
  CHECK(whats(lines_of(it.ben, it.ben)) == Whats{AuditWhat::unlocked, AuditWhat::opened});
  open_case(it.ben, it.case_id);
  CHECK(lines_of(it.ben, it.ben).size() == 4);   // unlocked again, and opened again
  CHECK(support::faults(it.ben).empty());
}

TEST_CASE("what cannot be recorded is not shown, whichever write fails, and a second try records it once") {
  for (std::uint64_t n = 0;; ++n) {
    Town it;
    it.ben.world->files.fail_at(n, Errc::disk_full, true);
    const auto noted = vault::note_opened(*it.ben, it.case_id, it.case_id);
    it.ben.world->files.heal();
    if (noted) {
      CHECK(n > 1);
      break;
    }
    INFO("operation " << n);
    REQUIRE(noted.error().code == Errc::not_recorded);
    CHECK(noted.error().detail == "the disk is full");
    open_case(it.ben, it.case_id);
    it.fleet.reopen(it.ben);
    CHECK(whats(lines_of(it.ben, it.ben)) == Whats{AuditWhat::unlocked, AuditWhat::opened});
    CHECK(support::faults(it.ben).empty());
  }
}

TEST_CASE("entries are sealed once and in order, wherever the power fails meanwhile") {
  for (std::uint64_t n = 0;; ++n) {
    Town it;
    open_case(it.ben, it.case_id);
    open_case(it.ben, it.other);
    it.ben.world->files.power_off_at(n);
    const bool done = vault::seal_audit(*it.ben, Sealing::now).has_value() && !it.ben.world->files.is_off();
    it.ben.world->files.crash(n + 1);
    INFO("operation " << n);
    it.fleet.reopen(it.ben);
    seal(it.ben);
    const auto lines = lines_of(it.ben, it.ben);
    CHECK(whats(lines) == Whats{AuditWhat::unlocked, AuditWhat::opened, AuditWhat::opened});
    for (std::size_t i = 0; i < lines.size(); ++i) {
      CHECK(lines[i].number == i + 1);
      CHECK(lines[i].sealed);
    }
    CHECK(waiting(it.ben) == 0);
    CHECK(support::faults(it.ben).empty());
    if (done) break;
    REQUIRE(n < 200);
  }
}

TEST_CASE("an administrator and the team's manager read who opened what; a colleague of the same rank cannot open it") {
  Town it;
  open_case(it.ben, it.case_id);
  seal(it.ben);
  it.fleet.reconcile();
  for (support::Device* each : {&it.ada, &it.mona}) {
    INFO(each->name);
    const auto lines = lines_of(*each, it.ben);
    REQUIRE(whats(lines) == Whats{AuditWhat::unlocked, AuditWhat::opened});
    CHECK(lines.at(1).user == it.ben->identity().user);
    CHECK(lines.at(1).sealed);
    CHECK(need(vault::read_audit(**each)).gaps.empty());
    CHECK(support::faults(*each).empty());
  }
  CHECK(lines_of(it.amina, it.ben).empty());
  CHECK(support::count(it.amina, "SELECT count(*) FROM pending WHERE why = 4") == 1);   // handed to her, it stays shut
  CHECK(support::count(it.amina, "SELECT count(*) FROM ledgers WHERE kind = 4") == 0);
  CHECK(it.fleet.converged());   // no record is made of it anywhere
}

TEST_CASE("a manager is read by administrators alone, and an administrator by the others of her kind") {
  Town it;
  support::Device& max = it.fleet.add("Max", membership::Role::manager);
  support::Device& ann = it.fleet.add("Ann", membership::Role::admin);
  it.fleet.reconcile();
  open_case(it.mona, it.case_id);
  open_case(it.ada, it.case_id);
  seal(it.mona);
  seal(it.ada);
  it.fleet.reconcile();
  CHECK(lines_of(max, it.mona).empty());
  CHECK(lines_of(it.ada, it.mona).size() == 2);
  CHECK(lines_of(it.mona, it.ada).empty());
  CHECK(lines_of(ann, it.ada).size() == 2);
}

TEST_CASE("a manager of another team does not read it, and a second device of the worker's does") {
  Town it;
  const TeamId north = it.fleet.add_team("North");
  support::Device& nora = it.fleet.add("Nora", membership::Role::manager, {north});
  support::Device& tablet = it.fleet.add("Ben's tablet", membership::Role::advocate, {}, it.ben->identity().user);
  it.fleet.reconcile();
  open_case(it.ben, it.case_id);
  seal(it.ben);
  it.fleet.reconcile();
  CHECK(lines_of(nora, it.ben).empty());
  CHECK(lines_of(tablet, it.ben).size() == 2);
}

TEST_CASE("a new administrator reads all of it with the next batch") {
  Town it;
  open_case(it.ben, it.case_id);
  seal(it.ben);
  it.fleet.reconcile();
  support::Device& ann = it.fleet.add("Ann", membership::Role::admin);
  it.fleet.reconcile();
  CHECK(lines_of(ann, it.ben).empty());
  open_case(it.ben, it.other);
  seal(it.ben);
  it.fleet.reconcile();
  CHECK(lines_of(ann, it.ben).size() == 3);
  CHECK(support::count(it.ben, "SELECT count(*) FROM ledgers WHERE kind = 4") == 1);
  CHECK(support::faults(ann).empty());
}

TEST_CASE("who is no administrator any more reads nothing that comes after") {
  Town it;
  open_case(it.ben, it.case_id);
  seal(it.ben);
  it.fleet.reconcile();
  CHECK(lines_of(it.ada, it.ben).size() == 2);
  it.fleet.remove(it.ada, it.mona);
  it.fleet.share_membership(it.ben);
  it.fleet.share_membership(it.mona);
  open_case(it.ben, it.other);
  seal(it.ben);
  it.fleet.reconcile();
  CHECK(lines_of(it.ada, it.ben).size() == 2);
  CHECK(lines_of(it.mona, it.ben).size() == 3);
  CHECK(need(vault::read_audit(*it.mona)).gaps.empty());   // numbers go on through both ledgers
  CHECK(support::count(it.ben, "SELECT count(*) FROM ledgers WHERE kind = 4") == 2);
  CHECK(support::faults(it.ben).empty());
}

TEST_CASE("what somebody takes out of the store by hand is told") {
  Town it;
  open_case(it.ben, it.case_id);
  open_case(it.ben, it.other);
  const auto run = [&](std::string_view sql) { need(it.ben->store().database().run(sql)); };
  SECTION("nothing") {
    CHECK(support::faults(it.ben).empty());
  }
  SECTION("an entry that waits") {
    run("DELETE FROM audit_waiting WHERE n = 2");
    CHECK(told(it.ben, "taken out or altered"));
  }
  SECTION("the newest") {
    run("DELETE FROM audit_waiting WHERE n = 3");
    CHECK(told(it.ben, "taken out or altered"));
  }
  SECTION("what it says") {
    run("UPDATE audit_waiting SET entry = (SELECT entry FROM audit_waiting WHERE n = 2) WHERE n = 3");
    CHECK(told(it.ben, "taken out or altered"));
  }
  SECTION("a sealed batch") {
    seal(it.ben);
    run("DELETE FROM envelopes WHERE ledger IN (SELECT n FROM ledgers WHERE kind = 4)");
    CHECK(told(it.ben, "sealed entries of this device's log of reads are missing"));
    CHECK(told(it.ben, "the ledger table is not the one that was written"));
  }
  SECTION("a batch that an administrator holds") {
    seal(it.ben);
    open_case(it.ben, it.case_id);
    seal(it.ben);
    it.fleet.reconcile();
    need(it.ada->store().database().run(
        "DELETE FROM envelopes WHERE n = (SELECT min(n) FROM envelopes WHERE ledger IN (SELECT n FROM ledgers WHERE kind = 4))"));
    const auto gaps = need(vault::read_audit(*it.ada)).gaps;
    REQUIRE(gaps.size() == 1);
    CHECK(gaps[0].first == 1);
    CHECK(gaps[0].last == 3);
    CHECK_FALSE(support::faults(it.ada).empty());
  }
}

TEST_CASE("passphrases that did not match are told with the next unlock, once") {
  Town it;
  it.ben.vault.reset();
  platform::Env env = it.ben.world->env();
  for (int i = 0; i < 3; ++i) CHECK(support::code_of(vault::Vault::open(env, it.ben.home, support::typed("not this one"))) == Errc::wrong_passphrase);
  it.fleet.reopen(it.ben);
  open_case(it.ben, it.case_id);
  auto lines = lines_of(it.ben, it.ben);
  REQUIRE(whats(lines) == Whats{AuditWhat::refused, AuditWhat::unlocked, AuditWhat::opened});
  CHECK(lines[0].entry.count == 3);
  it.fleet.reopen(it.ben);
  open_case(it.ben, it.case_id);
  CHECK(lines_of(it.ben, it.ben).size() == 5);
}

TEST_CASE("locking seals what has waited for an hour, or a great deal, and leaves the rest to a reconcile") {
  Town it;
  open_case(it.ben, it.case_id);
  CHECK(need(vault::seal_audit(*it.ben, Sealing::if_due)) == 0);
  it.ben.world->clock.advance(3'600'000);
  CHECK(need(vault::seal_audit(*it.ben, Sealing::if_due)) == 2);
  for (int i = 0; i < 32; ++i) open_case(it.ben, i % 2 == 0 ? it.other : it.case_id);
  CHECK(need(vault::seal_audit(*it.ben, Sealing::if_due)) == 32);
  CHECK(need(vault::seal_audit(*it.ben, Sealing::now)) == 0);   // nothing to tell: nothing is written
}

TEST_CASE("very many entries never pile up: they are sealed on the way") {
  Town it;
  for (int i = 0; i < 600; ++i) open_case(it.ben, i % 2 == 0 ? it.other : it.case_id);
  CHECK(waiting(it.ben) < 256);
  CHECK(lines_of(it.ben, it.ben).size() == 601);
  CHECK(support::faults(it.ben).empty());
}

TEST_CASE("an older store that was put back loses no entry that colleagues hold") {
  Town it;
  open_case(it.ben, it.case_id);
  seal(it.ben);
  it.fleet.reconcile();
  it.ben.vault.reset();
  const auto older = it.ben.world->files.contents();
  it.fleet.reopen(it.ben);
  open_case(it.ben, it.other);
  seal(it.ben);
  it.fleet.reconcile();
  it.ben.vault.reset();
  for (const auto& [name, content] : older) {
    if (name.contains("store.db")) it.ben.world->files.tamper(name, content);
  }
  it.fleet.reopen(it.ben);
  open_case(it.ben, it.other);
  seal(it.ben);
  it.fleet.reconcile();
  CHECK(lines_of(it.ada, it.ben).size() >= 5);
  CHECK(lines_of(it.ben, it.ben).size() == lines_of(it.ada, it.ben).size());
  CHECK(support::faults(it.ada).empty());
}
