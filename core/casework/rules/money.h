#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/casework/rules/answer.h"
#include "core/casework/rules/dates.h"
#include "platform/result.h"

/// The flexible fund in pence: requests that a desk grants, and a ledger that always balances.
///
/// Sources: Southampton strategy 2021-24, Isle of Wight 2021-24, Peterborough 2024-27 (flexible fund), Dorset 2021-24
/// and Southampton (what a pot may be spent on). Offline nobody promises money: only a desk's decision is one.
namespace wayside::casework::rules {

/// Where money is. It moves from one account to another and is never made or lost: all accounts together are always 0.
enum class Account { funder, pot, committed, paid };

/// One move. Immutable, with an id of its own: two devices that hold the same postings agree whatever the order.
struct Posting {
  std::string id;
  Account from = Account::funder, to = Account::pot;
  std::int64_t pence = 0;  ///< above 0
  std::string request;     ///< number of the request; empty for funder ↔ pot
  bool operator==(const Posting&) const = default;
};

struct Balance {
  std::int64_t pot_pence = 0;        ///< not yet granted
  std::int64_t committed_pence = 0;  ///< granted, not yet paid
  std::int64_t paid_pence = 0;
  std::int64_t funder_pence = 0;  ///< minus what has come in
  std::map<std::string, std::int64_t> committed_by_request, paid_by_request;
  std::vector<Reason> needs_a_person;  ///< the pot is overdrawn, a request was paid more than granted
  [[nodiscard]] bool balances() const { return pot_pence + committed_pence + paid_pence + funder_pence == 0; }
};

/// Adds up postings in any order; the same posting twice counts once.
/// Errc::bad_input: an id with two contents, nothing or less to move, a move that no money makes (paid → committed …),
/// a grant or payment without its request, sums that no longer fit.
Result<Balance> balance(const std::vector<Posting>& postings);

struct FundPot {
  std::string name;
  bool only_relevant_accommodation = false, no_capital = false, needs_specialist = false;
  std::optional<Day> spend_by;  ///< within the year
  std::string rule_words;       ///< what the funder writes; shown with a refusal
};

struct FundRequest {
  std::string number;
  std::int64_t amount_pence = 0;
  std::string payee;
  std::optional<Day> asked_on;
  std::string words;                                                     ///< what it is for, in her words
  std::optional<bool> relevant_accommodation, capital, with_specialist;  ///< nothing: not answered
};

/// What a desk may do. `no` names the rule in its own sentence; `ask` names what has to be known first.
Verdict may_grant(const FundPot& pot, const FundRequest& request, const Balance& balance, Day on);

/// Who is not at a desk asks: the verdict is always `ask`, or `no` for what no desk could grant. The balance is what
/// was last known, and no promise.
Verdict may_ask(const FundPot& pot, const FundRequest& request, std::optional<std::int64_t> last_known_pence, Day on);

/// The posting of a desk's grant of `pence`, all or part of what was asked. Errc::not_permitted when `may_grant` says
/// no or ask, bad_input when it is more than was asked.
Result<Posting> grant(const FundPot& pot, const FundRequest& request, std::int64_t pence, const Balance& balance,
                      Day on);

/// Pairs of requests for the same payee within 7 days: both are kept, a person looks. Numbers, the lower one first.
std::vector<std::pair<std::string, std::string>> possible_duplicates(const std::vector<FundRequest>& requests);

// ---- Safety equipment, lent from a pool (Southampton, Isle of Wight) ----

struct Loan {
  std::string id, serial, status;  ///< code list loan_status
  std::optional<Day> lent, due, returned, expires;
};

/// What a person has to see to: the same serial number out twice, overdue, a device past its expiry still out. Any
/// order.
std::vector<Reason> loan_problems(const std::vector<Loan>& loans, Day on);

}  // namespace wayside::casework::rules
