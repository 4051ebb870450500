#include "core/vault/erasure.h"

#include <algorithm>
#include <cctype>
#include <list>

#include <catch2/catch_test_macros.hpp>

#include "core/attachments/attachments.h"
#include "core/casework/erasing.h"
#include "core/search/search.h"
#include "core/vault/granting.h"
#include "core/vault/save.h"
#include "core/vault/verify.h"
#include "tests/support/fleet.h"

using namespace wayside;
using support::code_of;
using support::Device;
using support::Fleet;
using support::need;

namespace {

constexpr std::string_view kCanary = "Quillonbury";
constexpr std::string_view kOther = "Orchardside";

/// Amina and Ben hold two cases each; one of them is to go, with its compartment. The administrator signs for the office.
struct Town {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  Device& ben = fleet.add("Ben");
  RecordId goes = support::put_case(amina, "W-1 Quillonbury");
  RecordId stays = support::put_case(amina, "W-2 Orchardside");
  RecordId person = support::put(amina, goes, "person", {{"forename", Text{"Quillonbury"}}});
  RecordId perpetrator = support::put(amina, goes, "perpetrator", {{"forename", Text{"Quillonbury"}}});
  RecordId neighbour = support::put(amina, stays, "person", {{"forename", Text{"Orchardside"}}});
  std::vector<vault::Parcel> before;   ///< everything, as a backup would hold it

