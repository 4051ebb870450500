#include "sync/spool/last_run.h"
#include "tests/sync/courier/courier_helpers.h"

using namespace wayside;
using namespace wayside::courier;
using namespace wayside::courier::testing;

namespace {

void write_elsewhere(OfficeModel& office, Writer& writer, const LedgerId& to, std::size_t bytes = 100) {
  office.store(writer.device(), writer.write(to, bytes));
}

}  // namespace

TEST_CASE("a device sends what it saved and takes what others wrote, and tells how much that was") {
  OfficeModel office(1);
  Device device(office);
  Writer other(office.organisation(), office.random());
  for (int i = 0; i < 3; ++i) device.save(case_ledger('a'));
  for (int i = 0; i < 4; ++i) write_elsewhere(office, other, case_ledger('b'));
  need(device.fill_outbox());
  std::vector<std::pair<std::uint32_t, std::uint64_t>> progress;
  device.controls.progress = [&](const auto& each) { progress.emplace_back(each.phase(), each.done()); };
  const auto done = device.sync();
  CHECK(done.error() == 0);
  CHECK(done.pushed_envelopes() == 3);
  CHECK(done.pulled_envelopes() == 4);
  CHECK(done.pushed_bytes() > 3 * 512);
  CHECK(done.pulled_bytes() > 4 * 512);
  CHECK(done.round_trips() == 2);
  CHECK(done.bytes_up() > done.pushed_bytes());
  CHECK(done.bytes_down() > done.pulled_bytes());
  CHECK(progress == std::vector<std::pair<std::uint32_t, std::uint64_t>>{{1, 3}, {2, 4}});
  need(device.fold());
  device.check_holds_all();
}

TEST_CASE("a reconcile with nothing to do is one round trip, however many ledgers are carried") {
  OfficeModel office(2);
  Device device(office);
  Writer other(office.organisation(), office.random());
  for (int i = 0; i < 400; ++i)
    write_elsewhere(office, other, *LedgerId::from(to_hex("ledger" + Bytes{static_cast<char>(i), static_cast<char>(i >> 8)})), 40);
  CHECK(device.sync().error() == 0);
  need(device.fold());
  const auto done = device.sync();
  CHECK(done.error() == 0);
  CHECK(done.round_trips() == 1);
  CHECK(done.bytes_up() + done.bytes_down() < 1024);
}

TEST_CASE("a cut connection is tried once more at once") {
  OfficeModel office(3);
  Device device(office);
  device.save(case_ledger('a'));
  need(device.fill_outbox());
  auto handler = office.handler(device.writer().device());
  SECTION("and works") {
    int calls = 0;
    device.world().network.answer_with([&](const platform::HttpCall& call) -> Result<platform::HttpAnswer> {
      auto answer = handler(call);   // done, but the answer is lost
      if (++calls % 2 == 1) return fail(Errc::unreachable, "cut");
      return answer;
    });
    const auto done = device.sync();
    CHECK(done.error() == 0);
    CHECK(done.pushed_envelopes() == 1);
    CHECK(office.size() == 1);
    CHECK(calls == 4);
  }
  SECTION("and then given up, with the work kept") {
    int calls = 0;
    device.world().network.answer_with([&](const platform::HttpCall&) -> Result<platform::HttpAnswer> {
      ++calls;
      return fail(Errc::unreachable, "no line");
    });
    CHECK(error_of(device.sync()) == Errc::unreachable);
    CHECK(calls == 2);
    device.world().network.answer_with(handler);
    CHECK(device.sync().pushed_envelopes() == 1);
  }
}

TEST_CASE("a reconcile that was cut between pages goes on where it stopped") {
  OfficeModel office(4);
  Device device(office);
  Writer other(office.organisation(), office.random());
  for (int i = 0; i < 30; ++i) write_elsewhere(office, other, case_ledger(static_cast<char>('a' + i % 5)));
  device.controls.tuning.page_bytes = 4000;
  const auto first = device.sync(2);
  CHECK(first.stopped_early());
  CHECK(first.error() == 0);
  const auto second = device.sync();
  CHECK_FALSE(second.stopped_early());
  CHECK(second.error() == 0);
  CHECK(first.pulled_envelopes() + second.pulled_envelopes() == 30);   // nothing twice
  need(device.fold());
  device.check_holds_all();
}

TEST_CASE("asked to stop, the courier ends cleanly and keeps what it took") {
  OfficeModel office(5);
  Device device(office);
  Writer other(office.organisation(), office.random());
  for (int i = 0; i < 30; ++i) write_elsewhere(office, other, case_ledger('a'));
  device.controls.tuning.page_bytes = 4000;
  device.controls.stop_asked = [&] { return device.world().network.calls() >= 2; };
  const auto done = device.sync();
  CHECK(done.stopped_early());
  CHECK(done.error() == 0);
  CHECK(device.world().network.calls() == 2);
  CHECK(done.pulled_envelopes() > 0);
  device.check_inbox_covers_cursor();
}

