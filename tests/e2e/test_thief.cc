#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "sync/wire/codec.h"
#include "tests/e2e/courier_trace.h"
#include "tests/e2e/folder_watch.h"
#include "tests/e2e/needle_search.h"
#include "tests/e2e/raw_courier.h"
#include "tests/e2e/secrets.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

/// Amina administers; Ben shares a case with her; Cora is of another team, which has a case of its own.
struct Town {
  Stage stage{Cli::cheap};
  Home *amina = nullptr, *ben = nullptr, *cora = nullptr;

  Town() {
    stage.found();
    amina = &stage.join("amina", stage.ticket("first"));
    ben = &stage.invite_and_join(*amina, "ben", "advocate");
    (void)amina->ask({"invite", "--role", "advocate", "--team", "north", "--user", "cora", "--out", stage.ticket("cora")});
    cora = &stage.join("cora", stage.ticket("cora"));
    const std::string shared = put(*amina, {"put", "case", "--team", "main", "--set", "reference=W-1", "--set", "status=open"});
    put(*amina, {"put", "person", "--case", shared, "--set", "forename=Zoe", "--set", "address=9 Orchard Way"});
    put(*cora, {"put", "case", "--set", "reference=N-1", "--set", "status=open"});
    for (const Home* home : {amina, cora, ben}) (void)home->sync();
  }
  static std::string put(const Home& home, const Words& verb) { return home.ask(verb).at("ids").at(0); }
};

bool below(const std::string& path, const fs::path& folder) { return path.starts_with(folder.string() + "/") || path == folder; }

}  // namespace

TEST_CASE("while a courier works with nobody's passphrase, no file of the vault and no key store is opened") {
  Town town;
  Town::put(*town.ben, {"put", "case", "--set", "reference=W-2", "--set", "status=open"});
  FolderWatch vault(town.ben->path(), kTouched), keys(town.stage.keys(), kTouched);
  const Outcome done = town.ben->run({"sync", "--locked", "--json"});
  INFO(done.err);
  REQUIRE(done.code == 0);
  CHECK(done.answer().at("pushed").at("envelopes") > 0);
  for (const std::string& name : vault.seen()) {
    INFO(name);
    CHECK((name.empty() || name == "spool" || name == "blobs"));
  }
  CHECK(keys.seen().empty());
  // The same eyes see a verb that opens the vault.
  (void)town.ben->ask({"list", "case"});
  CHECK(std::ranges::count(vault.seen(), "store.db") > 0);
  CHECK_FALSE(keys.seen().empty());
}

TEST_CASE("a courier touches nothing of its vault but the spool and sealed files, no key store, and starts no program") {
  if (::geteuid() != 0) SKIP("a program that keeps its memory from its own user hides from him what it opens; root sees it");
  Town town;
  Town::put(*town.ben, {"put", "case", "--set", "reference=W-2", "--set", "status=open"});
  const auto seen = trace(town.stage, *town.ben, {"sync", "--json"});
  INFO(seen.outcome.err);
  REQUIRE(seen.outcome.code == 0);
  CHECK(seen.programs.empty());

  const fs::path home = town.ben->path();
  std::size_t of_spool = 0;
  for (const std::string& path : seen.of_courier) {
    INFO(path);
    CHECK_FALSE(below(path, town.stage.keys()));
    if (!below(path, home) || path == home) continue;
    const bool may = below(path, home / "spool") || below(path, home / "blobs");
    CHECK(may);
    ++of_spool;
  }
  CHECK(of_spool > 5);
  // The same eyes see the verb itself open what the courier must not.
  CHECK(std::ranges::any_of(seen.of_others, [&](const std::string& path) { return below(path, home / "store.db"); }));
  CHECK(std::ranges::any_of(seen.of_others, [&](const std::string& path) { return below(path, town.stage.keys()); }));
}

TEST_CASE("a thief with a courier's key gets the sealed bytes of that device's ledgers, and nothing opens them") {
  Town town;
  // What waits to be sent lies in the spool as well.
  Town::put(*town.ben, {"put", "case", "--set", "reference=W-3", "--set", "status=open"});
  RawCourier thief(town.stage, *town.ben);
  const auto served = thief.pull_all();
  REQUIRE(served.size() >= 4);

  std::set<Bytes> his;
  {
    Opened vault(town.stage, *town.ben);
    store::Query rows = vault->store().database().query("SELECT id FROM ledgers");
    for (auto row = rows.next(); row && *row; row = rows.next()) his.insert(Bytes(rows.blob(0)));
  }
  for (const auto& each : served) CHECK(his.contains(each.ledger()));   // nothing of the other team

  // All that the thief has: the spool, and what the office served. No key of anybody's stands in it.
  Secrets secrets(town.stage);
  for (const Home* home : {town.amina, town.ben, town.cora}) {
    Opened vault(town.stage, *home);
    secrets.take_device(home->name(), vault);
    if (home == town.amina) secrets.take_grants(vault);
  }
  const fs::path loot = town.stage.root() / "loot";
  fs::copy(town.ben->path() / "spool", loot, fs::copy_options::recursive);
  for (std::size_t i = 0; i < served.size(); ++i) {
    Bytes all = served[i].parcel().envelope();
    for (const auto& grant : served[i].parcel().grants()) all += grant;
    write_file(loot / ("served-" + std::to_string(i)), all);
  }
  NeedleSearch search;
  for (const auto& [name, secret] : secrets.all) search.add(name, secret.view());
  search.add("9 Orchard Way");
  for (const auto& found : search.in_folder(loot)) FAIL_CHECK(found);
  for (const auto& found : secrets.attack.on(loot)) FAIL_CHECK(found);
  CHECK(secrets.attack.windows_tried() > 5'000);
}

TEST_CASE("what a thief pushes with a courier's key is not taken as anybody's work") {
  Town town;
  RawCourier thief(town.stage, *town.ben);
  auto served = thief.pull_all();
  const auto whole = std::ranges::find_if(served, [](const auto& each) { return !each.parcel().envelope().empty(); });
  REQUIRE(whole != served.end());
  wire::pb::Parcel forged = whole->parcel();
  Bytes& envelope = *forged.mutable_envelope();
  envelope[envelope.size() - 70] = static_cast<char>(envelope[envelope.size() - 70] ^ 1);   // within what is signed
  const auto answers = thief.push({forged});
  REQUIRE(answers.size() == 1);
  CHECK(answers[0] != wire::pb::Taken::stored);
  CHECK(answers[0] != wire::pb::Taken::known);
  const auto entry = thief.post(wire::encode(wire::pb::AppendRequest()), "/v1/membership");
  CHECK(entry.status != 500);
  for (const Home* home : {town.amina, town.ben}) {
    const json synced = home->sync();
    CHECK(synced.at("quarantined") == 0);
  }
}
