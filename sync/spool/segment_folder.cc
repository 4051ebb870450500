#include "sync/spool/segment_folder.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace wayside::spool {
namespace {

using platform::Files;
using platform::Path;

constexpr std::string_view kSuffix = ".seg";
constexpr std::size_t kDigits = 8;

}  // namespace

Result<std::vector<std::uint32_t>> list_segments(Files& files, const Path& folder) {
  WAYSIDE_TRY(const auto names, files.list(folder));
  std::vector<std::uint32_t> segments;
  for (const std::string& name : names) {
    if (name.size() != kDigits + kSuffix.size() || !name.ends_with(kSuffix)) continue;
    std::uint32_t number = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + kDigits, number);
    if (parsed.ec == std::errc{} && parsed.ptr == name.data() + kDigits && number > 0) segments.push_back(number);
  }
  std::sort(segments.begin(), segments.end());
  return segments;
}

Path segment_path(const Path& folder, std::uint32_t segment) {
  std::string digits = std::to_string(segment);
  digits.insert(0, kDigits - std::min(kDigits, digits.size()), '0');
  return folder / (digits += kSuffix);
}

std::uint64_t frame_number(BytesView payload) {
  if (payload.empty() || payload.front() != '\x08') return 0;
  std::uint64_t number = 0;
  for (std::size_t i = 1, shift = 0; i < payload.size() && shift < 64; ++i, shift += 7) {
    const auto byte = static_cast<unsigned char>(payload[i]);
    number |= std::uint64_t{byte & 0x7FU} << shift;
    if ((byte & 0x80U) == 0) return number;
  }
  return 0;
}

Result<SegmentWriter> SegmentWriter::open(Files& files, const Path& folder, const OnFrame& on_frame) {
  WAYSIDE_OK(files.make_folders(folder));
  SegmentWriter writer(files, folder);
  WAYSIDE_TRY(auto segments, list_segments(files, folder));
  if (segments.empty()) segments.push_back(1);
  for (const std::uint32_t segment : segments) WAYSIDE_OK(writer.open_segment(segment, on_frame));
  if (!writer.newest_->appendable()) WAYSIDE_OK(writer.open_segment(segments.back() + 1, on_frame));
  return writer;
}

Result<void> SegmentWriter::open_segment(std::uint32_t segment, const OnFrame& on_frame) {
  std::uint64_t highest = 0;
  const auto show = [&](BytesView payload) -> Result<void> {
    highest = std::max(highest, frame_number(payload));
    return on_frame(payload);
  };
  WAYSIDE_TRY(SegmentFile file, SegmentFile::open(*files_, segment_path(folder_, segment), show));
  damage_.insert(damage_.end(), file.damage().begin(), file.damage().end());
  highest_of_[segment] = highest;
  highest_ = std::max(highest_, highest);
  newest_ = std::move(file);
  return {};
}

Result<void> SegmentWriter::append(BytesView payload) {
  const std::uint64_t frame_bytes = kFrameHeaderBytes + payload.size();
  if (newest_->size_bytes() > kSegmentHeaderBytes && newest_->size_bytes() + frame_bytes > kRollBytes) {
    WAYSIDE_OK(newest_->sync());   // so that only the newest segment can ever be torn
    WAYSIDE_OK(open_segment(highest_of_.rbegin()->first + 1, [](BytesView) -> Result<void> { return {}; }));
  }
  WAYSIDE_OK(newest_->append(payload));
  highest_ = highest_of_.rbegin()->second = frame_number(payload);
  return {};
}

Result<void> SegmentWriter::sync() { return newest_->sync(); }

Result<std::uint64_t> SegmentWriter::drop_up_to(std::uint64_t number) {
  std::uint64_t gone = 0;
  while (highest_of_.size() > 1 && highest_of_.begin()->second <= number) {
    WAYSIDE_OK(files_->remove(segment_path(folder_, highest_of_.begin()->first)));
    gone = std::max(gone, highest_of_.begin()->second);
    highest_of_.erase(highest_of_.begin());
  }
  if (gone > 0) WAYSIDE_OK(files_->sync_folder(folder_));
  return gone;
}

Result<void> SegmentWriter::clear() {
  WAYSIDE_OK(open_segment(highest_of_.rbegin()->first + 1, [](BytesView) -> Result<void> { return {}; }));
  WAYSIDE_TRY(const std::uint64_t gone, drop_up_to(highest_));
  (void)gone;
  return {};
}

Result<std::optional<Bytes>> SegmentReader::next() {
  while (true) {
    while (!ahead_.empty()) {
      Bytes payload = std::move(ahead_.front());
      ahead_.pop_front();
      const std::uint64_t number = frame_number(payload);
      if (number <= last_) continue;
      last_ = number;
      return payload;
    }
    WAYSIDE_TRY(const bool more, load_more());
    if (!more) return std::optional<Bytes>{};
  }
}

/// What follows in the present segment, or else in the next. The list is taken before a segment is read: a segment
/// that has a successor by then is complete.
Result<bool> SegmentReader::load_more() {
  WAYSIDE_TRY(const auto segments, list_segments(*files_, folder_));
  for (const std::uint32_t segment : segments) {
    if (segment < segment_) continue;
    if (segment > segment_) offset_ = 0;
    segment_ = segment;
    const Path path = segment_path(folder_, segment);
    const auto bytes = read_segment(*files_, path, offset_);
    if (!bytes && bytes.error().code == Errc::not_found) continue;   // its writer has just deleted it
    if (!bytes) return std::unexpected(bytes.error());
    WAYSIDE_TRY(const Scan scan, scan_segment(*bytes, offset_));
    note_damage(path, scan, segment == segments.back());
    if (scan.payloads.empty()) continue;
    ahead_.assign(scan.payloads.begin(), scan.payloads.end());
    offset_ = scan.end;
    return true;
  }
  return false;
}

void SegmentReader::note_damage(const Path& path, const Scan& scan, bool newest) {
  std::vector<std::string> places = scan.damage;
  if (scan.torn && !newest) places.push_back("byte " + std::to_string(scan.end));   // only the newest may end so
  for (const std::string& place : places) {
    std::string where = path.string() + ", " + place;
    if (std::find(damage_.begin(), damage_.end(), where) == damage_.end()) damage_.push_back(std::move(where));
  }
}

}  // namespace wayside::spool
