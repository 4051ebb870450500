#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/store/database.h"

namespace wayside::store {

/// The words of `text` as a full-text index with the tokenizer unicode61 cuts and folds them. `options` are those of the
/// table: {"remove_diacritics", "2", …}. A query made of such words asks for what the index can hold, and nothing else.
Result<std::vector<std::string>> words_of(Database& database, const std::vector<const char*>& options, std::string_view text);

}  // namespace wayside::store
