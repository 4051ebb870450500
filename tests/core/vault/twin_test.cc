#include "core/vault/twin.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "core/vault/refold.h"
#include "core/vault/verify.h"
#include "tests/support/fleet.h"

// One vault that lives twice. What an office would hand on is handed on here: of one place in a sequence the first that came.

using namespace wayside;
using namespace wayside::support;
using vault::Copy;
using vault::Outcome;
using vault::Parcel;

namespace {

/// All of a machine's disk and keys, on another one.
std::unique_ptr<Device> copy_of(Device& device) {
  auto twin = std::make_unique<Device>();
  twin->name = device.name + "'s copy";
  twin->home = device.home;
  twin->world = std::make_unique<FakeEnv>(77);
  twin->world->files = *device.world->files.copy();
  twin->world->keys.take_from(device.world->keys);
  platform::Env env = twin->world->env();
  twin->vault = need(vault::Vault::open(env, twin->home, typed(Fleet::kPassphrase)));
  twin->handed_over = device.handed_over;
  return twin;
}

/// Amina's vault is copied when Ben has all that she wrote.
struct Town {
  Fleet fleet;
  Device& amina = fleet.add("Amina", membership::Role::admin);
  Device& ben = fleet.add("Ben");
  RecordId case_id = put_case(amina, "W-1");
  RecordId person = put(amina, case_id, "person", {{"forename", Text{"Zoe"}}, {"address", Text{"1 High Street"}}});
  std::unique_ptr<Device> copy;

  Town() {
    fleet.reconcile();
    for (const auto& row : Fleet::news(amina)) answer(amina, row);
    copy = copy_of(amina);
  }
  /// The office has it.
  static void answer(Device& device, const Parcel& parcel) {
    auto writing = need(device->begin());
    need(device->store().clear_outgoing(writing.transaction(), need(ledger::parse_envelope(parcel.envelope)).id));
    need(std::move(writing).commit());
  }
  void all_hold(const std::vector<Device*>& devices) {
    for (Device* each : devices) {
      INFO(each->name);
      CHECK(digest(*each) == digest(ben));
      CHECK(faults(*each).empty());
      CHECK(count(*each, "SELECT count(*) FROM pending") == 0);
      CHECK(count(*each, "SELECT count(*) FROM quarantine") == 0);
    }
  }
};

}  // namespace

TEST_CASE("two copies of a vault go on; whoever hears of the other writes its own work anew, and nobody misses any of both") {
  Town town;
  Device& copy = *town.copy;
  edit(town.amina, town.person, "phone", Text{"0116 1"});
  edit(town.amina, town.person, "address", Text{"of the first"});
  edit(copy, town.person, "address", Text{"of the copy, wrong"});
  edit(copy, town.person, "address", Text{"of the copy"});
  const RecordId note = put(copy, town.case_id, "note", {{"at", Instant{1}}, {"kind", Code{"phone call"}}, {"text", Text{"n"}}});

  const std::vector<Parcel> of_first = Fleet::news(town.amina);
  CHECK(Fleet::give(town.ben, of_first).applied == 2);
  const vault::Ingested heard = Fleet::give(copy, of_first);
  CHECK(heard.quarantined == 2);
  REQUIRE(need(vault::twin_noted(*copy)));
  const IncarnationId before = copy->identity().incarnation;
  need(vault::begin_incarnation(*copy, Copy::twin));
  CHECK(copy->identity().incarnation != before);
  CHECK_FALSE(need(vault::twin_noted(*copy)));
  CHECK(need(vault::last_copy(*copy)).written_anew == 3);
  // Its own screen is as it was, with what the other wrote beside it.
  CHECK(texts(copy, town.person, "address") == Texts{"of the copy", "of the first"});
  CHECK(texts(copy, town.person, "phone") == Texts{"0116 1"});

  std::vector<Parcel> of_copy = Fleet::news(copy);
  std::erase_if(of_copy, [&](const Parcel& each) {
    return need(ledger::parse_envelope(each.envelope)).header.incarnation != copy->identity().incarnation;
  });
  REQUIRE(of_copy.size() == 3);
  CHECK(Fleet::give(town.ben, of_copy).applied == 3);
  CHECK(Fleet::give(town.amina, of_copy).applied == 3);
  CHECK(texts(town.ben, town.person, "address") == Texts{"of the copy", "of the first"});
  CHECK(values(town.ben, note, "text").size() == 1);
  town.all_hold({&town.amina, &copy, &town.ben});
  // The first has nothing to write anew, but its owner is told that another copy writes.
  CHECK_FALSE(need(vault::twin_noted(*town.amina)));
  CHECK(need(vault::last_copy(*town.amina)).how == Copy::elsewhere);
  CHECK(need(vault::copies_by_device(*town.ben)).at(copy->identity().device) == 2);
  CHECK(need(vault::copies_by_device(*town.ben)).size() == 1);

  // Both go on, and a colleague decides.
  edit(town.amina, town.person, "email", Text{"a@example.org"});
  edit(copy, town.person, "postcode", Text{"LE1 1AA"});
  for (Device* from : {&town.amina, &copy}) {
    const auto all = Fleet::all_of(*from);
    for (Device* to : {&town.amina, &copy, &town.ben}) {
      if (to != from) Fleet::give(*to, all);
    }
  }
  town.all_hold({&town.amina, &copy, &town.ben});
  CHECK(values(town.ben, town.person, "email").size() + values(town.ben, town.person, "postcode").size() == 2);
}

