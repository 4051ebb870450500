#include "core/vault/assigning.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "core/vault/carry_mode.h"
#include "core/vault/carrying.h"
#include "core/schema/schema.h"
#include "tests/support/fleet.h"

using namespace wayside;
using support::Fleet;
using support::need;

namespace {

UserId user_of(support::Device& device) { return device->identity().user; }

struct Team {
  Fleet fleet{41};
  support::Device& amina = fleet.add("Amina");
  support::Device& ben = fleet.add("Ben");
  RecordId case_id = support::put_case(amina, "B-7");
  LedgerId ledger = support::ledger_of_record(amina, case_id).id;
  Team() {
    fleet.append(membership::OfficeKey{Digest{}, crypto::sign_public(fleet.root_seed()), "127.0.0.1:1"});
    fleet.share_membership();
    fleet.reconcile();
  }

  bool assign(support::Device& by, support::Device& to, const RecordId& of_case) {
    return change(by, [&](auto& writing) { return vault::assign(*by, writing, of_case, user_of(to), "near her"); });
  }
  bool unassign(support::Device& by, support::Device& from) {
    return change(by, [&](auto& writing) { return vault::unassign(*by, writing, case_id, user_of(from), "on leave"); });
  }
  template <class Do>
  static bool change(support::Device& by, Do act) {
    auto writing = need(by->begin());
    const bool changed = need(act(writing));
    need(std::move(writing).commit());
    return changed;
  }
  std::vector<std::string> workers(support::Device& device) {
    std::vector<std::string> out;
    for (const vault::Assignment& each : need(vault::assignments(*device))) {
      for (const UserId& user : each.workers) out.push_back(device->user_name(user));
    }
    std::ranges::sort(out);
    return out;
  }
  static void set_mode(support::Device& device, vault::CarryMode mode) {
    auto writing = need(device->begin());
    need(vault::set_carry_mode(*device, writing, mode));
    need(std::move(writing).commit());
  }
  bool wants(support::Device& device, const LedgerId& which) { return need(vault::wanted_cases(*device)).contains(which); }
  static void choose(support::Device& device, const LedgerId& which, vault::Choice choice) {
    auto writing = need(device->begin());
    need(vault::note_choice(*device, writing, which, choice));
    need(std::move(writing).commit());
  }
  static void settle(support::Device& device) {
    need(vault::settle_assigned(*device, need(vault::Drafts::open(*device))));
  }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("two people who assign one case while apart write into one record, and nobody is taken from it unseen") {
  Team it;
  CHECK(it.assign(it.amina, it.amina, it.case_id));
  CHECK(it.assign(it.ben, it.ben, it.case_id));
  CHECK_FALSE(it.assign(it.ben, it.ben, it.case_id));
  it.fleet.reconcile();
  CHECK(it.workers(it.amina) == Names{"Amina", "Ben"});
  CHECK(need(vault::assignments(*it.ben)).size() == 1);
  CHECK(it.fleet.converged());

  // Amina takes Ben's name away as she saw it; he has written it anew meanwhile.
  CHECK(it.unassign(it.ben, it.ben));
  CHECK(it.assign(it.ben, it.ben, it.case_id));
  CHECK(it.unassign(it.amina, it.ben));
  it.fleet.reconcile();
  CHECK(it.workers(it.amina) == Names{"Amina", "Ben"});
  CHECK(it.unassign(it.amina, it.ben));
  CHECK(it.unassign(it.amina, it.amina));
  CHECK_FALSE(it.unassign(it.amina, it.amina));
  it.fleet.reconcile();
  CHECK(it.workers(it.ben).empty());
  CHECK(support::faults(it.amina).empty());
  CHECK(support::faults(it.ben).empty());
}

TEST_CASE("an assignment stands in the team's own ledger, as its record type says") {
  Team it;
  REQUIRE(it.assign(it.amina, it.ben, it.case_id));
  const auto* type = schema::current().type("assignment");
  REQUIRE(type != nullptr);
  const auto& team = it.amina->membership().teams().at(it.fleet.main_team());
  const auto row = need(it.amina->store().ledger(team.entry.ledger));
  const auto records = need(it.amina->store().records_in(row->n));
  REQUIRE(records.size() == 1);
  CHECK(records.front().state.type == type->id);
  for (const auto& field : type->fields) CHECK(records.front().state.field(field.id) != nullptr);
  CHECK_THROWS(support::put(it.amina, std::nullopt, "assignment", {{"of_case", Text{"by hand"}}}));
  CHECK_THROWS(support::edit(it.amina, records.front().id, "workers", Text{"by hand"}));
}

TEST_CASE("a case is assigned to whoever may read it") {
  Team it;
  const TeamId north = it.fleet.add_team("North");
  support::Device& noor = it.fleet.add("Noor", membership::Role::advocate, {north});
  auto writing = need(it.amina->begin());
  CHECK(support::code_of(vault::assign(*it.amina, writing, it.case_id, user_of(noor), "")) == Errc::usage);
  CHECK(support::code_of(vault::assign(*it.amina, writing, RecordId{}, user_of(it.ben), "")) == Errc::not_found);
}

TEST_CASE("a device that carries assigned cases wants those, what it made until somebody is given it, and what it chose") {
  Team it;
  Team::set_mode(it.ben, vault::CarryMode::assigned);
  CHECK_FALSE(it.wants(it.ben, it.ledger));
  const RecordId made = support::put_case(it.ben, "made here");
  const LedgerId of_made = support::ledger_of_record(it.ben, made).id;
  CHECK(it.wants(it.ben, of_made));
  it.fleet.reconcile();
  REQUIRE(it.assign(it.amina, it.ben, it.case_id));
  REQUIRE(it.assign(it.amina, it.amina, made));
  it.fleet.reconcile();
  CHECK(it.wants(it.ben, it.ledger));
  CHECK_FALSE(it.wants(it.ben, of_made));
  Team::choose(it.ben, of_made, vault::Choice::chosen);
  CHECK(it.wants(it.ben, of_made));

  const auto list = need(vault::carry_list(*it.ben));
  CHECK(list.only);
  CHECK(std::ranges::is_sorted(list.ledgers));
  for (const LedgerId& each : {it.ledger, of_made}) CHECK(std::ranges::find(list.ledgers, each) != list.ledgers.end());
}

TEST_CASE("what she declined stays away until it is assigned to her anew") {
  Team it;
  Team::set_mode(it.ben, vault::CarryMode::assigned);
  REQUIRE(it.assign(it.amina, it.ben, it.case_id));
  it.fleet.reconcile();
  Team::choose(it.ben, it.ledger, vault::Choice::declined);
  Team::settle(it.ben);
  CHECK_FALSE(it.wants(it.ben, it.ledger));
  REQUIRE(it.unassign(it.amina, it.ben));
  it.fleet.reconcile();
  Team::settle(it.ben);
  REQUIRE(it.assign(it.amina, it.ben, it.case_id));
  it.fleet.reconcile();
  CHECK(it.wants(it.ben, it.ledger));
}

TEST_CASE("who oversees others carries every case, and who is made a manager does from then on") {
  Team it;
  support::Device& mona = it.fleet.add("Mona", membership::Role::manager);
  {
    auto writing = need(mona->begin());
    CHECK(support::code_of(vault::set_carry_mode(*mona, writing, vault::CarryMode::assigned)) == Errc::not_permitted);
  }

  Team::set_mode(it.ben, vault::CarryMode::assigned);
  CHECK(need(vault::carry_mode(*it.ben)) == vault::CarryMode::assigned);
  it.fleet.append(membership::RoleEntry{user_of(it.ben), membership::Role::manager, std::nullopt, false, {}});
  it.fleet.share_membership();
  CHECK(need(vault::carry_mode(*it.ben)) == vault::CarryMode::all);
  Team::settle(it.ben);
  CHECK_FALSE(need(vault::has_carry_mode(*it.ben)));
}

TEST_CASE("an erased case is nobody's to carry") {
  Team it;
  Team::set_mode(it.ben, vault::CarryMode::assigned);
  REQUIRE(it.assign(it.amina, it.ben, it.case_id));
  it.fleet.reconcile();
  it.fleet.append(membership::Erase{it.ledger, Bytes(64, 'r')});
  it.fleet.share_membership();
  CHECK_FALSE(it.wants(it.ben, it.ledger));
  const auto list = need(vault::carry_list(*it.ben));
  CHECK(std::ranges::find(list.ledgers, it.ledger) == list.ledgers.end());
}
