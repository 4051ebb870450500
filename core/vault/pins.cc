#include "core/vault/pins.h"

namespace wayside::vault {

Result<membership::Pin> last_accepted(Vault& vault, const std::set<DeviceId>& devices) {
  struct Author { std::int64_t n; DeviceId device; IncarnationId incarnation; };
  std::vector<Author> authors;
  std::vector<std::pair<std::int64_t, LedgerId>> ledgers;
  store::Database& database = vault.store().database();
  {
    store::Query rows = database.query("SELECT n, device, incarnation FROM authors");
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      const auto device = rows.id<DeviceId>(1);
      if (devices.contains(device)) authors.push_back({rows.integer(0), device, rows.id<IncarnationId>(2)});
    }
    store::Query all = database.query("SELECT n, id FROM ledgers WHERE kind >= 0 ORDER BY n");
    for (;;) {
      WAYSIDE_TRY(const bool row, all.next());
      if (!row) break;
      ledgers.push_back({all.integer(0), all.id<LedgerId>(1)});
    }
  }
  membership::Pin out;
  for (const Author& author : authors) {
    for (const auto& [n, ledger] : ledgers) {
      // An index over (ledger, author, seq) answers this without a look at any envelope.
      store::Query last = database.query(
          "SELECT seq, id FROM envelopes WHERE ledger = ? AND author = ? AND id NOT IN (SELECT id FROM quarantine WHERE why = ?) "
          "ORDER BY seq DESC LIMIT 1",
          n, author.n, static_cast<std::int64_t>(Errc::removed));
      WAYSIDE_TRY(const bool row, last.next());
      if (row) out[{author.device, author.incarnation}][ledger] = {static_cast<std::uint64_t>(last.integer(0)), last.id<EnvelopeId>(1)};
    }
  }
  return out;
}

}  // namespace wayside::vault
