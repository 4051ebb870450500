#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ledger/dot.h"
#include "platform/result.h"

namespace wayside::ledger {

/// One write of one field. It adds `value` (unless that is empty) and takes away what it names in `supersedes`.
struct Write {
  std::uint32_t field = 0;
  Bytes value;                        ///< encoded (core/base/value.h); empty: nothing is added. Sealed and not opened: kSealedValue
  std::vector<Dot> supersedes;        ///< what its author was shown when the form opened
  std::optional<Dot> corrects;        ///< append: the entry this one corrects
  std::vector<Dot> covers;            ///< archived: every live dot of the record that was shown
  bool request = false;               ///< desk: written by somebody who may only ask
  std::optional<Dot> original;        ///< re-authored: the dot it had before
};

struct RecordWrites {
  RecordId record;
  std::uint32_t type = 0;
  std::vector<Write> writes;
};

/// Frozen numbers: formats.proto, message Opening.
enum class LedgerKind : std::uint32_t {
  unknown = 0, case_ledger = 1, team = 2, organisation = 3, audit = 4, compartment = 5
};

/// Says, in the first envelope of a ledger, what the ledger is for.
struct Opening {
  LedgerKind kind = LedgerKind::unknown;
  Bytes subject;                      ///< 16: case, team, organisation or device
  std::optional<LedgerId> parent;     ///< compartment: its case's ledger
  std::optional<TeamId> team;         ///< the team it was made for
};

/// Tells the team that a ledger exists, so that the office cannot hide a whole case.
struct Announcement {
  LedgerId ledger;
  Digest grants;                      ///< over the sorted hashes of its grants
  LedgerKind kind = LedgerKind::unknown;
};

struct Group {                        ///< change-sets in several ledgers that apply together
  GroupId id;
  std::vector<LedgerId> ledgers;
};

struct Compartment { LedgerId ledger; std::uint32_t number = 0; };

/// Values of fields that have a compartment, under a key that fewer hold than the case's (core/ledger/sealed_values.h).
struct SealedValues {
  std::uint32_t compartment = 0;      ///< schema::Compartment
  std::vector<std::uint32_t> writes;  ///< whose values they are: indices, ascending
  KeyGenerationId generation;
  Bytes nonce;                        ///< 24
  Digest commit;
  Bytes sealed;
};
/// What stands in place of a value that this device has no key to.
inline constexpr BytesView kSealedValue("\x08", 1);

/// One save of one form: the unit of atomicity and of history. All of it is encrypted in its envelope.
struct ChangeSet {
  UserId author;
  std::uint64_t time = 0;             ///< hybrid time (core/base/hybrid_time.h)
  std::uint32_t clock_quality = 0;    ///< 0 unknown · 1 near the office's signed time · 2 suspect
  std::uint32_t schema_version = 0;
  std::string form;                   ///< which form or verb wrote it
  std::vector<EnvelopeId> deps;       ///< heads of this ledger that it builds on, other than the header's `prev`
  std::vector<RecordWrites> records;  ///< a write's dot index counts through all of these, from 0
  std::optional<Group> group;
  std::optional<Opening> opening;
  std::vector<Announcement> announcements;
  std::vector<Compartment> compartments;
  std::string reason;
  std::vector<SealedValues> sealed;
  Bytes snapshot;                     ///< team ledgers: the manifest of a snapshot (core/vault/snapshot.h), or empty
  Bytes audit;                        ///< audit ledgers: a batch of the log of reads (core/vault/audit.h), or empty
  std::vector<UserId> named{};        ///< cases: workers to whom it is left (core/vault/restricting.h)
};

/// Values that `change.sealed` names are left out, whatever the writes hold: opened or not, the bytes are the same.
Bytes encode(const ChangeSet& change);
/// `author_device` completes dots that name no device. Errc::bad_input for bytes that are no change-set.
Result<ChangeSet> decode_change_set(BytesView bytes, const DeviceId& author_device);

}  // namespace wayside::ledger
