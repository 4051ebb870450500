#include "core/crypto/crypto.h"

#include <sodium.h>

#include <cassert>
#include <cstring>

namespace wayside::crypto {
namespace {

/// Every hash begins with the length and the text of its domain.
void start(crypto_generichash_state& state, BytesView key, std::size_t out_bytes, std::string_view domain) {
  crypto_generichash_init(&state, key.empty() ? nullptr : as_uchar(key), key.size(), out_bytes);
  const auto length = static_cast<unsigned char>(domain.size());
  crypto_generichash_update(&state, &length, 1);
  crypto_generichash_update(&state, as_uchar(domain), domain.size());
}

void add(crypto_generichash_state& state, std::initializer_list<BytesView> parts) {
  for (const BytesView part : parts) crypto_generichash_update(&state, as_uchar(part), part.size());
}

}  // namespace

Key::~Key() { sodium_memzero(bytes_.data(), bytes_.size()); }

Key::Key(Key&& other) noexcept : bytes_(other.bytes_) { sodium_memzero(other.bytes_.data(), other.bytes_.size()); }

Key& Key::operator=(Key&& other) noexcept {
  if (this != &other) {
    bytes_ = other.bytes_;
    sodium_memzero(other.bytes_.data(), other.bytes_.size());
  }
  return *this;
}

Result<Key> Key::from(BytesView bytes) {
  if (bytes.size() != kKeyBytes) return fail(Errc::corrupt, "key length");
  Key key;
  std::memcpy(key.data(), bytes.data(), kKeyBytes);
  return key;
}

Key Key::random(platform::Random& random) {
  Key key;
  random.fill(key.bytes_);
  return key;
}

SecretBytes Key::to_secret() const {
  SecretBytes secret(kKeyBytes);
  std::memcpy(secret.data(), bytes_.data(), kKeyBytes);
  return secret;
}

Digest hash(std::string_view domain, std::initializer_list<BytesView> parts) { return keyed_hash({}, domain, parts); }

Digest keyed_hash(BytesView key, std::string_view domain, std::initializer_list<BytesView> parts) {
  crypto_generichash_state state;
  Digest digest;
  start(state, key, Digest::size_bytes, domain);
  add(state, parts);
  crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(digest.bytes.data()), Digest::size_bytes);
  sodium_memzero(&state, sizeof state);
  return digest;
}

Committed derive_committed(BytesView key, std::string_view domain, std::initializer_list<BytesView> parts) {
  crypto_generichash_state state;
  std::array<unsigned char, 64> out{};
  start(state, key, out.size(), domain);
  add(state, parts);
  crypto_generichash_final(&state, out.data(), out.size());
  Committed committed;
  std::memcpy(committed.key.data(), out.data(), kKeyBytes);
  std::memcpy(committed.commit.bytes.data(), out.data() + kKeyBytes, Digest::size_bytes);
  sodium_memzero(&state, sizeof state);
  sodium_memzero(out.data(), out.size());
  return committed;
}

Bytes pad(BytesView plaintext, std::size_t block) {
  Bytes out(plaintext.size() + block, '\0');
  plaintext.copy(out.data(), plaintext.size());
  std::size_t length = 0;
  const int done = sodium_pad(&length, reinterpret_cast<unsigned char*>(out.data()), plaintext.size(), block, out.size());
  assert(done == 0);
  (void)done;
  out.resize(length);
  return out;
}

std::optional<Bytes> unpad(BytesView padded, std::size_t block) {
  std::size_t length = 0;
  if (padded.empty() || padded.size() % block != 0 || sodium_unpad(&length, as_uchar(padded), padded.size(), block) != 0) return std::nullopt;
  return Bytes(padded.substr(0, length));
}

