#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/vault/vault.h"

/// The log of reads: who opened which case, copied out a file, exported, unlocked. A save is its own entry and stands in its
/// case's ledger.
///
/// Each vault writes one log. An entry is durable in the store, in the table `audit_waiting`, **before anything is shown**; what
/// waits is sealed in batches into the vault's ledger of kind audit, signed and chained like any other, and sent with all else.
/// No record is folded from it: it is read from its envelopes. It is granted to the worker's own devices, to administrators, to
/// the managers of her teams where she is none herself, and to the recovery pages (docs/KEYS.md).
///
/// Entries hold ids, numbers and times, never a word that somebody typed.
namespace wayside::vault {

/// Numbers are part of the format (AuditEntry of formats.proto).
enum class AuditWhat : std::uint32_t {
  unlocked = 1,            ///< with the first entry after an opening, so a program that shows nothing writes nothing
  refused = 2,             ///< passphrases that did not match since it was last unlocked: `count` of them
  listed = 3,              ///< rows of many cases: of records of `types`, or what was searched for, is due, waits …
  opened = 4,              ///< a case, or (without one) a record of the organisation
  file_shown = 5,
  file_copied = 6,         ///< a copy of a file that is not encrypted any more
  exported = 7,            ///< `count` records of `types`, with the safety-critical `fields` named; for `to`
  snapshot_published = 8,
  kit_used = 9,            ///< this vault was opened with a recovery kit
  pages_used = 10,         ///< cases were opened here with the organisation's recovery pages
  dropped = 11,            ///< a case was taken off this device
  log_read = 12,           ///< this log, or a colleague's
};

struct AuditEntry {
  AuditWhat what = AuditWhat::opened;
  std::optional<RecordId> case_id{}, record{};
  std::uint64_t count = 0;
  std::vector<std::uint32_t> types{}, fields{};   ///< fields: pairs of a type and a field, whose ids are its type's own
  std::optional<RecordId> to{};
};

/// Durable when it returns. The first one after an opening brings `unlocked`, and `refused` where there were such tries.
/// Errors: not_recorded, lease_spent (core/vault/lease.h). Then nothing may be shown.
Result<void> note(Vault& vault, const AuditEntry& entry);
/// That a case was opened: nothing more while the same one stays in front. Of a record that stands in no case: that record.
Result<void> note_opened(Vault& vault, const std::optional<RecordId>& case_id, const RecordId& record);
/// That a list over many cases was shown: once for each record type (0: several) from opening to locking.
Result<void> note_listed(Vault& vault, std::uint32_t type, std::uint64_t count);

enum class Sealing {
  now,       ///< whatever waits
  if_due,    ///< when many entries wait, or one has for an hour: locking and leaving, which may come every few minutes
};
/// Seals what waits into envelopes. How many entries. Nothing while this device is not admitted.
Result<std::size_t> seal_audit(Vault& vault, Sealing when);

/// A passphrase did not match. Counted in a file beside the store, which nobody can open then; an entry tells it later.
void note_refused(platform::Env& env, const platform::Path& home);

// ---- Reading it ----

struct AuditLine {
  AuditEntry entry;
  std::int64_t time_ms = 0;
  UserId user;
  DeviceId device;
  std::uint64_t number = 0;    ///< 1, 2, 3 … on that device
  bool sealed = false;         ///< else it waits in this vault
};
/// Entries that a device has numbered and that are not here: taken out, or not come yet.
struct AuditGap { DeviceId device; std::uint64_t first = 0, last = 0; };
struct AuditLog {
  std::vector<AuditLine> lines;   ///< oldest first
  std::vector<AuditGap> gaps;
};
/// Of every device whose log this one can open, from the sealed envelopes themselves.
Result<AuditLog> read_audit(Vault& vault);

/// What is wrong with this vault's own log: sentences for `verify`.
Result<std::vector<std::string>> audit_faults(Vault& vault);

std::string_view name_of(AuditWhat what);   ///< "opened"; "unknown" of what a newer version writes

}  // namespace wayside::vault
