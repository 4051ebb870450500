#pragma once

#include <memory>
#include <optional>
#include <string>

#include "platform/env.h"

struct sqlite3_vfs;

namespace wayside::store {

/// Lets SQLCipher read and write through `Env.files`, so that tests and the simulator can be the disk.
/// It takes no file locks: the vault holds its own, and the store has one connection in EXCLUSIVE mode
/// (so the version 1 methods, without shared memory, suffice for WAL).
class Vfs {
 public:
  explicit Vfs(platform::Env& env);
  ~Vfs();
  Vfs(const Vfs&) = delete;
  Vfs& operator=(const Vfs&) = delete;

  [[nodiscard]] const char* name() const { return name_.c_str(); }
  /// The first failure of a file since the last call: SQLite's own codes say less than ours.
  std::optional<Error> take_fault();
  /// How often a file was made durable: the write-ahead log (once a commit, once a checkpoint), and the store itself
  /// (once a checkpoint).
  struct Syncs { std::uint64_t wal = 0, store = 0; };
  [[nodiscard]] Syncs syncs() const;

  struct State;

 private:
  std::unique_ptr<State> state_;
  std::string name_;
};

}  // namespace wayside::store
