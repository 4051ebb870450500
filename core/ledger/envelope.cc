#include "core/ledger/envelope.h"

#include <zstd.h>

#include <bit>
#include <cstring>
#include <memory>

#include "core/ledger/formats.pb.h"

namespace wayside::ledger {
namespace {

constexpr std::string_view kKeyDomain = "wayside/envelope-key/1";
constexpr std::string_view kIdDomain = "wayside/envelope-id/1";
constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kMinPaddedBytes = 512;
constexpr std::size_t kMaxHeaderBytes = 64 << 10;
constexpr int kZstdLevel = 1;   // a standard case: 2,650 bytes of 5,690; level 3 gives 20 less for half as much work again
constexpr std::string_view kCommitTag = "\x7a\x20";  // field 15, length-delimited, 32 bytes
constexpr std::size_t kCommitFieldBytes = 2 + 32;

void put_u32(Bytes& out, std::size_t value) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(value >> shift));
}

std::uint32_t get_u32(BytesView bytes) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return value;
}

/// Takes a length-prefixed part off the front of `rest`.
std::optional<BytesView> take_part(BytesView& rest) {
  if (rest.size() < 4) return std::nullopt;
  const std::size_t length = get_u32(rest);
  if (rest.size() - 4 < length) return std::nullopt;
  const BytesView part = rest.substr(4, length);
  rest.remove_prefix(4 + length);
  return part;
}

struct FreeCompressor { void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); } };
struct FreeDecompressor { void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); } };

/// length ‖ zstd frame ‖ zeros
Bytes compress_and_pad(BytesView plain) {
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(ZSTD_createCCtx());
  Bytes out(4 + ZSTD_compressBound(plain.size()), '\0');
  const std::size_t length =
      ZSTD_compressCCtx(context.get(), out.data() + 4, out.size() - 4, plain.data(), plain.size(), kZstdLevel);
  Bytes prefix;
  put_u32(prefix, length);
  std::memcpy(out.data(), prefix.data(), 4);
  out.resize(4 + length);
  out.resize(padded_size(out.size()), '\0');
  return out;
}

Result<Bytes> unpad_and_decompress(BytesView padded) {
  BytesView rest = padded;
  const auto frame = take_part(rest);
  if (!frame) return fail(Errc::corrupt, "padding");
  const unsigned long long size = ZSTD_getFrameContentSize(frame->data(), frame->size());
  // A bomb is refused before memory is asked for.
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kMaxChangeSetBytes) {
    return fail(Errc::corrupt, "compressed length");
  }
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context(ZSTD_createDCtx());
  Bytes out(size, '\0');
  const std::size_t got = ZSTD_decompressDCtx(context.get(), out.data(), out.size(), frame->data(), frame->size());
  if (ZSTD_isError(got) != 0 || got != size) return fail(Errc::corrupt, "compressed bytes");
  return out;
}

Bytes encode_header(const Header& header, BytesView nonce) {
  pb::EnvelopeHeader out;
  out.set_suite(header.suite);
  out.set_organisation(header.organisation.str());
  out.set_ledger(header.ledger.str());
  out.set_device(header.device.str());
  out.set_incarnation(header.incarnation.str());
  out.set_seq(header.seq);
  if (header.prev) out.set_prev(header.prev->str());
  out.set_key_generation(header.key_generation.str());
  out.set_membership_head(header.membership_head.str());
  for (const Digest& blob : header.blobs) out.add_blobs(blob.str());
  for (const GrantHash& grant : header.grants) out.add_grants(grant.str());
  out.set_nonce(std::string(nonce));
  return out.SerializeAsString();
}

template <class IdType>
bool read_id(IdType& out, const std::string& bytes) {
  const auto id = IdType::from(bytes);
  if (id) out = *id;
  return id.has_value();
}

template <class IdType, class Repeated>
bool read_ids(std::vector<IdType>& out, const Repeated& list) {
  for (const std::string& bytes : list) {
    if (!read_id(out.emplace_back(), bytes)) return false;
  }
  return true;
}

Result<Header> decode_header(const pb::EnvelopeHeader& in) {
  Header out;
  out.suite = in.suite();
  out.seq = in.seq();
  if (out.suite != 1) return fail(Errc::newer_format, "envelope suite");
  if (out.seq == 0 || in.prev().empty() != (out.seq == 1)) return fail(Errc::bad_input, "envelope seq and prev");
  if (!in.prev().empty() && !read_id(out.prev.emplace(), in.prev())) return fail(Errc::bad_input, "envelope prev");
  if (!read_id(out.organisation, in.organisation()) || !read_id(out.ledger, in.ledger()) ||
      !read_id(out.device, in.device()) || !read_id(out.incarnation, in.incarnation()) ||
      !read_id(out.key_generation, in.key_generation()) || !read_id(out.membership_head, in.membership_head()) ||
      !read_ids(out.blobs, in.blobs()) || !read_ids(out.grants, in.grants())) {
    return fail(Errc::bad_input, "envelope header id");
  }
  return out;
}

EnvelopeId id_of(BytesView header, BytesView ciphertext) {
  Bytes length;
  put_u32(length, header.size());
  return *EnvelopeId::from(crypto::hash(kIdDomain, {length, header, ciphertext}).view());
}

}  // namespace

