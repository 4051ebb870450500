#include <algorithm>
#include <cstring>
#include <mutex>
#include <stdexcept>

#include "tests/support/fake_disk.h"
#include "tests/support/fake_env.h"

namespace wayside::support {

using platform::File;
using platform::OpenMode;

using namespace fake_disk;

namespace {

class FakeFile : public File {
 public:
  FakeFile(std::shared_ptr<FakeFiles::Disk> disk, InodePtr inode, std::string key, bool writable, bool holds_lock)
      : disk_(std::move(disk)),
        inode_(std::move(inode)),
        key_(std::move(key)),
        life_(disk_->life),
        writable_(writable),
        holds_lock_(holds_lock) {}
  ~FakeFile() override {
    const std::lock_guard guard(disk_->mutex);
    if (holds_lock_ && life_ == disk_->life) disk_->locks.erase(key_);
  }
  FakeFile(const FakeFile&) = delete;
  FakeFile& operator=(const FakeFile&) = delete;

  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override {
    const std::lock_guard guard(disk_->mutex);
    WAYSIDE_OK(alive());
    return disk_->guarded(FileOperation::read, key_, [&]() -> Result<std::size_t> {
      ++disk_->counts.reads;
      if (offset >= inode_->now.size()) return 0;
      const std::size_t count = std::min<std::uint64_t>(out.size(), inode_->now.size() - offset);
      std::memcpy(out.data(), inode_->now.data() + offset, count);
      return count;
    });
  }

  Result<void> write_at(std::uint64_t offset, BytesView bytes) override {
    const std::lock_guard guard(disk_->mutex);
    WAYSIDE_OK(alive());
    if (!writable_) return fail(Errc::io, key_ + " is open for reading only");
    return disk_->guarded(FileOperation::write, key_, [&]() -> Result<void> {
      if (bytes.empty()) return {};
      if (!disk_->may_grow(*inode_, offset + bytes.size())) return fail(Errc::disk_full, key_);
      ++disk_->counts.writes;
      disk_->counts.written_bytes += bytes.size();
      inode_->change(WriteOp{offset, Bytes(bytes)});
      return {};
    });
  }

  Result<void> truncate(std::uint64_t size_bytes) override {
    const std::lock_guard guard(disk_->mutex);
    WAYSIDE_OK(alive());
    if (!writable_) return fail(Errc::io, key_ + " is open for reading only");
    return disk_->guarded(FileOperation::truncate, key_, [&]() -> Result<void> {
      if (!disk_->may_grow(*inode_, size_bytes)) return fail(Errc::disk_full, key_);
      inode_->change(TruncateOp{size_bytes});
      return {};
    });
  }

  Result<std::uint64_t> size() override {
    const std::lock_guard guard(disk_->mutex);
    WAYSIDE_OK(alive());
    return inode_->now.size();
  }

  Result<void> sync() override {
    const std::lock_guard guard(disk_->mutex);
    WAYSIDE_OK(alive());
    Errc code = Errc::io;
    if (disk_->verdict(FileOperation::sync, code) != Verdict::go) return fail(code, key_);
    ++disk_->counts.syncs;
    inode_->make_durable();
    return {};
  }

 private:
  [[nodiscard]] Result<void> alive() const {
    if (life_ != disk_->life) return fail(Errc::io, key_ + " was open when the process or the power ended");
    return {};
  }

