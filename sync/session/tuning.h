#pragma once

#include <cstddef>
#include <cstdint>

#include "sync/wire/tuning.h"

namespace wayside::session {

/// What one reconcile asks for at a time. Tests make these small to reach every edge with little data.
struct Tuning {
  /// One push: a round trip costs little beside it on a slow line, and a line that drops repeats no more than this.
  /// A single envelope is at most 1 MiB, so a batch with one more never passes the office's limit.
  std::size_t push_bytes = std::size_t{1} << 20;
  /// The same for small envelopes (512 bytes and up): all of a batch are one transaction at the office.
  std::size_t push_parcels = 512;
  /// Wished size of a page; the office's own limit wins.
  /// A quarter of what the office would give: a line that drops in a village costs a few seconds, not a minute.
  std::uint32_t page_bytes = wire::kDefaultPageBytes / 4;
  /// Ledgers asked for by lsn in one request: 30 bytes each, so that a request stays below 32 KiB.
  std::size_t wants = 1024;
  /// How often, with no envelope gained by it, what is missing at the end is asked for again before it is called an
  /// error: once for the gaps that the heads show, once for everything, once for what was written meanwhile.
  unsigned repairs = 3;
  /// Answers in a row that bring nothing this device lacks. An honest office sends such only while it names what this
  /// device wrote itself, some 4,000 ids a page: so many are more than anybody writes between two reconciles.
  unsigned barren_answers = 1024;
};

}  // namespace wayside::session
