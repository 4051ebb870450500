#include "tests/sync/hostile/hostile_world.h"

#include <cstring>

#include "core/ledger/envelope.h"
#include "sync/reconcile/parts.h"
#include "sync/spool/inbox.h"
#include "sync/spool/outbox.h"
#include "sync/wire/codec.h"
#include "sync/wire/tuning.h"

namespace wayside::hostile {

using support::Device;
using support::FakeFiles;
using support::Fleet;
using support::need;

namespace {

/// Ledger, generation, key: of each of the 56 bytes that a ledger's row holds for a generation.
constexpr std::string_view kCaseKeys =
    "WITH RECURSIVE part(at) AS (SELECT 1 UNION ALL SELECT at + 56 FROM part WHERE at < 56 * 20) "
    "SELECT id, substr(keys, at, 16), substr(keys, at + 24, 32) FROM ledgers JOIN part ON at < length(keys)";

const platform::Path kOfficeStore = "/office/ledgers.db";
constexpr std::int64_t kNow_ms = 1'750'000'100'000;

SecretBytes seed_of(support::FakeRandom& random) { return crypto::random_secret(random, crypto::kKeyBytes); }

Value words(std::string_view what) { return Text{std::string(kCanary) + " " + std::string(what)}; }

std::set<EnvelopeId> envelopes_in(vault::Vault& vault) {
  std::set<EnvelopeId> out;
  store::Query query = vault.store().database().query("SELECT id FROM envelopes");
  while (need(query.next())) out.insert(query.id<EnvelopeId>(0));
  return out;
}

void write_spool(Device& device, const Digest& pin) {
  platform::Files& files = device.world->files;
  const spool::Layout layout(reconcile::spool_folder(device.home));
  need(files.make_folders(layout.root));
  const vault::Identity& me = device->identity();
  need(spool::write_office(
      files, layout,
      {"office.example:8443", pin, me.organisation, me.device, crypto::sign_public(device->keys().courier_seed)}));
  need(spool::write_courier_key(files, layout, device->keys().courier_seed));
}

void fill(vault::Vault& vault) {
  auto outbox = need(spool::Outbox::open(vault.env().files, spool::Layout(reconcile::spool_folder(vault.home()))));
  need(reconcile::fill_outbox(vault, outbox));
  need(outbox.flush_sync());
}

wire::pb::CourierJob job_of(const platform::Path& home) {
  wire::pb::CourierJob job;
  job.mutable_sync();
  job.set_spool(reconcile::spool_folder(home).string());
  return job;
}

/// Small pages and pushes, so that little data makes many exchanges.
courier::Controls small_pages() {
  courier::Controls controls;
  controls.tuning.page_bytes = 6000;
  controls.tuning.push_parcels = 2;
  return controls;
}

}  // namespace

// ---- Office ---------------------------------------------------------------------------------------------------------

Office::Office(std::unique_ptr<FakeFiles> disk, const SecretBytes& tls_seed, const SecretBytes& sign_seed)
    : files_(std::move(disk)), env_{rest_.clock, rest_.random, *files_, rest_.keys, rest_.network} {
  rest_.clock.set_wall(kNow_ms);
  store_ = need(office::LedgerStore::open(env_, kOfficeStore));
  service_ =
      std::make_unique<office::Service>(rest_.clock, *store_, office::OfficeKeys{tls_seed.clone(), sign_seed.clone()});
}

platform::HttpAnswer Office::answer(const PublicKey& client, const platform::HttpCall& call) {
  office::Reply reply = service_->answer(client, call.path, call.body);
  return {.status = reply.status, .body = std::move(reply.body)};
}

std::vector<wire::pb::Delivery> Office::all_for(const DeviceId& device) {
  std::vector<wire::pb::Delivery> out;
  for (std::uint64_t position = 0;;) {
    wire::pb::PullRequest request;
    request.set_position(position);
    request.set_membership(store_->log().size());
    request.set_page_bytes(wire::kMaxPageBytes);
    const auto page = need(store_->pull(device, request));
    out.insert(out.end(), page.answer.deliveries().begin(), page.answer.deliveries().end());
    if (!page.answer.more()) return out;
    position = page.answer.position();
  }
}

// ---- Machine --------------------------------------------------------------------------------------------------------

Machine::Machine(const World& world, std::unique_ptr<FakeFiles> disk)
    : world_(world),
      files_(std::move(disk)),
      clock_(kNow_ms),
      env_{clock_, random_, *files_, world.ben->world->keys, network_} {}

wire::pb::CourierDone Machine::carry(Line line) {
  network_.answer_with(std::move(line));
  return courier::run_job(job_of(world_.ben->home), env_, nullptr, small_pages());
}

bool Machine::has_news() {
  auto inbox = need(spool::InboxReader::open(*files_, spool::Layout(reconcile::spool_folder(world_.ben->home))));
  return need(inbox.next()).has_value();
}

Result<std::uint64_t> Machine::fold() { return reconcile::fold_inbox(vault(), {}); }

void Machine::fill_outbox() { fill(vault()); }

void Machine::take_answers() {
  auto outbox = need(spool::Outbox::open(*files_, spool::Layout(reconcile::spool_folder(world_.ben->home))));
  need(reconcile::take_answers(vault(), outbox));
}

vault::Vault& Machine::vault() {
  if (!vault_) vault_ = need(vault::Vault::open(env_, world_.ben->home, support::typed(Fleet::kPassphrase)));
  return *vault_;
}

// ---- World ----------------------------------------------------------------------------------------------------------

World::World(std::uint64_t seed) : fleet(seed), amina(nullptr), ben(nullptr), cara(nullptr) {
  support::FakeEnv office_world(seed);
  office_tls = seed_of(office_world.random);
  office_sign = seed_of(office_world.random);
  const office::OfficeKeys keys{office_tls.clone(), office_sign.clone()};
  fleet.append(membership::OfficeKey{keys.tls_pin(), keys.sign_public(), "office.example:8443"});
  const TeamId north = fleet.add_team("north");
  amina = &fleet.add("Amina", membership::Role::admin);
  ben = &fleet.add("Ben");
  cara = &fleet.add("Cara", membership::Role::advocate, {north});
  ben_courier = crypto::sign_public((*ben)->keys().courier_seed);

  std::vector<membership::SignedEntry> entries;
  for (const Bytes& bytes : fleet.entries()) entries.push_back(need(membership::parse_entry(bytes)));
  platform::Env env = office_world.env();
  need(office_world.files.make_folders("/office"));
  need(office::LedgerStore::create(env, kOfficeStore, GenerationId::random(office_world.random), entries));
  auto office = std::make_unique<Office>(office_world.files.copy(), office_tls, office_sign);
  for (Device* device : {amina, ben, cara}) write_spool(*device, keys.tls_pin());

  // Yesterday: two cases of Amina's, which Ben has, and one of another team's.
  const RecordId first = support::put_case(*amina, "CANARY W-1");
  const RecordId person = support::put(*amina, first, "person", {{"forename", words("Zarqa")}});
  support::put_case(*amina, "CANARY W-2");
  const RecordId norths = support::put_case(*cara, "CANARY N-1");
  support::put(*cara, norths, "person", {{"forename", words("Nobody of ours")}});
  send_and_fetch(*amina, *office, library);
  send_and_fetch(*cara, *office, library);
  send_and_fetch(*ben, *office, library);
  office_yesterday_ = office->disk_copy();

  // Today: more of both, a compartment, a colleague who is new; and Ben was out all day.
  support::edit(*amina, person, "forename", words("Zarqa B."));
  const RecordId third = support::put_case(*amina, "CANARY W-3");
  support::put(*amina, third, "person", {{"forename", words("Meera")}});
  support::put(*amina, first, "perpetrator", {{"forename", words("He")}});
  support::put(*cara, norths, "person", {{"forename", words("north")}});
  fleet.add("Dina", membership::Role::advocate, {}, std::nullopt, true);
  const std::size_t known = office->store().log().size();
  for (std::size_t i = known; i < fleet.entries().size(); ++i) {
    const auto entry = need(membership::parse_entry(fleet.entries()[i]));
    const auto ticket = TicketId::from(entry.entry.signer).value_or(TicketId{});
    const auto standing =
        entry.entry.signer_kind == membership::SignerKind::ticket ? office::Standing::ticket : office::Standing::device;
    need(office->store().append({standing, {}, ticket, Errc::refused}, entry, kNow_ms));
  }
  send_and_fetch(*amina, *office, library);
  send_and_fetch(*cara, *office, library);
  support::edit(*ben, person, "forename", words("Zarqa Bibi"));
  support::edit(*ben, person, "surname", words("she rang"));
  const RecordId bens = support::put_case(*ben, "CANARY B-1");
  support::put(*ben, bens, "person", {{"forename", words("Farah")}});
  need(reconcile::announce(**ben));
  fill(**ben);

  for (Device* device : {amina, ben, cara}) remember(*device);
  office_today_ = office->disk_copy();
  office.reset();
  ben_device = (*ben)->identity().device;
  ben->vault.reset();
  bens_disk_ = ben->world->files.copy();

  // The honest night.
  auto machine = bens_machine();
  auto honest_office = office_of_today();
  const auto done = machine->carry([&](const platform::HttpCall& call) -> Result<platform::HttpAnswer> {
    auto answer = honest_office->answer(ben_courier, call);
    bens_night.push_back({call.path, call.body, answer.body});
    return answer;
  });
  if (done.error() != 0) throw std::logic_error("an honest night fails: " + done.detail());
  need(machine->fold());
  honest_digest = need(casework::standing(machine->vault())).digest;
}

void World::send_and_fetch(Device& device, Office& office, std::vector<Exchanged>& seen) {
  need(reconcile::announce(*device));
  fill(*device);
  const PublicKey courier = crypto::sign_public(device->keys().courier_seed);
  device.world->network.answer_with([&](const platform::HttpCall& call) -> Result<platform::HttpAnswer> {
    auto answer = office.answer(courier, call);
    seen.push_back({call.path, call.body, answer.body});
    return answer;
  });
  const auto done = courier::run_job(job_of(device.home), device.world->env(), nullptr, small_pages());
  if (done.error() != 0) throw std::logic_error("an honest reconcile fails: " + done.detail());
  need(reconcile::fold_inbox(*device, {}));
  auto outbox = need(spool::Outbox::open(device.world->files, spool::Layout(reconcile::spool_folder(device.home))));
  need(reconcile::take_answers(*device, outbox));
}

/// All that this device holds counts as honest, and its keys as secret.
void World::remember(Device& device) {
  for (const vault::Parcel& parcel : Fleet::all_of(device)) {
    const EnvelopeId id = need(ledger::parse_envelope(parcel.envelope)).id;
    honest[id] = {parcel.envelope, {parcel.grants.begin(), parcel.grants.end()}};
  }
  store::Query keys = device->store().database().query(kCaseKeys);
  while (need(keys.next())) {
    SecretBytes key = keys.secret(2);
    needles_.emplace_back(key.view());
    case_keys_.emplace(std::pair(Bytes(keys.blob(0)), Bytes(keys.blob(1))), std::move(key));
  }
  const vault::DeviceKeys& own = device->keys();
  for (const SecretBytes* secret :
       {&own.sign_seed, &own.box_secret, &own.courier_seed, &own.member_key, &own.draft_secret}) {
    needles_.emplace_back(secret->view());
  }
  for (const vault::EpochSecret& epoch : own.epochs) needles_.emplace_back(epoch.secret.view());
}

std::unique_ptr<Office> World::office_of_today() const {
  return std::make_unique<Office>(office_today_->copy(), office_tls, office_sign);
}
std::unique_ptr<Office> World::office_of_yesterday() const {
  return std::make_unique<Office>(office_yesterday_->copy(), office_tls, office_sign);
}
std::unique_ptr<Machine> World::bens_machine() const { return std::make_unique<Machine>(*this, bens_disk_->copy()); }

// ---- What must hold, whatever the office did ------------------------------------------------------------------------

std::vector<std::string> World::envelope_faults(vault::Vault& vault, std::set<EnvelopeId>& held) const {
  std::vector<std::string> out;
  std::vector<std::pair<std::int64_t, Bytes>> rows;
  {
    store::Query query = vault.store().database().query("SELECT n, sealed FROM envelopes ORDER BY n");
    while (need(query.next())) rows.push_back({query.integer(0), Bytes(query.blob(1))});
  }
  for (const auto& [n, sealed] : rows) {
    const auto parsed = ledger::parse_envelope(sealed);
    const auto known = parsed ? honest.find(parsed->id) : honest.end();
    if (known == honest.end()) {
      out.emplace_back("an envelope that nobody honest wrote");
      continue;
    }
    held.insert(parsed->id);
    const auto grants = need(vault.store().grants_of_envelope(n));
    if (sealed != known->second.envelope) out.emplace_back("an envelope with other bytes than its author's");
    if (std::set<Bytes>(grants.begin(), grants.end()) != known->second.grants)
      out.emplace_back("other grants than its author's");
  }
  return out;
}

std::vector<std::string> World::key_and_membership_faults(vault::Vault& vault) const {
  std::vector<std::string> out;
  store::Query keys = vault.store().database().query(kCaseKeys);
  while (need(keys.next())) {
    const auto known = case_keys_.find({Bytes(keys.blob(0)), Bytes(keys.blob(1))});
    if (known == case_keys_.end() || !known->second.equals(keys.secret(2)))
      out.emplace_back("a case key that nobody honest made");
  }
  store::Query entries = vault.store().database().query("SELECT entry FROM membership ORDER BY number");
  std::size_t number = 0;
  while (need(entries.next())) {
    if (number >= fleet.entries().size() || fleet.entries()[number] != entries.blob(0))
      out.emplace_back("a membership entry that nobody honest signed");
    ++number;
  }
  if (vault.membership().size() != number) out.emplace_back("a membership log in memory that is not the stored one");
  return out;
}

std::vector<std::string> World::faults_of(vault::Vault& vault) {
  std::set<EnvelopeId> held;
  std::vector<std::string> out = envelope_faults(vault, held);
  for (std::string& fault : key_and_membership_faults(vault)) out.push_back(std::move(fault));
  if (out.empty() && need(casework::standing(vault)).digest != digest_with(held))
    out.emplace_back("a digest that these envelopes do not have");
  return out;
}

/// What Ben's casebook comes to when exactly these have reached it, honestly and in order of their writing.
Digest World::digest_with(const std::set<EnvelopeId>& held) {
  if (const auto known = digests_.find(held); known != digests_.end()) return known->second;
  auto machine = bens_machine();
  vault::Vault& vault = machine->vault();
  {
    auto writing = need(vault.begin());
    vault::Ingest ingest(vault, writing);
    need(ingest.membership(fleet.entries()));
    // What others build on counts as come once a copy of it is kept apart: so the rest is kept apart.
    for (const auto& [id, parcel] : honest) {
      if (held.contains(id)) continue;
      Bytes unsigned_one = parcel.envelope;
      unsigned_one.back() = static_cast<char>(unsigned_one.back() ^ 1);
      need(ingest.parcel({unsigned_one, {parcel.grants.begin(), parcel.grants.end()}}));
    }
    for (const EnvelopeId& id : held) {
      const HonestParcel& parcel = honest.at(id);
      need(ingest.parcel({parcel.envelope, {parcel.grants.begin(), parcel.grants.end()}}));
    }
    need(std::move(writing).commit());
  }
  std::set<EnvelopeId> now = envelopes_in(vault);
  if (now != held) throw std::logic_error("a subset that no honest office could have brought about");
  return digests_[held] = need(casework::standing(vault)).digest;
}

std::vector<std::string> World::faults_of(Office& office) const {
  std::vector<std::string> out;
  for (const Device* device : {amina, ben, cara}) {
    for (const wire::pb::Delivery& delivery :
         office.all_for(device->vault ? (**device).identity().device : ben_device)) {
      if (!delivery.has_parcel()) continue;
      const auto parsed = ledger::parse_envelope(delivery.parcel().envelope());
      const auto known = parsed ? honest.find(parsed->id) : honest.end();
      if (known == honest.end() || known->second.envelope != delivery.parcel().envelope())
        out.emplace_back("the office took what nobody honest wrote");
    }
  }
  return out;
}

std::vector<std::string> World::told_by(BytesView sent) const {
  std::vector<std::string> out;
  if (sent.find(kCanary) != BytesView::npos) out.emplace_back("a request holds text of a case");
  for (const Bytes& needle : needles_) {
    if (sent.find(needle) != BytesView::npos) out.emplace_back("a request holds a key");
  }
  return out;
}

}  // namespace wayside::hostile
