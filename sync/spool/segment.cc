#include "sync/spool/segment.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/crypto/crypto.h"

namespace wayside::spool {
namespace {

using platform::File;
using platform::Files;
using platform::OpenMode;
using platform::Path;

constexpr std::size_t kChecksumBytes = 8;
constexpr std::uint8_t kVersion = 1;
constexpr BytesView kMagic{"\xB7SEG\r\n\x1A", 7};
constexpr std::string_view kDomain = "wayside/spool/1";
constexpr char kFirstFieldTag = 0x08;
/// How much is hashed at most in search of a frame behind damage: about a tenth of a second.
constexpr std::uint64_t kSearchBudgetBytes = std::uint64_t{64} << 20;

std::uint32_t read_u32(BytesView bytes) {
  std::array<unsigned char, 4> b{};
  std::memcpy(b.data(), bytes.data(), b.size());
  return std::uint32_t{b[0]} | std::uint32_t{b[1]} << 8 | std::uint32_t{b[2]} << 16 | std::uint32_t{b[3]} << 24;
}

Bytes u32(std::size_t value) {
  Bytes out(4, '\0');
  for (int i = 0; i < 4; ++i) out[static_cast<std::size_t>(i)] = static_cast<char>(value >> (8 * i));
  return out;
}

Bytes checksum(BytesView payload) {
  return Bytes(crypto::hash(kDomain, {u32(payload.size()), payload}).view().substr(0, kChecksumBytes));
}

/// The length that stands at `at`, when a frame of it would be whole within `bytes`.
std::optional<std::size_t> whole_length(BytesView bytes, std::size_t at) {
  if (bytes.size() - at < kFrameHeaderBytes) return std::nullopt;
  const std::size_t length = read_u32(bytes.substr(at));
  if (length == 0 || length > kMaxFrameBytes || bytes.size() - at - kFrameHeaderBytes < length) return std::nullopt;
  return length;
}

bool fits(BytesView bytes, std::size_t at, std::size_t length) {
  return checksum(bytes.substr(at + kFrameHeaderBytes, length)) == bytes.substr(at + 4, kChecksumBytes);
}

struct Search {
  std::optional<std::size_t> found;
  bool exhausted = false;   ///< the budget ended before the bytes did
};

/// The next whole frame behind a place that holds none.
Search find_frame(BytesView bytes, std::size_t broken) {
  if (const auto length = whole_length(bytes, broken)) {   // most likely only the payload changed
    const std::size_t next = broken + kFrameHeaderBytes + *length;
    if (const auto next_length = whole_length(bytes, next); next_length && fits(bytes, next, *next_length))
      return {.found = next, .exhausted = false};
  }
  std::uint64_t hashed = 0;
  for (std::size_t at = broken + 1; at + kFrameHeaderBytes < bytes.size(); ++at) {
    if (bytes[at + kFrameHeaderBytes] != kFirstFieldTag) continue;
    const auto length = whole_length(bytes, at);
    if (!length) continue;
    hashed += *length;
    if (hashed > kSearchBudgetBytes) return {.found = std::nullopt, .exhausted = true};
    if (fits(bytes, at, *length)) return {.found = at, .exhausted = false};
  }
  return {};
}

bool is_torn_header(BytesView bytes) {
  if (bytes.size() < kSegmentHeaderBytes) return segment_header().starts_with(bytes);
  return bytes.find_first_not_of('\0') == BytesView::npos;
}

/// 0 when the header is torn or missing.
Result<std::size_t> check_header(BytesView bytes) {
  if (bytes.size() >= kSegmentHeaderBytes && bytes.starts_with(kMagic)) {
    const auto version = static_cast<std::uint8_t>(bytes[kMagic.size()]);
    if (version > kVersion) return fail(Errc::newer_format, "segment version " + std::to_string(version));
    if (version == kVersion) return kSegmentHeaderBytes;
  }
  if (is_torn_header(bytes)) return std::size_t{0};
  return fail(Errc::corrupt, "byte 0");
}

}  // namespace

Bytes segment_header() { return Bytes(kMagic) + static_cast<char>(kVersion); }

Bytes encode_frame(BytesView payload) {
  Bytes frame = u32(payload.size()) + checksum(payload);
  frame += payload;
  return frame;
}

Result<Scan> scan_segment(BytesView bytes, std::uint64_t offset) {
  Scan scan;
  std::size_t at = 0;
  if (offset == 0) {
    const auto header = check_header(bytes);
    if (!header && header.error().code == Errc::newer_format) return std::unexpected(header.error());
    if (!header) {
      scan.damage.push_back(header.error().detail);   // frames may still be found behind it
    } else if (*header == 0) {
      scan.torn = !bytes.empty();
      return scan;
    } else {
      at = *header;
    }
    scan.end = at;
  } else {
    scan.end = offset;
  }
  while (at < bytes.size()) {
    const auto length = whole_length(bytes, at);
    if (length && fits(bytes, at, *length)) {
      scan.payloads.push_back(bytes.substr(at + kFrameHeaderBytes, *length));
      at += kFrameHeaderBytes + *length;
      scan.end = offset + at;
      scan.ends.push_back(scan.end);
      continue;
    }
    const Search search = find_frame(bytes, at);
    if ((search.found || search.exhausted) && (at > 0 || offset > 0))   // byte 0 was told above
      scan.damage.push_back("byte " + std::to_string(offset + at));
    if (search.found) {
      at = *search.found;
      continue;
    }
    scan.torn = !search.exhausted;
    scan.readable_to_end = !search.exhausted;
    break;
  }
  return scan;
}

Result<Bytes> read_segment(Files& files, const Path& path, std::uint64_t offset) {
  WAYSIDE_TRY(const auto file, files.open(path, OpenMode::read));
  WAYSIDE_TRY(const std::uint64_t size, file->size());
  if (size > kMaxFileBytes) return fail(Errc::too_large, path.string());
  if (size <= offset) return Bytes{};
  Bytes bytes(size - offset, '\0');
  WAYSIDE_TRY(const std::size_t got, file->read_at(offset, bytes));
  bytes.resize(got);   // a writer may just have cut off a torn tail
  return bytes;
}

Result<SegmentFile> SegmentFile::open(Files& files, const Path& path, const OnFrame& on_frame) {
  WAYSIDE_TRY(auto file, files.open(path, OpenMode::create));
  WAYSIDE_TRY(const Bytes bytes, read_segment(files, path));
  WAYSIDE_TRY(const Scan scan, scan_segment(bytes));
  SegmentFile segment(std::move(file), scan.end);
  for (const std::string& place : scan.damage) segment.damage_.push_back(path.string() + ", " + place);
  segment.appendable_ = scan.readable_to_end && bytes.starts_with(kMagic);
  for (const BytesView payload : scan.payloads) WAYSIDE_OK(on_frame(payload));
  if (scan.end == 0 && scan.damage.empty()) {   // new, or the power failed while it was made
    WAYSIDE_OK(segment.file_->truncate(0));
    WAYSIDE_OK(segment.file_->write_at(0, segment_header()));
    WAYSIDE_OK(segment.file_->sync());
    WAYSIDE_OK(files.sync_folder(path.parent_path()));
    segment.end_ = kSegmentHeaderBytes;
    segment.appendable_ = true;
  } else if (segment.appendable_ && scan.torn) {
    WAYSIDE_OK(segment.file_->truncate(scan.end));
    WAYSIDE_OK(segment.file_->sync());
  }
  if (!segment.appendable_ && segment.damage_.empty()) segment.damage_.push_back(path.string() + ", byte 0");
  return segment;
}

Result<void> SegmentFile::append(BytesView payload) {
  if (payload.empty() || payload.size() > kMaxFrameBytes)
    return fail(Errc::too_large, "frame of " + std::to_string(payload.size()) + " bytes");
  if (!appendable_) return fail(Errc::corrupt, damage_.back());
  if (tail_dirty_) WAYSIDE_OK(file_->truncate(end_));
  tail_dirty_ = true;
  const Bytes frame = encode_frame(payload);
  if (auto written = file_->write_at(end_, frame); !written) {
    if (file_->truncate(end_)) tail_dirty_ = false;
    return written;
  }
  tail_dirty_ = false;
  end_ += frame.size();
  unsynced_ = true;
  return {};
}

Result<void> SegmentFile::sync() {
  if (!unsynced_) return {};
  WAYSIDE_OK(file_->sync());
  unsynced_ = false;
  return {};
}

}  // namespace wayside::spool
