#include "core/casework/rules/who_counts.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/casework/rules/wording.h"

namespace wayside::casework::rules {
namespace {

constexpr std::array<std::string_view, 7> kConnections{"married, now or before",
                                                       "civil partners, now or before",
                                                       "have agreed to marry",
                                                       "have agreed to a civil partnership",
                                                       "in an intimate relationship, now or before",
                                                       "parents of the same child, now or before",
                                                       "relatives"};

/// Whether somebody has reached an age: by the day of birth, else by the band.
Answer is_of_age(const std::optional<Day>& dob, std::optional<int> at_least, std::optional<int> at_most, int age,
                 Day when) {
  if (dob) return age_on(*dob, when) >= age ? Answer::yes : Answer::no;
  if (at_least && *at_least >= age) return Answer::yes;
  if (at_most && *at_most < age) return Answer::no;
  return Answer::ask;
}

void judge_age(const Party& party, std::string_view whose, Day when, Verdict& verdict) {
  const auto answer = is_of_age(party.dob, party.age_at_least, party.age_at_most, 16, when);
  const auto who = std::string(whose);
  if (answer == Answer::yes) verdict.note("age", who + " is 16 or over.");
  else if (answer == Answer::no)
    verdict.bar("age", who + " is under 16: this is child protection, not domestic abuse in law.");
  else verdict.ask("age", who + ": the age is not known.");
}

}  // namespace

Verdict counts_between(const Parties& parties, Day when) {
  Verdict out;
  judge_age(parties.a, "The first person", when, out);
  judge_age(parties.b, "The second person", when, out);
  std::vector<std::string> known;
  for (std::size_t i = 0; i < kConnections.size(); ++i) {
    if (parties.connections.contains(std::to_string(i + 1))) known.emplace_back(kConnections[i]);
  }
  if (!known.empty()) out.note("connection", "Personally connected: " + listed(known) + ".");
  else if (parties.none_applies) out.bar("connection", "Not personally connected.");
  else out.ask("connection", "It is not known how the two are connected.");
  out.sort();
  return out;
}

Verdict child_counts(const ChildFacts& child, Answer between, Day when) {
  Verdict out;
  const auto is_adult = is_of_age(child.dob, std::nullopt, child.age_at_most, 18, when);
  if (is_adult == Answer::yes) out.bar("age", "Is 18 or over.");
  else if (is_adult == Answer::no) out.note("age", "Is under 18.");
  else out.ask("age", "The age is not known.");
  const auto fact = [&](const std::optional<bool>& is, std::string_view rule, std::string yes, std::string no,
                        std::string unknown) {
    if (!is) out.ask(rule, std::move(unknown));
    else if (*is) out.note(rule, std::move(yes));
    else out.bar(rule, std::move(no));
  };
  fact(child.experiences_abuse, "experiences", "Sees, hears or experiences the effects of the abuse.",
       "Does not see, hear or experience the effects of the abuse.",
       "It is not known whether the child sees, hears or experiences it.");
  fact(child.related_to_either, "related", "Is related to one of the two.", "Is related to neither of the two.",
       "It is not known whether the child is related to one of the two.");
  if (between == Answer::no) out.bar("between", "What happens between the two is not domestic abuse in law.");
  else if (between == Answer::ask)
    out.ask("between", "It is not settled whether what happens between the two is domestic abuse in law.");
  out.sort();
  return out;
}

Verdict repeats(const std::vector<Day>& incidents) {
  auto days = incidents;
  std::ranges::sort(days);
  Verdict out;
  for (std::size_t i = days.size(); i > 1; --i) {
    if (!within_twelve_months(days[i - 2], days[i - 1])) continue;
    out.note("repeat",
             "The incident of " + iso(days[i - 1]) + " is within 12 months of that of " + iso(days[i - 2]) + ".");
    return out;
  }
  out.bar("repeat", days.size() < 2 ? "Fewer than two incidents are known." : "No two incidents lie within 12 months.");
  return out;
}

}  // namespace wayside::casework::rules
