#pragma once

#include "tests/support/fake_env.h"

namespace wayside::support {

/// A machine's disk, with a stick in it that holds so many bytes and no more. The disk itself has room.
class SmallStick : public platform::Files {
 public:
  SmallStick(FakeFiles& disk, platform::Path folder, std::uint64_t capacity_bytes)
      : disk_(disk), folder_(std::move(folder)), capacity_(capacity_bytes) {}

  Result<std::unique_ptr<platform::File>> open(const platform::Path& path, platform::OpenMode mode) override {
    WAYSIDE_TRY(auto file, disk_.open(path, mode));
    if (mode != platform::OpenMode::create_carried) return file;
    return std::make_unique<Limited>(*this, std::move(file));
  }
  Result<void> remove(const platform::Path& path) override { return disk_.remove(path); }
  Result<void> rename(const platform::Path& from, const platform::Path& to) override { return disk_.rename(from, to); }
  Result<void> make_folders(const platform::Path& path) override { return disk_.make_folders(path); }
  Result<void> sync_folder(const platform::Path& path) override { return disk_.sync_folder(path); }
  bool exists(const platform::Path& path) override { return disk_.exists(path); }
  Result<std::vector<std::string>> list(const platform::Path& folder) override { return disk_.list(folder); }
  Result<std::unique_ptr<platform::File>> lock(const platform::Path& path) override { return disk_.lock(path); }

 private:
  struct Limited : platform::File {
    Limited(SmallStick& stick, std::unique_ptr<platform::File> file) : stick_(stick), file_(std::move(file)) {}
    Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override { return file_->read_at(offset, out); }
    Result<void> write_at(std::uint64_t offset, BytesView bytes) override {
      if (stick_.used() + bytes.size() > stick_.capacity_) return fail(Errc::disk_full, stick_.folder_.string());
      return file_->write_at(offset, bytes);
    }
    Result<void> truncate(std::uint64_t size) override { return file_->truncate(size); }
    Result<std::uint64_t> size() override { return file_->size(); }
    Result<void> sync() override { return file_->sync(); }
    SmallStick& stick_;
    std::unique_ptr<platform::File> file_;
  };

  [[nodiscard]] std::uint64_t used() const {
    std::uint64_t all = 0;
    for (const auto& [path, content] : disk_.contents()) all += path.starts_with(folder_.string() + "/") ? content.size() : 0;
    return all;
  }

  FakeFiles& disk_;
  platform::Path folder_;
  std::uint64_t capacity_;
};

}  // namespace wayside::support
