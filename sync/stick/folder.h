#pragma once

#include <string>
#include <vector>

#include "platform/env.h"

namespace wayside::stick {

/// A folder that anybody may have filled. Of what lies in it only plain files are opened whose names may be ours; nothing is
/// followed out of it, and no file is believed to be as long as it says.
///
/// What concerns the folder as a whole is Errc::stick, with words for a person; that it is full is Errc::disk_full.
class Folder {
 public:
  /// Errc::stick.
  static Result<Folder> open(platform::Files& files, const platform::Path& path);

  struct Names {
    std::vector<std::string> whole;        ///< at most kMostFiles
    std::vector<std::string> unfinished;   ///< being written, or left by somebody who was cut short
    bool more = false;
  };
  Result<Names> names();

  /// The first kHeadBytes; fewer where there are no more.
  Result<Bytes> first_bytes(const std::string& name);
  /// Whether it is so long.
  bool has_size(const std::string& name, std::uint64_t bytes);
  /// All of it. Errc::corrupt when it is not `bytes` long: one who is fooled reads no more than that.
  Result<Bytes> read(const std::string& name, std::uint64_t bytes);

  /// Under a new random name, durable but for the name (sync). Cut short, it leaves an unfinished file at most; on an error
  /// nothing. Errors: disk_full, stick.
  Result<std::string> write(BytesView content, platform::Random& random);
  Result<void> remove(const std::string& name);
  /// Names made and removed are durable.
  Result<void> sync();

  [[nodiscard]] const platform::Path& path() const { return path_; }

 private:
  Folder(platform::Files& files, platform::Path path) : files_(&files), path_(std::move(path)) {}

  platform::Files* files_;
  platform::Path path_;
};

}  // namespace wayside::stick
