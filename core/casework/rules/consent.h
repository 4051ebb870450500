#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/casework/rules/answer.h"
#include "core/casework/rules/dates.h"

/// Whether something may be shared with somebody: the intersection of what she has agreed to.
///
/// Sources: domain reference (withdrawn or refused beats given when they were written apart; scope is the intersection;
/// override with a reason and an authoriser), UK GDPR Art. 6, MARAC forms' Annex A (shared without consent).
namespace wayside::casework::rules {

enum class ConsentDecision { given, override_, not_asked_unsafe, refused, withdrawn };
std::optional<ConsentDecision> consent_decision_from(std::string_view code);  ///< GIVEN, OVERRIDE, NOT_ASKED_UNSAFE …

struct Consent {
  std::string id;
  std::string recipient;  ///< compared without case
  ConsentDecision decision = ConsentDecision::refused;
  std::set<std::string> scope;     ///< contact, risk, housing, needs, health, children, immigration, perpetrator
  std::optional<Day> expires;      ///< the last day on which it holds
  std::set<std::string> has_seen;  ///< ids of entries that its author was shown
  std::string override_reason, override_by;
};

struct Sharing {
  Answer answer = Answer::no;  ///< yes: `scope` may be shared; never ask: silence is no
  std::set<std::string> scope;
  std::optional<Day> until;  ///< the earliest expiry
  std::vector<Reason> reasons;
};

/// Any order of entries. Expired grants give nothing. An override without reason or authoriser gives nothing.
Sharing may_share(const std::vector<Consent>& all, std::string_view recipient, Day on);

}  // namespace wayside::casework::rules
