#include "core/vault/carrying.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "core/search/search.h"
#include "core/vault/erasure.h"
#include "core/vault/save.h"
#include "tests/support/fleet.h"

using namespace wayside;
using support::Fleet;
using support::need;

namespace {

constexpr std::string_view kCanary = "zanzibarheron";

struct Team {
  Fleet fleet{23};
  support::Device& amina = fleet.add("Amina");
  support::Device& ben = fleet.add("Ben");
  RecordId case_id = support::put_case(amina, "B-7");
  RecordId note = support::put(amina, case_id, "person", {{"forename", Text{std::string(kCanary)}}});
  RecordId other = support::put_case(amina, "C-8");
  Team() {
    fleet.append(membership::OfficeKey{Digest{}, crypto::sign_public(fleet.root_seed()), "127.0.0.1:1"});
    fleet.share_membership();
    fleet.reconcile();
    sent(amina);
    sent(ben);
  }

  /// As if the office had answered for all of it.
  static void sent(support::Device& device) {
    std::vector<EnvelopeId> all;
    need(device->store().each_outgoing([&](const ledger::EnvelopeRow& row) -> Result<void> {
      all.push_back(row.id);
      return {};
    }));
    auto writing = need(device->begin());
    for (const EnvelopeId& id : all) need(device->store().clear_outgoing(writing.transaction(), id));
    need(std::move(writing).commit());
  }
  Result<void> put_down(support::Device& device) {
    auto drafts = need(vault::Drafts::open(*device));
    auto writing = need(device->begin());
    WAYSIDE_OK(vault::put_down(*device, writing, case_id, drafts));
    WAYSIDE_OK(std::move(writing).commit());
    return vault::finish_erasures(*device, &drafts);
  }
  void take_up(support::Device& device) {
    auto writing = need(device->begin());
    need(vault::take_up(*device, writing, case_id.view()));
    need(std::move(writing).commit());
  }
  bool has_case(support::Device& device) { return need(device->store().has_record(case_id)); }
};

std::size_t found(support::Device& device) { return need(search::find(*device, {std::string(kCanary), {}, 50})).size(); }

}  // namespace

TEST_CASE("a case that was put down leaves nothing on the device but ids") {
  Team it;
  CHECK(found(it.ben) == 1);
  const auto records = support::count(it.ben, "SELECT count(*) FROM records");
  need(it.put_down(it.ben));
  CHECK_FALSE(it.has_case(it.ben));
  CHECK(found(it.ben) == 0);
  CHECK(support::count(it.ben, "SELECT count(*) FROM records") == records - 2);
  CHECK(support::count(it.ben, "SELECT count(*) FROM ledgers WHERE kind < -100 AND keys != x''") == 0);
  CHECK(need(vault::put_down_ledgers(*it.ben)).size() == 1);
  const auto list = need(vault::cases_elsewhere(*it.ben));
  REQUIRE(list.size() == 1);
  CHECK(list.front().case_id == it.case_id);
  CHECK_FALSE(list.front().withdrawn);
  CHECK(support::faults(it.ben).empty());
  it.fleet.reopen(it.ben);
  CHECK(support::faults(it.ben).empty());
  CHECK_THROWS(support::put(it.ben, it.case_id, "person", {{"forename", Text{"no ledger of its own is begun for it"}}}));
}

TEST_CASE("what comes of a case that was put down is left at the office; taken up, all of it comes back") {
  Team it;
  const auto whole = support::digest(it.amina);
  need(it.put_down(it.ben));
  support::edit(it.amina, it.case_id, "reference", Text{"B-7 moved on"});
  Fleet::give(it.ben, Fleet::all_of(it.amina));
  CHECK_FALSE(it.has_case(it.ben));
  CHECK(support::count(it.ben, "SELECT count(*) FROM pending") == 0);

  it.take_up(it.ben);
  const auto parcels = Fleet::all_of(it.amina);
  Fleet::give(it.ben, parcels[0]);
  CHECK_THROWS(support::edit(it.ben, it.case_id, "reference", Text{"too early"}));
  Fleet::give(it.ben, parcels);
  CHECK(need(vault::settle_carried(*it.ben)));
  CHECK(support::digest(it.ben) == support::digest(it.amina));
  CHECK(support::digest(it.ben) != whole);
  CHECK(found(it.ben) == 1);
  CHECK(support::faults(it.ben).empty());
  support::edit(it.ben, it.case_id, "reference", Text{"B-7 here too"});
  it.fleet.reconcile();
  CHECK(it.fleet.converged());
}

