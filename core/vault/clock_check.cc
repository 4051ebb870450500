#include "core/vault/clock_check.h"

namespace wayside::vault {
namespace {

// Meta numbers: what was found when the clocks were compared last, and when that was by this device's clock.
constexpr std::string_view kQuality = "clock_quality";
constexpr std::string_view kComparedMs = "clock_compared_ms";

Result<ClockQuality> begin_with(Vault& vault) {
  WAYSIDE_TRY(const std::int64_t quality, vault.store().meta_number(kQuality));
  WAYSIDE_TRY(const std::int64_t compared_ms, vault.store().meta_number(kComparedMs));
  const auto found = static_cast<ClockQuality>(quality);
  if (found == ClockQuality::unknown) return found;
  const std::int64_t since_ms = vault.env().clock.wall_ms() - compared_ms;
  if (since_ms < -kClockNear_ms) return ClockQuality::suspect;   // time does not go back
  return found == ClockQuality::near_office && since_ms > kClockBelieved_ms ? ClockQuality::unknown : found;
}

void remember(Vault& vault, ClockQuality quality) {
  vault.session().clock = Vault::Session::Clock{static_cast<std::uint32_t>(quality), vault.env().clock.wall_ms(), vault.env().clock.monotonic_ms()};
}

}  // namespace

Result<ClockQuality> clock_quality(Vault& vault) {
  auto& clock = vault.session().clock;
  if (!clock) {
    WAYSIDE_TRY(const ClockQuality quality, begin_with(vault));
    remember(vault, quality);
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
  WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), kQuality, static_cast<std::int64_t>(quality)));
  WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), kComparedMs, now_ms));
  remember(vault, quality);
  return {};
}

}  // namespace wayside::vault
