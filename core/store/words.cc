#include "core/store/words.h"

#include <sqlite3.h>

namespace wayside::store {
namespace {

/// Ends the tokenizer as it ends.
class Tokenizer {
 public:
  explicit Tokenizer(fts5_api* api) : found_(api != nullptr && api->xFindTokenizer(api, "unicode61", &context_, &methods_) == SQLITE_OK) {}
  ~Tokenizer() {
    if (made_ != nullptr) methods_.xDelete(made_);
  }
  Tokenizer(const Tokenizer&) = delete;
  Tokenizer& operator=(const Tokenizer&) = delete;

  bool make(std::vector<const char*> options) {
    return found_ && methods_.xCreate(context_, options.data(), static_cast<int>(options.size()), &made_) == SQLITE_OK;
  }
  bool cut(std::string_view text, std::vector<std::string>& words) {
    const auto take = [](void* into, int, const char* word, int size, int, int) {
      static_cast<std::vector<std::string>*>(into)->emplace_back(word, static_cast<std::size_t>(size));
      return SQLITE_OK;
    };
    return methods_.xTokenize(made_, &words, FTS5_TOKENIZE_QUERY, text.data(), static_cast<int>(text.size()), take) == SQLITE_OK;
  }

 private:
  void* context_ = nullptr;
  fts5_tokenizer methods_{};
  Fts5Tokenizer* made_ = nullptr;
  bool found_;
};

}  // namespace

/// FTS5 hands its interface out through a query: https://www.sqlite.org/fts5.html#extending_fts5
fts5_api* Database::fts5() {
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(handle_, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
    sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
    sqlite3_step(statement);
  }
  sqlite3_finalize(statement);
  return api;
}

Result<std::vector<std::string>> words_of(Database& database, const std::vector<const char*>& options, std::string_view text) {
  std::vector<std::string> words;
  Tokenizer tokenizer(database.fts5());
  if (!tokenizer.make(options)) return fail(Errc::io, "full-text tokenizer");
  if (!text.empty() && !tokenizer.cut(text, words)) return fail(Errc::out_of_memory, "full-text tokenizer");
  return words;
}

}  // namespace wayside::store
