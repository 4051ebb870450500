#pragma once

#include <functional>

#include "core/ledger/ledger_store.h"

namespace wayside::ledger {

/// One envelope that was verified and opened.
struct Verified {
  EnvelopeId id;
  DeviceId device;
  std::int64_t ledger = 0;          ///< row
  Author author;
  bool first_in_ledger = false;     ///< then no record of it can be there yet, and none is looked for
};

/// Names the review of one field of one record, the same on every device.
using ReviewId = Id<struct ReviewTag, 16>;
ReviewId review_id(const RecordId& record, std::uint32_t field);

/// Raises the review of a field, or takes it away, as its values call for.
Result<void> keep_review_in_step(LedgerStore& store, const RecordRow& record, std::uint32_t field, bool was_there, std::int64_t now_ms);

/// Folds a change-set into the records it touches, puts them on the search queue and keeps the reviews in step.
/// The one way into the records: local saves, remote change-sets and rebuilding all come through here.
Result<void> apply(LedgerStore& store, store::Transaction& transaction, const Verified& envelope,
                   const ChangeSet& change, std::int64_t now_ms);

}  // namespace wayside::ledger
