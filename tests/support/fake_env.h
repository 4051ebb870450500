#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "platform/env.h"

/// The outside world as tests make it: nothing here reads a clock, a disk, a key store or a network.
namespace wayside::support {

class FakeClock : public platform::Clock {
 public:
  explicit FakeClock(std::int64_t wall_ms = 1'750'000'000'000) : wall_ms_(wall_ms) {}
  std::int64_t wall_ms() override { return wall_ms_; }
  std::int64_t monotonic_ms() override { return monotonic_ms_; }

  void advance(std::int64_t ms) { wall_ms_ += ms, monotonic_ms_ += ms; }
  void set_wall(std::int64_t ms) { wall_ms_ = ms; }   ///< as a person who sets the clock; monotonic time goes on

 private:
  std::int64_t wall_ms_;
  std::int64_t monotonic_ms_ = 0;
};

/// ChaCha20 of the seed: the same seed gives the same bytes, however they are cut into calls.
class FakeRandom : public platform::Random {
 public:
  explicit FakeRandom(std::uint64_t seed = 1);
  void fill(std::span<unsigned char> out) override;
  std::uint64_t below(std::uint64_t bound);  ///< for a test's own choices; `bound` > 0

 private:
  std::array<unsigned char, 32> key_{};
  std::uint64_t block_ = 0;
  std::array<unsigned char, 64> rest_{};
  std::size_t rest_size_ = 0;
};

/// What may be counted and made to fail, in the order in which it happens.
enum class FileOperation { open, read, write, truncate, sync, remove, rename, make_folders, sync_folder, lock };

/// A disk in memory that knows what is durable.
///
/// Contents are durable after File::sync. A name made, renamed or removed is durable after Files::sync_folder of its
/// folder, as POSIX promises no more. `crash` takes the power away: every File that is open then answers Errc::io
/// from now on and holds no lock, and what was not durable may be lost, in part, and torn.
class FakeFiles : public platform::Files {
 public:
  struct Counts {
    std::uint64_t opens = 0, reads = 0, writes = 0, written_bytes = 0, syncs = 0, folder_syncs = 0, renames = 0;
    std::uint64_t operations = 0;             ///< all that `fail_at` numbers
    std::uint64_t lost_writes = 0, torn_writes = 0;   ///< by `crash`
  };

  FakeFiles();
  ~FakeFiles() override;

  Result<std::unique_ptr<platform::File>> open(const platform::Path& path, platform::OpenMode mode) override;
  Result<void> remove(const platform::Path& path) override;
  Result<void> rename(const platform::Path& from, const platform::Path& to) override;
  Result<void> make_folders(const platform::Path& path) override;
  Result<void> sync_folder(const platform::Path& path) override;
  bool exists(const platform::Path& path) override;
  Result<std::vector<std::string>> list(const platform::Path& folder) override;
  Result<std::unique_ptr<platform::File>> lock(const platform::Path& path) override;

  /// The power fails. For each unsynced write and each unsynced name `seed` decides whether it reached the disk;
  /// a write may reach it in part, cut at a multiple of 512 bytes. Seed 0: none of them did.
  void crash(std::uint64_t seed);
  /// The process dies, the machine lives: open files end and locks are free, nothing is lost.
  /// Both forget the faults that were set, but not a limit of growth.
  void kill_process();

  /// Operation number `n` from now (0 = the next) fails with `code`; with `and_all_after`, so does each one after it.
  /// A failing write has written nothing, a failing sync makes nothing durable.
  void fail_at(std::uint64_t n, Errc code, bool and_all_after = false);
  /// As above, but counts only operations of one kind.
  void fail_at(FileOperation kind, std::uint64_t n, Errc code, bool and_all_after = false);
  /// As `crash` at that operation: it and all after it answer Errc::io and do nothing, until crash() is called.
  void power_off_at(std::uint64_t n);
  /// Files together may grow by so many bytes more; then Errc::disk_full, a write having written nothing.
  void limit_growth(std::optional<std::uint64_t> bytes);
  void heal();                                ///< forgets the faults set above, and the limit of growth
  void forget_faults();                       ///< but not the limit
  /// Whether `power_off_at` has struck, and `crash` not come yet.
  [[nodiscard]] bool is_off() const;

  [[nodiscard]] const Counts& counts() const;
  /// Every file as a reader sees it now, for searching what is on the disk.
  [[nodiscard]] std::map<std::string, Bytes> contents() const;
  /// Another disk with the same files, all of them durable: a clone, or a backup to put back.
  [[nodiscard]] std::unique_ptr<FakeFiles> copy() const;
  /// Overwrites without any fault, sync or count: what somebody with the disk in hand may do.
  void tamper(const platform::Path& path, Bytes content);

  struct Disk;                                ///< shared with the Files it opened

 private:
  std::shared_ptr<Disk> disk_;
};

class FakeKeyStore : public platform::KeyStore {
 public:
  explicit FakeKeyStore(bool is_system = true) : is_system_(is_system) {}
  Result<SecretBytes> load(std::string_view name) override;
  Result<void> save(std::string_view name, const SecretBytes& secret) override;
  Result<void> remove(std::string_view name) override;
  bool is_system_store() const override { return is_system_; }

  void fail_with(std::optional<Errc> code) { failure_ = code; }  ///< every call from now on; nothing: heals
  [[nodiscard]] std::size_t size() const { return secrets_.size(); }
  /// Takes the secrets of another machine's store besides its own.
  void take_from(const FakeKeyStore& other);

 private:
  bool is_system_;
  std::optional<Errc> failure_;
  std::map<std::string, SecretBytes, std::less<>> secrets_;
};

/// Calls whatever the test put behind it; without that, Errc::unreachable.
class FakeNetwork : public platform::Network {
 public:
  using Handler = std::function<Result<platform::HttpAnswer>(const platform::HttpCall&)>;
  Result<platform::HttpAnswer> post(const platform::HttpCall& call) override;

  void answer_with(Handler handler) { handler_ = std::move(handler); }
  [[nodiscard]] std::uint64_t calls() const { return calls_; }

 private:
  Handler handler_;
  std::uint64_t calls_ = 0;
};

/// One machine of its own.
struct FakeEnv {
  explicit FakeEnv(std::uint64_t seed = 1) : random(seed) {}
  FakeClock clock;
  FakeRandom random;
  FakeFiles files;
  FakeKeyStore keys;
  FakeNetwork network;
  platform::Env env() { return {clock, random, files, keys, network}; }
};

}  // namespace wayside::support
