#include "core/vault/verify.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "core/search/search.h"
#include "tests/support/fleet.h"

using namespace wayside;
using namespace wayside::support;

namespace {

/// Two devices that have merged; the second holds a conflict, a review and work of both.
struct Town {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  Device& ben = fleet.add("Ben");
  RecordId case_id = put_case(amina, "W-1");
  RecordId person = put(amina, case_id, "person", {{"forename", Text{"Zoe"}}, {"address", Text{"1 High Street"}}});

  Town() {
    fleet.reconcile();
    edit(amina, person, "address", Text{"Flat 2"});
    edit(ben, person, "address", Text{"9 Orchard Way"});
    edit(ben, case_id, "lead_worker", Text{"Ben"});
    fleet.reconcile();
    need(search::catch_up_all(*ben));
  }
  void run(std::string_view sql) { need(ben->store().database().run(sql)); }
};

bool told(const std::vector<std::string>& faults, std::string_view words) {
  return std::any_of(faults.begin(), faults.end(), [&](const std::string& fault) { return fault.find(words) != std::string::npos; });
}

/// Writes a record's state back after `change_it`, as somebody with the key could.
template <class Change>
void change_record(Device& device, const RecordId& id, Change change_it) {
  auto row = *need(device->store().record(id));
  change_it(row.state);
  auto writing = need(device->begin());
  need(device->store().put_record(writing.transaction(), row));
  need(std::move(writing).commit());
}

}  // namespace

TEST_CASE("a vault that was written by nobody else verifies, and counts what it looked at") {
  Town town;
  const auto verified = need(vault::verify(*town.ben, {}));
  CHECK(verified.faults.empty());
  CHECK(verified.envelopes == 6);
  CHECK(verified.records == 2);
  CHECK(verified.pending == 0);
  CHECK(verified.quarantined == 0);
  std::uint64_t last = 0;
  need(vault::verify(*town.ben, [&](std::uint64_t done, std::uint64_t total) {
    CHECK(done == last + 1);
    CHECK(done <= total);
    last = done;
  }));
  CHECK(last == verified.ledgers);
}

TEST_CASE("a changed value, author, role, time, request or superseded dot of a record is found") {
  using State = ledger::RecordState;
  const std::uint32_t address = field_named("person", "address").id;
  const std::vector<std::pair<std::string_view, void (*)(State&, std::uint32_t)>> changes{
      {"value", [](State& state, std::uint32_t field) { state.fields[field].held[0].value.back() ^= 1; }},
      {"author", [](State& state, std::uint32_t field) { state.fields[field].held[0].author.user = UserId{}; }},
      {"role", [](State& state, std::uint32_t field) { state.fields[field].held[0].author.role = 4; }},
      {"time", [](State& state, std::uint32_t field) { ++state.fields[field].held[0].author.time; }},
      {"request", [](State& state, std::uint32_t field) { state.fields[field].held[0].request = true; }},
      {"correction", [](State& state, std::uint32_t field) { state.fields[field].held[0].corrects = ledger::Dot{}; }},
      {"superseded dot", [](State& state, std::uint32_t field) { state.fields[field].superseded.clear(); }},
      {"missing field", [](State& state, std::uint32_t field) { state.fields.erase(field); }},
      {"additional field", [](State& state, std::uint32_t) { state.fields[99].held.push_back({{}, {}, "x", false, {}, {}}); }},
      {"type", [](State& state, std::uint32_t) { state.type = 3; }}};
  for (const auto& [what, change_it] : changes) {
    Town town;
    change_record(town.ben, town.person, [&, apply = change_it](State& state) { apply(state, address); });
    INFO(what);
    CHECK(told(faults(town.ben), "record"));
  }
}

