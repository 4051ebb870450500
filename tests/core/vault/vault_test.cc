#include "core/vault/vault.h"

#include <catch2/catch_test_macros.hpp>

#include "core/ledger/store_schema.h"
#include "core/vault/kdf_policy.h"
#include "core/vault/solo.h"
#include "core/vault/twin.h"
#include "core/vault/verify.h"
#include "tests/support/fleet.h"

using namespace wayside;
using namespace wayside::support;
using vault::Vault;

namespace {

const platform::Path kHome = "/home/amina/wayside";
constexpr std::string_view kWords = "apple river stone";

Result<std::unique_ptr<Vault>> make(FakeEnv& world, std::string_view words = kWords) {
  platform::Env env = world.env();
  return vault::create_solo(env, kHome, typed(words), "Amina", "Amina's laptop");
}

Result<std::unique_ptr<Vault>> open(FakeEnv& world, std::string_view words = kWords) {
  platform::Env env = world.env();
  return Vault::open(env, kHome, typed(words));
}

RecordId save_case(Vault& vault, std::string_view reference) {
  casework::NewRecordRequest request;
  request.type = &type_named("case");
  request.fields = {change("case", "reference", {Text{std::string(reference)}}), change("case", "status", {Code{"open"}})};
  return need(casework::put(vault, std::nullopt, std::nullopt, {request}, "put")).at(0);
}

/// Changes the header as somebody would who can write files, checksum included.
template <class Change>
void rewrite_header(FakeEnv& world, Change change_it) {
  vault::Header header = need(vault::decode_header(world.files.contents().at((kHome / "header").string())));
  change_it(header);
  world.files.tamper(kHome / "header", vault::encode(header));
}

}  // namespace

TEST_CASE("a vault made alone opens again with its passphrase, and knows who it is") {
  FakeEnv world;
  need(schema::load_builtin());
  vault::Identity me;
  RecordId id;
  {
    auto vault = need(make(world));
    me = vault->identity();
    CHECK(vault->admitted());
    CHECK(vault->role() == membership::Role::admin);
    CHECK(vault->user_name(me.user) == "Amina");
    CHECK(vault->header().label == "Amina's laptop");
    id = save_case(*vault, "W-1");
  }
  auto vault = need(open(world));
  CHECK(vault->identity().device == me.device);
  CHECK(vault->identity().user == me.user);
  CHECK(vault->identity().organisation == me.organisation);
  CHECK(vault->identity().incarnation == me.incarnation);
  CHECK(vault->user_name(me.user) == "Amina");
  CHECK(need(casework::get(*vault, id)).text("reference") == "W-1");
  CHECK(vault->secret("root_seed"));
  CHECK(vault->secret("recovery_secret"));
  CHECK(vault->secret("nothing").error().code == Errc::not_found);
}

TEST_CASE("a wrong passphrase opens nothing and may be followed by the right one") {
  FakeEnv world;
  need(make(world));
  for (const std::string_view wrong : {"", "apple river ston", "apple river stone ", "Apple river stone"}) {
    CHECK(open(world, wrong).error().code == Errc::wrong_passphrase);
  }
  CHECK(open(world));
}

TEST_CASE("a changed passphrase opens from then on, and the old one no longer does") {
  FakeEnv world;
  {
    auto vault = need(make(world));
    CHECK(vault->change_passphrase(typed("not it"), typed("new words")).error().code == Errc::wrong_passphrase);
    need(vault->change_passphrase(typed(kWords), typed("new words")));
  }
  CHECK(open(world).error().code == Errc::wrong_passphrase);
  CHECK(open(world, "new words"));
}

TEST_CASE("an old copy of the header still opens with the old passphrase, as whoever changes it is told") {
  FakeEnv world;
  auto vault = need(make(world));
  const Bytes old = world.files.contents().at((kHome / "header").string());
  need(vault->change_passphrase(typed(kWords), typed("new words")));
  vault.reset();
  world.files.tamper(kHome / "header", old);
  CHECK(open(world));
}

TEST_CASE("a change of passphrase that fails or loses power leaves one of the two passphrases, and all the data") {
  for (std::uint64_t n = 0;; ++n) {
    FakeEnv world;
    auto vault = need(make(world));
    const RecordId id = save_case(*vault, "W-1");
    const std::uint64_t before = world.files.counts().operations;
    world.files.power_off_at(n);
    const bool changed = vault->change_passphrase(typed(kWords), typed("new words")).has_value();
    const bool reached = world.files.counts().operations > before + n;
    vault.reset();
    world.files.crash(n);
    INFO("operation " << n);
    auto again = open(world, "new words");
    if (changed) REQUIRE(again);
    if (!again) again = open(world);
    REQUIRE(again);
    CHECK(need(casework::get(**again, id)).text("reference") == "W-1");
    if (!reached) break;
  }
}

