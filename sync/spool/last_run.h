#pragma once

#include <optional>

#include "sync/spool/layout.h"

namespace wayside::spool {

/// How the newest run ended that nobody watched: a courier by night, with the vault locked. Its writer is the courier,
/// which holds courier.lock; a face shows it at the next unlock. No secret, and nothing that a person wrote.
struct LastRun {
  std::int64_t ended_ms = 0;
  std::optional<Errc> error;         ///< nothing: all that was ready was sent, and all that was there was fetched
  std::uint64_t sent = 0;            ///< envelopes
  std::uint64_t fetched = 0;
  std::int64_t reached_ms = 0;       ///< when the newest of these runs ended that did not fail; 0: none did
};

/// Durable when it returns; a reader finds the old one or the new, whole.
Result<void> write_last_run(platform::Files& files, const Layout& layout, const LastRun& run);
/// Nothing when there was none, or when it cannot be read: it is a sentence on a screen, and the next run writes it anew.
std::optional<LastRun> read_last_run(platform::Files& files, const Layout& layout);

}  // namespace wayside::spool
