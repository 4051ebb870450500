#pragma once

#include <optional>

#include "sync/spool/cursor.h"
#include "sync/spool/layout.h"
#include "sync/spool/segment.h"

namespace wayside::spool {

/// cursors.seg as it stands, for whoever does not write it: a torn tail or damage ends it early, which only means an
/// older state; a missing file is the empty one. Errc::newer_format, those of Files.
Result<Cursor> read_cursor(platform::Files& files, const Layout& layout);

/// The courier's hold of cursors.seg; whoever has one holds courier.lock.
class Cursors {
 public:
  /// After damage the state before it is taken, and the file is written anew: every older state is a true one.
  static Result<Cursors> open(platform::Files& files, const Layout& layout);

  [[nodiscard]] const Cursor& now() const { return cursor_; }
  [[nodiscard]] const std::vector<std::string>& damage() const { return damage_; }

  /// Durable when it returns; on an error nothing has changed. Rewrites the file when it has grown long.
  Result<void> save(const wire::pb::CursorFrame& change);
  /// Replaces the whole state, durably.
  Result<void> replace(const Cursor& cursor);

 private:
  Cursors(platform::Files& files, platform::Path path) : files_(&files), path_(std::move(path)) {}
  Result<void> open_file();

  platform::Files* files_;
  platform::Path path_;
  Cursor cursor_;
  std::optional<SegmentFile> file_;
  std::uint64_t whole_bytes_ = 0;     ///< what the state alone takes
  std::vector<std::string> damage_;
};

}  // namespace wayside::spool
