#include "core/casework/rules/recipient.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/casework/rules/text_key.h"

namespace wayside::casework::rules {
namespace {

/// Words of a firm's name that tell it from no other firm.
constexpr std::array<std::string_view, 16> kSayNothing{"ltd", "limited", "plc", "llp", "cic", "co", "company", "inc",
                                                       "uk",  "group",   "the", "and", "of",  "at", "in",      "for"};
constexpr std::size_t kFewestLetters = 5;    ///< of words that may differ in one letter and still be the same
constexpr std::size_t kFewestDigits = 7;     ///< of a phone number that can be told from another
constexpr std::size_t kNationalDigits = 10;  ///< behind +44 or 0

using Words = std::vector<std::string>;

Words words_in(const std::string& text) {
  const std::string key = latin_key(text);
  Words out;
  for (const auto word : words_of(key)) {
    if (std::ranges::find(kSayNothing, word) == kSayNothing.end()) out.emplace_back(word);
  }
  return out;
}

bool alike(std::string_view a, std::string_view b) {
  return a == b || (std::min(a.size(), b.size()) >= kFewestLetters && edit_distance(a, b, 1) <= 1);
}

bool has_word(const Words& words, std::string_view wanted) {
  return std::ranges::any_of(words, [&](const auto& word) { return alike(word, wanted); });
}

bool all_within(const Words& few, const Words& many) {
  return !few.empty() && std::ranges::all_of(few, [&](const auto& word) { return has_word(many, word); });
}

/// "Harbour Homes, stores" and "Harbour Homes Ltd": one says all that the other says.
bool same_firm(const Words& a, const Words& b) { return all_within(a, b) || all_within(b, a); }

/// "K. Reed", "Carl Reed" and "Karl Reed".
bool same_forename(const Words& words, const std::string& forename) {
  return std::ranges::any_of(words, [&](const auto& word) {
    if (word.size() == 1) return word.front() == forename.front();
    return alike(word, forename) || sound_key(word) == sound_key(forename);
  });
}

bool is_named(const Words& words, const HarmerCard& harmer, bool surname_is_enough) {
  for (const auto& surname : harmer.surnames) {
    if (!all_within(words_in(surname), words)) continue;
    if (surname_is_enough) return true;
    for (const auto& forename : harmer.forenames) {
      const Words parts = words_in(forename);
      if (!parts.empty() && same_forename(words, parts.front())) return true;
    }
  }
  return std::ranges::any_of(harmer.other_names, [&](const auto& name) { return all_within(words_in(name), words); });
}

std::string digits_of(std::string_view phone) {
  std::string out;
  std::ranges::copy_if(phone, std::back_inserter(out), [](char c) { return c >= '0' && c <= '9'; });
  return out.size() > kNationalDigits ? out.substr(out.size() - kNationalDigits) : out;
}

bool same_phone(const std::string& a, const std::string& b) {
  const auto digits = digits_of(a);
  return digits.size() >= kFewestDigits && digits == digits_of(b);
}

bool same_email(const std::string& a, const std::string& b) {
  return a.find('@') != std::string::npos && latin_key(a) == latin_key(b);
}

template <class Same>
bool any_pair(const std::vector<std::string>& a, const std::vector<std::string>& b, Same same) {
  return std::ranges::any_of(a, [&](const auto& x) { return std::ranges::any_of(b, [&](const auto& y) { return same(x, y); }); });
}

}  // namespace

std::vector<Reason> links(const HarmerCard& harmer, const RecipientCard& recipient) {
  std::vector<Reason> out;
  const auto add = [&out](bool holds, std::string_view rule, std::string sentence) {
    if (holds) out.push_back({Answer::no, rule, std::move(sentence)});
  };
  add(any_pair(harmer.work, recipient.names, [](const auto& a, const auto& b) { return same_firm(words_in(a), words_in(b)); }),
      "work", "The person who causes harm works there.");
  add(any_pair(harmer.places, recipient.names, [](const auto& a, const auto& b) { return all_within(words_in(b), words_in(a)); }),
      "place", "The person who causes harm lives there or is known to go there.");
  const auto named = [&harmer](bool surname_is_enough) {
    return [&harmer, surname_is_enough](const std::string& name) { return is_named(words_in(name), harmer, surname_is_enough); };
  };
  add(std::ranges::any_of(recipient.names, named(recipient.private_landlord)), "name",
      "It carries the name of the person who causes harm.");
  add(std::ranges::any_of(recipient.contact_names, named(false)), "contact",
      "Whom we speak to there has the name of the person who causes harm.");
  add(any_pair(harmer.phones, recipient.phones, same_phone), "phone", "It has the phone number of the person who causes harm.");
  add(any_pair(harmer.emails, recipient.emails, same_email), "email", "It has the email address of the person who causes harm.");
  return out;
}

}  // namespace wayside::casework::rules
