#include <algorithm>

#include "core/membership/grant.h"
#include "core/vault/ingest.h"
#include "core/vault/judging.h"
#include "core/vault/snapshot.h"

// The keys that arrivals bring, and those that they need.

namespace wayside::vault {

/// Unwraps what this device may read. A wrap that does not open is left: the key's commitment in the envelope header
/// tells a wrong key from a right one. A key counts that somebody brings who has the right; of work that has none and was accepted
/// all the same, it opens what is there and nothing more.
Result<void> Ingest::take_grants(const Parcel& parcel, const ledger::ParsedEnvelope& envelope, const ledger::LedgerRow& row, const UserId& author,
                                 std::uint64_t head_number) {
  if (parcel.grants.empty()) return {};
  WAYSIDE_TRY(const membership::LedgerPlace place, place_of_ledger(vault_, row));
  const bool right = membership::may(vault_.membership(), membership::Right::make_key, place, author, head_number);
  const membership::Decision* decided = vault_.membership().decision(envelope.id);
  if (!right && (decided == nullptr || !decided->accept)) return {};
  // Whose a ledger is that nobody has opened is not known yet, and nothing is written in it from here.
  const bool for_writing = right && place.realm != membership::Realm::unopened;
  for (const Bytes& bytes : parcel.grants) {
    const auto grant = membership::parse_grant(bytes);
    if (!grant || grant->ledger != row.id) continue;
    const auto key = vault_.open_grant(*grant);
    if (!key || key->size() != crypto::kKeyBytes) continue;
    const bool had_it = vault_.store().case_key(row.n, grant->key_generation).has_value();
    std::uint64_t made_at = for_writing ? head_number : ledger::LedgerStore::kForOpening;
    if (!had_it && for_writing) {
      // Who is granted it now need not be who made it: it is as old as the first that brought it.
      WAYSIDE_TRY(const auto earlier, made_under(vault_, row, grant->key_generation));
      made_at = std::min(made_at, earlier.value_or(made_at));
    }
    WAYSIDE_OK(vault_.store().put_case_key(writing_.transaction(), row.n, grant->key_generation, key->view(), made_at));
    if (!had_it) fresh_keys_.push_back(row.id.str());
  }
  return for_writing ? lower_ages(parcel, row, head_number) : Result<void>{};
}

/// Of keys that are held, and that this envelope brings to others: an earlier one than was known.
Result<void> Ingest::lower_ages(const Parcel& parcel, const ledger::LedgerRow& row, std::uint64_t head_number) {
  WAYSIDE_TRY(const auto held, vault_.store().case_keys(row.n));
  for (const ledger::LedgerStore::WritingKey& each : held) {
    if (each.made_at <= head_number) continue;
    const bool brings = std::ranges::any_of(parcel.grants, [&](const Bytes& bytes) {
      const auto grant = membership::parse_grant(bytes);
      return grant && grant->ledger == row.id && grant->key_generation == each.generation;
    });
    if (brings) WAYSIDE_OK(vault_.store().put_case_key(writing_.transaction(), row.n, each.generation, each.key.view(), head_number));
  }
  return {};
}

/// A team's new secret, when the entry wraps it for this device; and those before it, which lie under each other.
Result<void> Ingest::take_epoch(const membership::Epoch& epoch) {
  const SecretBytes& mine = vault_.keys().box_secret;
  for (const membership::DeviceWrap& wrap : epoch.wraps) {
    if (wrap.device != vault_.identity().device) continue;
    auto secret = crypto::open_sealed(crypto::box_public(mine), mine, wrap.sealed);
    if (!secret || secret->size() != crypto::kKeyBytes || crypto::box_public(*secret) != epoch.public_key) continue;
    WAYSIDE_OK(vault_.add_epoch_secret({epoch.team, epoch.number, std::move(*secret)}));
  }
  // A ticket brings the newest one only.
  if (vault_.epoch_secret(epoch.team, epoch.number) == nullptr) return {};
  WAYSIDE_OK(take_earlier_epochs(epoch));
  return retry_keys();
}

Result<void> Ingest::take_earlier_epochs(const membership::Epoch& newest) {
  const std::vector<membership::Epoch>& all = vault_.membership().teams().at(newest.team).epochs;
  const auto numbered = [&all](std::uint32_t number) {
    return std::find_if(all.begin(), all.end(), [number](const membership::Epoch& each) { return each.number == number; });
  };
  for (auto epoch = numbered(newest.number); epoch != all.end() && epoch->number > 1;) {
    const auto before = numbered(epoch->number - 1);
    if (before == all.end() || vault_.epoch_secret(newest.team, before->number) != nullptr) return {};
    const SecretBytes& secret = *vault_.epoch_secret(newest.team, epoch->number);
    auto earlier = crypto::open_sealed(epoch->public_key, secret, epoch->previous_secret);
    if (!earlier || earlier->size() != crypto::kKeyBytes || crypto::box_public(*earlier) != before->public_key) return {};
    WAYSIDE_OK(vault_.add_epoch_secret({newest.team, before->number, std::move(*earlier)}));
    epoch = before;
  }
  return {};
}

/// Behind a snapshot the envelope that brings the grant comes last. A key that a snapshot's grant holds is kept only when it
/// opens what a member signed: its commitment tells a wrong one.
Result<SecretBytes> Ingest::key_for(const ledger::LedgerRow& row, const ledger::ParsedEnvelope& envelope, bool unchecked) {
  auto key = vault_.store().case_key(row.n, envelope.header.key_generation);
  if (key || key.error().code != Errc::no_key || !unchecked) return key;
  WAYSIDE_TRY(const auto grants, snapshot_grants(vault_, row.n));
  for (const Bytes& bytes : grants) {
    const auto grant = membership::parse_grant(bytes);
    if (!grant || grant->ledger != row.id || grant->key_generation != envelope.header.key_generation) continue;
    auto found = vault_.open_grant(*grant);
    if (!found || found->size() != crypto::kKeyBytes || !ledger::open_envelope(envelope, found->view())) continue;
    WAYSIDE_OK(vault_.store().put_case_key(writing_.transaction(), row.n, grant->key_generation, found->view(), 0));
    return found;
  }
  return key;
}

Result<void> Ingest::retry_keys() {
  std::deque<Bytes> ledgers;
  {
    store::Query query = vault_.store().database().query("SELECT DISTINCT waits_for FROM pending WHERE why = ?",
                                                         static_cast<std::int64_t>(WaitsFor::key));
    for (;;) {
      WAYSIDE_TRY(const bool row, query.next());
      if (!row) break;
      ledgers.emplace_back(query.blob(0));
    }
  }
  return retry(std::move(ledgers));
}

}  // namespace wayside::vault
