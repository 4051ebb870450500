#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/ids.h"
#include "platform/result.h"
#include "platform/secret_bytes.h"

struct sqlite3_stmt;

namespace wayside::store {

class Database;

/// Text for SQLite; everything else that is bytes is a BLOB.
struct SqlText { std::string_view text; };

/// One run of one SQL statement: bound when made, reset (and given back to the database's cache) when it ends.
/// A failure to prepare or to bind comes out of the first `next`.
class Query {
 public:
  Query(Query&& other) noexcept;
  Query& operator=(Query&&) = delete;
  Query(const Query&) = delete;
  ~Query();

  /// True while there is a row. Errors: disk_full, read_only, corrupt, not_a_vault, already_exists (a constraint), io …
  Result<bool> next();

  // Columns of the row at hand, from 0. Views hold until the next call of `next`.
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] BytesView blob(int column) const;
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] SecretBytes secret(int column) const;
  /// All zeros when the column has another length: the store is ours, so a caller that must know checks.
  template <class IdType>
  [[nodiscard]] IdType id(int column) const { return IdType::from(blob(column)).value_or(IdType{}); }

 private:
  friend class Database;
  /// `copy_bindings`: the arguments may end before the query does.
  Query(Database& database, std::string_view sql, bool copy_bindings);
  void bind(int index, std::int64_t value);
  void bind(int index, std::uint64_t value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, int value) { bind(index, std::int64_t{value}); }
  void bind(int index, std::uint32_t value) { bind(index, std::int64_t{value}); }
  void bind(int index, BytesView value);
  void bind(int index, const Bytes& value) { bind(index, BytesView(value)); }
  void bind(int index, SqlText value);
  void bind(int index, const SecretBytes& value) { bind(index, value.view()); }
  void bind(int index, std::nullopt_t);
  template <class Tag, std::size_t kSize>
  void bind(int index, const Id<Tag, kSize>& id) { bind(index, id.view()); }
  template <class T>
  void bind(int index, const std::optional<T>& value) { value ? bind(index, *value) : bind(index, std::nullopt); }

  Database* database_;
  sqlite3_stmt* statement_ = nullptr;
  std::string_view sql_;
  bool copy_bindings_;
  int failed_ = 0;
};

}  // namespace wayside::store
