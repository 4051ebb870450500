#include "core/vault/unlocking.h"

#include <algorithm>

#include "core/base/value.h"
#include "core/vault/vault.h"

namespace wayside::vault {
namespace {

std::string device_secret_name(const DeviceId& vault) { return "device-" + to_hex(vault.view()); }

}  // namespace

Result<SecretBytes> load_device_secret(platform::Env& env, const DeviceId& vault) {
  auto secret = env.keys.load(device_secret_name(vault));
  if (!secret && secret.error().code == Errc::not_found) return fail(Errc::no_device_secret, "device secret");
  return secret;
}

Result<void> save_device_secret(platform::Env& env, const DeviceId& vault, const SecretBytes& secret) {
  return env.keys.save(device_secret_name(vault), secret);
}

const KeySlot* slot_of(const Header& header, SlotKind kind) {
  const auto found = std::ranges::find(header.slots, kind, &KeySlot::kind);
  return found == header.slots.end() ? nullptr : &*found;
}

Result<SecretBytes> store_key_of(const Header& header, const SecretString& passphrase, const SecretBytes& device_secret) {
  const KeySlot* slot = slot_of(header, SlotKind::passphrase);
  if (slot == nullptr) return fail(Errc::not_a_vault, "no key slot for a passphrase");
  return open_slot(*slot, passphrase, device_secret);
}

/// The new slot in place of those of its kind, in the file and then in memory.
Result<void> Vault::put_slot(const KeySlot& slot) {
  Header changed = header_;
  std::erase_if(changed.slots, [&](const KeySlot& each) { return each.kind == slot.kind; });
  changed.slots.push_back(slot);
  // The slot for the passphrase stands first, as in every header so far.
  std::ranges::stable_sort(changed.slots, {}, &KeySlot::kind);
  WAYSIDE_OK(write_header(env_, home_, changed));
  header_ = std::move(changed);
  return {};
}

Result<void> Vault::change_passphrase(const SecretString& old_passphrase, const SecretString& new_passphrase) {
  WAYSIDE_TRY(const SecretBytes device_secret, load_device_secret(env_, header_.vault));
  WAYSIDE_TRY(const SecretBytes store_key, store_key_of(header_, old_passphrase, device_secret));
  WAYSIDE_TRY(const KeySlot slot, make_slot(env_.random, new_passphrase, device_secret, store_key));
  return put_slot(slot);
}

}  // namespace wayside::vault
