#include "core/casework/fund.h"

#include <algorithm>

#include "core/casework/rules/adapters.h"

namespace wayside::casework {
namespace {

bool is_granted(std::string_view decision) { return decision == "granted" || decision == "part_granted"; }

FieldChange set(std::string_view type, std::string_view field, Value value) {
  FieldChange out;
  out.field = schema::current().type(type)->field(field);
  out.set = {std::move(value)};
  out.sets = true;
  return out;
}

/// What a request is called until a desk has numbered it, and afterwards: made from its id, so no two desks clash.
std::string number_of(const Fact& request) {
  const auto number = request.fields.text("number");
  if (!number.empty()) return number;
  const auto hex = to_hex(request.id.view());
  return "F-" + hex.substr(hex.size() - 8);
}

FundRequestRow row_of(const Fact& request) {
  return {request.id, request.case_id, number_of(request), request.fields.text("decision"), request.fields.number("amount_pence").value_or(0),
          request.fields.number("granted_pence"), request.fields.day("asked_on"), request.fields.day("paid_on")};
}

std::vector<rules::Posting> postings_of(const RecordId& pot, std::int64_t opening_pence, const std::vector<FundRequestRow>& requests) {
  using rules::Account;
  std::vector<rules::Posting> out;
  if (opening_pence > 0) out.push_back({"opening " + to_text(pot), Account::funder, Account::pot, opening_pence, ""});
  for (const FundRequestRow& each : requests) {
    const std::int64_t pence = each.granted_pence.value_or(0);
    if (!is_granted(each.decision) || pence <= 0) continue;
    out.push_back({"grant " + to_text(each.id), Account::pot, Account::committed, pence, each.number});
    if (each.paid_on) out.push_back({"pay " + to_text(each.id), Account::committed, Account::paid, pence, each.number});
  }
  return out;
}

Result<rules::RecordFields> fields_of(Vault& vault, const RecordId& id, std::string_view type) {
  WAYSIDE_TRY(const auto shown, get(vault, id));
  if (shown.type == nullptr || shown.type->name != type) {
    return fail(Errc::bad_input, to_text(id) + ": is no " + schema::current().type(type)->label);
  }
  if (shown.archived.archived) return fail(Errc::bad_input, to_text(id) + ": was put away. `archive ID --undo` brings it back");
  return rules::RecordFields(shown);
}

std::string sentences_of(const rules::Verdict& verdict, rules::Answer up_to) {
  std::string out;
  for (const auto& reason : verdict.reasons) {
    if (reason.answer <= up_to) out += (out.empty() ? "" : " ") + reason.sentence;
  }
  return out;
}

Result<void> check_desk(const Vault& vault) {
  return membership::writes_desk_fields(vault.role()) ? Result<void>{} : fail(Errc::not_permitted, "only a desk decides on money");
}

/// The request as it stands, and the pot that it asks.
struct Open {
  FundRequestRow row;
  rules::FundRequest asked;
  FundStanding fund;
};
Result<Open> open_request(Vault& vault, const RecordId& id) {
  WAYSIDE_TRY(const auto fields, fields_of(vault, id, "fund_request"));
  const auto pots = fields.records("pot");
  if (pots.empty()) return fail(Errc::bad_input, "pot: the request names no fund. Say which with `edit`");
  Open out;
  WAYSIDE_TRY(out.fund, fund_standing(vault, pots.front()));
  const auto found = std::ranges::find(out.fund.requests, id, &FundRequestRow::id);
  if (found == out.fund.requests.end()) return fail(Errc::not_found, "request");
  out.row = *found;
  out.asked = rules::fund_request_from(fields);
  out.asked.number = out.row.number;
  return out;
}

Result<FundRequestRow> decided(Vault& vault, const RecordId& id, const std::vector<FieldChange>& changes, std::string reason, std::string form) {
  WAYSIDE_OK(edit(vault, id, changes, std::move(reason), std::move(form)));
  WAYSIDE_TRY(const auto open, open_request(vault, id));
  return open.row;
}

}  // namespace

Result<FundStanding> fund_standing(Vault& vault, const RecordId& pot) {
  WAYSIDE_TRY(const auto fields, fields_of(vault, pot, "fund_pot"));
  FundStanding out;
  out.id = pot;
  out.pot = rules::fund_pot_from(fields);
  out.opening_pence = fields.number("opening_pence").value_or(0);
  out.last_known_pence = fields.number("balance_pence");
  WAYSIDE_TRY(const auto all, facts_of_type(vault, "fund_request"));
  std::vector<rules::FundRequest> asked;
  for (const Fact& request : all.facts) {
    const auto pots = request.fields.records("pot");
    if (std::ranges::find(pots, pot) == pots.end()) continue;
    out.requests.push_back(row_of(request));
    asked.push_back(rules::fund_request_from(request.fields));
    asked.back().number = out.requests.back().number;
  }
  std::ranges::sort(out.requests, {}, &FundRequestRow::id);
  out.alike = rules::possible_duplicates(asked);
  WAYSIDE_TRY(out.balance, rules::balance(postings_of(pot, out.opening_pence, out.requests)));
  return out;
}

Result<AskedFund> request_fund(Vault& vault, const RecordId& case_id, std::vector<FieldChange> fields, rules::Day on) {
  rules::RecordFields as_asked;
  for (const FieldChange& change : fields) as_asked.set(change.field->name, change.set);
  const auto pots = as_asked.records("pot");
  if (pots.empty()) return fail(Errc::bad_input, "pot: name the fund that is asked");
  WAYSIDE_TRY(const auto fund, fund_standing(vault, pots.front()));
  AskedFund out;
  out.verdict = rules::may_ask(fund.pot, rules::fund_request_from(as_asked), fund.last_known_pence, on);
  if (out.verdict.answer == rules::Answer::no) return fail(Errc::bad_input, "fund: " + sentences_of(out.verdict, rules::Answer::no));
  fields.push_back(set("fund_request", "asked_on", Date{rules::iso(on)}));
  NewRecordRequest request{std::nullopt, schema::current().type("fund_request"), std::move(fields)};
  WAYSIDE_TRY(const auto made, put(vault, case_id, std::nullopt, {std::move(request)}, "fund request"));
  out.id = made.front();
  return out;
}

Result<FundRequestRow> grant_fund(Vault& vault, const RecordId& id, std::optional<std::int64_t> pence, rules::Day on) {
  WAYSIDE_OK(check_desk(vault));
  WAYSIDE_TRY(const auto open, open_request(vault, id));
  if (open.row.decision == "refused" || open.row.decision == "withdrawn") {
    return fail(Errc::bad_input, "decision: the request was " + open.row.decision + ". A new request may be made");
  }
  auto part = open.asked;
  part.amount_pence = pence.value_or(open.asked.amount_pence);
  if (part.amount_pence <= 0 || part.amount_pence > open.asked.amount_pence) {
    return fail(Errc::bad_input, "granted_pence: has to be above 0 and at most what was asked for");
  }
  const auto verdict = rules::may_grant(open.fund.pot, part, open.fund.balance, on);
  if (verdict.answer != rules::Answer::yes) return fail(Errc::bad_input, "fund: " + sentences_of(verdict, rules::Answer::ask));
  WAYSIDE_TRY(const auto posting, rules::grant(open.fund.pot, open.asked, part.amount_pence, open.fund.balance, on));
  const bool whole = posting.pence == open.asked.amount_pence;
  return decided(vault, id,
                 {set("fund_request", "decision", Code{whole ? "granted" : "part_granted"}), set("fund_request", "granted_pence", posting.pence),
                  set("fund_request", "decided_on", Date{rules::iso(on)}), set("fund_request", "number", Text{open.row.number})},
                 "", "fund grant");
}

Result<FundRequestRow> refuse_fund(Vault& vault, const RecordId& id, const std::string& reason, rules::Day on) {
  WAYSIDE_OK(check_desk(vault));
  WAYSIDE_TRY(const auto open, open_request(vault, id));
  if (is_granted(open.row.decision)) return fail(Errc::bad_input, "decision: the request was granted already");
  if (reason.empty()) return fail(Errc::bad_input, "decision_reason: say why, in the fund's own rule where there is one");
  return decided(vault, id,
                 {set("fund_request", "decision", Code{"refused"}), set("fund_request", "decision_reason", Text{reason}),
                  set("fund_request", "decided_on", Date{rules::iso(on)}), set("fund_request", "number", Text{open.row.number})},
                 reason, "fund refuse");
}

Result<FundRequestRow> pay_fund(Vault& vault, const RecordId& id, rules::Day on, const std::string& receipt) {
  WAYSIDE_OK(check_desk(vault));
  WAYSIDE_TRY(const auto open, open_request(vault, id));
  if (!is_granted(open.row.decision)) return fail(Errc::bad_input, "decision: nothing was granted, so nothing is paid");
  if (open.row.paid_on) return fail(Errc::bad_input, "paid_on: was paid on " + rules::iso(*open.row.paid_on) + " already");
  std::vector<FieldChange> changes{set("fund_request", "paid_on", Date{rules::iso(on)})};
  if (!receipt.empty()) {
    FieldChange entry;
    entry.field = schema::current().type("fund_request")->field("receipts");
    entry.set = {Text{receipt}};
    entry.sets = true;
    changes.push_back(std::move(entry));
  }
  return decided(vault, id, changes, "", "fund pay");
}

Result<void> publish_balance(Vault& vault, const FundStanding& standing) {
  WAYSIDE_OK(check_desk(vault));
  return edit(vault, standing.id,
              {set("fund_pot", "balance_pence", standing.balance.pot_pence), set("fund_pot", "balance_at", Instant{vault.env().clock.wall_ms()})}, "",
              "fund balance");
}

}  // namespace wayside::casework
