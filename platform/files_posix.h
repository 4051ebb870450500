#pragma once

#include "platform/env.h"

namespace wayside::platform {

/// Files of the operating system. Stateless, so any thread may use it; a File belongs to one thread at a time.
/// What it makes is 0600 or 0700 whatever the umask says, and no child process inherits it.
class PosixFiles : public Files {
 public:
  Result<std::unique_ptr<File>> open(const Path& path, OpenMode mode) override;
  Result<void> remove(const Path& path) override;
  Result<void> rename(const Path& from, const Path& to) override;
  Result<void> make_folders(const Path& path) override;
  Result<void> sync_folder(const Path& path) override;
  bool exists(const Path& path) override;
  Result<std::vector<std::string>> list(const Path& folder) override;
  Result<std::unique_ptr<File>> lock(const Path& path) override;
};

}  // namespace wayside::platform
