#include "core/casework/rules/groups.h"

#include <algorithm>
#include <array>

#include "core/casework/rules/wording.h"

namespace wayside::casework::rules {
namespace {

constexpr EthnicGroups from_to(int first, int last) {
  EthnicGroups out = 0;
  for (int code = first; code <= last; ++code) out |= 1u << code;
  return out;
}

struct Named {
  std::string_view name;  // folded
  EthnicGroups groups;
};
/// The standard workload's words, and the headings of ethnic_group_tb.
constexpr std::array kEthnicNames{Named{"white", kWhiteGroups},
                                  Named{"white british", kWhiteBritish},
                                  Named{"white irish", from_to(14, 14)},
                                  Named{"white gypsy or irish traveller", from_to(15, 15)},
                                  Named{"white roma", from_to(16, 16)},
                                  Named{"white other", from_to(17, 17)},
                                  Named{"asian", from_to(1, 5)},
                                  Named{"bangladeshi", from_to(1, 1)},
                                  Named{"chinese", from_to(2, 2)},
                                  Named{"indian", from_to(3, 3)},
                                  Named{"pakistani", from_to(4, 4)},
                                  Named{"asian other", from_to(5, 5)},
                                  Named{"black", from_to(6, 8)},
                                  Named{"black african", from_to(6, 6)},
                                  Named{"black caribbean", from_to(7, 7)},
                                  Named{"black other", from_to(8, 8)},
                                  Named{"mixed", from_to(9, 12)},
                                  Named{"arab", from_to(18, 18)},
                                  Named{"other", from_to(19, 19)}};

/// The states that joined the European Union in 2004 but Cyprus and Malta, by ISO 3166 codes and English names.
constexpr std::array<std::array<std::string_view, 4>, 8> kA8{{{"cz", "cze", "czechia", "czech republic"},
                                                              {"ee", "est", "estonia", ""},
                                                              {"hu", "hun", "hungary", ""},
                                                              {"lv", "lva", "latvia", ""},
                                                              {"lt", "ltu", "lithuania", ""},
                                                              {"pl", "pol", "poland", ""},
                                                              {"sk", "svk", "slovakia", "slovak republic"},
                                                              {"si", "svn", "slovenia", ""}}};

constexpr std::array<std::string_view, 25> kNeeds{
    "housing",         "mental health", "financial",     "alcohol",        "drugs",
    "physical health", "immigration",   "language",      "children",       "legal",
    "safety",          "therapeutic",   "basic items",   "benefits",       "learning dis",
    "offending",       "care",          "employment",    "social",         "pet",
    "child education", "child friends", "child therapy", "child advocacy", "self harm"};

std::string need_words(std::string_view text) {
  auto words = folded(text);
  std::ranges::replace(words, '_', ' ');
  std::ranges::replace(words, '-', ' ');
  return words == "learning disability" ? "learning dis" : words;
}

/// The row of kA8 that names the country; its size when none does.
std::size_t a8_row(std::string_view folded_country) {
  const auto row = std::ranges::find_if(kA8, [&](const auto& names) {
    return !folded_country.empty() && std::ranges::find(names, folded_country) != names.end();
  });
  return static_cast<std::size_t>(row - kA8.begin());
}

}  // namespace

bool is_stated(std::string_view answer) {
  constexpr std::array<std::string_view, 9> kNoAnswers{
      "", "pnts", "not_asked", "not asked", "not_known", "not known", "not stated", "prefer not to say", "unknown"};
  return std::ranges::find(kNoAnswers, folded(answer)) == kNoAnswers.end();
}

EthnicGroups ethnic_groups(std::string_view text) {
  const auto words = folded(text);
  for (int code = 1; code <= 19; ++code) {
    if (words == std::to_string(code)) return 1u << code;
  }
  const auto found = std::ranges::find(kEthnicNames, words, &Named::name);
  return found == kEthnicNames.end() ? 0 : found->groups;
}

EthnicGroups ethnic_groups(const std::vector<std::string>& all) {
  EthnicGroups out = 0;
  for (const auto& text : all) out |= ethnic_groups(text);
  return out;
}

bool country_within(std::string_view country, std::string_view listed) {
  if (same_words(country, listed)) return true;
  const auto row = a8_row(folded(country));
  return row < kA8.size() && (folded(listed) == "a8" || a8_row(folded(listed)) == row);
}

bool is_need(std::string_view words) { return std::ranges::find(kNeeds, need_words(words)) != kNeeds.end(); }

bool has_need(const std::vector<std::string>& needs, std::string_view words) {
  return std::ranges::any_of(needs, [&](const auto& need) { return need_words(need) == need_words(words); });
}

}  // namespace wayside::casework::rules