Bytes aead_seal(BytesView key, BytesView nonce, BytesView associated, BytesView plaintext) {
  assert(key.size() == kKeyBytes && nonce.size() == kNonceBytes);
  Bytes sealed(plaintext.size() + kTagBytes, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(as_uchar(sealed), nullptr, as_uchar(plaintext), plaintext.size(),
                                             as_uchar(associated), associated.size(), nullptr, as_uchar(nonce),
                                             as_uchar(key));
  return sealed;
}

namespace {
bool open_into(unsigned char* out, BytesView key, BytesView nonce, BytesView associated, BytesView sealed) {
  return key.size() == kKeyBytes && nonce.size() == kNonceBytes &&
         crypto_aead_xchacha20poly1305_ietf_decrypt(out, nullptr, nullptr, as_uchar(sealed), sealed.size(),
                                                    as_uchar(associated), associated.size(), as_uchar(nonce),
                                                    as_uchar(key)) == 0;
}
}  // namespace

Result<Bytes> aead_open(BytesView key, BytesView nonce, BytesView associated, BytesView sealed) {
  if (sealed.size() < kTagBytes) return fail(Errc::corrupt, "sealed bytes are truncated");
  Bytes plaintext(sealed.size() - kTagBytes, '\0');
  if (!open_into(as_uchar(plaintext), key, nonce, associated, sealed)) return fail(Errc::corrupt, "tag does not fit");
  return plaintext;
}

Result<SecretBytes> aead_open_secret(BytesView key, BytesView nonce, BytesView associated, BytesView sealed) {
  if (sealed.size() <= kTagBytes) return fail(Errc::corrupt, "sealed bytes are truncated");
  SecretBytes plaintext(sealed.size() - kTagBytes);
  if (!open_into(plaintext.data(), key, nonce, associated, sealed)) return fail(Errc::corrupt, "tag does not fit");
  return plaintext;
}

namespace {
/// libsodium's 64-byte form of a 32-byte seed.
SecretBytes expand(const SecretBytes& seed, PublicKey& public_key) {
  assert(seed.size() == crypto_sign_SEEDBYTES);
  SecretBytes expanded(crypto_sign_SECRETKEYBYTES);
  crypto_sign_seed_keypair(reinterpret_cast<unsigned char*>(public_key.bytes.data()), expanded.data(), seed.data());
  return expanded;
}
}  // namespace

PublicKey sign_public(const SecretBytes& seed) {
  PublicKey public_key;
  expand(seed, public_key);
  return public_key;
}

Signature sign(const SecretBytes& seed, BytesView message) { return Signer(seed).sign(message); }

Signer::Signer(const SecretBytes& seed) {
  PublicKey public_key;
  expanded_ = expand(seed, public_key);
}

Signature Signer::sign(BytesView message) const {
  Signature signature;
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.bytes.data()), nullptr, as_uchar(message),
                       message.size(), expanded_.data());
  return signature;
}

bool verify(const PublicKey& signer, BytesView message, const Signature& signature) {
  return crypto_sign_verify_detached(as_uchar(signature.view()), as_uchar(message), message.size(),
                                     as_uchar(signer.view())) == 0;
}

BoxPair new_box_pair(platform::Random& random) {
  BoxPair pair{{}, random_secret(random, crypto_box_SECRETKEYBYTES)};
  pair.public_key = box_public(pair.secret);
  return pair;
}

PublicKey box_public(const SecretBytes& secret) {
  PublicKey public_key;
  crypto_scalarmult_base(reinterpret_cast<unsigned char*>(public_key.bytes.data()), secret.data());
  return public_key;
}

Bytes seal_to(const PublicKey& reader, BytesView plaintext) {
  Bytes sealed(plaintext.size() + crypto_box_SEALBYTES, '\0');
  crypto_box_seal(as_uchar(sealed), as_uchar(plaintext), plaintext.size(), as_uchar(reader.view()));
  return sealed;
}

Result<SecretBytes> open_sealed(const PublicKey& reader, const SecretBytes& secret, BytesView sealed) {
  if (sealed.size() <= crypto_box_SEALBYTES) return fail(Errc::no_key, "sealed box is truncated");
  SecretBytes plaintext(sealed.size() - crypto_box_SEALBYTES);
  if (crypto_box_seal_open(plaintext.data(), as_uchar(sealed), sealed.size(), as_uchar(reader.view()),
                           secret.data()) != 0) {
    return fail(Errc::no_key, "sealed to another reader");
  }
  return plaintext;
}

