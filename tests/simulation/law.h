#pragma once

#include <map>
#include <set>
#include <vector>

#include "core/ledger/envelope.h"
#include "core/membership/entry.h"
#include "core/membership/pin.h"

/// Which envelopes count, and which ledgers are erased, by the membership log as it was signed. Read entry by entry, as
/// docs/SYNC_PROTOCOL.md says it; none of the engine's folding of the log is used for it.
namespace wayside::simulation {

class Law {
 public:
  /// What an envelope's header says, for everybody to read.
  struct Written {
    EnvelopeId id;
    DeviceId device;
    IncarnationId incarnation;
    LedgerId ledger;
    std::uint64_t seq = 0;
    EntryHash head;
    Bytes piece;   ///< of its ciphertext: wherever it stands on a disk, a copy of the envelope stood
  };
  static Written read(BytesView sealed);

  /// The next entry.
  void take(BytesView signed_entry);
  [[nodiscard]] std::uint64_t size() const { return numbers_.size(); }
  [[nodiscard]] const std::optional<EntryHash>& newest() const { return newest_; }

  /// Nobody decides about it any more: not late, or the newest word about it accepts.
  [[nodiscard]] bool counts(const Written& written) const;
  [[nodiscard]] bool erased(const LedgerId& ledger) const { return erased_.contains(ledger); }
  [[nodiscard]] bool judges() const { return !cuts_.empty(); }   ///< whether any envelope may be late at all

  [[nodiscard]] bool knows(const DeviceId& device) const { return holders_.contains(device); }

  /// The number of the entry that removed the device, or took its holder out of a team.
  [[nodiscard]] std::optional<std::uint64_t> removed(const DeviceId& device) const;
  [[nodiscard]] std::optional<std::uint64_t> left(const DeviceId& device) const;
  [[nodiscard]] std::optional<DeviceId> joined_with(const TicketId& ticket) const;
  [[nodiscard]] bool has_ticket(const TicketId& ticket) const { return made_.contains(ticket); }
  /// The user was removed: her tickets admit nobody.
  [[nodiscard]] bool is_gone(const UserId& user) const;
  /// Of an entry of another log that the root refused: the last one that both share.
  [[nodiscard]] std::optional<std::uint64_t> number_of(const EntryHash& head) const;

 private:
  struct Cut {
    std::uint64_t number = 0;
    std::optional<DeviceId> device;
    std::optional<UserId> user;
    membership::Pin pin;
  };
  [[nodiscard]] bool concerns(const Cut& cut, const DeviceId& device) const;

  std::optional<EntryHash> newest_;
  std::map<EntryHash, std::uint64_t> numbers_, refused_;
  std::map<DeviceId, UserId> holders_;
  std::set<TicketId> made_;
  std::map<TicketId, DeviceId> tickets_;   ///< that were used
  std::vector<Cut> cuts_;
  std::map<EnvelopeId, bool> accepted_;   ///< by the newest word about it
  std::set<LedgerId> erased_;
  std::map<DeviceId, std::uint64_t> removed_devices_;
  std::map<UserId, std::uint64_t> removed_users_, left_;
};

}  // namespace wayside::simulation