TEST_CASE("what the office turns out to have in its first writing too is there once, and as it was") {
  Town town;
  Device& copy = *town.copy;
  edit(copy, town.person, "address", Text{"2 Low Road"});
  edit(copy, town.person, "phone", Text{"0116 2"});
  const std::vector<Parcel> first_writing = Fleet::news(copy);
  const Digest before = digest(copy);
  need(vault::begin_incarnation(*copy, Copy::twin));
  CHECK(digest(copy) == before);
  CHECK(faults(copy).empty());
  const std::vector<Parcel> again = Fleet::news(copy);
  REQUIRE(again.size() == 2);
  Fleet::give(town.ben, again);
  Fleet::give(town.ben, first_writing);
  CHECK(digest(town.ben) == before);
  CHECK(faults(town.ben).empty());
  // The second first: what it builds on stands anew already.
  CHECK(Fleet::give(copy, first_writing[1]) == Outcome::applied);
  CHECK(faults(copy).empty());
  CHECK(Fleet::give(copy, first_writing[0]) == Outcome::applied);
  CHECK(Fleet::give(copy, first_writing[0]) == Outcome::known);
  CHECK(digest(copy) == before);
  CHECK(faults(copy).empty());
  town.fleet.reopen(town.amina);
  Fleet::give(town.amina, first_writing);
  CHECK(digest(town.amina) == before);
}

TEST_CASE("a new case, its compartments and keys are written anew whole, and a colleague who never saw the first reads them") {
  Town town;
  Device& copy = *town.copy;
  const RecordId other = put_case(copy, "W-2");
  const RecordId feared = put(copy, other, "perpetrator", {{"forename", Text{"K"}}});
  need(vault::begin_incarnation(*copy, Copy::twin));
  CHECK(faults(copy).empty());
  for (const Parcel& parcel : Fleet::all_of(copy)) Fleet::give(town.ben, parcel);
  CHECK(texts(town.ben, feared, "forename") == Texts{"K"});
  CHECK(digest(town.ben) == digest(copy));
  edit(town.ben, feared, "forename", Text{"Kay"});
  Fleet::give(copy, Fleet::news(town.ben));
  CHECK(texts(copy, feared, "forename") == Texts{"Kay"});
}

TEST_CASE("a new incarnation is all there or not at all, whatever the disk does") {
  for (std::uint64_t operation = 0;; ++operation) {
    Town town;
    Device& copy = *town.copy;
    edit(copy, town.person, "address", Text{"2 Low Road"});
    const Digest before = digest(copy);
    const IncarnationId first = copy->identity().incarnation;
    copy.world->files.fail_at(operation, Errc::io, true);
    const bool done = vault::begin_incarnation(*copy, Copy::twin).has_value();
    INFO("operation " << operation);
    if (!done) CHECK(copy->identity().incarnation == first);
    copy.world->files.kill_process();
    copy.vault.reset();
    platform::Env env = copy.world->env();
    copy.vault = need(vault::Vault::open(env, copy.home, typed(Fleet::kPassphrase)));
    CHECK(digest(copy) == before);
    CHECK(faults(copy).empty());
    CHECK(need(copy->store().outgoing_count()) == 1);
    if (done) {
      CHECK(copy->identity().incarnation != first);
      break;
    }
  }
}

TEST_CASE("an older store put back goes on under a new name, is told, and takes back what others have") {
  Town town;
  const auto before = town.amina.world->files.contents();
  const Bytes old_store = before.at((town.amina.home / "store.db").string());
  town.fleet.reopen(town.amina);
  const auto closed = [&] {
    town.amina.vault.reset();
    return town.amina.world->files.contents().at((town.amina.home / "store.db").string());
  }();
  town.fleet.reopen(town.amina);
  edit(town.amina, town.person, "address", Text{"written and sent"});
  const std::vector<Parcel> sent = Fleet::news(town.amina);
  Fleet::give(town.ben, sent);
  const IncarnationId first = town.amina->identity().incarnation;
  town.amina.vault.reset();
  town.amina.world->files.tamper(town.amina.home / "store.db", closed);

  town.fleet.reopen(town.amina);
  const IncarnationId second = town.amina->identity().incarnation;
  CHECK(second != first);
  CHECK(need(vault::last_copy(*town.amina)).how == Copy::put_back);
  CHECK(need(vault::untold_copy(*town.amina)).how == Copy::put_back);
  CHECK(town.amina->check_anchor());
  const auto verified = need(vault::verify(*town.amina, {}));
  CHECK(verified.faults.empty());
  CHECK(verified.notes.size() == 1);
  edit(town.amina, town.person, "phone", Text{"0116 3"});
  town.fleet.reopen(town.amina);
  CHECK(town.amina->identity().incarnation == second);   // noticed once
  Fleet::give(town.amina, sent);
  CHECK_FALSE(need(vault::twin_noted(*town.amina)));     // its own past
  Fleet::give(town.ben, Fleet::all_of(town.amina));
  town.all_hold({&town.amina, &town.ben});
  CHECK(texts(town.ben, town.person, "phone") == Texts{"0116 3"});
}
