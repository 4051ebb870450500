#include <catch2/catch_test_macros.hpp>

#include "tests/ui/app/clerk_desk.h"
#include "ui/app/tuning.h"

namespace wayside::app::tests {
namespace {

struct PersonForm : AtWork {
  PersonForm() {
    id = priya();
    start();
    open_case(id);
    opened = form();
  }
  pb::FormField shown(std::string_view name) { return field(form(), name); }
  RecordId id;
  pb::Form opened;
};

std::vector<std::string> texts(const pb::FormField& field) {
  std::vector<std::string> out;
  for (const auto& value : field.values()) out.push_back(value.text());
  return out;
}

}  // namespace

TEST_CASE("opening a case shows its person's form, generated from the record type") {
  PersonForm desk;
  CHECK(desk.opened.title() == "Person");
  CHECK(desk.opened.save_label() == "Save person");
  CHECK_FALSE(desk.opened.is_new());
  const auto& address = desk.field(desk.opened, "address");
  CHECK(address.label() == "Address");
  CHECK(address.kind() == pb::FormField::text);
  CHECK(address.items(0) == "4 Priory Close");
  CHECK(address.sensitive());
  CHECK(address.values(0).author() == "You");
  CHECK(desk.field(desk.opened, "dob").items(0) == "14 March 1991");
  const auto& rule = desk.field(desk.opened, "safe_contact");
  CHECK(rule.section() == "Safe contact");
  CHECK(rule.kind() == pb::FormField::code);
  CHECK(rule.options_size() == 6);
  CHECK(desk.field(desk.opened, "language").kind() == pb::FormField::list);
}

TEST_CASE("a save writes the fields that differ, and the form takes the new values") {
  PersonForm desk;
  desk.save(desk.opened, {{"address", {"Flat 2, Mill Lane"}}, {"language", {"Gujarati", "English"}}});
  const pb::Form saved = desk.form();
  CHECK(saved.form_id() == desk.opened.form_id());
  CHECK(saved.saved_count() == desk.opened.saved_count() + 1);
  CHECK(saved.notice().text().empty());
  CHECK(desk.field(saved, "address").items(0) == "Flat 2, Mill Lane");
  CHECK(texts(desk.field(saved, "address")) == std::vector<std::string>{"Flat 2, Mill Lane"});
  CHECK(desk.field(saved, "language").items_size() == 2);
  desk.save(saved, {{"language", {"English"}}});
  CHECK(desk.field(desk.form(), "language").items_size() == 1);
}

TEST_CASE("a save of what is there already writes nothing") {
  PersonForm desk;
  const auto before = desk.now().reconcile().waiting();
  desk.save(desk.opened, {{"dob", {"14/3/1991"}}});
  CHECK(desk.now().reconcile().waiting() == before);
  CHECK(desk.form().notice().text() == "Nothing differs from what is saved.");
}

TEST_CASE("a mistake is named beside its field, and nothing at all is saved") {
  PersonForm desk;
  desk.save(desk.opened, {{"dob", {"14 3 2991"}}, {"address", {"9 Orchard Way"}}});
  const pb::Form shown = desk.form();
  CHECK(desk.field(shown, "dob").error() == "2991 is in the future. Check the year.");
  CHECK(desk.field(shown, "address").error().empty());
  CHECK(shown.saved_count() == desk.opened.saved_count());
  CHECK(texts(desk.field(shown, "address")) == std::vector<std::string>{"4 Priory Close"});
  desk.save(shown, {{"dob", {"15 3 1991"}}, {"address", {"9 Orchard Way"}}});
  CHECK(desk.shown("dob").error().empty());
  CHECK(texts(desk.shown("address")) == std::vector<std::string>{"9 Orchard Way"});
}

TEST_CASE("a field that is needed may not be emptied") {
  PersonForm desk;
  desk.open_record(desk.id);  // the case's own record
  const pb::Form form = desk.form();
  REQUIRE(form.type() == "case");
  desk.save(form, {{"reference", {}}});
  CHECK(desk.shown("reference").error() == "Write something here. It is needed to save.");
}

TEST_CASE("lower protection asks for a reason, and is saved once there is one") {
  PersonForm desk;
  desk.save(desk.opened, {{"safe_contact", {"NEVER"}}});
  REQUIRE(desk.shown("safe_contact").items(0) == "NEVER");
  desk.save(desk.form(), {{"safe_contact", {"OK"}}});
  CHECK(desk.form().reason_question() == "Why is less care enough now when making contact?");
  CHECK(texts(desk.shown("safe_contact")) == std::vector<std::string>{"Never use"});
  desk.save(desk.form(), {{"safe_contact", {"OK"}}}, "He has moved abroad.");
  CHECK(desk.form().reason_question().empty());
  CHECK(texts(desk.shown("safe_contact")) == std::vector<std::string>{"Safe"});
}

TEST_CASE("what arrives under an open form stands beside what is then saved: nothing unseen is overwritten") {
  PersonForm desk;
  support::edit(desk.ben, desk.person, "address", Text{"9 Orchard Way"});
  desk.press_reconcile();
  // The box keeps what it held; the line above it says that there is news.
  CHECK(desk.shown("address").items(0) == "4 Priory Close");
  CHECK(desk.shown("address").changed_by().starts_with("Ben changed this on "));
  desk.save(desk.opened, {{"address", {"Flat 2, Mill Lane"}}});
  const pb::FormField both = desk.shown("address");
  CHECK(both.values_size() == 2);
  CHECK(both.two_values());
  CHECK(both.items_size() == 0);
  CHECK(both.review_id().size() == 16);
  CHECK(desk.now().reviews().open() == 1);
  CHECK(desk.now().caseload().two_values() == 1);
}

TEST_CASE("a form that is opened after news has arrived supersedes it") {
  PersonForm desk;
  support::edit(desk.ben, desk.person, "address", Text{"9 Orchard Way"});
  desk.press_reconcile();
  desk.open_case(desk.id);
  desk.new_record(desk.id, "note");
  desk.open_record(desk.person);
  CHECK(desk.shown("address").items(0) == "9 Orchard Way");
  CHECK(desk.shown("address").values(0).author() == "Ben");
  desk.save(desk.form(), {{"address", {"Flat 2, Mill Lane"}}});
  CHECK(texts(desk.shown("address")) == std::vector<std::string>{"Flat 2, Mill Lane"});
}

TEST_CASE("news of others is pointed out for a fortnight") {
  PersonForm desk;
  support::edit(desk.ben, desk.person, "phone", Text{"07700 900416"});
  desk.press_reconcile();
  desk.new_record(desk.id, "note");
  desk.open_record(desk.person);
  CHECK(desk.shown("phone").changed_by().starts_with("Ben changed this on "));
  desk.amina.world->clock.advance(kNewsOfOthers_ms + 86'400'000);
  CHECK(desk.shown("phone").changed_by().empty());
}

TEST_CASE("a draft is kept, is offered again after a restart, and goes with the save") {
  PersonForm desk;
  desk.keep(desk.opened, {{"address", {"9 Orchard Way"}}});
  CHECK(desk.form().draft_kept().size() == 5);  // "08:47"
  CHECK(desk.now().caseload().rows(0).draft());
  desk.restart();
  CHECK(desk.now().caseload().rows(0).draft());
  desk.open_case(desk.id);
  const pb::Form restored = desk.form();
  CHECK(restored.restored_draft());
  CHECK(restored.form_id() == desk.opened.form_id());
  desk.save(restored, {{"address", {"9 Orchard Way"}}});
  CHECK_FALSE(desk.form().restored_draft());
  CHECK(desk.form().draft_kept().empty());
  CHECK_FALSE(desk.now().caseload().rows(0).draft());
  CHECK(texts(desk.shown("address")) == std::vector<std::string>{"9 Orchard Way"});
}

TEST_CASE("a restored draft keeps the dots it was opened with, also when news came in between") {
  PersonForm desk;
  desk.keep(desk.opened, {{"address", {"Flat 2, Mill Lane"}}});
  desk.lock();
  support::edit(desk.ben, desk.person, "address", Text{"9 Orchard Way"});
  support::edit(desk.ben, desk.person, "town", Text{"Oadby"});
  desk.restart();
  desk.press_reconcile();
  desk.open_case(desk.id);
  const pb::Form restored = desk.form();
  CHECK(desk.field(restored, "address").items(0) == "Flat 2, Mill Lane");
  CHECK(desk.field(restored, "town").items(0) == "Oadby");  // not in the draft: what is there now
  desk.save(restored, {{"address", {"Flat 2, Mill Lane"}}, {"town", {"Wigston"}}});
  CHECK(desk.shown("address").values_size() == 2);
  CHECK(texts(desk.shown("town")) == std::vector<std::string>{"Wigston"});
}

TEST_CASE("a discarded draft gives the boxes back to the record") {
  PersonForm desk;
  desk.keep(desk.opened, {{"address", {"9 Orchard Way"}}});
  desk.restart();
  desk.open_case(desk.id);
  desk.discard(desk.form());
  CHECK(desk.shown("address").items(0) == "4 Priory Close");
  CHECK_FALSE(desk.shown("address").from_draft());
  desk.restart();
  desk.open_case(desk.id);
  CHECK_FALSE(desk.form().restored_draft());
}

TEST_CASE("a form back at its beginning keeps no draft") {
  PersonForm desk;
  desk.keep(desk.opened, {{"address", {"9"}}});
  desk.keep(desk.opened, {});
  desk.restart();
  desk.open_case(desk.id);
  CHECK_FALSE(desk.form().restored_draft());
}

TEST_CASE("the last words of a form that was left a moment ago are kept with its dots") {
  PersonForm desk;
  desk.new_record(desk.id, "note");
  desk.keep(desk.opened, {{"address", {"9 Orchard Way"}}});  // the window tells it late
  desk.open_record(desk.person);
  CHECK(desk.form().restored_draft());
  desk.save(desk.form(), {{"address", {"9 Orchard Way"}}});
  CHECK(texts(desk.shown("address")) == std::vector<std::string>{"9 Orchard Way"});
}

TEST_CASE("a new note begins with now and its writer, and shows in the timeline once saved") {
  PersonForm desk;
  desk.new_record(desk.id, "note");
  const pb::Form form = desk.form();
  CHECK(form.is_new());
  CHECK(form.title() == "New note");
  CHECK(desk.field(form, "author").items(0) == "Amina");
  CHECK(desk.field(form, "text").kind() == pb::FormField::long_text);
  desk.save(form, {{"text", {"Feels able to leave if the school place is kept."}}});
  CHECK(desk.shown("kind").error() == "Choose an answer. It is needed to save.");
  desk.save(desk.form(), {{"text", {"Feels able to leave if the school place is kept."}}, {"kind", {"home visit"}}});
  const pb::Case shown = desk.now().case_();
  CHECK_FALSE(shown.form().is_new());
  REQUIRE(shown.timeline_size() == 1);
  CHECK(shown.timeline(0).title() == "Home visit");
  CHECK(shown.timeline(0).when_who().ends_with(", you"));
  CHECK(shown.timeline(0).text() == "Feels able to leave if the school place is kept.");
}

TEST_CASE("a saved note is corrected by a new entry, and the first one stays") {
  PersonForm desk;
  desk.new_record(desk.id, "note");
  desk.save(desk.form(), {{"text", {"She left on Tuesday."}}, {"kind", {"home visit"}}});
  const pb::Form form = desk.form();
  CHECK(desk.field(form, "text").kind() == pb::FormField::entries);
  CHECK(desk.field(form, "text").items_size() == 0);
  desk.save(form, {{"text", {"She left on Monday."}}});
  CHECK(texts(desk.shown("text")) == std::vector<std::string>{"She left on Tuesday.", "She left on Monday."});
}

TEST_CASE("a draft of a new note is found again by adding a note") {
  PersonForm desk;
  desk.new_record(desk.id, "note");
  desk.keep(desk.form(), {{"text", {"Half a sentence"}}});
  desk.restart();
  desk.open_case(desk.id);
  CHECK(desk.form().type() == "note");  // what was left unfinished comes first
  CHECK(desk.field(desk.form(), "text").items(0) == "Half a sentence");
  desk.save(desk.form(), {{"text", {"Half a sentence"}}, {"kind", {"phone call"}}});
  CHECK(desk.now().case_().timeline_size() == 1);
  CHECK_FALSE(desk.form().is_new());
}

TEST_CASE("a new case is saved with its person, under a reference that is free") {
  AtWork desk;
  desk.start();
  desk.new_case();
  const pb::Form form = desk.form();
  CHECK(form.title() == "New case");
  CHECK(desk.field(form, "reference").items(0) == "C-0001");
  CHECK(desk.field(form, "status").items(0) == "open");
  CHECK(desk.now().case_().case_id().empty());
  desk.save(form, {{"forename", {"Rosie"}}, {"surname", {"MacDonald"}}});
  const pb::Snapshot shown = desk.now();
  CHECK(shown.case_().name() == "Rosie MacDonald");
  CHECK(shown.case_().reference() == "C-0001");
  CHECK(shown.case_().safe_contact_missing());
  CHECK(shown.caseload().total() == 1);
  desk.new_case();
  CHECK(desk.field(desk.form(), "reference").items(0) == "C-0002");
}

TEST_CASE("a draft of a new case survives a restart") {
  AtWork desk;
  desk.start();
  desk.new_case();
  desk.keep(desk.form(), {{"forename", {"Rosie"}}, {"reference", {"C-0007"}}});
  desk.restart();
  desk.new_case();
  CHECK(desk.field(desk.form(), "forename").items(0) == "Rosie");
  CHECK(desk.field(desk.form(), "reference").items(0) == "C-0007");
}

TEST_CASE("a worker of several teams says which of them a new case belongs to") {
  AtWork desk;
  const TeamId other = desk.fleet.add_team("refuge");
  Device& chloe = desk.fleet.add("Chloe", membership::Role::advocate, {desk.fleet.main_team(), other});
  desk.setup.home = chloe.home;
  chloe.vault.reset();
  desk.clerk = std::make_unique<Clerk>(chloe.world->env(), desk.setup, desk.watcher);
  desk.clerk->unlock(support::typed(Fleet::kPassphrase));
  desk.new_case();
  const pb::Form form = desk.form();
  const auto& which = form.fields(form.fields_size() - 1);
  REQUIRE(which.label() == "Team");
  REQUIRE(which.options_size() == 2);
  desk.save(form, {});
  const pb::Form asked = desk.form();
  CHECK(asked.fields(asked.fields_size() - 1).error() == "Choose the team that this case belongs to.");
  pb::Command command;
  command.mutable_save()->set_form_id(form.form_id());
  auto& text = *command.mutable_save()->add_fields();
  text.set_field(which.field());
  text.add_items(which.options(1).code());
  desk.clerk->handle(command);
  CHECK(desk.now().caseload().total() == 1);
}

TEST_CASE("a full disk saves nothing, says so, and keeps the draft that was kept before") {
  PersonForm desk;
  desk.keep(desk.opened, {{"address", {"9 Orchard Way"}}});
  desk.amina.world->files.fail_at(support::FileOperation::write, 0, Errc::disk_full, true);
  desk.save(desk.opened, {{"address", {"9 Orchard Way"}}});
  CHECK(desk.form().notice().text().starts_with("The disk is full."));
  CHECK(desk.form().saved_count() == desk.opened.saved_count());
  desk.amina.world->files.heal();
  desk.save(desk.opened, {{"address", {"9 Orchard Way"}}});
  CHECK(desk.form().notice().text().empty());
  CHECK(texts(desk.shown("address")) == std::vector<std::string>{"9 Orchard Way"});
}

TEST_CASE("more than one save can hold is refused in words, and stays a draft") {
  PersonForm desk;
  desk.new_record(desk.id, "support_plan");
  // Noise does not compress; each field is below its own limit.
  const auto noise = [&](std::size_t size) {
    std::string text;
    while (text.size() < size) text += to_hex(RecordId::random(desk.amina.world->random).view());
    return text;
  };
  desk.save(desk.form(), {{"goal", {noise(60'000)}}, {"actions", {noise(600'000)}}});
  CHECK_FALSE(desk.shown("actions").error().empty());
  CHECK(desk.form().is_new());
  // Each of these is short enough by itself; together they are more than one save.
  desk.open_record(desk.person);
  AtWork::Typed typed{{"safe_contact_words", {noise(524'256)}}};
  for (const char* name : {"forename", "surname", "address", "town", "postcode", "phone", "email", "next_of_kin"}) {
    typed.emplace_back(name, std::vector<std::string>{noise(65'536)});
  }
  typed.emplace_back("safe_contact", std::vector<std::string>{"NEVER"});
  desk.save(desk.form(), typed);
  const std::string said = desk.form().notice().text();
  CHECK(said.starts_with("This is more than one save can hold. Your person is still a draft."));
  CHECK(desk.form().draft_kept().size() == 5);
}

TEST_CASE("a form that is not open any more saves nothing and says so") {
  PersonForm desk;
  pb::Form gone = desk.opened;
  gone.set_form_id(std::string(16, 'x'));
  desk.save(gone, {{"address", {"9 Orchard Way"}}});
  CHECK(desk.now().notice().text().starts_with("That form is not open any more."));
  CHECK(texts(desk.shown("address")) == std::vector<std::string>{"4 Priory Close"});
}

TEST_CASE("why protection is lowered is kept with the draft, and stands in the form when it is opened again") {
  PersonForm desk;
  desk.save(desk.opened, {{"safe_contact", {"NEVER"}}});
  desk.keep(desk.form(), {{"safe_contact", {"OK"}}}, "He has moved ab");
  desk.lock(true);
  desk.restart();
  desk.open_case(desk.id);
  CHECK(desk.form().reason() == "He has moved ab");
  CHECK(desk.shown("safe_contact").items(0) == "OK");
  desk.save(desk.form(), {{"safe_contact", {"OK"}}}, "He has moved abroad.");
  CHECK(desk.form().reason().empty());
  CHECK_FALSE(desk.form().restored_draft());
}

}  // namespace wayside::app::tests
