#include "ui/models/unlock.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/sample_snapshots.h"

using wayside::models::UnlockModel;
namespace pb = wayside::app::pb;
using namespace wayside::support;

TEST_CASE("after a wrong passphrase the sentence counts down, a second at a time") {
  UnlockModel model;
  model.take(sample_wrong_passphrase(10'000, 4000), 10'000);
  CHECK(model.complaint(10'000) ==
        "That passphrase did not match. Nothing has changed. You can try again in 4 seconds.");
  CHECK_FALSE(model.may_try(10'000));
  CHECK(model.next_change_ms(10'000) == 11'000);
  CHECK(model.complaint(11'000) ==
        "That passphrase did not match. Nothing has changed. You can try again in 3 seconds.");
  CHECK(model.complaint(13'500) ==
        "That passphrase did not match. Nothing has changed. You can try again in 1 second.");
  CHECK(model.complaint(14'000) == "That passphrase did not match. Nothing has changed.");
  CHECK(model.may_try(14'000));
  CHECK_FALSE(model.next_change_ms(14'000).has_value());
}

TEST_CASE("pressing without a passphrase says what is missing, until something is typed") {
  UnlockModel model;
  model.take(sample_locked(), 0);
  model.pressed_without_text();
  CHECK(model.complaint(0) == "Type your passphrase first.");
  model.typed();
  CHECK(model.complaint(0).empty());
}

TEST_CASE("a folder without a vault, a broken one, and one that is open elsewhere each say what to do") {
  UnlockModel model;
  pb::Snapshot snapshot;
  model.take(snapshot, 0);
  CHECK_FALSE(model.can_type());
  CHECK(model.complaint(0).find("There is no casebook") == 0);
  snapshot.set_vault(pb::Snapshot::broken);
  model.take(snapshot, 0);
  CHECK_FALSE(model.can_type());
  CHECK(model.complaint(0).find("cannot be read") != std::string::npos);
  snapshot.set_vault(pb::Snapshot::open_elsewhere);
  model.take(snapshot, 0);
  CHECK(model.can_type());
  CHECK(model.complaint(0).find("open elsewhere") != std::string::npos);
}

TEST_CASE("nothing is said before there is news") { CHECK(UnlockModel().complaint(0).empty()); }
