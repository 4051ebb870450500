#include "ui/models/review.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/sample_snapshots.h"

using wayside::models::Commands;
using wayside::models::ReviewModel;
using Choice = ReviewModel::Choice;
namespace pb = wayside::app::pb;
using namespace wayside::support;

namespace {

ReviewModel opened(const pb::Snapshot& snapshot = sample_review()) {
  ReviewModel model;
  model.take(snapshot.reviews());
  return model;
}

}  // namespace

TEST_CASE("nothing is chosen beforehand, and the button decides nothing without a choice and a reason") {
  ReviewModel model = opened();
  Commands out;
  CHECK(model.choice() == Choice::none);
  CHECK(model.button_label() == "Decide");
  CHECK_FALSE(model.decide(out));
  CHECK(model.choice_complaint() == "Choose one first");
  CHECK(model.reason_complaint() == "Write a reason before you decide");
  model.keep(model.detail().values(0), 0);
  CHECK(model.choice_complaint().empty());
  model.reason().insert("  ");
  CHECK_FALSE(model.decide(out));
  CHECK(out.take().empty());
}

TEST_CASE("the button names the choice") {
  ReviewModel model = opened();
  model.keep(model.detail().values(0), 0);
  CHECK(model.button_label() == "Use 9 Orchard Way");
  model.keep(model.detail().values(1), 0);
  CHECK(model.button_label() == "Use Flat 2, 14 Mill Lane");
  model.keep_both(0);
  CHECK(model.button_label() == "Keep both");
  model.write_another(0);
  CHECK(model.button_label() == "Use what you wrote");
}

TEST_CASE("a long value is named by its first words") {
  CHECK(wayside::models::short_value("Text the code word only. Not after 15:30.") == "Text the code word only. Not…");
  CHECK(wayside::models::short_value("two\nlines") == "two");
  CHECK(wayside::models::short_value("Thisisonewordwithoutanyspacesinit") == "Thisisonewordwithoutanyspace…");
}

TEST_CASE("a decision carries the dot that was kept and the reason") {
  ReviewModel model = opened();
  Commands out;
  model.keep(model.detail().values(0), 0);
  model.reason().insert(" Her sister said so. ");
  CHECK(model.decide(out));
  const auto sent = out.take();
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].has_keep_decision());  // should deciding fail, nothing is lost
  CHECK(sent[1].decide().choice() == pb::Decide::keep_one);
  CHECK(sent[1].decide().dot() == "b");
  CHECK(sent[1].decide().reason() == "Her sister said so.");
}

TEST_CASE("writing another needs the other to be written") {
  ReviewModel model = opened();
  Commands out;
  model.write_another(0);
  model.reason().insert("She moved.");
  CHECK_FALSE(model.decide(out));
  CHECK(model.choice_complaint() == "Write what is right");
  model.another().insert("12 Castle Street");
  CHECK(model.decide(out));
  CHECK(out.take().at(1).decide().text() == "12 Castle Street");
}

TEST_CASE("a choice is forgotten when its value is no longer there, and kept through other news") {
  ReviewModel model = opened();
  model.keep(model.detail().values(0), 0);
  model.reason().insert("because");
  model.take(sample_review().reviews());
  CHECK(model.choice() == Choice::keep_one);
  CHECK(model.reason().text() == "because");
  pb::Snapshot changed = sample_review();
  changed.mutable_reviews()->mutable_detail()->mutable_values(0)->set_dot("z");
  model.take(changed.reviews());
  CHECK(model.choice() == Choice::none);
}

TEST_CASE("another review starts with nothing chosen and nothing written") {
  ReviewModel model = opened();
  model.keep(model.detail().values(0), 0);
  model.reason().insert("because");
  pb::Snapshot other = sample_review();
  other.mutable_reviews()->mutable_detail()->set_review_id("other");
  model.take(other.reviews());
  CHECK(model.choice() == Choice::none);
  CHECK(model.reason().empty());
}

TEST_CASE("the first review is asked for once, and deciding later goes round") {
  ReviewModel model = opened(sample_open());
  Commands out;
  model.open_first(out);
  model.open_first(out);
  CHECK(out.take().size() == 1);
  model.take(sample_review().reviews());
  model.open_next(out);
  CHECK(out.take().at(0).open_review().review_id() == sample_review().reviews().rows(1).review_id());
}

TEST_CASE("what stands in a review is sent as a draft, 300 ms after the last key") {
  ReviewModel model = opened();
  Commands out;
  model.keep(model.detail().values(0), 1000);
  model.reason().insert("Her sister ");
  model.typed(1100);
  CHECK(model.draft_due_ms() == 1400);
  model.keep_draft(1399, false, out);
  CHECK(out.take().empty());
  model.keep_draft(1400, false, out);
  const auto sent = out.take();
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].keep_decision().review_id() == model.detail().review_id());
  CHECK(sent[0].keep_decision().dot() == "b");
  CHECK(sent[0].keep_decision().reason() == "Her sister ");
  CHECK_FALSE(model.draft_due_ms().has_value());
}

TEST_CASE("the last words go before another review is asked for, and before a decision") {
  ReviewModel model = opened();
  Commands out;
  model.reason().insert("Her sister");
  model.typed(0);
  model.open_next(out);
  auto sent = out.take();
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].keep_decision().reason() == "Her sister");
  CHECK(sent[1].has_open_review());
  model.keep_both(10);
  CHECK(model.decide(out));
  sent = out.take();
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].has_keep_decision());
  CHECK(sent[1].has_decide());
}

TEST_CASE("a review that begins from a draft shows what was chosen and typed, and says so") {
  pb::Snapshot kept = sample_review();
  auto& detail = *kept.mutable_reviews()->mutable_detail();
  detail.mutable_draft()->set_choice(pb::Decide::write_another);
  detail.mutable_draft()->set_text("12 Castle Street");
  detail.mutable_draft()->set_reason("She mo");
  detail.set_draft_kept("08:47");
  ReviewModel model = opened(kept);
  CHECK(model.choice() == Choice::write_another);
  CHECK(model.another().text() == "12 Castle Street");
  CHECK(model.reason().text() == "She mo");
  CHECK(model.draft_line() == "Draft kept 08:47");
  CHECK_FALSE(model.draft_due_ms().has_value());
  // News of the same review leaves the boxes alone.
  model.reason().insert("ved");
  model.typed(0);
  model.take(kept.reviews());
  CHECK(model.reason().text() == "She moved");
}

TEST_CASE("a review that was written in and emptied again keeps an empty draft") {
  ReviewModel model = opened();
  Commands out;
  model.reason().insert("x");
  model.typed(0);
  model.reason().clear();
  model.typed(10);
  model.keep_draft(0, true, out);
  const auto sent = out.take();
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].keep_decision().reason().empty());
  CHECK(model.draft_line().empty());
}
