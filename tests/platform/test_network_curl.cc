#include <catch2/catch_test_macros.hpp>
#include <optional>

#include "platform/network_curl.h"
#include "tests/platform/tls_peer.h"

using namespace wayside;
using namespace wayside::platform;
using support::http_answer;
using support::TlsPeer;

namespace {

SecretBytes seed_of(unsigned char first) {
  SecretBytes seed(32);
  seed.data()[0] = first;
  return seed;
}

std::array<unsigned char, 32> key_of(unsigned char first) {
  return *ed25519_public_key(TlsIdentity::from_seed(seed_of(first))->certificate.get());
}

Environment nothing_set() {
  return [](const char*) -> std::optional<std::string> { return std::nullopt; };
}

std::string echo(const std::string& request) { return http_answer(request.substr(request.find("\r\n\r\n") + 4)); }

const SecretBytes& device() {
  static const SecretBytes seed = seed_of(77);
  return seed;
}

HttpCall call_to(const TlsPeer& peer, Bytes body = "hello") {
  return {.address = peer.address(),
          .path = "/v1/pull",
          .body = std::move(body),
          .office_pin = peer.pin(),
          .client_key = &device()};
}

}  // namespace

TEST_CASE("a post brings back status and body, under the device's own key") {
  TlsPeer peer(seed_of(1), echo);
  CurlNetwork network(nothing_set());
  const Bytes body("\0binary\xFF\r\n\r\n", 12);
  const auto answer = network.post(call_to(peer, body));
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->body == body);
  const auto seen = peer.seen(1);
  CHECK(seen.client_keys.at(0) == key_of(77));
  CHECK(seen.requests.at(0).starts_with("POST /v1/pull HTTP/1.1\r\n"));
}

TEST_CASE("a request says nothing of the program that sent it") {
  TlsPeer peer(seed_of(1), echo);
  CurlNetwork network(nothing_set());
  REQUIRE(network.post(call_to(peer)));
  const std::string head = peer.seen(1).requests.at(0);
  CHECK(head == "POST /v1/pull HTTP/1.1\r\nHost: " + peer.address() +
                    "\r\nContent-Type: application/octet-stream\r\nContent-Length: 5\r\n\r\nhello");
}

