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

  /// The next entry. One whose number is known already says nothing new.
  void take(BytesView signed_entry);
  [[nodiscard]] std::uint64_t size() const { return numbers_.size(); }

  // All of these as the log stood with its first `entries`.
  /// Nobody decides about it any more: not late, or the newest word about it accepts.
  [[nodiscard]] bool counts(const Written& written, std::uint64_t entries) const;
  [[nodiscard]] bool erased(const LedgerId& ledger, std::uint64_t entries) const;
  [[nodiscard]] bool judges(std::uint64_t entries) const;   ///< whether any envelope may be late at all

  /// The number of the entry that removed the device, or took its holder out of a team.
  [[nodiscard]] std::optional<std::uint64_t> removed(const DeviceId& device) const;
  [[nodiscard]] std::optional<std::uint64_t> left(const DeviceId& device) const;
  [[nodiscard]] std::optional<DeviceId> joined_with(const TicketId& ticket) const;
  /// The user was removed: her tickets admit nobody.
  [[nodiscard]] bool is_gone(const UserId& user) const;
  [[nodiscard]] std::optional<std::uint64_t> number_of(const EntryHash& head) const;

 private:
  struct Cut {
    std::uint64_t number = 0;
    std::optional<DeviceId> device;
    std::optional<UserId> user;
    membership::Pin pin;
  };
  struct Word {
    std::uint64_t number = 0;
    bool accept = false;
  };
  [[nodiscard]] bool concerns(const Cut& cut, const DeviceId& device) const;

  std::map<EntryHash, std::uint64_t> numbers_;
  std::map<DeviceId, UserId> holders_;
  std::map<TicketId, DeviceId> tickets_;
  std::vector<Cut> cuts_;
  std::map<EnvelopeId, std::vector<Word>> words_;
  std::map<LedgerId, std::uint64_t> erased_;
  std::map<DeviceId, std::uint64_t> removed_devices_;
  std::map<UserId, std::uint64_t> removed_users_, left_;
};

}  // namespace wayside::simulation
