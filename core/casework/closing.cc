#include "core/casework/closing.h"

#include <algorithm>

#include "core/casework/due.h"
#include "core/casework/risk_of_case.h"
#include "core/casework/writing.h"

namespace wayside::casework {
namespace {

FieldChange set(const schema::RecordType& type, std::string_view field, Value value) {
  FieldChange out;
  out.field = type.field(field);
  out.set = {std::move(value)};
  out.sets = true;
  return out;
}

Result<ledger::RecordWrites> writes_of(const RecordId& id, const schema::RecordType& type, const std::vector<FieldChange>& changes,
                                       const ledger::RecordState* state) {
  ledger::RecordWrites out{id, type.id, {}};
  for (const FieldChange& change : changes) {
    WAYSIDE_TRY(auto writes, writes_for(change, state == nullptr ? nullptr : state->field(change.field->id)));
    std::move(writes.begin(), writes.end(), std::back_inserter(out.writes));
  }
  return out;
}

std::vector<FieldChange> closing_changes(const std::string& reason, rules::Day on) {
  const auto& type = *schema::current().type("case");
  return {set(type, "status", Code{"closed"}), set(type, "closed", Date{rules::iso(on)}), set(type, "closed_reason", Text{reason})};
}

int count_of(const std::vector<Fact>& facts, std::string_view field, std::initializer_list<std::string_view> open) {
  return static_cast<int>(std::ranges::count_if(facts, [&](const Fact& fact) {
    const auto code = fact.fields.text(field);
    return std::ranges::find(open, code) != open.end();
  }));
}

Result<int> reviews_of(Vault& vault, const CaseFacts& facts) {
  WAYSIDE_TRY(const auto open, reviews(vault));
  int out = 0;
  for (const auto& review : open) {
    if (review.kind == ReviewKind::quarantined) continue;
    WAYSIDE_TRY(const auto row, vault.store().record(review.record));
    if (!row) continue;
    WAYSIDE_TRY(const auto of, case_of(vault, *row));
    out += of == facts.id() ? 1 : 0;
  }
  return out;
}

Result<ledger::RecordWrites> follow_up_task(Vault& vault, const CaseFacts& facts, const rules::FollowUp& each) {
  const auto& type = *schema::current().type("task");
  const auto months = std::to_string(each.months);
  auto who = facts.own().text("lead_worker");
  if (who.empty()) who = vault.user_name(vault.identity().user);
  std::vector<FieldChange> fields{set(type, "what", Text{"Follow up " + months + " months after closing"}),
                                  set(type, "due", Date{rules::iso(each.due)}), set(type, "who", Text{who}), set(type, "status", Code{"open"})};
  if (each.months == 6 || each.months == 12) fields.push_back(set(type, "kind", Code{"follow_up_" + months}));
  return writes_of(new_record_id(vault.env().random, vault.env().clock), type, fields, nullptr);
}

std::string refusal(const ClosingOfCase& found, bool knowing) {
  std::string out;
  for (const auto& reason : found.verdict.reasons) {
    const bool counts = reason.answer == rules::Answer::no || (reason.answer == rules::Answer::ask && !knowing);
    if (counts) out += (out.empty() ? "" : " ") + reason.sentence;
  }
  return out;
}

}  // namespace

Result<ClosingOfCase> may_close(Vault& vault, const CaseFacts& facts, const std::string& reason, rules::Day on) {
  WAYSIDE_TRY(const auto row, vault.store().record(facts.id()));
  if (!row) return fail(Errc::not_found, "the case's own record");
  WAYSIDE_TRY(const auto writes, writes_of(facts.id(), *schema::current().type("case"), closing_changes(reason, on), &row->state));
  const auto after = folded(vault, row->state, writes.writes);
  ClosingOfCase out;
  WAYSIDE_TRY(out.gaps, gaps_to_close(vault, facts.id(), &after));
  rules::CaseToClose asked;
  for (const Gap& gap : out.gaps) {
    const auto name = gap.type->label + ": " + gap.field->name;
    if (std::ranges::find(asked.missing_fields, name) == asked.missing_fields.end()) asked.missing_fields.push_back(name);
  }
  WAYSIDE_TRY(asked.open_reviews, reviews_of(vault, facts));
  asked.open_tasks = count_of(facts.of("task"), "status", {"open", "moved"});
  asked.open_needs = count_of(facts.of("need"), "status", {"identified", "in_progress"});
  asked.open_referrals = count_of(facts.of("referral"), "outcome", {"SENT", "WAITING", "ACCEPTED"});
  asked.loans_out = count_of(facts.of("equipment_loan"), "status", {"requested", "lent"});
  const auto alarms = alarms_of(facts.of("appointment"), facts.of("check_in"), vault.env().clock.wall_ms());
  asked.alarm_raised = std::ranges::any_of(alarms, [](const DueItem& item) { return item.kind == "alarm"; });
  WAYSIDE_TRY(const auto risk, risk_of_case(vault, facts));
  if (risk.effective.level != rules::RiskLevel::not_assessed) asked.high_risk = risk.effective.level == rules::RiskLevel::high;
  asked.closing_plan = !facts.own().text("closing_plan").empty();
  asked.safe_to_follow_up = facts.own().flag("safe_to_follow_up");
  out.verdict = rules::may_close(asked);
  return out;
}

Result<ClosedCase> close_case(Vault& vault, const RecordId& case_id, const CloseRequest& request) {
  if (request.reason.empty()) return fail(Errc::bad_input, "reason: say why, so that the next person knows");
  WAYSIDE_TRY(const auto facts, CaseFacts::read(vault, case_id));
  if (facts.own().text("status") == "closed") return fail(Errc::bad_input, "status: the case is closed already");
  WAYSIDE_TRY(const auto found, may_close(vault, facts, request.reason, request.on));
  const bool bars = found.verdict.answer == rules::Answer::no;
  if (bars || (found.verdict.answer == rules::Answer::ask && !request.knowing)) {
    return fail(Errc::bad_input, "status: " + refusal(found, request.knowing) + (bars ? "" : " Close it knowing this with --anyway"));
  }
  WAYSIDE_TRY(const auto row, vault.store().record(case_id));
  const auto& type = *schema::current().type("case");
  vault::Save save;
  save.case_id = case_id;
  save.form = "close";
  save.reason = request.reason;
  WAYSIDE_TRY(auto writes, writes_of(case_id, type, closing_changes(request.reason, request.on), &row->state));
  save.records.push_back(std::move(writes));
  ClosedCase out;
  out.verdict = found.verdict;
  for (const auto& each : rules::follow_ups(request.on, facts.own().flag("safe_to_follow_up"))) {
    WAYSIDE_TRY(auto task, follow_up_task(vault, facts, each));
    out.follow_ups.push_back(task.record);
    save.records.push_back(std::move(task));
  }
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault::save(vault, writing, save));
  WAYSIDE_OK(std::move(writing).commit());
  return out;
}

