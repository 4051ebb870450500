#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "platform/bytes.h"
#include "platform/result.h"
#include "platform/secret_bytes.h"

/// The outside world, passed in and never global, so that tests and the simulator can be the world.
namespace wayside::platform {

using Path = std::filesystem::path;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::int64_t wall_ms() = 0;       ///< ms since 1970 UTC; may jump, may lie
  virtual std::int64_t monotonic_ms() = 0;  ///< never goes back within one process
};

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<unsigned char> out) = 0;  ///< cryptographic; cannot fail
};

/// An open file. Offsets are bytes. Closing releases its lock.
class File {
 public:
  virtual ~File() = default;
  /// Reads up to out.size() bytes; fewer only at the end of the file. Returns how many.
  virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) = 0;
  virtual Result<void> write_at(std::uint64_t offset, BytesView bytes) = 0;
  virtual Result<void> truncate(std::uint64_t size_bytes) = 0;
  virtual Result<std::uint64_t> size() = 0;
  virtual Result<void> sync() = 0;          ///< fdatasync: the contents and the size are durable
};

enum class OpenMode {
  read,            ///< must exist
  read_write,      ///< must exist
  create,          ///< read and write, made (0600) when missing
  create_new,      ///< Errc::already_exists when there
  create_carried,  ///< as `create_new`, also where the file system knows no owners, as on a stick: for what is sealed
  read_plain,      ///< as `read`, from a folder that anybody may have filled: no link is followed, nothing but a file of
                   ///< bytes is opened, and nothing is waited for. Errc::not_permitted for all else
};

/// Files as Wayside needs them. Folders and files it makes are readable by their owner only (0700, 0600).
/// Errors: disk_full, read_only, not_found, already_exists, busy, io; `detail` is the path and the system's words.
class Files {
 public:
  virtual ~Files() = default;
  virtual Result<std::unique_ptr<File>> open(const Path& path, OpenMode mode) = 0;
  virtual Result<void> remove(const Path& path) = 0;                  ///< a missing file is done already
  virtual Result<void> rename(const Path& from, const Path& to) = 0;  ///< replaces atomically
  virtual Result<void> make_folders(const Path& path) = 0;            ///< with parents; existing is fine; durable at once
  virtual Result<void> sync_folder(const Path& path) = 0;             ///< names made, renamed or removed in it are durable
  virtual bool exists(const Path& path) = 0;
  virtual Result<std::vector<std::string>> list(const Path& folder) = 0;  ///< names, sorted; empty when missing
  /// Holds an exclusive lock on `path` (made when missing) until the File ends, also across kill -9.
  /// Errc::busy when another process, or another lock of this one, has it.
  virtual Result<std::unique_ptr<File>> lock(const Path& path) = 0;
};

/// Where a device's secret lives outside the vault's folder.
class KeyStore {
 public:
  virtual ~KeyStore() = default;
  /// Errc::not_found when there is none of that name.
  virtual Result<SecretBytes> load(std::string_view name) = 0;
  virtual Result<void> save(std::string_view name, const SecretBytes& secret) = 0;
  virtual Result<void> remove(std::string_view name) = 0;
  /// False when a 0600 file stands in for the operating system's key store; then ask for a longer passphrase.
  virtual bool is_system_store() const = 0;
};

/// One HTTP request to the office, over TLS 1.3 with public keys pinned both ways.
struct HttpCall {
  std::string address{};          ///< HOST:PORT
  std::string path{};             ///< "/v1/pull"
  Bytes body{};
  std::array<unsigned char, 32> office_pin{};  ///< SHA-256 of the office's SubjectPublicKeyInfo (DER)
  const SecretBytes* client_key = nullptr;     ///< Ed25519 seed of the TLS client certificate
  std::int64_t timeout_ms = 60'000;
  std::size_t answer_limit_bytes = std::size_t{16} << 20;
  std::uint64_t bytes_per_s = 0;  ///< each way at most; 0: as fast as the line is
};

struct HttpAnswer {
  int status = 0;
  Bytes body{};
  std::uint64_t bytes_up = 0;     ///< HTTP headers and body, without TLS
  std::uint64_t bytes_down = 0;
  bool new_connection = false;    ///< a handshake was needed
};

class Network {
 public:
  virtual ~Network() = default;
  /// Errors: unreachable (also: ended early, timed out), wrong_office, too_large.
  virtual Result<HttpAnswer> post(const HttpCall& call) = 0;
};

/// The world as one parameter. Whoever builds it keeps the parts alive.
struct Env {
  Clock& clock;
  Random& random;
  Files& files;
  KeyStore& keys;
  Network& network;
};

}  // namespace wayside::platform
