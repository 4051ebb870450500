#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/casework/casebook.h"
#include "core/casework/rules/dates.h"

/// What a record says, by the names of its fields: the one way from a record to a rule's plain struct.
namespace wayside::casework::rules {

/// A UUID, or any name of up to 16 bytes, so that a script may call its records as it likes.
std::optional<RecordId> record_id_from(std::string_view text);

class RecordFields {
 public:
  RecordFields() = default;
  /// What a vault shows: of every field its present content.
  explicit RecordFields(const ShownRecord& record);
  /// What an importer has read and nobody has saved yet.
  RecordFields(const schema::Schema& schema, const NewRecord& record);

  void set(std::string_view field, std::vector<Value> values);

  /// Nothing where the field is empty or of another kind. Of several values the first.
  [[nodiscard]] std::string text(std::string_view field) const;  ///< text or code; else empty
  [[nodiscard]] std::vector<std::string> texts(std::string_view field) const;
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view field) const;
  [[nodiscard]] std::optional<bool> flag(std::string_view field) const;
  [[nodiscard]] std::optional<Day> day(std::string_view field) const;
  [[nodiscard]] std::vector<bool> flags(std::string_view field) const;  ///< every value that stands
  [[nodiscard]] std::vector<Day> days(std::string_view field) const;
  [[nodiscard]] std::optional<std::int64_t> time_ms(std::string_view field) const;
  [[nodiscard]] std::vector<RecordId> records(std::string_view field) const;

 private:
  [[nodiscard]] const std::vector<Value>& all(std::string_view field) const;
  [[nodiscard]] const Value* first(std::string_view field) const;
  std::map<std::string, std::vector<Value>, std::less<>> values_;
};

}  // namespace wayside::casework::rules
