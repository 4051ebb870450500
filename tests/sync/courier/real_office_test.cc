#include <csignal>
#include <fstream>
#include <thread>

#include "platform/child_process.h"
#include "platform/clock_and_random.h"
#include "platform/files_posix.h"
#include "platform/network_curl.h"
#include "sync/courier/courier_child.h"
#include "sync/office/data_folder.h"
#include "sync/office/http_server.h"
#include "tests/support/temp_folder.h"
#include "tests/sync/courier/courier_helpers.h"
#include "tests/sync/office/organisation.h"

using namespace wayside;
using namespace wayside::courier;
using namespace wayside::courier::testing;
using support::Member;
using support::Organisation;

namespace {

constexpr std::int64_t kPatience_ms = 60'000;

/// What joining leaves in a member's spool.
void make_real_spool(platform::Files& files, const spool::Layout& layout, const Organisation& org, const Member& member,
                     const std::string& address) {
  need(spool::write_office(files, layout, {address, org.founding.keys.tls_pin(), org.founding.entries.front().entry.organisation,
                                           member.id(), member.entry.courier_public}));
  need(spool::write_courier_key(files, layout, member.courier_seed));
}

void put_in_outbox(platform::Files& files, const spool::Layout& layout, const std::vector<wire::pb::Parcel>& parcels) {
  auto outbox = need(spool::Outbox::open(files, layout));
  for (const auto& parcel : parcels) need(outbox.append(support::id_of(parcel), parcel));
}

std::size_t fold(platform::Files& files, const spool::Layout& layout, std::set<Bytes>& seen) {
  auto inbox = need(spool::InboxReader::open(files, layout));
  while (const auto page = need(inbox.next())) {
    for (const auto& delivery : page->page.deliveries())
      seen.insert(delivery.has_parcel() ? support::id_of(delivery.parcel()).str() : delivery.id());
    need(inbox.mark_folded(page->number));
  }
  return seen.size();
}

/// `ledgers` new ledgers of the team with `each` envelopes in each.
std::vector<wire::pb::Parcel> write_cases(Organisation& org, Member& member, int ledgers, int each) {
  std::vector<wire::pb::Parcel> parcels;
  for (int i = 0; i < ledgers; ++i) {
    const LedgerId ledger = org.new_ledger();
    parcels.push_back(org.open_ledger(member, ledger, org.main_team));
    for (int n = 1; n < each; ++n) parcels.push_back(org.write(member, ledger));
  }
  return parcels;
}

/// The office's own server on a loopback port, in a thread.
struct Served : Organisation {
  Member amina = join(founding.first_ticket);
  Member ben = join(invite(membership::Role::advocate, {main_team}));
  membership::Ticket ticket = invite(membership::Role::advocate, {main_team});
  office::Service service{world.clock, *store, {founding.keys.tls_seed.clone(), founding.keys.sign_seed.clone()}};
  std::unique_ptr<office::HttpServer> server = *office::HttpServer::listen({"127.0.0.1", 0}, service);
  std::thread thread{[this] { server->run(nullptr); }};

  ~Served() {
    server->stop();
    thread.join();
  }
};

/// A device with a spool in memory and a real line.
struct OnlineDevice {
  support::FakeFiles files;
  support::FakeClock clock;
  support::FakeRandom random;
  support::FakeKeyStore keys;
  platform::CurlNetwork network{[](const char*) { return std::optional<std::string>(); }};
  Controls controls;
  std::set<Bytes> seen;

  OnlineDevice(const Served& served, const Member& member) {
    make_real_spool(files, kLayout, served, member, served.server->endpoint());
  }
  wire::pb::CourierDone run(const wire::pb::CourierJob& job, const SecretBytes* key = nullptr) {
    return run_job(job, {clock, random, files, keys, network}, key, controls);
  }
};

}  // namespace

