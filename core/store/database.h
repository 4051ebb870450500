#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/store/statement.h"
#include "core/store/vfs.h"

struct sqlite3;
struct fts5_api;

namespace wayside::store {

/// One SQLCipher file, one connection, EXCLUSIVE, WAL, synchronous=FULL (reasons: docs/ARCHITECTURE.md, "The store").
class Database {
 public:
  enum class Mode { create_new, existing };

  /// `raw_key` is the store's 32 random bytes, not a passphrase. Errors: no_cipher when this process has an SQLite
  /// without a codec (never go on), not_a_vault when the key does not open it, already_exists, io, disk_full …
  static Result<std::unique_ptr<Database>> open(platform::Env& env, const platform::Path& file, Mode mode,
                                                const SecretBytes& raw_key);
  /// The same without encryption, for what is sealed already (the office's envelopes).
  static Result<std::unique_ptr<Database>> open_plain(platform::Env& env, const platform::Path& file, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// `sql` must outlive the database (a literal): it is the key of the statement cache.
  template <class... Args>
  Query query(std::string_view sql, const Args&... args) {
    Query query(*this, sql, true);
    int index = 0;
    (query.bind(++index, args), ...);
    return query;
  }
  /// Runs to the end and forgets rows.
  template <class... Args>
  Result<void> run(std::string_view sql, const Args&... args) {
    Query all(*this, sql, false);
    int index = 0;
    (all.bind(++index, args), ...);
    return finish(all);
  }
  /// Several statements, separated by semicolons: the schema.
  Result<void> run_script(std::string_view sql);

  [[nodiscard]] std::int64_t last_row() const;
  [[nodiscard]] std::int64_t changed_rows() const;
  /// How many transactions were undone: whoever keeps in memory what they wrote reads it again.
  [[nodiscard]] std::uint64_t rollbacks() const { return rollbacks_; }
  [[nodiscard]] Vfs::Syncs syncs() const { return vfs_.syncs(); }
  /// Moves the WAL into the file; no reader is ever in the way.
  Result<void> checkpoint();
  /// Page tags, b-trees and foreign keys, after a checkpoint. Errc::corrupt names what does not fit.
  Result<void> check_integrity();

 private:
  friend class Query;
  friend class Transaction;
  friend Result<std::vector<std::string>> words_of(Database&, const std::vector<const char*>&, std::string_view);
  explicit Database(platform::Env& env) : vfs_(env) {}
  static Result<std::unique_ptr<Database>> open_any(platform::Env& env, const platform::Path& file, Mode mode,
                                                    const SecretBytes* raw_key);
  Result<void> set_key(const SecretBytes& raw_key);
  Result<void> set_pragmas(bool encrypted);
  Result<void> finish(Query& all);
  /// SQLite passes over some failures (a checkpoint after a durable commit): they are not those of the next call.
  void forget_fault() { (void)vfs_.take_fault(); }
  std::unexpected<Error> failure(int code, std::string_view doing);
  fts5_api* fts5();
  sqlite3_stmt* take_statement(std::string_view sql, int& code);
  void give_back(std::string_view sql, sqlite3_stmt* statement);

  Vfs vfs_;
  sqlite3* handle_ = nullptr;
  std::uint64_t rollbacks_ = 0;
  std::unordered_map<std::string_view, std::vector<sqlite3_stmt*>> idle_;
};

/// The right to write. Rolls back unless committed.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  /// The one that is open, if there is one: then its owner commits it, and `commit` here does nothing.
  static Result<Transaction> join(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)), joined_(other.joined_) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  /// Durable when it returns. On an error nothing of it was written.
  Result<void> commit() &&;
  [[nodiscard]] Database& database() const { return *database_; }

 private:
  explicit Transaction(Database& database, bool joined = false) : database_(&database), joined_(joined) {}
  Database* database_;
  bool joined_;
};

}  // namespace wayside::store
