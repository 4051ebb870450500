#include "sync/office/ledger_shares.h"

#include <algorithm>

namespace wayside::office {

using store::Query;

Result<LedgerStore::Shares::Used*> LedgerStore::Shares::of(const DeviceId& author) {
  if (const auto found = used_.find(author); found != used_.end()) return &found->second;
  Used used;
  Query row = store_.database_->query("SELECT bytes, day, day_bytes FROM shares WHERE device = ?", author);
  WAYSIDE_TRY(const bool known, row.next());
  if (known) {
    used.bytes = static_cast<std::uint64_t>(row.integer(0));
    // A clock that was set back makes no new day.
    if (row.integer(1) >= day_) used.day_bytes = static_cast<std::uint64_t>(row.integer(2));
    day_ = std::max(day_, row.integer(1));
  }
  return &used_.emplace(author, used).first->second;
}

Result<bool> LedgerStore::Shares::take(const DeviceId& author, std::uint64_t bytes) {
  WAYSIDE_TRY(Used* used, of(author));
  const EnvelopeShare& share = store_.envelope_share_;
  const bool in_all = used->bytes + bytes <= share.bytes;
  const bool today = store_.restored_ || used->day_bytes + bytes <= share.day_bytes;
  used->changed = true;
  if (!in_all || !today) {
    used->day_bytes = std::max(used->day_bytes, share.day_bytes);
    return false;
  }
  used->bytes += bytes;
  used->day_bytes += bytes;
  return true;
}

Result<void> LedgerStore::Shares::write() {
  for (const auto& [device, used] : used_) {
    if (!used.changed) continue;
    WAYSIDE_OK(store_.database_->run("INSERT OR REPLACE INTO shares(device, bytes, day, day_bytes) VALUES(?, ?, ?, ?)", device, used.bytes,
                                     day_, used.day_bytes));
  }
  return {};
}

}  // namespace wayside::office
