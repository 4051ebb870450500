#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tests/support/fake_env.h"

/// Inside of FakeFiles: what is durable, what is not yet, and the faults that wait. Only fake_files.cc includes this.
namespace wayside::support {

using platform::Path;

namespace fake_disk {

constexpr std::uint64_t kSectorBytes = 512;

struct WriteOp {
  std::uint64_t offset;
  Bytes bytes;
};
struct TruncateOp {
  std::uint64_t size;
};
using ContentOp = std::variant<WriteOp, TruncateOp>;

inline void write_into(Bytes& content, std::uint64_t offset, BytesView bytes) {
  if (bytes.empty()) return;
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size(), '\0');
  std::memcpy(content.data() + offset, bytes.data(), bytes.size());
}

inline void replay(Bytes& content, const ContentOp& op) {
  if (const auto* write = std::get_if<WriteOp>(&op)) write_into(content, write->offset, write->bytes);
  else content.resize(std::get<TruncateOp>(op).size, '\0');
}

/// A write as a disk that lost its power may have made it: each sector of it or not.
inline void replay_torn(Bytes& content, const WriteOp& write, FakeRandom& random) {
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
  void lose_power(FakeRandom* random, FakeFiles::Counts& counts) {
    for (const ContentOp& op : unsynced) {
      const std::uint64_t fate = random == nullptr ? 0 : random->below(3);  // lost, whole, torn
      counts.lost_writes += fate == 0 ? 1 : 0;
      counts.torn_writes += fate == 2 ? 1 : 0;
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

inline void replay(Names& names, const NameOp& op) {
  if (!op.from.empty()) {
    if (const auto found = names.find(op.from); found != names.end() && found->second == op.inode) names.erase(found);
  }
  if (!op.to.empty()) names[op.to] = op.inode;
}

inline std::string key_of(const Path& path) {
  std::string key = path.lexically_normal().string();
  while (key.size() > 1 && key.back() == '/') key.pop_back();
  return key;
}

inline std::string folder_of(const std::string& key) {
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

}  // namespace fake_disk

struct FakeFiles::Disk {
  std::recursive_mutex mutex;  ///< a File may end while its own opening is being refused
  fake_disk::Names now;
  fake_disk::Names durable;
  std::vector<fake_disk::NameOp> unsynced_names;
  std::set<std::string> folders{"/", "."};
  std::set<std::string> locks;
  std::vector<fake_disk::Fault> faults;
  std::optional<std::uint64_t> size_limit;
  bool off = false;        ///< the power is gone
  std::uint64_t life = 0;  ///< grows at each crash: what was opened before it is dead
  Counts counts;

  fake_disk::Verdict verdict(FileOperation kind, Errc& code) {
    ++counts.operations;
    for (auto fault = faults.begin(); fault != faults.end(); ++fault) {
      if (fault->kind && *fault->kind != kind) continue;
      if (fault->left > 0) {
        --fault->left;
        continue;
      }
      code = fault->code;
      off = off || fault->power_off;
      const fake_disk::Verdict answer =
          std::exchange(fault->power_off, false) ? fake_disk::Verdict::do_then_fail : fake_disk::Verdict::fail;
      if (!fault->and_all_after) faults.erase(fault);
      return answer;
    }
    return fake_disk::Verdict::go;
  }

  /// Does `change` unless a fault says otherwise; `change` returns its own Result<T>.
  template <class Change>
  auto guarded(FileOperation kind, const std::string& key, Change change) -> decltype(change()) {
    Errc code = Errc::io;
    const fake_disk::Verdict answer = verdict(kind, code);
    if (answer == fake_disk::Verdict::fail) return wayside::fail(code, key);
    auto result = change();
    if (answer == fake_disk::Verdict::do_then_fail) return wayside::fail(code, key);
    return result;
  }

  void rename_entry(fake_disk::NameOp op) {
    fake_disk::replay(now, op);
    unsynced_names.push_back(std::move(op));
  }

  [[nodiscard]] std::uint64_t total_bytes() const {
    std::uint64_t total = 0;
    for (const auto& [name, inode] : now) total += inode->now.size();
    return total;
  }
  [[nodiscard]] bool may_grow(const fake_disk::Inode& inode, std::uint64_t new_size) const {
    if (!size_limit || new_size <= inode.now.size()) return true;
    return total_bytes() + (new_size - inode.now.size()) <= *size_limit;
  }

  void end_process() {
    ++life;
    off = false;
    locks.clear();
    faults.clear();
  }
};

}  // namespace wayside::support
