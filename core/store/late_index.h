#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/store/database.h"

namespace wayside::store {

/// An index over a column of random keys that is written in batches. In a b-tree each random key lies on a page of its
/// own, so a save of 13 records would encrypt and write 13 pages for their ids alone. Here the newest keys stand in
/// memory, and go into the tree together, in order, once there are `batch` of them. Nothing is at risk meanwhile: what
/// the tree lacks lies beyond a durable watermark, and is read back from the table itself.
///
/// The table's rows are numbered upwards. A key may belong to several rows; whoever must keep it unique looks first.
class LateIndex {
 public:
  /// Statements, since SQL cannot take the name of a table as an argument.
  struct Layout {
    std::string_view name;     ///< of its row in the table `late_indexes(name, up_to)`
    std::string_view recent;   ///< SELECT n, key FROM the table WHERE n > ?
    std::string_view find;     ///< SELECT n FROM the tree WHERE key = ?
    std::string_view insert;   ///< INSERT OR IGNORE INTO the tree(key, n) VALUES(?, ?)
    std::string_view remove;   ///< DELETE FROM the tree WHERE key = ? AND n = ?
    std::string_view count;    ///< SELECT count(*) FROM the tree
    std::size_t key_bytes = 0; ///< of every key; at most kMaxKeyBytes
    std::size_t batch = 0;     ///< as many keys at most are read back at the first use
  };
  static constexpr std::size_t kMaxKeyBytes = 32;

  LateIndex(Database& database, const Layout& layout) : database_(database), layout_(layout) {}

  /// Rows with this key, the lowest number first.
  Result<std::vector<std::int64_t>> find(BytesView key);
  /// To be told of each new row, in its transaction. Errors: those of the store.
  Result<void> added(Transaction&, BytesView key, std::int64_t row);

  /// Instead of that, after very many rows at once, all of them beyond row `after`: their keys go into the tree together.
  Result<void> catch_up(Transaction&, std::int64_t after);

  /// To be told of each row that goes, in its transaction.
  Result<void> removed(Transaction&, BytesView key, std::int64_t row);

  /// Every key of the table is found, and nothing else is. Errc::corrupt names the index.
  Result<void> check();

 private:
  using Key = std::array<unsigned char, kMaxKeyBytes>;   // shorter ones end in zeros; unsigned, as SQLite orders bytes
  struct HashKey { std::size_t operator()(const Key& key) const; };
  static Key key_of(BytesView bytes);
  Result<void> read_back();
  Result<void> read_beyond(std::int64_t after);
  Result<void> write_batch();

  Database& database_;
  Layout layout_;
  std::unordered_multimap<Key, std::int64_t, HashKey> recent_;
  std::int64_t up_to_ = 0;             // rows up to here are in the tree
  std::int64_t newest_ = 0;
  std::uint64_t as_of_rollback_ = ~std::uint64_t{0};   // memory is right for the database after so many rollbacks
};

}  // namespace wayside::store
