#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <set>
#include <thread>

#include "platform/network_curl.h"
#include "sync/office/http_server.h"
#include "sync/wire/codec.h"
#include "tests/sync/office/organisation.h"
#include "tests/sync/office/tls_client.h"

using namespace wayside;
using namespace wayside::support;
namespace pb = wire::pb;

namespace {

/// A real server on a loopback port. Its store belongs to its thread from `start` to the end.
struct Running : Organisation {
  Member amina = join(founding.first_ticket);
  Member ben = join(invite(membership::Role::advocate, {main_team}));
  membership::Ticket ticket = invite(membership::Role::advocate, {main_team});
  office::Service service{world.clock, *store, {founding.keys.tls_seed.clone(), founding.keys.sign_seed.clone()}};
  std::unique_ptr<office::HttpServer> server = *office::HttpServer::listen({"127.0.0.1", 0}, service);
  std::thread thread{[this] { server->run(nullptr); }};

  ~Running() { stop(); }
  void stop() {
    if (!thread.joinable()) return;
    server->stop();
    thread.join();
  }
  [[nodiscard]] TlsClient client(const Member& member) const {
    return TlsClient(server->port(), {&member.courier_seed});
  }
};

/// As a courier talks: libcurl, the office's key pinned.
struct Courier {
  platform::CurlNetwork network{[](const char*) { return std::optional<std::string>(); }};
  const Running& office;
  const SecretBytes& key;

  Courier(const Running& running, const SecretBytes& client_key) : office(running), key(client_key) {}
  Result<platform::HttpAnswer> ask(std::string path, Bytes body) {
    platform::HttpCall call{office.server->endpoint(), std::move(path), std::move(body), {}, &key};
    const Digest pin = office.founding.keys.tls_pin();
    std::copy(as_uchar(pin.view()), as_uchar(pin.view()) + 32, call.office_pin.begin());
    return network.post(call);
  }
  platform::HttpAnswer post(std::string path, Bytes body) {
    const auto answer = ask(std::move(path), std::move(body));
    if (!answer) FAIL(name_of(answer.error().code) << " " << answer.error().detail);
    return *answer;
  }
};

const Bytes kEmpty = "\1";

}  // namespace

TEST_CASE("two devices reconcile over TLS") {
  Running org;
  const LedgerId ledger = org.new_ledger();
  pb::PushRequest push;
  *push.add_parcels() = org.open_ledger(org.amina, ledger, org.main_team);
  for (int i = 0; i < 100; ++i) *push.add_parcels() = org.write(org.amina, ledger);
  Courier amina(org, org.amina.courier_seed);
  const auto pushed = amina.post("/v1/push", wire::encode(push));
  CHECK(pushed.status == 200);
  CHECK(pushed.new_connection);
  CHECK(wire::decode<pb::PushAnswer>(pushed.body)->taken_size() == 101);

  Courier ben(org, org.ben.courier_seed);
  const auto pulled = ben.post("/v1/pull", kEmpty);
  const auto answer = wire::decode<pb::PullAnswer>(pulled.body);
  REQUIRE(answer);
  CHECK(answer->deliveries_size() == 101);
  CHECK(answer->deliveries(100).parcel().envelope() == push.parcels(100).envelope());
  CHECK(wire::verify_heads(answer->heads(), org.founding.keys.sign_public()));
}

