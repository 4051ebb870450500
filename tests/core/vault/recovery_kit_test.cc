#include "core/vault/recovery_kit.h"

#include <catch2/catch_test_macros.hpp>

#include "core/vault/kdf_policy.h"
#include "core/vault/solo.h"
#include "core/vault/verify.h"
#include "tests/support/fleet.h"

using namespace wayside;
using namespace wayside::support;
using vault::Vault;

namespace {

const platform::Path kHome = "/home/amina/wayside";
constexpr std::string_view kWords = "apple river stone", kNewWords = "quite other words";

std::unique_ptr<Vault> make(FakeEnv& world) {
  platform::Env env = world.env();
  return need(vault::create_solo(env, kHome, typed(kWords), "Amina", "Amina's laptop"));
}

Result<std::unique_ptr<Vault>> open(FakeEnv& world, std::string_view words = kWords) {
  platform::Env env = world.env();
  return Vault::open(env, kHome, typed(words));
}

Result<std::unique_ptr<Vault>> recover(FakeEnv& world, const recovery::Kit& kit, std::string_view words = kNewWords) {
  platform::Env env = world.env();
  return Vault::recover(env, kHome, kit, typed(words));
}

recovery::Kit copy_of(const recovery::Kit& kit) { return {kit.slot, kit.code.clone()}; }

recovery::Kit make_kit(Vault& vault, std::string_view words = kWords) {
  recovery::Kit out;
  need(vault.make_kit(typed(words), [&](const recovery::Kit& kit) -> Result<void> {
    out = copy_of(kit);
    return {};
  }));
  return out;
}

RecordId save_case(Vault& vault, std::string_view reference) {
  casework::NewRecordRequest request;
  request.type = &type_named("case");
  request.fields = {change("case", "reference", {Text{std::string(reference)}}), change("case", "status", {Code{"open"}})};
  return need(casework::put(vault, std::nullopt, std::nullopt, {request}, "put")).at(0);
}

Bytes header_of(FakeEnv& world) { return world.files.contents().at((kHome / "header").string()); }

}  // namespace

SCENARIO("the passphrase is forgotten; the kit opens the vault and sets another") {
  FakeEnv world;
  RecordId id;
  recovery::Kit kit;
  {
    auto vault = make(world);
    id = save_case(*vault, "W-1");
    kit = make_kit(*vault);
    save_case(*vault, "W-2");
  }
  CHECK(open(world));   // making a kit changes nothing for the passphrase
  {
    auto vault = need(recover(world, kit));
    CHECK(need(casework::get(*vault, id)).text("reference") == "W-1");
    save_case(*vault, "W-3");
  }
  CHECK(open(world).error().code == Errc::wrong_passphrase);
  auto vault = need(open(world, kNewWords));
  CHECK(vault->check_anchor());
  CHECK(need(vault::verify(*vault, {})).faults.empty());
}

SCENARIO("the device's secret is gone; the kit opens a copy of the vault on another computer, which gets a secret of its own") {
  FakeEnv world;
  recovery::Kit kit;
  {
    auto vault = make(world);
    kit = make_kit(*vault);
  }
  FakeEnv other(2);
  const auto copy = world.files.copy();
  platform::Env env{other.clock, other.random, *copy, other.keys, other.network};
  CHECK(Vault::open(env, kHome, typed(kWords)).error().code == Errc::no_device_secret);
  CHECK(other.keys.size() == 0);
  need(Vault::recover(env, kHome, kit, typed(kNewWords)));
  CHECK(other.keys.size() == 1);
  CHECK(Vault::open(env, kHome, typed(kNewWords)));
  CHECK(Vault::open(env, kHome, typed(kWords)).error().code == Errc::wrong_passphrase);
  // The first computer goes on as it was: its header and its secret are its own.
  CHECK(open(world));
}