TEST_CASE("only one courier works on a spool at a time") {
  OfficeModel office(6);
  Device device(office);
  const auto lock = need(device.world().files.lock(kLayout.courier_lock()));
  CHECK(error_of(device.sync()) == Errc::busy);
  CHECK(device.world().network.calls() == 0);
}

TEST_CASE("a spool without an office, a key or a folder is told, and nobody is called") {
  OfficeModel office(7);
  Device device(office);
  SECTION("office") { need(device.world().files.remove(kLayout.office())); }
  SECTION("key") { need(device.world().files.remove(kLayout.courier_key())); }
  CHECK(error_of(device.sync()) == Errc::not_found);
  CHECK(error_of(run_job({}, device.world().env(), nullptr, {})) == Errc::bad_input);
  CHECK(device.world().network.calls() == 0);
}

TEST_CASE("the job's address replaces where the office is found, not whom it must prove to be") {
  OfficeModel office(8);
  Device device(office);
  platform::HttpCall seen;
  device.world().network.answer_with([&](const platform::HttpCall& call) -> Result<platform::HttpAnswer> {
    seen = call;
    return fail(Errc::wrong_office, call.address);
  });
  auto job = sync_job();
  job.set_address("127.0.0.1:9");
  CHECK(error_of(run_job(job, device.world().env(), nullptr, {})) == Errc::wrong_office);
  CHECK(seen.address == "127.0.0.1:9");
  CHECK(seen.office_pin[0] == 'p');
  CHECK(device.world().network.calls() == 1);
}

TEST_CASE("an office that asks to come back later is obeyed, and its time handed on") {
  OfficeModel office(9);
  Device device(office);
  office.faults.later = 100;
  const auto done = device.sync();
  CHECK(error_of(done) == Errc::later);
  CHECK(done.detail() == "4711");
}

TEST_CASE("a disk that is full at any moment loses nothing that was taken, and the next reconcile goes on") {
  for (std::uint64_t limit = 0; limit < 20'000; limit += 1237) {
    OfficeModel office(10);
    Device device(office);
    Writer other(office.organisation(), office.random());
    for (int i = 0; i < 12; ++i) write_elsewhere(office, other, case_ledger('a'));
    for (int i = 0; i < 3; ++i) device.save(case_ledger('b'));
    need(device.fill_outbox());
    device.controls.tuning.page_bytes = 2000;
    device.world().files.limit_growth(limit);
    const auto done = device.sync();
    if (done.error() != 0) CHECK(error_of(done) == Errc::disk_full);
    device.check_inbox_covers_cursor();
    device.world().files.limit_growth(std::nullopt);
    CHECK(device.sync().error() == 0);
    need(device.fold());
    device.check_holds_all();
  }
}

TEST_CASE("power or process ended at every single file operation: the cursor is never ahead, and it converges") {
  bool finished = false;
  for (std::uint64_t at = 0; !finished; ++at) {
    for (const bool power : {false, true}) {
      OfficeModel office(11);
      Device device(office, at + 1);
      Writer other(office.organisation(), office.random());
      for (int i = 0; i < 6; ++i) device.save(case_ledger(i % 2 == 0 ? 'a' : 'b'));
      for (int i = 0; i < 8; ++i) write_elsewhere(office, other, case_ledger(i % 2 == 0 ? 'a' : 'c'));
      need(device.fill_outbox());
      device.controls.tuning.page_bytes = 1500;
      device.controls.tuning.push_parcels = 2;
      auto& files = device.world().files;
      if (power)
        files.power_off_at(at);
      else
        files.fail_at(at, Errc::io, true);
      finished = device.sync().error() == 0;
      if (power)
        files.crash(at + 1);
      else
        files.kill_process();
      files.heal();
      device.check_inbox_covers_cursor();
      need(device.fill_outbox());
      CHECK(device.sync().error() == 0);
      need(device.fold());
      device.check_holds_all();
      CHECK(device.sync().round_trips() == 1);
    }
  }
}

TEST_CASE("over many days with cuts, crashes and a careless office, every device ends with everything") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    OfficeModel office(seed);
    Device amina(office, seed);
    Device ben(office, seed + 1000);
    auto& random = office.random();
    for (int day = 0; day < 12; ++day) {
      Device& device = random.below(2) == 0 ? amina : ben;
      auto& files = device.world().files;
      device.controls.tuning.page_bytes = static_cast<std::uint32_t>(600 + random.below(6000));
      device.controls.tuning.push_parcels = 1 + random.below(4);
      for (auto n = random.below(5); n > 0; --n) device.save(case_ledger(static_cast<char>('a' + random.below(4))), random.below(3000));
      office.faults = {.lose_request = 10, .lose_answer = 10, .later = 3, .shuffle = 20, .duplicate = 20,
                       .withhold = static_cast<unsigned>(random.below(20))};
      if (random.below(4) == 0) office.add_membership_entry();
      const bool fails = random.below(2) == 0;
      if (fails) files.power_off_at(random.below(60));
      (void)device.fill_outbox();
      (void)device.sync(random.below(4));
      (void)device.fold();
      if (fails) files.crash(random.below(1000));
      files.heal();
      device.check_inbox_covers_cursor();
    }
    office.faults = {};
    for (int round = 0; round < 2; ++round) {
      for (Device* device : {&amina, &ben}) {
        need(device->fill_outbox());
        const auto done = device->sync();
        INFO("seed " << seed << ": " << done.detail());
        CHECK(done.error() == 0);
        need(device->fold());
      }
    }
    for (Device* device : {&amina, &ben}) {
      device->check_holds_all();
      CHECK(device->sync().round_trips() == 1);
    }
  }
}