TEST_CASE("a vault that is open elsewhere is busy, for opening and for making") {
  FakeEnv world;
  auto vault = need(make(world));
  CHECK(open(world).error().code == Errc::busy);
  CHECK(make(world).error().code == Errc::busy);
  vault.reset();
  CHECK(open(world));
}

TEST_CASE("making a vault refuses a folder that holds one") {
  FakeEnv world;
  need(make(world));
  CHECK(make(world).error().code == Errc::already_exists);
  CHECK(open(world));
}

TEST_CASE("without the device's secret the right passphrase opens nothing") {
  FakeEnv world;
  need(make(world));
  FakeEnv thief(2);
  const auto copy = world.files.copy();
  platform::Env env{thief.clock, thief.random, *copy, thief.keys, thief.network};
  CHECK(Vault::open(env, kHome, typed(kWords)).error().code == Errc::no_device_secret);
  world.keys.fail_with(Errc::io);
  CHECK(open(world).error().code == Errc::io);
  world.keys.fail_with(std::nullopt);
  CHECK(open(world));
}

TEST_CASE("another device's secret is a wrong passphrase, not an open vault") {
  FakeEnv world;
  auto vault = need(make(world));
  const std::string name = "device-" + to_hex(vault->identity().device.view());
  vault.reset();
  need(world.keys.save(name, SecretBytes(32)));
  CHECK(open(world).error().code == Errc::wrong_passphrase);
}

TEST_CASE("a header cut or changed at any byte is no vault, whatever else could be wrong with it") {
  FakeEnv world;
  need(make(world));
  const Bytes good = world.files.contents().at((kHome / "header").string());
  for (std::size_t size = 0; size < good.size(); ++size) {
    world.files.tamper(kHome / "header", good.substr(0, size));
    const auto refused = open(world);
    if (refused || refused.error().code != Errc::not_a_vault) FAIL_CHECK("cut at " << size);
  }
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x20);
    world.files.tamper(kHome / "header", bad);
    const auto refused = open(world);
    const Errc expected = at == 8 ? Errc::newer_format : Errc::not_a_vault;   // byte 8 is the version
    if (refused || refused.error().code != expected) FAIL_CHECK("byte " << at);
  }
  world.files.tamper(kHome / "header", good + "x");
  CHECK(open(world).error().code == Errc::not_a_vault);
  world.files.tamper(kHome / "header", Bytes(1 << 20, 'x'));
  CHECK_FALSE(open(world));
  world.files.tamper(kHome / "header", good);
  CHECK(open(world));
}

TEST_CASE("key derivation below the floor or above the ceiling is refused, whoever wrote it into the header") {
  FakeEnv world;
  need(make(world));
  const crypto::KdfCost floor = vault::kdf_policy().floor;
  const crypto::KdfCost ceiling = vault::kdf_policy().ceiling;
  for (const crypto::KdfCost cost : {crypto::KdfCost{floor.memory_bytes - 1, floor.passes}, {floor.memory_bytes, 0},
                                     {ceiling.memory_bytes + 1, floor.passes}, {floor.memory_bytes, ceiling.passes + 1}}) {
    rewrite_header(world, [&](vault::Header& header) { header.slots.at(0).cost = cost; });
    CHECK(open(world).error().code == Errc::weak_parameters);
  }
  // Cheaper, but allowed: the wrap is bound to its parameters.
  rewrite_header(world, [&](vault::Header& header) { header.slots.at(0).cost = floor; });
  CHECK(open(world).error().code == Errc::wrong_passphrase);
}

TEST_CASE("a slot of a kind to come is passed over; without one for a passphrase there is no way in") {
  FakeEnv world;
  need(make(world));
  rewrite_header(world, [](vault::Header& header) {
    vault::KeySlot recovery = header.slots.at(0);
    recovery.kind = vault::SlotKind::recovery;
    recovery.wrap = Bytes(48, 'r');
    header.slots.insert(header.slots.begin(), recovery);
  });
  CHECK(open(world));
  rewrite_header(world, [](vault::Header& header) { header.slots.pop_back(); });
  CHECK(open(world).error().code == Errc::not_a_vault);
}

