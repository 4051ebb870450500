#include "core/vault/header.h"

#include "core/vault/formats.pb.h"
#include "core/vault/kdf_policy.h"
#include "platform/atomic_file.h"

namespace wayside::vault {
namespace {

constexpr std::string_view kMagic{"WSVAULT\0", 8};
constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kFileName = "header";
constexpr std::string_view kChecksumDomain = "wayside/vault-header/1";
constexpr std::string_view kSlotDomain = "wayside/key-slot/1";
constexpr std::string_view kRecoveryDomain = "wayside/recovery-slot/1";
constexpr std::size_t kMaxHeaderBytes = 64 << 10;

pb::KeySlot to_message(const KeySlot& slot) {
  pb::KeySlot out;
  out.set_kind(static_cast<pb::KeySlot::Kind>(slot.kind));
  out.set_suite(1);
  out.set_salt(slot.salt);
  out.set_memory_bytes(slot.cost.memory_bytes);
  out.set_passes(slot.cost.passes);
  out.set_nonce(slot.nonce);
  out.set_wrap(slot.wrap);
  out.set_commit(slot.commit.str());
  out.set_slot(slot.slot.str());
  return out;
}

Result<KeySlot> from_message(const pb::KeySlot& in) {
  const auto commit = Digest::from(in.commit());
  const auto name = decltype(KeySlot::slot)::from(in.slot());
  if (in.suite() != 1) return fail(Errc::newer_format, "key slot suite");
  if (!commit || !name || in.salt().size() != 16 || in.nonce().size() != crypto::kNonceBytes) {
    return fail(Errc::not_a_vault, "key slot");
  }
  return KeySlot{static_cast<SlotKind>(in.kind()), in.salt(), {in.memory_bytes(), in.passes()}, in.nonce(), in.wrap(),
                 *commit, *name};
}

/// What the wrap is bound to: version and every parameter, so that nobody can weaken them unseen.
Bytes associated(const KeySlot& slot) {
  pb::KeySlot bound = to_message(slot);
  bound.clear_wrap();
  bound.clear_commit();
  return Bytes(1, static_cast<char>(kVersion)) + bound.SerializeAsString();
}

Result<SecretBytes> stretched(const KeySlot& slot, const SecretString& typed) {
  const KdfPolicy& policy = kdf_policy();
  if (slot.cost.memory_bytes < policy.floor.memory_bytes || slot.cost.passes < policy.floor.passes ||
      slot.cost.memory_bytes > policy.ceiling.memory_bytes || slot.cost.passes > policy.ceiling.passes) {
    return fail(Errc::weak_parameters, "key derivation");
  }
  return crypto::argon2id(typed, slot.salt, slot.cost);
}

Result<crypto::Committed> wrapping_key(const KeySlot& slot, const SecretString& passphrase, const SecretBytes& device_secret) {
  WAYSIDE_TRY(const SecretBytes key, stretched(slot, passphrase));
  return crypto::derive_committed(device_secret.view(), kSlotDomain, {key.view(), associated(slot)});
}

Result<crypto::Committed> wrapping_key_of_code(const KeySlot& slot, const SecretBytes& code) {
  SecretString typed;
  if (!typed.append(code.view())) return fail(Errc::bad_input, "recovery code");
  WAYSIDE_TRY(const SecretBytes key, stretched(slot, typed));
  return crypto::derive_committed(key.view(), kRecoveryDomain, {associated(slot)});
}

KeySlot new_slot(platform::Random& random, SlotKind kind) {
  return {kind,
          crypto::random_bytes(random, 16),
          kdf_policy().usual,
          crypto::random_bytes(random, crypto::kNonceBytes),
          {},
          {},
          decltype(KeySlot::slot)::random(random)};
}

KeySlot wrapped(KeySlot slot, const crypto::Committed& key, const SecretBytes& store_key) {
  slot.commit = key.commit;
  slot.wrap = crypto::aead_seal(key.key.view(), slot.nonce, associated(slot), store_key.view());
  return slot;
}

Result<SecretBytes> unwrapped(const KeySlot& slot, const crypto::Committed& key) {
  if (key.commit != slot.commit) return fail(Errc::wrong_passphrase);
  return crypto::aead_open_secret(key.key.view(), slot.nonce, associated(slot), slot.wrap);
}

void put_u32(Bytes& out, std::size_t value) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(value >> shift));
}

}  // namespace

