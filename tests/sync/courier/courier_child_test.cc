#include "sync/courier/courier_child.h"

#include "platform/files_posix.h"
#include "tests/support/temp_folder.h"
#include "tests/sync/courier/courier_helpers.h"

using namespace wayside;
using namespace wayside::courier;
using namespace wayside::courier::testing;

namespace {

constexpr std::int64_t kPatience_ms = 20'000;

/// A spool on the real disk.
struct Spool {
  support::TempFolder folder;
  platform::PosixFiles files;
  spool::Layout layout{folder / "spool"};
  OfficeModel office{1};   // the one in courier_program has the same seed and so the same organisation

  Spool() { make_spool(files, layout, office.organisation(), DeviceId{}); }

  wire::pb::CourierJob job(const std::string& address) {
    auto job = sync_job(0, layout);
    job.set_address(address);
    return job;
  }
};

Result<CourierChild> start(const wire::pb::CourierJob& job) { return CourierChild::start(WAYSIDE_COURIER_PROGRAM, job); }

}  // namespace

TEST_CASE("a courier in a process of its own does its job and tells progress and outcome") {
  Spool spool;
  auto child = need(start(spool.job("crowd:5")));
  std::uint64_t fetched = 0;
  const auto done = need(child.finish([&](const auto& progress) { fetched = progress.done(); }));
  CHECK(done.error() == 0);
  CHECK(done.pulled_envelopes() == 5);
  CHECK(fetched == 5);
  CHECK(need(spool::read_cursor(spool.files, spool.layout)).ledgers.begin()->second.lsn == 5);
}

TEST_CASE("a courier that is asked to stop ends cleanly between two pages") {
  Spool spool;
  auto child = need(start(spool.job("busy:1")));
  bool asked = false;
  const auto done = need(child.finish([&](const auto& progress) { asked = progress.done() >= 3; }, [&] { return asked; }));
  CHECK(done.error() == 0);
  CHECK(done.stopped_early());
  CHECK(need(spool::read_cursor(spool.files, spool.layout)).ledgers.begin()->second.lsn == done.pulled_envelopes());
}

TEST_CASE("a courier that is killed is told as such, and the next one has the spool at once and goes on") {
  Spool spool;
  {
    auto child = need(start(spool.job("busy:1")));
    for (int events = 0; events < 4;) events += need(child.next(kPatience_ms)) ? 1 : 0;
    child.kill();
    Result<std::optional<wire::pb::CourierEvent>> event = std::nullopt;
    while (event && !(*event && (*event)->has_done())) event = child.next(kPatience_ms);
    REQUIRE_FALSE(event);
    CHECK(event.error().code == Errc::io);
  }
  const std::uint64_t taken = need(spool::read_cursor(spool.files, spool.layout)).ledgers.begin()->second.lsn;
  CHECK(taken >= 3);
  auto next = need(start(spool.job("crowd:4")));   // an office that has fewer: it went back
  CHECK(error_of(need(next.finish())) == (taken >= 4 ? Errc::fork : Errc{}));
}

TEST_CASE("a courier whose line is dead is killed after a while when it is asked to stop") {
  Spool spool;
  auto child = need(start(spool.job("stalls:1")));
  const auto done = need(child.finish([](const auto&) {}, [] { return true; }, 300));
  CHECK(done.stopped_early());
}

TEST_CASE("a program that is not there, and a job that is none, are told") {
  Spool spool;
  CHECK_FALSE(CourierChild::start(spool.folder / "missing", spool.job("crowd:1")));
  auto job = spool.job("crowd:1");
  job.clear_sync();
  auto child = need(start(job));
  CHECK(error_of(need(child.finish())) == Errc::bad_input);
  job.mutable_membership()->set_key_follows(true);
  CHECK(start(job).error().code == Errc::bad_input);
}

TEST_CASE("a ticket's seed reaches the courier on its pipe") {
  Spool spool;
  wire::pb::CourierJob job;
  job.set_address("crowd:0");
  job.mutable_membership()->set_tls_pin(Bytes(32, 'q'));
  job.mutable_membership()->set_key_follows(true);
  SecretBytes seed(32);
  auto child = need(CourierChild::start(WAYSIDE_COURIER_PROGRAM, job, &seed));
  const auto done = need(child.finish());
  CHECK(done.error() == 0);
  CHECK(done.membership_size() == static_cast<int>(spool.office.membership_size()));
}
