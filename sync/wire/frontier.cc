#include "sync/wire/frontier.h"

#include <algorithm>

#include "core/crypto/crypto.h"

namespace wayside::wire {

std::optional<LedgerHead> membership_head(const OrganisationId& organisation, std::uint64_t entries,
                                          const std::optional<EntryHash>& head) {
  if (entries == 0 || !head) return std::nullopt;
  return LedgerHead{*LedgerId::from(organisation.view()), entries, *Digest::from(head->view())};
}

Digest frontier_digest(std::vector<LedgerHead> heads) {
  std::sort(heads.begin(), heads.end(), [](const LedgerHead& a, const LedgerHead& b) { return a.ledger < b.ledger; });
  Bytes all;
  all.reserve(heads.size() * (LedgerId::size_bytes + 8 + Digest::size_bytes));
  for (const LedgerHead& each : heads) {
    all += each.ledger.view();
    for (int shift = 0; shift < 64; shift += 8) all += static_cast<char>(each.lsn >> shift & 0xff);
    all += each.head.view();
  }
  return crypto::hash("wayside/frontier/1", {all});
}

}  // namespace wayside::wire
