#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/vault/ingest.h"

/// Changes that came a week ago or more and still wait for what they need. They stand among the reviews, since somebody should
/// know; nobody decides them, and they go by themselves when what they wait for comes.
namespace wayside::casework {

inline constexpr std::int64_t kWaitsTooLong_ms = std::int64_t{7} * 24 * 60 * 60 * 1000;

struct WaitingChange {
  Bytes id;                            ///< 32
  vault::WaitsFor waits_for = vault::WaitsFor::key;
  std::int64_t since_ms = 0;
  std::optional<DeviceId> device;      ///< whom it names as its author
};

/// Oldest first, by this device's clock.
Result<std::vector<WaitingChange>> waiting_too_long(vault::Vault& vault);

/// "membership", "previous", "dependency", "key": for programs.
std::string_view name_of(vault::WaitsFor need);
/// What has to come, in words: "a key of its case".
std::string_view in_words(vault::WaitsFor need);

}  // namespace wayside::casework
