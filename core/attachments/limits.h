#pragma once

#include <cstddef>
#include <cstdint>

namespace wayside::attachments {

/// What may be attached: 100 MiB, as the record's `bytes` says too.
inline constexpr std::uint64_t kMaxFileBytes = std::uint64_t{100} << 20;

/// One sealed part of a file. Small enough to be carried again after a broken connection, large enough that 100 MB are
/// a hundred files.
inline constexpr std::size_t kChunkBytes = std::size_t{1} << 20;

/// A sealed part on disk or on a wire: the stream's header, 24, and one push, 17 longer than what it holds.
inline constexpr std::size_t kMaxSealedPartBytes = kChunkBytes + 24 + 17;

/// The least that a sealed file takes: a letter and a one-line text look the same.
inline constexpr std::size_t kLeastPaddedBytes = std::size_t{16} << 10;

/// Parts of one file: the padded size of 100 MiB is below 104 MiB. More means that somebody made it up.
inline constexpr std::size_t kMaxChunks = 128;

/// 108 million pixels is what telephones take. Rewriting a picture keeps up to 6 bytes a pixel in memory.
inline constexpr std::uint64_t kMaxPixels = 120'000'000;

/// An interlaced PNG stands in memory as a whole, with up to 8 bytes a pixel.
inline constexpr std::uint64_t kMaxInterlacedPixels = 30'000'000;

/// A progressive JPEG has about ten scans. Each is a pass over the picture, so a made-up one could keep us for hours.
inline constexpr int kMaxJpegScans = 100;

/// Side of a preview, in pixels.
inline constexpr unsigned kPreviewSide = 512;

}  // namespace wayside::attachments