Bytes encode(const Header& header) {
  pb::VaultHeader message;
  message.set_vault(header.vault.str());
  message.set_label(header.label);
  for (const KeySlot& slot : header.slots) *message.add_slots() = to_message(slot);
  message.set_draft_public(header.draft_public.str());
  if (header.anchor) {
    message.mutable_anchor()->set_envelopes(header.anchor->envelopes);
    message.mutable_anchor()->set_heads(header.anchor->chain.str());
    message.mutable_anchor()->set_mac(header.anchor->mac.str());
  }
  message.set_store_version(header.store_version);
  const Bytes body = message.SerializeAsString();
  Bytes out(kMagic);
  out.push_back(static_cast<char>(kVersion));
  put_u32(out, body.size());
  out.append(body);
  out.append(crypto::hash(kChecksumDomain, {out}).view());
  return out;
}

Result<Header> decode_header(BytesView bytes) {
  constexpr std::size_t kFrame = kMagic.size() + 1 + 4;
  if (bytes.size() < kFrame + Digest::size_bytes || !bytes.starts_with(kMagic)) return fail(Errc::not_a_vault, "header");
  if (static_cast<std::uint8_t>(bytes[kMagic.size()]) != kVersion) return fail(Errc::newer_format, "vault header");
  const BytesView checked = bytes.substr(0, bytes.size() - Digest::size_bytes);
  if (crypto::hash(kChecksumDomain, {checked}).view() != bytes.substr(checked.size())) {
    return fail(Errc::not_a_vault, "header checksum");
  }
  const BytesView body = checked.substr(kFrame);
  pb::VaultHeader message;
  if (!message.ParseFromArray(body.data(), static_cast<int>(body.size()))) return fail(Errc::not_a_vault, "header");
  if (message.store_version() > kStoreVersion) return fail(Errc::newer_format, "store version");
  const auto vault = DeviceId::from(message.vault());
  const auto draft_public = PublicKey::from(message.draft_public());
  if (!vault || !draft_public) return fail(Errc::not_a_vault, "header id");
  Header out{*vault, message.label(), {}, *draft_public, std::nullopt, message.store_version()};
  for (const pb::KeySlot& each : message.slots()) {
    WAYSIDE_TRY(KeySlot slot, from_message(each));
    out.slots.push_back(std::move(slot));
  }
  if (message.has_anchor()) {
    const auto chain = Digest::from(message.anchor().heads());
    const auto mac = Digest::from(message.anchor().mac());
    if (!chain || !mac) return fail(Errc::not_a_vault, "header anchor");
    out.anchor = Anchor{message.anchor().envelopes(), *chain, *mac};
  }
  return out;
}

Result<Header> read_header(platform::Env& env, const platform::Path& home) {
  auto bytes = platform::read_all(env.files, home / kFileName, kMaxHeaderBytes);
  if (!bytes) {
    return bytes.error().code == Errc::not_found ? fail(Errc::not_a_vault, "there is no header")
                                                 : Result<Header>(std::unexpected(bytes.error()));
  }
  return decode_header(*bytes);
}

Result<void> write_header(platform::Env& env, const platform::Path& home, const Header& header) {
  return platform::write_atomically(env.files, home / kFileName, encode(header));
}

Result<KeySlot> make_slot(platform::Random& random, const SecretString& passphrase, const SecretBytes& device_secret,
                          const SecretBytes& store_key) {
  KeySlot slot = new_slot(random, SlotKind::passphrase);
  WAYSIDE_TRY(const crypto::Committed key, wrapping_key(slot, passphrase, device_secret));
  return wrapped(std::move(slot), key, store_key);
}

Result<SecretBytes> open_slot(const KeySlot& slot, const SecretString& passphrase, const SecretBytes& device_secret) {
  WAYSIDE_TRY(const crypto::Committed key, wrapping_key(slot, passphrase, device_secret));
  return unwrapped(slot, key);
}

Result<KeySlot> make_recovery_slot(platform::Random& random, const SecretBytes& code, const SecretBytes& store_key) {
  KeySlot slot = new_slot(random, SlotKind::recovery);
  WAYSIDE_TRY(const crypto::Committed key, wrapping_key_of_code(slot, code));
  return wrapped(std::move(slot), key, store_key);
}

Result<SecretBytes> open_recovery_slot(const KeySlot& slot, const SecretBytes& code) {
  WAYSIDE_TRY(const crypto::Committed key, wrapping_key_of_code(slot, code));
  return unwrapped(slot, key);
}

}  // namespace wayside::vault
