#include "core/packs/sealed.h"

#include <zstd.h>

#include "core/crypto/crypto.h"

namespace wayside::packs {
namespace {

constexpr std::string_view kDomain = "wayside/pack/1";
constexpr std::string_view kFileDomain = "wayside/pack-file/1";
constexpr std::string_view kMagic{"WSPACK\0", 7};
constexpr char kVersion = 1;
constexpr std::size_t kStep = 1024;
constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kSignatureBytes = 64;
constexpr int kZstdLevel = 19;   // packed once, read on every device
/// Names of fields and paths beside the texts.
constexpr std::size_t kMaxPlainBytes = kMaxPackBytes + kMaxFiles * 256;

void put_length(Bytes& out, std::size_t length) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(length >> shift));
}

std::size_t get_length(BytesView bytes) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) length |= std::size_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return length;
}

Bytes compress_and_pad(BytesView plain) {
  Bytes frame(ZSTD_compressBound(plain.size()), '\0');
  frame.resize(ZSTD_compress(frame.data(), frame.size(), plain.data(), plain.size(), kZstdLevel));
  Bytes out;
  put_length(out, frame.size());
  out += frame;
  out.resize((out.size() + kStep - 1) / kStep * kStep, '\0');
  return out;
}

Result<Bytes> unpad_and_decompress(BytesView padded) {
  if (padded.size() < kLengthBytes) return fail(Errc::corrupt, "a pack's padding");
  const std::size_t length = get_length(padded);
  if (length > padded.size() - kLengthBytes) return fail(Errc::corrupt, "a pack's padding");
  const BytesView frame = padded.substr(kLengthBytes, length);
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN) return fail(Errc::corrupt, "a pack's frame");
  if (size > kMaxPlainBytes) return fail(Errc::too_large, "a pack of more than 1 MiB");
  Bytes out(size, '\0');
  const std::size_t got = ZSTD_decompress(out.data(), out.size(), frame.data(), frame.size());
  if (ZSTD_isError(got) != 0 || got != size) return fail(Errc::corrupt, "a pack's compressed bytes");
  return out;
}

Digest file_hash(const OrganisationId& organisation, const DeviceId& device, BytesView sealed) {
  return crypto::hash(kFileDomain, {organisation.view(), device.view(), sealed});
}

}  // namespace

Result<Bytes> seal(BytesView member_key, const Pack& pack, platform::Random& random) {
  const Bytes nonce = crypto::random_bytes(random, crypto::kNonceBytes);
  Bytes sealed = Bytes(1, kVersion) + nonce + crypto::aead_seal(member_key, nonce, kDomain, compress_and_pad(encode(pack)));
  if (sealed.size() > kMaxSealedBytes) {
    return fail(Errc::too_large, "the pack has " + std::to_string(sealed.size() >> 10) +
                                     " KiB when compressed; at most 62 travel. Make two packs of it");
  }
  return sealed;
}

Result<Pack> open(BytesView member_key, BytesView sealed) {
  if (sealed.empty()) return fail(Errc::corrupt, "a sealed pack is missing");
  if (sealed[0] != kVersion) return fail(Errc::newer_format, "a pack of a later version");
  if (sealed.size() > kMaxSealedBytes) return fail(Errc::too_large, "a sealed pack");
  if (sealed.size() < 1 + crypto::kNonceBytes + crypto::kTagBytes) return fail(Errc::corrupt, "length of a sealed pack");
  const BytesView nonce = sealed.substr(1, crypto::kNonceBytes);
  WAYSIDE_TRY(const Bytes plain, crypto::aead_open(member_key, nonce, kDomain, sealed.substr(1 + nonce.size())));
  WAYSIDE_TRY(const Bytes files, unpad_and_decompress(plain));
  return decode(files);
}

membership::Pack entry_of(BytesView sealed) { return {{}, 0, crypto::hash(kDomain, {sealed}), Bytes(sealed)}; }

SignedPack sign(const OrganisationId& organisation, const DeviceId& device, const SecretBytes& device_seed, Bytes sealed) {
  SignedPack out{organisation, device, std::move(sealed), {}};
  out.signature = crypto::sign(device_seed, file_hash(organisation, device, out.sealed).view());
  return out;
}

Bytes encode(const SignedPack& pack) {
  Bytes out{kMagic};
  out.push_back(kVersion);
  out.append(pack.organisation.view()).append(pack.device.view());
  put_length(out, pack.sealed.size());
  return out.append(pack.sealed).append(pack.signature.view());
}

Result<SignedPack> parse_signed(BytesView bytes) {
  constexpr std::size_t kHeadBytes = kMagic.size() + 1 + 2 * kIdBytes + kLengthBytes;
  if (!bytes.starts_with(kMagic)) return fail(Errc::bad_input, "the file is no signed pack; `pack sign` makes one");
  if (bytes.size() < kHeadBytes + kSignatureBytes) return fail(Errc::bad_input, "the signed pack is cut short");
  if (bytes[kMagic.size()] != kVersion) return fail(Errc::newer_format, "a pack of a later version");
  BytesView rest = bytes.substr(kMagic.size() + 1);
  const std::size_t length = get_length(rest.substr(2 * kIdBytes));
  if (length > kMaxSealedBytes || bytes.size() != kHeadBytes + length + kSignatureBytes) {
    return fail(Errc::bad_input, "the signed pack has another length than it says");
  }
  return SignedPack{*OrganisationId::from(rest.substr(0, kIdBytes)), *DeviceId::from(rest.substr(kIdBytes, kIdBytes)),
                    Bytes(bytes.substr(kHeadBytes, length)), *Signature::from(bytes.substr(kHeadBytes + length))};
}

Result<void> check_signer(const SignedPack& pack, const membership::Log& log) {
  if (pack.organisation != log.organisation()) return fail(Errc::bad_input, "the pack was signed for another organisation");
  const membership::DeviceInfo* const device = log.device(pack.device);
  if (device == nullptr || device->removed) return fail(Errc::not_a_member, "the device that signed the pack");
  if (!membership::administers(log.role_at(device->entry.user, log.size()))) {
    return fail(Errc::not_permitted, "only an administrator signs a pack");
  }
  if (!crypto::verify(device->entry.sign_public, file_hash(pack.organisation, pack.device, pack.sealed).view(), pack.signature)) {
    return fail(Errc::bad_signature, "the pack was changed after it was signed");
  }
  return {};
}

}  // namespace wayside::packs