TEST_CASE("a kit of another vault, a kit that was replaced and a wrong code open nothing, and change nothing") {
  FakeEnv world, elsewhere(9);
  auto vault = make(world);
  const recovery::Kit first = make_kit(*vault), second = make_kit(*vault);
  vault.reset();
  const recovery::Kit foreign = make_kit(*make(elsewhere));
  const Bytes before = header_of(world);
  CHECK(recover(world, first).error().code == Errc::bad_input);
  CHECK(recover(world, first).error().detail.contains("a newer one has replaced it"));
  CHECK(recover(world, foreign).error().code == Errc::bad_input);
  recovery::Kit wrong = copy_of(second);
  wrong.code.data()[0] ^= 1;
  CHECK(recover(world, wrong).error().code == Errc::bad_input);
  CHECK(header_of(world) == before);
  FakeEnv without(3);
  (void)make(without);
  CHECK(recover(without, second).error().detail == "no kit was made for this vault");
  CHECK(recover(world, second));
}

TEST_CASE("a kit is made only with the right passphrase, and not at all when nobody could take it") {
  FakeEnv world;
  auto vault = make(world);
  const auto nothing = [](const recovery::Kit&) -> Result<void> { return {}; };
  CHECK(vault->make_kit(typed("wrong"), nothing).error().code == Errc::wrong_passphrase);
  const auto refused = vault->make_kit(typed(kWords), [](const recovery::Kit&) { return fail(Errc::disk_full); });
  CHECK(refused.error().code == Errc::disk_full);
  CHECK_FALSE(need(vault::kit_standing(*vault)).there);
}

TEST_CASE("a change of passphrase leaves the kit as it was") {
  FakeEnv world;
  recovery::Kit kit;
  {
    auto vault = make(world);
    kit = make_kit(*vault);
    need(vault->change_passphrase(typed(kWords), typed("third words")));
  }
  CHECK(open(world, "third words"));
  CHECK(recover(world, kit));
}

