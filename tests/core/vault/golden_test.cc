#include <catch2/catch_test_macros.hpp>

#include "core/search/search.h"
#include "core/vault/drafts.h"
#include "core/vault/solo.h"
#include "core/vault/verify.h"
#include "tests/core/golden.h"
#include "tests/support/fleet.h"

using namespace wayside;
using namespace wayside::support;
using vault::Vault;

namespace {

const platform::Path kHome = "/vault";
constexpr std::string_view kWords = "golden vault of version one";
const std::vector<std::string> kFiles{"header", "store.db", "drafts"};

std::filesystem::path folder() { return test::data_folder() / "vaults" / "v2"; }

RecordId id_of(char name) {
  RecordId id;
  id.bytes.fill(name);
  return id;
}

casework::NewRecordRequest request(char name, std::string_view type, const Fields& fields) {
  casework::NewRecordRequest out;
  out.id = id_of(name);
  out.type = &type_named(type);
  for (const auto& [field, value] : fields) out.fields.push_back(change(type, field, {value}));
  return out;
}

/// Something of everything that a vault can hold alone.
void write_golden_vault() {
  FakeEnv world(1);
  platform::Env env = world.env();
  auto vault = need(vault::create_solo(env, kHome, typed(kWords), "Amina", "golden"));
  need(casework::put(
      *vault, std::nullopt, std::nullopt,
      {request('c', "case", {{"reference", Text{"W-GOLD"}}, {"status", Code{"open"}}}),
       request('p', "person",
               {{"forename", Text{"Zo\xc3\xab"}}, {"address", Text{"1 High Street"}}, {"safe_contact", Code{"NEVER"}}}),
       request('n', "note",
               {{"at", Instant{1'750'000'000'000}}, {"kind", Code{"office"}}, {"text", Text{"first entry"}}})},
      "put"));
  need(casework::put(*vault, std::nullopt, std::nullopt,
                     {request('s', "service", {{"name", Text{"A refuge"}}, {"kind", Code{"support"}}})}, "put"));
  need(casework::edit(*vault, id_of('p'), {change("person", "address", {Text{"Flat 2"}})}, "she moved", "edit"));
  need(casework::edit(*vault, id_of('n'), {change("note", "text", {Text{"corrected entry"}})}, "", "edit"));
  need(casework::archive(*vault, id_of('s'), false, "closed down"));
  need(search::catch_up_all(*vault));
  {
    auto drafts = need(vault::Drafts::open(*vault));
    vault::Draft draft;
    draft.form.bytes.fill('f');
    draft.record = id_of('p');
    draft.case_id = id_of('c');
    draft.type = "person";
    draft.time_ms = 5;
    draft.fields = {{22, {"half an address"}}};
    draft.shown = {{22, {ledger::Dot{}}}};
    need(drafts.keep(draft));
  }
  const std::string secret = "device-" + to_hex(vault->identity().device.view());
  vault.reset();
  for (const std::string& name : kFiles)
    test::write_file(folder() / name, world.files.contents().at((kHome / name).string()));
  test::write_file(folder() / "device_secret", secret + "\n" + to_hex(need(world.keys.load(secret)).view()) + "\n");
}

/// A machine that holds a copy of the golden vault.
struct Machine {
  FakeEnv world{7};
  Machine() {
    need(world.files.make_folders(kHome));
    for (const std::string& name : kFiles) put(name, support::read_file(folder() / name));
    const Bytes secret = support::read_file(folder() / "device_secret");
    const std::size_t line = secret.find('\n');
    Bytes key = from_hex(secret.substr(line + 1, 64));
    need(world.keys.save(secret.substr(0, line), SecretBytes::take(std::as_writable_bytes(std::span(key)))));
  }
  void put(const std::string& name, BytesView content) {
    auto file = need(world.files.open(kHome / name, platform::OpenMode::create));
    need(file->truncate(0));
    need(file->write_at(0, content));
    need(file->sync());
  }
  Bytes get(const std::string& name) { return world.files.contents().at((kHome / name).string()); }
  Result<std::unique_ptr<Vault>> open() {
    platform::Env env = world.env();
    return Vault::open(env, kHome, typed(kWords));
  }
};

std::vector<std::string> schema_of(Vault& vault) {
  std::vector<std::string> out;
  store::Query all =
      vault.store().database().query("SELECT coalesce(sql, name) FROM sqlite_master ORDER BY type, name");
  while (need(all.next())) out.emplace_back(all.text(0));
  return out;
}

}  // namespace

