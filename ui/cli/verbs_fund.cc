#include "core/casework/fund.h"
#include "core/casework/rules/wording.h"
#include "core/schema/validate.h"
#include "ui/cli/assignments.h"
#include "ui/cli/case_words.h"
#include "ui/cli/office_line.h"
#include "ui/cli/words.h"

// fund

namespace wayside::cli {
namespace {

namespace rules = casework::rules;
using casework::FieldChange;
using nlohmann::json;

struct FundWords {
  std::string id, pot, amount, words, purpose, payee, safe_way, relevant, capital, specialist, reason, receipt, on;
  bool publish = false;
};

json request_json(const casework::FundRequestRow& row) {
  return {{"id", to_text(row.id)}, {"case", to_text(row.case_id)}, {"number", row.number},
          {"decision", row.decision.empty() ? json() : json(row.decision)}, {"asked_pence", row.asked_pence},
          {"granted_pence", or_null(row.granted_pence)}, {"asked_on", day_json(row.asked_on)}, {"paid_on", day_json(row.paid_on)}};
}

/// A word as the field reads it: an amount, a yes or no, a code. Nothing for an empty word.
Result<void> add_field(std::string_view field_name, const std::string& word, std::vector<FieldChange>& out) {
  if (word.empty()) return {};
  const schema::Field* const field = schema::current().type("fund_request")->field(field_name);
  FieldChange change;
  change.field = field;
  change.sets = true;
  WAYSIDE_TRY(auto value, schema::parse_field(*field, word));
  change.set = {std::move(value)};
  out.push_back(std::move(change));
  return {};
}

Result<std::optional<std::int64_t>> pence_word(const std::string& word) {
  if (word.empty()) return std::optional<std::int64_t>{};
  const schema::Field* const field = schema::current().type("fund_request")->field("amount_pence");
  WAYSIDE_TRY(const auto value, schema::parse_field(*field, word));
  return std::optional(std::get<std::int64_t>(value));
}

Result<Exit> request(Context& context, const FundWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto on, day_word(*vault, words.on));
  WAYSIDE_TRY(const RecordId case_id, known_case(*vault, words.id));
  std::vector<FieldChange> fields;
  for (const auto& [field, word] : {std::pair("pot", &words.pot), {"amount_pence", &words.amount}, {"words", &words.words},
                                    {"purpose", &words.purpose}, {"payee", &words.payee}, {"safe_way_to_pay", &words.safe_way},
                                    {"relevant_accommodation", &words.relevant}, {"capital", &words.capital},
                                    {"with_specialist", &words.specialist}}) {
    WAYSIDE_OK(add_field(field, *word, fields));
  }
  WAYSIDE_TRY(const auto asked, casework::request_fund(*vault, case_id, std::move(fields), on));
  if (context.json()) {
    json out{{"id", to_text(asked.id)}, {"promised_pence", 0}};
    out.update(verdict_json(asked.verdict.answer, asked.verdict.reasons));
    context.print(out);
    return Exit::done;
  }
  context.say("Asked: " + to_text(asked.id) + ". Promise nothing before the desk has answered.");
  say_reasons(context, asked.verdict.reasons);
  return Exit::done;
}

Result<Exit> answer_decided(Context& context, std::string_view what, const Result<casework::FundRequestRow>& row) {
  if (!row) return std::unexpected(row.error());
  if (context.json()) context.print(request_json(*row));
  else context.say(std::string(what) + ": " + row->number + (row->granted_pence ? ", " + rules::pounds(*row->granted_pence) : "") + ".");
  return Exit::done;
}

enum class Step { grant, refuse, pay };

/// A desk's own step: it reconciles first, since what another desk granted meanwhile counts. Unreachable: nothing is granted.
Result<Exit> decide(Context& context, const FundWords& words, Step step) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto on, day_word(*vault, words.on));
  WAYSIDE_TRY(const RecordId id, record_id(words.id));
  WAYSIDE_TRY(const auto pence, pence_word(words.amount));
  if (!membership::writes_desk_fields(vault->role())) return fail(Errc::not_permitted, "only a desk decides on money");
  WAYSIDE_OK(reconcile_first(context, *vault));
  switch (step) {
    case Step::grant: return answer_decided(context, "Granted", casework::grant_fund(*vault, id, pence, on));
    case Step::refuse: return answer_decided(context, "Refused", casework::refuse_fund(*vault, id, words.reason, on));
    case Step::pay: return answer_decided(context, "Paid", casework::pay_fund(*vault, id, on, words.receipt));
  }
  return Exit::done;
}