Digest next_head(const Digest& previous, const EnvelopeId& envelope) {
  return crypto::hash("wayside/ledger-head/1", {previous.view(), envelope.view()});
}

std::size_t padded_size(std::size_t bytes) {
  if (bytes <= kMinPaddedBytes) return kMinPaddedBytes;
  const int exponent = std::bit_width(bytes) - 1;
  const int mantissa = std::bit_width(static_cast<unsigned>(exponent));
  const std::size_t mask = (std::size_t{1} << (exponent - mantissa)) - 1;
  return (bytes + mask) & ~mask;
}

Result<ParsedEnvelope> parse_envelope(BytesView bytes) {
  if (bytes.size() > kMaxEnvelopeBytes) return fail(Errc::too_large, "envelope over 1 MiB");
  if (bytes.empty()) return fail(Errc::bad_input, "empty envelope");
  if (static_cast<std::uint8_t>(bytes[0]) != kEnvelopeVersion) return fail(Errc::newer_format, "envelope version");
  BytesView rest = bytes.substr(1);
  const auto header = take_part(rest);
  const auto ciphertext = header ? take_part(rest) : std::nullopt;
  if (!ciphertext || rest.size() != kSignatureBytes) return fail(Errc::bad_input, "envelope lengths");
  if (header->size() < kCommitFieldBytes || header->size() > kMaxHeaderBytes) return fail(Errc::bad_input, "header length");
  const BytesView commit_field = header->substr(header->size() - kCommitFieldBytes);
  if (!commit_field.starts_with(kCommitTag)) return fail(Errc::bad_input, "commit is not the last header field");

  pb::EnvelopeHeader message;
  if (!message.ParseFromArray(header->data(), static_cast<int>(header->size()))) return fail(Errc::bad_input, "header");
  // The same bytes, or a field that nobody here knows stands last and only looks like the commitment.
  if (message.commit() != commit_field.substr(kCommitTag.size())) return fail(Errc::bad_input, "commit is not the last header field");
  if (message.nonce().size() != crypto::kNonceBytes) return fail(Errc::bad_input, "nonce");
  WAYSIDE_TRY(Header decoded, decode_header(message));

  ParsedEnvelope out;
  out.header = std::move(decoded);
  out.id = id_of(*header, *ciphertext);
  out.signature = *Signature::from(rest);
  out.header_bytes = *header;
  out.ciphertext = *ciphertext;
  // The nonce is the field before commit: find it in place, so that the view points into the caller's bytes.
  out.nonce = header->substr(header->size() - kCommitFieldBytes - crypto::kNonceBytes, crypto::kNonceBytes);
  if (out.nonce != message.nonce()) return fail(Errc::bad_input, "nonce is not the field before commit");
  out.commit = *Digest::from(commit_field.substr(kCommitTag.size()));
  return out;
}

bool signed_by(const ParsedEnvelope& envelope, const PublicKey& device) {
  return crypto::verify(device, envelope.id.view(), envelope.signature);
}

Result<Sealed> seal_envelope(const Header& header, BytesView change_set, BytesView case_key,
                             const crypto::Signer& device, platform::Random& random) {
  // Whatever it would compress to: what unpacks to more could not be opened again.
  if (change_set.size() > kMaxChangeSetBytes) return fail(Errc::too_large, "a save over 1 MiB");
  const Bytes nonce = crypto::random_bytes(random, crypto::kNonceBytes);
  Bytes header_bytes = encode_header(header, nonce);
  const crypto::Committed committed = crypto::derive_committed(case_key, kKeyDomain, {header_bytes});
  header_bytes.append(kCommitTag).append(committed.commit.view());
  const Bytes ciphertext =
      crypto::aead_seal(committed.key.view(), nonce, header_bytes, compress_and_pad(change_set));

  Sealed out{id_of(header_bytes, ciphertext), {}};
  out.bytes.reserve(1 + 4 + header_bytes.size() + 4 + ciphertext.size() + kSignatureBytes);
  out.bytes.push_back(static_cast<char>(kEnvelopeVersion));
  put_u32(out.bytes, header_bytes.size());
  out.bytes.append(header_bytes);
  put_u32(out.bytes, ciphertext.size());
  out.bytes.append(ciphertext).append(device.sign(out.id.view()).view());
  if (out.bytes.size() > kMaxEnvelopeBytes) return fail(Errc::too_large, "a save over 1 MiB");
  return out;
}

Result<Bytes> open_envelope(const ParsedEnvelope& envelope, BytesView case_key) {
  const BytesView uncommitted = envelope.header_bytes.substr(0, envelope.header_bytes.size() - kCommitFieldBytes);
  const crypto::Committed committed = crypto::derive_committed(case_key, kKeyDomain, {uncommitted});
  if (committed.commit != envelope.commit) return fail(Errc::no_key, "another key was committed to");
  WAYSIDE_TRY(const Bytes padded, crypto::aead_open(committed.key.view(), envelope.nonce, envelope.header_bytes,
                                                    envelope.ciphertext));
  return unpad_and_decompress(padded);
}

}  // namespace wayside::ledger
