#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/casework/casebook.h"

/// Records as a field that points to them names them: by title, never by id.
namespace wayside::app {

struct Choice {
  RecordId id;
  std::string title;
  bool put_away = false;  ///< shown where it is held, not offered anew
};

/// "Priya Shah", "Consent, Police": the title that a row of a list shows, with the type's label where the title alone
/// does not say what it is.
std::string choice_title(const casework::ShownRecord& record, std::int64_t now_ms);

/// Every record that `field` may point to from a record of that case (nothing: of the organisation), by title. Equal
/// titles are told apart by their second lines.
Result<std::vector<Choice>> choices_for(vault::Vault& vault, const std::optional<RecordId>& case_id,
                                        const schema::Field& field, std::int64_t now_ms);

/// One value of a reference field as a person reads it; of a record that is not here, that it is not.
std::string reference_words(vault::Vault& vault, const schema::Field& field, const RecordId& to, std::int64_t now_ms);
/// "This consent is not on this device."
std::string not_here_words(const schema::Field& field);
/// "No consent is here yet. Add it to the case first." of a field that nothing can be chosen for.
std::string none_here_words(const schema::Field& field);

/// A value as a person reads it, records by their titles.
std::string display(vault::Vault& vault, const schema::Field& field, const Value& value, std::int64_t now_ms);
/// A value in few words: days and times without the year where it is this one.
std::string brief(const schema::Field& field, const Value& value, std::int64_t now_ms);

/// Those fields of a record that hold something, in few words, joined; records by their titles.
std::string joined(vault::Vault& vault, const casework::ShownRecord& record, const std::vector<std::string>& names,
                   std::string_view separator, std::int64_t now_ms);

}  // namespace wayside::app