TEST_CASE("bytes are counted as they cross, headers and bodies, both ways") {
  TlsPeer peer(seed_of(1),
               [](const std::string&) { return http_answer(std::string(70'000, 'x'), "Server: test\r\n"); });
  CurlNetwork network(nothing_set());
  std::uint64_t up = 0;
  std::uint64_t down = 0;
  for (const std::size_t size : {0, 1, 1000, 3'000'000}) {
    const auto answer = network.post(call_to(peer, Bytes(size, 'y')));
    REQUIRE(answer);
    up += answer->bytes_up;
    down += answer->bytes_down;
  }
  const auto seen = peer.seen(1);
  std::uint64_t received = 0;
  for (const auto& request : seen.requests) received += request.size();
  CHECK(up == received);
  CHECK(down == seen.bytes_down);
}

TEST_CASE("the connection is kept, and made anew when the office dropped it") {
  TlsPeer peer(seed_of(1), echo);
  CurlNetwork network(nothing_set());
  CHECK(network.post(call_to(peer))->new_connection);
  CHECK_FALSE(network.post(call_to(peer))->new_connection);
  CHECK_FALSE(network.post(call_to(peer))->new_connection);
  CHECK(peer.seen(1).handshakes == 1);
  peer.drop_connection();
  const auto after = network.post(call_to(peer));
  REQUIRE(after);
  CHECK(after->new_connection);
  CHECK(peer.seen(2).handshakes == 2);
}

TEST_CASE("an office of another key is the wrong office: it gets no request, and not even our certificate") {
  TlsPeer peer(seed_of(1), echo);
  CurlNetwork network(nothing_set());
  HttpCall call = call_to(peer);
  call.office_pin = pin_of(key_of(2));
  const auto answer = network.post(call);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == Errc::wrong_office);
  const auto seen = peer.seen(1);
  CHECK(seen.handshakes == 0);
  CHECK(seen.failed_handshakes == 1);
  CHECK(seen.requests.empty());
  CHECK(seen.client_keys.at(0) == std::nullopt);
}

TEST_CASE("a connection to the right office does not serve a call with another pin") {
  TlsPeer peer(seed_of(1), echo);
  CurlNetwork network(nothing_set());
  REQUIRE(network.post(call_to(peer)));
  HttpCall call = call_to(peer);
  call.office_pin[31] ^= 1;
  CHECK(network.post(call).error().code == Errc::wrong_office);
  CHECK(network.post(call_to(peer)));
  CHECK(peer.seen(3).requests.size() == 2);
}

TEST_CASE("two devices in one program never share a connection") {
  TlsPeer peer(seed_of(1), echo);
  CurlNetwork network(nothing_set());
  const SecretBytes other = seed_of(78);
  REQUIRE(network.post(call_to(peer)));
  HttpCall call = call_to(peer);
  call.client_key = &other;
  REQUIRE(network.post(call));
  call.client_key = nullptr;
  CHECK(network.post(call));
  const auto seen = peer.seen(3);
  CHECK(seen.client_keys.at(0) == key_of(77));
  CHECK(seen.client_keys.at(1) == key_of(78));
  CHECK(seen.client_keys.at(2) == std::nullopt);
}

TEST_CASE("TLS before 1.3 is refused") {
  TlsPeer peer(seed_of(1), echo, true);
  CurlNetwork network(nothing_set());
  CHECK(network.post(call_to(peer)).error().code == Errc::unreachable);
  CHECK(peer.seen(1).handshakes == 0);
}

TEST_CASE("an answer over the limit is refused while it comes in, whatever length it claims") {
  for (const char* claim : {"", "Transfer-Encoding: chunked\r\n"}) {
    const bool chunked = *claim != '\0';
    TlsPeer peer(seed_of(1), [chunked](const std::string&) {
      const std::string body(100'001, 'x');
      if (!chunked) return http_answer(body);
      return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n186a1\r\n" + body + "\r\n0\r\n\r\n";
    });
    CurlNetwork network(nothing_set());
    HttpCall call = call_to(peer);
    call.answer_limit_bytes = 100'000;
    CHECK(network.post(call).error().code == Errc::too_large);
    call.answer_limit_bytes = 100'001;
    CHECK(network.post(call)->body.size() == 100'001);
  }
}

TEST_CASE("headers without end are refused") {
  TlsPeer peer(seed_of(1), [](const std::string&) {
    std::string many;
    for (int i = 0; i < 2000; ++i) many += "X-Header: " + std::string(100, 'x') + "\r\n";
    return http_answer("", many);
  });
  CurlNetwork network(nothing_set());
  CHECK(network.post(call_to(peer)).error().code == Errc::too_large);
}

TEST_CASE("an answer that ends early is unreachable, and so is one that does not come in time") {
  TlsPeer cut(seed_of(1), [](const std::string& request) {
    return request.find("/cut") == std::string::npos ? std::string()
                                                     : "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this";
  });
  CurlNetwork network(nothing_set());
  CHECK(network.post(call_to(cut)).error().code == Errc::unreachable);
  HttpCall call = call_to(cut);
  call.path = "/cut";
  call.timeout_ms = 200;  // the peer keeps the connection open and says no more
  CHECK(network.post(call).error().code == Errc::unreachable);
}

TEST_CASE("an error status is an answer, and a redirect is not followed") {
  TlsPeer peer(seed_of(1), [](const std::string&) {
    return "HTTP/1.1 307 Go\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 2\r\n\r\nno";
  });
  CurlNetwork network(nothing_set());
  const auto answer = network.post(call_to(peer));
  REQUIRE(answer);
  CHECK(answer->status == 307);
  CHECK(answer->body == "no");
}

TEST_CASE("nobody listening is unreachable") {
  std::string address;
  {
    const TlsPeer gone(seed_of(1), echo);
    address = gone.address();
  }
  CurlNetwork network(nothing_set());
  CHECK(network.post({.address = address, .path = "/", .office_pin = pin_of(key_of(1))}).error().code ==
        Errc::unreachable);
}

TEST_CASE("an address, a path or a pin that is none is refused before anything is sent") {
  CurlNetwork network(nothing_set());
  const Pin pin = pin_of(key_of(1));
  for (const char* address : {"", "host", ":443", "host:", "host:https", "a@host:1", "host/x:1", "host:1/x",
                              "host:123456", "ho st:1", "[::1:443", "[]:1", "host:1\r\n", "https://host:1"}) {
    INFO(address);
    CHECK(network.post({.address = address, .path = "/", .office_pin = pin}).error().code == Errc::bad_input);
  }
  for (const char* path : {"", "v1", "/a b", "/a\r\nX: y", "/a?b", "/a#b"}) {
    INFO(path);
    CHECK(network.post({.address = "localhost:1", .path = path, .office_pin = pin}).error().code == Errc::bad_input);
  }
  CHECK(network.post({.address = "localhost:1", .path = "/"}).error().code == Errc::bad_input);
  const SecretBytes short_key(5);
  CHECK(
      network.post({.address = "localhost:1", .path = "/", .office_pin = pin, .client_key = &short_key}).error().code ==
      Errc::bad_input);
}

TEST_CASE("a proxy is for other machines: loopback calls pass it by") {
  TlsPeer peer(seed_of(1), echo);
  CurlNetwork network([](const char* name) -> std::optional<std::string> {
    if (std::string_view(name) == "https_proxy") return "http://127.0.0.1:1";
    return std::nullopt;
  });
  CHECK(network.post(call_to(peer)));
  CHECK(network.post({.address = "192.0.2.1:443", .path = "/", .office_pin = peer.pin(), .timeout_ms = 5000})
            .error()
            .code == Errc::unreachable);
}
