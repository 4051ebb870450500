#pragma once

#include <vector>

#include "sync/reconcile/reconcile.h"

/// Files of colleagues' attachments, which come when somebody asks for them: a reconcile brings their records alone.
namespace wayside::reconcile {

struct Fetched {
  Moved parts{};                       ///< came, and are what their addresses say
  std::uint64_t not_there = 0;         ///< the office does not have them: not yet, where their author has not synced
  std::uint64_t round_trips = 0;
  bool stopped_early = false;
};

/// Fetches parts into HOME/blobs, each of them durable by itself. Of the options it needs the courier, the office's
/// address, `progress` and `stop_asked`. Nothing to fetch: no courier is started.
/// Errors: unreachable, bad_signature (the office sent another part than was asked for; the true ones are kept), and those
/// of `reconcile`. What came before an error stays.
Result<Fetched> fetch_parts(vault::Vault& vault, const std::vector<Digest>& addresses, const Options& options);

}  // namespace wayside::reconcile