TEST_CASE("a vault of version 1 opens, verifies, and shows what it held") {
  need(schema::load_builtin());
  if (test::writes_golden()) write_golden_vault();
  Machine machine;
  auto vault = need(machine.open());
  CHECK(need(vault::verify(*vault, {})).faults.empty());
  CHECK(vault->user_name(vault->identity().user) == "Amina");
  CHECK(need(casework::get(*vault, id_of('c'))).text("reference") == "W-GOLD");
  CHECK(need(casework::get(*vault, id_of('p'))).text("address") == "Flat 2");
  CHECK(need(casework::get(*vault, id_of('n'))).text("text") == "corrected entry");
  CHECK(need(casework::get(*vault, id_of('s'))).archived.archived);
  CHECK(need(casework::history(*vault, id_of('p'), 0)).size() == 4);
  CHECK(need(search::find(*vault, {"zoe", std::nullopt, 10})).size() == 1);
  const auto drafts = need(vault::Drafts::open(*vault));
  REQUIRE(drafts.all().size() == 1);
  CHECK(drafts.all()[0].fields.at(0).items.at(0) == "half an address");
  CHECK(drafts.all()[0].shown.at(0).dots.size() == 1);
  casework::NewRecordRequest more = request('q', "person", {{"forename", Text{"Ada"}}});
  need(casework::put(*vault, id_of('c'), std::nullopt, {more}, "put"));
  CHECK(need(vault::verify(*vault, {})).faults.empty());
}

TEST_CASE("a header of version 1 is written as then") {
  Machine machine;
  const Bytes kept = machine.get("header");
  const auto header = vault::decode_header(kept);
  REQUIRE(header);
  CHECK(header->label == "golden");
  CHECK(vault::encode(*header) == kept);
  CHECK(test::golden("vault_header.v1.bin", kept) == kept);  // beside the others, where the fuzzers look
}

TEST_CASE("a store made today has the tables of version 1") {
  Machine machine;
  auto old = need(machine.open());
  FakeEnv world;
  platform::Env env = world.env();
  auto fresh = need(vault::create_solo(env, kHome, typed(kWords), "Amina", "fresh"));
  CHECK(schema_of(*fresh) == schema_of(*old));
}

TEST_CASE("broken copies of a vault are refused by name, and put right again they open") {
  struct Broken {
    std::string_view what, file;
    Bytes (*change)(Bytes);
    Errc why;
  };
  const std::vector<Broken> all{
      {"truncated header", "header", [](Bytes bytes) { return bytes.substr(0, bytes.size() / 2); }, Errc::not_a_vault},
      {"empty header", "header", [](Bytes) { return Bytes(); }, Errc::not_a_vault},
      {"wrong magic", "header", [](Bytes bytes) { return bytes[0] = 'X', bytes; }, Errc::not_a_vault},
      {"newer version", "header", [](Bytes bytes) { return bytes[8] = 2, bytes; }, Errc::newer_format},
      {"checksum", "header", [](Bytes bytes) { return bytes.back() ^= 1, bytes; }, Errc::not_a_vault},
      {"plain SQLite", "store.db", [](Bytes bytes) { return Bytes("SQLite format 3\0", 16) + bytes.substr(16); },
       Errc::not_a_vault},
      {"cut inside its first page", "store.db", [](Bytes bytes) { return bytes.substr(0, 1'000); }, Errc::not_a_vault},
      {"first page changed", "store.db", [](Bytes bytes) { return bytes[500] ^= 1, bytes; }, Errc::not_a_vault},
      {"another store", "store.db", [](Bytes bytes) { return Bytes(bytes.rbegin(), bytes.rend()); },
       Errc::not_a_vault}};
  for (const Broken& broken : all) {
    Machine machine;
    const std::string file(broken.file);
    const Bytes good = machine.get(file);
    machine.put(file, broken.change(good));
    INFO(broken.what);
    const auto refused = machine.open();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == broken.why);
    machine.put(file, good);
    CHECK(machine.open());
  }
}
