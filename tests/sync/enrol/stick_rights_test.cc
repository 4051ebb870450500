#include "core/vault/restricting.h"
#include "sync/enrol/taking_away.h"
#include "sync/reconcile/parts.h"
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

void remove_ben(Journey& world) {
  const auto line = world.office.line(world.amina.vault->keys().courier_seed);
  need(enrol::remove_device(*world.amina.vault, world.ben.vault->identity().device, "left", *line));
}

std::uint64_t written_by(Apart& on) {
  store::Query count = on.vault->store().database().query("SELECT count(*) FROM envelopes WHERE own");
  need(count.next());
  return static_cast<std::uint64_t>(count.integer(0));
}

std::uint64_t kept_apart(const Journey& world) { return need(world.office.store->figures()).quarantined; }

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

TEST_CASE("a device that is removed while it asks what an office has lost gives that office its own work again, with its next letter") {
  Journey world;
  const auto before = world.office.disk();
  Journey::new_case(world.ben, "W-1");
  need(world.ben.sync(world.stick));
  REQUIRE(world.visit(world.stick).envelopes == written_by(world.ben));
  need(world.ben.sync(world.stick));
  world.office.put_back(before);
  for (const char* reference : {"W-2", "W-3", "W-4"}) Journey::new_case(world.amina, reference);
  need(world.amina.sync(world.stick));   // it has come further than when it knew of Ben's case
  world.visit(world.stick);
  need(world.ben.sync(world.stick));
  REQUIRE(need(reconcile::doubt_of(*world.ben.vault)) == reconcile::Doubt::asking);
  remove_ben(world);
  CHECK(world.visit(world.stick).refused > 0);
  REQUIRE(kept_apart(world) == 0);

  CHECK(code_of(world.ben.sync(world.stick)) == Errc::refused);
  world.visit(world.stick);
  CHECK(kept_apart(world) == written_by(world.ben));

  // What lies there is not sent for ever.
  for (int journeys = 0; journeys < 2; ++journeys) {
    CHECK(code_of(world.ben.sync(world.stick)) == Errc::refused);
    CHECK(world.visit(world.stick).questions == 1);   // what is new
  }
}

TEST_CASE("a removed device's late work goes again, to an office that lost it, with whatever builds on it") {
  Journey world;
  Journey::new_case(world.ben, "W-1");
  need(world.ben.sync(world.stick));
  remove_ben(world);
  const auto before = world.office.disk();
  world.visit(world.stick);
  REQUIRE(kept_apart(world) == written_by(world.ben));
  CHECK(code_of(world.ben.sync(world.stick)) == Errc::refused);
  world.office.put_back(before);

  // Nothing tells the device.
  world.visit(world.stick);
  CHECK(code_of(world.ben.sync(world.stick)) == Errc::refused);
  world.visit(world.stick);
  CHECK(kept_apart(world) == 0);

  Journey::new_case(world.ben, "W-2");
  CHECK(code_of(world.ben.sync(world.stick)) == Errc::refused);
  world.visit(world.stick);
  CHECK(kept_apart(world) == written_by(world.ben));
}
