#pragma once

#include <vector>

#include "core/ledger/ledger_store.h"
#include "core/vault/vault.h"

namespace wayside::vault {

/// Who is to read a ledger: whole teams, by their newest epoch, or devices one by one (compartments).
struct Readers {
  std::vector<TeamId> teams;
  std::vector<DeviceId> devices;
};

/// The devices that may read a compartment of a case of that team: those of its members, as membership stands now.
std::vector<DeviceId> devices_of_team(const membership::Log& log, const TeamId& team);

/// Under keys from before this membership entry nothing new is written: somebody who lost the right to read holds them, of a team
/// or of this one case.
std::uint64_t keys_since(const membership::Log& log, const ledger::LedgerRow& ledger, const Readers& readers);

struct WritingKey {
  KeyGenerationId generation;
  SecretBytes key;
  std::vector<Bytes> grants;     ///< new ones, to travel with the envelope
};

/// The key that this ledger is written under now: made since a right to read it was last taken from anybody. A ledger without
/// such a key gets one, with a recovery grant and a grant for each reader; a reader who came later gets a grant with this
/// envelope. Errc::no_key when a team has no epoch.
Result<WritingKey> writing_key(Vault& vault, Vault::Writing& writing, const ledger::LedgerRow& ledger, const Readers& readers);

/// Grants of every key of the ledger that these readers lack, as far as one envelope can carry them.
Result<std::vector<Bytes>> missing_grants(Vault& vault, const ledger::LedgerRow& ledger, const Readers& readers);

}  // namespace wayside::vault
