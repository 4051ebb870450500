#include "sync/spool/cursors.h"

#include <algorithm>

#include "platform/atomic_file.h"
#include "sync/wire/codec.h"

namespace wayside::spool {
namespace {

using platform::Files;

/// Rewritten when it is longer than this and than four states: rarely, and never large.
constexpr std::uint64_t kRewriteBytes = std::uint64_t{256} << 10;
constexpr std::uint64_t kRewriteFactor = 4;

struct Reading {
  Cursor cursor;
  bool damaged = false;
};

/// Applies frames up to the first damage.
Result<Reading> replay(Files& files, const platform::Path& path) {
  Reading reading;
  const auto bytes = read_segment(files, path);
  if (!bytes && bytes.error().code == Errc::not_found) return reading;
  if (!bytes) return std::unexpected(bytes.error());
  WAYSIDE_TRY(const Scan scan, scan_segment(*bytes));
  reading.damaged = !scan.damage.empty();
  std::uint64_t expected = kSegmentHeaderBytes;
  for (std::size_t i = 0; i < scan.payloads.size(); ++i) {
    const BytesView payload = scan.payloads[i];
    if (scan.ends[i] != expected + kFrameHeaderBytes + payload.size()) break;   // something was stepped over
    expected = scan.ends[i];
    const auto change = wire::decode_plain<wire::pb::CursorFrame>(payload);
    if (!change || !apply(reading.cursor, *change)) {
      reading.damaged = true;
      break;
    }
  }
  return reading;
}

}  // namespace

Result<Cursor> read_cursor(Files& files, const Layout& layout) {
  WAYSIDE_TRY(Reading reading, replay(files, layout.cursors()));
  return std::move(reading.cursor);
}

Result<Cursors> Cursors::open(Files& files, const Layout& layout) {
  WAYSIDE_OK(files.make_folders(layout.root));
  Cursors cursors(files, layout.cursors());
  WAYSIDE_TRY(Reading reading, replay(files, cursors.path_));
  cursors.cursor_ = std::move(reading.cursor);
  WAYSIDE_OK(cursors.open_file());
  cursors.damage_ = cursors.file_->damage();
  if (reading.damaged) WAYSIDE_OK(cursors.replace(Cursor(cursors.cursor_)));
  return cursors;
}

Result<void> Cursors::open_file() {
  WAYSIDE_TRY(SegmentFile file, SegmentFile::open(*files_, path_, [](BytesView) -> Result<void> { return {}; }));
  file_ = std::move(file);
  return {};
}

Result<void> Cursors::save(const wire::pb::CursorFrame& change) {
  Cursor next = cursor_;
  WAYSIDE_OK(apply(next, change));
  if (!file_) WAYSIDE_OK(open_file());
  WAYSIDE_OK(file_->append(wire::encode_plain(change)));
  WAYSIDE_OK(file_->sync());
  cursor_ = std::move(next);
  if (file_->size_bytes() > std::max(kRewriteBytes, kRewriteFactor * whole_bytes_))
    (void)replace(Cursor(cursor_));   // the change is durable already; a full disk may refuse to shorten the file
  return {};
}

Result<void> Cursors::replace(const Cursor& cursor) {
  Bytes content = segment_header();
  for (const auto& frame : whole_frames(cursor)) content += encode_frame(wire::encode_plain(frame));
  WAYSIDE_OK(platform::write_atomically(*files_, path_, content));
  cursor_ = cursor;
  whole_bytes_ = content.size();
  file_.reset();
  return open_file();
}

}  // namespace wayside::spool
