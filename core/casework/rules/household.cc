#include "core/casework/rules/household.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/casework/rules/wording.h"

namespace wayside::casework::rules {

Sex sex_from(std::string_view text) {
  constexpr std::array<std::string_view, 6> kFemale{"female", "f", "woman", "women", "girl", "daughter"};
  constexpr std::array<std::string_view, 6> kMale{"male", "m", "man", "men", "boy", "son"};
  const auto word = folded(text);
  if (std::ranges::find(kFemale, word) != kFemale.end()) return Sex::female;
  if (std::ranges::find(kMale, word) != kMale.end()) return Sex::male;
  return Sex::not_stated;
}

int size_of(const Household& household, bool with_adults) {
  const auto adults = std::max<std::size_t>(1, household.adults.size());
  return static_cast<int>(household.children.size() + (with_adults ? adults : 0));
}

bool has_pets(const Household& household) {
  return std::ranges::any_of(household.pets, [](const Pets& pets) { return pets.count.value_or(1) > 0; });
}

}  // namespace wayside::casework::rules
