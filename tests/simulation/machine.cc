#include "tests/simulation/machine.h"

#include "core/schema/schema.h"
#include "platform/atomic_file.h"
#include "sync/courier/courier.h"
#include "sync/enrol/invite.h"
#include "sync/office/backup.h"
#include "sync/office/init.h"
#include "sync/reconcile/reconcile.h"

namespace wayside::simulation {
namespace {

using enrol::MembershipLine;

/// The membership log through a courier of this process; otherwise as enrol::CourierLine.
class NearLine : public MembershipLine {
 public:
  NearLine(Machine& machine, enrol::CourierLine::Office office, const SecretBytes& seed)
      : machine_(machine), office_(std::move(office)), seed_(seed) {}

  Result<Answer> ask(std::uint64_t have, BytesView entry) override {
    return enrol::membership_answer(run_courier(enrol::membership_job(office_, have, entry), machine_, &seed_));
  }

 private:
  Machine& machine_;
  enrol::CourierLine::Office office_;
  const SecretBytes& seed_;
};

enrol::OpenLine near_lines(Machine& machine) {
  return [&machine](const enrol::CourierLine::Office& office, const SecretBytes& seed) {
    return std::make_unique<NearLine>(machine, office, seed);
  };
}

/// What a network does that works.
support::FakeNetwork::Handler straight_to(Office& office) {
  return [&office](const platform::HttpCall& call) -> Result<platform::HttpAnswer> {
    office::Reply reply = office.answer(crypto::sign_public(*call.client_key), call.path, call.body);
    return platform::HttpAnswer{reply.status, std::move(reply.body), 0, 0, false};
  };
}

constexpr const char* kTicket = "/stick/ticket";
constexpr const char* kAddress = "office.example:8443";

struct Member {
  const char* name;
  const char* user;
  membership::Role role;
};
constexpr std::array kMembers{
    Member{"Amina", "Amina", membership::Role::admin}, Member{"Ben", "Ben", membership::Role::advocate},
    Member{"Chloe", "Chloe", membership::Role::desk},  Member{"Dewi", "Dewi", membership::Role::advocate},
    Member{"Esra", "Esra", membership::Role::manager}, Member{"Ben's tablet", "Ben", membership::Role::advocate},
};

/// Founds the organisation; the first ticket.
SecretBytes found(Machine& machine) {
  SecretBytes ticket;
  platform::Env env = machine.env();
  need(machine.files->make_folders("/safe"));
  office::InitCommand command{.data = kOfficeData,
                              .organisation = "Mill Lane Project",
                              .address = kAddress,
                              .recovery_out = kRecoveryPage,
                              .first_admin = "Amina"};
  const auto made = office::make_office(command, env, [&](const SecretBytes& text) -> Result<void> {
    ticket = text.clone();
    return {};
  });
  if (!made) throw std::logic_error("the office could not be made");
  return ticket;
}

Foundation make_foundation() {
  need(schema::load_builtin());
  Foundation out;
  auto office_machine = std::make_unique<Machine>();
  SecretBytes ticket = found(*office_machine);
  Office office(std::move(office_machine));
  need(office.start());
  std::unique_ptr<vault::Vault> admin;
  for (const Member& member : kMembers) {
    out.seats.push_back({member.name, std::make_unique<Machine>()});
    Machine& machine = *out.seats.back().machine;
    machine.random = support::FakeRandom(1'000 + out.seats.size());
    machine.network.answer_with(straight_to(office));
    if (admin) {
      Machine& first = *out.seats.front().machine;
      need(first.files->remove(kTicket));
      NearLine line(first, {kAddress, office.tls_pin()}, admin->keys().courier_seed);
      need(enrol::invite(*admin, {.role = member.role, .user = member.user, .out = kTicket}, line));
      ticket = need(platform::read_secret(*first.files, kTicket, 1 << 16));
    }
    need(machine.files->make_folders("/stick"));
    need(platform::write_atomically(*machine.files, kTicket, ticket.view()));
    platform::Env env = machine.env();
    auto vault = need(enrol::join(env, {kHome, kTicket, member.name, ""}, passphrase(), near_lines(machine)));
    if (!admin) admin = std::move(vault);
  }
  admin.reset();
  office.stop();
  out.office = office.machine().copy();
  return out;
}

}  // namespace

SecretString passphrase() {
  SecretString out;
  if (!out.append("six words that nobody here can guess")) throw std::logic_error("passphrase");
  return out;
}

std::unique_ptr<Machine> Machine::copy() const {
  auto other = std::make_unique<Machine>();
  other->clock = clock;
  other->files = files->copy();
  other->keys.take_from(keys);
  return other;
}

const Foundation& foundation() {
  static const Foundation made = make_foundation();
  return made;
}

Result<void> Office::start() {
  platform::Env env = machine_->env();
  WAYSIDE_TRY(auto data, office::DataFolder::use(*machine_->files, kOfficeData));
  WAYSIDE_TRY(auto keys, office::load_keys(*machine_->files, data.keys()));
  WAYSIDE_TRY(store_, office::LedgerStore::open(env, data.store()));
  data_.emplace(std::move(data));
  service_ = std::make_unique<office::Service>(machine_->clock, *store_, std::move(keys));
  return {};
}

void Office::stop() {
  service_.reset();
  store_.reset();
  data_.reset();
}

void Office::lose_power(std::uint64_t seed) {
  // Nothing that its program still does as it ends reaches the disk.
  if (!machine_->files->is_off()) machine_->files->fail_at(0, Errc::io, true);
  stop();
  machine_->files->crash(seed);
}

namespace {
constexpr const char* kBackup = "/backup";

void copy_file(support::FakeFiles& from, support::FakeFiles& to, const std::string& name) {
  const Bytes bytes = need(platform::read_all(from, name, std::uint64_t{1} << 30));
  need(to.make_folders(platform::Path(name).parent_path()));
  need(platform::write_atomically(to, name, bytes));
}
}  // namespace

Result<std::unique_ptr<support::FakeFiles>> Office::back_up() {
  stop();
  // On a disk beside the office's own, whatever befalls that.
  auto work = std::make_unique<Machine>();
  work->files = machine_->files->copy();
  work->files->heal();
  platform::Env env = work->env();
  WAYSIDE_OK(office::make_backup(env, kOfficeData, kBackup));
  auto out = std::make_unique<support::FakeFiles>();
  for (const auto& [name, bytes] : work->files->contents()) {
    if (name.starts_with(kBackup)) copy_file(*work->files, *out, name);
  }
  return out;
}

void Office::restore(const support::FakeFiles& backup) {
  stop();
  machine_->files = backup.copy();
  platform::Env env = machine_->env();
  need(office::restore_office(env, kBackup, kOfficeData));
}

void Office::put_back(const support::FakeFiles& copy) {
  stop();
  machine_->files = copy.copy();
}

wire::pb::CourierDone run_courier(const wire::pb::CourierJob& job, Machine& machine, const SecretBytes* key) {
  courier::Controls controls;
  // Small, so that a few envelopes reach every edge.
  controls.tuning.push_parcels = 4;
  controls.tuning.page_bytes = 4'000;
  return courier::run_job(job, machine.env(), key, controls);
}

}  // namespace wayside::simulation