Result<SecretBytes> agree(const SecretBytes& own_seed, const PublicKey& other) {
  PublicKey own_public, other_box;
  const SecretBytes expanded = expand(own_seed, own_public);
  SecretBytes secret(crypto_box_SECRETKEYBYTES), shared(crypto_box_BEFORENMBYTES);
  const bool agreed = crypto_sign_ed25519_sk_to_curve25519(secret.data(), expanded.data()) == 0 &&
                      crypto_sign_ed25519_pk_to_curve25519(reinterpret_cast<unsigned char*>(other_box.bytes.data()), as_uchar(other.view())) == 0 &&
                      crypto_box_beforenm(shared.data(), as_uchar(other_box.view()), secret.data()) == 0;
  if (!agreed) return fail(Errc::no_key, "not a public key");
  return shared;
}

SessionBox::SessionBox(platform::Random& random) : random_(random), ephemeral_(new_box_pair(random)) {}

namespace {
/// Forgets all agreements rather than growing without bound; they are made again as they are needed.
constexpr std::size_t kMaxAgreements = 256;

Result<const SecretBytes*> agree(std::map<PublicKey, SecretBytes>& agreed, const PublicKey& other, const SecretBytes& secret) {
  if (const auto known = agreed.find(other); known != agreed.end()) return &known->second;
  SecretBytes shared(crypto_box_BEFORENMBYTES);
  if (crypto_box_beforenm(shared.data(), as_uchar(other.view()), secret.data()) != 0) return fail(Errc::no_key, "not a public key");
  if (agreed.size() >= kMaxAgreements) agreed.clear();
  return &agreed.emplace(other, std::move(shared)).first->second;
}
}  // namespace

Bytes SessionBox::seal_to(const PublicKey& reader, BytesView plaintext) {
  const auto shared = agree(agreed_, reader, ephemeral_.secret);
  Bytes sealed = ephemeral_.public_key.str() + random_bytes(random_, crypto_box_NONCEBYTES);
  const std::size_t head = sealed.size();
  sealed.resize(head + plaintext.size() + crypto_box_MACBYTES);
  // A reader's key that is no key at all gets random bytes: nobody can open them, and nobody could have.
  if (!shared) return random_bytes(random_, sealed.size());
  unsigned char* out = as_uchar(sealed);
  crypto_box_easy_afternm(out + head, as_uchar(plaintext), plaintext.size(), out + PublicKey::size_bytes, (*shared)->data());
  return sealed;
}

Result<SecretBytes> SessionBoxReader::open(BytesView sealed) {
  if (sealed.size() <= kSessionBoxOverheadBytes) return fail(Errc::no_key, "session box is truncated");
  WAYSIDE_TRY(const SecretBytes* shared, agree(agreed_, *PublicKey::from(sealed.substr(0, PublicKey::size_bytes)), *secret_));
  SecretBytes plaintext(sealed.size() - kSessionBoxOverheadBytes);
  const BytesView nonce = sealed.substr(PublicKey::size_bytes, crypto_box_NONCEBYTES);
  const BytesView box = sealed.substr(PublicKey::size_bytes + crypto_box_NONCEBYTES);
  if (crypto_box_open_easy_afternm(plaintext.data(), as_uchar(box), box.size(), as_uchar(nonce), shared->data()) != 0) {
    return fail(Errc::no_key, "sealed to another reader");
  }
  return plaintext;
}

Result<SecretBytes> argon2id(const SecretString& passphrase, BytesView salt16, KdfCost cost) {
  if (salt16.size() != crypto_pwhash_argon2id_SALTBYTES) return fail(Errc::corrupt, "salt length");
  SecretBytes out(kKeyBytes);
  if (crypto_pwhash_argon2id(out.data(), out.size(), passphrase.view().data(), passphrase.size(), as_uchar(salt16),
                             cost.passes, cost.memory_bytes, crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0) {
    return fail(Errc::out_of_memory, "key derivation");
  }
  return out;
}

SecretBytes random_secret(platform::Random& random, std::size_t size) {
  SecretBytes secret(size);
  random.fill({secret.data(), size});
  return secret;
}

Bytes random_bytes(platform::Random& random, std::size_t size) {
  Bytes bytes(size, '\0');
  random.fill({as_uchar(bytes), size});
  return bytes;
}

}  // namespace wayside::crypto
