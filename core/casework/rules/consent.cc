#include "core/casework/rules/consent.h"

#include <array>
#include <iterator>

#include "core/casework/rules/causal.h"
#include "core/casework/rules/wording.h"

namespace wayside::casework::rules {
namespace {

bool forbids(ConsentDecision decision) {
  return decision == ConsentDecision::refused || decision == ConsentDecision::withdrawn ||
         decision == ConsentDecision::not_asked_unsafe;
}

bool authorised(const Consent& entry) { return !entry.override_reason.empty() && !entry.override_by.empty(); }

Sharing refused(std::string_view rule, std::string sentence) {
  Sharing out;
  out.reasons.push_back({Answer::no, rule, std::move(sentence)});
  return out;
}

/// What all of them agree to, until the earliest of their days.
Sharing intersection(const std::vector<const Consent*>& entries, std::string_view rule, std::string sentence) {
  Sharing out;
  out.scope = entries.front()->scope;
  for (const auto* entry : entries) {
    std::set<std::string> both;
    std::ranges::set_intersection(out.scope, entry->scope, std::inserter(both, both.end()));
    out.scope = std::move(both);
    if (entry->expires && (!out.until || *entry->expires < *out.until)) out.until = entry->expires;
  }
  if (out.scope.empty()) return refused("scope", "What was agreed to has nothing in common.");
  out.answer = Answer::yes;
  out.reasons.push_back({Answer::yes, rule, std::move(sentence)});
  return out;
}

}  // namespace

std::optional<ConsentDecision> consent_decision_from(std::string_view code) {
  constexpr std::array<std::string_view, 5> kCodes{"GIVEN", "OVERRIDE", "NOT_ASKED_UNSAFE", "REFUSED", "WITHDRAWN"};
  const auto found = std::ranges::find(kCodes, code);
  return found == kCodes.end() ? std::nullopt : std::optional(static_cast<ConsentDecision>(found - kCodes.begin()));
}

Sharing may_share(const std::vector<Consent>& all, std::string_view recipient, Day on) {
  std::vector<Consent> theirs;
  std::ranges::copy_if(all, std::back_inserter(theirs),
                       [&](const Consent& entry) { return same_words(entry.recipient, recipient); });
  const auto standing = standing_entries(theirs, [](const Consent&, const Consent&) { return true; });
  std::vector<const Consent*> given;
  std::vector<const Consent*> overrides;
  bool no = false;
  for (const auto* entry : standing) {
    const bool expired = entry->expires && *entry->expires < on;
    no = no || forbids(entry->decision);  // a no does not expire; an override that has seen it supersedes it
    if (entry->decision == ConsentDecision::given && !expired) given.push_back(entry);
    if (entry->decision == ConsentDecision::override_ && authorised(*entry) && !expired) overrides.push_back(entry);
  }
  if (no) return refused("refused", "She has refused or withdrawn consent, or it was unsafe to ask.");
  if (!overrides.empty())
    return intersection(overrides, "override",
                        "Shared without consent: " + overrides.front()->override_by + " has authorised it.");
  if (given.empty())
    return refused("none", standing.empty() ? "No consent is recorded." : "No consent holds on this day.");
  return intersection(given, "given", "She has agreed.");
}

}  // namespace wayside::casework::rules
