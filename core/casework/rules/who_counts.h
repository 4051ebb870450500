#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/casework/rules/answer.h"
#include "core/casework/rules/dates.h"

/// Whose case this is in law, computed and with the reason shown. Facts for design, not advice.
///
/// Sources: Domestic Abuse Act 2021 s.1 (each of the two is 16 or over), s.2 (personally connected), s.3 (a child who
/// sees, hears or experiences the effects of the abuse, and is related to either of the two, is a victim in its own
/// right), as told by Leicester strategy 2022-25 1.4. Who does not count is still helped: no answer here closes a case.
namespace wayside::casework::rules {

struct Party {
  std::optional<Day> dob;
  std::optional<int> age_at_least;  ///< of an age band, where the day of birth is not known
  std::optional<int> age_at_most;
};

struct Parties {
  Party a, b;
  std::set<std::string> connections;  ///< code list personal_connection: "1" to "7"; empty: not known
  bool none_applies = false;          ///< a worker has gone through the list and found none
};

/// Yes: abuse between the two is domestic abuse. Ask: something that it depends on is not known.
Verdict counts_between(const Parties& parties, Day when);

struct ChildFacts {
  std::optional<Day> dob;
  std::optional<int> age_at_most;
  std::optional<bool> experiences_abuse;  ///< sees, hears, or experiences the effects
  std::optional<bool> related_to_either;  ///< parent, parental responsibility, or relative
};

/// Whether a child is a victim in her or his own right. `between`: what `counts_between` said of the two adults.
Verdict child_counts(const ChildFacts& child, Answer between, Day when);

/// Yes when an incident repeats one of within 12 months. Any order of days.
Verdict repeats(const std::vector<Day>& incidents);

}  // namespace wayside::casework::rules
