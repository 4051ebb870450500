#include "ui/models/reconcile.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/sample_snapshots.h"

using wayside::models::Commands;
using wayside::models::ReconcileModel;
using StepState = ReconcileModel::StepState;
namespace pb = wayside::app::pb;
using namespace wayside::support;

namespace {

ReconcileModel showing(const pb::Snapshot& snapshot) {
  ReconcileModel model;
  model.take(snapshot);
  return model;
}

}  // namespace

TEST_CASE("work under way shows its sentence, its share and what is left") {
  const ReconcileModel model = showing(sample_reconcile_running());
  CHECK(model.running());
  CHECK(model.headline() == "Sending your changes, 31 of 47");
  CHECK(*model.share() > 0.65f);
  CHECK(*model.share() < 0.67f);
  CHECK(model.time_left() == "about 2 minutes");
  const auto steps = model.steps();
  CHECK(steps[0].state == StepState::done);
  CHECK(steps[0].label == "Reached the office");
  CHECK(steps[1].state == StepState::now);
  CHECK(steps[1].right == "16 left");
  CHECK(steps[2].state == StepState::next);
}

TEST_CASE("no time is promised before a second was measured, nor while the size is unknown") {
  pb::Snapshot early = sample_reconcile_running();
  early.mutable_reconcile()->set_started_ms(early.now_ms() - 999);
  CHECK(showing(early).time_left().empty());
  pb::Snapshot unknown = sample_reconcile_running();
  unknown.mutable_reconcile()->set_total_units(0);
  CHECK(showing(unknown).time_left().empty());
  CHECK_FALSE(showing(unknown).share().has_value());
}

TEST_CASE("the button does what it says") {
  Commands out;
  const ReconcileModel running = showing(sample_reconcile_running());
  CHECK(running.button_label() == "Pause");
  running.press(out);
  CHECK(out.take().at(0).has_stop_reconcile());
  const ReconcileModel idle = showing(sample_reconcile_idle());
  CHECK(idle.button_label() == "Reconcile now");
  idle.press(out);
  CHECK(out.take().at(0).has_reconcile());
  CHECK(showing(sample_reconcile_failed()).button_label() == "Try again");
}

TEST_CASE("what waits is said in a sentence") {
  CHECK(showing(sample_reconcile_idle()).headline() == "31 changes are kept here and wait for the office");
  pb::Snapshot one = sample_reconcile_idle();
  one.mutable_reconcile()->set_waiting(1);
  CHECK(showing(one).headline() == "1 change is kept here and waits for the office");
}

TEST_CASE("changes that no colleague holds yet are told below") {
  pb::Snapshot some = sample_reconcile_idle();
  CHECK_FALSE(showing(some).explanation().contains("colleagues"));
  some.mutable_reconcile()->set_unreceipted(1);
  CHECK(showing(some).explanation().ends_with(" 1 change is here and at the office, and not yet with enough colleagues."));
  some.mutable_reconcile()->set_unreceipted(2);
  CHECK(showing(some).explanation().ends_with(" 2 changes are here and at the office, and not yet with enough colleagues."));
}

TEST_CASE("a vault without an office says so") {
  pb::Snapshot solo = sample_reconcile_idle();
  solo.set_office(false);
  CHECK_FALSE(showing(solo).has_office());
  CHECK(showing(solo).headline() == "This casebook has no office");
}

TEST_CASE("a share never passes the whole") {
  pb::Snapshot odd = sample_reconcile_running();
  odd.mutable_reconcile()->set_done_units(60);
  CHECK(showing(odd).share() == 1.0f);
  CHECK(showing(odd).time_left().empty());
}
