#include "core/casework/waiting_changes.h"

#include "core/ledger/envelope.h"

namespace wayside::casework {
namespace {

/// By the numbers that Ingest gives (core/vault/ingest.h).
std::string_view need_of(std::int64_t why) {
  switch (why) {
    case 1: return "membership";
    case 2: return "previous";
    case 3: return "dependency";
    default: return "key";
  }
}

}  // namespace

Result<std::vector<WaitingChange>> waiting_too_long(vault::Vault& vault) {
  std::vector<WaitingChange> out;
  store::Query rows = vault.store().database().query("SELECT id, why, since_ms, sealed FROM pending WHERE since_ms <= ? ORDER BY since_ms, id",
                                                     vault.env().clock.wall_ms() - kWaitsTooLong_ms);
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    const auto envelope = ledger::parse_envelope(rows.blob(3));
    out.push_back({Bytes(rows.blob(0)), need_of(rows.integer(1)), rows.integer(2),
                   envelope ? std::optional(envelope->header.device) : std::nullopt});
  }
}

std::string_view need_in_words(const WaitingChange& change) {
  if (change.waits_for == "membership") return "the entry of the membership log that it was written under";
  if (change.waits_for == "previous") return "the change that its device wrote before it";
  if (change.waits_for == "dependency") return "a change that it builds on";
  return "a key of its case";
}

}  // namespace wayside::casework