TEST_CASE("one's own work comes back with its places, so that the next save follows it") {
  Team it;
  need(it.put_down(it.amina));
  CHECK_FALSE(it.has_case(it.amina));
  it.take_up(it.amina);
  Fleet::give(it.amina, Fleet::all_of(it.ben));
  need(vault::settle_carried(*it.amina));
  support::edit(it.amina, it.case_id, "reference", Text{"B-7 again"});
  it.fleet.reconcile();
  CHECK(support::texts(it.ben, it.case_id, "reference") == support::Texts{"B-7 again"});
  CHECK(need(vault::undecided(*it.ben)) == 0);
  CHECK(support::faults(it.amina).empty());
}

TEST_CASE("nothing is put down that the office may not have, or that is not saved") {
  Team it;
  CHECK(need(vault::has_unsent(*it.amina, support::ledger_of_record(it.amina, it.case_id))) == false);
  support::edit(it.amina, it.case_id, "reference", Text{"on this device alone"});
  CHECK(support::code_of(it.put_down(it.amina)) == Errc::usage);
  CHECK(it.has_case(it.amina));
  Team::sent(it.amina);
  {
    auto drafts = need(vault::Drafts::open(*it.amina));
    vault::Draft draft;
    draft.form = vault::FormId::random(it.amina->env().random);
    draft.record = it.note;
    draft.case_id = it.case_id;
    draft.type = "person";
    need(drafts.keep(draft));
  }
  CHECK(support::code_of(it.put_down(it.amina)) == Errc::usage);
  {
    auto drafts = need(vault::Drafts::open(*it.amina));
    need(drafts.forget({it.case_id}));
  }
  need(it.put_down(it.amina));
  CHECK(support::code_of(it.put_down(it.amina)) == Errc::usage);
}

TEST_CASE("compartments go with their case, one too that a colleague made later") {
  Team it;
  support::put(it.amina, it.case_id, "perpetrator", {{"forename", Text{"R"}}});
  it.fleet.reconcile();
  Team::sent(it.amina);
  need(it.put_down(it.ben));
  CHECK(need(vault::put_down_ledgers(*it.ben)).size() == 2);
  CHECK(support::faults(it.ben).empty());
  it.take_up(it.ben);
  Fleet::give(it.ben, Fleet::all_of(it.amina));
  need(vault::settle_carried(*it.ben));
  CHECK(it.fleet.converged());

  const auto second = support::put_case(it.ben, "D-9");
  it.fleet.reconcile();
  Team::sent(it.ben);
  Team::sent(it.amina);
  it.case_id = second;
  need(it.put_down(it.ben));
  support::put(it.amina, second, "perpetrator", {{"forename", Text{"S"}}});
  Fleet::give(it.ben, Fleet::all_of(it.amina));
  CHECK(need(vault::settle_carried(*it.ben)));
  CHECK(need(vault::put_down_ledgers(*it.ben)).size() == 2);
  CHECK(support::faults(it.ben).empty());
}

TEST_CASE("power lost at any operation of putting down leaves the case here or away, and the rest unharmed either way") {
  std::uint64_t points = 0;
  for (std::uint64_t n = 0;; n += 1 + n / 8) {
    Team it;
    need(search::catch_up_all(*it.ben));
    const auto from = it.ben.world->files.counts().operations;
    it.ben.world->files.power_off_at(from + n);
    (void)it.put_down(it.ben);
    const bool reached = it.ben.world->files.counts().operations > from + n;
    it.ben.vault.reset();
    it.ben.world->files.crash(n);
    INFO("operation " << n);
    it.fleet.reopen(it.ben);
    need(vault::finish_erasures(*it.ben, nullptr));
    CHECK(it.has_case(it.ben) == need(vault::put_down_ledgers(*it.ben)).empty());
    CHECK(found(it.ben) == (it.has_case(it.ben) ? 1 : 0));
    CHECK(need(it.ben->store().has_record(it.other)));
    CHECK(support::faults(it.ben).empty());
    if (!reached) break;
    ++points;
  }
  CHECK(points > 10);
}
