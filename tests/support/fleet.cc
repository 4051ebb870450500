#include "tests/support/fleet.h"

#include <algorithm>

#include "core/crypto/crypto.h"
#include "core/membership/names.h"
#include "core/membership/ticket.h"
#include "core/vault/pins.h"
#include "core/vault/solo.h"
#include "core/vault/verify.h"
#include "core/vault/writing_key.h"

namespace wayside::support {

using membership::SignerKind;
using vault::Parcel;

/// Two months before the clocks of the devices: here the root signs what an administrator would, and whoever opens a vault
/// is told for 30 days that the root's pages were used.
constexpr std::int64_t kSigned_ms = 1'745'000'000'000;

SecretString typed(std::string_view text) {
  SecretString out;
  if (!out.append(text)) throw std::logic_error("a passphrase that does not fit");
  return out;
}

Fleet::Fleet(std::uint64_t seed) : seed_(seed), world_(seed * 1'000'003) {
  need(schema::load_builtin());
  organisation_ = OrganisationId::random(world_.random);
  root_seed_ = crypto::random_secret(world_.random, crypto::kKeyBytes);
  member_key_ = crypto::random_secret(world_.random, crypto::kKeyBytes);
  const crypto::BoxPair recovery = crypto::new_box_pair(world_.random);
  append(membership::Found{crypto::sign_public(root_seed_), recovery.public_key, LedgerId::random(world_.random),
                           need(membership::seal_name(member_key_.view(), "Mill Lane Project", world_.random))});
  main_team_ = add_team("main");
}

TeamId Fleet::add_team(std::string_view name) {
  const TeamId team = TeamId::random(world_.random);
  crypto::BoxPair epoch = crypto::new_box_pair(world_.random);
  append(membership::Team{team, need(membership::seal_name(member_key_.view(), name, world_.random)), LedgerId::random(world_.random)});
  append(membership::Epoch{team, 1, epoch.public_key, {}, {}, {}});
  epochs_.emplace(team, Secret{1, std::move(epoch.secret)});
  return team;
}

void Fleet::renew_epoch(const TeamId& team, const std::vector<DeviceId>& without) {
  Secret& held = epochs_.at(team);
  crypto::BoxPair pair = crypto::new_box_pair(world_.random);
  membership::Epoch epoch{team, held.number + 1, pair.public_key, {}, crypto::seal_to(pair.public_key, held.secret.view()), {}};
  for (const DeviceId& device : vault::devices_of_team(log_, team)) {
    if (std::find(without.begin(), without.end(), device) != without.end()) continue;
    epoch.wraps.push_back({device, crypto::seal_to(log_.device(device)->entry.box_public, pair.secret.view())});
  }
  append(std::move(epoch));
  held = {held.number + 1, std::move(pair.secret)};
}

void Fleet::remove(Device& device, Device& witness) {
  const DeviceId id = device->identity().device;
  for (const TeamId& team : log_.teams_of(device->identity().user)) renew_epoch(team, {id});
  const auto pin = membership::encode_pin(need(vault::last_accepted(*witness, {id})));
  for (const Bytes& piece : pin) append(membership::Removal{id, std::nullopt, {}, piece});
}

Device& Fleet::add(std::string name, membership::Role role, std::vector<TeamId> teams, std::optional<UserId> user, bool hold_back) {
  if (teams.empty()) teams.push_back(main_team_);
  auto made = std::make_unique<Device>();
  made->name = name;
  made->world = std::make_unique<FakeEnv>(seed_ * 1'000 + devices_.size() + 2);
  made->home = "/" + name;
  FakeRandom& random = made->world->random;

  const SecretBytes ticket_seed = crypto::random_secret(random, crypto::kKeyBytes);
  const TicketId ticket = TicketId::random(random);
  const UserId who = user.value_or(UserId::random(random));
  append(membership::TicketEntry{ticket, crypto::sign_public(ticket_seed), who,
                                 need(membership::seal_name(member_key_.view(), name, random)), role, teams,
                                 world_.clock.wall_ms() + 7 * 86'400'000});

  vault::NewVault fresh;
  fresh.identity = {organisation_, who, DeviceId::random(random), IncarnationId::random(random)};
  fresh.keys = vault::make_device_keys(random, member_key_.clone());
  for (const TeamId& team : teams) fresh.keys.epochs.push_back({team, epochs_.at(team).number, epochs_.at(team).secret.clone()});
  fresh.label = name;
  fresh.ticket = ticket;
  auto entry = need(vault::device_entry(fresh.identity, fresh.keys, ticket, name, random));
  append(sign(std::move(entry), SignerKind::ticket, ticket.str(), ticket_seed));

  platform::Env env = made->world->env();
  made->vault = need(vault::Vault::create(env, made->home, typed(kPassphrase), std::move(fresh)));
  devices_.push_back(std::move(made));
  if (hold_back) share_membership(*devices_.back());
  else share_membership();
  return *devices_.back();
}

Device& Fleet::device(std::string_view name) {
  for (const auto& each : devices_) {
    if (each->name == name) return *each;
  }
  throw std::logic_error("no device " + std::string(name));
}

void Fleet::reopen(Device& device) {
  device.vault.reset();
  platform::Env env = env_of(device);
  device.vault = need(vault::Vault::open(env, device.home, typed(kPassphrase)));
}

// ---- Membership ----

membership::SignedEntry Fleet::sign(membership::EntryKind kind, SignerKind signer, Bytes name, const SecretBytes& seed) const {
  return membership::sign_entry({organisation_, log_.size(), log_.head(), kSigned_ms, signer, std::move(name), std::move(kind)}, seed);
}

membership::SignedEntry Fleet::append(membership::EntryKind kind) {
  membership::SignedEntry entry = sign(std::move(kind), SignerKind::root, {}, root_seed_);
  append(entry);
  return entry;
}

void Fleet::append(const membership::SignedEntry& entry) {
  need(log_.append(entry));
  entries_.push_back(entry.bytes);
}

void Fleet::share_membership() {
  for (const auto& each : devices_) share_membership(*each);
}

void Fleet::share_membership(Device& device) {
  auto writing = need(device->begin());
  vault::Ingest ingest(*device, writing);
  need(ingest.membership(entries_));
  need(std::move(writing).commit());
}

// ---- Parcels ----

namespace {

std::vector<Parcel> parcels_after(Device& device, std::uint64_t after, bool own_only, std::uint64_t& last) {
  ledger::LedgerStore& store = device->store();
  std::vector<std::pair<std::int64_t, Bytes>> rows;
  {
    store::Query query = store.database().query("SELECT n, sealed FROM envelopes WHERE n > ? AND sealed != x'' ORDER BY n", after);
    while (need(query.next())) rows.push_back({query.integer(0), Bytes(query.blob(1))});
  }
  std::vector<Parcel> out;
  for (auto& [n, sealed] : rows) {
    last = static_cast<std::uint64_t>(n);
    if (own_only && need(ledger::parse_envelope(sealed)).header.device != device->identity().device) continue;
    out.push_back({std::move(sealed), need(store.grants_of_envelope(n))});
  }
  return out;
}

}  // namespace

std::vector<Parcel> Fleet::all_of(Device& device) {
  std::uint64_t last = 0;
  return parcels_after(device, 0, false, last);
}

std::vector<Parcel> Fleet::news(Device& device) { return parcels_after(device, device.handed_over, true, device.handed_over); }

vault::Ingested Fleet::give(Device& to, const std::vector<Parcel>& parcels) {
  auto writing = need(to->begin());
  vault::Ingest ingest(*to, writing);
  for (const Parcel& parcel : parcels) need(ingest.parcel(parcel));
  const vault::Ingested totals = ingest.totals();
  need(std::move(writing).commit());
  return totals;
}

vault::Outcome Fleet::give(Device& to, const Parcel& parcel) {
  auto writing = need(to->begin());
  vault::Ingest ingest(*to, writing);
  const vault::Outcome outcome = need(ingest.parcel(parcel));
  need(std::move(writing).commit());
  return outcome;
}

void Fleet::reconcile() {
  for (std::uint64_t applied = 1; applied > 0;) {
    applied = 0;
    for (const auto& from : devices_) {
      const std::vector<Parcel> parcels = all_of(*from);
      for (const auto& to : devices_) {
        if (to != from) applied += give(*to, parcels).applied;
      }
    }
  }
}

bool Fleet::converged() {
  for (const auto& each : devices_) {
    if (digest(*each) != digest(*devices_.front())) return false;
  }
  return true;
}

// ---- What people do ----

const schema::RecordType& type_named(std::string_view name) {
  const schema::RecordType* type = schema::current().type(name);
  if (type == nullptr) throw std::logic_error("no record type " + std::string(name));
  return *type;
}

const schema::Field& field_named(std::string_view type, std::string_view name) {
  const schema::Field* field = schema::current().field(type_named(type), name);
  if (field == nullptr) throw std::logic_error("no field " + std::string(name));
  return *field;
}

casework::FieldChange change(std::string_view type, std::string_view field, std::vector<Value> values) {
  casework::FieldChange out;
  out.field = &field_named(type, field);
  out.set = std::move(values);
  out.sets = true;
  return out;
}

namespace {
casework::NewRecordRequest request(std::string_view type, const Fields& fields) {
  casework::NewRecordRequest out;
  out.type = &type_named(type);
  for (const auto& [name, value] : fields) out.fields.push_back(change(type, name, {value}));
  return out;
}
}  // namespace

RecordId put_case(Device& device, std::string_view reference, std::optional<TeamId> team) {
  const Fields fields{{"reference", Text{std::string(reference)}}, {"status", Code{"open"}}};
  return need(casework::put(*device, std::nullopt, team, {request("case", fields)}, "put")).at(0);
}

RecordId put(Device& device, std::optional<RecordId> case_id, std::string_view type, const Fields& fields) {
  return need(casework::put(*device, case_id, std::nullopt, {request(type, fields)}, "put")).at(0);
}

void edit(Device& device, const RecordId& id, std::string_view field, Value value, std::string reason) {
  const auto shown = need(casework::get(*device, id));
  need(casework::edit(*device, id, {change(shown.type->name, field, {std::move(value)})}, std::move(reason), "edit"));
}

std::vector<Value> values(Device& device, const RecordId& id, std::string_view field) {
  const auto shown = need(casework::get(*device, id));
  const casework::ShownField* found = shown.find(field);
  std::vector<Value> out;
  if (found == nullptr) return out;
  for (const ledger::Shown& each : found->view.values) out.push_back(each.value);
  return out;
}

Texts texts(Device& device, const RecordId& id, std::string_view field) {
  Texts out;
  for (const Value& value : values(device, id, field)) out.push_back(std::get<Text>(value).utf8);
  std::sort(out.begin(), out.end());
  return out;
}

ledger::LedgerRow ledger_of_record(Device& device, const RecordId& id) {
  return *need(device->store().ledger(need(device->store().record(id))->ledger));
}

std::uint64_t count(Device& device, std::string_view sql) {
  store::Query query = device->store().database().query(sql);
  need(query.next());
  return static_cast<std::uint64_t>(query.integer(0));
}

Digest digest(Device& device) { return need(casework::standing(*device)).digest; }

std::vector<std::string> faults(Device& device) { return need(vault::verify(*device, {})).faults; }

}  // namespace wayside::support
