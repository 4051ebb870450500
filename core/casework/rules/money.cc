#include "core/casework/rules/money.h"

#include <algorithm>
#include <array>
#include <limits>

#include "core/casework/rules/wording.h"

namespace wayside::casework::rules {
namespace {

constexpr std::int64_t kDuplicateWithinDays = 7;

struct Move {
  Account from, to;
  bool of_a_request;
};
/// Every move that money makes: money in and back, granted and released, paid and paid back.
constexpr std::array kMoves{Move{Account::funder, Account::pot, false},    Move{Account::pot, Account::funder, false},
                            Move{Account::pot, Account::committed, true},  Move{Account::committed, Account::pot, true},
                            Move{Account::committed, Account::paid, true}, Move{Account::paid, Account::pot, true}};

Result<void> check(const Posting& posting) {
  if (posting.pence <= 0) return fail(Errc::bad_input, "posting " + posting.id + " moves nothing");
  const auto move = std::ranges::find_if(
      kMoves, [&](const Move& each) { return each.from == posting.from && each.to == posting.to; });
  if (move == kMoves.end()) return fail(Errc::bad_input, "posting " + posting.id + " goes a way that money does not");
  if (move->of_a_request == posting.request.empty())
    return fail(Errc::bad_input,
                "posting " + posting.id + (move->of_a_request ? " needs its request" : " belongs to no request"));
  return {};
}

Result<std::map<std::string, Posting>> distinct(const std::vector<Posting>& postings) {
  std::map<std::string, Posting> out;
  for (const auto& posting : postings) {
    WAYSIDE_OK(check(posting));
    const auto [seen, first] = out.emplace(posting.id, posting);
    if (!first && seen->second != posting)
      return fail(Errc::bad_input, "posting " + posting.id + " stands with two contents");
  }
  return out;
}

/// No sum of accounts can leave 64 bits when all amounts together do not.
Result<void> refuse_overflow(const std::map<std::string, Posting>& postings) {
  std::int64_t total = 0;
  for (const auto& [id, posting] : postings) {
    if (posting.pence > std::numeric_limits<std::int64_t>::max() - total)
      return fail(Errc::bad_input, "the amounts are too large to add up");
    total += posting.pence;
  }
  return {};
}

std::int64_t& of(Balance& balance, Account account) {
  switch (account) {
    case Account::funder: return balance.funder_pence;
    case Account::pot: return balance.pot_pence;
    case Account::committed: return balance.committed_pence;
    case Account::paid: return balance.paid_pence;
  }
  return balance.funder_pence;
}

void apply(const Posting& posting, Balance& out) {
  of(out, posting.from) -= posting.pence;
  of(out, posting.to) += posting.pence;
  for (const auto& [account, sign] : {std::pair{posting.from, -1}, std::pair{posting.to, 1}}) {
    if (account == Account::committed) out.committed_by_request[posting.request] += sign * posting.pence;
    if (account == Account::paid) out.paid_by_request[posting.request] += sign * posting.pence;
  }
}

void find_trouble(Balance& out) {
  if (out.pot_pence < 0)
    out.needs_a_person.push_back({Answer::ask, "overdrawn",
                                  "More is granted than the pot holds: " + pounds(-out.pot_pence) +
                                      " too much. Grants made apart have met; a desk decides which stays."});
  for (const auto& [request, pence] : out.committed_by_request) {
    if (pence < 0)
      out.needs_a_person.push_back(
          {Answer::ask, "overpaid",
           "Request " + request + " was paid or released " + pounds(-pence) + " more than was granted."});
  }
  for (const auto& [request, pence] : out.paid_by_request) {
    if (pence < 0)
      out.needs_a_person.push_back(
          {Answer::ask, "overpaid", "Request " + request + " was paid back more than was paid."});
  }
}

void judge_flag(bool rule, const std::optional<bool>& answer, bool wanted, std::string_view name, std::string refusal,
                std::string question, const FundPot& pot, Verdict& verdict) {
  if (!rule || answer == wanted) return;
  if (!answer) return verdict.ask(name, std::move(question));
  verdict.bar(name, pot.rule_words.empty() ? std::move(refusal) : refusal + " The funder writes: " + pot.rule_words);
}

void judge_rules(const FundPot& pot, const FundRequest& request, Day on, Verdict& verdict) {
  if (request.amount_pence <= 0) verdict.bar("amount", "Asks for no amount.");
  if (request.words.empty()) verdict.ask("words", "What it is for, in her words, is missing.");
  if (request.payee.empty()) verdict.ask("payee", "Who is to be paid is missing.");
  judge_flag(pot.only_relevant_accommodation, request.relevant_accommodation, true, "relevant_accommodation",
             "This pot pays for relevant safe accommodation only.", "Is this for relevant safe accommodation?", pot,
             verdict);
  judge_flag(pot.no_capital, request.capital, false, "capital", "This pot pays for no capital works.",
             "Is this for capital works?", pot, verdict);
  judge_flag(pot.needs_specialist, request.with_specialist, true, "specialist",
             "This pot has to be asked together with a specialist service.", "Does a specialist service ask with you?",
             pot, verdict);
  if (pot.spend_by && on > *pot.spend_by)
    verdict.bar("spend_by", "This pot had to be spent by " + iso(*pot.spend_by) + ".");
}

}  // namespace

Result<Balance> balance(const std::vector<Posting>& postings) {
  WAYSIDE_TRY(const auto all, distinct(postings));
  WAYSIDE_OK(refuse_overflow(all));
  Balance out;
  for (const auto& [id, posting] : all) apply(posting, out);
  find_trouble(out);
  return out;
}

Verdict may_grant(const FundPot& pot, const FundRequest& request, const Balance& balance, Day on) {
  Verdict out;
  judge_rules(pot, request, on, out);
  if (request.amount_pence > balance.pot_pence)
    out.bar("balance",
            pot.name + " holds " + pounds(balance.pot_pence) + "; " + pounds(request.amount_pence) + " is asked for.");
  const auto granted = balance.committed_by_request.find(request.number);
  const auto paid = balance.paid_by_request.find(request.number);
  if ((granted != balance.committed_by_request.end() && granted->second > 0) ||
      (paid != balance.paid_by_request.end() && paid->second > 0))
    out.bar("granted", "This request has been granted already.");
  out.sort();
  return out;
}

Verdict may_ask(const FundPot& pot, const FundRequest& request, std::optional<std::int64_t> last_known_pence, Day on) {
  Verdict out;
  judge_rules(pot, request, on, out);
  out.ask("desk", "This is a request: a desk decides. It is no promise.");
  if (last_known_pence)
    out.note("balance",
             "Last known balance of " + pot.name + ": " + pounds(*last_known_pence) + ". It may have changed.");
  out.sort();
  return out;
}

Result<Posting> grant(const FundPot& pot, const FundRequest& request, std::int64_t pence, const Balance& balance,
                      Day on) {
  if (pence <= 0 || pence > request.amount_pence)
    return fail(Errc::bad_input, "granted_pence: has to be above 0 and at most what was asked for");
  auto part = request;
  part.amount_pence = pence;
  const auto verdict = may_grant(pot, part, balance, on);
  if (verdict.answer != Answer::yes) return fail(Errc::not_permitted, std::string(verdict.reasons.front().rule));
  // Named after the request: the same grant saved twice is one posting.
  return Posting{"grant " + request.number, Account::pot, Account::committed, pence, request.number};
}

std::vector<std::pair<std::string, std::string>> possible_duplicates(const std::vector<FundRequest>& requests) {
  std::vector<std::pair<std::string, std::string>> out;
  for (auto a = requests.begin(); a != requests.end(); ++a) {
    for (auto b = std::next(a); b != requests.end(); ++b) {
      if (!a->asked_on || !b->asked_on || a->payee.empty() || !same_words(a->payee, b->payee)) continue;
      const auto days = days_between(*a->asked_on, *b->asked_on);
      if (days <= kDuplicateWithinDays && days >= -kDuplicateWithinDays)
        out.emplace_back(std::min(a->number, b->number), std::max(a->number, b->number));
    }
  }
  std::ranges::sort(out);
  return out;
}

std::vector<Reason> loan_problems(const std::vector<Loan>& loans, Day on) {
  std::map<std::string, std::vector<std::string>> out_by_serial;
  std::vector<Reason> out;
  for (const auto& loan : loans) {
    if (loan.status != "lent" || loan.returned) continue;
    if (!loan.serial.empty()) out_by_serial[loan.serial].push_back(loan.id);
    if (loan.due && *loan.due < on)
      out.push_back({Answer::ask, "overdue", "Loan " + loan.id + " was due on " + iso(*loan.due) + "."});
    if (loan.expires && *loan.expires <= on)
      out.push_back({Answer::ask, "expired",
                     "Loan " + loan.id + ": the device expired on " + iso(*loan.expires) + "; change it."});
  }
  for (auto& [serial, ids] : out_by_serial) {
    std::ranges::sort(ids);
    if (ids.size() > 1)
      out.push_back({Answer::ask, "lent_twice", "Serial number " + serial + " is out on loans " + listed(ids) + "."});
  }
  std::ranges::sort(out, {}, [](const Reason& reason) { return std::pair(reason.rule, reason.sentence); });
  return out;
}

}  // namespace wayside::casework::rules
