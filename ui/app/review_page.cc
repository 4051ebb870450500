#include "ui/app/review_page.h"

#include <algorithm>
#include <array>

#include "core/ledger/apply.h"
#include "core/membership/role.h"
#include "core/schema/display.h"
#include "ui/app/people.h"
#include "ui/app/references.h"
#include "ui/app/tuning.h"
#include "ui/app/typed.h"
#include "ui/app/words.h"

namespace wayside::app {
namespace {

using casework::ReviewItem;
using casework::ReviewKind;
using casework::ShownField;
using casework::ShownRecord;
using schema::Policy;

// The two ways to decide about a record that was changed after it had been put away. They stand where dots stand.
constexpr std::string_view kBringBack = "bring back";
constexpr std::string_view kPutAway = "put away";

/// The type and the heading of a record that waits: its case's name, or, outside of cases, its own.
struct Where {
  const schema::RecordType* type = nullptr;
  std::string name;
};

Result<Where> where_of(vault::Vault& vault, const CaseList& cases, const RecordId& record) {
  if (const CaseList::Place place = cases.place_of(record); place.in != nullptr) {
    return Where{schema::current().type(place.type), place.in->shown_name()};
  }
  WAYSIDE_TRY(const ShownRecord shown, casework::get(vault, record));
  Where out{shown.type, {}};
  for (std::size_t i = 0; shown.type != nullptr && i < shown.type->title.size(); ++i) {
    out.name += (i == 0 ? "" : " ") + shown.text(shown.type->title[i]);
  }
  if (out.name.empty()) out.name = "Of the whole organisation";
  return out;
}

const schema::Field* field_of(const Where& where, std::uint32_t id) {
  return where.type == nullptr ? nullptr : schema::current().field(where.type->id, id);
}

/// Safety first: what merges toward protection, then the rest by age.
int order_of(const ReviewItem& item, const CaseList& cases) {
  if (item.kind == ReviewKind::quarantined) return 2;
  const schema::Field* field = schema::current().field(cases.place_of(item.record).type, item.field);
  return item.kind == ReviewKind::values && field != nullptr && field->policy == Policy::protective ? 0 : 1;
}

Result<pb::ReviewRow> row_of(vault::Vault& vault, const ReviewItem& item, const CaseList& cases, std::int64_t now_ms) {
  pb::ReviewRow row;
  row.set_review_id(item.id);
  if (item.kind == ReviewKind::quarantined) {
    row.set_kind(pb::ReviewRow::quarantined);
    row.set_title("A change kept apart");
    row.set_second("Since " + short_day(item.since_ms, now_ms));
    return row;
  }
  WAYSIDE_TRY(const Where where, where_of(vault, cases, item.record));
  row.set_second(where.name);
  if (item.kind == ReviewKind::archived_edit) {
    row.set_kind(pb::ReviewRow::archived_edit);
    row.set_title("Put away, then changed");
    return row;
  }
  const schema::Field* field = field_of(where, item.field);
  row.set_kind(pb::ReviewRow::two_values);
  row.set_title(field == nullptr ? "Field " + std::to_string(item.field) : field->label);
  return row;
}

bool is_plural(std::string_view label) {
  for (const std::string_view ending : {"ss", "us", "is"}) {
    if (label.ends_with(ending)) return false;
  }
  return label.ends_with('s');
}

std::string count_word(std::size_t count) {
  static constexpr std::array<std::string_view, 6> kWords{"No", "One", "Two", "Three", "Four", "Five"};
  return count < kWords.size() ? std::string(kWords[count]) : std::to_string(count);
}

/// Who wrote what stands side by side.
std::string who_sentence(const vault::Vault& vault, const ShownField& shown) {
  const std::vector<ledger::Shown>& values = shown.view.values;
  if (shown.view.requests > 0) {
    return author_name(vault, values.back().held->author) + " asked for a change that only a desk decides.";
  }
  if (values.size() == 1) return "What is recorded here does not fit its field.";
  std::set<UserId> users;
  for (const ledger::Shown& value : values) users.insert(value.held->author.user);
  if (users.size() > 1) return count_word(users.size()) + " people changed it while apart.";
  const std::string who = author_name(vault, values.front().held->author);
  return who + " wrote " + (values.size() == 2 ? "both" : "all") + ", on devices that were apart.";
}

/// What stood there before the values that now stand side by side; empty when nothing did.
Result<std::string> before_sentence(vault::Vault& vault, const ShownRecord& record, const ShownField& shown,
                                    std::int64_t now_ms) {
  WAYSIDE_TRY(const auto entries, casework::history(vault, record.row.id, shown.id));
  const std::vector<ledger::Dot> dots = shown.view.dots();
  std::set<ledger::Dot> superseded;
  for (const casework::HistoryEntry& each : entries) {
    if (std::ranges::find(dots, each.dot) != dots.end())
      superseded.insert(each.supersedes.begin(), each.supersedes.end());
  }
  std::vector<std::string> before;
  for (const casework::HistoryEntry& each : entries) {
    if (!superseded.contains(each.dot) || !each.value || shown.field == nullptr) continue;
    std::string text = display(vault, *shown.field, *each.value, now_ms);
    if (std::ranges::find(before, text) == before.end()) before.push_back(std::move(text));
  }
  std::string out;
  for (const std::string& text : before)
    out += (out.empty() ? " Before: " : " or ") + cut_at_word(text, kExcerptCharacters);
  return out.empty() || out.ends_with('.') ? out : out + ".";
}

void describe_field(const ShownField& shown, pb::Review& out) {
  pb::FormField& field = *out.mutable_field();
  field.set_field(shown.id);
  if (shown.field == nullptr) return;
  field.set_name(shown.field->name);
  field.set_label(shown.field->label);
  field.set_help(shown.field->help);
  switch (shown.field->kind) {
    case schema::FieldKind::long_text: field.set_kind(pb::FormField::long_text); break;
    case schema::FieldKind::code: field.set_kind(pb::FormField::code); break;
    case schema::FieldKind::date: field.set_kind(pb::FormField::date); break;
    case schema::FieldKind::time: field.set_kind(pb::FormField::time); break;
    case schema::FieldKind::flag: field.set_kind(pb::FormField::flag); break;
    case schema::FieldKind::integer: field.set_kind(pb::FormField::integer); break;
    case schema::FieldKind::pence: field.set_kind(pb::FormField::pence); break;
    default: field.set_kind(pb::FormField::text); break;
  }
  if (shown.field->list == nullptr) return;
  for (const schema::CodeEntry& entry : shown.field->list->entries) {
    pb::Option& option = *field.add_options();
    option.set_code(entry.code);
    option.set_label(entry.label);
  }
}

Result<void> describe_values(vault::Vault& vault, const ShownRecord& record, const ShownField& shown,
                             const std::string& name, std::int64_t now_ms, OpenReview& out) {
  for (std::size_t i = 0; i < shown.view.values.size(); ++i) {
    pb::HeldValue& value = *out.page.add_values();
    value = held_value(vault, shown.field, shown.view.values[i], now_ms);
    value.set_shown_first(i == 0);
  }
  const std::vector<ledger::Dot> dots = shown.view.dots();
  out.shown.insert(dots.begin(), dots.end());
  WAYSIDE_TRY(const std::string before, before_sentence(vault, record, shown, now_ms));
  const bool protective = shown.field != nullptr && shown.field->policy == Policy::protective;
  const bool desk_only =
      shown.field != nullptr && shown.field->policy == Policy::desk && !membership::writes_desk_fields(vault.role());
  out.page.set_question(shown.field == nullptr ? "Which value is right?" : question_of(*shown.field));
  out.page.set_context(name + ". " + who_sentence(vault, shown) + before +
                       (protective ? " Until somebody decides, the most careful answer counts." : ""));
  out.page.set_lowering_needs_reason(protective);
  out.page.set_can_write_another(shown.field != nullptr && shown.field->policy != Policy::union_set &&
                                 !shown.field->several && !desk_only);
  describe_field(shown, out.page);
  if (desk_only) {
    out.page.mutable_notice()->set_tone(pb::Notice::information);
    out.page.mutable_notice()->set_text("Only a desk decides this. Everything that was written stays until then.");
  }
  return {};
}

void describe_archived(const ShownRecord& record, const std::string& name, OpenReview& out) {
  out.page.set_question("Should this record stay put away?");
  out.page.set_context(name + ". " + (record.type == nullptr ? "A record" : record.type->label) +
                       ": somebody put it away while somebody else changed it.");
  for (const auto& [dot, text] : {std::pair(kBringBack, "it as it is now"), std::pair(kPutAway, "it put away")}) {
    pb::HeldValue& value = *out.page.add_values();
    value.set_dot(std::string(dot));
    value.set_text(text);
  }
  for (const ledger::Dot& dot : record.row.state.live_dots()) out.shown.insert(dot);
}

void describe_quarantined(const vault::Vault& vault, const ReviewItem& item, std::int64_t now_ms, OpenReview& out) {
  out.page.set_question("A change could not be checked");
  const std::string author =
      item.device ? " It names " + vault.device_name(*item.device) + " as the device that wrote it." : "";
  out.page.set_context("It has been kept apart since " + short_day(item.since_ms, now_ms) +
                       ", and nothing of it is shown." + author + " It stays apart until the desk has looked.");
}

pb::Notice notice(pb::Notice::Tone tone, std::string text) {
  pb::Notice out;
  out.set_tone(tone);
  out.set_text(std::move(text));
  return out;
}

Decision not_taken(std::string why) { return {false, notice(pb::Notice::attention, std::move(why))}; }

Result<bool> something_came_in(vault::Vault& vault, const OpenReview& shown, bool archived) {
  WAYSIDE_TRY(const ShownRecord record, casework::get(vault, shown.record));
  if (archived) {
    const auto live = record.row.state.live_dots();
    return std::set<ledger::Dot>(live.begin(), live.end()) != shown.shown;
  }
  const auto field = std::ranges::find(record.fields, shown.page.field().field(), &ShownField::id);
  if (field == record.fields.end()) return true;
  const auto dots = field->view.dots();
  return std::set<ledger::Dot>(dots.begin(), dots.end()) != shown.shown;
}

Result<Decision> decide_archived(vault::Vault& vault, const OpenReview& shown, const pb::Decide& decision,
                                 const std::string& reason) {
  const bool put_away = decision.dot() == kPutAway;
  if (!put_away && decision.dot() != kBringBack) return not_taken("Choose one first.");
  WAYSIDE_OK(casework::resolve_set(vault, shown.page.review_id(), Value(put_away), reason));
  return Decision{true, notice(pb::Notice::done, put_away ? "Decided. It is put away; nothing of it is deleted."
                                                          : "Decided. It is back.")};
}

Result<Decision> decide_another(vault::Vault& vault, const OpenReview& shown, const pb::Decide& decision,
                                const std::string& reason, std::int64_t now_ms) {
  WAYSIDE_TRY(const ShownRecord record, casework::get(vault, shown.record));
  const schema::Field* field = schema::current().field(record.row.state.type, shown.page.field().field());
  if (field == nullptr || !shown.page.can_write_another()) return not_taken("Choose one of the values that are there.");
  if (trimmed(decision.text()).empty()) return not_taken("Write what is right.");
  const auto value = read_typed(*field, decision.text(), now_ms);
  if (!value) return not_taken(value.error());
  WAYSIDE_OK(casework::resolve_set(vault, shown.page.review_id(), *value, reason));
  return Decision{true, notice(pb::Notice::done, "Decided. What you wrote counts; the others stay in the history.")};
}

}  // namespace

std::string question_of(const schema::Field& field) {
  // Labels that are no name of a thing cannot stand after "which".
  static constexpr std::array<std::string_view, 14> kNoNames{"How ",   "Who ",  "Why ",  "What ",   "When ",
                                                             "Where ", "Own ",  "Last ", "Review ", "Opened",
                                                             "Closed", "Takes", "Only ", "Needs "};
  const bool names_a_thing =
      std::ranges::none_of(kNoNames, [&](std::string_view word) { return field.label.starts_with(word); });
  if (field.kind == schema::FieldKind::flag || !names_a_thing) return field.label + ": which answer is right?";
  return "Which " + in_sentence(field.label) + (is_plural(field.label) ? " are right?" : " is right?");
}

Result<pb::Reviews> read_reviews(vault::Vault& vault, const CaseList& cases, std::int64_t now_ms) {
  WAYSIDE_TRY(std::vector<ReviewItem> items, casework::reviews(vault));
  std::ranges::stable_sort(items, [&](const ReviewItem& a, const ReviewItem& b) {
    const int first = order_of(a, cases);
    const int second = order_of(b, cases);
    return first != second ? first < second : a.since_ms < b.since_ms;
  });
  pb::Reviews out;
  out.set_open(static_cast<std::uint32_t>(
      std::ranges::count_if(items, [](const ReviewItem& item) { return item.kind != ReviewKind::quarantined; })));
  for (std::size_t i = 0; i < std::min(items.size(), kReviewRows); ++i) {
    WAYSIDE_TRY(*out.add_rows(), row_of(vault, items[i], cases, now_ms));
  }
  return out;
}

Result<OpenReview> read_review(vault::Vault& vault, const CaseList& cases, BytesView id, std::int64_t now_ms) {
  WAYSIDE_TRY(const std::vector<ReviewItem> items, casework::reviews(vault));
  const auto item = std::ranges::find_if(items, [&](const ReviewItem& each) { return each.id == id; });
  if (item == items.end()) return fail(Errc::not_found, "review");
  OpenReview out;
  out.page.set_review_id(Bytes(id));
  if (item->kind == ReviewKind::quarantined) {
    describe_quarantined(vault, *item, now_ms, out);
    return out;
  }
  out.record = item->record;
  WAYSIDE_TRY(const ShownRecord record, casework::get(vault, item->record));
  if (record.case_id) out.page.set_case_id(record.case_id->str());
  WAYSIDE_TRY(const Where where, where_of(vault, cases, item->record));
  const std::string& name = where.name;
  out.page.set_record_id(item->record.str());
  if (item->kind == ReviewKind::archived_edit) {
    describe_archived(record, name, out);
    return out;
  }
  const auto shown = std::ranges::find(record.fields, item->field, &ShownField::id);
  if (shown == record.fields.end()) return fail(Errc::not_found, "review");
  WAYSIDE_OK(describe_values(vault, record, *shown, name, now_ms, out));
  return out;
}

Result<Decision> decide(vault::Vault& vault, const OpenReview& shown, const pb::Decide& decision, std::int64_t now_ms) {
  if (decision.choice() == pb::Decide::keep_both) {
    return Decision{false, notice(pb::Notice::information,
                                  "Everything stays, and the question stays open. You can decide it another day.")};
  }
  const std::string reason(trimmed(decision.reason()));
  if (reason.empty()) return not_taken("Write a reason before you decide.");
  const bool archived = shown.page.field().field() == 0;
  if (shown.record.is_zero()) return not_taken("Only the desk can decide this. It is kept apart until then.");
  WAYSIDE_TRY(const bool changed, something_came_in(vault, shown, archived));
  if (changed) return not_taken("Something has come in since you opened this. Look again, then decide.");
  if (archived) return decide_archived(vault, shown, decision, reason);
  WAYSIDE_TRY(const ShownRecord record, casework::get(vault, shown.record));
  const schema::Field* field = schema::current().field(record.row.state.type, shown.page.field().field());
  if (field != nullptr && field->policy == Policy::desk && !membership::writes_desk_fields(vault.role())) {
    return not_taken("Only a desk decides this. Everything that was written stays until then.");
  }
  if (decision.choice() == pb::Decide::write_another) return decide_another(vault, shown, decision, reason, now_ms);
  const auto dot = ledger::dot_from_bytes(decision.dot());
  if (!dot || !shown.shown.contains(*dot)) return not_taken("Choose one first.");
  WAYSIDE_OK(casework::resolve_keep(vault, shown.page.review_id(), *dot, reason));
  return Decision{true, notice(pb::Notice::done, "Decided. The one you chose counts; the others stay in the history.")};
}

Result<pb::History> read_history(vault::Vault& vault, const RecordId& record, std::uint32_t field,
                                 std::int64_t now_ms) {
  WAYSIDE_TRY(const auto entries, casework::history(vault, record, field));
  pb::History out;
  out.set_record_id(record.str());
  for (auto each = entries.rbegin(); each != entries.rend(); ++each) {
    pb::HeldValue& value = *out.add_values();
    value.set_dot(ledger::to_bytes(each->dot));
    const std::string text = each->value && each->field != nullptr ? display(vault, *each->field, *each->value, now_ms) : "";
    value.set_text(field == 0 && each->field != nullptr ? each->field->label + ": " + text : text);
    value.set_author(author_name(vault, each->author));
    const bool suspect = each->clock == vault::ClockQuality::suspect;
    value.set_when(short_time(wall_ms(each->author.time), now_ms) + (suspect ? ", by a clock that was wrong" : ""));
    value.set_device(vault.device_name(each->dot.device));
    value.set_reason(each->reason);
  }
  const schema::Field* known = entries.empty() ? nullptr : entries.front().field;
  out.set_title(field != 0 && known != nullptr ? "History of “" + known->label + "”" : "History");
  return out;
}

}  // namespace wayside::app
