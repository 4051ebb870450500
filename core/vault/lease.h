#pragma once

#include <cstdint>
#include <optional>

#include "core/vault/vault.h"

/// How long a device shows cases without hearing from its office: whoever leaves is removed there, and a device that stays away
/// hears nothing of it. Spent is the longer of two times since the office last signed what it holds: by this device's clock, and
/// by how long the casebook stood open. So setting the clock back gains at most the lease's length of open use.
///
/// A spent lease closes what is shown, and nothing else: saving, drafts and reconciling go on, and a reconcile opens it again.
/// A vault without an office has no lease.
namespace wayside::vault {

/// For all organisations: whoever uses a device cannot lengthen it.
inline constexpr std::int64_t kLease_ms = std::int64_t{7} * 24 * 60 * 60 * 1000;
/// From here on a person is told how long is left.
inline constexpr std::int64_t kLeaseTold_ms = std::int64_t{2} * 24 * 60 * 60 * 1000;
/// Open time is written down this far ahead, with what the log of reads writes anyway, and put right when the vault is locked: a
/// program that is killed time and again gains nothing.
inline constexpr std::int64_t kLeaseAhead_ms = std::int64_t{10} * 60 * 1000;

struct Lease {
  std::int64_t left_ms = kLease_ms;
  [[nodiscard]] bool spent() const { return left_ms <= 0; }
};
/// Nothing: there is no office, or nothing of it was ever fetched.
Result<std::optional<Lease>> lease(Vault& vault);
/// Errc::lease_spent.
Result<void> check_lease(Vault& vault);

enum class Heard {
  now,       ///< a courier has just had this answer
  earlier,   ///< it lay in the inbox: only what is newer than what was heard counts
};
/// The office signed, at that time of its own clock and at most `took_ms` ago, what it holds.
Result<void> renew_lease(Vault& vault, std::int64_t office_time_ms, Heard heard, std::int64_t took_ms = 0);

/// When the office last signed what it holds, by its own clock; 0: it was never heard.
Result<std::int64_t> office_said_ms(Vault& vault);

/// Within a transaction that is written anyway; `note_open_time` once it is committed.
Result<void> count_open_time(Vault& vault, Vault::Writing& writing);
void note_open_time(Vault& vault);
/// Once anything was shown: when the time written ahead is used up, and (`locking`) when it turns out shorter. In a transaction
/// of its own, or none.
Result<void> count_open_time(Vault& vault, bool locking);

}  // namespace wayside::vault
