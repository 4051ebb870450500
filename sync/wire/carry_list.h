#pragma once

#include <vector>

#include "core/base/ids.h"
#include "platform/result.h"
#include "sync/wire/wire.pb.h"

/// Which of the ledgers that it may read a device carries: all but some, or some only. A list that both sides name by its digest, so that it
/// crosses the wire only when it has changed.
namespace wayside::wire {

struct CarryList {
  bool only = false;                   ///< what is listed and nothing else; false: everything but what is listed
  std::vector<LedgerId> ledgers{};     ///< sorted, each once

  [[nodiscard]] bool carries(const LedgerId& ledger) const;
  [[nodiscard]] bool carries_all() const { return !only && ledgers.empty(); }
  /// BLAKE2b-256(domain ‖ the ids), "wayside/carried/1" for what alone is carried, "wayside/put-down/1" for what is not; empty
  /// when everything is carried.
  [[nodiscard]] Bytes digest() const;

  friend bool operator==(const CarryList&, const CarryList&) = default;
};

/// Sorted, each once.
pb::CarryList carry_list_message(CarryList list);
/// Errc::bad_input unless it is sorted, each once.
Result<CarryList> carry_list(const pb::CarryList& message);

}  // namespace wayside::wire