  std::shared_ptr<FakeFiles::Disk> disk_;
  InodePtr inode_;
  std::string key_;
  std::uint64_t life_;
  bool writable_;
  bool holds_lock_;
};

/// The file under `key` as `mode` wants it, made if need be.
Result<InodePtr> find_or_make(FakeFiles::Disk& disk, const std::string& key, OpenMode mode) {
  if (disk.folders.contains(key)) return fail(Errc::io, key + " is a folder");
  const auto found = disk.now.find(key);
  if (found != disk.now.end()) {
    if (mode == OpenMode::create_new || mode == OpenMode::create_carried) return fail(Errc::already_exists, key);
    return found->second;
  }
  if (mode == OpenMode::read || mode == OpenMode::read_write || mode == OpenMode::read_plain) return fail(Errc::not_found, key);
  if (!disk.folders.contains(folder_of(key))) return fail(Errc::not_found, "the folder of " + key);
  auto inode = std::make_shared<Inode>();
  disk.rename_entry({"", key, inode});
  return inode;
}

}  // namespace

FakeFiles::FakeFiles() : disk_(std::make_shared<Disk>()) {}
FakeFiles::~FakeFiles() = default;

Result<std::unique_ptr<File>> FakeFiles::open(const Path& path, OpenMode mode) {
  const std::lock_guard guard(disk_->mutex);
  const std::string key = key_of(path);
  return disk_->guarded(FileOperation::open, key, [&]() -> Result<std::unique_ptr<File>> {
    ++disk_->counts.opens;
    WAYSIDE_TRY(InodePtr inode, find_or_make(*disk_, key, mode));
    return std::make_unique<FakeFile>(disk_, std::move(inode), key, mode != OpenMode::read && mode != OpenMode::read_plain, false);
  });
}

Result<std::unique_ptr<File>> FakeFiles::lock(const Path& path) {
  const std::lock_guard guard(disk_->mutex);
  const std::string key = key_of(path);
  return disk_->guarded(FileOperation::lock, key, [&]() -> Result<std::unique_ptr<File>> {
    WAYSIDE_TRY(InodePtr inode, find_or_make(*disk_, key, OpenMode::create));
    if (!disk_->locks.insert(key).second) return fail(Errc::busy, key);
    return std::make_unique<FakeFile>(disk_, std::move(inode), key, true, true);
  });
}

Result<void> FakeFiles::remove(const Path& path) {
  const std::lock_guard guard(disk_->mutex);
  const std::string key = key_of(path);
  return disk_->guarded(FileOperation::remove, key, [&]() -> Result<void> {
    if (const auto found = disk_->now.find(key); found != disk_->now.end()) {
      disk_->rename_entry({key, "", found->second});
      return {};
    }
    if (!disk_->folders.contains(key)) return {};
    const auto inside = [&](const std::string& name) { return folder_of(name) == key && name != key; };
    const bool used =
        std::any_of(disk_->now.begin(), disk_->now.end(), [&](const auto& entry) { return inside(entry.first); }) ||
        std::any_of(disk_->folders.begin(), disk_->folders.end(), inside);
    if (used) return fail(Errc::io, key + " is not empty");
    disk_->folders.erase(key);
    return {};
  });
}

Result<void> FakeFiles::rename(const Path& from, const Path& to) {
  const std::lock_guard guard(disk_->mutex);
  const std::string key = key_of(from);
  const std::string target = key_of(to);
  return disk_->guarded(FileOperation::rename, key, [&]() -> Result<void> {
    const auto found = disk_->now.find(key);
    if (found == disk_->now.end()) return fail(Errc::not_found, key);
    if (!disk_->folders.contains(folder_of(target))) return fail(Errc::not_found, "the folder of " + target);
    if (disk_->folders.contains(target)) return fail(Errc::io, target + " is a folder");
    ++disk_->counts.renames;
    if (key != target) disk_->rename_entry({key, target, found->second});
    return {};
  });
}

Result<void> FakeFiles::make_folders(const Path& path) {
  const std::lock_guard guard(disk_->mutex);
  const std::string key = key_of(path);
  return disk_->guarded(FileOperation::make_folders, key, [&]() -> Result<void> {
    for (Path folder(key); !folder.empty() && folder != folder.root_path(); folder = folder.parent_path()) {
      if (disk_->now.contains(folder.string())) return fail(Errc::not_found, folder.string() + " is a file");
    }
    for (Path folder(key); !folder.empty() && folder != folder.root_path(); folder = folder.parent_path()) {
      disk_->folders.insert(folder.string());
    }
    return {};
  });
}

Result<void> FakeFiles::sync_folder(const Path& path) {
  const std::lock_guard guard(disk_->mutex);
  const std::string key = path.empty() ? "." : key_of(path);
  Errc code = Errc::io;
  if (disk_->verdict(FileOperation::sync_folder, code) != Verdict::go) return fail(code, key);
  if (!disk_->folders.contains(key)) return fail(Errc::not_found, key);
  ++disk_->counts.folder_syncs;
  std::vector<NameOp> others;
  for (NameOp& op : disk_->unsynced_names) {
    const bool here = (!op.from.empty() && folder_of(op.from) == key) || (!op.to.empty() && folder_of(op.to) == key);
    if (here) replay(disk_->durable, op);
    else others.push_back(std::move(op));
  }
  disk_->unsynced_names = std::move(others);
  return {};
}

bool FakeFiles::exists(const Path& path) {
  const std::lock_guard guard(disk_->mutex);
  const std::string key = key_of(path);
  return disk_->now.contains(key) || disk_->folders.contains(key);
}

Result<std::vector<std::string>> FakeFiles::list(const Path& folder) {
  const std::lock_guard guard(disk_->mutex);
  const std::string key = folder.empty() ? "." : key_of(folder);
  if (disk_->now.contains(key)) return fail(Errc::not_found, key + " is a file");
  std::vector<std::string> names;
  const auto take = [&](const std::string& name) {
    if (name != key && folder_of(name) == key) names.push_back(Path(name).filename().string());
  };
  for (const auto& [name, inode] : disk_->now) take(name);
  for (const std::string& name : disk_->folders) take(name);
  std::sort(names.begin(), names.end());
  return names;
}

void FakeFiles::crash(std::uint64_t seed) {
  const std::lock_guard guard(disk_->mutex);
  FakeRandom random(seed);
  FakeRandom* dice = seed == 0 ? nullptr : &random;
  // In the order of names, then of time, so that a seed always tells the same story.
  std::vector<InodePtr> inodes;
  for (const auto& [name, inode] : disk_->durable) inodes.push_back(inode);
  for (const NameOp& op : disk_->unsynced_names) inodes.push_back(op.inode);
  for (const InodePtr& inode : inodes) inode->lose_power(dice, disk_->counts);  // a second turn finds nothing unsynced
  for (const NameOp& op : disk_->unsynced_names) {
    if (dice != nullptr && dice->below(2) == 0) replay(disk_->durable, op);
  }
  disk_->unsynced_names.clear();
  disk_->now = disk_->durable;
  disk_->end_process();
}

void FakeFiles::kill_process() {
  const std::lock_guard guard(disk_->mutex);
  disk_->end_process();
}

void FakeFiles::fail_at(std::uint64_t n, Errc code, bool and_all_after) {
  const std::lock_guard guard(disk_->mutex);
  disk_->faults.push_back({std::nullopt, n, code, and_all_after, false});
}

void FakeFiles::fail_at(FileOperation kind, std::uint64_t n, Errc code, bool and_all_after) {
  const std::lock_guard guard(disk_->mutex);
  disk_->faults.push_back({kind, n, code, and_all_after, false});
}

void FakeFiles::power_off_at(std::uint64_t n) {
  const std::lock_guard guard(disk_->mutex);
  disk_->faults.push_back({std::nullopt, n, Errc::io, true, true});
}

void FakeFiles::limit_growth(std::optional<std::uint64_t> bytes) {
  const std::lock_guard guard(disk_->mutex);
  disk_->size_limit = bytes ? std::optional(disk_->total_bytes() + *bytes) : std::nullopt;
}

void FakeFiles::heal() {
  const std::lock_guard guard(disk_->mutex);
  disk_->faults.clear();
  disk_->size_limit.reset();
}

void FakeFiles::forget_faults() {
  const std::lock_guard guard(disk_->mutex);
  disk_->faults.clear();
}

bool FakeFiles::is_off() const {
  const std::lock_guard guard(disk_->mutex);
  return disk_->off;
}

const FakeFiles::Counts& FakeFiles::counts() const { return disk_->counts; }

std::map<std::string, Bytes> FakeFiles::contents() const {
  const std::lock_guard guard(disk_->mutex);
  std::map<std::string, Bytes> all;
  for (const auto& [name, inode] : disk_->now) all[name] = inode->now;
  return all;
}

std::unique_ptr<FakeFiles> FakeFiles::copy() const {
  const std::lock_guard guard(disk_->mutex);
  auto other = std::make_unique<FakeFiles>();
  other->disk_->folders = disk_->folders;
  for (const auto& [name, inode] : disk_->now) {
    other->disk_->now[name] = std::make_shared<Inode>(Inode{inode->now, inode->now, {}});
  }
  other->disk_->durable = other->disk_->now;
  return other;
}

void FakeFiles::tamper(const Path& path, Bytes content) {
  const std::lock_guard guard(disk_->mutex);
  const auto found = disk_->now.find(key_of(path));
  if (found == disk_->now.end()) throw std::logic_error("no such file: " + path.string());
  found->second->unsynced.clear();
  found->second->durable = content;
  found->second->now = std::move(content);
}

}  // namespace wayside::support
