#pragma once

#include "core/casework/case_facts.h"
#include "core/casework/rules/money.h"

/// The flexible fund on the records of a vault: a pot's balance from its requests, and the steps of a request. Money is in
/// pence. What a device does not carry it does not count, so only a desk with every case knows a balance.
namespace wayside::casework {

struct FundRequestRow {
  RecordId id, case_id;
  std::string number, decision;
  std::int64_t asked_pence = 0;
  std::optional<std::int64_t> granted_pence;
  std::optional<rules::Day> asked_on, paid_on;
};
struct FundStanding {
  RecordId id;
  rules::FundPot pot;
  std::int64_t opening_pence = 0;
  std::optional<std::int64_t> last_known_pence;    ///< as a desk last counted and published it
  rules::Balance balance;                          ///< of what this device carries
  std::vector<FundRequestRow> requests;            ///< in order of ids
  std::vector<std::pair<std::string, std::string>> alike;   ///< same payee within 7 days: a person looks
};
/// Errc::not_found; bad_input when it is no fund.
Result<FundStanding> fund_standing(Vault& vault, const RecordId& pot);

/// A request, sent to the desk: it promises nothing. `fields`: of the record type fund_request, the pot among them.
/// Errc::bad_input with the fund's own rule when no desk could grant it, and what `put` refuses.
struct AskedFund { RecordId id; rules::Verdict verdict; };
Result<AskedFund> request_fund(Vault& vault, const RecordId& case_id, std::vector<FieldChange> fields, rules::Day on);

/// A desk's grant of all of it, or of `pence`. Errc::not_permitted for who is no desk; bad_input: the fund's rules, its
/// balance, or a decision that was made already.
Result<FundRequestRow> grant_fund(Vault& vault, const RecordId& request, std::optional<std::int64_t> pence, rules::Day on);
/// Quotes the fund's rule in `reason` where there is one.
Result<FundRequestRow> refuse_fund(Vault& vault, const RecordId& request, const std::string& reason, rules::Day on);
/// What was granted is paid. Errc::bad_input unless it was granted and not paid yet.
Result<FundRequestRow> pay_fund(Vault& vault, const RecordId& request, rules::Day on, const std::string& receipt);
/// A desk writes down what it counts, for colleagues who cannot: `balance_pence` of the pot.
Result<void> publish_balance(Vault& vault, const FundStanding& standing);

}  // namespace wayside::casework
