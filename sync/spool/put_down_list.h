#pragma once

#include <vector>

#include "sync/spool/layout.h"

/// Which ledgers this device does not carry. The vault writes the list; a courier fetches nothing of them and tells the office,
/// when that knows another list.
namespace wayside::spool {

/// Durable when it returns. An empty list removes the file; one that stands there already is not written again.
Result<void> write_put_down(platform::Files& files, const Layout& layout, const std::vector<LedgerId>& sorted);

/// Empty when there is none. Errors: corrupt, newer_format, those of Files.
Result<std::vector<LedgerId>> read_put_down(platform::Files& files, const Layout& layout);

}  // namespace wayside::spool
