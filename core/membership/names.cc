#include "core/membership/names.h"

#include "core/base/value.h"
#include "core/crypto/crypto.h"

namespace wayside::membership {
namespace {

constexpr std::string_view kDomain = "wayside/name/1";
constexpr char kVersion = 1;
constexpr std::size_t kStep = 64;
constexpr std::size_t kLengthBytes = 2;

}  // namespace

Result<Bytes> seal_name(BytesView member_key, std::string_view name, platform::Random& random) {
  if (name.size() > kMaxNameBytes) return fail(Errc::too_large, "a name of more than 190 bytes");
  if (name.empty() || !is_clean_utf8(name)) return fail(Errc::bad_input, "a name that is empty or not text");
  Bytes plain((name.size() + kLengthBytes + kStep - 1) / kStep * kStep, '\0');
  plain[0] = static_cast<char>(name.size());
  plain.replace(kLengthBytes, name.size(), name);
  const Bytes nonce = crypto::random_bytes(random, crypto::kNonceBytes);
  return Bytes(1, kVersion) + nonce + crypto::aead_seal(member_key, nonce, kDomain, plain);
}

Result<std::string> open_name(BytesView member_key, BytesView sealed) {
  if (sealed.empty()) return fail(Errc::corrupt, "a sealed name is missing");
  if (sealed[0] != kVersion) return fail(Errc::newer_format, "a sealed name of a later version");
  if (sealed.size() > kMaxSealedNameBytes || sealed.size() < 1 + crypto::kNonceBytes + kStep + crypto::kTagBytes) {
    return fail(Errc::corrupt, "length of a sealed name");
  }
  const BytesView nonce = sealed.substr(1, crypto::kNonceBytes);
  WAYSIDE_TRY(const Bytes plain, crypto::aead_open(member_key, nonce, kDomain, sealed.substr(1 + nonce.size())));
  const std::size_t length = static_cast<unsigned char>(plain[0]);
  if (plain[1] != 0 || length > kMaxNameBytes || length + kLengthBytes > plain.size()) {
    return fail(Errc::corrupt, "length inside a sealed name");
  }
  return plain.substr(kLengthBytes, length);
}

}  // namespace wayside::membership
