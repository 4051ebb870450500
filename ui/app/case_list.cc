#include "ui/app/case_list.h"

#include <algorithm>
#include <cstdio>
#include <tuple>

#include "core/schema/display.h"
#include "ui/app/codec.h"
#include "ui/app/people.h"
#include "ui/app/tuning.h"
#include "ui/app/words.h"

namespace wayside::app {
namespace {

using ledger::RecordRow;
using schema::RecordType;

/// Fields of one record, read by name without copying those that a summary does not need.
class Reader {
 public:
  Reader(const RecordRow& row, const RecordType* type) : row_(row), type_(type) {}

  [[nodiscard]] std::optional<Value> value(std::string_view name) const {
    const schema::Field* field = type_ == nullptr ? nullptr : type_->field(name);
    const ledger::FieldState* state = field == nullptr ? nullptr : row_.state.field(field->id);
    if (state == nullptr || state->held.empty()) return std::nullopt;
    const casework::ShownField shown{field, field->id, ledger::view(field, *state)};
    const ledger::Shown* now = current(shown);
    return now == nullptr ? std::nullopt : std::optional(now->value);
  }
  [[nodiscard]] std::string text(std::string_view name) const {
    const auto held = value(name);
    return held ? schema::display(*type_->field(name), *held) : std::string();
  }
  [[nodiscard]] std::string code(std::string_view name) const {
    const auto held = value(name);
    const auto* code = held ? std::get_if<Code>(&*held) : nullptr;
    return code == nullptr ? std::string() : code->code;
  }

 private:
  const RecordRow& row_;
  const RecordType* type_;
};

bool waits_for_a_person(const RecordRow& row) {
  for (const auto& [id, state] : row.state.fields) {
    if (id == ledger::kArchivedFieldId) continue;
    // A single value can wait too, when it does not fit its kind; a set of values need not.
    if (ledger::view(schema::current().field(row.state.type, id), state).needs_review) return true;
  }
  return ledger::archived(row.state).needs_review;
}

void read_person(const Reader& person, CaseSummary& out) {
  if (!out.name.empty()) return;
  const std::string forename = person.text("forename");
  const std::string surname = person.text("surname");
  out.name = forename + (forename.empty() || surname.empty() ? "" : " ") + surname;
  if (out.town.empty()) out.town = person.text("town");
}

void read_plan(const Reader& plan, CaseSummary& out) {
  if (plan.code("status") == "closed") return;
  const auto review = plan.value("review_date");
  const auto* date = review ? std::get_if<Date>(&*review) : nullptr;
  if (date != nullptr && (out.plan_review.empty() || date->iso < out.plan_review)) out.plan_review = date->iso;
}

void read_record(const RecordRow& row, CaseSummary& out) {
  const RecordType* type = schema::current().type(row.state.type);
  out.two_values = out.two_values || waits_for_a_person(row);
  if (type == nullptr) return;
  const Reader reader(row, type);
  const bool archived = ledger::archived(row.state).archived;
  if (type->name == "case") {
    out.reference = reader.text("reference");
    out.status = archived ? "Put away" : reader.text("status");
    out.closed = archived || reader.code("status") == "closed";
  }
  if (archived) return;
  if (type->name == "person") read_person(reader, out);
  if (type->name == "support_plan") read_plan(reader, out);
  if (type->name == "risk_assessment") {
    if (const auto level = reader.value("level")) out.risk = std::max(out.risk, risk_of(*level));
  }
  if (type->name == "note") {
    const auto at = reader.value("at");
    const auto* instant = at ? std::get_if<Instant>(&*at) : nullptr;
    if (instant != nullptr) out.last_note_ms = std::max(out.last_note_ms, instant->ms);
  }
}

Result<Bytes> heads_of(vault::Vault& vault, std::int64_t ledger) {
  WAYSIDE_TRY(std::vector<EnvelopeId> heads, vault.store().heads(ledger));
  std::ranges::sort(heads);
  Bytes out;
  for (const EnvelopeId& head : heads) out.append(head.view());
  return out;
}

bool is_overdue(const CaseSummary& each, const std::string& today) {
  return !each.closed && !each.plan_review.empty() && each.plan_review < today;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

/// Smaller comes first.
auto urgency(const CaseSummary& each, const std::string& today) {
  const bool high = each.risk == pb::risk_high;
  return std::tuple(each.closed, !is_overdue(each, today), !high, each.plan_review.empty(),
                    std::string_view(each.plan_review));
}

bool passes(const CaseSummary& each, std::string_view filter) {
  if (filter == "high") return each.risk == pb::risk_high && !each.closed;
  if (filter == "two_values") return each.two_values;
  if (filter == "closed") return each.closed;
  return true;
}

pb::CaseRow row_of(const CaseSummary& each, const CaseList::Asked& asked, const std::string& today) {
  pb::CaseRow row;
  row.set_case_id(each.id.str());
  row.set_name(each.shown_name());
  row.set_second(each.town + (each.town.empty() || each.reference.empty() || each.name.empty() ? "" : ", ") +
                 (each.name.empty() ? "" : each.reference));
  row.set_risk(each.risk);
  row.set_two_values(each.two_values);
  row.set_draft(asked.drafts != nullptr && asked.drafts->contains(each.id));
  row.set_status(each.status);
  if (each.last_note_ms != 0) row.set_last_seen(short_day(each.last_note_ms, asked.now_ms));
  if (!each.plan_review.empty() && !each.closed) {
    const bool overdue = is_overdue(each, today);
    row.set_plan_review(overdue ? "Plan review overdue" : "Plan review " + short_day(each.plan_review, asked.now_ms));
    row.set_plan_review_overdue(overdue);
  }
  return row;
}

}  // namespace

std::string CaseSummary::shown_name() const {
  if (!name.empty()) return name;
  return reference.empty() ? "No name yet" : "No name yet, " + reference;
}

CaseSummary::~CaseSummary() {
  for (std::string* text : {&name, &town, &reference, &plan_review}) wipe(*text);
}

Result<CaseSummary> CaseList::read(vault::Vault& vault, const RecordId& case_id, std::int64_t ledger, Bytes heads) {
  CaseSummary out;
  out.id = case_id;
  out.ledger = ledger;
  out.heads = std::move(heads);
  WAYSIDE_TRY(const auto rows, vault.store().records_in(ledger));
  const auto known = by_id_.find(case_id);
  const auto at = static_cast<std::uint32_t>(known == by_id_.end() ? cases_.size() : known->second);
  for (const RecordRow& row : rows) {
    records_[row.id] = {at, row.state.type};
    read_record(row, out);
  }
  return out;
}

Result<void> CaseList::refresh(vault::Vault& vault, const RecordId& case_id) {
  WAYSIDE_TRY(const auto ledger, vault.store().ledger_of(ledger::LedgerKind::case_ledger, case_id.view()));
  if (!ledger) return {};
  WAYSIDE_TRY(Bytes heads, heads_of(vault, ledger->n));
  const auto known = by_id_.find(case_id);
  if (known != by_id_.end() && cases_[known->second].heads == heads) return {};
  WAYSIDE_TRY(CaseSummary summary, read(vault, case_id, ledger->n, std::move(heads)));
  if (known != by_id_.end()) {
    cases_[known->second] = std::move(summary);
    return {};
  }
  by_id_.emplace(case_id, static_cast<std::uint32_t>(cases_.size()));
  cases_.push_back(std::move(summary));
  return {};
}

Result<void> CaseList::load(vault::Vault& vault, const std::function<bool()>& go_on) {
  cases_.clear();
  by_id_.clear();
  records_.clear();
  return refresh_changed(vault, go_on);
}

Result<void> CaseList::refresh_changed(vault::Vault& vault, const std::function<bool()>& go_on) {
  const RecordType* type = schema::current().type("case");
  if (type == nullptr) return fail(Errc::unknown_type, "case");
  WAYSIDE_TRY(const auto rows, vault.store().records_of_type(type->id));
  cases_.reserve(rows.size());
  for (const RecordRow& row : rows) {
    if (!go_on()) return fail(Errc::locked, "while the cases were read");
    WAYSIDE_OK(refresh(vault, row.id));
  }
  return {};
}

const CaseSummary* CaseList::find(const RecordId& case_id) const {
  const auto found = by_id_.find(case_id);
  return found == by_id_.end() ? nullptr : &cases_[found->second];
}

CaseList::Place CaseList::place_of(const RecordId& record) const {
  const auto found = records_.find(record);
  return found == records_.end() ? Place{} : Place{&cases_[found->second.at], found->second.type};
}

std::string CaseList::free_reference() const {
  std::unordered_set<std::string_view> taken;
  for (const CaseSummary& each : cases_) taken.insert(each.reference);
  for (std::size_t number = cases_.size() + 1;; ++number) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "C-%04zu", number);
    if (!taken.contains(text.data())) return text.data();
  }
}

