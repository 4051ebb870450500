#include <algorithm>
#include <cstring>
#include <mutex>
#include <set>
#include <stdexcept>
#include <variant>
#include <vector>

#include "tests/support/fake_env.h"

namespace wayside::support {

using platform::File;
using platform::OpenMode;
using platform::Path;

namespace {

constexpr std::uint64_t kSectorBytes = 512;

struct WriteOp {
  std::uint64_t offset;
  Bytes bytes;
};
struct TruncateOp {
  std::uint64_t size;
};
using ContentOp = std::variant<WriteOp, TruncateOp>;

void write_into(Bytes& content, std::uint64_t offset, BytesView bytes) {
  if (bytes.empty()) return;
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size(), '\0');
  std::memcpy(content.data() + offset, bytes.data(), bytes.size());
}

void replay(Bytes& content, const ContentOp& op) {
  if (const auto* write = std::get_if<WriteOp>(&op)) write_into(content, write->offset, write->bytes);
  else content.resize(std::get<TruncateOp>(op).size, '\0');
}

/// A write as a disk that lost its power may have made it: each sector of it or not.
void replay_torn(Bytes& content, const WriteOp& write, FakeRandom& random) {
  std::uint64_t begin = 0;
  while (begin < write.bytes.size()) {
    const std::uint64_t to_boundary = kSectorBytes - (write.offset + begin) % kSectorBytes;
    const std::uint64_t size = std::min<std::uint64_t>(to_boundary, write.bytes.size() - begin);
    if (random.below(2) == 0) write_into(content, write.offset + begin, BytesView(write.bytes).substr(begin, size));
    begin += size;
  }
}

struct Inode {
  Bytes now;  ///< as a reader sees it
  Bytes durable;
  std::vector<ContentOp> unsynced;  ///< leads from `durable` to `now`

  void change(ContentOp op) {
    replay(now, op);
    unsynced.push_back(std::move(op));
  }
  void make_durable() {
    for (const ContentOp& op : unsynced) replay(durable, op);
    unsynced.clear();
  }
  void lose_power(FakeRandom* random) {
    for (const ContentOp& op : unsynced) {
      const std::uint64_t fate = random == nullptr ? 0 : random->below(3);  // lost, whole, torn
      if (fate == 1) replay(durable, op);
      if (fate == 2 && std::holds_alternative<WriteOp>(op)) replay_torn(durable, std::get<WriteOp>(op), *random);
    }
    unsynced.clear();
    now = durable;
  }
};
using InodePtr = std::shared_ptr<Inode>;
using Names = std::map<std::string, InodePtr>;

/// A change of names that its folder has not synced: `inode` under `to` (if any), no longer under `from` (if any).
struct NameOp {
  std::string from;
  std::string to;
  InodePtr inode;
};

void replay(Names& names, const NameOp& op) {
  if (!op.from.empty()) {
    if (const auto found = names.find(op.from); found != names.end() && found->second == op.inode) names.erase(found);
  }
  if (!op.to.empty()) names[op.to] = op.inode;
}

std::string key_of(const Path& path) {
  std::string key = path.lexically_normal().string();
  while (key.size() > 1 && key.back() == '/') key.pop_back();
  return key;
}

std::string folder_of(const std::string& key) {
  const std::string folder = Path(key).parent_path().string();
  return folder.empty() ? "." : folder;
}

/// One fault that waits for its operation.
struct Fault {
  std::optional<FileOperation> kind;  ///< nothing: any
  std::uint64_t left = 0;             ///< operations that still pass
  Errc code = Errc::io;
  bool and_all_after = false;
  bool power_off = false;  ///< the operation itself may still reach the disk
};

enum class Verdict { go, fail, do_then_fail };

}  // namespace

struct FakeFiles::Disk {
  std::recursive_mutex mutex;  ///< a File may end while its own opening is being refused
  Names now;
  Names durable;
  std::vector<NameOp> unsynced_names;
  std::set<std::string> folders{"/", "."};
  std::set<std::string> locks;
  std::vector<Fault> faults;
  std::optional<std::uint64_t> size_limit;
  std::uint64_t life = 0;  ///< grows at each crash: what was opened before it is dead
  Counts counts;

  Verdict verdict(FileOperation kind, Errc& code) {
    ++counts.operations;
    for (auto fault = faults.begin(); fault != faults.end(); ++fault) {
      if (fault->kind && *fault->kind != kind) continue;
      if (fault->left > 0) {
        --fault->left;
        continue;
      }
      code = fault->code;
      const Verdict answer = std::exchange(fault->power_off, false) ? Verdict::do_then_fail : Verdict::fail;
      if (!fault->and_all_after) faults.erase(fault);
      return answer;
    }
    return Verdict::go;
  }

  /// Does `change` unless a fault says otherwise; `change` returns its own Result<T>.
  template <class Change>
  auto guarded(FileOperation kind, const std::string& key, Change change) -> decltype(change()) {
    Errc code = Errc::io;
    const Verdict answer = verdict(kind, code);
    if (answer == Verdict::fail) return wayside::fail(code, key);
    auto result = change();
    if (answer == Verdict::do_then_fail) return wayside::fail(code, key);
    return result;
  }

  void rename_entry(NameOp op) {
    replay(now, op);
    unsynced_names.push_back(std::move(op));
  }

  [[nodiscard]] std::uint64_t total_bytes() const {
    std::uint64_t total = 0;
    for (const auto& [name, inode] : now) total += inode->now.size();
    return total;
  }
  [[nodiscard]] bool may_grow(const Inode& inode, std::uint64_t new_size) const {
    if (!size_limit || new_size <= inode.now.size()) return true;
    return total_bytes() + (new_size - inode.now.size()) <= *size_limit;
  }

  void end_process() {
    ++life;
    locks.clear();
    faults.clear();
  }
};

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
    if (mode == OpenMode::create_new) return fail(Errc::already_exists, key);
    return found->second;
  }
  if (mode == OpenMode::read || mode == OpenMode::read_write) return fail(Errc::not_found, key);
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
    return std::make_unique<FakeFile>(disk_, std::move(inode), key, mode != OpenMode::read, false);
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
  for (const InodePtr& inode : inodes) inode->lose_power(dice);  // a second turn finds nothing unsynced
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