TEST_CASE("whatever else is changed in the store by somebody who has its key is found") {
  struct Damage { std::string_view sql, told; };
  const std::vector<Damage> damages{
      {"DELETE FROM envelopes WHERE n = (SELECT max(n) FROM envelopes)", "ledger table"},
      {"UPDATE envelopes SET id = randomblob(32) WHERE n = 3", "its id"},
      {"UPDATE envelopes SET sealed = (SELECT sealed FROM envelopes WHERE n = 1) WHERE n = 3", "its id"},
      {"UPDATE envelopes SET sealed = x'01' WHERE n = 2", "does not fit"},
      {"UPDATE envelopes SET sealed = substr(sealed, 1, length(sealed) - 1) || x'55' WHERE n = 2", "its signature"},
      {"UPDATE ledgers SET keys = CAST(substr(keys, 1, 24) || zeroblob(32) AS BLOB) WHERE length(keys) > 0", "does not fit"},
      {"UPDATE ledgers SET keys = x''", "does not fit"},
      {"UPDATE envelopes SET grants = x''", "its grants"},
      {"UPDATE envelopes SET grants = substr(grants, 1, length(grants) - 1) || x'77' WHERE grants != x''", "its grants"},
      {"UPDATE records SET id = randomblob(16) WHERE n = 2", "not found by their ids"},
      {"INSERT INTO ledgers_by_id(id, n) VALUES(randomblob(16), 1)", "not found by their ids"},
      {"DELETE FROM reviews", "reviews of record"},
      {"UPDATE reviews SET field = 17", "reviews of record"},
      {"INSERT INTO reviews SELECT randomblob(16), n, 16, 0 FROM records LIMIT 1", "reviews of record"},
      {"UPDATE search_index SET words = 'nothing'", "search index"},
      {"DELETE FROM search_index WHERE rowid = (SELECT max(rowid) FROM search_index)", "search index"},
      {"INSERT INTO search_index(rowid, names, words) VALUES(999, 'a', 'ghost')", "search index"},
      {"UPDATE search_index_content SET c1 = 'nothing'", "search index"},
      {"UPDATE envelopes SET totals = substr(totals, 1, 47) || x'00' WHERE n = (SELECT max(n) FROM envelopes)", ""}};
  for (const Damage& damage : damages) {
    Town town;
    INFO(damage.sql);
    need(town.ben->store().database().run("PRAGMA foreign_keys = OFF"));
    town.run(damage.sql);
    if (damage.told.empty()) town.fleet.reopen(town.ben);   // read at opening
    const auto found = faults(town.ben);
    CHECK_FALSE(found.empty());
    CHECK(told(found, damage.told));
  }
}

TEST_CASE("a record taken out, or put in without an envelope, is found") {
  Town town;
  need(town.ben->store().database().run("PRAGMA foreign_keys = OFF"));
  town.run("DELETE FROM records WHERE n = (SELECT max(n) FROM records)");
  CHECK(told(faults(town.ben), "record"));
  Town other;
  other.run("INSERT INTO records(id, ledger, type, state) SELECT randomblob(16), ledger, type, state FROM records LIMIT 1");
  CHECK(told(faults(other.ben), "record"));
}

TEST_CASE("a page changed on the disk is found") {
  Town town;
  need(town.ben->store().database().checkpoint());
  const std::string file = (town.ben.home / "store.db").string();
  Bytes bytes = town.ben.world->files.contents().at(file);
  bytes[bytes.size() - 2'000] ^= 1;
  town.ben.vault.reset();
  town.ben.world->files.tamper(file, bytes);
  platform::Env env = town.ben.world->env();
  auto opened = vault::Vault::open(env, town.ben.home, typed(Fleet::kPassphrase));
  if (!opened) return;
  const auto verified = vault::verify(**opened, {});   // an error when the page cannot be read at all
  CHECK((!verified || !verified->faults.empty()));
}

TEST_CASE("faults name no word of a case") {
  Town town;
  change_record(town.ben, town.person, [](ledger::RecordState& state) { state.fields.clear(); });
  town.run("UPDATE search_index SET words = 'canary'");
  for (const std::string& fault : faults(town.ben)) {
    for (const std::string_view word : {"Zoe", "Orchard", "Flat", "canary", "W-1"}) CHECK(fault.find(word) == std::string::npos);
  }
}
