#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/vault/vault.h"

/// Full text over what records show. The index follows the records by a durable
/// watermark, and a queue of those that changed since, in batches; a search catches up
/// before it answers. Diacritics and case are folded; every word of a query also matches as the beginning of a word.
namespace wayside::search {

/// Indexes up to `limit` queued records in one transaction; returns how many were done. Zero: the index has caught up.
/// Small limits keep a waiting save short (the worker yields between slices).
Result<std::size_t> catch_up(vault::Vault& vault, std::size_t limit);
Result<void> catch_up_all(vault::Vault& vault);

struct Hit {
  RecordId record;
  std::int64_t row = 0;
  std::uint32_t type = 0;
};
struct Query {
  std::string text;                 ///< words, of which the first 64 count; each also as a prefix
  std::optional<std::uint32_t> type;
  std::size_t limit = 50;
};
/// Names first, then other words; within each, newest records first.
Result<std::vector<Hit>> find(vault::Vault& vault, const Query& query);
/// How many records match in all.
Result<std::size_t> count(vault::Vault& vault, const Query& query);

/// Compares the index with the records. Errc::corrupt names the first record that differs.
Result<void> check(vault::Vault& vault);
/// Throws the index away and makes it anew.
Result<void> rebuild(vault::Vault& vault);

}  // namespace wayside::search
