#include "core/store/database.h"

#include <sodium.h>
#include <sqlite3.h>

#include <string>

namespace wayside::store {
namespace {

Errc errc_of(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL: return Errc::disk_full;
    case SQLITE_READONLY:
    case SQLITE_PERM: return Errc::read_only;
    case SQLITE_NOTADB: return Errc::not_a_vault;
    case SQLITE_CORRUPT: return Errc::corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Errc::busy;
    case SQLITE_NOMEM: return Errc::out_of_memory;
    case SQLITE_CONSTRAINT: return Errc::already_exists;
    case SQLITE_CANTOPEN: return Errc::not_found;
    default: return Errc::io;
  }
}

// Reasons stand in docs/ARCHITECTURE.md, "The store". The order matters: EXCLUSIVE before WAL, so that no
// shared memory is asked for.
constexpr std::string_view kPragmas = R"(
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA fullfsync = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA secure_delete = ON;
  PRAGMA foreign_keys = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;
  PRAGMA mmap_size = 0;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA cache_size = -32768;
)";

}  // namespace

Result<std::unique_ptr<Database>> Database::open(platform::Env& env, const platform::Path& file, Mode mode,
                                                 const SecretBytes& raw_key) {
  return open_any(env, file, mode, &raw_key);
}

Result<std::unique_ptr<Database>> Database::open_plain(platform::Env& env, const platform::Path& file, Mode mode) {
  return open_any(env, file, mode, nullptr);
}

Result<std::unique_ptr<Database>> Database::open_any(platform::Env& env, const platform::Path& file, Mode mode,
                                                     const SecretBytes* raw_key) {
  const bool exists = env.files.exists(file);
  if (mode == Mode::create_new && exists) return fail(Errc::already_exists, file.filename().string());
  if (mode == Mode::existing && !exists) return fail(Errc::not_found, file.filename().string());
  std::unique_ptr<Database> database(new Database(env));
  const int flags = SQLITE_OPEN_READWRITE | (exists ? 0 : SQLITE_OPEN_CREATE) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(file.c_str(), &database->handle_, flags, database->vfs_.name());
  if (code != SQLITE_OK) return database->failure(code, "open");
  sqlite3_rollback_hook(database->handle_, [](void* self) { ++static_cast<Database*>(self)->rollbacks_; }, database.get());
  if (raw_key != nullptr) WAYSIDE_OK(database->set_key(*raw_key));
  WAYSIDE_OK(database->set_pragmas(raw_key != nullptr));
  return database;
}

/// As a raw key through the C API: it never stands in SQL text, so never in a log.
Result<void> Database::set_key(const SecretBytes& raw_key) {
  SecretBytes text(3 + 2 * raw_key.size() + 1);
  char* at = reinterpret_cast<char*>(text.data());
  at[0] = 'x';
  at[1] = '\'';
  sodium_bin2hex(at + 2, 2 * raw_key.size() + 1, raw_key.data(), raw_key.size());
  at[2 + 2 * raw_key.size()] = '\'';
  const int code = sqlite3_key_v2(handle_, "main", at, static_cast<int>(3 + 2 * raw_key.size()));
  if (code != SQLITE_OK) return failure(code, "key");
  Query version = query("PRAGMA cipher_version");
  const auto row = version.next();
  if (!row || !*row || version.text(0).empty()) return fail(Errc::no_cipher, "PRAGMA cipher_version");
  return {};
}

Result<void> Database::set_pragmas(bool encrypted) {
  if (encrypted) WAYSIDE_OK(run_script("PRAGMA cipher_log_level = NONE; PRAGMA cipher_log = off;"));
  // Before the first read: a store in WAL mode would ask for shared memory otherwise, and not open.
  WAYSIDE_OK(run_script("PRAGMA locking_mode = EXCLUSIVE;"));
  // The first read tells whether the key opens the file: before anything could be written.
  WAYSIDE_OK(run("SELECT count(*) FROM sqlite_master"));
  WAYSIDE_OK(run_script(kPragmas));
  Query mode = query("PRAGMA journal_mode");
  WAYSIDE_TRY(const bool row, mode.next());
  if (!row || mode.text(0) != "wal") return fail(Errc::io, "journal_mode is not wal");
  return {};
}

Database::~Database() {
  for (auto& [sql, statements] : idle_) {
    for (sqlite3_stmt* statement : statements) sqlite3_finalize(statement);
  }
  sqlite3_close_v2(handle_);
}

Result<void> Database::finish(Query& all) {
  for (;;) {
    WAYSIDE_TRY(const bool row, all.next());
    if (!row) return {};
  }
}

Result<void> Database::run_script(std::string_view sql) {
  forget_fault();
  const std::string terminated(sql);
  const int code = sqlite3_exec(handle_, terminated.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure(code, "script");
  return {};
}

std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(handle_); }
std::int64_t Database::changed_rows() const { return sqlite3_changes64(handle_); }

Result<void> Database::checkpoint() {
  forget_fault();
  const int code = sqlite3_wal_checkpoint_v2(handle_, "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (code != SQLITE_OK) return failure(code, "checkpoint");
  return {};
}

Result<void> Database::check_integrity() {
  // The cipher's check reads the file alone: a page that only the log still holds whole would look damaged.
  WAYSIDE_OK(checkpoint());
  for (const std::string_view pragma : {"PRAGMA cipher_integrity_check", "PRAGMA integrity_check", "PRAGMA foreign_key_check"}) {
    Query check = query(pragma);
    WAYSIDE_TRY(const bool row, check.next());
    if (row && check.text(0) != "ok") return fail(Errc::corrupt, std::string(pragma));
  }
  return {};
}

std::unexpected<Error> Database::failure(int code, std::string_view doing) {
  // The file system's own words are better than SQLite's when it was a file that failed.
  if (auto fault = vfs_.take_fault()) return std::unexpected(*std::move(fault));
  return fail(errc_of(code), "store: " + std::string(sqlite3_errstr(code)) + " in " + std::string(doing.substr(0, 60)));
}

sqlite3_stmt* Database::take_statement(std::string_view sql, int& code) {
  auto& idle = idle_[sql];
  if (!idle.empty()) {
    sqlite3_stmt* statement = idle.back();
    idle.pop_back();
    return statement;
  }
  sqlite3_stmt* statement = nullptr;
  code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  return statement;
}

void Database::give_back(std::string_view sql, sqlite3_stmt* statement) {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  idle_[sql].push_back(statement);
}

Result<Transaction> Transaction::begin(Database& database) {
  WAYSIDE_OK(database.run("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Result<Transaction> Transaction::join(Database& database) {
  if (sqlite3_get_autocommit(database.handle_) == 0) return Transaction(database, true);
  return begin(database);
}

Transaction::~Transaction() {
  // SQLite has rolled back by itself after some failures; then there is nothing left to end.
  if (!joined_ && database_ != nullptr && sqlite3_get_autocommit(database_->handle_) == 0) (void)database_->run("ROLLBACK");
}

Result<void> Transaction::commit() && {
  if (joined_) return {};
  WAYSIDE_OK(database_->run("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace wayside::store