Result<Exit> balance(Context& context, const FundWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const RecordId id, record_id(words.id));
  WAYSIDE_TRY(const auto found, casework::fund_standing(*vault, id));
  if (words.publish) WAYSIDE_OK(casework::publish_balance(*vault, found));
  auto requests = json::array();
  for (const auto& each : found.requests) requests.push_back(request_json(each));
  auto alike = json::array();
  for (const auto& [a, b] : found.alike) alike.push_back({a, b});
  const auto& sums = found.balance;
  if (context.json()) {
    context.print({{"pot", to_text(id)}, {"name", found.pot.name}, {"opening_pence", found.opening_pence}, {"pot_pence", sums.pot_pence},
                   {"committed_pence", sums.committed_pence}, {"paid_pence", sums.paid_pence}, {"last_known_pence", or_null(found.last_known_pence)},
                   {"balances", sums.balances()}, {"published", words.publish}, {"needs_a_person", sentences_json(sums.needs_a_person)},
                   {"possible_duplicates", std::move(alike)}, {"requests", std::move(requests)}});
    return Exit::done;
  }
  context.say(found.pot.name + ": " + rules::pounds(sums.pot_pence) + " left, " + rules::pounds(sums.committed_pence) + " granted and not paid, " +
              rules::pounds(sums.paid_pence) + " paid, of " + rules::pounds(found.opening_pence) + ". As far as this device knows; it is no promise.");
  say_reasons(context, sums.needs_a_person);
  for (const auto& [a, b] : found.alike) context.say("  ask: " + a + " and " + b + " ask for the same payee within 7 days.");
  return Exit::done;
}

}  // namespace

Action declare_fund(CLI::App& app) {
  const auto words = std::make_shared<FundWords>();
  app.require_subcommand(1);
  auto* const ask = app.add_subcommand("request", "ask the fund; a desk decides");
  ask->add_option("case", words->id, "the case")->required()->type_name("ID");
  ask->add_option("--pot", words->pot, "the fund")->required()->type_name("ID");
  ask->add_option("--amount", words->amount, "pence: 12050, or £120.50")->required()->type_name("PENCE");
  ask->add_option("--words", words->words, "what she needs, in her words")->required()->type_name("TEXT");
  ask->add_option("--purpose", words->purpose, "of the code list flex_fund_purpose")->type_name("CODE");
  ask->add_option("--payee", words->payee, "who is to be paid")->type_name("NAME");
  ask->add_option("--safe-way", words->safe_way, "a safe way to pay")->type_name("TEXT");
  ask->add_option("--relevant-accommodation", words->relevant, "for relevant safe accommodation")->type_name("yes|no");
  ask->add_option("--capital", words->capital, "for capital works")->type_name("yes|no");
  ask->add_option("--with-specialist", words->specialist, "a specialist service asks with you")->type_name("yes|no");
  auto* const grant = app.add_subcommand("grant", "a desk grants a request, all or part (online)");
  grant->add_option("--amount", words->amount, "part of it, in pence")->type_name("PENCE");
  auto* const refuse = app.add_subcommand("refuse", "a desk refuses a request (online)");
  refuse->add_option("--reason", words->reason, "the fund's own rule, where there is one")->required()->type_name("TEXT");
  auto* const pay = app.add_subcommand("pay", "what was granted is paid (online)");
  pay->add_option("--receipt", words->receipt, "its number, or where it lies")->type_name("TEXT");
  for (CLI::App* each : {grant, refuse, pay}) each->add_option("request", words->id, "the request")->required()->type_name("ID");
  for (CLI::App* each : {ask, grant, refuse, pay}) each->add_option("--on", words->on, "the day; today unless told")->type_name("DATE");
  auto* const sum = app.add_subcommand("balance", "what a fund holds, has granted and paid, as far as this device knows");
  sum->add_option("pot", words->id, "the fund")->required()->type_name("ID");
  sum->add_flag("--publish", words->publish, "a desk writes it down for colleagues");
  return [words, ask, grant, refuse, pay](Context& context) {
    if (ask->parsed()) return request(context, *words);
    if (grant->parsed()) return decide(context, *words, Step::grant);
    if (refuse->parsed()) return decide(context, *words, Step::refuse);
    if (pay->parsed()) return decide(context, *words, Step::pay);
    return balance(context, *words);
  };
}

}  // namespace wayside::cli
