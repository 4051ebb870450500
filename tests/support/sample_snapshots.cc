#include "tests/support/sample_snapshots.h"

#include <string_view>

namespace wayside::support {
namespace {

struct Row {
  std::string_view name, second;
  pb::Risk risk;
  std::string_view next, seen;
  bool overdue = false, two_values = false, draft = false;
};

constexpr Row kRows[] = {
    {"Shannon O'Connor", "Loughborough, in refuge since April", pb::risk_high, "Plan review overdue", "30 May", true},
    {"Priya Shah", "Leicester, son 15", pb::risk_high, "Plan review 12 June", "10 June", false, true},
    {"Rosie MacDonald", "Wigston, council tenant", pb::risk_medium, "Plan review 13 June", "9 June", false, false,
     true},
    {"Christine Cunningham-Richardson, known as Chrissie at the library", "Market Harborough, two children",
     pb::risk_high, "Plan review 14 June", "11 June"},
    {"Nadia Hussain", "Oadby, order ends 15 June", pb::risk_medium, "Plan review 15 June", "6 June"},
    {"Eilidh Patel-Thompson", "Melton, supported to stay", pb::risk_low, "Plan review 17 June", "3 June"},
    {"Joan Atkinson", "Hinckley, lives with her son", pb::risk_medium, "Plan review 18 June", "2 June"},
    {"Fatima Begum", "Coalville, interpreter (Bengali)", pb::risk_low, "Plan review 20 June", "28 May"},
    {"Tanya Wilkinson", "Blaby, privately renting", pb::risk_low, "Plan review 23 June", "27 May"},
    {"Yasmin Akhtar", "Leicester, awaiting a place", pb::risk_medium, "Plan review 24 June", "26 May"},
    {"Bethan Griffiths", "Lutterworth, joint tenancy", pb::risk_medium, "Plan review 25 June", "23 May"},
    {"Sian Lloyd", "Syston, moved in May", pb::risk_low, "Plan review 30 June", "20 May"},
    {"Grace Okafor", "Leicester, first visit to come", pb::risk_none, "", ""},
};

std::string id_of(std::string_view what) {
  std::string id(what);
  id.resize(16, '.');
  return id;
}

void add_case(pb::Caseload& caseload, const Row& row) {
  auto& out = *caseload.add_rows();
  out.set_case_id(id_of(row.name));
  out.set_name(std::string(row.name));
  out.set_second(std::string(row.second));
  out.set_risk(row.risk);
  out.set_two_values(row.two_values);
  out.set_draft(row.draft);
  out.set_status("Open");
  out.set_last_seen(std::string(row.seen));
  out.set_plan_review(std::string(row.next));
  out.set_plan_review_overdue(row.overdue);
}

void add_value(google::protobuf::RepeatedPtrField<pb::HeldValue>& values, std::string_view dot, std::string_view text,
               std::string_view author, std::string_view when, std::string_view device) {
  auto& value = *values.Add();
  value.set_dot(std::string(dot));
  value.set_text(std::string(text));
  value.set_author(std::string(author));
  value.set_when(std::string(when));
  value.set_device(std::string(device));
}

pb::Snapshot base() {
  pb::Snapshot s;
  s.set_number(1);
  s.set_device_label("Amina Khan, this laptop");
  s.set_office(true);
  s.set_now_ms(1'749'717'660'000);
  return s;
}

pb::FormField& add_field(pb::Form& form, std::string_view label, pb::FormField::Kind kind, std::string_view item = {}) {
  auto& field = *form.add_fields();
  field.set_field(static_cast<std::uint32_t>(form.fields_size()));
  field.set_label(std::string(label));
  field.set_kind(kind);
  if (!item.empty()) field.add_items(std::string(item));
  return field;
}

void add_options(pb::FormField& field, std::initializer_list<std::string_view> labels) {
  for (const auto label : labels) {
    auto& option = *field.add_options();
    std::string code(label.substr(0, label.find(' ')));
    option.set_code(code);
    option.set_label(std::string(label));
  }
}

void add_entry(pb::Case& shown, std::string_view when, std::string_view title, std::string_view text,
               bool danger = false) {
  auto& entry = *shown.add_timeline();
  entry.set_record_id(id_of(title));
  entry.set_when_who(std::string(when));
  entry.set_title(std::string(title));
  entry.set_text(std::string(text));
  entry.set_danger(danger);
}

void add_tab(pb::Case& shown, std::string_view type, std::string_view label, bool once, std::uint32_t count) {
  auto& tab = *shown.add_tabs();
  tab.set_type(std::string(type));
  tab.set_label(std::string(label));
  if (once) tab.set_record_id(id_of(label));
  tab.set_count(count);
  if (!once) tab.set_new_label(type == "note" ? "Add note" : "Add risk assessment");
}

void fill_case(pb::Case& shown) {
  shown.set_case_id(id_of("Priya Shah"));
  shown.set_name("Priya Shah");
  shown.set_risk(pb::risk_high);
  shown.set_second("34, Leicester");
  shown.set_status("Open");
  shown.add_safe_contact("Text the code word only. Not after 15:30. No voicemail.");
  add_tab(shown, "person", "Person", true, 1);
  add_tab(shown, "case", "Case", true, 1);
  add_tab(shown, "risk_assessment", "Risk", false, 2);
  add_tab(shown, "support_plan", "Plan", true, 1);
  add_tab(shown, "note", "Notes", false, 3);
  auto& notes = *shown.mutable_tabs(4);
  for (const auto& [title, second] :
       {std::pair{"Phone call with her sister", "10 June, Ben Jones"}, std::pair{"Visit at the library", "9 June, you"},
        std::pair{"First call", "2 June, desk"}}) {
    auto& record = *notes.add_records();
    record.set_record_id(id_of(title));
    record.set_title(title);
    record.set_second(second);
  }
  shown.mutable_tabs(0)->set_two_values(true);
  add_entry(shown, "10 June, Ben Jones", "Phone call with her sister",
            "She is staying with her sister in Oadby for now. The landlord is not to be told.");
  add_entry(shown, "10 June, you", "Risk raised to high",
            "Strangulation disclosed. Judgement raised it above the count of 12.", true);
  add_entry(shown, "9 June, you", "Visit at the library", "Feels able to leave if the school place is kept.");
  add_entry(shown, "6 June, Ben Jones", "Consent recorded", "Agrees to housing. Refuses contact with the landlord.");
  add_entry(shown, "2 June, desk", "Referral received", "From the GP practice. Interpreter: Gujarati, woman.");
  auto& preview = *shown.mutable_preview();
  for (const auto& [label, value] :
       {std::pair{"Household", "Priya, 34. Arun, her son, 15."}, std::pair{"Housing", "Private rent, joint tenancy"},
        std::pair{"Lead worker", "Amina Khan"},
        std::pair{"Latest note", "10 June. Feels able to leave if the school place is kept."}}) {
    auto& fact = *preview.add_facts();
    fact.set_label(label);
    fact.set_value(value);
  }
}

}  // namespace

pb::Snapshot sample_locked() {
  pb::Snapshot s = base();
  s.set_vault(pb::Snapshot::locked);
  return s;
}

pb::Snapshot sample_wrong_passphrase(std::int64_t now_ms, std::int64_t wait_ms) {
  pb::Snapshot s = sample_locked();
  s.mutable_notice()->set_tone(pb::Notice::danger);
  s.mutable_notice()->set_text("That passphrase did not match. Nothing has changed.");
  s.set_retry_at_ms(now_ms + wait_ms);
  return s;
}

pb::Snapshot sample_open() {
  pb::Snapshot s = base();
  s.set_vault(pb::Snapshot::open);
  s.set_user_name("Amina Khan");
  auto& caseload = *s.mutable_caseload();
  for (const Row& row : kRows) add_case(caseload, row);
  caseload.set_total(34);
  caseload.set_matching(34);
  caseload.set_high_risk(6);
  caseload.set_two_values(2);
  caseload.set_closed(11);
  auto& reviews = *s.mutable_reviews();
  reviews.set_open(3);
  for (const auto& [title, second] : {std::pair{"Address", "Priya Shah"}, std::pair{"Phone", "Rosie MacDonald"},
                                      std::pair{"Date of birth", "Eilidh Patel-Thompson, known as Eilidh"}}) {
    auto& row = *reviews.add_rows();
    row.set_review_id(id_of(title));
    row.set_title(title);
    row.set_second(second);
  }
  auto& reconcile = *s.mutable_reconcile();
  reconcile.set_waiting(31);
  reconcile.set_last_when("yesterday 23:40");
  reconcile.set_last_night("Finished at 23:40. 14 changes sent, 9 received. Nothing was lost.");
  return s;
}

pb::Snapshot sample_no_cases() {
  pb::Snapshot s = sample_open();
  s.mutable_caseload()->Clear();
  s.mutable_reviews()->Clear();
  return s;
}

pb::Snapshot sample_search() {
  pb::Snapshot s = sample_open();
  auto& caseload = *s.mutable_caseload();
  caseload.clear_rows();
  caseload.set_text("sha");
  add_case(caseload, kRows[1]);
  add_case(caseload, kRows[0]);
  add_case(caseload, {"Natasha Wright", "Glenfield, closed in February", pb::risk_low, "", "12 Feb"});
  caseload.mutable_rows(2)->set_status("Closed");
  caseload.set_matching(3);
  caseload.set_matching_notes(2);
  for (const auto& [text, name, when] : {std::tuple{"She may share a room with her sister until the locks are changed.",
                                                    "Rosie MacDonald", "9 June, home visit"},
                                         std::tuple{"Asked about the shared refuge. Prefers a place of her own.",
                                                    "Yasmin Akhtar", "26 May, phone call"}}) {
    auto& hit = *caseload.add_notes();
    hit.set_record_id(id_of(text));
    hit.set_case_id(id_of(name));
    hit.set_case_name(name);
    hit.set_when(when);
    hit.set_excerpt(text);
  }
  return s;
}

pb::Snapshot sample_search_nothing() {
  pb::Snapshot s = sample_open();
  auto& caseload = *s.mutable_caseload();
  caseload.clear_rows();
  caseload.set_text("zuleika");
  caseload.set_matching(0);
  return s;
}

pb::Snapshot sample_case() {
  pb::Snapshot s = sample_open();
  auto& shown = *s.mutable_case_();
  fill_case(shown);
  auto& form = *shown.mutable_form();
  form.set_form_id("form-person");
  form.set_record_id(id_of("Person"));
  form.set_type("person");
  form.set_title("Person");
  form.set_save_label("Save person");
  form.set_draft_kept("08:47");
  add_field(form, "Given name", pb::FormField::text, "Priya");
  add_field(form, "Family name", pb::FormField::text, "Shah");
  auto& address = add_field(form, "Address", pb::FormField::text, "Flat 2, 14 Mill Lane, Leicester");
  address.set_help("You and Ben each wrote one. Both are kept until somebody decides.");
  address.set_two_values(true);
  address.set_review_id(id_of("Address"));
  add_value(*address.mutable_values(), "a", "Flat 2, 14 Mill Lane, Leicester", "You", "10 June, 17:05", "this laptop");
  add_value(*address.mutable_values(), "b", "9 Orchard Way, Oadby", "Ben Jones", "10 June, 16:20", "Ben's laptop");
  add_field(form, "Date of birth", pb::FormField::date, "14 3 2991")
      .set_error("2991 is in the future. Check the year.");
  add_field(form, "Phone that is safe to use", pb::FormField::text, "07700 900416")
      .set_changed_by("Ben changed this on 10 June");
  auto& language = add_field(form, "Language", pb::FormField::code, "Gujarati");
  add_options(language, {"Arabic", "Bengali", "English", "Gujarati", "Hindi", "Lithuanian", "Polish", "Punjabi",
                         "Somali", "Urdu"});
  add_field(form, "Interpreter wanted", pb::FormField::flag, "yes");
  form.mutable_fields(3)->set_from_draft(true);
  return s;
}

pb::Snapshot sample_case_all_kinds() {
  pb::Snapshot s = sample_case();
  auto& shown = *s.mutable_case_();
  auto& form = *shown.mutable_form();
  form.Clear();
  form.set_form_id("form-risk");
  form.set_record_id(id_of("Risk"));
  form.set_type("risk_assessment");
  form.set_title("Risk assessment");
  form.set_save_label("Save risk assessment");
  add_field(form, "Assessed on", pb::FormField::date, "10 6 2026").set_section("What was found");
  auto& level = add_field(form, "Level", pb::FormField::code, "High");
  add_options(level, {"Standard", "Medium", "High"});
  add_field(form, "Strangulation disclosed", pb::FormField::flag, "yes");
  add_field(form, "Threats to kill", pb::FormField::flag, "no");
  add_field(form, "Pregnant", pb::FormField::flag);
  add_field(form, "Ticked in the checklist", pb::FormField::integer, "12");
  add_field(form, "Judgement", pb::FormField::long_text,
            "He has a key to the old flat and waits outside the school on Thursdays. She feels able to leave if the "
            "school place is kept.\n\n"
            "The count is 12. I raised the level because of the strangulation in March.")
      .set_help("Why you set this level, in your own words.");
  auto& areas = add_field(form, "Areas that are not safe", pb::FormField::list, "Weaver Street");
  areas.set_section("What follows from it");
  areas.add_items("Market Place on Thursdays");
  auto& needs = add_field(form, "Needs", pb::FormField::list, "Safety");
  needs.add_items("Legal");
  add_options(needs, {"Safety and risk", "Legal advice", "Health", "Housing", "Money", "Children", "Immigration",
                      "Language", "Substance use"});
  add_field(form, "Paid from the fund", pb::FormField::pence, "42.50").set_unit("£");
  add_field(form, "Made by", pb::FormField::text, "Amina Khan").set_read_only(true);
  form.mutable_notice()->set_tone(pb::Notice::attention);
  form.mutable_notice()->set_text(
      "The risk would be lower than before. Say why, then save again. Until then it stays high.");
  form.set_reason_question("Why is the risk lower now?");
  return s;
}

pb::Snapshot sample_case_notes() {
  pb::Snapshot s = sample_case();
  auto& form = *s.mutable_case_()->mutable_form();
  form.Clear();
  form.set_form_id("form-note");
  form.set_record_id(id_of("Visit at the library"));
  form.set_type("note");
  form.set_title("Note");
  form.set_save_label("Save note");
  form.set_restored_draft(true);
  form.set_draft_kept("17:20");
  add_field(form, "When", pb::FormField::time, "9 June 2026 14:10");
  auto& kind = add_field(form, "How", pb::FormField::code, "Visit");
  add_options(kind, {"Visit", "Phone call", "Text message", "Letter", "Meeting of services"});
  auto& body =
      add_field(form, "What was said", pb::FormField::entries, "She rang again at 17:00. The school place is kept.");
  body.set_from_draft(true);
  add_value(*body.mutable_values(), "a",
            "Met at the library, study room 2. Feels able to leave if the school place is kept. Arun's teacher knows "
            "and will call us, not the home number.",
            "You", "9 June, 14:40", "");
  add_value(*body.mutable_values(), "b", "Correction: the teacher is Mrs Lowe, not Mrs Law.", "Ben Jones",
            "9 June, 18:02", "");
  return s;
}

pb::Snapshot sample_new_case() {
  pb::Snapshot s = sample_open();
  auto& form = *s.mutable_case_()->mutable_form();
  form.set_form_id("form-new");
  form.set_type("person");
  form.set_title("Who is she?");
  form.set_save_label("Save and open case");
  form.set_is_new(true);
  add_field(form, "Given name", pb::FormField::text);
  add_field(form, "Family name", pb::FormField::text);
  add_field(form, "Date of birth", pb::FormField::date);
  add_field(form, "Phone that is safe to use", pb::FormField::text);
  add_field(form, "How may we reach her?", pb::FormField::long_text)
      .set_help("Ask this first. It stands over every screen of her case.");
  return s;
}

pb::Snapshot sample_review() {
  pb::Snapshot s = sample_open();
  auto& review = *s.mutable_reviews()->mutable_detail();
  review.set_review_id(id_of("Address"));
  review.set_question("Which address is right?");
  review.set_context("Priya Shah. Two people changed it while apart. Before: 4 Priory Close, Leicester.");
  review.set_can_write_another(true);
  review.set_record_id(id_of("Person"));
  review.set_case_id(id_of("Priya Shah"));
  add_value(*review.mutable_values(), "b", "9 Orchard Way, Oadby", "Ben Jones", "Tuesday 10 June, 16:20",
            "Ben's laptop");
  add_value(*review.mutable_values(), "a", "Flat 2, 14 Mill Lane, Leicester", "You", "Tuesday 10 June, 17:05",
            "this laptop");
  review.mutable_field()->set_label("Address");
  return s;
}

pb::Snapshot sample_review_long() {
  pb::Snapshot s = sample_review();
  auto& review = *s.mutable_reviews()->mutable_detail();
  review.set_question("What is right for “How may we reach her?”");
  review.clear_values();
  add_value(*review.mutable_values(), "a",
            "Text the code word only. Not after 15:30, when he is home from work. Never leave a voicemail, he listens "
            "to them.",
            "You", "Tuesday 10 June, 17:05", "this laptop");
  add_value(*review.mutable_values(), "b", "Ring her sister first.", "Ben Jones", "Tuesday 10 June, 16:20",
            "Ben's laptop");
  add_value(*review.mutable_values(), "c", "", "Desk", "Monday 9 June, 09:12", "desk");
  return s;
}

pb::Snapshot sample_reconcile_running() {
  pb::Snapshot s = sample_open();
  auto& reconcile = *s.mutable_reconcile();
  reconcile.set_phase(pb::ReconcileState::sending);
  reconcile.set_sentence("Sending your changes, 31 of 47");
  reconcile.set_done_units(31);
  reconcile.set_total_units(47);
  reconcile.set_started_ms(s.now_ms() - 230'000);
  reconcile.add_kept_apart("1 change could not be checked. It is kept apart until the desk has looked.");
  return s;
}

pb::Snapshot sample_reconcile_idle() { return sample_open(); }

pb::Snapshot sample_reconcile_failed() {
  pb::Snapshot s = sample_open();
  auto& reconcile = *s.mutable_reconcile();
  reconcile.set_phase(pb::ReconcileState::failed);
  reconcile.set_sentence("The office cannot be reached");
  reconcile.mutable_notice()->set_tone(pb::Notice::attention);
  reconcile.mutable_notice()->set_text("Your 31 changes are kept here. Try again, or carry on.");
  return s;
}

pb::Snapshot sample_history() {
  pb::Snapshot s = sample_review();
  auto& history = *s.mutable_history();
  history.set_record_id(id_of("Person"));
  history.set_title("Address of Priya Shah");
  add_value(*history.mutable_values(), "a", "Flat 2, 14 Mill Lane, Leicester", "You", "10 June, 17:05", "");
  add_value(*history.mutable_values(), "b", "9 Orchard Way, Oadby", "Ben Jones", "10 June, 16:20", "");
  add_value(*history.mutable_values(), "c", "4 Priory Close, Leicester", "Desk", "2 June, 09:40", "");
  return s;
}

}  // namespace wayside::support
