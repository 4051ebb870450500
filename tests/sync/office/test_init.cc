#include <sodium.h>

#include <catch2/catch_test_macros.hpp>

#include <array>

#include "core/crypto/crypto.h"
#include "core/membership/names.h"
#include "core/recovery/papers.h"
#include "platform/atomic_file.h"
#include "sync/office/data_folder.h"
#include "sync/office/founding.h"
#include "sync/office/init.h"
#include "tests/support/fake_env.h"

using namespace wayside;
using namespace wayside::office;
using support::FakeEnv;

namespace {

const InitCommand kCommand{"/data", "Example Org", "office.example.org:8443", "/safe/recovery"};

struct World : FakeEnv {
  explicit World(std::uint64_t seed = 1) : FakeEnv(seed), env(FakeEnv::env()) { (void)files.make_folders("/safe"); }
  platform::Env env;
  SecretBytes ticket;

  std::expected<void, Failure> init(const InitCommand& command = kCommand) {
    return make_office(command, env, [this](const SecretBytes& text) {
      ticket = text.clone();
      return Result<void>{};
    });
  }
};

/// All ways in which 32 bytes could stand in a file as text: base64 has three, by where they begin.
std::vector<Bytes> forms_of(const SecretBytes& secret) {
  std::vector<Bytes> forms{Bytes(secret.view()), to_hex(secret.view())};
  std::string upper = forms[1];
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  forms.push_back(upper);
  Bytes grouped;
  for (std::size_t i = 0; i < forms[1].size(); i += 4) grouped += forms[1].substr(i, 4) + " ";
  forms.push_back(grouped.substr(0, grouped.size() - 1));
  for (const int variant : {sodium_base64_VARIANT_ORIGINAL, sodium_base64_VARIANT_URLSAFE}) {
    for (std::size_t lead = 0; lead < 3; ++lead) {
      const Bytes padded = Bytes(lead, '\0') + Bytes(secret.view());
      std::array<char, 128> out{};
      sodium_bin2base64(out.data(), out.size(), as_uchar(padded), padded.size(), variant);
      // Only the digits that depend on nothing but the secret.
      forms.push_back(Bytes(out.data()).substr(lead == 0 ? 0 : lead + 1, 40));
    }
  }
  return forms;
}

bool anywhere(const std::map<std::string, Bytes>& files, const std::string& folder, const SecretBytes& secret) {
  for (const auto& [path, content] : files) {
    if (!path.starts_with(folder)) continue;
    for (const Bytes& form : forms_of(secret)) {
      if (content.find(form) != Bytes::npos) return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("a new organisation has a founder, an office, a team with an epoch and one ticket, all signed by the root") {
  World world;
  REQUIRE(world.init());
  const auto ticket = membership::parse_ticket(world.ticket);
  REQUIRE(ticket);
  const auto store = LedgerStore::open(world.env, DataFolder::store_in("/data"));
  REQUIRE(store);
  const membership::Log& log = (*store)->log();
  CHECK(log.size() == 5);
  CHECK(log.found()->root_public == ticket->root_public);
  CHECK(log.office()->address == "office.example.org:8443");
  CHECK(log.office()->tls_pin == ticket->office_pin);
  REQUIRE(log.teams().size() == 1);
  REQUIRE(log.tickets().contains(ticket->ticket));
  const membership::TicketEntry& entry = log.tickets().at(ticket->ticket).entry;
  CHECK(entry.role == membership::Role::admin);
  CHECK(entry.teams == std::vector{log.teams().begin()->first});
  CHECK(entry.expires_ms == world.clock.wall_ms() + 7LL * 24 * 60 * 60 * 1000);
  CHECK(crypto::sign_public(ticket->seed) == entry.public_key);

  const auto secrets = membership::open_ticket_secrets(*ticket);
  REQUIRE(secrets);
  const membership::Epoch& epoch = *log.newest_epoch(log.teams().begin()->first);
  CHECK(epoch.number == 1);
  CHECK(crypto::box_public(secrets->epoch_secrets.at(0)) == epoch.public_key);
  CHECK(membership::open_name(secrets->member_key.view(), log.found()->sealed_name) == "Example Org");
  CHECK(membership::open_name(secrets->member_key.view(), log.teams().begin()->second.entry.sealed_name) == "main");
}

TEST_CASE("the recovery page holds the root key and the recovery secret that membership names") {
  World world;
  REQUIRE(world.init());
  const auto text = platform::read_secret(world.files, "/safe/recovery", 4096);
  REQUIRE(text);
  const auto page = recovery::parse_page(*text);
  REQUIRE(page);
  const auto store = LedgerStore::open(world.env, DataFolder::store_in("/data"));
  const membership::Found& found = *(*store)->log().found();
  CHECK(page->organisation == (*store)->log().organisation());
  CHECK(crypto::sign_public(page->root_seed) == found.root_public);
  CHECK(crypto::box_public(page->recovery_secret) == found.recovery_public);
}

TEST_CASE("init writes three shares besides the page, or instead of it, of which any two give what the page gives") {
  for (const bool page_too : {true, false}) {
    World world;
    InitCommand command = kCommand;
    command.shares_out = "/safe/shares";
    if (!page_too) command.recovery_out.clear();
    REQUIRE(make_office(command, world.env, [](const SecretBytes&) -> Result<void> { return {}; }));
    CHECK(world.files.exists("/safe/recovery") == page_too);
    const auto store = LedgerStore::open(world.env, DataFolder::store_in("/data"));
    const membership::Found& found = *(*store)->log().found();
    const auto files = recovery::share_files("/safe/shares");
    for (const auto& [a, b] : {std::pair{0, 1}, {1, 2}, {2, 0}}) {
      const auto secrets = recovery::read_papers(world.env, {{}, {files[a], files[b]}});
      REQUIRE(secrets);
      CHECK(crypto::sign_public(secrets->root_seed) == found.root_public);
      CHECK(crypto::box_public(secrets->recovery_secret) == found.recovery_public);
      CHECK(membership::open_name(recovery::member_key_of(*secrets).view(), found.sealed_name) == "Example Org");
    }
    const auto one = recovery::read_papers(world.env, {{}, {files[0], files[1]}});
    CHECK_FALSE(anywhere(world.files.contents(), "/safe/shares", one->root_seed));
    CHECK_FALSE(anywhere(world.files.contents(), "/data", one->root_seed));
  }
}

TEST_CASE("an init that fails leaves no share behind, and shares replace no file and lie outside of the data") {
  World world;
  InitCommand command = kCommand;
  command.shares_out = "/safe/shares";
  CHECK_FALSE(make_office(command, world.env, [](const SecretBytes&) -> Result<void> { return fail(Errc::io); }));
  for (const auto& file : recovery::share_files("/safe/shares")) CHECK_FALSE(world.files.exists(file));
  CHECK_FALSE(world.files.exists("/safe/recovery"));
  command.shares_out = "/data/shares";
  CHECK(make_office(command, world.env, [](const SecretBytes&) -> Result<void> { return {}; }).error().error.code == Errc::not_permitted);
  command.shares_out.clear();
  command.recovery_out.clear();
  CHECK(make_office(command, world.env, [](const SecretBytes&) -> Result<void> { return {}; }).error().error.code == Errc::usage);
}

TEST_CASE("the data folder holds no key that opens a case or signs membership, in any form") {
  World world;
  REQUIRE(world.init());
  const auto ticket = membership::parse_ticket(world.ticket);
  const auto secrets = membership::open_ticket_secrets(*ticket);
  const auto page = recovery::parse_page(*platform::read_secret(world.files, "/safe/recovery", 4096));
  const auto files = world.files.contents();
  CHECK_FALSE(anywhere(files, "/data", page->root_seed));
  CHECK_FALSE(anywhere(files, "/data", page->recovery_secret));
  CHECK_FALSE(anywhere(files, "/data", secrets->member_key));
  CHECK_FALSE(anywhere(files, "/data", secrets->epoch_secrets.at(0)));
  CHECK_FALSE(anywhere(files, "/data", ticket->seed));
  CHECK_FALSE(anywhere(files, "/safe", secrets->member_key));
  // The search itself can find: these are there.
  CHECK(anywhere(files, "/safe", page->root_seed));
  const auto keys = load_keys(world.files, DataFolder::keys_in("/data"));
  REQUIRE(keys);
  CHECK(anywhere(files, "/data", keys->tls_seed));
  for (const auto& [path, content] : files) {
    if (path.starts_with("/data")) CHECK(content.find("Example Org") == Bytes::npos);
  }
}

TEST_CASE("the search for keys finds them as base64 wherever they begin") {
  World world;
  const SecretBytes secret = crypto::random_secret(world.random, 32);
  for (std::size_t lead = 0; lead < 6; ++lead) {
    const Bytes around = Bytes(lead, 'x') + Bytes(secret.view()) + "tail";
    std::array<char, 128> out{};
    sodium_bin2base64(out.data(), out.size(), as_uchar(around), around.size(), sodium_base64_VARIANT_ORIGINAL);
    CHECK(anywhere({{"/data/x", Bytes(out.data())}}, "/data", secret));
  }
}

TEST_CASE("nothing is ever replaced: not an office, not a recovery file") {
  World world;
  REQUIRE(world.init());
  const auto before = world.files.contents();
  const auto again = world.init();
  REQUIRE_FALSE(again);
  CHECK(again.error().doing == Doing::recovery_file);
  CHECK(again.error().error.code == Errc::already_exists);
  InitCommand other = kCommand;
  other.recovery_out = "/safe/another";
  const auto twice = world.init(other);
  REQUIRE_FALSE(twice);
  CHECK(twice.error().doing == Doing::init);
  CHECK(twice.error().error.code == Errc::already_exists);
  CHECK(world.files.contents() == before);
}

TEST_CASE("the recovery file may not lie in the data folder, however that is spelt") {
  for (const char* path : {"/data/recovery", "/data/keys/../recovery", "/safe/../data/recovery"}) {
    World world;
    InitCommand command = kCommand;
    command.recovery_out = path;
    const auto made = world.init(command);
    REQUIRE_FALSE(made);
    CHECK(made.error().error.code == Errc::not_permitted);
    CHECK(world.files.contents().empty());
  }
  InitCommand beside = kCommand;
  beside.data = "/data/";
  beside.recovery_out = "/data-recovery";
  World world;
  CHECK(world.init(beside));
}

TEST_CASE("a name or an address that is none is refused before anything is made") {
  for (const auto& [name, address] : {std::pair{"", "a:1"},
                                      {"Org", "nowhere"},
                                      {"Org", ":443"},
                                      {"Org", "a:70000"},
                                      {"Org", "a b:1"},
                                      {"Org\xff", "a:1"}}) {
    World world;
    InitCommand command = kCommand;
    command.organisation = name;
    command.address = address;
    CHECK_FALSE(world.init(command));
    CHECK(world.files.contents().empty());
  }
  World world;
  InitCommand command = kCommand;
  command.organisation = std::string(191, 'x');
  CHECK_FALSE(world.init(command));
}

TEST_CASE("an init that fails at any write leaves nothing behind and can be run again") {
  std::uint64_t failures = 0;
  for (std::uint64_t n = 0;; ++n) {
    World world(n);
    world.files.fail_at(n, Errc::disk_full);
    const auto made = world.init();
    world.files.heal();
    INFO("operation " << n);
    if (made) {
      if (world.files.counts().operations < n) break;
      continue;  // what failed did not matter
    }
    ++failures;
    // Either it is gone, or it says what it is.
    const auto data = DataFolder::use(world.files, "/data");
    REQUIRE_FALSE(data);
    if (data.error().code == Errc::already_exists) continue;
    CHECK(data.error().code == Errc::not_found);
    if (!world.files.exists("/safe/recovery")) CHECK(world.init());
  }
  CHECK(failures > 10);
}

TEST_CASE("a power cut at any point of init leaves no office, an unfinished one that says so, or a whole one") {
  std::size_t none = 0;
  std::size_t unfinished = 0;
  std::uint64_t n = 0;
  for (bool whole = false; !whole; ++n) {
    World world(n);
    world.files.power_off_at(n);
    const auto made = world.init();
    world.files.heal();
    world.files.crash(n + 1);
    INFO("operation " << n);
    const auto data = DataFolder::use(world.files, "/data");
    if (data) {
      const auto store = LedgerStore::open(world.env, data->store());
      REQUIRE(store);
      CHECK((*store)->log().size() == 5);
      CHECK(load_keys(world.files, data->keys()));
      const auto page = platform::read_secret(world.files, "/safe/recovery", 4096);
      REQUIRE(page);
      CHECK(recovery::parse_page(*page));
      CHECK_FALSE(world.ticket.empty());
    } else {
      CHECK_FALSE(made);
      CHECK((data.error().code == Errc::not_found || data.error().code == Errc::already_exists));
      (data.error().code == Errc::not_found ? none : unfinished) += 1;
    }
    whole = made.has_value();
    REQUIRE(n < 1000);
  }
  CHECK(none > 0);
  CHECK(unfinished > 10);
}

TEST_CASE("an office in use is busy for everybody else") {
  World world;
  REQUIRE(world.init());
  const auto held = DataFolder::use(world.files, "/data");
  REQUIRE(held);
  const auto second = DataFolder::use(world.files, "/data");
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Errc::busy);
}

TEST_CASE("spoiled office keys are noticed") {
  World world;
  REQUIRE(world.init());
  const Bytes good = *platform::read_all(world.files, "/data/office.keys", 4096);
  for (std::size_t i = 0; i < good.size(); ++i) {
    Bytes bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    world.files.tamper("/data/office.keys", bad);
    CHECK_FALSE(load_keys(world.files, "/data/office.keys"));
  }
  world.files.tamper("/data/office.keys", good.substr(0, good.size() - 1));
  CHECK_FALSE(load_keys(world.files, "/data/office.keys"));
  world.files.tamper("/data/office.keys", good);
  CHECK(load_keys(world.files, "/data/office.keys"));
}
