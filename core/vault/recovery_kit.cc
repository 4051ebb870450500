#include "core/vault/recovery_kit.h"

#include "core/vault/audit.h"
#include "core/vault/formats.pb.h"
#include "core/vault/unlocking.h"

namespace wayside::vault {
namespace {

constexpr std::string_view kLogName = "recovery_log";
constexpr int kMostEvents = 200;

Result<pb::RecoveryLog> read_log(Vault& vault) {
  WAYSIDE_TRY(const auto bytes, vault.store().meta(kLogName));
  pb::RecoveryLog log;
  if (bytes && !log.ParseFromString(*bytes)) return fail(Errc::corrupt, "store: recovery log");
  return log;
}

Result<void> record(Vault& vault, pb::RecoveryLog::Event::What what, const Bytes& slot) {
  WAYSIDE_TRY(pb::RecoveryLog log, read_log(vault));
  if (const int over = log.events_size() + 1 - kMostEvents; over > 0) log.mutable_events()->DeleteSubrange(0, over);
  pb::RecoveryLog::Event& event = *log.add_events();
  event.set_what(what);
  event.set_slot(slot);
  event.set_time_ms(vault.env().clock.wall_ms());
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault.store().set_meta(writing.transaction(), kLogName, log.SerializeAsString()));
  return std::move(writing).commit();
}

decltype(recovery::Kit::slot) mark_of(const KeySlot& slot) {
  return *decltype(recovery::Kit::slot)::from(slot.slot.view().substr(0, decltype(recovery::Kit::slot)::size_bytes));
}

Result<SecretBytes> store_key_of(const Header& header, const recovery::Kit& kit) {
  const KeySlot* slot = slot_of(header, SlotKind::recovery);
  if (slot == nullptr) return fail(Errc::bad_input, "no kit was made for this vault");
  if (mark_of(*slot) != kit.slot)
    return fail(Errc::bad_input, "this kit is of another vault, or a newer one has replaced it");
  auto key = open_recovery_slot(*slot, kit.code);
  if (!key && key.error().code == Errc::wrong_passphrase) return fail(Errc::bad_input, "this kit is of another vault");
  return key;
}

}  // namespace

Result<void> Vault::make_kit(const SecretString& passphrase,
                             const std::function<Result<void>(const recovery::Kit&)>& hand_over) {
  WAYSIDE_TRY(const SecretBytes device_secret, load_device_secret(env_, header_.vault));
  WAYSIDE_TRY(const SecretBytes store_key, vault::store_key_of(header_, passphrase, device_secret));
  recovery::Kit kit{{}, crypto::random_secret(env_.random, recovery::kCodeBytes)};
  WAYSIDE_TRY(const KeySlot slot, make_recovery_slot(env_.random, kit.code, store_key));
  kit.slot = mark_of(slot);
  WAYSIDE_OK(hand_over(kit));
  WAYSIDE_OK(record(*this, pb::RecoveryLog::Event::kit_made, slot.slot.str()));
  return put_slot(slot);
}

Result<std::unique_ptr<Vault>> Vault::recover(platform::Env& env, const platform::Path& home, const recovery::Kit& kit,
                                              const SecretString& new_passphrase) {
  WAYSIDE_TRY(const Header header, read_header(env, home));
  WAYSIDE_TRY(auto lock, env.files.lock(home / kLockName));
  WAYSIDE_TRY(const SecretBytes store_key, store_key_of(header, kit));
  WAYSIDE_TRY(auto vault, open_store(env, home, std::move(lock), header, store_key));
  WAYSIDE_OK(record(*vault, pb::RecoveryLog::Event::kit_used, slot_of(header, SlotKind::recovery)->slot.str()));
  WAYSIDE_OK(note(*vault, {.what = AuditWhat::kit_used}));

  // A secret that is there stays: were it replaced before the header is written, a crash between the two would leave a
  // vault that opens with the kit alone.
  auto device_secret = load_device_secret(env, header.vault);
  if (!device_secret && device_secret.error().code != Errc::no_device_secret)
    return std::unexpected(device_secret.error());
  if (!device_secret || device_secret->size() != crypto::kKeyBytes) {
    device_secret = crypto::random_secret(env.random, crypto::kKeyBytes);
    WAYSIDE_OK(save_device_secret(env, header.vault, *device_secret));
  }
  WAYSIDE_TRY(const KeySlot slot, make_slot(env.random, new_passphrase, *device_secret, store_key));
  WAYSIDE_OK(vault->put_slot(slot));
  return vault;
}

Result<void> record_pages_used(Vault& vault) {
  WAYSIDE_OK(record(vault, pb::RecoveryLog::Event::pages_used, {}));
  return note(vault, {.what = AuditWhat::pages_used});
}

Result<KitStanding> kit_standing(Vault& vault) {
  KitStanding out;
  const KeySlot* slot = slot_of(vault.header(), SlotKind::recovery);
  out.there = slot != nullptr;
  WAYSIDE_TRY(const pb::RecoveryLog log, read_log(vault));
  for (const pb::RecoveryLog::Event& event : log.events()) {
    const bool newest = slot != nullptr && event.slot() == slot->slot.view();
    if (event.what() == pb::RecoveryLog::Event::kit_made && newest) out.made_ms = event.time_ms();
    if (event.what() == pb::RecoveryLog::Event::kit_used) out.uses.push_back({event.time_ms(), newest});
    if (event.what() == pb::RecoveryLog::Event::pages_used) out.pages_used_ms.push_back(event.time_ms());
  }
  return out;
}

}  // namespace wayside::vault
