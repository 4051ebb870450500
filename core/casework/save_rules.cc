#include "core/casework/save_rules.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/ledger/view.h"
#include "core/schema/validate.h"

namespace wayside::casework {
namespace {

using schema::Field;
using schema::RecordType;
using schema::Required;

/// The field whose answer takes a record to a stage. `answers` are codes between blanks; empty: any answer.
struct Stage {
  std::string_view type, field, answers;
  Required required;
  std::string_view said;
};
constexpr std::array kStages{
    Stage{"case", "status", "closed", Required::to_close, "closed"},
    Stage{"referral", "outcome", "SENT WAITING ACCEPTED PLACED DECLINED REFUSED NO_REPLY", Required::to_send, "sent"},
    Stage{"risk_assessment", "signed_at", "", Required::to_send, "signed"},
    Stage{"marac", "sent_on", "", Required::to_send, "sent"},
    Stage{"marac", "heard_on", "", Required::to_send, "sent"},
    Stage{"managed_move", "requested", "", Required::to_send, "sent"},
    Stage{"managed_move", "landlord_approval", "asked given refused", Required::to_send, "sent"},
    Stage{"sanctuary_request", "requested", "", Required::to_send, "sent"},
    Stage{"sanctuary_request", "surveyed", "", Required::to_send, "sent"},
    Stage{"sanctuary_request", "completed", "", Required::to_send, "sent"},
    Stage{"fund_request", "asked_on", "", Required::to_send, "sent"},
    Stage{"fund_request", "decision", "", Required::to_send, "sent"},
};

/// A record type of a pack is sent, or signed, once one of these fields has an answer: whoever writes the pack names it so.
constexpr std::array<std::string_view, 3> kSendingFields{"sent_on", "sent_at", "signed_at"};

/// A reference of this name points to what was there before.
constexpr std::string_view kSupersedes = "supersedes";

/// One answer that makes another field necessary.
struct Condition {
  std::string_view type, field, answers, needs, why;
};
constexpr std::array kConditions{
    Condition{"referral", "outcome", "DECLINED", "decline_reasons",
              "is needed when the service declined. Take NOT_STATED where it gave no reason"},
    Condition{"referral", "main_decline_reason", "", "decline_reasons", "is needed with a main reason. Name every reason"},
    Condition{"risk_assessment", "judgement_level", "STANDARD MEDIUM HIGH", "judgement_reason",
              "is needed with a level by judgement. Say what it rests on"},
    Condition{"risk_assessment", "supersedes", "", "lowering_reason", "is needed to lower a level. Say what has changed"},
    Condition{"risk_assessment", "supersedes", "", "second_person", "is needed to lower a level. Name who agreed"},
    Condition{"risk_assessment", "completion", "part none", "not_completed_why", "is needed where not all was asked"},
    Condition{"consent", "decision", "OVERRIDE", "override_reason", "is needed to share without consent"},
    Condition{"consent", "decision", "OVERRIDE", "override_by", "is needed to share without consent. Name who authorised it"},
    Condition{"stay", "end_reason", "UNPLANNED", "unplanned_reason", "is needed when a stay ended unplanned"},
    Condition{"fund_request", "decision", "refused", "decision_reason", "is needed with a refusal"},
    Condition{"fund_request", "decision", "granted part_granted", "granted_pence", "is needed with a grant"},
};

bool has_word(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const auto end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

bool is_filled(const Content& content, const Field& field) {
  return std::ranges::find(content.filled, field.id) != content.filled.end();
}

bool answers(const Content& content, std::string_view field_name, std::string_view codes) {
  const Field* field = content.type->field(field_name);
  if (field == nullptr || !is_filled(content, *field)) return false;
  if (codes.empty()) return true;
  const auto values = content.values(*field);
  return std::ranges::any_of(values, [&](const Value& value) {
    const auto* code = std::get_if<Code>(&value);
    return code != nullptr && has_word(codes, code->code);
  });
}

bool has_rules(const RecordType& type) {
  return !type.pack.empty() || std::ranges::find(kStages, type.name, &Stage::type) != kStages.end() ||
         std::ranges::find(kConditions, type.name, &Condition::type) != kConditions.end();
}

void add(std::vector<Need>& needs, const Field* field, std::string what) {
  if (field == nullptr || std::ranges::find(needs, field, &Need::field) != needs.end()) return;
  needs.push_back({field, std::move(what)});
}

void add_stages(const Content& content, std::vector<Need>& needs) {
  for (const Stage& stage : kStages) {
    if (stage.type != content.type->name || !answers(content, stage.field, stage.answers)) continue;
    for (const Field* field : schema::missing(*content.type, content.filled, stage.required)) {
      add(needs, field, "is needed before a " + content.type->label + " is " + std::string(stage.said) +
                            ". Fill it in, or leave " + std::string(stage.field) + " as it was");
    }
  }
}

void add_pack_stages(const Content& content, std::vector<Need>& needs) {
  for (const auto name : kSendingFields) {
    if (!answers(content, name, "")) continue;
    for (const Field* field : schema::missing(*content.type, content.filled, Required::to_send)) {
      add(needs, field, "is needed before a " + content.type->label + " is sent. Fill it in, or leave " + std::string(name) + " empty");
    }
  }
}

void add_conditions(const Content& content, std::vector<Need>& needs) {
  for (const Condition& condition : kConditions) {
    if (condition.type != content.type->name || !answers(content, condition.field, condition.answers)) continue;
    const Field* field = content.type->field(condition.needs);
    if (field != nullptr && !is_filled(content, *field)) add(needs, field, std::string(condition.why));
  }
}

/// The main reason is one of the reasons; else a count by reason and a count by main reason tell different stories.
void add_main_reason(const Content& content, std::vector<Need>& needs) {
  const Field* main = content.type->field("main_decline_reason");
  const Field* all = content.type->field("decline_reasons");
  if (main == nullptr || all == nullptr || !is_filled(content, *main) || !is_filled(content, *all)) return;
  const auto reasons = content.values(*all);
  for (const Value& value : content.values(*main)) {
    if (std::ranges::find(reasons, value) == reasons.end()) add(needs, main, "is none of decline_reasons. Add it there");
  }
}

std::string a_type(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : " or ") + name;
  return out;
}

Result<std::optional<Place>> place_of(Vault& vault, const RecordId& id, const Neighbour& neighbour) {
  if (neighbour) {
    if (auto beside = neighbour(id)) return beside;
  }
  WAYSIDE_TRY(const auto row, vault.store().record(id));
  if (!row) return std::nullopt;
  Place place{row->state.type, std::nullopt};
  WAYSIDE_TRY(place.case_id, case_of(vault, *row));
  return place;
}

Result<void> check_target(const Field& field, const Place& target, const std::optional<RecordId>& case_id) {
  const RecordType* type = schema::current().type(target.type);
  if (type == nullptr) return {};   // of a version to come
  if (!field.to.empty() && std::ranges::find(field.to, type->name) == field.to.end()) {
    return fail(Errc::bad_input, field.name + ": points to a " + type->name + ". It takes the id of a " + a_type(field.to));
  }
  if (type->in_case && target.case_id != case_id) {
    return fail(Errc::bad_input, field.name + ": points into another case. Take a record of this case");
  }
  return {};
}

/// Whether following `field` from `from` comes to `self`: an assessment would then replace what replaces it.
Result<bool> leads_back(Vault& vault, const Field& field, const RecordId& from, const RecordId& self) {
  std::vector<RecordId> open{from}, seen;
  while (!open.empty()) {
    const RecordId next = open.back();
    open.pop_back();
    if (next == self) return true;
    if (std::ranges::find(seen, next) != seen.end()) continue;
    seen.push_back(next);
    WAYSIDE_TRY(const auto row, vault.store().record(next));
    const ledger::FieldState* held = row ? row->state.field(field.id) : nullptr;
    if (held == nullptr) continue;
    for (const auto& shown : ledger::view(&field, *held).values) {
      if (const auto* id = std::get_if<RecordId>(&shown.value)) open.push_back(*id);
    }
  }
  return false;
}

void add_gaps(const ledger::RecordRow& row, const ledger::RecordState& state, std::vector<Gap>& gaps) {
  const RecordType* type = schema::current().type(state.type);
  if (type == nullptr || ledger::archived(state).archived) return;
  const auto content = content_of(*type, state);
  for (const Field* field : schema::missing(*type, content.filled, Required::to_close)) gaps.push_back({row.id, type, field});
}

}  // namespace

Content content_of(const RecordType& type, const std::vector<ledger::Write>& writes) {
  Content out{&type, {}, {}};
  for (const auto& write : writes) {
    if (!write.value.empty()) out.filled.push_back(write.field);
  }
  out.values = [&writes](const Field& field) {
    std::vector<Value> values;
    for (const auto& write : writes) {
      if (write.field == field.id && !write.value.empty()) values.push_back(decode_value(write.value));
    }
    return values;
  };
  return out;
}

Content content_of(const RecordType& type, const ledger::RecordState& state) {
  Content out{&type, {}, {}};
  for (const auto& [id, field] : state.fields) {
    if (!field.held.empty()) out.filled.push_back(id);
  }
  out.values = [&state](const Field& field) {
    std::vector<Value> values;
    const ledger::FieldState* held = state.field(field.id);
    if (held == nullptr) return values;
    const auto view = ledger::view(&field, *held);
    const std::size_t count = view.current > 0 ? view.current : view.values.size();   // requests alone
    for (std::size_t i = 0; i < count; ++i) values.push_back(view.values[i].value);
    return values;
  };
  return out;
}

std::vector<Need> unmet_needs(const Content& content) {
  std::vector<Need> out;
  for (const Field* field : schema::missing(*content.type, content.filled, Required::to_save)) {
    add(out, field, "is needed to save a " + content.type->label);
  }
  if (!has_rules(*content.type)) return out;
  add_stages(content, out);
  if (!content.type->pack.empty()) add_pack_stages(content, out);
  add_conditions(content, out);
  if (content.type->name == "referral") add_main_reason(content, out);
  return out;
}

Result<void> check_needs(const Content& after, const Content* before) {
  const auto open = unmet_needs(after);
  if (open.empty()) return {};
  const auto known = before == nullptr ? std::vector<Need>{} : unmet_needs(*before);
  for (const Need& need : open) {
    if (std::ranges::find(known, need.field, &Need::field) != known.end()) continue;
    return fail(Errc::bad_input, need.field->name + ": " + need.what);
  }
  return {};
}

Result<void> check_references(Vault& vault, const ledger::RecordWrites& record, const std::optional<RecordId>& case_id,
                              const Neighbour& neighbour, Missing missing) {
  const RecordType* type = schema::current().type(record.type);
  if (type == nullptr) return {};
  for (const auto& write : record.writes) {
    const Field* field = type->field(write.field);
    if (field == nullptr || field->kind != schema::FieldKind::reference || write.value.empty()) continue;
    const Value value = decode_value(write.value);
    const auto* id = std::get_if<RecordId>(&value);
    if (id == nullptr) continue;
    if (*id == record.record) return fail(Errc::bad_input, field->name + ": points to its own record. Name another one");
    WAYSIDE_TRY(const auto target, place_of(vault, *id, neighbour));
    if (target) WAYSIDE_OK(check_target(*field, *target, case_id));
    else if (missing == Missing::refused) {
      return fail(Errc::bad_input, field->name + ": points to no record on this device. Check the id, or `sync` first");
    }
    if (field->name != kSupersedes) continue;
    WAYSIDE_TRY(const bool ring, leads_back(vault, *field, *id, record.record));
    if (ring) return fail(Errc::bad_input, field->name + ": leads back to this record. One of the two came first; name the older one");
  }
  return {};
}

ledger::RecordState folded(Vault& vault, const ledger::RecordState& state, const std::vector<ledger::Write>& writes) {
  ledger::RecordState out = state;
  const ledger::Author author{vault.identity().user, vault.clock().latest(), static_cast<std::uint32_t>(vault.role())};
  std::uint32_t index = 0;
  for (const auto& write : writes) ledger::fold(out, write, {vault.identity().device, {}, index++}, author);
  return out;
}

Result<std::vector<Gap>> gaps_to_close(Vault& vault, const RecordId& case_id, const ledger::RecordState* case_after) {
  WAYSIDE_TRY(const auto ledgers, vault.store().ledgers_of_case(case_id));
  if (ledgers.empty()) return fail(Errc::not_found, "case");
  std::vector<Gap> out;
  for (const ledger::LedgerRow& ledger : ledgers) {
    WAYSIDE_TRY(const auto rows, vault.store().records_in(ledger.n));
    for (const auto& row : rows) add_gaps(row, row.id == case_id && case_after != nullptr ? *case_after : row.state, out);
  }
  std::ranges::stable_sort(out, {}, [](const Gap& gap) { return gap.type->id; });
  return out;
}

std::string listed(const std::vector<Gap>& gaps) {
  std::string out;
  const RecordType* of = nullptr;
  std::vector<const Field*> said;
  for (const Gap& gap : gaps) {
    if (gap.type != of) said.clear();
    if (std::ranges::find(said, gap.field) != said.end()) continue;
    said.push_back(gap.field);
    out += gap.type == of ? ", " : (out.empty() ? "" : "; ") + gap.type->label + ": ";
    of = gap.type;
    const auto count = std::ranges::count_if(gaps, [&](const Gap& each) { return each.field == gap.field; });
    out += gap.field->name + (count > 1 ? " (" + std::to_string(count) + ")" : "");
  }
  return out;
}

Result<void> check_case_step(Vault& vault, const RecordId& case_id, const ledger::RecordState& before,
                             const ledger::RecordState& after) {
  const RecordType& type = *schema::current().type("case");
  const auto old = content_of(type, before);
  const auto made = content_of(type, after);
  if (answers(made, "status", "closed") && !answers(old, "status", "closed")) {
    WAYSIDE_TRY(const auto gaps, gaps_to_close(vault, case_id, &after));
    if (!gaps.empty()) {
      return fail(Errc::bad_input, "status: the case cannot be closed yet. Still needed: " + listed(gaps) +
                                       ". Fill them in, or archive what does not belong here");
    }
    return {};
  }
  if (!answers(old, "status", "enquiry") || !answers(made, "status", "open")) return {};
  WAYSIDE_TRY(const auto records, records_of_case(vault, case_id));
  for (const ShownRecord& record : records) {
    if (record.type == nullptr || record.type->name != "person" || record.archived.archived) continue;
    const auto content = content_of(*record.type, record.row.state);
    if (schema::missing(*record.type, content.filled, Required::to_send).empty()) return {};
  }
  return fail(Errc::bad_input, "status: an enquiry is opened once it has a person with forename and safe_contact. "
                               "Save those first, or leave it an enquiry");
}

}  // namespace wayside::casework