  Town() {
    support::edit(amina, person, "forename", Text{"Quillonbury Anne"});
    auto writing = need(amina->begin());
    need(vault::grant_compartments(*amina, writing));
    need(std::move(writing).commit());
    fleet.reconcile();
    before = Fleet::all_of(amina);
    need(search::catch_up_all(*amina));
    need(search::catch_up_all(*ben));
  }
  LedgerId ledger() { return need(amina->store().ledger_of(ledger::LedgerKind::case_ledger, goes.view()))->id; }
  /// As an administrator's device does: a certificate for each ledger of the case, its own last.
  LedgerId erase() {
    const auto ledgers = need(amina->store().ledgers_of_case(goes));
    for (auto each = ledgers.rbegin(); each != ledgers.rend(); ++each) fleet.append(membership::Erase{each->id, {}});
    return ledgers.front().id;
  }
};

std::size_t found(Device& device, std::string_view text) { return need(search::find(*device, {std::string(text), {}, 50})).size(); }

/// Every column of every table, the search index's own among them.
std::size_t rows_with(Device& device, std::string_view text) {
  store::Database& database = device->store().database();
  std::vector<std::string> tables;
  {
    store::Query names = database.query("SELECT name FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL");
    while (need(names.next())) tables.emplace_back(names.text(0));
  }
  std::size_t out = 0;
  static std::list<std::string> statements;   // the store keeps statements by their text, which must outlive it
  for (const std::string& table : tables) {
    std::vector<std::string> columns;
    {
      store::Query info = database.query("SELECT name FROM pragma_table_info(?)", store::SqlText{table});
      while (need(info.next())) columns.emplace_back(info.text(0));
    }
    for (const std::string& column : columns) {
      const std::string& sql = statements.emplace_back("SELECT CAST(\"" + column + "\" AS BLOB) FROM \"" + table + "\"");
      store::Query rows = database.query(sql);
      while (need(rows.next())) {
        std::string bytes(rows.blob(0));
        std::ranges::transform(bytes, bytes.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        if (bytes.find(text) != std::string::npos) ++out;
      }
    }
  }
  return out;
}

std::int64_t number(Device& device, std::string_view sql) {
  store::Query query = device->store().database().query(sql);
  need(query.next());
  return query.integer(0);
}

}  // namespace

SCENARIO("an erased case is gone from every device, and one that comes later never had it") {
  Town town;
  CHECK(found(town.ben, kCanary) > 0);
  town.erase();
  town.fleet.share_membership();
  Device& cara = town.fleet.add("Cara");
  town.fleet.reconcile();

  for (Device* each : {&town.amina, &town.ben, &cara}) {
    INFO(each->name);
    CHECK_FALSE(need((*each)->store().has_record(town.goes)));
    CHECK_FALSE(need((*each)->store().has_record(town.person)));
    CHECK_FALSE(need((*each)->store().has_record(town.perpetrator)));
    CHECK(need((*each)->store().has_record(town.neighbour)));
    CHECK(found(*each, kCanary) == 0);
    CHECK(found(*each, kOther) == 2);
    CHECK(support::faults(*each).empty());
    CHECK(support::digest(*each) == support::digest(town.amina));
    CHECK(need(casework::standing(**each)).records == 2);
    CHECK(code_of(casework::get(**each, town.person)) == Errc::not_found);
    CHECK(code_of(casework::records_of_case(**each, town.goes)) == Errc::not_found);
  }
  CHECK(need(vault::verify(*town.amina, {})).erased == 2);
  town.fleet.reopen(town.ben);
  CHECK(support::faults(town.ben).empty());
}

TEST_CASE("no row of the store holds a word of an erased case, and no key that is left opens what it was written in") {
  Town town;
  REQUIRE(rows_with(town.amina, "quillonbury") > 0);
  town.erase();
  town.fleet.share_membership();
  need(vault::finish_erasures(*town.amina, nullptr));
  CHECK(rows_with(town.amina, "quillonbury") == 0);
  CHECK(rows_with(town.amina, "orchardside") > 0);
  CHECK(town.amina.world->files.contents().at("/Amina/store.db-wal").empty());

  const auto erased = need(vault::erased_ledgers(*town.amina));
  std::size_t tried = 0;
  for (const vault::Parcel& parcel : town.before) {
    const auto envelope = need(ledger::parse_envelope(parcel.envelope));
    if (!erased.contains(envelope.header.ledger)) continue;
    CHECK(code_of(town.amina->store().case_key(need(town.amina->store().ledger(envelope.header.ledger))->n, envelope.header.key_generation)) == Errc::no_key);
    store::Query ledgers = town.amina->store().database().query("SELECT n FROM ledgers");
    while (need(ledgers.next())) {
      const auto key = need(town.amina->store().writing_key(ledgers.integer(0)));
      if (key) CHECK_FALSE(ledger::open_envelope(envelope, key->key.view()));
      tried += key ? 1 : 0;
    }
    for (const Bytes& grant : parcel.grants) CHECK(rows_with(town.amina, membership::parse_grant(grant)->wrap) == 0);
  }
  CHECK(tried > 0);
}

TEST_CASE("no word of an erased case is left in the search index, in however many pages its words stood among others") {
  Town town;
  const auto words = [](int i, std::string_view more) { return Text{"word" + std::to_string(i) + "x quite" + std::to_string(i % 7) + std::string(more)}; };
  for (int i = 0; i < 200; ++i) {
    const bool goes = i % 2 == 0;
    support::put(town.amina, goes ? town.goes : town.stays, "note",
                 {{"kind", Code{"office"}}, {"at", Instant{1'750'000'000'000}}, {"text", words(i, goes ? " Quillonbury" + std::to_string(i) : "")}});
    if (i % 50 == 0) need(search::catch_up_all(*town.amina));
  }
  need(search::catch_up_all(*town.amina));
  REQUIRE(rows_with(town.amina, "quillonbury") > 0);
  town.erase();
  town.fleet.share_membership();
  need(vault::finish_erasures(*town.amina, nullptr));
  CHECK(rows_with(town.amina, "quillonbury") == 0);
  CHECK(found(town.amina, "word1x") == 1);
  CHECK(found(town.amina, "word2x") == 0);
  CHECK(support::faults(town.amina).empty());
}

TEST_CASE("what comes late is kept apart without its content, and what was never sent is not silently gone") {
  Town town;
  // Ben writes before he hears of it, Amina has not sent hers.
  support::edit(town.ben, town.person, "forename", Text{"Quillonbury Late"});
  const auto late = Fleet::news(town.ben);
  REQUIRE(late.size() == 1);
  const LedgerId id = town.erase();
  town.fleet.share_membership(town.amina);
  CHECK(Fleet::give(town.amina, late.front()) == vault::Outcome::quarantined);
  CHECK(Fleet::give(town.amina, town.before.front()) == vault::Outcome::known);
  CHECK(number(town.amina, "SELECT count(*) FROM quarantine") > 0);
  CHECK(number(town.amina, "SELECT sum(length(sealed) + length(grants)) FROM quarantine") == 0);
  CHECK(found(town.amina, kCanary) == 0);
  CHECK(support::faults(town.amina).empty());

  town.fleet.share_membership(town.ben);
  CHECK(need(town.ben->store().outgoing_count()) == 0);
  const auto certificates = need(casework::certificates(*town.ben));
  REQUIRE(certificates.size() == 2);
  CHECK(certificates.back().ledger == id);
  CHECK(certificates.back().late == 1);
  CHECK(need(casework::reviews(*town.ben)).empty());
  CHECK(support::faults(town.ben).empty());
}

TEST_CASE("what waits on an erased case goes with it, and what arrives of it never waits") {
  Town town;
  Device& cara = town.fleet.add("Cara");
  // The second half alone: it waits for the first.
  const std::vector<vault::Parcel> half(town.before.begin() + 2, town.before.end());
  Fleet::give(cara, half);
  REQUIRE(number(cara, "SELECT count(*) FROM pending") > 0);
  town.erase();
  town.fleet.share_membership();
  Fleet::give(cara, town.before);
  CHECK(number(cara, "SELECT count(*) FROM pending") == 0);
  CHECK(support::digest(cara) == support::digest(town.amina));
  CHECK(support::faults(cara).empty());
}

TEST_CASE("a compartment that a colleague made while apart goes with its case, and can have a certificate of its own") {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  Device& ben = fleet.add("Ben");
  const RecordId case_id = support::put_case(amina, "W-1");
  fleet.reconcile();
  support::put(ben, case_id, "perpetrator", {{"forename", Text{"Quillonbury"}}});
  const auto late = Fleet::news(ben);
  const LedgerId of_case = need(amina->store().ledger_of(ledger::LedgerKind::case_ledger, case_id.view()))->id;
  fleet.append(membership::Erase{of_case, {}});
  fleet.share_membership(amina);
  for (const vault::Parcel& parcel : late) CHECK(Fleet::give(amina, parcel) == vault::Outcome::quarantined);
  CHECK(number(amina, "SELECT sum(length(keys)) FROM ledgers") == 0);
  CHECK(number(amina, "SELECT count(*) FROM records") == 0);
  CHECK(support::faults(amina).empty());

  fleet.share_membership(ben);
  CHECK(number(ben, "SELECT count(*) FROM records") == 0);
  CHECK(support::digest(ben) == support::digest(amina));
  CHECK(need(vault::uncertified_erasures(*ben)).size() == 1);
  CHECK(support::faults(ben).empty());
}

TEST_CASE("numbers of rows that went are given out again, and what gets them is found like everything else") {
  Town town;
  const RecordId last = support::put(town.amina, town.goes, "note", {{"kind", Code{"office"}}, {"at", Instant{1'750'000'000'000}}, {"text", Text{"Quillonbury"}}});
  need(search::catch_up_all(*town.amina));
  town.erase();
  town.fleet.share_membership();
  for (int i = 0; i < 5; ++i) support::put(town.amina, town.stays, "person", {{"forename", Text{"Newcomer"}}});
  CHECK_FALSE(need(town.amina->store().has_record(last)));
  CHECK(found(town.amina, "Newcomer") == 5);
  CHECK(need(town.amina->store().records_of_type(support::type_named("person").id)).size() == 6);
  CHECK(support::faults(town.amina).empty());
  town.fleet.reopen(town.amina);
  CHECK(found(town.amina, "Newcomer") == 5);
  CHECK(support::faults(town.amina).empty());
}

TEST_CASE("only an administrator or the root signs for an erasure, and only a case is erased: whoever reads the log checks it") {
  Town town;
  Device& boss = town.fleet.add("Boss", membership::Role::admin);
  Device& manager = town.fleet.add("Mona", membership::Role::manager);
  const membership::Erase erase{town.ledger(), {}};
  const auto by = [&](Device& device, const membership::EntryKind& kind) {
    return town.fleet.sign(kind, membership::SignerKind::device, device->identity().device.str(), device->keys().sign_seed);
  };
  const auto take = [&](const membership::SignedEntry& entry) -> Result<void> {
    auto writing = need(town.ben->begin());
    return writing.append_membership(entry);
  };
  CHECK(code_of(take(by(town.amina, erase))) == Errc::not_permitted);
  CHECK(code_of(take(by(manager, erase))) == Errc::not_permitted);
  CHECK(code_of(take(by(boss, membership::Erase{town.fleet.log().found()->organisation_ledger, {}}))) == Errc::not_permitted);
  CHECK(code_of(take(by(boss, membership::Erase{town.fleet.log().teams().begin()->second.entry.ledger, {}}))) == Errc::not_permitted);
  CHECK(found(town.ben, kCanary) > 0);
  CHECK(take(by(boss, erase)));
  // It was not committed: then nothing went, in the store or in memory.
  CHECK(found(town.ben, kCanary) > 0);
  CHECK(support::faults(town.ben).empty());
}

TEST_CASE("drafts and parts of attachments of an erased case go, those of others stay") {
  Town town;
  const auto attach = [&](const RecordId& case_id, std::string_view words) {
    return need(attachments::add(*town.amina, {case_id, "letter.txt", "letter", {}, {}, false, {}}, Bytes(words)));
  };
  const auto gone = attach(town.goes, "Quillonbury");
  const auto kept = attach(town.stays, "Orchardside");
  auto drafts = need(vault::Drafts::open(*town.amina));
  const auto draft_in = [&](const RecordId& case_id, char name) {
    vault::Draft out;
    out.form.bytes.fill(name);
    out.record.bytes.fill(name);
    out.case_id = case_id;
    out.type = "note";
    need(drafts.keep(out));
  };
  draft_in(town.goes, 'a');
  draft_in(town.stays, 'b');
  town.erase();
  town.fleet.share_membership();
  need(vault::finish_erasures(*town.amina, &drafts));
  CHECK(drafts.all().size() == 1);
  CHECK(drafts.all().front().case_id == town.stays);
  draft_in(town.stays, 'c');
  CHECK(need(vault::Drafts::open(*town.amina)).all().size() == 2);
  const auto left = need(attachments::sweep(*town.amina, false));
  CHECK(left.attachments == 1);
  for (const auto& orphan : left.orphans) FAIL_CHECK(orphan.string());
  CHECK(code_of(attachments::open(*town.amina, gone.id)) == Errc::not_found);
  CHECK(need(attachments::open(*town.amina, kept.id)) == "Orchardside");
}

TEST_CASE("power lost at any operation of an erasure: opening again finishes it, and nothing else is harmed") {
  std::uint64_t points = 0;
  for (std::uint64_t n = 0;; n += 1 + n / 16) {
    Town town;
    need(attachments::add(*town.amina, {town.goes, "letter.txt", "letter", {}, {}, false, {}}, "Quillonbury"));
    town.erase();
    const auto from = town.amina.world->files.counts().operations;
    town.amina.world->files.power_off_at(from + n);
    {
      const auto go = [&]() -> Result<void> {
        WAYSIDE_TRY(auto writing, town.amina->begin());
        vault::Ingest ingest(*town.amina, writing);
        WAYSIDE_OK(ingest.membership(town.fleet.entries()));
        WAYSIDE_OK(std::move(writing).commit());
        return vault::finish_erasures(*town.amina, nullptr);
      };
      (void)go();
    }
    const bool reached = town.amina.world->files.counts().operations > from + n;
    town.amina.vault.reset();
    town.amina.world->files.crash(n);
    INFO("operation " << n);
    town.fleet.reopen(town.amina);
    town.fleet.share_membership(town.amina);
    need(vault::finish_erasures(*town.amina, nullptr));
    CHECK(rows_with(town.amina, "quillonbury") == 0);
    CHECK(need(attachments::sweep(*town.amina, false)).orphans.empty());
    CHECK(need(town.amina->store().has_record(town.neighbour)));
    CHECK(support::faults(town.amina).empty());
    if (!reached) break;
    ++points;
  }
  CHECK(points > 10);
}
