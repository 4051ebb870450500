#include "core/vault/vault.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "core/base/value.h"
#include "core/ledger/store_schema.h"
#include "core/membership/names.h"
#include "core/vault/audit.h"
#include "core/vault/erasure.h"
#include "core/vault/lease.h"
#include "core/vault/pack_records.h"
#include "core/vault/twin.h"
#include "core/vault/unlocking.h"

namespace wayside::vault {
namespace {

constexpr std::string_view kStoreName = "store.db";
constexpr std::string_view kChainDomain = "wayside/vault-chain/1";
constexpr std::string_view kClockName = "clock";   // meta number, written when no envelope's row tells the time
constexpr std::string_view kIncarnationName = "incarnation";
constexpr std::string_view kAnchorDomain = "wayside/vault-anchor/1";

std::string epoch_secret_name(const TeamId& team, std::uint32_t number) {
  return "epoch-" + to_hex(team.view()) + "-" + std::to_string(number);
}

/// What each envelope's row keeps of the running totals once it is in: time 8 ‖ envelopes 8 ‖ chain 32. In a row of
/// their own they would cost each save a page more.
constexpr std::size_t kTotalsBytes = 8 + 8 + Digest::size_bytes;
Bytes encode_totals(HybridTime time, std::uint64_t envelopes, const Digest& chain) {
  Bytes out;
  for (const std::uint64_t number : {time, envelopes}) {
    for (int shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>(number >> shift));
  }
  return out.append(chain.view());
}

std::uint64_t get_u64(BytesView bytes) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return value;
}

/// In a function of its own, so that its statement ends before the store can.
Result<void> check_version(store::Database& database) {
  store::Query version = database.query("PRAGMA user_version");
  WAYSIDE_TRY(const bool row, version.next());
  if (!row || version.integer(0) > std::int64_t{ledger::kStoreSchemaVersion}) return fail(Errc::newer_format, "store");
  if (version.integer(0) != std::int64_t{ledger::kStoreSchemaVersion}) {
    return fail(Errc::not_a_vault, "its store was made by a build before the first release");
  }
  return {};
}

/// "epoch-" ‖ 32 hex ‖ "-" ‖ number
std::optional<std::pair<TeamId, std::uint32_t>> epoch_of_name(std::string_view name) {
  constexpr std::size_t kTeamAt = 6;
  constexpr std::size_t kNumberAt = kTeamAt + 32 + 1;
  if (name.size() <= kNumberAt || name[kNumberAt - 1] != '-') return std::nullopt;
  const auto team = TeamId::from(from_hex(name.substr(kTeamAt, 32)));
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data() + kNumberAt, name.data() + name.size(), number);
  if (!team || error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  return std::pair(*team, number);
}

}  // namespace

Vault::Vault(platform::Env& env, platform::Path home, std::unique_ptr<platform::File> lock,
             std::unique_ptr<store::Database> database, Header header)
    : env_(env), home_(std::move(home)), lock_(std::move(lock)), database_(std::move(database)), store_(*database_),
      header_(std::move(header)), session_box_(env.random), clock_(env.clock, 0) {
  session_.counted_up_to_ms = env_.clock.monotonic_ms();
}

