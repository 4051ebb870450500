#include <algorithm>

#include "platform/atomic_file.h"
#include "platform/key_store.h"

namespace wayside::platform {
namespace {

constexpr std::size_t kLongestName = 100;
constexpr std::uint64_t kLargestSecretBytes = 64 * 1024;

bool is_name(std::string_view name) {
  if (name.empty() || name.size() > kLongestName || name.front() == '.') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

}  // namespace

Result<Path> FileKeyStore::file_of(std::string_view name) const {
  if (!is_name(name)) return fail(Errc::bad_input, "name of a key");
  return folder_ / (std::string(name) + ".key");
}

Result<SecretBytes> FileKeyStore::load(std::string_view name) {
  WAYSIDE_TRY(const Path file, file_of(name));
  return read_secret(files_, file, kLargestSecretBytes);
}

Result<void> FileKeyStore::save(std::string_view name, const SecretBytes& secret) {
  WAYSIDE_TRY(const Path file, file_of(name));
  if (secret.size() > kLargestSecretBytes) return fail(Errc::too_large, "a key");
  WAYSIDE_OK(files_.make_folders(folder_));
  return write_atomically(files_, file, secret.view());
}

Result<void> FileKeyStore::remove(std::string_view name) {
  WAYSIDE_TRY(const Path file, file_of(name));
  if (!files_.exists(file)) return {};
  WAYSIDE_OK(files_.remove(file));
  return files_.sync_folder(folder_);
}

}  // namespace wayside::platform
