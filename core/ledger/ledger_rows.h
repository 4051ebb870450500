#pragma once

#include <vector>

#include "core/ledger/ledger_store.h"

namespace wayside::ledger {

/// The ledgers whose row numbers `numbers` gives in its first column, in that order. The query has ended before the first is read.
Result<std::vector<LedgerRow>> ledgers_numbered(LedgerStore& store, store::Query numbers);

}  // namespace wayside::ledger
