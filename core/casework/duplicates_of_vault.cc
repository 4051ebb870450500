#include "core/casework/duplicates_of_vault.h"

#include <algorithm>

#include "core/casework/rules/adapters.h"

namespace wayside::casework {

Result<PeopleIndex> PeopleIndex::read(Vault& vault) {
  PeopleIndex out;
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

std::vector<PeopleIndex::Pair> PeopleIndex::pairs() const {
  std::vector<Pair> out;
  for (const auto& [id, card] : cards_) {
    for (auto& other : index_.find(card)) {
      if (id < other.id) out.push_back({id, std::move(other)});
    }
  }
  std::ranges::stable_sort(out, std::greater<>(), [](const Pair& pair) { return pair.b.score; });
  return out;
}

}  // namespace wayside::casework
