#include "core/vault/unsent_parts.h"

#include <algorithm>

namespace wayside::vault {
namespace {

/// Meta names: "unsent-parts-" ‖ envelope id in hex. Value: ledger 16 ‖ addresses 32 each.
constexpr std::string_view kPrefix = "unsent-parts-";
constexpr std::string_view kBehindPrefix = "unsent-parts.";   // the next name in order that begins otherwise

std::string name_of(const EnvelopeId& envelope) { return std::string(kPrefix) + to_hex(envelope.view()); }

}  // namespace

Result<void> note_unsent_parts(Vault& vault, store::Transaction& transaction, const UnsentParts& parts) {
  if (!vault.membership().office()) return {};
  Bytes value = parts.ledger.str();
  for (const Digest& each : parts.addresses) value += each.view();
  return vault.store().set_meta(transaction, name_of(parts.envelope), value);
}

Result<void> note_parts_again(Vault& vault, store::Transaction& transaction, const std::function<bool(const Digest&)>& is_here) {
  std::vector<UnsentParts> found;
  {
    store::Query rows = vault.store().database().query(
        "SELECT sealed FROM envelopes WHERE sealed != x'' ORDER BY n");
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      WAYSIDE_TRY(const auto envelope, ledger::parse_envelope(rows.blob(0)));
      const std::vector<Digest>& parts = envelope.header.blobs;
      if (!parts.empty() && std::ranges::all_of(parts, is_here)) found.push_back({envelope.id, envelope.header.ledger, parts});
    }
  }
  for (const UnsentParts& each : found) WAYSIDE_OK(note_unsent_parts(vault, transaction, each));
  return {};
}

Result<std::vector<UnsentParts>> unsent_parts(Vault& vault) {
  store::Query rows = vault.store().database().query("SELECT name, value FROM meta WHERE name > ? AND name < ? ORDER BY name",
                                                      store::SqlText{kPrefix}, store::SqlText{kBehindPrefix});
  std::vector<UnsentParts> out;
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    const auto envelope = EnvelopeId::from(from_hex(rows.text(0).substr(kPrefix.size())));
    BytesView value = rows.blob(1);
    const auto ledger = LedgerId::from(value.substr(0, LedgerId::size_bytes));
    if (!envelope || !ledger) return fail(Errc::corrupt, "parts of an attachment that wait to be sent");
    UnsentParts& parts = out.emplace_back(UnsentParts{*envelope, *ledger, {}});
    for (value.remove_prefix(LedgerId::size_bytes); value.size() >= Digest::size_bytes; value.remove_prefix(Digest::size_bytes)) {
      parts.addresses.push_back(*Digest::from(value.substr(0, Digest::size_bytes)));
    }
  }
}

Result<bool> has_unsent_parts(Vault& vault, const LedgerId& ledger) {
  WAYSIDE_TRY(const auto all, unsent_parts(vault));
  return std::ranges::any_of(all, [&](const UnsentParts& each) { return each.ledger == ledger; });
}

Result<void> clear_unsent_parts(Vault& vault, store::Transaction&, const EnvelopeId& envelope) {
  return vault.store().database().run("DELETE FROM meta WHERE name = ?", store::SqlText{name_of(envelope)});
}

Result<void> clear_unsent_parts(Vault& vault, store::Transaction& transaction, const LedgerId& ledger) {
  WAYSIDE_TRY(const auto all, unsent_parts(vault));
  for (const UnsentParts& each : all) {
    if (each.ledger == ledger) WAYSIDE_OK(clear_unsent_parts(vault, transaction, each.envelope));
  }
  return {};
}

}  // namespace wayside::vault
