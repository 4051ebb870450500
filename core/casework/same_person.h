#pragma once

#include <map>
#include <utility>

#include "core/casework/casebook.h"

/// Two records that are one person, or are not: what people have decided. Linking copies and changes neither record, so
/// taking it back leaves both as they were.
///
/// One record of type `person_link` for each pair, in the case of the lower id, under an id made from both. So decisions
/// made apart meet in one field, of policy `review`: until a person has chosen, the pair counts as not decided.
namespace wayside::casework {

enum class SamePerson { undecided, same, not_same, in_review };
std::string_view name_of(SamePerson verdict);

struct PersonLink {
  RecordId record;                   ///< of type person_link
  RecordId lower, higher;
  SamePerson verdict = SamePerson::undecided;
  std::string why;                   ///< the newest entry
  [[nodiscard]] const RecordId& other_than(const RecordId& id) const { return id == lower ? higher : lower; }
};

/// Every pair that somebody ever decided on, also those taken back. One read answers many questions.
class PersonLinks {
 public:
  PersonLinks() = default;
  PersonLinks(PersonLinks&&) = default;              // one map points into the other: moved, not copied
  PersonLinks& operator=(PersonLinks&&) = default;
  static Result<PersonLinks> read(Vault& vault);
  [[nodiscard]] SamePerson verdict(const RecordId& a, const RecordId& b) const;
  [[nodiscard]] const PersonLink* find(const RecordId& a, const RecordId& b) const;
  /// Those of one record that say something: same, not_same or in_review.
  [[nodiscard]] std::vector<PersonLink> of(const RecordId& id) const;
  /// Everybody who is the same person as `id`, over any number of links; never `id` itself. In order of ids.
  [[nodiscard]] std::vector<RecordId> same_as(const RecordId& id) const;

 private:
  std::map<std::pair<RecordId, RecordId>, PersonLink> by_pair_;
  std::multimap<RecordId, const PersonLink*> by_person_;
};

/// Says that two persons or children are the same, or are not. Errors: not_found (a record that is not here), bad_input (no
/// person or child, twice the same record, no reason, said already, or a review that has to be decided first).
Result<PersonLink> decide_same_person(Vault& vault, const RecordId& a, const RecordId& b, bool same, const std::string& reason);
/// Takes the last decision back: what stood before a link stands again. Errc::bad_input when nothing is decided.
Result<PersonLink> undo_same_person(Vault& vault, const RecordId& a, const RecordId& b, const std::string& reason);

}  // namespace wayside::casework