Result<std::unique_ptr<Vault>> Vault::create(platform::Env& env, const platform::Path& home,
                                             const SecretString& passphrase, NewVault made) {
  if (!is_clean_utf8(made.label)) return fail(Errc::bad_input, "a label that is not text");
  WAYSIDE_OK(env.files.make_folders(home));
  WAYSIDE_TRY(auto lock, env.files.lock(home / kLockName));
  if (env.files.exists(home / "header")) return fail(Errc::already_exists, "a vault");
  // The header is written last: whatever a crash left before that opens with no key and is made anew.
  for (const char* suffix : {"", "-wal", "-journal"}) {
    WAYSIDE_OK(env.files.remove(home / (std::string(kStoreName) + suffix)));
  }
  const SecretBytes store_key = crypto::random_secret(env.random, crypto::kKeyBytes);
  const SecretBytes device_secret = crypto::random_secret(env.random, crypto::kKeyBytes);
  Header header{made.identity.device, made.label, {}, crypto::box_public(made.keys.draft_secret), std::nullopt, kStoreVersion};
  WAYSIDE_TRY(KeySlot slot, make_slot(env.random, passphrase, device_secret, store_key));
  header.slots.push_back(std::move(slot));

  WAYSIDE_TRY(auto database, store::Database::open(env, home / kStoreName, store::Database::Mode::create_new, store_key));
  WAYSIDE_OK(database->run_script("PRAGMA application_id = " + std::to_string(ledger::kApplicationId) +
                                  "; PRAGMA user_version = " + std::to_string(ledger::kStoreSchemaVersion) + ";"));
  WAYSIDE_OK(database->run_script(ledger::kStoreSchema));
  std::unique_ptr<Vault> vault(new Vault(env, home, std::move(lock), std::move(database), header));
  WAYSIDE_OK(vault->fill(std::move(made)));
  WAYSIDE_OK(vault->load());
  WAYSIDE_OK(save_device_secret(env, header.vault, device_secret));
  if (const auto written = write_header(env, home, header); !written) {
    // Its name may be there without being durable: then a second try would find a vault that nobody was given.
    (void)env.files.remove(home / "header");
    return std::unexpected(written.error());
  }
  vault->may_anchor_ = true;
  return vault;
}

Result<void> Vault::found(const std::vector<membership::SignedEntry>& entries) {
  membership::Log checked;
  for (const membership::SignedEntry& entry : entries) {
    WAYSIDE_OK(database_->run("INSERT INTO membership(number, entry) VALUES(?, ?)", checked.size(), entry.bytes));
    WAYSIDE_OK(checked.append(entry));
  }
  return {};
}

Result<void> Vault::fill(NewVault made) {
  WAYSIDE_TRY(auto transaction, store::Transaction::begin(*database_));
  WAYSIDE_OK(store_.set_meta(transaction, "organisation", made.identity.organisation.view()));
  WAYSIDE_OK(store_.set_meta(transaction, "user", made.identity.user.view()));
  WAYSIDE_OK(store_.set_meta(transaction, "device", made.identity.device.view()));
  WAYSIDE_OK(store_.set_meta(transaction, kIncarnationName, made.identity.incarnation.view()));
  if (made.office) {
    WAYSIDE_OK(store_.set_meta(transaction, "office_address", made.office->address));
    WAYSIDE_OK(store_.set_meta(transaction, "office_pin", made.office->tls_pin.view()));
  }
  if (made.ticket) WAYSIDE_OK(store_.set_meta(transaction, "ticket", made.ticket->view()));
  WAYSIDE_OK(put_secret("sign_seed", made.keys.sign_seed));
  WAYSIDE_OK(put_secret("box_secret", made.keys.box_secret));
  WAYSIDE_OK(put_secret("courier_seed", made.keys.courier_seed));
  WAYSIDE_OK(put_secret("member_key", made.keys.member_key));
  WAYSIDE_OK(put_secret("draft_secret", made.keys.draft_secret));
  if (made.root_seed) WAYSIDE_OK(put_secret("root_seed", *made.root_seed));
  if (made.recovery_secret) WAYSIDE_OK(put_secret("recovery_secret", *made.recovery_secret));
  WAYSIDE_OK(found(made.founding));
  for (const EpochSecret& epoch : made.keys.epochs) WAYSIDE_OK(put_secret(epoch_secret_name(epoch.team, epoch.number), epoch.secret));
  return std::move(transaction).commit();
}

Result<std::unique_ptr<Vault>> Vault::open(platform::Env& env, const platform::Path& home, const SecretString& passphrase) {
  WAYSIDE_TRY(Header header, read_header(env, home));
  WAYSIDE_TRY(auto lock, env.files.lock(home / kLockName));
  WAYSIDE_TRY(const SecretBytes device_secret, load_device_secret(env, header.vault));
  const auto store_key = store_key_of(header, passphrase, device_secret);
  if (!store_key && store_key.error().code == Errc::wrong_passphrase) note_refused(env, home);
  if (!store_key) return std::unexpected(store_key.error());
  return open_store(env, home, std::move(lock), std::move(header), *store_key);
}

