#pragma once

#include <map>

#include "sync/office/ledger_store.h"

namespace wayside::office {

/// What each author has had stored here, within one push: read once, written at its end.
class LedgerStore::Shares {
 public:
  Shares(LedgerStore& store, std::int64_t now_ms) : store_(store), day_(now_ms / kDay_ms) {}

  /// Counts `bytes` against the device's share. False when they are too many: then its day is over. While a restored office
  /// gets back what it lost, a day is as long as that takes.
  Result<bool> take(const DeviceId& author, std::uint64_t bytes);
  Result<void> write();

 private:
  static constexpr std::int64_t kDay_ms = std::int64_t{24} * 60 * 60 * 1000;
  struct Used { std::uint64_t bytes = 0, day_bytes = 0; bool changed = false; };
  Result<Used*> of(const DeviceId& author);

  LedgerStore& store_;
  std::int64_t day_;
  std::map<DeviceId, Used> used_;
};

}  // namespace wayside::office
