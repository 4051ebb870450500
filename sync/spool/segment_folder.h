#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>

#include "sync/spool/segment.h"

/// A folder of numbered segments, 00000001.seg, 00000002.seg …: one writer, any number of readers.
/// Frames in it carry numbers that only grow; the first field of every payload is that number.
namespace wayside::spool {

/// A new segment begins when the next frame would take the newest beyond this: small enough to be deleted soon after
/// its frames are done with, large enough that a first push of 2,000 cases makes a handful.
inline constexpr std::uint64_t kRollBytes = std::uint64_t{4} << 20;

/// Numbers of the segments in `folder`, lowest first. Other files in it are left alone.
Result<std::vector<std::uint32_t>> list_segments(platform::Files& files, const platform::Path& folder);
platform::Path segment_path(const platform::Path& folder, std::uint32_t segment);

/// The number that every payload begins with; 0 when it is no such payload.
std::uint64_t frame_number(BytesView payload);

class SegmentWriter {
 public:
  using OnFrame = SegmentFile::OnFrame;

  /// Makes the folder when missing; shows every frame there, oldest first. A segment that is damaged where its end
  /// should be is left as it is, and writing goes on in the next.
  static Result<SegmentWriter> open(platform::Files& files, const platform::Path& folder, const OnFrame& on_frame);

  Result<void> append(BytesView payload);   ///< as SegmentFile::append; rolls when the newest is full
  Result<void> sync();
  /// Deletes segments, the newest excepted, of which no frame has a number above `number`.
  /// Returns the highest number that is gone by that; 0 when none is.
  Result<std::uint64_t> drop_up_to(std::uint64_t number);
  /// Deletes every frame; writing goes on in a new segment.
  Result<void> clear();

  [[nodiscard]] std::uint64_t highest() const { return highest_; }   ///< frame number; 0 when there is none
  [[nodiscard]] const std::vector<std::string>& damage() const { return damage_; }

 private:
  SegmentWriter(platform::Files& files, platform::Path folder) : files_(&files), folder_(std::move(folder)) {}
  Result<void> open_segment(std::uint32_t segment, const OnFrame& on_frame);

  platform::Files* files_;
  platform::Path folder_;
  std::optional<SegmentFile> newest_;
  std::map<std::uint32_t, std::uint64_t> highest_of_;   ///< by segment; 0 when it holds no frame
  std::uint64_t highest_ = 0;
  std::vector<std::string> damage_;
};

/// Reads the frames of a folder in order, while its writer goes on.
class SegmentReader {
 public:
  /// Begins behind frame `after`.
  SegmentReader(platform::Files& files, platform::Path folder, std::uint64_t after)
      : files_(&files), folder_(std::move(folder)), last_(after) {}

  /// The next payload, or nothing for now: a later call finds what was appended meanwhile.
  Result<std::optional<Bytes>> next();

  [[nodiscard]] std::uint64_t last() const { return last_; }   ///< number of the newest frame it returned
  /// Damage that was stepped over so far: file and place.
  [[nodiscard]] const std::vector<std::string>& damage() const { return damage_; }

 private:
  Result<bool> load_more();
  void note_damage(const platform::Path& path, const Scan& scan, bool newest);

  platform::Files* files_;
  platform::Path folder_;
  std::uint64_t last_;
  std::uint32_t segment_ = 0;
  std::uint64_t offset_ = 0;     ///< read up to here in `segment_`
  std::deque<Bytes> ahead_;      ///< read, not yet returned
  std::vector<std::string> damage_;
};

}  // namespace wayside::spool
