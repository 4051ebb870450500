#include "core/ledger/ledger_rows.h"

namespace wayside::ledger {
namespace {

Result<std::vector<std::int64_t>> all_of(store::Query numbers) {
  std::vector<std::int64_t> out;
  for (;;) {
    WAYSIDE_TRY(const bool row, numbers.next());
    if (!row) return out;
    out.push_back(numbers.integer(0));
  }
}

}  // namespace

Result<std::vector<LedgerRow>> ledgers_numbered(LedgerStore& store, store::Query numbers) {
  WAYSIDE_TRY(const auto all, all_of(std::move(numbers)));
  std::vector<LedgerRow> out;
  for (const std::int64_t n : all) {
    WAYSIDE_TRY(auto found, store.ledger(n));
    if (found) out.push_back(*std::move(found));
  }
  return out;
}

}  // namespace wayside::ledger
