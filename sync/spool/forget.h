#pragma once

#include <set>
#include <vector>

#include "core/base/ids.h"
#include "sync/spool/layout.h"

namespace wayside::spool {

/// Takes sealed bytes and wraps of erased ledgers out of a spool: an inbox page keeps the ids alone, as the office sends
/// them now; an outbox frame goes, and so does every sealed copy, whatever its ledger. Numbers of frames stay. No Outbox or
/// InboxReader may be open meanwhile.
/// Errc::busy while a courier works: then it is done another time.
Result<void> forget_ledgers(platform::Files& files, const Layout& layout, const std::set<LedgerId>& ledgers);

/// The cursor holds nothing of these ledgers any more: carried again, they are fetched from the beginning. Errc::busy as above.
Result<void> forget_places(platform::Files& files, const Layout& layout, const std::vector<LedgerId>& ledgers);

}  // namespace wayside::spool
