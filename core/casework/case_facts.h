#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/casework/casebook.h"
#include "core/casework/rules/record_fields.h"

/// Everything that one case holds, by record type, as the rules read it. What is archived is left out.
namespace wayside::casework {

struct Fact {
  RecordId id;
  RecordId case_id;                  ///< zero: of the organisation
  rules::RecordFields fields;
  const ShownRecord* shown = nullptr;

  [[nodiscard]] std::string key() const { return to_text(id); }
  [[nodiscard]] bool has(std::string_view field) const { return shown->find(field) != nullptr; }
  /// Every value that somebody wrote and nobody has superseded, entries of an `append` field among them.
  [[nodiscard]] std::vector<std::string> all_texts(std::string_view field) const;
};

/// Moves; the facts point to records that stay where they are.
class CaseFacts {
 public:
  static Result<CaseFacts> read(Vault& vault, const RecordId& case_id);   ///< Errc::not_found
  [[nodiscard]] const RecordId& id() const { return id_; }
  [[nodiscard]] const std::vector<Fact>& of(std::string_view type) const;
  /// The only or first one, or one without any answer.
  [[nodiscard]] const rules::RecordFields& first(std::string_view type) const;
  /// The case's own record.
  [[nodiscard]] const rules::RecordFields& own() const { return first("case"); }
  /// A person's, child's or perpetrator's name as lists show it; the id where there is none.
  [[nodiscard]] std::string name_of(const RecordId& id) const;

 private:
  RecordId id_;
  std::vector<ShownRecord> records_;
  std::map<std::string, std::vector<Fact>, std::less<>> by_type_;
};

/// All records of one type in the vault, without those archived, with what holds them.
struct TypeFacts {
  std::vector<ShownRecord> records;
  std::vector<Fact> facts;
};
Result<TypeFacts> facts_of_type(Vault& vault, std::string_view type);

/// "Priya Shah", else the alias, else empty.
std::string full_name(const rules::RecordFields& person);
/// The day that this device's clock shows, in UTC.
rules::Day today(Vault& vault);
rules::Day day_of_ms(std::int64_t ms);

}  // namespace wayside::casework
