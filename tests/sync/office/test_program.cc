#include <catch2/catch_test_macros.hpp>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/membership/ticket.h"
#include "platform/child_process.h"
#include "platform/files_posix.h"
#include "platform/network_curl.h"
#include "sync/wire/codec.h"
#include "tests/support/read_file.h"
#include "tests/support/temp_folder.h"
#include "tests/sync/office/organisation.h"

using namespace wayside;
using namespace wayside::support;
namespace pb = wire::pb;

namespace {

constexpr std::int64_t kPatience_ms = 60'000;

platform::ChildOutcome office_run(std::vector<std::string> arguments) {
  platform::ChildOptions options;
  options.program = WAYSIDE_OFFICE_PROGRAM;
  options.arguments = std::move(arguments);
  options.capture_errors = true;
  const auto outcome = platform::run_child(options, "", kPatience_ms);
  if (!outcome) FAIL(name_of(outcome.error().code) << " " << outcome.error().detail);
  return *outcome;
}

struct Place {
  TempFolder folder;
  std::string data = folder / "office";
  std::string recovery = folder / "recovery";
  std::string port_file = folder / "port";

  [[nodiscard]] platform::ChildOutcome init() const {
    return office_run(
        {"init", "--data", data, "--org", "Example Org", "--address", "127.0.0.1:8443", "--recovery-out", recovery});
  }
  /// Running, and listening when this returns.
  [[nodiscard]] platform::ChildProcess serve() const {
    platform::ChildOptions options;
    options.program = WAYSIDE_OFFICE_PROGRAM;
    options.arguments = {"serve", "--data", data, "--listen", "127.0.0.1:0", "--port-file", port_file};
    options.capture_errors = true;
    auto child = platform::ChildProcess::start(options);
    REQUIRE(child);
    while (child->errors().find('\n') == std::string::npos) {
      const auto line = child->read_line(100);  // stdout stays empty; meanwhile stderr is taken in
      if (line && !*line) FAIL("it ended: " << child->errors());
    }
    return *std::move(child);
  }
};

membership::Ticket ticket_of(const Bytes& text) {
  SecretBytes secret(text.size());
  std::copy(text.begin(), text.end(), reinterpret_cast<char*>(secret.data()));
  auto ticket = membership::parse_ticket(secret);
  REQUIRE(ticket);
  return *std::move(ticket);
}

platform::HttpAnswer post(const membership::Ticket& ticket, const std::string& port, const std::string& path,
                          const Bytes& body) {
  platform::CurlNetwork network([](const char*) { return std::optional<std::string>(); });
  platform::HttpCall call{"127.0.0.1:" + port, path, body, {}, &ticket.seed};
  std::copy(as_uchar(ticket.office_pin.view()), as_uchar(ticket.office_pin.view()) + 32, call.office_pin.begin());
  const auto answer = network.post(call);
  if (!answer) FAIL(name_of(answer.error().code) << " " << answer.error().detail);
  return *answer;
}

}  // namespace

TEST_CASE("init prints the first ticket, and an office can be served at once") {
  Place place;
  const auto init = place.init();
  REQUIRE(init.exit.code == 0);
  const membership::Ticket ticket = ticket_of(init.output);
  CHECK(ticket.office_address == "127.0.0.1:8443");
  CHECK(std::filesystem::status(place.recovery).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));

  auto served = place.serve();
  const std::string port = support::read_file(place.port_file);
  CHECK(served.errors() == "listening on 127.0.0.1:" + port);
  const auto pulled = post(ticket, port.substr(0, port.size() - 1), "/v1/pull", "\1");
  CHECK(pulled.status == 200);
  CHECK(wire::decode<pb::PullAnswer>(pulled.body)->membership_size() == 5);
  REQUIRE(::kill(served.pid(), SIGTERM) == 0);
  const auto end = served.wait(kPatience_ms);
  REQUIRE(end);
  CHECK(end->code == 0);
  CHECK(served.errors() == "listening on 127.0.0.1:" + port);  // nothing else was said
}

