#include "core/vault/restricting.h"
#include "tests/sync/enrol/stick_journey.h"

using namespace wayside;
using namespace wayside::support;

namespace {

/// Leaves a case that names its own readers to these as well, with no line.
void name_too(Apart& on, const RecordId& case_id, const UserId& user) {
  const auto ledger = need(on.vault->store().ledger_anywhere(ledger::LedgerKind::case_ledger, case_id.view()));
  auto users = need(vault::circle_of(*on.vault, *ledger));
  users.push_back(user);
  auto writing = need(on.vault->begin());
  need(vault::name_more(*on.vault, writing, *ledger, users, "she stands in"));
  need(std::move(writing).commit());
}

}  // namespace

TEST_CASE("what a colleague wrote before he heard of whom else a case was left to is granted to her with the letter that answers his") {
  Journey world;
  Apart cara{world.office, 9, world.invited_by_amina("Cara")};
  const auto round = [&] {
    for (Apart* each : {&world.amina, &world.ben, &cara}) need(each->sync(world.stick));
    world.visit(world.stick);
  };
  round();
  const RecordId case_id = Journey::new_case(world.amina, "W-1", {world.ben.vault->identity().user});
  round();
  round();
  // A compartment, granted to whom he knows of.
  const RecordId perpetrator = Journey::put(world.ben, "perpetrator", {{"forename", Text{"Him"}}}, case_id);
  name_too(world.amina, case_id, cara.vault->identity().user);
  round();
  CHECK(need(cara.sync(world.stick)).applied_change_sets > 0);
  CHECK(need(casework::get(*cara.vault, case_id)).text("reference") == "W-1");
  CHECK_FALSE(casework::get(*cara.vault, perpetrator));

  need(world.amina.sync(world.stick));   // takes his letter's work, and writes hers
  world.visit(world.stick);
  need(cara.sync(world.stick));
  CHECK(need(casework::get(*cara.vault, perpetrator)).text("forename") == "Him");
}