TEST_CASE("while many connections write, a reader who follows the position misses no envelope and sees each ledger without a gap") {
  constexpr int kWriters = 4, kBatches = 30, kBatch = 4;
  Running org;
  const LedgerId shared = org.new_ledger();
  std::vector<Member> writers(kWriters);
  std::vector<std::vector<Bytes>> requests(kWriters);
  org.stop();   // memberships and envelopes are made by this thread
  for (Member& writer : writers) writer = org.join(org.invite(membership::Role::advocate, {org.main_team}));
  Member reader = org.join(org.invite(membership::Role::advocate, {org.main_team}));
  std::set<EnvelopeId> written;
  for (int n = 0; n < kWriters; ++n) {
    const LedgerId own = org.new_ledger();
    for (int batch = 0; batch < kBatches; ++batch) {
      pb::PushRequest push;
      if (batch == 0) *push.add_parcels() = org.open_ledger(writers[n], own, org.main_team);
      if (batch == 0) *push.add_parcels() = org.open_ledger(writers[n], shared, org.main_team);
      for (int i = 0; i < kBatch; ++i) *push.add_parcels() = org.write(writers[n], i % 2 == 0 ? own : shared);
      for (const auto& parcel : push.parcels()) written.insert(id_of(parcel));
      requests[n].push_back(wire::encode(push));
    }
  }
  org.server = *office::HttpServer::listen({"127.0.0.1", 0}, org.service);
  org.thread = std::thread([&org] { org.server->run(nullptr); });

  std::atomic<int> writing = kWriters, refused = 0;
  std::vector<std::thread> threads;
  for (int n = 0; n < kWriters; ++n) {
    threads.emplace_back([&, n] {
      Courier courier(org, writers[n].courier_seed);
      for (const Bytes& request : requests[n]) {
        const auto answer = courier.ask("/v1/push", request);
        const auto taken = answer ? wire::decode<pb::PushAnswer>(answer->body) : fail(Errc::unreachable);
        if (!taken) ++refused;
        else for (const auto& each : taken->taken()) refused += each.status() == pb::Taken::stored ? 0 : 1;
      }
      --writing;
    });
  }
  Courier courier(org, reader.courier_seed);
  pb::PullRequest pull;
  pull.set_page_bytes(20'000);
  std::set<EnvelopeId> read;
  std::map<Bytes, std::uint64_t> lsn;
  std::uint64_t last = 0;
  for (bool more = true; more;) {
    const bool over = writing == 0;   // what is pulled from here on has everything
    const auto answer = wire::decode<pb::PullAnswer>(courier.post("/v1/pull", wire::encode(pull)).body);
    REQUIRE(answer);
    for (const auto& each : answer->deliveries()) {
      CHECK(each.position() > last);
      CHECK(each.lsn() == ++lsn[each.ledger()]);
      last = each.position();
      CHECK(read.insert(id_of(each.parcel())).second);
    }
    pull.set_generation(answer->generation());
    pull.set_position(answer->position());
    more = answer->more() || !over;
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(refused == 0);
  CHECK(read == written);
}

TEST_CASE("a connection is kept between requests") {
  Running org;
  Courier amina(org, org.amina.courier_seed);
  CHECK(amina.post("/v1/pull", kEmpty).new_connection);
  for (int i = 0; i < 5; ++i) CHECK_FALSE(amina.post("/v1/pull", kEmpty).new_connection);
}

TEST_CASE("a key that was never admitted is answered 403, a ticket only for its own errand") {
  Running org;
  SecretBytes unknown(32);
  CHECK(Courier(org, unknown).post("/v1/pull", kEmpty).status == 403);
  Courier newcomer(org, org.ticket.seed);
  CHECK(newcomer.post("/v1/push", kEmpty).status == 403);
  CHECK(newcomer.post("/v1/pull", kEmpty).status == 200);
  Member cara;
  pb::AppendRequest append;
  append.set_entry(org.redeeming(org.ticket, cara).bytes);
  CHECK(wire::decode<pb::AppendAnswer>(newcomer.post("/v1/membership", wire::encode(append)).body)->status() ==
        pb::AppendAnswer::taken);
  CHECK(newcomer.post("/v1/pull", kEmpty).status == 403);
  CHECK(Courier(org, cara.courier_seed).post("/v1/pull", kEmpty).status == 200);
}

TEST_CASE("TLS 1.2, no certificate, and a certificate of another kind are refused before any request is read") {
  Running org;
  CHECK_FALSE(TlsClient(org.server->port(), {&org.amina.courier_seed, false, TLS1_2_VERSION}).connected());
  // In TLS 1.3 the client learns of the refusal with its first read.
  TlsClient nobody(org.server->port(), {});
  (void)nobody.send(http_post("/v1/pull", kEmpty));
  CHECK(nobody.read_to_end().empty());
  TlsClient other_kind(org.server->port(), {nullptr, true});
  (void)other_kind.send(http_post("/v1/pull", kEmpty));
  CHECK(other_kind.read_to_end().empty());
  CHECK(Courier(org, org.amina.courier_seed).post("/v1/pull", kEmpty).status == 200);  // and it serves on
}

TEST_CASE("a body over the limit is refused by its length alone, and its sender reads why") {
  Running org;
  TlsClient client = org.client(org.amina);
  REQUIRE(client.send("POST /v1/push HTTP/1.1\r\nHost: office\r\nContent-Length: 8388609\r\n\r\n"));
  CHECK(status_of(client.answer()) == 413);
  // Also when the sender does not wait for an answer.
  CHECK(Courier(org, org.amina.courier_seed).post("/v1/push", Bytes(9'000'000, 'x')).status == 413);
  CHECK(Courier(org, org.ticket.seed).post("/v1/pull", Bytes(200'000, 'x')).status == 413);
}

TEST_CASE("garbage is answered 400, within HTTP and instead of it") {
  Running org;
  CHECK(Courier(org, org.amina.courier_seed).post("/v1/push", "garbage").status == 400);
  TlsClient client = org.client(org.amina);
  REQUIRE(client.send("\x16\x03\x01 this is no request\r\n\r\n"));
  CHECK(status_of(client.answer()) == 400);
  TlsClient wide = org.client(org.amina);
  REQUIRE(wide.send("POST /v1/pull HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"));
  CHECK(status_of(wide.answer()) == 400);
}

TEST_CASE("other methods, other paths and bodies of unknown length are refused") {
  Running org;
  const auto status = [&org](const std::string& request) {
    TlsClient client = org.client(org.amina);
    REQUIRE(client.send(request));
    return status_of(client.answer());
  };
  CHECK(status("GET /v1/pull HTTP/1.1\r\nHost: office\r\n\r\n") == 405);
  CHECK(status(http_post("/", kEmpty)) == 404);
  CHECK(status(http_post("/v1/pull/../push", kEmpty)) == 404);
  CHECK(status("POST /v1/pull HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n\1\r\n0\r\n\r\n") == 411);
  CHECK(status("POST /v1/pull HTTP/1.1\r\nHost: office\r\n\r\n") == 411);
}

TEST_CASE("a sender that asks first is told to go on") {
  Running org;
  TlsClient client = org.client(org.amina);
  const std::string request = http_post("/v1/pull", kEmpty, "Expect: 100-continue\r\n");
  REQUIRE(client.send(request.substr(0, request.size() - 1)));
  CHECK(status_of(client.answer()) == 100);
  REQUIRE(client.send(kEmpty));
  CHECK(status_of(client.answer()) == 200);
}

TEST_CASE("answers carry no word about the program that gives them") {
  Running org;
  TlsClient client = org.client(org.amina);
  REQUIRE(client.send(http_post("/v1/pull", "garbage")));
  const std::string answer = client.answer();
  CHECK(answer.starts_with("HTTP/1.1 400 Bad Request\r\nContent-Length: "));
  CHECK(answer.find("Server") == std::string::npos);
}

TEST_CASE("told to stop, it finishes the request that has begun and lets idle connections go") {
  Running org;
  TlsClient idle = org.client(org.ben);
  REQUIRE(idle.send(http_post("/v1/pull", kEmpty)));
  REQUIRE(status_of(idle.answer()) == 200);
  {
    TlsClient busy = org.client(org.amina);
    REQUIRE(busy.send("POST /v1/pull HTTP/1.1\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n"));
    REQUIRE(status_of(busy.answer()) == 100);
    org.server->stop();
    CHECK(idle.read_to_end().empty());
    REQUIRE(busy.send(kEmpty));
    const std::string answer = busy.answer();
    CHECK(status_of(answer) == 200);
    CHECK(answer.find("Connection: close") != std::string::npos);
    CHECK(busy.read_to_end().empty());
  }
  org.thread.join();
}

TEST_CASE("spoiled requests are answered or dropped, and the office serves on") {
  Running org;
  FakeRandom random(11);
  const std::string good = http_post("/v1/pull", wire::encode(pb::PullRequest{}));
  for (int i = 0; i < 60; ++i) {
    std::string bad = good;
    for (std::uint64_t n = 0; n <= random.below(3); ++n)
      bad[random.below(bad.size())] = static_cast<char>(random.below(256));
    TlsClient client = org.client(org.amina);
    REQUIRE(client.send(bad + "\r\n\r\n\r\n\r\n" + std::string(64, 'x')));
    (void)client.read(1);
  }
  CHECK(Courier(org, org.amina.courier_seed).post("/v1/pull", kEmpty).status == 200);
}

TEST_CASE("an address that is not of this machine, or in use, is named") {
  Running org;
  const auto taken = office::HttpServer::listen({"127.0.0.1", org.server->port()}, org.service);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().code == Errc::busy);
  const auto elsewhere = office::HttpServer::listen({"192.0.2.1", 0}, org.service);  // RFC 5737: nobody's
  REQUIRE_FALSE(elsewhere);
  CHECK(elsewhere.error().code == Errc::unreachable);
}
