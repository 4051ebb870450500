#include "platform/atomic_file.h"

namespace wayside::platform {
namespace {

enum class Sync { yes, no };

Result<void> write_new(Files& files, const Path& path, BytesView bytes, Sync sync) {
  WAYSIDE_TRY(const auto file, files.open(path, OpenMode::create));
  WAYSIDE_OK(file->truncate(0));
  WAYSIDE_OK(file->write_at(0, bytes));
  return sync == Sync::yes ? file->sync() : Result<void>{};
}

Result<void> write_and_rename(Files& files, const Path& path, BytesView bytes, Sync sync) {
  Path temp = path;
  temp += ".new";
  auto done = write_new(files, temp, bytes, sync);
  if (done) done = files.rename(temp, path);
  if (!done) (void)files.remove(temp);  // the first failure is the one to tell
  return done;
}

/// Size of the file, when it is within the limit.
Result<std::size_t> size_within(File& file, const Path& path, std::uint64_t limit_bytes) {
  WAYSIDE_TRY(const std::uint64_t size, file.size());
  if (size > limit_bytes) return fail(Errc::too_large, path.string() + ", limit " + std::to_string(limit_bytes));
  return static_cast<std::size_t>(size);
}

}  // namespace

Result<void> write_atomically(Files& files, const Path& path, BytesView bytes) {
  WAYSIDE_OK(write_and_rename(files, path, bytes, Sync::yes));
  return files.sync_folder(path.parent_path());
}

Result<void> write_for_now(Files& files, const Path& path, BytesView bytes) { return write_and_rename(files, path, bytes, Sync::no); }

Result<Bytes> read_all(Files& files, const Path& path, std::uint64_t limit_bytes) {
  WAYSIDE_TRY(const auto file, files.open(path, OpenMode::read));
  WAYSIDE_TRY(const std::size_t size, size_within(*file, path, limit_bytes));
  Bytes bytes(size, '\0');
  WAYSIDE_TRY(const std::size_t got, file->read_at(0, bytes));
  bytes.resize(got);
  return bytes;
}

Result<SecretBytes> read_secret(Files& files, const Path& path, std::uint64_t limit_bytes) {
  WAYSIDE_TRY(const auto file, files.open(path, OpenMode::read));
  WAYSIDE_TRY(const std::size_t size, size_within(*file, path, limit_bytes));
  SecretBytes secret(size);
  WAYSIDE_TRY(const std::size_t got, file->read_at(0, {reinterpret_cast<char*>(secret.data()), size}));
  if (got != size) return fail(Errc::io, "reading " + path.string() + ": it became shorter");
  return secret;
}

}  // namespace wayside::platform
