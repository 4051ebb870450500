#pragma once

#include <cstddef>
#include <cstdint>

#include "core/vault/snapshot.pb.h"
#include "platform/bytes.h"
#include "platform/result.h"

/// The bytes of a snapshot: how much stands in a volume, and how one is read.
namespace wayside::vault {

inline constexpr std::uint32_t kSnapshotVersion = 1;
/// Of one volume, about: a part as it travels, and what a reader has in memory at once.
inline constexpr std::size_t kVolumeBytes = std::size_t{900} << 10;
/// A reader takes no more: a ledger of very many records is a volume by itself.
inline constexpr std::size_t kMostVolumeBytes = std::size_t{64} << 20;
/// Parts of all volumes: their addresses fit into an envelope's header.
inline constexpr std::size_t kMostSnapshotParts = 1'500;

/// Errc::corrupt when it is none, or larger.
Result<pb::SnapshotVolume> read_volume(BytesView file);

}  // namespace wayside::vault
