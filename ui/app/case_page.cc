#include "ui/app/case_page.h"

#include <algorithm>
#include <array>

#include "core/attachments/blobs.h"
#include "core/attachments/content_field.h"
#include "core/attachments/named_parts.h"
#include "core/schema/display.h"
#include "core/vault/restricting.h"
#include "core/vault/sharing.h"
#include "ui/app/people.h"
#include "ui/app/references.h"
#include "ui/app/tuning.h"
#include "ui/app/words.h"

namespace wayside::app {
namespace {

using casework::ShownField;
using casework::ShownRecord;
using schema::RecordType;

/// They stand in every case, also before anything is written: what nobody has asked yet shall be seen.
constexpr std::array<std::string_view, 6> kInEveryCase{"person", "note", "risk_assessment", "support_plan", "attachment", "case"};

bool is_of(const ShownRecord& record, std::string_view type) {
  return record.type != nullptr && record.type->name == type;
}

const ShownRecord* first_of(const std::vector<ShownRecord>& records, std::string_view type) {
  const auto found = std::ranges::find_if(
      records, [&](const ShownRecord& each) { return is_of(each, type) && !each.archived.archived; });
  return found == records.end() ? nullptr : &*found;
}

std::int64_t newest_write_ms(const ShownRecord& record) {
  std::uint64_t newest = 0;
  for (const ShownField& field : record.fields) {
    for (const ledger::Shown& value : field.view.values) newest = std::max(newest, value.held->author.time);
  }
  return wall_ms(newest);
}

/// When a note's contact was; of other records, when they were last written.
std::int64_t moment_of(const ShownRecord& record) {
  const ShownField* at = record.find("at");
  const ledger::Shown* held = at == nullptr ? nullptr : current(*at);
  const auto* instant = held == nullptr ? nullptr : std::get_if<Instant>(&held->value);
  return instant == nullptr ? newest_write_ms(record) : instant->ms;
}

bool waits(const ShownRecord& record) {
  return record.archived.needs_review ||
         std::ranges::any_of(record.fields, [](const ShownField& field) { return field.view.needs_review; });
}

// ---- Safe contact -------------------------------------------------------------------------------------------------

std::string with_author(const vault::Vault& vault, const std::string& words, const ledger::Shown& value,
                        std::int64_t now_ms) {
  return words + " (" + author_name(vault, value.held->author) + ", " +
         short_day(wall_ms(value.held->author.time), now_ms) + ")";
}

std::string ended(std::string sentence) {
  if (!sentence.empty() && std::string_view(".!?").find(sentence.back()) == std::string_view::npos) sentence += '.';
  return sentence;
}

/// Every value that stands, the most careful first. One rule and one wording make one line.
void add_safe_contact(const vault::Vault& vault, const ShownRecord& person, std::int64_t now_ms, pb::Case& out) {
  const ShownField* rule = person.find("safe_contact");
  const ShownField* words = person.find("safe_contact_words");
  const std::size_t rules = rule == nullptr ? 0 : rule->view.values.size();
  const std::size_t wordings = words == nullptr ? 0 : words->view.values.size();
  if (rules <= 1 && wordings <= 1) {
    std::string line = rules == 0 ? "" : ended(schema::display(*rule->field, rule->view.values[0].value));
    const std::string own = wordings == 0 ? "" : ended(schema::display(*words->field, words->view.values[0].value));
    if (!line.empty() && !own.empty()) line += ' ';
    if (line += own; !line.empty()) out.add_safe_contact(line);
    return;
  }
  for (const ShownField* field : {rule, words}) {
    if (field == nullptr) continue;
    const bool apart = field->view.values.size() > 1;
    for (const ledger::Shown& value : field->view.values) {
      const std::string text = schema::display(*field->field, value.value);
      out.add_safe_contact(apart ? with_author(vault, text, value, now_ms) : ended(text));
    }
  }
}

// ---- Tabs ---------------------------------------------------------------------------------------------------------

/// A colleague's file comes later than its record, or when it is asked for.
std::string what_is_missing(vault::Vault& vault, const ShownRecord& record) {
  attachments::Blobs blobs(vault.env().files, vault.home());
  const auto parts = attachments::parts_named(record.row.state);
  const bool here = std::ranges::all_of(parts, [&](const Digest& each) { return blobs.has(each); });
  return here ? "" : "The file is not on this device yet. ";
}

pb::CaseTab tab_of(vault::Vault& vault, const RecordType& type, const std::vector<ShownRecord>& records, bool drafted,
                   std::int64_t now_ms) {
  pb::CaseTab tab;
  tab.set_type(type.name);
  tab.set_group(type.group);
  std::vector<const ShownRecord*> all;
  for (const ShownRecord& record : records) {
    if (record.type == &type) all.push_back(&record);
  }
  std::ranges::sort(all, [](const ShownRecord* a, const ShownRecord* b) {
    if (a->archived.archived != b->archived.archived) return b->archived.archived;
    return moment_of(*a) != moment_of(*b) ? moment_of(*a) > moment_of(*b) : a->row.id < b->row.id;
  });
  tab.set_count(static_cast<std::uint32_t>(all.size()));
  tab.set_two_values(std::ranges::any_of(all, [](const ShownRecord* each) { return waits(*each); }));
  const bool once = type.once && all.size() <= 1;
  tab.set_label(once ? type.label : type.plural);
  if (once && !all.empty()) tab.set_record_id(all.front()->row.id.str());
  if (!type.once || all.empty())
    tab.set_new_label(drafted ? "Go on with your draft" : verb_with("Add", type));
  if (once && !all.empty()) return tab;
  for (std::size_t i = 0; i < std::min(all.size(), kRecordRows); ++i) {
    pb::RecordRow& row = *tab.add_records();
    row.set_record_id(all[i]->row.id.str());
    const std::string title = joined(vault, *all[i], type.title, " ", now_ms);
    row.set_title(title.empty() ? type.label : title);
    const std::string standing = (all[i]->archived.archived ? "Put away. " : "") + what_is_missing(vault, *all[i]);
    row.set_second(standing + joined(vault, *all[i], type.subtitle, ", ", now_ms));
    row.set_two_values(waits(*all[i]));
  }
  return tab;
}

/// Every type that stands in a case, group by group: people first, the other groups by their oldest type, the case
/// itself last.
std::vector<const RecordType*> types_in_order() {
  std::vector<std::string_view> groups{schema::current().type("person")->group};
  for (const RecordType& type : schema::current().types()) {
    if (std::ranges::find(groups, type.group) == groups.end()) groups.push_back(type.group);
  }
  std::vector<const RecordType*> out;
  for (const std::string_view group : groups) {
    for (const RecordType& type : schema::current().types()) {
      if (type.in_case && type.group == group && type.name != "case") out.push_back(&type);
    }
  }
  if (const RecordType* own = schema::current().type("case")) out.push_back(own);
  return out;
}

void add_tabs(vault::Vault& vault, const std::vector<ShownRecord>& records, const std::set<std::string>& drafted,
              std::int64_t now_ms, pb::Case& out) {
  for (const RecordType* type : types_in_order()) {
    const bool draft = type->name != "case" && drafted.contains(type->name);
    const bool held = std::ranges::any_of(records, [&](const ShownRecord& each) { return each.type == type; });
    const bool always = std::ranges::find(kInEveryCase, type->name) != kInEveryCase.end();
    if (!draft && !held && !always) continue;
    pb::CaseTab& tab = *out.add_tabs();
    tab = tab_of(vault, *type, records, draft, now_ms);
    if (type->name == attachments::kTypeName) {
      tab.set_shows(pb::CaseTab::files);
      tab.set_new_label("Add a file");
    }
    if (type->name != "person") continue;
    pb::CaseTab& standing = *out.add_tabs();   // no type of record: what all of them come to
    standing.set_label("Where things stand");
    standing.set_shows(pb::CaseTab::standing);
    standing.set_group(type->group);
  }
}

// ---- Timeline -----------------------------------------------------------------------------------------------------

struct Event {
  std::int64_t at_ms = 0;
  pb::TimelineEntry entry;
};

std::string you(std::string author) { return author == "You" ? "you" : author; }

Event note_event(const vault::Vault& vault, const ShownRecord& note, std::int64_t now_ms) {
  Event event{moment_of(note), {}};
  std::string who = note.text("author");
  if (who == vault.user_name(vault.identity().user)) who = "you";
  if (who.empty() && !note.fields.empty() && !note.fields.front().view.values.empty()) {
    who = you(author_name(vault, note.fields.front().view.values.front().held->author));
  }
  event.entry.set_record_id(note.row.id.str());
  event.entry.set_when_who(short_day(event.at_ms, now_ms) + (who.empty() ? "" : ", " + who));
  const std::string kind = note.text("kind");
  event.entry.set_title(kind.empty() ? note.type->label : kind);
  event.entry.set_text(cut_at_word(note.text("text"), kTimelineCharacters));
  return event;
}

/// Every step of a risk level, with the reason that was given.
Result<void> add_risk_events(vault::Vault& vault, const ShownRecord& risk, std::int64_t now_ms,
                             std::vector<Event>& out) {
  const schema::Field* level = risk.type->field("level");
  if (level == nullptr || risk.find("level") == nullptr) return {};
  WAYSIDE_TRY(const auto entries, casework::history(vault, risk.row.id, level->id));
  std::optional<std::int64_t> before;
  for (const casework::HistoryEntry& each : entries) {
    if (!each.value) continue;
    const std::int64_t rank = schema::rank_of(*level, *each.value);
    if (before == rank) continue;
    const std::string word = in_sentence(schema::display(*level, *each.value));
    Event event{wall_ms(each.author.time), {}};
    event.entry.set_record_id(risk.row.id.str());
    event.entry.set_when_who(short_day(event.at_ms, now_ms) + ", " + you(author_name(vault, each.author)));
    event.entry.set_title(!before ? "Risk: " + word : (rank > *before ? "Risk raised to " : "Risk lowered to ") + word);
    event.entry.set_text(cut_at_word(each.reason, kTimelineCharacters));
    event.entry.set_danger(risk_of(*each.value) == pb::risk_high);
    out.push_back(std::move(event));
    before = rank;
  }
  return {};
}

Result<void> add_timeline(vault::Vault& vault, const std::vector<ShownRecord>& records, std::int64_t now_ms,
                          pb::Case& out) {
  std::vector<Event> events;
  for (const ShownRecord& record : records) {
    if (record.archived.archived) continue;
    if (is_of(record, "note")) events.push_back(note_event(vault, record, now_ms));
    if (is_of(record, "risk_assessment")) WAYSIDE_OK(add_risk_events(vault, record, now_ms, events));
  }
  std::ranges::stable_sort(events, std::greater{}, &Event::at_ms);
  for (std::size_t i = 0; i < std::min(events.size(), kTimelineEntries); ++i)
    *out.add_timeline() = std::move(events[i].entry);
  return {};
}

// ---- Preview ------------------------------------------------------------------------------------------------------

void add_fact(pb::Case& out, std::string_view label, const std::string& value) {
  if (value.empty()) return;
  pb::Fact& fact = *out.mutable_preview()->add_facts();
  fact.set_label(std::string(label));
  fact.set_value(cut_at_word(value, kFactCharacters));
}

std::string all_values(const ShownRecord& record, std::string_view name) {
  std::string out;
  const ShownField* field = record.find(name);
  if (field == nullptr) return out;
  for (const ledger::Shown& value : field->view.values)
    out += (out.empty() ? "" : ", ") + schema::display(*field->field, value.value);
  return out;
}

void add_preview(const std::vector<ShownRecord>& records, const CaseSummary& summary, std::int64_t now_ms,
                 pb::Case& out) {
  const ShownRecord* own = first_of(records, "case");
  const ShownRecord* person = first_of(records, "person");
  const ShownRecord* plan = first_of(records, "support_plan");
  add_fact(out, "Status", summary.status);
  if (!summary.plan_review.empty() && !summary.closed)
    add_fact(out, "Next", "Plan review " + short_day(summary.plan_review, now_ms));
  if (plan != nullptr) add_fact(out, "Goal", all_values(*plan, "goal"));
  if (own != nullptr) add_fact(out, "Lead worker", own->text("lead_worker"));
  if (person != nullptr) add_fact(out, "Languages", all_values(*person, "language"));
  const ShownRecord* newest = nullptr;
  for (const ShownRecord& record : records) {
    if (is_of(record, "note") && !record.archived.archived &&
        (newest == nullptr || moment_of(record) > moment_of(*newest)))
      newest = &record;
  }
  if (newest != nullptr)
    add_fact(out, "Latest note", short_day(moment_of(*newest), now_ms) + ". " + newest->text("text"));
}

}  // namespace

std::string verb_with(std::string_view verb, const RecordType& type) {
  return std::string(verb) + " " + in_sentence(type.label);
}

void add_types(pb::Case& out) {
  for (const RecordType* type : types_in_order()) {
    if (type->name == "case") continue;
    pb::TypeOffer& offer = *out.add_types();
    offer.set_type(type->name);
    offer.set_label(type->label);
    offer.set_group(type->group);
    offer.set_help(type->help);
    offer.set_once(type->once);
  }
}

/// "shared with North"; with whom it is shared, or whose it is, or to whom it is left.
Result<std::string> sharing_words(vault::Vault& vault, const RecordId& case_id) {
  WAYSIDE_TRY(const auto row, vault.store().ledger_of(ledger::LedgerKind::case_ledger, case_id.view()));
  if (!row) return std::string();
  WAYSIDE_TRY(const auto circle, vault::circle_of(vault, *row));
  if (!circle.empty()) return "left to " + vault::names_of(vault, circle);
  WAYSIDE_TRY(const auto with, vault::shared_with(vault, *row));
  if (with.empty()) return std::string();
  if (!vault::in_team(vault, row->team) && row->team) return "shared by " + vault.team_name(*row->team);
  std::string names;
  for (const TeamId& team : with) names += (names.empty() ? "" : ", ") + vault.team_name(team);
  return "shared with " + names;
}

Result<pb::Case> read_case(vault::Vault& vault, const CaseSummary& summary, const std::set<std::string>& drafted,
                           std::int64_t now_ms) {
  WAYSIDE_TRY(const std::vector<ShownRecord> records, casework::records_of_case(vault, summary.id));
  pb::Case out;
  out.set_case_id(summary.id.str());
  out.set_name(summary.shown_name());
  out.set_risk(summary.risk);
  out.set_reference(summary.name.empty() ? "" : summary.reference);
  out.set_status(summary.status);
  if (const ShownRecord* person = first_of(records, "person")) {
    const ShownField* born = person->find("dob");
    const auto* date = born == nullptr ? nullptr : std::get_if<Date>(&born->view.values.front().value);
    const auto age = date == nullptr ? std::nullopt : age_on(date->iso, iso_day(now_ms));
    out.set_second((age ? std::to_string(*age) : "") + (age && !summary.town.empty() ? ", " : "") + summary.town);
  }
  WAYSIDE_TRY(const std::string sharing, sharing_words(vault, summary.id));
  if (!sharing.empty()) out.set_second(out.second() + (out.second().empty() ? "" : ", ") + sharing);
  for (const ShownRecord& record : records) {
    if (is_of(record, "person") && !record.archived.archived) add_safe_contact(vault, record, now_ms, out);
  }
  out.set_safe_contact_missing(out.safe_contact_size() == 0);
  add_tabs(vault, records, drafted, now_ms, out);
  WAYSIDE_OK(add_timeline(vault, records, now_ms, out));
  add_preview(records, summary, now_ms, out);
  return out;
}

}  // namespace wayside::app