TEST_CASE("two couriers reconcile through the real office over TLS, cut and resumed, until one round trip says all") {
  Served org;
  OnlineDevice amina(org, org.amina);
  OnlineDevice ben(org, org.ben);
  put_in_outbox(amina.files, kLayout, write_cases(org, org.amina, 30, 8));
  const auto pushed = amina.run(sync_job());
  INFO(pushed.detail());
  CHECK(pushed.error() == 0);
  CHECK(pushed.pushed_envelopes() == 240);
  CHECK(pushed.handshakes() == 1);
  CHECK(pushed.round_trips() == 2);        // a batch, and the comparison: what was sent need not be fetched

  ben.controls.tuning.page_bytes = 40'000;
  const auto cut = ben.run(sync_job(2));
  CHECK(cut.stopped_early());
  const auto resumed = ben.run(sync_job());
  INFO(resumed.detail());
  CHECK(resumed.error() == 0);
  CHECK(cut.pulled_envelopes() + resumed.pulled_envelopes() == 240);
  CHECK(fold(ben.files, kLayout, ben.seen) == 240);

  // Both write into the same ledgers; each then holds everything.
  const auto cursor = need(spool::read_cursor(ben.files, kLayout));
  std::vector<wire::pb::Parcel> from_ben, from_amina;
  for (const auto& [ledger, point] : cursor.ledgers) {
    from_ben.push_back(org.write(org.ben, ledger));
    from_amina.push_back(org.write(org.amina, ledger));
  }
  put_in_outbox(ben.files, kLayout, from_ben);
  put_in_outbox(amina.files, kLayout, from_amina);
  for (OnlineDevice* device : {&ben, &amina, &ben}) CHECK(device->run(sync_job()).error() == 0);
  CHECK(fold(ben.files, kLayout, ben.seen) == 300);
  CHECK(fold(amina.files, kLayout, amina.seen) == 300);

  for (OnlineDevice* device : {&amina, &ben}) {
    const auto idle = device->run(sync_job());
    CHECK(idle.error() == 0);
    CHECK(idle.round_trips() == 1);
    CHECK(idle.bytes_up() + idle.bytes_down() < 1500);
  }
}

TEST_CASE("the real office admits a ticket to membership once, then the device by its own key") {
  Served org;
  OnlineDevice device(org, org.ben);
  Member newcomer;
  const auto entry = org.redeeming(org.ticket, newcomer);
  wire::pb::CourierJob job;
  job.set_address(org.server->endpoint());
  job.mutable_membership()->set_tls_pin(org.founding.keys.tls_pin().str());
  job.mutable_membership()->set_key_follows(true);
  const auto fetched = device.run(job, &org.ticket.seed);
  CHECK(fetched.error() == 0);
  CHECK(fetched.membership_size() == static_cast<int>(entry.entry.number));
  job.mutable_membership()->set_have(entry.entry.number);
  job.mutable_membership()->set_entry(entry.bytes);
  const auto appended = device.run(job, &org.ticket.seed);
  CHECK(appended.error() == 0);
  CHECK(appended.append_status() == wire::pb::AppendAnswer::taken);
  CHECK(error_of(device.run(job, &org.ticket.seed)) == Errc::ticket_used);
  job.mutable_membership()->clear_entry();
  CHECK(device.run(job, &newcomer.courier_seed).membership_size() == 1);
}

TEST_CASE("a wrong office gets nothing, and a stranger is refused") {
  Served org;
  OnlineDevice device(org, org.amina);
  put_in_outbox(device.files, kLayout, write_cases(org, org.amina, 1, 2));
  auto office = need(spool::read_office(device.files, kLayout));
  SECTION("wrong office") {
    office.tls_pin.bytes[0] = static_cast<char>(office.tls_pin.bytes[0] ^ 1);
    need(spool::write_office(device.files, kLayout, office));
    CHECK(error_of(device.run(sync_job())) == Errc::wrong_office);
  }
  SECTION("stranger") {
    need(spool::write_courier_key(device.files, kLayout, SecretBytes(32)));
    CHECK(error_of(device.run(sync_job())) == Errc::refused);
  }
  CHECK(need(spool::read_cursor(device.files, kLayout)) == spool::Cursor{});
}