Result<std::unique_ptr<Vault>> Vault::open_store(platform::Env& env, const platform::Path& home, std::unique_ptr<platform::File> lock,
                                                 Header header, const SecretBytes& store_key) {
  auto database = store::Database::open(env, home / kStoreName, store::Database::Mode::existing, store_key);
  if (!database) {
    return database.error().code == Errc::not_found ? fail(Errc::not_a_vault, "store.db is missing")
                                                    : Result<std::unique_ptr<Vault>>(std::unexpected(database.error()));
  }
  WAYSIDE_OK(check_version(**database));
  std::unique_ptr<Vault> vault(new Vault(env, home, std::move(lock), *std::move(database), std::move(header)));
  WAYSIDE_OK(vault->load());
  vault->settle_anchor();
  return vault;
}

/// A store older than its header goes on under a new name for its sequences, since the places in the old ones may be taken
/// by what it has lost. That this cannot be done now keeps nobody from working: the next opening tries again.
void Vault::settle_anchor() {
  const auto fits = check_anchor();
  may_anchor_ = fits.has_value();
  if (fits || fits.error().code != Errc::fork || !begin_incarnation(*this, Copy::put_back)) return;
  header_.anchor.reset();
  may_anchor_ = true;
  (void)anchor();
}

Vault::~Vault() {
  (void)count_open_time(*this, true);
  if (may_anchor_) (void)anchor();
}

Result<void> Vault::load() {
  const auto id = [this](std::string_view name) -> Result<Bytes> {
    WAYSIDE_TRY(auto value, store_.meta(name));
    if (!value) return fail(Errc::corrupt, "store: " + std::string(name));
    return *std::move(value);
  };
  WAYSIDE_TRY(const Bytes organisation, id("organisation"));
  WAYSIDE_TRY(const Bytes user, id("user"));
  WAYSIDE_TRY(const Bytes device, id("device"));
  WAYSIDE_TRY(const Bytes incarnation, id(kIncarnationName));
  WAYSIDE_TRY(const Bytes totals, store_.last_totals());
  WAYSIDE_TRY(const std::int64_t time, store_.meta_number(kClockName));
  if (organisation.size() != 16 || user.size() != 16 || device.size() != 16 || incarnation.size() != 16 ||
      (!totals.empty() && totals.size() != kTotalsBytes)) {
    return fail(Errc::corrupt, "store: identity");
  }
  identity_ = {*OrganisationId::from(organisation), *UserId::from(user), *DeviceId::from(device), *IncarnationId::from(incarnation)};
  clock_ = HybridClock(env_.clock, static_cast<HybridTime>(time));
  if (!totals.empty()) {
    clock_ = HybridClock(env_.clock, std::max(clock_.latest(), get_u64(totals)));
    envelopes_ = get_u64(BytesView(totals).substr(8));
    chain_ = *Digest::from(BytesView(totals).substr(16));
  }

  WAYSIDE_OK(load_keys());
  WAYSIDE_OK(load_membership());
  put_packs_in_force();
  WAYSIDE_TRY(const bool looked_at, looked_at_pack_records(*this));
  WAYSIDE_TRY(const auto to_erase, erasures_not_carried_out(*this));
  if (looked_at && to_erase.empty()) return {};
  WAYSIDE_TRY(auto writing, begin());
  if (!looked_at) WAYSIDE_OK(look_again_at_pack_records(*this, writing.transaction()));
  for (const LedgerId& each : to_erase) WAYSIDE_OK(erase_ledger(*this, writing.transaction(), each));
  return std::move(writing).commit();
}

void Vault::put_packs_in_force() {
  auto found = packs::in_force(log_, keys_.member_key.view());
  packs_ = std::move(found.listed);
  schema::make_current(std::move(found.schema));
}

