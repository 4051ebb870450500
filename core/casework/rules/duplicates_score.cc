#include <algorithm>

#include "core/casework/rules/duplicates_parts.h"
#include "core/casework/rules/text_key.h"

namespace wayside::casework::rules {
namespace {

// Points for what agrees and differs. Two full names alone suggest nobody: many people share them.
constexpr int kSameName = 45, kLikeName = 38, kOtherNameKnown = 40, kOneNameAlike = 12, kOtherName = -25,
              kOtherForename = -30;
constexpr int kSameBirth = 35, kSwappedBirth = 25, kNearBirth = 20, kOtherBirth = -30;
constexpr int kSamePhone = 30;
constexpr int kSameHouse = 20, kLikeAddress = 15, kSamePostcode = 10;

/// How alike two words of names are, 0 to 100.
int word_likeness(const std::string& a, const std::string& sound_a, const std::string& b, const std::string& sound_b) {
  if (a == b) return 100;
  const auto shorter = std::min(a.size(), b.size());
  if (shorter == 1) return a[0] == b[0] ? 60 : 0;  // an initial
  const int limit = shorter >= 7 ? 2 : shorter >= 4 ? 1 : 0;
  const int distance = limit == 0 ? 1 : edit_distance(a, b, limit);
  if (limit > 0 && distance <= limit) return distance == 1 ? 90 : 75;
  if (sound_a == sound_b && sound_a.size() >= 2) return 85;
  return 0;
}

struct Likeness {
  int words = 0;    ///< how many words of the shorter name have a like one
  int of = 0;       ///< how many words the shorter name has
  int percent = 0;  ///< of those alike, on average
};

/// Each word of the shorter name takes the best word that is left of the longer: the order of names does not count.
Likeness name_likeness(const NameWords& one, const NameWords& two) {
  const auto& a = one.words.size() <= two.words.size() ? one : two;
  const auto& b = one.words.size() <= two.words.size() ? two : one;
  Likeness out;
  out.of = static_cast<int>(a.words.size());
  std::vector<bool> taken(b.words.size());
  int sum = 0;
  for (std::size_t i = 0; i < a.words.size(); ++i) {
    int best = 0;
    std::size_t at = 0;
    for (std::size_t j = 0; j < b.words.size(); ++j) {
      if (taken[j]) continue;
      const int likeness = word_likeness(a.words[i], a.sounds[i], b.words[j], b.sounds[j]);
      if (likeness > best) {
        best = likeness;
        at = j;
      }
    }
    if (best == 0) continue;
    taken[at] = true;
    ++out.words;
    sum += best;
  }
  out.percent = out.words == 0 ? 0 : sum / out.words;
  return out;
}

bool whole(const Likeness& likeness) { return likeness.of >= 2 && likeness.words == likeness.of; }

struct Score {
  int points = 0;
  std::vector<DuplicateReason> reasons;
  void add(int more, std::string sentence) {
    points += more;
    reasons.push_back({more, std::move(sentence)});
  }
};

/// Any other name of one is like any name of the other.
bool other_name_fits(const PreparedCard& a, const PreparedCard& b) {
  const auto fits = [](const PreparedCard& from, const PreparedCard& to) {
    return std::ranges::any_of(from.also_known_as, [&](const NameWords& name) {
      return whole(name_likeness(name, to.name)) || std::ranges::any_of(to.also_known_as, [&](const NameWords& other) {
               return whole(name_likeness(name, other));
             });
    });
  };
  return fits(a, b) || fits(b, a);
}

void score_names(const PreparedCard& a, const PreparedCard& b, Score& score) {
  if (a.name.words.empty() || b.name.words.empty()) return;
  const auto names = name_likeness(a.name, b.name);
  if (whole(names)) {
    if (names.percent == 100) return score.add(kSameName, "Same name.");
    return score.add(names.percent >= 75 ? kLikeName : kOneNameAlike, "Names written alike, or sounding alike.");
  }
  if (other_name_fits(a, b)) return score.add(kOtherNameKnown, "Known by another name that fits.");
  const bool forenames = !a.forename.words.empty() && !b.forename.words.empty();
  const auto forename = name_likeness(a.forename, b.forename);
  if (forenames && forename.words == 0 && names.words > 0)
    return score.add(kOtherForename, "Another forename: perhaps a relative.");
  if (names.words > 0) return score.add(kOneNameAlike, "One of the names is alike.");
  score.add(kOtherName, "Other names.");
}

void score_birth(const PreparedCard& a, const PreparedCard& b, Score& score) {
  if (!a.dob || !b.dob) return;
  if (*a.dob == *b.dob) return score.add(kSameBirth, "Same day of birth.");
  const std::chrono::year_month_day x(*a.dob);
  const std::chrono::year_month_day y(*b.dob);
  if (x.year() == y.year() && unsigned(x.month()) == unsigned(y.day()) && unsigned(x.day()) == unsigned(y.month()))
    return score.add(kSwappedBirth, "Day and month of birth are swapped.");
  if (edit_distance(iso(*a.dob), iso(*b.dob), 1) == 1)
    return score.add(kNearBirth, "Day of birth differs in one digit.");
  score.add(kOtherBirth, "Another day of birth.");
}

void score_phones(const PreparedCard& a, const PreparedCard& b, Score& score) {
  const bool shared = std::ranges::any_of(
      a.phones, [&](const auto& phone) { return std::ranges::find(b.phones, phone) != b.phones.end(); });
  if (shared)
    score.add(kSamePhone, "Same phone number.");  // another number says nothing: people change them to be safe
}

void score_address(const PreparedCard& a, const PreparedCard& b, Score& score) {
  const bool same_postcode = !a.postcode.empty() && a.postcode == b.postcode;
  const bool same_number = !a.house_number.empty() && a.house_number == b.house_number;
  if (same_postcode && same_number) return score.add(kSameHouse, "Same house.");
  std::vector<std::string> both;
  std::ranges::set_intersection(a.address_words, b.address_words, std::back_inserter(both));
  const auto longer = std::max(a.address_words.size(), b.address_words.size());
  if (both.size() >= 2 && both.size() * 3 >= longer * 2 && same_number)
    return score.add(kLikeAddress, "Addresses alike.");
  if (same_postcode) score.add(kSamePostcode, "Same postcode.");
}

}  // namespace

PossibleDuplicate compare(const PreparedCard& a, const PreparedCard& b) {
  Score score;
  score_names(a, b, score);
  score_birth(a, b, score);
  score_phones(a, b, score);
  score_address(a, b, score);
  std::ranges::stable_sort(score.reasons, std::greater(), &DuplicateReason::points);
  return {b.id, std::clamp(score.points, 0, 100), std::move(score.reasons)};
}

}  // namespace wayside::casework::rules