Result<HoldStanding> hold_standing(Vault& vault, const RecordId& case_id, rules::Day on) {
  WAYSIDE_TRY(const auto facts, CaseFacts::read(vault, case_id));
  HoldStanding out;
  rules::RetentionFacts asked;
  if (facts.own().text("status") == "closed") {
    asked.clock_from = facts.own().day("retention_from");
    if (!asked.clock_from) asked.clock_from = facts.own().day("closed");
  }
  asked.about_a_child = facts.own().text("retention_class") == "child" || !facts.of("child").empty();
  for (const Fact& child : facts.of("child")) asked.children_born.push_back(child.fields.day("dob"));
  for (const Fact& hold : facts.of("hold")) {
    const bool holds = hold.fields.flag("legal_hold").value_or(true);
    asked.holds.push_back(holds);
    if (holds) out.holds.push_back(hold.id);
    if (hold.fields.day("erasure_asked_on")) asked.erasure_asked = true;
  }
  out.held = !out.holds.empty();
  out.retention = rules::retention(asked, on);
  return out;
}

Result<RecordId> hold_case(Vault& vault, const RecordId& case_id, const std::string& reason, const std::string& asked_by, rules::Day on) {
  const auto& type = *schema::current().type("hold");
  NewRecordRequest request;
  request.type = &type;
  request.fields = {set(type, "legal_hold", true), set(type, "reason", Text{reason}), set(type, "from_date", Date{rules::iso(on)})};
  if (!asked_by.empty()) request.fields.push_back(set(type, "asked_by", Text{asked_by}));
  std::vector<NewRecordRequest> requests;
  requests.push_back(std::move(request));
  WAYSIDE_TRY(const auto ids, put(vault, case_id, std::nullopt, requests, "hold"));
  return ids.front();
}

Result<std::vector<RecordId>> lift_holds(Vault& vault, const RecordId& case_id, const std::string& reason) {
  if (reason.empty()) return fail(Errc::bad_input, "reason: say why, so that the next person knows");
  WAYSIDE_TRY(const auto facts, CaseFacts::read(vault, case_id));
  const auto& type = *schema::current().type("hold");
  vault::Save save;
  save.case_id = case_id;
  save.form = "hold --lift";
  save.reason = reason;
  std::vector<RecordId> out;
  for (const Fact& hold : facts.of("hold")) {
    if (!hold.fields.flag("legal_hold").value_or(true)) continue;
    WAYSIDE_TRY(auto writes, writes_of(hold.id, type, {set(type, "legal_hold", false)}, &hold.shown->row.state));
    save.records.push_back(std::move(writes));
    out.push_back(hold.id);
  }
  if (out.empty()) return fail(Errc::bad_input, "hold: no hold stands on this case");
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault::save(vault, writing, save));
  WAYSIDE_OK(std::move(writing).commit());
  return out;
}

}  // namespace wayside::casework
