#pragma once

#include "core/casework/case_facts.h"
#include "core/casework/rules/consent.h"

/// What the people of a case have agreed to share, and with whom: entries of type `consent`, one for each person and
/// recipient. A no or a withdrawal counts at once; of several entries what all agree to (rules::may_share).
namespace wayside::casework {

struct SharingWith {
  RecordId person;                 ///< zero: an entry that names nobody
  std::string recipient;
  rules::Sharing sharing;
};
/// Every person and recipient that somebody was asked about, or those of `recipient` alone: then also the silence.
std::vector<SharingWith> who_may_see(const CaseFacts& facts, const std::string& recipient, rules::Day on);

struct GiveConsent {
  RecordId person;
  std::string recipient, purpose, basis = "CONSENT", language, reason;
  std::set<std::string> scope;               ///< of consent_scopes(); what is not named is not shared
  std::optional<rules::Day> expires;
  rules::Day asked_on;
};
const std::vector<std::string>& consent_scopes();
/// The entry of that person and recipient, changed or new. Giving after a no, or more than before, needs a reason.
/// Errc::bad_input …
Result<RecordId> give_consent(Vault& vault, const CaseFacts& facts, const GiveConsent& what);
/// Every entry for that recipient, of one person or of all. Errc::not_found when there is none.
Result<std::vector<RecordId>> withdraw_consent(Vault& vault, const CaseFacts& facts, const std::string& recipient,
                                               const std::optional<RecordId>& person, const std::string& reason);

}  // namespace wayside::casework