namespace {

/// An office of its own process on the real disk, which can be killed and started again on another port.
struct KillableOffice {
  Organisation org;
  Member amina = org.join(org.founding.first_ticket);
  Member ben = org.join(org.invite(membership::Role::advocate, {org.main_team}));
  support::TempFolder folder;
  platform::PosixFiles files;
  platform::Path data = folder / "office";
  std::optional<platform::ChildProcess> process;
  std::string address;

  KillableOffice() {
    need(files.make_folders(data));
    org.store.reset();   // so that its file is whole
    for (const auto& [path, content] : org.world.files.contents())
      if (path.starts_with("/office/")) std::ofstream(data / platform::Path(path).filename(), std::ios::binary) << content;
    need(office::save_keys(files, office::DataFolder::keys_in(data), org.founding.keys));
    org.reopen();        // goes on lending its log to the writers
    start();
  }
  void start() {
    process.reset();
    const platform::Path port_file = folder / "port";
    std::filesystem::remove(port_file);
    platform::ChildOptions options;
    options.program = WAYSIDE_OFFICE_PROGRAM;
    options.arguments = {"serve", "--data", data, "--listen", "127.0.0.1:0", "--port-file", port_file};
    options.capture_errors = true;
    process = need(platform::ChildProcess::start(options));
    while (process->errors().find('\n') == std::string::npos) {
      const auto line = process->read_line(100);
      if (line && !*line) FAIL("it ended: " << process->errors());
    }
    std::string port;
    std::ifstream(port_file) >> port;
    address = "127.0.0.1:" + port;
  }
  void kill() {
    process->kill();
    (void)process->wait(kPatience_ms);
  }
};

}  // namespace

TEST_CASE("courier or office killed at any point: nothing that was answered is lost, and the next reconcile goes on") {
  KillableOffice office;
  const spool::Layout amina_spool{office.folder / "amina"};
  const spool::Layout ben_spool{office.folder / "ben"};
  make_real_spool(office.files, amina_spool, office.org, office.amina, office.address);
  make_real_spool(office.files, ben_spool, office.org, office.ben, office.address);
  std::set<Bytes> saved;
  std::set<Bytes> seen_by_ben;

  const auto reconcile = [&](const spool::Layout& layout, int victim, int after_events) {
    auto job = sync_job(0, layout);
    job.set_address(office.address);
    auto child = need(CourierChild::start(WAYSIDE_COURIER_PROGRAM, job));
    Result<std::optional<wire::pb::CourierEvent>> event = std::nullopt;
    for (int events = 0; event && !(*event && (*event)->has_done());) {
      if (events == after_events && victim == 1) child.kill();
      if (events == after_events && victim == 2) office.kill();
      event = child.next(after_events == 0 ? 1 : kPatience_ms);
      events += (events == after_events || (event && *event)) ? 1 : 0;
    }
    return event;
  };
  for (int round = 0; round < 8; ++round) {
    const auto parcels = write_cases(office.org, office.amina, 40, 30);   // three batches
    for (const auto& parcel : parcels) saved.insert(support::id_of(parcel).str());
    put_in_outbox(office.files, amina_spool, parcels);
    const int victim = 1 + round % 2;
    (void)reconcile(amina_spool, victim, round / 2);
    if (victim == 2) office.start();
    (void)reconcile(ben_spool, victim, round / 2);
    if (victim == 2) office.start();
    // What the cursor says was answered must be there whatever died: Ben will see it.
    const auto pushed = need(spool::read_cursor(office.files, amina_spool)).pushed_up_to;
    CHECK(pushed <= saved.size());
  }
  for (const spool::Layout* layout : {&amina_spool, &ben_spool}) {
    const auto event = need(reconcile(*layout, 0, -1));
    INFO(event->done().detail());
    CHECK(event->done().error() == 0);
  }
  CHECK(need(spool::read_cursor(office.files, amina_spool)).pushed_up_to == saved.size());
  fold(office.files, ben_spool, seen_by_ben);
  CHECK(seen_by_ben == saved);
}
