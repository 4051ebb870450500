#pragma once

#include "core/casework/rules/duplicates.h"

/// A card made ready to be compared, and its blocking keys. For duplicates*.cc alone.
namespace wayside::casework::rules {

/// One name as words in small Latin letters, with how each sounds.
struct NameWords {
  std::vector<std::string> words, sounds;
};

struct PreparedCard {
  std::string id;
  NameWords forename, surname, name;  ///< `name`: both together
  std::vector<NameWords> also_known_as;
  std::optional<Day> dob;
  std::vector<std::string> phones;  ///< the last nine digits: with and without the country's code they are the same
  std::vector<std::string> address_words;  ///< sorted
  std::string postcode, house_number;
};

PreparedCard prepare(const PersonCard& card);
PossibleDuplicate compare(const PreparedCard& a, const PreparedCard& b);

/// Hashes of everything that another card of the same person may share. Two keys that collide cost one more comparison.
std::vector<std::uint64_t> blocking_keys(const PreparedCard& card);

}  // namespace wayside::casework::rules
