#include "sync/office/keys.h"

#include "core/base/secret_text.h"
#include "core/crypto/crypto.h"
#include "platform/atomic_file.h"
#include "platform/tls_identity.h"

namespace wayside::office {
namespace {

constexpr std::string_view kMagic = "WAYSIDE OFFICE KEYS\n";
constexpr char kVersion = 1;
constexpr std::string_view kDomain = "wayside/office-keys/1";
constexpr std::size_t kSeedBytes = 32;
constexpr std::size_t kFileBytes = kMagic.size() + 1 + 2 * kSeedBytes + Digest::size_bytes;

}  // namespace

OfficeKeys OfficeKeys::random(platform::Random& random) {
  return {crypto::random_secret(random, kSeedBytes), crypto::random_secret(random, kSeedBytes)};
}

Digest OfficeKeys::tls_pin() const {
  const PublicKey key = crypto::sign_public(tls_seed);
  const platform::Pin pin = platform::pin_of(std::span<const unsigned char, 32>(as_uchar(key.view()), 32));
  return *Digest::from({reinterpret_cast<const char*>(pin.data()), pin.size()});
}

PublicKey OfficeKeys::sign_public() const { return crypto::sign_public(sign_seed); }

Result<void> save_keys(platform::Files& files, const platform::Path& path, const OfficeKeys& keys) {
  SecretWriter out(kFileBytes);
  out.add(kMagic).add({&kVersion, 1}).add(keys.tls_seed.view()).add(keys.sign_seed.view());
  out.add(crypto::hash(kDomain, {out.view()}).view());
  WAYSIDE_TRY(const auto file, files.open(path, platform::OpenMode::create_new));
  WAYSIDE_OK(file->write_at(0, out.view()));
  WAYSIDE_OK(file->sync());
  return files.sync_folder(path.parent_path());
}

Result<OfficeKeys> load_keys(platform::Files& files, const platform::Path& path) {
  WAYSIDE_TRY(const SecretBytes bytes, platform::read_secret(files, path, 4096));
  const BytesView all = bytes.view();
  if (!all.starts_with(kMagic) || all.size() <= kMagic.size()) return fail(Errc::corrupt, path.string());
  if (all[kMagic.size()] != kVersion) return fail(Errc::newer_format, path.string());
  const BytesView body = all.substr(0, kFileBytes - Digest::size_bytes);
  if (all.size() != kFileBytes || crypto::hash(kDomain, {body}).view() != all.substr(body.size())) {
    return fail(Errc::corrupt, path.string());
  }
  const BytesView seeds = body.substr(kMagic.size() + 1);
  return OfficeKeys{copy_secret(seeds.substr(0, kSeedBytes)), copy_secret(seeds.substr(kSeedBytes))};
}

}  // namespace wayside::office
