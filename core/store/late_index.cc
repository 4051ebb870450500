#include "core/store/late_index.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace wayside::store {

std::size_t LateIndex::HashKey::operator()(const Key& key) const {
  return std::hash<std::string_view>()({reinterpret_cast<const char*>(key.data()), key.size()});
}

LateIndex::Key LateIndex::key_of(BytesView bytes) {
  assert(bytes.size() <= kMaxKeyBytes);
  Key key{};
  std::memcpy(key.data(), bytes.data(), std::min(bytes.size(), key.size()));
  return key;
}

/// At the first use, and after a rollback: memory may then hold what the table does not.
Result<void> LateIndex::read_back() {
  if (as_of_rollback_ == database_.rollbacks()) return {};
  up_to_ = 0;
  Query watermark = database_.query("SELECT up_to FROM late_indexes WHERE name = ?", SqlText{layout_.name});
  WAYSIDE_TRY(const bool known, watermark.next());
  if (known) up_to_ = watermark.integer(0);
  newest_ = up_to_;
  WAYSIDE_OK(read_beyond(up_to_));
  as_of_rollback_ = database_.rollbacks();
  return {};
}

Result<void> LateIndex::read_beyond(std::int64_t after) {
  recent_.clear();
  Query rows = database_.query(layout_.recent, after);
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return {};
    newest_ = std::max(newest_, rows.integer(0));
    if (!rows.is_null(1)) recent_.emplace(key_of(rows.blob(1)), rows.integer(0));
  }
}

Result<std::vector<std::int64_t>> LateIndex::find(BytesView key) {
  WAYSIDE_OK(read_back());
  std::vector<std::int64_t> out;
  Query rows = database_.query(layout_.find, key);
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) break;
    out.push_back(rows.integer(0));
  }
  const auto [first, last] = recent_.equal_range(key_of(key));
  for (auto each = first; each != last; ++each) out.push_back(each->second);
  std::sort(out.begin(), out.end());
  return out;
}

Result<void> LateIndex::added(Transaction&, BytesView key, std::int64_t row) {
  WAYSIDE_OK(read_back());
  // A number below the watermark: its key was not known when the row was made, or the number is used again.
  if (row <= up_to_) return database_.run(layout_.insert, key, row);
  const auto [first, last] = recent_.equal_range(key_of(key));
  if (std::none_of(first, last, [&](const auto& each) { return each.second == row; })) recent_.emplace(key_of(key), row);
  newest_ = std::max(newest_, row);
  return recent_.size() < layout_.batch ? Result<void>{} : write_batch();
}

Result<void> LateIndex::catch_up(Transaction&, std::int64_t after) {
  WAYSIDE_OK(read_back());
  WAYSIDE_OK(read_beyond(std::min(after, up_to_)));
  return write_batch();
}

Result<void> LateIndex::removed(Transaction&, BytesView key, std::int64_t row) {
  WAYSIDE_OK(read_back());
  const auto [first, last] = recent_.equal_range(key_of(key));
  const auto held = std::find_if(first, last, [&](const auto& each) { return each.second == row; });
  if (held != last) recent_.erase(held);
  return database_.run(layout_.remove, key, row);
}

Result<void> LateIndex::write_batch() {
  std::vector<std::pair<Key, std::int64_t>> sorted(recent_.begin(), recent_.end());
  std::sort(sorted.begin(), sorted.end());   // neighbours share pages
  for (const auto& [key, row] : sorted) {
    WAYSIDE_OK(database_.run(layout_.insert, BytesView(reinterpret_cast<const char*>(key.data()), layout_.key_bytes), row));
  }
  WAYSIDE_OK(database_.run("INSERT OR REPLACE INTO late_indexes(name, up_to) VALUES(?, ?)", SqlText{layout_.name}, newest_));
  recent_.clear();
  up_to_ = newest_;
  return {};
}

Result<void> LateIndex::check() {
  std::int64_t keys = 0;
  Query all = database_.query(layout_.recent, 0);
  for (;;) {
    WAYSIDE_TRY(const bool row, all.next());
    if (!row) break;
    if (all.is_null(1)) continue;
    WAYSIDE_TRY(const auto found, find(all.blob(1)));
    if (!std::binary_search(found.begin(), found.end(), all.integer(0))) return fail(Errc::corrupt, std::string(layout_.name));
    ++keys;
  }
  Query count = database_.query(layout_.count);
  WAYSIDE_OK(count.next());
  const bool strays = count.integer(0) + static_cast<std::int64_t>(recent_.size()) != keys;
  return strays ? fail(Errc::corrupt, std::string(layout_.name)) : Result<void>{};
}

}  // namespace wayside::store
