#include "core/casework/rules/duplicates.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "core/casework/rules/duplicates_parts.h"
#include "core/casework/rules/text_key.h"

namespace wayside::casework::rules {
namespace {

constexpr std::size_t kPhoneDigits = 9;
constexpr std::size_t kNameWordLimit = 8;  ///< longer names are no names; the pairs of their words would be many

NameWords name_words(const std::string& text) {
  NameWords out;
  const auto key = latin_key(text);
  for (const auto word : words_of(key)) {
    if (out.words.size() == kNameWordLimit) break;
    out.words.emplace_back(word);
    out.sounds.push_back(sound_key(word));
  }
  return out;
}

std::string phone_tail(std::string_view phone) {
  std::string digits;
  for (const char c : phone) {
    if (c >= '0' && c <= '9') digits += c;
  }
  if (digits.size() < kPhoneDigits) return {};  // too short to be anybody's
  return digits.substr(digits.size() - kPhoneDigits);
}

bool has_digit(std::string_view word) {
  return std::ranges::any_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

std::uint64_t key_of(char kind, std::string_view one, std::string_view two = {}) {
  std::string text(1, kind);
  text.append(one).append(1, '|').append(two);
  return std::hash<std::string>{}(text);
}

/// Pairs of sounds for names that are whole; one sound with the other's first letter for a name with one wrong word.
void add_name_keys(const NameWords& name, std::vector<std::uint64_t>& out) {
  for (std::size_t i = 0; i < name.words.size(); ++i) {
    if (name.words.size() == 1) out.push_back(key_of('1', name.sounds[i]));
    for (std::size_t j = 0; j < name.words.size(); ++j) {
      if (i == j) continue;
      if (i < j)
        out.push_back(key_of('n', std::min(name.sounds[i], name.sounds[j]), std::max(name.sounds[i], name.sounds[j])));
      out.push_back(key_of('i', name.sounds[i], name.words[j].substr(0, 1)));
    }
  }
}

}  // namespace

PreparedCard prepare(const PersonCard& card) {
  PreparedCard out;
  out.id = card.id;
  out.forename = name_words(card.forename);
  out.surname = name_words(card.surname);
  out.name = name_words(card.forename + " " + card.surname);
  for (const auto& name : card.also_known_as) out.also_known_as.push_back(name_words(name));
  out.dob = card.dob;
  for (const auto& phone : card.phones) {
    if (auto tail = phone_tail(phone); !tail.empty()) out.phones.push_back(std::move(tail));
  }
  const auto address = latin_key(card.address);
  for (const auto word : words_of(address)) {
    if (out.house_number.empty() && has_digit(word)) out.house_number = word;
    out.address_words.emplace_back(word);
  }
  std::ranges::sort(out.address_words);
  out.postcode = latin_key(card.postcode);
  std::erase(out.postcode, ' ');
  return out;
}

std::vector<std::uint64_t> blocking_keys(const PreparedCard& card) {
  std::vector<std::uint64_t> out;
  add_name_keys(card.name, out);
  for (const auto& name : card.also_known_as) add_name_keys(name, out);
  if (card.dob) out.push_back(key_of('d', iso(*card.dob)));
  if (card.dob) {
    const auto year = iso(*card.dob).substr(0, 4);
    for (const auto& sound : card.name.sounds) out.push_back(key_of('y', sound, year));
  }
  for (const auto& phone : card.phones) out.push_back(key_of('p', phone));
  if (!card.postcode.empty()) out.push_back(key_of('c', card.postcode));
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

PossibleDuplicate compare(const PersonCard& a, const PersonCard& b) { return compare(prepare(a), prepare(b)); }

struct DuplicateIndex::State {
  std::vector<PreparedCard> cards;                                       // a removed one has an empty id
  std::vector<std::uint32_t> unused;                                     // their places
  std::unordered_map<std::string, std::uint32_t> place;                  // by id
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> blocks;  // by blocking key

  std::vector<std::uint32_t> near(const PreparedCard& card) const {
    std::vector<std::uint32_t> out;
    for (const auto key : blocking_keys(card)) {
      if (const auto block = blocks.find(key); block != blocks.end())
        out.insert(out.end(), block->second.begin(), block->second.end());
    }
    std::ranges::sort(out);
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }
};

DuplicateIndex::DuplicateIndex() : state_(std::make_unique<State>()) {}
DuplicateIndex::~DuplicateIndex() = default;
DuplicateIndex::DuplicateIndex(DuplicateIndex&&) noexcept = default;
DuplicateIndex& DuplicateIndex::operator=(DuplicateIndex&&) noexcept = default;

void DuplicateIndex::add(PersonCard card) {
  remove(card.id);
  auto place = static_cast<std::uint32_t>(state_->cards.size());
  if (state_->unused.empty()) {
    state_->cards.emplace_back();
  } else {
    place = state_->unused.back();
    state_->unused.pop_back();
  }
  state_->cards[place] = prepare(card);
  state_->place[card.id] = place;
  for (const auto key : blocking_keys(state_->cards[place])) state_->blocks[key].push_back(place);
}

void DuplicateIndex::remove(const std::string& id) {
  const auto found = state_->place.find(id);
  if (found == state_->place.end()) return;
  const auto place = found->second;
  for (const auto key : blocking_keys(state_->cards[place])) {
    const auto block = state_->blocks.find(key);
    std::erase(block->second, place);
    if (block->second.empty()) state_->blocks.erase(block);
  }
  state_->cards[place] = {};
  state_->unused.push_back(place);
  state_->place.erase(found);
}

std::size_t DuplicateIndex::size() const { return state_->place.size(); }

std::size_t DuplicateIndex::candidates(const PersonCard& card) const { return state_->near(prepare(card)).size(); }

std::vector<PossibleDuplicate> DuplicateIndex::find(const PersonCard& card, const DuplicateSettings& settings) const {
  const auto prepared = prepare(card);
  std::vector<PossibleDuplicate> out;
  for (const auto place : state_->near(prepared)) {
    const auto& other = state_->cards[place];
    if (other.id == card.id) continue;
    auto found = compare(prepared, other);
    if (found.score >= settings.suggest_from) out.push_back(std::move(found));
  }
  std::ranges::sort(out, [](const PossibleDuplicate& a, const PossibleDuplicate& b) {
    return a.score != b.score ? a.score > b.score : a.id < b.id;
  });
  if (out.size() > settings.at_most) out.resize(settings.at_most);
  return out;
}

}  // namespace wayside::casework::rules
