#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/casework/rules/dates.h"

/// People who may be one person: scored by name, day of birth, phone and address, with the reasons shown. It suggests;
/// a person decides, and linking is undone as easily as done.
///
/// Names compare whatever their script, marks, order or transliteration (ICU: Any-Latin; Latin-ASCII; Lower; then how
/// they sound). Scores add up evidence as weights of Fellegi and Sunter (A Theory for Record Linkage, 1969) do: what
/// agrees adds, what differs takes away, what is not known does neither. The weights are ours and settings; nobody has
/// fitted them.
namespace wayside::casework::rules {

struct PersonCard {
  std::string id;
  std::string forename, surname;
  std::vector<std::string> also_known_as;  ///< whole names
  std::optional<Day> dob;
  std::vector<std::string> phones;
  std::string address, postcode;
};

struct DuplicateSettings {
  int suggest_from = 60;  ///< of 100
  std::size_t at_most = 20;
};

struct DuplicateReason {
  int points = 0;        ///< below 0: speaks against
  std::string sentence;  ///< "Same day of birth."
};

struct PossibleDuplicate {
  std::string id;
  int score = 0;  ///< 0 to 100
  std::vector<DuplicateReason> reasons;
};

/// Two cards alone.
PossibleDuplicate compare(const PersonCard& a, const PersonCard& b);

/// A caseload, indexed by blocking keys: sounds and first letters of names, day of birth, phone, postcode. A card is
/// compared with those alone that share a key. Move only; one thread.
class DuplicateIndex {
 public:
  DuplicateIndex();
  ~DuplicateIndex();
  DuplicateIndex(DuplicateIndex&&) noexcept;
  DuplicateIndex& operator=(DuplicateIndex&&) noexcept;

  void add(PersonCard card);  ///< an id that is there already is replaced
  void remove(const std::string& id);
  [[nodiscard]] std::size_t size() const;

  /// Those with `suggest_from` or more, the highest score first, then by id. Never the card's own id.
  [[nodiscard]] std::vector<PossibleDuplicate> find(const PersonCard& card,
                                                    const DuplicateSettings& settings = {}) const;
  /// How many cards `find` would compare with.
  [[nodiscard]] std::size_t candidates(const PersonCard& card) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wayside::casework::rules