TEST_CASE("an inbox frame that rots on the disk is fetched again without anybody's help") {
  OfficeModel office(12);
  Device device(office);
  Writer other(office.organisation(), office.random());
  for (int i = 0; i < 9; ++i) write_elsewhere(office, other, case_ledger('a'));
  device.controls.tuning.page_bytes = 2000;
  CHECK(device.sync().error() == 0);
  auto& files = device.world().files;
  const platform::Path path = spool::segment_path(kLayout.inbox(), 1);
  Bytes bytes = files.contents().at(path.string());
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
  files.tamper(path, bytes);
  need(device.fold());
  CHECK(device.held() < 9);
  CHECK(device.sync().error() == 0);
  need(device.fold());
  device.check_holds_all();
}

TEST_CASE("a spool tells a finder ids, sizes and times, and nothing that was written") {
  OfficeModel office(13);
  Device device(office);
  wayside::ledger::Header header;
  header.organisation = office.organisation();
  header.ledger = case_ledger('a');
  header.device = device.writer().device();
  header.seq = 1;
  const Bytes canary = "canary-quietheron";
  Bytes text;
  for (int i = 0; i < 50; ++i) text += canary;
  const auto sealed = need(wayside::ledger::seal_envelope(header, text, Bytes(32, 'k'), crypto::Signer(SecretBytes(32)), device.world().random));
  wire::pb::Parcel parcel;
  parcel.set_envelope(sealed.bytes);
  need(need(spool::Outbox::open(device.world().files, kLayout)).append(sealed.id, parcel));
  CHECK(device.sync().pushed_envelopes() == 1);
  for (const auto& [path, content] : device.world().files.contents()) {
    INFO(path);
    CHECK(content.find(canary) == Bytes::npos);
  }
}

TEST_CASE("a run that nobody watches is written down, with when one last reached the office; a watched one is not") {
  OfficeModel office(41);
  Device device(office);
  platform::Files& files = device.world().files;
  device.save(case_ledger('a'));
  need(device.fill_outbox());
  CHECK(device.sync().error() == 0);
  CHECK_FALSE(spool::read_last_run(files, kLayout));

  auto night = sync_job();
  night.mutable_sync()->set_unwatched(true);
  device.save(case_ledger('a'));
  need(device.fill_outbox());
  CHECK(device.carry(night).error() == 0);
  auto run = spool::read_last_run(files, kLayout);
  REQUIRE(run);
  CHECK(run->ended_ms == device.world().clock.wall_ms());
  CHECK_FALSE(run->error);
  CHECK(run->sent == 1);
  const std::int64_t reached_ms = run->ended_ms;
  CHECK(run->reached_ms == reached_ms);

  device.world().network.answer_with(
      [](const platform::HttpCall& call) -> Result<platform::HttpAnswer> { return fail(Errc::unreachable, call.address); });
  device.world().clock.advance(1000);
  CHECK(error_of(device.carry(night)) == Errc::unreachable);
  device.world().clock.advance(86'400'000);
  CHECK(error_of(device.carry(night)) == Errc::unreachable);
  run = spool::read_last_run(files, kLayout);
  REQUIRE(run);
  CHECK(run->error == Errc::unreachable);
  CHECK(run->ended_ms == device.world().clock.wall_ms());
  CHECK(run->reached_ms == reached_ms);

  // Who finds another courier at work leaves its word alone.
  const auto lock = need(files.lock(kLayout.courier_lock()));
  device.world().clock.advance(1000);
  CHECK(error_of(device.carry(night)) == Errc::busy);
  CHECK(spool::read_last_run(files, kLayout)->ended_ms == run->ended_ms);
}

TEST_CASE("a rate that was asked for goes with every request") {
  OfficeModel office(42);
  Device device(office);
  std::vector<std::uint64_t> rates;
  auto handler = office.handler(device.writer().device());
  device.world().network.answer_with([&](const platform::HttpCall& call) {
    rates.push_back(call.bytes_per_s);
    return handler(call);
  });
  auto slow = sync_job();
  slow.set_bytes_per_s(65'536);
  CHECK(device.carry(slow).error() == 0);
  CHECK(device.sync().error() == 0);
  REQUIRE(rates.size() >= 2);
  CHECK(rates.front() == 65'536);
  CHECK(rates.back() == 0);
}