TEST_CASE("a store that is missing, foreign, plain, empty or newer is refused by name") {
  FakeEnv world;
  need(make(world));
  FakeEnv other(9);
  need(make(other));
  const auto store_of = [](FakeEnv& of) { return of.files.contents().at((kHome / "store.db").string()); };
  const Bytes good = store_of(world);

  world.files.tamper(kHome / "store.db", store_of(other));
  CHECK(open(world).error().code == Errc::not_a_vault);
  world.files.tamper(kHome / "store.db", "SQLite format 3" + Bytes(8'000, '\0'));
  CHECK(open(world).error().code == Errc::not_a_vault);
  world.files.tamper(kHome / "store.db", "");
  CHECK(open(world).error().code == Errc::not_a_vault);
  world.files.tamper(kHome / "store.db", good);
  CHECK(open(world));
  {
    auto vault = need(open(world));
    need(vault->store().database().run_script("PRAGMA user_version = " + std::to_string(vault::kStoreVersion + 1)));
  }
  CHECK(open(world).error().code == Errc::newer_format);
  world.files.tamper(kHome / "store.db", good);
  {
    auto vault = need(open(world));
    need(vault->store().database().run_script("PRAGMA user_version = 1"));
  }
  CHECK(open(world).error().code == Errc::not_a_vault);
  need(world.files.remove(kHome / "store.db"));
  CHECK(open(world).error().code == Errc::not_a_vault);
}

TEST_CASE("a header that names a newer store is refused before the passphrase is tried") {
  FakeEnv world;
  need(make(world));
  rewrite_header(world, [](vault::Header& header) { header.store_version = vault::kStoreVersion + 1; });
  CHECK(open(world).error().code == Errc::newer_format);
}

TEST_CASE("a store whose inside does not fit is corrupt, and is closed properly") {
  const std::vector<std::string_view> damages{
      "DELETE FROM meta WHERE name = 'device'",        "UPDATE meta SET value = x'00' WHERE name = 'organisation'",
      "UPDATE envelopes SET totals = x'00'",           "UPDATE membership SET entry = x'01' WHERE number = 2",
      "DELETE FROM membership WHERE number = 1",       "DELETE FROM secrets WHERE name = 'sign_seed'",
      "UPDATE secrets SET name = 'epoch-x' WHERE name LIKE 'epoch-%'",
      "UPDATE secrets SET name = 'epoch-' || substr(name, 7, 33) || 'x' WHERE name LIKE 'epoch-%'"};
  for (const std::string_view damage : damages) {
    FakeEnv world;
    {
      auto vault = need(make(world));
      save_case(*vault, "1");
      need(vault->store().database().run(damage));
    }
    INFO(damage);
    const auto refused = open(world);
    REQUIRE_FALSE(refused);
    CHECK(open(world).error().code == refused.error().code);   // the lock was given back
  }
}

TEST_CASE("a save that was acknowledged is there after the power failed, and hybrid time never goes back") {
  FakeEnv world;
  std::vector<RecordId> ids;
  HybridTime last = 0;
  for (int day = 0; day < 3; ++day) {
    auto vault = day == 0 ? need(make(world)) : need(open(world));
    CHECK(vault->clock().latest() >= last);
    for (int i = 0; i < 3; ++i) ids.push_back(save_case(*vault, std::to_string(day * 10 + i)));
    last = vault->clock().latest();
    world.clock.set_wall(world.clock.wall_ms() - 86'400'000);   // somebody sets the clock back a day
    world.files.crash(static_cast<std::uint64_t>(day));
    vault.reset();
  }
  auto vault = need(open(world));
  CHECK(vault->clock().latest() == last);
  CHECK(vault->clock().tick() > last);
  for (const RecordId& id : ids) CHECK(casework::get(*vault, id));
  CHECK(need(vault::verify(*vault, {})).faults.empty());
}

TEST_CASE("power lost at any operation while a vault is made leaves a folder where making, or opening, works") {
  std::uint64_t points = 0;
  for (const std::uint64_t seed : {0u, 1u}) {
    for (std::uint64_t n = 0;; ++n) {
      FakeEnv world;
      world.files.power_off_at(n);
      bool made = false;
      {
        auto vault = make(world);
        made = vault.has_value();
        if (made) (void)(*vault)->anchor();
      }
      const bool reached = world.files.counts().operations > n;
      world.files.crash(seed == 0 ? 0 : seed * 10'000 + n);
      INFO("operation " << n << ", seed " << seed);
      auto again = open(world);
      if (made) REQUIRE(again);
      if (!again) again = make(world);
      REQUIRE(again);
      CHECK((*again)->admitted());
      save_case(**again, "after all");
      if (!reached) break;
      ++points;
    }
  }
  CHECK(points > 50);
}

TEST_CASE("a disk that fails at any operation while a vault is made leaves a folder where making works again") {
  for (const Errc code : {Errc::disk_full}) {
    for (std::uint64_t n = 0;; ++n) {
      FakeEnv world;
      world.files.fail_at(n, code);
      bool made = false;
      {
        auto vault = make(world);
        made = vault.has_value();
        if (!made) CHECK(vault.error().code == code);
      }
      const bool reached = world.files.counts().operations > n;
      world.files.heal();
      INFO(name_of(code) << " at operation " << n);
      auto again = made ? open(world) : make(world);
      REQUIRE(again);
      CHECK((*again)->admitted());
      if (!reached) break;
    }
  }
}

TEST_CASE("an older store put back is noticed on opening, and goes on as a new incarnation, anchored again") {
  FakeEnv world;
  {
    auto vault = need(make(world));
    save_case(*vault, "one");
  }
  const auto before = world.files.contents();
  IncarnationId first;
  {
    auto vault = need(open(world));
    CHECK(vault->check_anchor());
    first = vault->identity().incarnation;
    save_case(*vault, "two");
  }
  world.files.tamper(kHome / "store.db", before.at((kHome / "store.db").string()));
  IncarnationId second;
  {
    auto vault = need(open(world));
    CHECK(vault->check_anchor());
    second = vault->identity().incarnation;
    CHECK(second != first);
    CHECK(need(vault::verify(*vault, {})).faults.empty());
    CHECK(need(vault::last_copy(*vault)).how == vault::Copy::put_back);
    save_case(*vault, "another two");
    save_case(*vault, "three");
  }
  auto vault = need(open(world));
  CHECK(vault->check_anchor());
  CHECK(vault->identity().incarnation == second);
  CHECK(need(vault::verify(*vault, {})).faults.empty());
}

TEST_CASE("the anchor follows the store, also when the vault was not closed") {
  FakeEnv world;
  auto vault = need(make(world));
  save_case(*vault, "one");
  need(vault->anchor());
  save_case(*vault, "two");
  world.files.kill_process();
  vault.reset();
  vault = need(open(world));
  CHECK(vault->check_anchor());
  vault.reset();
  vault = need(open(world));
  CHECK(vault->header().anchor->envelopes == 2);
  CHECK(need(vault::verify(*vault, {})).faults.empty());
}

TEST_CASE("an anchor that somebody else wrote is noticed") {
  FakeEnv world;
  {
    auto vault = need(make(world));
    save_case(*vault, "one");
  }
  rewrite_header(world, [](vault::Header& header) { header.anchor->envelopes = 0; });
  auto vault = need(open(world));
  CHECK(vault->check_anchor().error().code == Errc::corrupt);
}

TEST_CASE("no file of a vault holds a word of a case, a name, or the passphrase") {
  FakeEnv world;
  auto vault = need(make(world, "passphrase-canary-QQ"));
  const RecordId id = save_case(*vault, "case-canary-WW");
  casework::NewRecordRequest person;
  person.type = &type_named("person");
  person.fields = {change("person", "surname", {Text{"surname-canary-EE"}})};
  need(casework::put(*vault, id, std::nullopt, {person}, "put"));
  const auto search = [&] {
    for (const auto& [name, content] : world.files.contents()) {
      if (name.find("canary") != std::string::npos || content.find("canary") != Bytes::npos) FAIL_CHECK(name);
    }
  };
  search();
  need(vault->store().database().checkpoint());
  search();
  vault.reset();
  search();
}

TEST_CASE("what was written in a transaction that is given up leaves nothing behind, in the store or in memory") {
  Fleet fleet;
  Device& amina = fleet.add("Amina", membership::Role::admin);
  const TeamId other = fleet.add_team("other");
  const auto time = amina->clock().latest();
  const auto chain = amina->chain();
  const auto members = amina->membership().size();
  {
    auto writing = need(amina->begin());
    vault::Ingest ingest(*amina, writing);
    need(ingest.membership(fleet.entries()));
    need(amina->add_epoch_secret({other, 1, SecretBytes(32)}));
    CHECK(amina->membership().size() > members);
    (void)writing.totals_with(EnvelopeId{});
    amina->clock().tick();
  }
  CHECK(amina->clock().latest() == time);
  CHECK(amina->chain() == chain);
  CHECK(amina->envelopes() == 0);
  CHECK(amina->membership().size() == members);
  CHECK(amina->epoch_secret(other, 1) == nullptr);
  fleet.share_membership();
  CHECK(amina->membership().size() > members);
}

TEST_CASE("a label that is no text is refused before anything is made") {
  FakeEnv world;
  platform::Env env = world.env();
  vault::NewVault fresh;
  fresh.identity.device = DeviceId::random(world.random);
  fresh.keys = vault::make_device_keys(world.random, {});
  fresh.label = "\xff\xfe";
  CHECK(Vault::create(env, kHome, typed(kWords), std::move(fresh)).error().code == Errc::bad_input);
  CHECK(make(world));
}
