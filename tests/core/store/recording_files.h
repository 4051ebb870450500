#pragma once

#include <set>
#include <string>

#include "platform/env.h"

namespace wayside::test {

/// Passes everything on to other files and remembers each name that was opened.
class RecordingFiles : public platform::Files {
 public:
  explicit RecordingFiles(platform::Files& files) : files_(files) {}
  std::set<std::string> opened;

  Result<std::unique_ptr<platform::File>> open(const platform::Path& path, platform::OpenMode mode) override {
    opened.insert(path.string());
    return files_.open(path, mode);
  }
  Result<void> remove(const platform::Path& path) override { return files_.remove(path); }
  Result<void> rename(const platform::Path& from, const platform::Path& to) override { return files_.rename(from, to); }
  Result<void> make_folders(const platform::Path& path) override { return files_.make_folders(path); }
  Result<void> sync_folder(const platform::Path& path) override { return files_.sync_folder(path); }
  bool exists(const platform::Path& path) override { return files_.exists(path); }
  Result<std::vector<std::string>> list(const platform::Path& folder) override { return files_.list(folder); }
  Result<std::unique_ptr<platform::File>> lock(const platform::Path& path) override { return files_.lock(path); }

 private:
  platform::Files& files_;
};

}  // namespace wayside::test