TEST_CASE("what was acknowledged survives SIGKILL") {
  Place place;
  const membership::Ticket ticket = ticket_of(place.init().output);
  Organisation shelf;  // lends its way of making a device's entry
  Member member;
  membership::Entry entry;
  std::string port;
  {
    auto served = place.serve();
    port = support::read_file(place.port_file);
    port.pop_back();
    const auto log = wire::decode<pb::PullAnswer>(post(ticket, port, "/v1/pull", "\1").body);
    const auto newest = membership::parse_entry(log->membership(4));
    (void)shelf.redeeming(ticket, member);
    entry.organisation = ticket.organisation;
    entry.number = 5;
    entry.previous = newest->hash;
    entry.time_ms = newest->entry.time_ms;
    entry.signer_kind = membership::SignerKind::ticket;
    entry.signer = ticket.ticket.str();
    entry.kind = member.entry;
    pb::AppendRequest append;
    append.set_entry(membership::sign_entry(entry, ticket.seed).bytes);
    const auto answer = wire::decode<pb::AppendAnswer>(post(ticket, port, "/v1/membership", wire::encode(append)).body);
    REQUIRE(answer->status() == pb::AppendAnswer::taken);
    served.kill();
    REQUIRE(served.wait(kPatience_ms));
  }
  auto again = place.serve();
  port = support::read_file(place.port_file);
  port.pop_back();
  CHECK(post(ticket, port, "/v1/pull", "\1").status == 403);  // used
  const auto status = nlohmann::json::parse(office_run({"status", "--data", place.data, "--json"}).output);
  CHECK(status.at("membership_entries") == 6);
  CHECK(status.at("devices") == 1);
}

TEST_CASE("status works beside a serving office and without one, with the same keys") {
  Place place;
  REQUIRE(place.init().exit.code == 0);
  const auto keys_of = [&place] {
    const auto outcome = office_run({"status", "--data", place.data, "--json"});
    CHECK(outcome.exit.code == 0);
    std::vector<std::string> keys;
    const auto json = nlohmann::ordered_json::parse(outcome.output);
    for (const auto& [key, value] : json.items()) keys.push_back(key);
    return keys;
  };
  const auto idle = keys_of();
  CHECK(idle == std::vector<std::string>{"generation", "ledgers", "envelopes", "envelope_bytes", "attachment_parts",
                                         "attachment_bytes", "devices", "quarantined", "membership_entries", "as_of"});
  const auto served = place.serve();
  CHECK(keys_of() == idle);
}

TEST_CASE("failures are one sentence and exit code 1; wrong usage is 2") {
  Place place;
  const auto fails = [](int code, const std::vector<std::string>& arguments, const std::string& words) {
    const auto outcome = office_run(arguments);
    INFO(outcome.errors);
    CHECK(outcome.exit.code == code);
    CHECK(outcome.errors.find(words) != std::string::npos);
    CHECK(outcome.output.empty());
  };
  fails(1, {"serve", "--data", place.data}, "There is no office in that folder");
  fails(1, {"status", "--data", place.data, "--json"}, "There is no office in that folder");
  CHECK_FALSE(std::filesystem::exists(place.data));
  REQUIRE(place.init().exit.code == 0);
  const std::string recovery = support::read_file(place.recovery);
  const auto init_with = [&](const std::string& data, const std::string& address, const std::string& out) {
    return std::vector<std::string>{"init", "--data", data, "--org", "X", "--address", address, "--recovery-out", out};
  };
  fails(1, init_with(place.folder / "other", "a:1", place.recovery), "exists already and is never replaced");
  CHECK(support::read_file(place.recovery) == recovery);
  fails(1, init_with(place.data, "a:1", place.folder / "r2"), "holds an office already");
  CHECK_FALSE(std::filesystem::exists(place.folder / "r2"));
  fails(1, init_with(place.folder / "other", "a:1", place.folder / "no/such/folder"), "does not exist");
  fails(2, init_with(place.folder / "other", "nonsense", place.folder / "r2"), "not HOST:PORT");
  fails(2, {"init", "--data", place.data}, "required");
  fails(2, {"dance"}, "");
  fails(2, {}, "");
  const auto served = place.serve();
  fails(1, {"serve", "--data", place.data}, "Another program is using that folder");
}

TEST_CASE("an init that was cut short is recognised") {
  Place place;
  REQUIRE(place.init().exit.code == 0);
  std::ofstream(std::filesystem::path(place.data) / "unfinished").flush();
  for (const char* verb : {"serve", "status"}) {
    const auto outcome = office_run({verb, "--data", place.data});
    CHECK(outcome.exit.code == 1);
    CHECK(outcome.errors.find("was cut short") != std::string::npos);
  }
}