TEST_CASE("making and using kits is recorded, sealed, and stays after later kits") {
  FakeEnv world;
  const auto now = world.clock.wall_ms();
  recovery::Kit kit;
  {
    auto vault = make(world);
    CHECK_FALSE(need(vault::kit_standing(*vault)).there);
    kit = make_kit(*vault);
    const auto standing = need(vault::kit_standing(*vault));
    CHECK(standing.there);
    CHECK(standing.made_ms == now);
    CHECK(standing.uses.empty());
  }
  world.clock.advance(1'000);
  need(recover(world, kit));
  world.clock.advance(1'000);
  need(recover(world, kit, kWords));
  auto vault = need(open(world));
  auto standing = need(vault::kit_standing(*vault));
  REQUIRE(standing.uses.size() == 2);
  CHECK(standing.uses.front().time_ms == now + 1'000);
  CHECK(standing.uses.back().newest_kit);
  make_kit(*vault);
  standing = need(vault::kit_standing(*vault));
  CHECK(standing.made_ms == now + 2'000);
  REQUIRE(standing.uses.size() == 2);
  CHECK_FALSE(standing.uses.back().newest_kit);
}

TEST_CASE("the record of kits is bounded, and keeps the newest") {
  FakeEnv world;
  auto vault = make(world);
  for (int i = 0; i < 205; ++i) {
    make_kit(*vault);
    world.clock.advance(1'000);
  }
  CHECK(need(vault::kit_standing(*vault)).made_ms == world.clock.wall_ms() - 1'000);
}

TEST_CASE("a header's recovery slot below the floor of key derivation is refused, and its parameters are bound") {
  FakeEnv world;
  recovery::Kit kit;
  {
    auto vault = make(world);
    kit = make_kit(*vault);
  }
  const Bytes good = header_of(world);
  const auto with = [&](auto&& change_it) {
    vault::Header header = need(vault::decode_header(good));
    change_it(header.slots.at(1));
    world.files.tamper(kHome / "header", vault::encode(header));
    return recover(world, kit).error().code;
  };
  const crypto::KdfCost floor = vault::kdf_policy().floor;
  CHECK(with([&](vault::KeySlot& slot) { slot.cost.memory_bytes = floor.memory_bytes - 1; }) == Errc::weak_parameters);
  CHECK(with([&](vault::KeySlot& slot) { slot.salt[0] = static_cast<char>(slot.salt[0] ^ 1); }) == Errc::bad_input);
  // A slot for a passphrase is none for a code.
  CHECK(with([&](vault::KeySlot& slot) { slot.kind = vault::SlotKind::passphrase; }) == Errc::bad_input);
  world.files.tamper(kHome / "header", good);
  CHECK(recover(world, kit));
}

TEST_CASE("power lost while a kit is made leaves a vault that opens, and the old kit or the new one") {
  std::uint64_t points = 0;
  for (std::uint64_t n = 0;; ++n) {
    FakeEnv world;
    auto vault = make(world);
    const RecordId id = save_case(*vault, "W-1");
    const recovery::Kit old_kit = make_kit(*vault);
    recovery::Kit new_kit;
    const std::uint64_t before = world.files.counts().operations;
    world.files.power_off_at(n);
    const bool made = vault->make_kit(typed(kWords), [&](const recovery::Kit& kit) -> Result<void> {
      new_kit = copy_of(kit);
      return {};
    }).has_value();
    const bool reached = world.files.counts().operations > before + n;
    vault.reset();
    world.files.crash(n);
    INFO("operation " << n);
    {
      auto again = need(open(world));
      CHECK(need(casework::get(*again, id)).text("reference") == "W-1");
    }
    auto recovered = recover(world, new_kit);
    if (made) REQUIRE(recovered);
    if (!recovered) recovered = recover(world, old_kit);
    REQUIRE(recovered);
    CHECK(need(casework::get(**recovered, id)).text("reference") == "W-1");
    if (!reached) break;
    ++points;
  }
  CHECK(points > 5);
}

TEST_CASE("power lost while a kit is used leaves the kit working, the old passphrase or the new, and no unseen use") {
  for (const bool secret_lost : {false, true}) {
    std::uint64_t points = 0;
    for (std::uint64_t n = 0;; ++n) {
      FakeEnv world;
      recovery::Kit kit;
      RecordId id;
      {
        auto vault = make(world);
        id = save_case(*vault, "W-1");
        kit = make_kit(*vault);
      }
      const std::string name = "device-" + to_hex(need(vault::decode_header(header_of(world))).vault.view());
      if (secret_lost) need(world.keys.remove(name));
      const std::uint64_t before = world.files.counts().operations;
      world.files.power_off_at(n);
      const bool done = recover(world, kit).has_value();
      const bool reached = world.files.counts().operations > before + n;
      world.files.crash(n);
      INFO("operation " << n << ", secret lost " << secret_lost);
      auto again = open(world, kNewWords);
      if (done) REQUIRE(again);
      if (again) CHECK(need(vault::kit_standing(**again)).uses.size() == 1);
      if (!again && !secret_lost) {
        again = open(world);
        REQUIRE(again);
      }
      if (again) CHECK(need(casework::get(**again, id)).text("reference") == "W-1");
      if (again) again->reset();
      REQUIRE(recover(world, kit, "fourth words"));
      CHECK(open(world, "fourth words"));
      if (!reached) break;
      ++points;
    }
    CHECK(points > 5);
  }
}

TEST_CASE("a key store that does not answer is no lost secret: nothing is replaced") {
  FakeEnv world;
  recovery::Kit kit;
  {
    auto vault = make(world);
    kit = make_kit(*vault);
  }
  world.keys.fail_with(Errc::io);
  CHECK(recover(world, kit).error().code == Errc::io);
  world.keys.fail_with(std::nullopt);
  CHECK(open(world));
}