Result<void> Vault::load_keys() {
  const auto take = [this](std::string_view name, SecretBytes& into) -> Result<void> {
    WAYSIDE_TRY(into, secret(name));
    return {};
  };
  WAYSIDE_OK(take("sign_seed", keys_.sign_seed));
  signer_.emplace(keys_.sign_seed);
  WAYSIDE_OK(take("box_secret", keys_.box_secret));
  WAYSIDE_OK(take("courier_seed", keys_.courier_seed));
  WAYSIDE_OK(take("member_key", keys_.member_key));
  WAYSIDE_OK(take("draft_secret", keys_.draft_secret));
  store::Query epochs = database_->query("SELECT name, value FROM secrets WHERE name LIKE 'epoch-%'");
  for (;;) {
    WAYSIDE_TRY(const bool row, epochs.next());
    if (!row) return {};
    const auto epoch = epoch_of_name(epochs.text(0));
    if (!epoch) return fail(Errc::corrupt, "store: epoch name");
    keys_.epochs.push_back({epoch->first, epoch->second, epochs.secret(1)});
  }
}

Result<void> Vault::load_membership() {
  store::Query entries = database_->query("SELECT entry FROM membership ORDER BY number");
  for (;;) {
    WAYSIDE_TRY(const bool row, entries.next());
    if (!row) return {};
    WAYSIDE_TRY(const auto entry, membership::parse_entry(entries.blob(0)));
    WAYSIDE_OK(log_.append(entry));
  }
}

Result<SecretBytes> Vault::secret(std::string_view name) {
  store::Query query = database_->query("SELECT value FROM secrets WHERE name = ?", store::SqlText{name});
  WAYSIDE_TRY(const bool found, query.next());
  if (!found) return fail(Errc::not_found, "secret");
  return query.secret(0);
}

Result<void> Vault::put_secret(std::string_view name, const SecretBytes& secret) {
  return database_->run("INSERT INTO secrets(name, value) VALUES(?, ?)", store::SqlText{name}, secret);
}

Result<std::optional<OfficePlace>> Vault::office() {
  // The newest place that the membership log names wins over the one of the ticket.
  if (const auto& named = log_.office()) return OfficePlace{named->address, named->tls_pin};
  WAYSIDE_TRY(const auto address, store_.meta("office_address"));
  WAYSIDE_TRY(const auto pin, store_.meta("office_pin"));
  if (!address || !pin) return std::nullopt;
  return OfficePlace{*address, Digest::from(*pin).value_or(Digest{})};
}

// ---- Names ----

membership::Role Vault::role() const {
  return log_.size() == 0 ? membership::Role::none : log_.role_at(identity_.user, log_.size() - 1);
}

std::string Vault::open_name(BytesView sealed, BytesView id) const {
  const auto name = membership::open_name(keys_.member_key.view(), sealed);
  return name ? *name : to_hex(id.substr(0, 4));
}

std::string Vault::user_name(const UserId& user) const {
  const auto found = log_.users().find(user);
  return found == log_.users().end() ? to_hex(user.view().substr(0, 4)) : open_name(found->second.sealed_name, user.view());
}

std::string Vault::device_name(const DeviceId& device) const {
  const membership::DeviceInfo* info = log_.device(device);
  return info == nullptr ? to_hex(device.view().substr(0, 4)) : open_name(info->entry.sealed_name, device.view());
}

std::string Vault::team_name(const TeamId& team) const {
  const auto found = log_.teams().find(team);
  return found == log_.teams().end() ? to_hex(team.view().substr(0, 4)) : open_name(found->second.entry.sealed_name, team.view());
}

Result<void> Vault::add_epoch_secret(EpochSecret epoch) {
  if (epoch_secret(epoch.team, epoch.number) != nullptr) return {};
  WAYSIDE_OK(put_secret(epoch_secret_name(epoch.team, epoch.number), epoch.secret));
  keys_.epochs.push_back(std::move(epoch));
  return {};
}

const SecretBytes* Vault::epoch_secret(const TeamId& team, std::uint32_t number) const {
  for (const EpochSecret& epoch : keys_.epochs) {
    if (epoch.team == team && epoch.number == number) return &epoch.secret;
  }
  return nullptr;
}

Result<SecretBytes> Vault::open_grant(const membership::Grant& grant) {
  const SecretBytes* secret = nullptr;
  if (grant.reader_kind == membership::ReaderKind::team_epoch) {
    const auto team = TeamId::from(grant.reader);
    secret = team ? epoch_secret(*team, grant.epoch) : nullptr;
  } else if (grant.reader_kind == membership::ReaderKind::device && grant.reader == identity_.device.view()) {
    secret = &keys_.box_secret;
  } else if (grant.reader_kind == membership::ReaderKind::recovery && grant.reader == identity_.organisation.view()) {
    secret = recovery_secret_.empty() ? nullptr : &recovery_secret_;
  }
  if (secret == nullptr) return fail(Errc::no_key, "granted to another reader");
  return box_readers_.try_emplace(secret, *secret).first->second.open(grant.wrap);
}

