#include "core/vault/clock_check.h"

namespace wayside::vault {
namespace {

/// Meta: u8 ClockQuality ‖ u64le this device's clock when it was compared.
constexpr std::string_view kName = "clock_compared";

ClockQuality begin_with(Vault& vault, BytesView stored) {
  if (stored.size() != 9) return ClockQuality::unknown;
  std::uint64_t compared = 0;
  for (std::size_t i = 0; i < 8; ++i) compared |= std::uint64_t{static_cast<unsigned char>(stored[i + 1])} << (8 * i);
  const std::int64_t since_ms = vault.env().clock.wall_ms() - static_cast<std::int64_t>(compared);
  if (since_ms < -kClockNear_ms) return ClockQuality::suspect;   // time does not go back
  if (stored[0] == static_cast<char>(ClockQuality::suspect)) return ClockQuality::suspect;
  return since_ms > kClockBelieved_ms ? ClockQuality::unknown : ClockQuality::near_office;
}

void remember(Vault& vault, ClockQuality quality) {
  vault.session().clock = Vault::Session::Clock{static_cast<std::uint32_t>(quality), vault.env().clock.wall_ms(), vault.env().clock.monotonic_ms()};
}

}  // namespace

Result<ClockQuality> clock_quality(Vault& vault) {
  auto& clock = vault.session().clock;
  if (!clock) {
    WAYSIDE_TRY(const auto stored, vault.store().meta(kName));
    remember(vault, begin_with(vault, stored ? BytesView(*stored) : BytesView()));
  }
  const std::int64_t by_wall_ms = vault.env().clock.wall_ms() - clock->wall_ms;
  const std::int64_t by_monotonic_ms = vault.env().clock.monotonic_ms() - clock->monotonic_ms;
  if (std::abs(by_wall_ms - by_monotonic_ms) > kClockNear_ms) clock->quality = static_cast<std::uint32_t>(ClockQuality::suspect);
  return static_cast<ClockQuality>(clock->quality);
}

Result<void> compare_clock(Vault& vault, Vault::Writing& writing, std::int64_t office_time_ms, std::int64_t took_ms) {
  const std::int64_t now_ms = vault.env().clock.wall_ms();
  const std::int64_t ahead_ms = now_ms - office_time_ms;
  const bool is_near = ahead_ms >= -kClockNear_ms && ahead_ms <= kClockNear_ms + took_ms;
  const ClockQuality quality = is_near ? ClockQuality::near_office : ClockQuality::suspect;
  Bytes stored(1, static_cast<char>(quality));
  for (int shift = 0; shift < 64; shift += 8) stored.push_back(static_cast<char>(static_cast<std::uint64_t>(now_ms) >> shift));
  WAYSIDE_OK(vault.store().set_meta(writing.transaction(), kName, stored));
  remember(vault, quality);
  return {};
}

}  // namespace wayside::vault
