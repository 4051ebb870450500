#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/env.h"

/// One append-only, checksummed file of frames, as every part of a spool is kept:
///
///     8 bytes   magic B7 53 45 47 0D 0A 1A ‖ u8 version = 1
///     frames    u32le payload length ‖ first 8 bytes of BLAKE2b-256(domain ‖ u32le length ‖ payload) ‖ payload
///
/// A payload is never empty, at most kMaxFrameBytes, and begins with field 1 of its message as a varint (0x08); a
/// change of a cursor does not, and need not be found again after damage.
///
/// One process writes, others read while it does. A reader takes whole frames only. Power that fails leaves a torn
/// tail, which the writer cuts off when it opens the file. Anything else that does not fit is damage: it is reported
/// with its place and stepped over, and what stands behind it is read.
namespace wayside::spool {

inline constexpr std::size_t kSegmentHeaderBytes = 8;
inline constexpr std::size_t kFrameHeaderBytes = 12;
inline constexpr std::size_t kMaxFrameBytes = std::size_t{8} << 20;   ///< a page with some large envelopes in it
inline constexpr std::uint64_t kMaxFileBytes = std::uint64_t{64} << 20;   ///< no file of a spool grows near it

/// What a look at a segment's bytes found.
struct Scan {
  std::vector<BytesView> payloads;    ///< oldest first; they point into the bytes that were looked at
  std::vector<std::uint64_t> ends;    ///< the offset behind each of them
  std::vector<std::string> damage;    ///< a place each: "byte 4711"
  std::uint64_t end = 0;              ///< behind the last whole frame; 0 when not even the header is whole
  bool torn = false;                  ///< bytes stand behind `end` that are no frame and hide none
  bool readable_to_end = true;        ///< false: damage that could not be stepped over; nothing may be cut off
};

/// Looks at bytes that begin at `offset` of a segment: 0, or an end that an earlier look returned.
/// Errc::newer_format for another version byte. Never fails otherwise, whatever the bytes.
Result<Scan> scan_segment(BytesView bytes, std::uint64_t offset = 0);

/// The bytes of a segment from `offset` on. Errc::too_large when the file is over kMaxFileBytes.
Result<Bytes> read_segment(platform::Files& files, const platform::Path& path, std::uint64_t offset = 0);

/// Header and frame as they are written.
Bytes segment_header();
Bytes encode_frame(BytesView payload);

/// The writer's end of one segment.
class SegmentFile {
 public:
  using OnFrame = std::function<Result<void>(BytesView payload)>;

  /// Opens, or makes durably, the file; shows every whole frame to `on_frame`; cuts off a torn tail.
  /// Damage is listed in `damage()` and left as it is. Errors: newer_format, those of Files, and what `on_frame` returns.
  static Result<SegmentFile> open(platform::Files& files, const platform::Path& path, const OnFrame& on_frame);

  /// Written, not yet durable. On an error the file is as it was: Errc::disk_full, io, too_large.
  Result<void> append(BytesView payload);
  /// What was appended so far is durable.
  Result<void> sync();

  [[nodiscard]] std::uint64_t size_bytes() const { return end_; }
  [[nodiscard]] const std::vector<std::string>& damage() const { return damage_; }
  /// False when damage hides the header or where the frames end: a writer goes on in another file.
  [[nodiscard]] bool appendable() const { return appendable_; }

 private:
  SegmentFile(std::unique_ptr<platform::File> file, std::uint64_t end) : file_(std::move(file)), end_(end) {}

  std::unique_ptr<platform::File> file_;
  std::uint64_t end_;
  std::vector<std::string> damage_;
  bool appendable_ = true;
  bool unsynced_ = false;
  bool tail_dirty_ = false;   ///< a write failed half-way; the rest is cut off before the next
};

}  // namespace wayside::spool
