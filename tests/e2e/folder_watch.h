#pragma once

#include <sys/inotify.h>

#include <string>
#include <vector>

#include "platform/descriptor.h"
#include "tests/e2e/stage.h"

namespace wayside::e2e {

/// What happens to the files of a folder, not of those below it, however short their lives.
class FolderWatch {
 public:
  /// `events`: of inotify(7).
  FolderWatch(const fs::path& folder, std::uint32_t events);
  /// The files to which any of it happened since the last call; the folder itself has no name.
  std::vector<std::string> seen();

 private:
  platform::Descriptor watch_;
};

inline constexpr std::uint32_t kMade = IN_CREATE | IN_MOVED_TO;
inline constexpr std::uint32_t kTouched = IN_OPEN | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;

}  // namespace wayside::e2e
