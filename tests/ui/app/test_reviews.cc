#include <catch2/catch_test_macros.hpp>

#include "tests/ui/app/clerk_desk.h"

namespace wayside::app::tests {
namespace {

/// Amina and Ben have each changed the address while apart; a reconcile has brought both together.
struct TwoAddresses : AtWork {
  TwoAddresses() {
    id = priya();
    ben.world->clock.advance(60'000);
    support::edit(amina, person, "address", Text{"Flat 2, Mill Lane"});
    support::edit(ben, person, "address", Text{"9 Orchard Way"});
    start();
    press_reconcile();
    REQUIRE(now().reviews().open() == 1);
    review = now().reviews().rows(0).review_id();
    open_review(review);
  }
  pb::Review detail() { return now().reviews().detail(); }
  const pb::HeldValue& value(const pb::Review& of, std::string_view text) {
    for (const auto& each : of.values()) {
      if (each.text() == text) return each;
    }
    throw std::logic_error("no such value");
  }
  pb::Decide keep(std::string_view text, const std::string& reason) {
    pb::Decide out;
    out.set_review_id(review);
    out.set_choice(pb::Decide::keep_one);
    const pb::Review shown = detail();
    out.set_dot(value(shown, text).dot());
    out.set_reason(reason);
    return out;
  }
  std::vector<std::string> addresses() {
    open_case(id);
    std::vector<std::string> out;
    const pb::Form shown = form();
    for (const auto& held : field(shown, "address").values()) out.push_back(held.text());
    return out;
  }
  RecordId id;
  std::string review;
};

}  // namespace

TEST_CASE("a review asks its question, says what stood before, and shows both values with author and device") {
  TwoAddresses desk;
  const pb::Snapshot shown = desk.now();
  CHECK(shown.reviews().rows(0).title() == "Address");
  CHECK(shown.reviews().rows(0).second() == "Priya Shah");
  const pb::Review& detail = shown.reviews().detail();
  CHECK(detail.question() == "Which address is right?");
  CHECK(detail.context() == "Priya Shah. Two people changed it while apart. Before: 4 Priory Close.");
  REQUIRE(detail.values_size() == 2);
  CHECK(desk.value(detail, "9 Orchard Way").author() == "Ben");
  CHECK(desk.value(detail, "9 Orchard Way").device() == "Ben");
  CHECK(desk.value(detail, "Flat 2, Mill Lane").author() == "You");
  CHECK(detail.can_write_another());
  CHECK(detail.case_id() == desk.id.str());
}

TEST_CASE("a decision needs a reason; without one nothing is decided") {
  TwoAddresses desk;
  desk.decide(desk.keep("9 Orchard Way", "  "));
  CHECK(desk.detail().notice().text() == "Write a reason before you decide.");
  CHECK(desk.now().reviews().open() == 1);
}

TEST_CASE("one value is kept, the review is gone, and the history tells all of it") {
  TwoAddresses desk;
  desk.decide(desk.keep("9 Orchard Way", "Her sister confirmed it."));
  CHECK(desk.now().reviews().open() == 0);
  CHECK_FALSE(desk.now().reviews().has_detail());
  CHECK(desk.now().notice().text().starts_with("Decided."));
  CHECK(desk.addresses() == std::vector<std::string>{"9 Orchard Way"});
  CHECK(desk.now().caseload().two_values() == 0);
  pb::Command command;
  command.mutable_open_history()->set_record_id(desk.person.str());
  command.mutable_open_history()->set_field(support::field_named("person", "address").id);
  desk.clerk->handle(command);
  const pb::History history = desk.now().history();
  REQUIRE(history.values_size() == 4);
  CHECK(history.values(0).text() == "9 Orchard Way");
  CHECK(history.values(0).reason() == "Her sister confirmed it.");
  CHECK(history.values(3).text() == "4 Priory Close");
}

TEST_CASE("a third value may be written, and must be one") {
  TwoAddresses desk;
  pb::Decide another;
  another.set_review_id(desk.review);
  another.set_choice(pb::Decide::write_another);
  another.set_reason("Both were out of date.");
  desk.decide(another);
  CHECK(desk.detail().notice().text() == "Write what is right.");
  another.set_text("1 Castle Street");
  desk.decide(another);
  CHECK(desk.addresses() == std::vector<std::string>{"1 Castle Street"});
}

TEST_CASE("to keep both leaves the question open and writes nothing") {
  TwoAddresses desk;
  const auto waiting = desk.now().reconcile().waiting();
  pb::Decide both;
  both.set_review_id(desk.review);
  both.set_choice(pb::Decide::keep_both);
  desk.decide(both);
  CHECK(desk.now().reviews().open() == 1);
  CHECK(desk.now().reconcile().waiting() == waiting);
  CHECK(desk.addresses().size() == 2);
}

TEST_CASE("what has come in since the review was opened is never decided away unseen") {
  TwoAddresses desk;
  const pb::Decide keep = desk.keep("Flat 2, Mill Lane", "She said so.");
  support::edit(desk.ben, desk.person, "address", Text{"3 Kiln Terrace"});
  desk.press_reconcile();
  desk.decide(keep);
  CHECK(desk.detail().notice().text() == "Something has come in since you opened this. Look again, then decide.");
  CHECK(desk.addresses().size() == 2);
  CHECK_NOTHROW(desk.value(desk.detail(), "3 Kiln Terrace"));  // now it is on the screen
  desk.decide(desk.keep("3 Kiln Terrace", "Ben was there."));
  CHECK(desk.addresses() == std::vector<std::string>{"3 Kiln Terrace"});
}

TEST_CASE("a form that shows the two values takes the decision, and keeps what else was typed") {
  TwoAddresses desk;
  desk.open_case(desk.id);
  const pb::Form before = desk.form();
  REQUIRE(AtWork::field(before, "address").two_values());
  desk.AtWork::keep(before, {{"town", {"Oadby"}}});
  desk.open_review(desk.review);
  desk.decide(desk.keep("9 Orchard Way", "Her sister confirmed it."));
  const pb::Form after = desk.form();
  CHECK(after.form_id() == before.form_id());
  CHECK(after.saved_count() > before.saved_count());
  CHECK(AtWork::field(after, "address").items(0) == "9 Orchard Way");
  CHECK_FALSE(AtWork::field(after, "address").two_values());
  CHECK_FALSE(after.draft_kept().empty());
  desk.save(after, {{"town", {"Oadby"}}, {"address", {"9 Orchard Way, Oadby"}}});
  CHECK(desk.addresses() == std::vector<std::string>{"9 Orchard Way, Oadby"});
}

TEST_CASE("a protective field says that the careful answer counts meanwhile, and comes first in the queue") {
  AtWork desk;
  desk.priya();
  support::edit(desk.amina, desk.person, "address", Text{"Flat 2, Mill Lane"});
  support::edit(desk.ben, desk.person, "address", Text{"9 Orchard Way"});
  desk.amina.world->clock.advance(5000);
  desk.ben.world->clock.advance(5000);
  support::edit(desk.amina, desk.person, "safe_contact", Code{"OK"});
  support::edit(desk.ben, desk.person, "safe_contact", Code{"NEVER"});
  desk.start();
  desk.press_reconcile();
  REQUIRE(desk.now().reviews().rows_size() == 2);
  CHECK(desk.now().reviews().rows(0).title() == "How contact is safe");
  desk.open_review(desk.now().reviews().rows(0).review_id());
  const pb::Review detail = desk.now().reviews().detail();
  CHECK(detail.values(0).text() == "Never use");
  CHECK(detail.lowering_needs_reason());
  CHECK(detail.context().ends_with("Until somebody decides, the most careful answer counts."));
}

TEST_CASE("a record that was changed after it was put away asks whether it stays there") {
  AtWork desk;
  const RecordId id = desk.priya();
  support::edit(desk.ben, desk.person, "phone", Text{"07700 900416"});
  support::need(casework::archive(*desk.amina, desk.person, false, "Entered twice."));
  desk.start();
  desk.press_reconcile();
  REQUIRE(desk.now().reviews().rows_size() == 1);
  CHECK(desk.now().reviews().rows(0).kind() == pb::ReviewRow::archived_edit);
  desk.open_review(desk.now().reviews().rows(0).review_id());
  const pb::Review detail = desk.now().reviews().detail();
  CHECK(detail.question() == "Should this record stay put away?");
  REQUIRE(detail.values_size() == 2);
  CHECK_FALSE(detail.can_write_another());
  pb::Decide decision;
  decision.set_review_id(detail.review_id());
  decision.set_choice(pb::Decide::keep_one);
  decision.set_dot(detail.values(0).dot());  // bring it back
  decision.set_reason("It was not entered twice.");
  desk.decide(decision);
  CHECK(desk.now().reviews().open() == 0);
  desk.open_case(id);
  CHECK_FALSE(AtWork::field(desk.form(), "phone").read_only());
}

TEST_CASE("a review that somebody else has decided meanwhile says so") {
  TwoAddresses desk;
  desk.decide(desk.keep("9 Orchard Way", "Her sister confirmed it."));
  desk.open_review(desk.review);
  CHECK(desk.now().notice().text() == "That has been decided already.");
  CHECK_FALSE(desk.now().reviews().has_detail());
}

TEST_CASE("what only a desk decides is not decided by an advocate") {
  AtWork desk;
  const RecordId id = desk.priya();
  support::edit(desk.ben, id, "lead_worker", Text{"Ben"});
  desk.start();
  desk.press_reconcile();
  REQUIRE(desk.now().reviews().rows_size() == 1);
  desk.open_review(desk.now().reviews().rows(0).review_id());
  const pb::Review detail = desk.now().reviews().detail();
  CHECK(detail.context().find("Ben asked for a change that only a desk decides.") != std::string::npos);
  CHECK_FALSE(detail.can_write_another());
  pb::Decide decision;
  decision.set_review_id(detail.review_id());
  decision.set_dot(detail.values(0).dot());
  decision.set_reason("I agree.");
  desk.decide(decision);
  CHECK(desk.now().reviews().open() == 1);
  CHECK(desk.now().reviews().detail().notice().text().starts_with("Only a desk decides this."));
}

TEST_CASE("what was chosen and typed in a review survives quick exit, and comes back with its question") {
  TwoAddresses desk;
  desk.keep_decision(desk.keep("9 Orchard Way", "Her sister "));
  CHECK_FALSE(desk.detail().draft_kept().empty());
  desk.lock(true);
  desk.restart();
  desk.open_review(desk.review);
  const pb::Review again = desk.detail();
  REQUIRE(again.has_draft());
  CHECK(again.draft().reason() == "Her sister ");
  CHECK(again.draft().choice() == pb::Decide::keep_one);
  CHECK(again.draft().dot() == desk.value(again, "9 Orchard Way").dot());
  CHECK_FALSE(again.draft_kept().empty());
}

TEST_CASE("another value that was being written in a review is kept, whatever was chosen") {
  TwoAddresses desk;
  pb::Decide typed;
  typed.set_review_id(desk.review);
  typed.set_choice(pb::Decide::write_another);
  typed.set_text("1 Castle Str");
  desk.keep_decision(typed);
  desk.restart();
  desk.open_review(desk.review);
  CHECK(desk.detail().draft().choice() == pb::Decide::write_another);
  CHECK(desk.detail().draft().text() == "1 Castle Str");
}

TEST_CASE("the last words about a review are kept after another screen has come to the front") {
  TwoAddresses desk;
  const pb::Decide typed = desk.keep("9 Orchard Way", "Her sister");
  desk.restart();  // nobody has opened the review since
  desk.keep_decision(typed);
  desk.open_review(desk.review);
  CHECK(desk.detail().draft().reason() == "Her sister");
}

TEST_CASE("a decision ends its draft, and so does a blank one") {
  TwoAddresses desk;
  desk.keep_decision(desk.keep("9 Orchard Way", "Her sister"));
  pb::Decide blank;
  blank.set_review_id(desk.review);
  desk.keep_decision(blank);
  CHECK(desk.detail().draft_kept().empty());
  desk.open_review(desk.review);
  CHECK_FALSE(desk.detail().has_draft());

  desk.keep_decision(desk.keep("9 Orchard Way", "Her sister"));
  desk.decide(desk.keep("9 Orchard Way", "Her sister confirmed it."));
  REQUIRE(desk.now().reviews().open() == 0);
  // The same field is asked about again another day: under the same name, with nothing written yet.
  support::edit(desk.ben, desk.person, "address", Text{"3 Kiln Terrace"});
  desk.press_reconcile();
  REQUIRE(desk.now().reviews().open() == 1);
  REQUIRE(desk.now().reviews().rows(0).review_id() == desk.review);
  desk.open_review(desk.review);
  CHECK_FALSE(desk.detail().has_draft());
}

TEST_CASE("words typed about a question come back without the choice when other values stand there now") {
  TwoAddresses desk;
  desk.keep_decision(desk.keep("9 Orchard Way", "Her sister said so."));
  desk.restart();
  support::edit(desk.ben, desk.person, "address", Text{"3 Kiln Terrace"});
  desk.press_reconcile();
  desk.open_review(desk.review);
  const pb::Review again = desk.detail();
  REQUIRE(again.draft().reason() == "Her sister said so.");
  CHECK(again.draft().dot().empty());
  CHECK(again.notice().text() ==
        "Something has come in since you wrote this. Your words are kept. Look again, then choose.");
}

TEST_CASE("a draft of a review on a full disk says that it is on the screen only") {
  TwoAddresses desk;
  desk.amina.world->files.fail_at(0, Errc::disk_full, true);
  desk.keep_decision(desk.keep("9 Orchard Way", "Her sister"));
  CHECK(desk.detail().draft_kept().empty());
  CHECK(desk.detail().notice().text().starts_with("The disk is full, so your draft could not be kept."));
}

}  // namespace wayside::app::tests
