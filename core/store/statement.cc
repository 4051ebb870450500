#include "core/store/statement.h"

#include <sqlite3.h>

#include <cstring>
#include <utility>

#include "core/store/database.h"

namespace wayside::store {

Query::Query(Database& database, std::string_view sql, bool copy_bindings)
    : database_(&database), sql_(sql), copy_bindings_(copy_bindings) {
  statement_ = database.take_statement(sql, failed_);
}

Query::Query(Query&& other) noexcept
    : database_(other.database_),
      statement_(std::exchange(other.statement_, nullptr)),
      sql_(other.sql_),
      copy_bindings_(other.copy_bindings_),
      failed_(other.failed_) {}

Query::~Query() {
  if (statement_ != nullptr) database_->give_back(sql_, statement_);
}

Result<bool> Query::next() {
  if (failed_ != 0) return database_->failure(failed_, sql_);
  database_->forget_fault();
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_->failure(code, sql_);
}

void Query::bind(int index, std::int64_t value) {
  if (failed_ == 0) failed_ = sqlite3_bind_int64(statement_, index, value);
}

void Query::bind(int index, BytesView value) {
  const char* data = value.data() == nullptr ? "" : value.data();
  if (failed_ == 0) {
    failed_ = sqlite3_bind_blob64(statement_, index, data, value.size(), copy_bindings_ ? SQLITE_TRANSIENT : SQLITE_STATIC);
  }
}

void Query::bind(int index, SqlText value) {
  const char* data = value.text.data() == nullptr ? "" : value.text.data();
  if (failed_ == 0) {
    failed_ = sqlite3_bind_text64(statement_, index, data, value.text.size(),
                                  copy_bindings_ ? SQLITE_TRANSIENT : SQLITE_STATIC, SQLITE_UTF8);
  }
}

void Query::bind(int index, std::nullopt_t) {
  if (failed_ == 0) failed_ = sqlite3_bind_null(statement_, index);
}

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

BytesView Query::blob(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return data == nullptr ? BytesView{} : BytesView(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

std::string_view Query::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return data == nullptr ? std::string_view{}
                         : std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

bool Query::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

SecretBytes Query::secret(int column) const {
  const BytesView bytes = blob(column);
  if (bytes.empty()) return {};
  SecretBytes out(bytes.size());
  std::memcpy(out.data(), bytes.data(), bytes.size());
  return out;
}

}  // namespace wayside::store