pb::Caseload CaseList::rows(const Asked& asked) const {
  const std::string today = iso_day(asked.now_ms);
  pb::Caseload out;
  std::vector<const CaseSummary*> chosen;
  for (const CaseSummary& each : cases_) {
    out.set_high_risk(out.high_risk() + (passes(each, "high") ? 1 : 0));
    out.set_two_values(out.two_values() + (each.two_values ? 1 : 0));
    out.set_closed(out.closed() + (each.closed ? 1 : 0));
    if (asked.among == nullptr && passes(each, asked.filter)) chosen.push_back(&each);
  }
  out.set_total(static_cast<std::uint32_t>(cases_.size()));
  if (asked.among != nullptr) {
    for (const RecordId& id : *asked.among) {
      const CaseSummary* each = find(id);
      if (each != nullptr && passes(*each, asked.filter)) chosen.push_back(each);
    }
  } else {
    struct Keyed {
      const CaseSummary* each;
      std::string name;
    };
    std::vector<Keyed> keyed;
    keyed.reserve(chosen.size());
    for (const CaseSummary* each : chosen) keyed.push_back({each, lower(each->shown_name())});
    std::ranges::sort(keyed, [&](const Keyed& a, const Keyed& b) {
      const auto first = urgency(*a.each, today);
      const auto second = urgency(*b.each, today);
      if (first != second) return first < second;
      return a.name != b.name ? a.name < b.name : a.each->id < b.each->id;
    });
    std::ranges::transform(keyed, chosen.begin(), &Keyed::each);
    for (Keyed& each : keyed) wipe(each.name);
  }
  out.set_matching(static_cast<std::uint32_t>(chosen.size()));
  for (std::size_t i = 0; i < std::min(chosen.size(), kCaseRows); ++i)
    *out.add_rows() = row_of(*chosen[i], asked, today);
  return out;
}

}  // namespace wayside::app
