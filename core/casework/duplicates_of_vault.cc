#include "core/casework/duplicates_of_vault.h"

#include <algorithm>

#include "core/casework/rules/adapters.h"

namespace wayside::casework {

Result<PeopleIndex> PeopleIndex::read(Vault& vault) {
  PeopleIndex out;
  WAYSIDE_TRY(out.links_, PersonLinks::read(vault));
  for (const auto* type : {"person", "child"}) {
    WAYSIDE_TRY(const auto all, facts_of_type(vault, type));
    for (const Fact& fact : all.facts) {
      auto card = rules::person_card_from(fact.key(), fact.fields);
      out.known_[fact.key()] = {fact.id, fact.case_id, type, full_name(fact.fields)};
      out.cards_[fact.key()] = card;
      out.index_.add(std::move(card));
    }
  }
  return out;
}

const KnownCard* PeopleIndex::known(const std::string& id) const {
  const auto found = known_.find(id);
  return found == known_.end() ? nullptr : &found->second;
}

const rules::PersonCard* PeopleIndex::card(const std::string& id) const {
  const auto found = cards_.find(id);
  return found == cards_.end() ? nullptr : &found->second;
}

std::vector<rules::PossibleDuplicate> PeopleIndex::find(const rules::PersonCard& card) const {
  auto out = index_.find(card);
  const KnownCard* const who = known(card.id);
  if (who == nullptr) return out;
  std::erase_if(out, [&](const rules::PossibleDuplicate& each) {
    const SamePerson verdict = links_.verdict(who->id, known(each.id)->id);
    return verdict == SamePerson::same || verdict == SamePerson::not_same;
  });
  return out;
}

std::vector<PeopleIndex::Pair> PeopleIndex::pairs() const {
  std::vector<Pair> out;
  for (const auto& [id, card] : cards_) {
    for (auto& other : find(card)) {
      if (id < other.id) out.push_back({id, std::move(other)});
    }
  }
  std::ranges::stable_sort(out, std::greater<>(), [](const Pair& pair) { return pair.b.score; });
  return out;
}

}  // namespace wayside::casework
