#pragma once

#include "core/casework/case_facts.h"
#include "core/casework/rules/duplicates.h"
#include "core/casework/same_person.h"

/// People of this vault who may be one person: persons and children, never perpetrators.
namespace wayside::casework {

struct KnownCard {
  RecordId id, case_id;
  std::string type, name;
};
class PeopleIndex {
 public:
  static Result<PeopleIndex> read(Vault& vault);
  [[nodiscard]] const KnownCard* known(const std::string& id) const;
  [[nodiscard]] const rules::PersonCard* card(const std::string& id) const;
  /// Without those of whom somebody has said already that they are the same, or are not (core/casework/same_person.h).
  [[nodiscard]] std::vector<rules::PossibleDuplicate> find(const rules::PersonCard& card) const;
  /// Every two of them that are alike and not decided on, each pair once, the most alike first.
  struct Pair {
    std::string a;
    rules::PossibleDuplicate b;
  };
  [[nodiscard]] std::vector<Pair> pairs() const;
  [[nodiscard]] const PersonLinks& links() const { return links_; }

 private:
  std::map<std::string, KnownCard> known_;
  std::map<std::string, rules::PersonCard> cards_;
  rules::DuplicateIndex index_;
  PersonLinks links_;
};

}  // namespace wayside::casework
