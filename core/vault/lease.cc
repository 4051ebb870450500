#include "core/vault/lease.h"

#include <algorithm>
#include <array>

#include "core/vault/clock_check.h"

namespace wayside::vault {
namespace {

/// Meta: u64le each. Absent until the office was heard once.
constexpr std::string_view kName = "lease";
/// A clock further ahead of the office's is wrong; counted from there it would keep cases shut however often it reconciles.
constexpr std::int64_t kClockAhead_ms = std::int64_t{24} * 60 * 60 * 1000;

struct Stored {
  std::int64_t office_ms = 0;   ///< when the office signed, by its clock
  std::int64_t since_ms = 0;    ///< from here the lease counts by this device's clock
  std::int64_t open_ms = 0;     ///< how long the vault stood open since, some of it written ahead
};

Result<std::optional<Stored>> read(Vault& vault) {
  WAYSIDE_TRY(const auto bytes, vault.store().meta(kName));
  if (!bytes) return std::nullopt;
  if (bytes->size() != 24) return fail(Errc::corrupt, "store: lease");
  std::array<std::uint64_t, 3> numbers{};
  for (std::size_t i = 0; i < bytes->size(); ++i) numbers[i / 8] |= std::uint64_t{static_cast<unsigned char>((*bytes)[i])} << (8 * (i % 8));
  return Stored{static_cast<std::int64_t>(numbers[0]), static_cast<std::int64_t>(numbers[1]), static_cast<std::int64_t>(numbers[2])};
}

Result<void> write(Vault& vault, Vault::Writing& writing, const Stored& stored) {
  Bytes bytes;
  for (const std::int64_t number : {stored.office_ms, stored.since_ms, stored.open_ms}) {
    for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>(static_cast<std::uint64_t>(number) >> shift));
  }
  return vault.store().set_meta(writing.transaction(), kName, bytes);
}

/// What the store says, with the part that was written ahead taken off and what has passed since put on.
std::int64_t open_time(Vault& vault, const Stored& stored) {
  const Vault::Session& session = vault.session();
  const std::int64_t passed_ms = std::max<std::int64_t>(0, vault.env().clock.monotonic_ms() - session.counted_up_to_ms);
  return stored.open_ms - session.ahead_ms + passed_ms;
}

Result<void> write_open_time(Vault& vault, Vault::Writing& writing, Stored stored, std::int64_t ahead_ms) {
  stored.open_ms = open_time(vault, stored) + ahead_ms;
  return write(vault, writing, stored);
}

void note_counted(Vault& vault, std::int64_t ahead_ms) {
  vault.session().counted_up_to_ms = vault.env().clock.monotonic_ms();
  vault.session().ahead_ms = ahead_ms;
}

}  // namespace

Result<std::optional<Lease>> lease(Vault& vault) {
  WAYSIDE_TRY(const auto office, vault.office());
  WAYSIDE_TRY(const auto stored, read(vault));
  if (!office || !stored) return std::nullopt;
  const std::int64_t by_clock_ms = vault.env().clock.wall_ms() - stored->since_ms;
  return Lease{kLease_ms - std::max(by_clock_ms, open_time(vault, *stored))};
}

Result<void> check_lease(Vault& vault) {
  WAYSIDE_TRY(const auto now, lease(vault));
  return now && now->spent() ? fail(Errc::lease_spent) : Result<void>{};
}

Result<void> renew_lease(Vault& vault, std::int64_t office_time_ms, Heard heard, std::int64_t took_ms) {
  WAYSIDE_TRY(const auto before, read(vault));
  if (before && heard == Heard::earlier && office_time_ms <= before->office_ms) return {};
  const std::int64_t now_ms = vault.env().clock.wall_ms();
  const bool ahead = heard == Heard::now && now_ms - office_time_ms > kClockAhead_ms;
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(write(vault, writing, {office_time_ms, ahead ? now_ms : office_time_ms, 0}));
  if (heard == Heard::now) WAYSIDE_OK(compare_clock(vault, writing, office_time_ms, took_ms));
  WAYSIDE_OK(std::move(writing).commit());
  note_counted(vault, 0);
  return {};
}

Result<std::int64_t> office_said_ms(Vault& vault) {
  WAYSIDE_TRY(const auto stored, read(vault));
  return stored ? stored->office_ms : std::int64_t{0};
}

Result<void> count_open_time(Vault& vault, Vault::Writing& writing) {
  WAYSIDE_TRY(const auto stored, read(vault));
  if (!stored) return {};
  return write_open_time(vault, writing, *stored, kLeaseAhead_ms);
}

void note_open_time(Vault& vault) { note_counted(vault, kLeaseAhead_ms); }

Result<void> count_open_time(Vault& vault, bool locking) {
  const Vault::Session& session = vault.session();
  const std::int64_t passed_ms = vault.env().clock.monotonic_ms() - session.counted_up_to_ms;
  if (!session.unlock_noted || !(passed_ms > session.ahead_ms || locking)) return {};
  WAYSIDE_TRY(const auto stored, read(vault));
  if (!stored) return {};
  const std::int64_t ahead_ms = locking ? 0 : kLeaseAhead_ms;
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(write_open_time(vault, writing, *stored, ahead_ms));
  WAYSIDE_OK(std::move(writing).commit());
  note_counted(vault, ahead_ms);
  return {};
}

}  // namespace wayside::vault