Result<void> Vault::hold_recovery_secret(SecretBytes secret) {
  if (!log_.found() || secret.size() != crypto::kKeyBytes || crypto::box_public(secret) != log_.found()->recovery_public) {
    return fail(Errc::bad_input, "these recovery pages are of another organisation");
  }
  recovery_secret_ = std::move(secret);
  box_readers_.erase(&recovery_secret_);
  return {};
}

// ---- Writing ----

Vault::Writing::Writing(Vault& vault, store::Transaction transaction)
    : vault_(&vault), transaction_(std::move(transaction)), time_before_(vault.clock_.latest()),
      time_stored_(time_before_), count_before_(vault.envelopes_), chain_before_(vault.chain_),
      incarnation_before_(vault.identity_.incarnation), epochs_before_(vault.keys_.epochs.size()) {}

Vault::Writing::Writing(Writing&& other) noexcept
    : vault_(std::exchange(other.vault_, nullptr)), transaction_(std::move(other.transaction_)),
      time_before_(other.time_before_), time_stored_(other.time_stored_), count_before_(other.count_before_), chain_before_(other.chain_before_),
      incarnation_before_(other.incarnation_before_), epochs_before_(other.epochs_before_), log_before_(std::move(other.log_before_)),
      forgotten_(std::move(other.forgotten_)), committed_(other.committed_) {}

Result<Vault::Writing> Vault::begin() {
  WAYSIDE_TRY(auto transaction, store::Transaction::begin(*database_));
  return Writing(*this, std::move(transaction));
}

Vault::Writing::~Writing() {
  if (vault_ == nullptr || committed_) return;
  vault_->clock_ = HybridClock(vault_->env_.clock, time_before_);
  vault_->field_keys_.clear();   // one of them may have been made in this transaction
  vault_->shares_.reset();
  vault_->circles_.reset();
  vault_->envelopes_ = count_before_;
  vault_->chain_ = chain_before_;
  vault_->identity_.incarnation = incarnation_before_;
  while (vault_->keys_.epochs.size() > epochs_before_) {
    vault_->box_readers_.erase(&vault_->keys_.epochs.back().secret);
    vault_->keys_.epochs.pop_back();
  }
  for (EpochSecret& each : forgotten_) vault_->keys_.epochs.push_back(std::move(each));
  if (!log_before_) return;
  const bool packs_change = log_before_->packs().size() != vault_->log_.packs().size();
  vault_->log_ = *std::move(log_before_);
  if (packs_change) vault_->put_packs_in_force();
}

Result<void> Vault::Writing::append_membership(const membership::SignedEntry& entry) {
  if (!log_before_) log_before_ = vault_->log_;
  const std::uint64_t number = vault_->log_.size();
  WAYSIDE_OK(vault_->log_.append(entry));
  WAYSIDE_OK(vault_->database_->run("INSERT INTO membership(number, entry) VALUES(?, ?)", number, entry.bytes));
  if (const auto* erase = std::get_if<membership::Erase>(&entry.entry.kind)) return erase_ledger(*vault_, transaction_, erase->ledger);
  if (!std::holds_alternative<membership::Pack>(entry.entry.kind)) return {};
  vault_->put_packs_in_force();
  return look_again_at_pack_records(*vault_, transaction_);
}

