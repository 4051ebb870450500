#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/vault/writing_key.h"

namespace wayside::vault {

/// What one form wants saved: one change-set, one envelope, in one ledger. Records of a type that has a compartment
/// (perpetrator) go into a ledger of their own instead, under a key of its own that is granted device by device.
struct Save {
  std::optional<RecordId> case_id;                 ///< nothing: the organisation's ledger
  std::optional<TeamId> team;                      ///< for a new case; nothing: the worker's only team
  std::vector<UserId> named{};                     ///< for a new case: who alone reads it, its author besides (core/vault/restricting.h)
  std::vector<ledger::RecordWrites> records;       ///< each write names the dots that were on the screen
  std::vector<ledger::Announcement> announcements; ///< team ledgers only
  std::optional<TeamId> team_ledger;               ///< writes to this team's own ledger instead
  std::string form;
  std::string reason;
  Bytes snapshot;                                  ///< team ledgers only: a manifest (core/vault/snapshot.h) …
  std::vector<Digest> parts;                       ///< … and the parts that it names
  /// A batch of the log of reads (core/vault/audit.h), in place of all else.
  struct Audit { LedgerId ledger; Readers readers; Bytes batch; };
  std::optional<Audit> audit{};
};

/// Seals `what` inside the transaction, appends it to its ledger and folds it: the same fold that remote change-sets
/// take. Makes the case's ledger, key and grants with its first save. Durable once `writing` is committed.
/// Errors: too_large (over 1 MiB; nothing was written), not_a_member (not admitted yet), no_key, usage (several teams
/// and none named), withdrawn, not_carried, disk_full … A worker who was only given the case by another team writes to its own
/// ledger alone: not_permitted where a record or a field has a compartment.
Result<EnvelopeId> save(Vault& vault, Vault::Writing& writing, const Save& what);

}  // namespace wayside::vault
