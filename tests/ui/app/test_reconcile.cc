#include <catch2/catch_test_macros.hpp>

#include "sync/spool/last_run.h"
#include "tests/ui/app/clerk_desk.h"

namespace wayside::app::tests {

TEST_CASE("a reconcile tells its phases, ends with one sentence, and is remembered") {
  AtWork desk;
  desk.priya();
  support::edit(desk.ben, desk.person, "phone", Text{"07700 900416"});
  desk.start();
  CHECK(desk.now().reconcile().last_when() == "never");
  std::set<int> phases;
  desk.watcher.on_news = [&] { phases.insert(desk.now().reconcile().phase()); };
  desk.press_reconcile();
  desk.watcher.on_news = nullptr;
  CHECK(phases.contains(pb::ReconcileState::sending));
  CHECK(phases.contains(pb::ReconcileState::folding));
  const pb::ReconcileState done = desk.now().reconcile();
  CHECK(done.phase() == pb::ReconcileState::done);
  CHECK(done.sentence() == "Everything is with the office. 2 sent, 1 received.");
  CHECK(done.last_when().starts_with("today "));
  desk.restart();
  CHECK(desk.now().reconcile().last_night() == done.sentence());
}

TEST_CASE("cases that a colleague made appear after a reconcile") {
  AtWork desk;
  desk.start();
  const RecordId id = support::put_case(desk.ben, "C-0500");
  support::put(desk.ben, id, "person", {{"forename", Text{"Nadia"}}});
  CHECK(desk.now().caseload().total() == 0);
  desk.press_reconcile();
  CHECK(desk.now().caseload().total() == 1);
  CHECK(desk.now().caseload().rows(0).name() == "Nadia");
  CHECK(desk.search("nad").matching() == 1);
}

TEST_CASE("two values that a reconcile brings are counted in its sentence") {
  AtWork desk;
  desk.priya();
  support::edit(desk.amina, desk.person, "address", Text{"Flat 2, Mill Lane"});
  support::edit(desk.ben, desk.person, "address", Text{"9 Orchard Way"});
  desk.start();
  desk.press_reconcile();
  CHECK(desk.now().reconcile().sentence().ends_with("1 thing needs you."));
}

TEST_CASE("an office that cannot be reached loses nothing, and the sentence counts what waits") {
  AtWork desk;
  desk.priya();
  desk.start();
  const auto waiting = desk.now().reconcile().waiting();
  REQUIRE(waiting > 0);
  desk.office_says = Error{Errc::unreachable, {}};
  desk.press_reconcile();
  const pb::ReconcileState failed = desk.now().reconcile();
  CHECK(failed.phase() == pb::ReconcileState::failed);
  CHECK(failed.waiting() == waiting);
  CHECK(failed.sentence() == "The office cannot be reached. Your " + std::to_string(waiting) +
                                 " changes are kept here. Try again, or carry on.");
  CHECK(failed.last_when() == "never");
}

TEST_CASE("how the night went is told once, at the first unlock after it, and stays beside the last reconcile") {
  AtWork desk;
  desk.priya();
  desk.start();
  platform::Files& files = desk.amina.world->files;
  const spool::Layout layout(reconcile::spool_folder(desk.amina.home));
  support::need(files.make_folders(layout.root));
  const std::int64_t reached_ms = desk.amina.world->clock.wall_ms();
  const auto unlock = [&desk] {
    desk.restart();
    while (desk.clerk->idle_slice()) {}
  };
  support::need(spool::write_last_run(files, layout, {reached_ms, std::nullopt, 3, 2, reached_ms}));
  unlock();
  CHECK(desk.now().notice().text().ends_with(": 3 changes went to the office, and 2 came."));
  CHECK(desk.now().notice().tone() == pb::Notice::information);
  CHECK(desk.now().reconcile().last_when().starts_with("today "));
  unlock();
  CHECK(desk.now().notice().text().empty());
  CHECK(desk.now().reconcile().last_night().ends_with(": 3 changes went to the office, and 2 came."));

  desk.amina.world->clock.advance(86'400'000);
  support::need(spool::write_last_run(files, layout, {desk.amina.world->clock.wall_ms(), Errc::unreachable, 0, 0, reached_ms}));
  unlock();
  const auto waiting = desk.now().reconcile().waiting();
  REQUIRE(waiting > 0);
  CHECK(desk.now().notice().tone() == pb::Notice::attention);
  INFO(desk.now().notice().text());
  CHECK(desk.now().notice().text().ends_with(": the office could not be reached. " + std::to_string(waiting) +
                                             " changes are only on this device."));
}

TEST_CASE("days without the office are told at every unlock, with what is only here") {
  AtWork desk;
  desk.priya();
  desk.start();
  desk.press_reconcile();
  desk.amina.world->clock.advance(5 * std::int64_t{86'400'000});
  for (int i = 0; i < 2; ++i) {
    desk.restart();
    while (desk.clerk->idle_slice()) {}
    CHECK(desk.now().notice().text() == "Last reconciled 5 days ago. 2 changes are only on this device.");
  }
}

TEST_CASE("a wrong office is named with its remedy") {
  AtWork desk;
  desk.start();
  desk.office_says = Error{Errc::wrong_office, {}};
  desk.press_reconcile();
  CHECK(desk.now().reconcile().sentence().starts_with("What answers there is not your office."));
}

TEST_CASE("a reconcile stops when it is asked to") {
  AtWork desk;
  desk.priya();
  desk.start();
  desk.watcher.on_go_on = [] { return false; };
  desk.press_reconcile();
  CHECK(desk.now().reconcile().phase() == pb::ReconcileState::stopped);
  CHECK(desk.now().reconcile().last_when() == "never");
}

TEST_CASE("a draft handed over in the middle of a reconcile is durable before it ends") {
  AtWork desk;
  const RecordId id = desk.priya();
  desk.start();
  desk.open_case(id);
  const pb::Form form = desk.form();
  bool kept = false;
  desk.meanwhile = [&] {
    pb::Command typed;
    typed.mutable_keep_draft()->set_form_id(form.form_id());
    AtWork::type(form, {{"address", {"9 Orchard Way"}}}, *typed.mutable_keep_draft()->mutable_fields());
    desk.clerk->keep_typed(typed);
    kept = desk.form().draft_kept().size() == 5;
    // The power fails now: what was kept is there.
    auto disk = desk.amina.world->files.copy();
    CHECK(disk->contents().at("/Amina/drafts").size() > 100);
  };
  desk.press_reconcile();
  CHECK(kept);
  desk.save(form, {{"address", {"9 Orchard Way"}}});
  CHECK(desk.form().notice().text().empty());
  CHECK(AtWork::field(desk.form(), "address").items(0) == "9 Orchard Way");
}

TEST_CASE("a vault without an office has nothing to reconcile") {
  Fleet alone(9);   // outlives the clerk that works on its machine
  Device& solo = alone.add("Solo", membership::Role::admin);
  AtWork desk;
  desk.setup.home = solo.home;
  solo.vault.reset();
  desk.clerk = std::make_unique<Clerk>(solo.world->env(), desk.setup, desk.watcher);
  desk.clerk->unlock(support::typed(Fleet::kPassphrase));
  CHECK_FALSE(desk.now().office());
  desk.press_reconcile();
  CHECK(desk.now().reconcile().phase() == pb::ReconcileState::idle);
}

}  // namespace wayside::app::tests