Result<void> Vault::Writing::cut_membership(std::uint64_t number) {
  if (!log_before_) log_before_ = vault_->log_;
  membership::Log shorter;
  {
    store::Query entries = vault_->database_->query("SELECT entry FROM membership WHERE number < ? ORDER BY number", number);
    for (;;) {
      WAYSIDE_TRY(const bool row, entries.next());
      if (!row) break;
      WAYSIDE_TRY(const auto entry, membership::parse_entry(entries.blob(0)));
      WAYSIDE_OK(shorter.append(entry));
    }
  }
  WAYSIDE_OK(vault_->database_->run("DELETE FROM membership WHERE number >= ?", number));
  auto& epochs = vault_->keys_.epochs;
  for (auto each = epochs.begin(); each != epochs.end();) {
    const auto team = shorter.teams().find(each->team);
    const bool stays = team != shorter.teams().end() &&
                       std::ranges::any_of(team->second.epochs, [&](const membership::Epoch& epoch) { return epoch.number == each->number; });
    if (stays) {
      ++each;
      continue;
    }
    WAYSIDE_OK(vault_->database_->run("DELETE FROM secrets WHERE name = ?", store::SqlText{epoch_secret_name(each->team, each->number)}));
    vault_->box_readers_.erase(&each->secret);
    forgotten_.push_back(std::move(*each));
    each = epochs.erase(each);
    --epochs_before_;
  }
  vault_->box_readers_.clear();   // they are found by where a secret stands
  vault_->log_ = std::move(shorter);
  vault_->put_packs_in_force();
  return look_again_at_pack_records(*vault_, transaction_);
}

Bytes Vault::Writing::totals_with(const EnvelopeId& id) {
  vault_->chain_ = next_chain(vault_->chain_, id);
  ++vault_->envelopes_;
  time_stored_ = vault_->clock_.latest();
  return encode_totals(time_stored_, vault_->envelopes_, vault_->chain_);
}

Result<void> Vault::Writing::take_incarnation(const IncarnationId& next) {
  WAYSIDE_OK(vault_->store_.set_meta(transaction_, kIncarnationName, next.view()));
  vault_->identity_.incarnation = next;
  return {};
}

Result<void> Vault::Writing::commit() && {
  if (const HybridTime latest = vault_->clock_.latest(); latest != time_stored_) {
    WAYSIDE_OK(vault_->store_.set_meta_number(transaction_, kClockName, static_cast<std::int64_t>(latest)));
  }
  WAYSIDE_OK(std::move(transaction_).commit());
  committed_ = true;
  return {};
}

// ---- Anchor ----

Digest Vault::next_chain(const Digest& chain, const EnvelopeId& id) {
  return crypto::hash(kChainDomain, {chain.view(), id.view()});
}

Digest Vault::anchor_mac(std::uint64_t envelopes, const Digest& chain) const {
  const Bytes count = std::to_string(envelopes);
  return crypto::keyed_hash(keys_.draft_secret.view(), kAnchorDomain, {chain.view(), count});
}

Result<void> Vault::anchor() {
  if (!may_anchor_) settle_anchor();   // a disk that failed for a moment on opening may do now
  if (!may_anchor_) return fail(Errc::corrupt, "the store is not the one that the header has seen");
  if (header_.anchor && header_.anchor->envelopes == envelopes_) return {};
  // The file may hold a newer passphrase slot than memory only through put_slot, which keeps both in step.
  header_.anchor = Anchor{envelopes_, chain_, anchor_mac(envelopes_, chain_)};
  return write_header(env_, home_, header_);
}

Result<Digest> Vault::chain_after(std::uint64_t envelopes) const {
  if (envelopes == envelopes_) return chain_;
  Digest chain;
  store::Query ids = database_->query("SELECT id FROM envelopes ORDER BY n LIMIT ?", envelopes);
  for (;;) {
    WAYSIDE_TRY(const bool row, ids.next());
    if (!row) return chain;
    chain = next_chain(chain, ids.id<EnvelopeId>(0));
  }
}

Result<void> Vault::check_anchor() const {
  if (!header_.anchor) return {};
  if (header_.anchor->mac != anchor_mac(header_.anchor->envelopes, header_.anchor->chain)) {
    return fail(Errc::corrupt, "the header's anchor was not written by this vault");
  }
  if (envelopes_ < header_.anchor->envelopes) return fail(Errc::fork, "the store is older than its header: a copy was put back");
  WAYSIDE_TRY(const Digest chain, chain_after(header_.anchor->envelopes));
  if (chain != header_.anchor->chain) {
    return fail(Errc::fork, "the store's chain is not the one that was anchored");
  }
  return {};
}

}  // namespace wayside::vault
