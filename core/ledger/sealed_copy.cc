#include "core/ledger/sealed_copy.h"

#include <optional>

#include "core/ledger/envelope.h"
#include "core/ledger/ledger_store.h"

namespace wayside::ledger {
namespace {

constexpr std::string_view kDomain = "wayside/sealed-copy/1";
constexpr std::size_t kLengthBytes = 4;

crypto::Committed key_of_copy(const SecretBytes& agreed, const OrganisationId& organisation, const EnvelopeId& id, const PublicKey& ephemeral,
                              const PublicKey& office) {
  return crypto::derive_committed(agreed.view(), kDomain, {organisation.view(), id.view(), ephemeral.view(), office.view()});
}

Bytes with_length(BytesView bytes) {
  Bytes out;
  out.reserve(kLengthBytes + bytes.size());
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(bytes.size() >> shift));
  return out.append(bytes);
}

/// The next of those; nothing when the bytes end before it does.
std::optional<BytesView> take(BytesView& rest) {
  if (rest.size() < kLengthBytes) return std::nullopt;
  std::size_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) length |= std::size_t{static_cast<unsigned char>(rest[i])} << (8 * i);
  rest.remove_prefix(kLengthBytes);
  if (length > rest.size()) return std::nullopt;
  const BytesView taken = rest.substr(0, length);
  rest.remove_prefix(length);
  return taken;
}

}  // namespace

Result<CopySealer> CopySealer::to(const PublicKey& office, const OrganisationId& organisation, platform::Random& random) {
  const SecretBytes ephemeral = crypto::random_secret(random, crypto::kKeyBytes);
  WAYSIDE_TRY(SecretBytes agreed, crypto::agree(ephemeral, office));
  return CopySealer(office, organisation, crypto::sign_public(ephemeral), std::move(agreed), random);
}

Result<Bytes> CopySealer::seal(const EnvelopeId& id, BytesView envelope, const std::vector<Bytes>& grants) {
  const Bytes content = with_length(envelope) + pack_grants(grants);
  if (kSealedCopyHeadBytes + content.size() + crypto::kTagBytes > kMaxSealedCopyBytes) return fail(Errc::too_large, "a copy for the office");
  const crypto::Committed key = key_of_copy(agreed_, organisation_, id, ephemeral_, office_);
  const Bytes nonce = crypto::random_bytes(*random_, crypto::kNonceBytes);
  Bytes head(1, static_cast<char>(kSealedCopyVersion));
  head.append(id.view()).append(ephemeral_.view()).append(nonce).append(key.commit.view());
  return head + crypto::aead_seal(key.key.view(), nonce, head, content);
}

Result<Copied> read_copied(BytesView content) {
  Copied out;
  const auto envelope = take(content);
  if (!envelope) return fail(Errc::bad_input, "a sealed copy: its envelope");
  while (!content.empty()) {
    const auto grant = take(content);
    if (!grant) return fail(Errc::bad_input, "a sealed copy: its wraps");
    out.grants.emplace_back(*grant);
  }
  out.envelope = Bytes(*envelope);
  return out;
}

Result<Copied> open_copy(const SecretBytes& office_seed, const OrganisationId& organisation, BytesView sealed) {
  if (sealed.empty()) return fail(Errc::bad_input, "a sealed copy: empty");
  if (static_cast<unsigned char>(sealed[0]) != kSealedCopyVersion) return fail(Errc::newer_format, "a sealed copy");
  if (sealed.size() < kSealedCopyHeadBytes + crypto::kTagBytes) return fail(Errc::bad_input, "a sealed copy: torn");
  if (sealed.size() > kMaxSealedCopyBytes) return fail(Errc::too_large, "a sealed copy");
  const auto id = EnvelopeId::from(sealed.substr(1, 32));
  const auto ephemeral = PublicKey::from(sealed.substr(33, 32));
  const BytesView nonce = sealed.substr(65, crypto::kNonceBytes);
  const auto commit = Digest::from(sealed.substr(65 + crypto::kNonceBytes, 32));
  WAYSIDE_TRY(const SecretBytes agreed, crypto::agree(office_seed, *ephemeral));
  const crypto::Committed key = key_of_copy(agreed, organisation, *id, *ephemeral, crypto::sign_public(office_seed));
  if (key.commit != *commit) return fail(Errc::no_key, "a sealed copy: for another office");
  WAYSIDE_TRY(const Bytes content,
              crypto::aead_open(key.key.view(), nonce, sealed.substr(0, kSealedCopyHeadBytes), sealed.substr(kSealedCopyHeadBytes)));
  WAYSIDE_TRY(Copied copied, read_copied(content));
  const auto parsed = parse_envelope(copied.envelope);
  const bool of_newer = !parsed && parsed.error().code == Errc::newer_format;   // an office keeps it unread
  if (!of_newer && (!parsed || parsed->id != *id)) return fail(Errc::corrupt, "a sealed copy: it holds another envelope than it names");
  return copied;
}

}  // namespace wayside::ledger
