#include "core/vault/carrying.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "core/attachments/blobs.h"
#include "core/search/search.h"
#include "core/vault/covered.h"
#include "core/vault/erasure.h"
#include "core/vault/receipts.h"
#include "core/vault/save.h"
#include "core/vault/snapshot.h"
#include "core/vault/unsent_parts.h"
#include "tests/support/fleet.h"

using namespace wayside;
using support::Fleet;
using support::need;

namespace {

constexpr std::string_view kCanary = "zanzibarheron";

const GenerationId kGeneration = *GenerationId::from(Bytes(GenerationId::size_bytes, 'g'));

/// Where an office would have each envelope that is here.
struct Place { std::int64_t n = 0; LedgerId ledger; vault::SeenPlace at; vault::Receipts::Placed placed; };

std::vector<Place> places_of(support::Device& device) {
  std::vector<Place> out;
  store::Query rows = device->store().database().query(
      "SELECT l.n, l.id, e.n, e.own FROM ledgers l JOIN envelopes e ON e.ledger = l.n WHERE l.kind > 0 ORDER BY l.n, e.n");
  while (need(rows.next())) {
    const bool same = !out.empty() && out.back().n == rows.integer(0);
    const std::uint64_t lsn = same ? out.back().at.lsn + 1 : 1;
    const Digest head = crypto::hash("test/head", {rows.blob(1), std::to_string(lsn)});
    out.push_back({rows.integer(0), rows.id<LedgerId>(1), {lsn, head}, {rows.integer(2), rows.integer(3) != 0}});
  }
  return out;
}

std::map<LedgerId, vault::SeenPlace> newest_of(support::Device& device) {
  std::map<LedgerId, vault::SeenPlace> out;
  for (const Place& each : places_of(device)) out[each.ledger] = each.at;
  return out;
}

struct Team {
  Fleet fleet{23};
  support::Device& amina = fleet.add("Amina");
  support::Device& ben = fleet.add("Ben");
  RecordId case_id = support::put_case(amina, "B-7");
  RecordId note = support::put(amina, case_id, "person", {{"forename", Text{std::string(kCanary)}}});
  RecordId other = support::put_case(amina, "C-8");
  HybridTime time = 1;
  Team() {
    fleet.append(membership::OfficeKey{Digest{}, crypto::sign_public(fleet.root_seed()), "127.0.0.1:1"});
    fleet.share_membership();
    fleet.reconcile();
    sent(amina);
    sent(ben);
  }

  /// What `of` says to colleagues.
  Bytes receipt(support::Device& of, const std::vector<ledger::ReceiptPlace>& places) {
    const ledger::Receipt frame{of->identity().organisation, of->identity().device, kGeneration, ++time, {}, {}};
    return ledger::encode_receipt(ledger::sign_receipts(frame, places, of->signer()).at(0));
  }
  template <class Do>
  static void in_receipts(support::Device& device, Do act) {
    auto writing = need(device->begin());
    auto receipts = need(vault::Receipts::begin(*device, writing, kGeneration));
    act(receipts);
    need(receipts.finish());
    need(std::move(writing).commit());
  }
  /// The office has signed where it stands.
  void has_signed(support::Device& device) {
    in_receipts(device, [&](vault::Receipts& receipts) {
      for (const Place& each : places_of(device)) need(receipts.note_place(each.n, each.at, each.placed));
      need(receipts.note_signed(newest_of(device), crypto::hash("test/frontier", {std::to_string(++time)})));
    });
  }
  /// And the colleague has said that she holds it.
  void is_receipted(support::Device& device) {
    support::Device& other = &device == &amina ? ben : amina;
    std::vector<ledger::ReceiptPlace> held;
    for (const auto& [ledger, at] : newest_of(device)) held.push_back({ledger, at.lsn, at.head, {}});
    in_receipts(device, [&](vault::Receipts& receipts) { need(receipts.take(receipt(other, held))); });
  }
  void sent(support::Device& device) {
    answered(device);
    has_signed(device);
    is_receipted(device);
  }
  std::vector<ledger::ReceiptPlace> untold(support::Device& device) {
    std::vector<ledger::ReceiptPlace> out;
    in_receipts(device, [&](vault::Receipts& receipts) { out = need(receipts.untold(100)); });
    return out;
  }
  vault::Frontier frontier(support::Device& device) {
    vault::Frontier out{kGeneration.str(), 100, {}};
    for (const auto& [ledger, at] : newest_of(device)) out.ledgers.push_back({ledger, at.lsn, at.head});
    return out;
  }

  /// As if the office had answered for all of it.
  static void answered(support::Device& device) {
    std::vector<EnvelopeId> all;
    need(device->store().each_outgoing([&](const ledger::EnvelopeRow& row) -> Result<void> {
      all.push_back(row.id);
      return {};
    }));
    auto writing = need(device->begin());
    for (const EnvelopeId& id : all) need(device->store().clear_outgoing(writing.transaction(), id));
    need(std::move(writing).commit());
  }
  Result<void> put_down(support::Device& device) {
    auto drafts = need(vault::Drafts::open(*device));
    auto writing = need(device->begin());
    WAYSIDE_OK(vault::put_down(*device, writing, case_id, drafts));
    WAYSIDE_OK(std::move(writing).commit());
    return vault::finish_erasures(*device, &drafts);
  }
  void take_up(support::Device& device) {
    auto writing = need(device->begin());
    need(vault::take_up(*device, writing, case_id.view()));
    need(std::move(writing).commit());
  }
  bool has_case(support::Device& device) { return need(device->store().has_record(case_id)); }
};

std::size_t found(support::Device& device) { return need(search::find(*device, {std::string(kCanary), {}, 50})).size(); }

}  // namespace

TEST_CASE("a case that was put down leaves nothing on the device but ids") {
  Team it;
  CHECK(found(it.ben) == 1);
  const auto records = support::count(it.ben, "SELECT count(*) FROM records");
  need(it.put_down(it.ben));
  CHECK_FALSE(it.has_case(it.ben));
  CHECK(found(it.ben) == 0);
  CHECK(support::count(it.ben, "SELECT count(*) FROM records") == records - 2);
  CHECK(support::count(it.ben, "SELECT count(*) FROM ledgers WHERE kind < -100 AND keys != x''") == 0);
  CHECK(need(vault::put_down_ledgers(*it.ben)).size() == 1);
  const auto list = need(vault::cases_elsewhere(*it.ben));
  REQUIRE(list.size() == 1);
  CHECK(list.front().case_id == it.case_id);
  CHECK_FALSE(list.front().withdrawn);
  CHECK(support::faults(it.ben).empty());
  it.fleet.reopen(it.ben);
  CHECK(support::faults(it.ben).empty());
  CHECK_THROWS(support::put(it.ben, it.case_id, "person", {{"forename", Text{"no ledger of its own is begun for it"}}}));
}

TEST_CASE("what comes of a case that was put down is left at the office; taken up, all of it comes back") {
  Team it;
  const auto whole = support::digest(it.amina);
  need(it.put_down(it.ben));
  support::edit(it.amina, it.case_id, "reference", Text{"B-7 moved on"});
  Fleet::give(it.ben, Fleet::all_of(it.amina));
  CHECK_FALSE(it.has_case(it.ben));
  CHECK(support::count(it.ben, "SELECT count(*) FROM pending") == 0);

  it.take_up(it.ben);
  const auto parcels = Fleet::all_of(it.amina);
  Fleet::give(it.ben, parcels[0]);
  CHECK_THROWS(support::edit(it.ben, it.case_id, "reference", Text{"too early"}));
  Fleet::give(it.ben, parcels);
  CHECK(need(vault::settle_carried(*it.ben)));
  CHECK(support::digest(it.ben) == support::digest(it.amina));
  CHECK(support::digest(it.ben) != whole);
  CHECK(found(it.ben) == 1);
  CHECK(support::faults(it.ben).empty());
  support::edit(it.ben, it.case_id, "reference", Text{"B-7 here too"});
  it.fleet.reconcile();
  CHECK(it.fleet.converged());
}

TEST_CASE("one's own work comes back with its places, so that the next save follows it") {
  Team it;
  need(it.put_down(it.amina));
  CHECK_FALSE(it.has_case(it.amina));
  it.take_up(it.amina);
  Fleet::give(it.amina, Fleet::all_of(it.ben));
  need(vault::settle_carried(*it.amina));
  support::edit(it.amina, it.case_id, "reference", Text{"B-7 again"});
  it.fleet.reconcile();
  CHECK(support::texts(it.ben, it.case_id, "reference") == support::Texts{"B-7 again"});
  CHECK(need(vault::undecided(*it.ben)) == 0);
  CHECK(support::faults(it.amina).empty());
}

TEST_CASE("nothing is put down that the office may not have, or that is not saved") {
  Team it;
  CHECK(need(vault::has_unsent(*it.amina, support::ledger_of_record(it.amina, it.case_id))) == false);
  support::edit(it.amina, it.case_id, "reference", Text{"on this device alone"});
  CHECK(support::code_of(it.put_down(it.amina)) == Errc::usage);
  CHECK(it.has_case(it.amina));
  it.sent(it.amina);
  {
    auto drafts = need(vault::Drafts::open(*it.amina));
    vault::Draft draft;
    draft.form = vault::FormId::random(it.amina->env().random);
    draft.record = it.note;
    draft.case_id = it.case_id;
    draft.type = "person";
    need(drafts.keep(draft));
  }
  CHECK(support::code_of(it.put_down(it.amina)) == Errc::usage);
  {
    auto drafts = need(vault::Drafts::open(*it.amina));
    need(drafts.forget({it.case_id}));
  }
  need(it.put_down(it.amina));
  CHECK(support::code_of(it.put_down(it.amina)) == Errc::usage);
}

TEST_CASE("what one wrote in a case is kept until colleagues have said that they hold it, and she is told what to do") {
  Team it;
  support::edit(it.amina, it.case_id, "reference", Text{"B-7 changed"});
  const auto refused = [&] {
    const auto put_down = it.put_down(it.amina);
    return put_down ? std::string() : put_down.error().detail;
  };
  CHECK(refused().contains("at the office yet"));
  Team::answered(it.amina);
  CHECK(refused().contains("said yet that it holds what you wrote"));
  it.has_signed(it.amina);
  CHECK(refused().contains("said yet that it holds what you wrote"));
  CHECK(it.has_case(it.amina));
  it.is_receipted(it.amina);
  CHECK(refused().empty());
  CHECK_FALSE(it.has_case(it.amina));

  // Where she wrote nothing the office's signature is enough.
  const auto third = support::put_case(it.amina, "E-1");
  it.fleet.reconcile();
  it.case_id = third;
  CHECK_FALSE(it.put_down(it.ben));
  it.has_signed(it.ben);
  need(it.put_down(it.ben));
}

TEST_CASE("a device that drops a case takes back what it said of it, and colleagues no longer count on it") {
  Team it;
  const LedgerId ledger = support::ledger_of_record(it.ben, it.case_id).id;
  const LedgerId others = support::ledger_of_record(it.ben, it.other).id;
  const auto told = it.untold(it.ben);
  Team::in_receipts(it.ben, [&](vault::Receipts& receipts) { need(receipts.note_told(told)); });
  CHECK(need(vault::covered_elsewhere(*it.amina, ledger)));
  need(it.put_down(it.ben));
  const auto now = it.untold(it.ben);
  REQUIRE(now.size() == 1);
  CHECK(now[0] == ledger::ReceiptPlace{ledger, 0, Digest{}, {}});
  Team::in_receipts(it.amina, [&](vault::Receipts& receipts) { need(receipts.take(it.receipt(it.ben, now))); });
  CHECK_FALSE(need(vault::covered_elsewhere(*it.amina, ledger)));
  CHECK(need(vault::covered_elsewhere(*it.amina, others)));
  CHECK(need(vault::contradictions(*it.amina)).kept.empty());

  // It stays so until the office has it, whatever is signed meanwhile; and nothing that colleagues say of it is looked at.
  it.has_signed(it.ben);
  Team::in_receipts(it.ben, [&](vault::Receipts& receipts) {
    need(receipts.take(it.receipt(it.amina, {{ledger, 9, crypto::hash("test", {"further"}), {}}})));
    need(receipts.note_signed({}, Digest{}));
  });
  CHECK(need(vault::contradictions(*it.ben)).kept.empty());
  CHECK(support::count(it.ben, "SELECT count(*) FROM receipts_ahead") == 0);
  CHECK(it.untold(it.ben) == now);
  Team::in_receipts(it.ben, [&](vault::Receipts& receipts) { need(receipts.note_told(now)); });
  CHECK(it.untold(it.ben).empty());

  // Carried again it is signed for again.
  it.take_up(it.ben);
  Team::in_receipts(it.ben, [&](vault::Receipts& receipts) {
    need(receipts.take(it.receipt(it.amina, {{ledger, 9, crypto::hash("test", {"further"}), {}}})));
    need(receipts.note_signed({}, Digest{}));
  });
  CHECK(need(vault::contradictions(*it.ben)).kept.empty());   // nothing is here yet that could contradict
  Fleet::give(it.ben, Fleet::all_of(it.amina));
  need(vault::settle_carried(*it.ben));
  it.has_signed(it.ben);
  const auto again = it.untold(it.ben);
  CHECK(std::ranges::any_of(again, [&](const auto& each) { return each.ledger == ledger && each.lsn > 0; }));
}

TEST_CASE("a snapshot holds nothing of a case that is away or still coming") {
  Team it;
  const auto frontier = it.frontier(it.ben);
  const auto whole = need(vault::make_snapshot(*it.ben, it.fleet.main_team(), frontier));
  need(it.put_down(it.ben));
  const auto without = need(vault::make_snapshot(*it.ben, it.fleet.main_team(), frontier));
  CHECK(without.ledgers + 1 == whole.ledgers);
  CHECK(without.records + 2 == whole.records);
  it.take_up(it.ben);
  Fleet::give(it.ben, Fleet::all_of(it.amina)[0]);
  CHECK(need(vault::make_snapshot(*it.ben, it.fleet.main_team(), frontier)).ledgers == without.ledgers);
  Fleet::give(it.ben, Fleet::all_of(it.amina));
  need(vault::settle_carried(*it.ben));
  CHECK(need(vault::make_snapshot(*it.ben, it.fleet.main_team(), frontier)).ledgers == whole.ledgers);
}

TEST_CASE("files of a snapshot that was published here go with a case that is dropped, sent or not") {
  Team it;
  const auto made = need(vault::make_snapshot(*it.ben, it.fleet.main_team(), it.frontier(it.ben)));
  need(vault::publish_snapshot(*it.ben, it.fleet.main_team(), made));
  attachments::Blobs blobs(it.ben->env().files, it.ben->home());
  REQUIRE_FALSE(made.parts.empty());
  CHECK(blobs.has(made.parts.front()));
  need(it.put_down(it.ben));
  for (const Digest& part : made.parts) CHECK_FALSE(blobs.has(part));
  CHECK(need(vault::unsent_parts(*it.ben)).empty());
  CHECK(support::faults(it.ben).empty());
}

TEST_CASE("compartments go with their case, one too that a colleague made later") {
  Team it;
  support::put(it.amina, it.case_id, "perpetrator", {{"forename", Text{"R"}}});
  it.fleet.reconcile();
  it.sent(it.amina);
  it.sent(it.ben);
  need(it.put_down(it.ben));
  CHECK(need(vault::put_down_ledgers(*it.ben)).size() == 2);
  CHECK(support::faults(it.ben).empty());
  it.take_up(it.ben);
  Fleet::give(it.ben, Fleet::all_of(it.amina));
  need(vault::settle_carried(*it.ben));
  CHECK(it.fleet.converged());

  const auto second = support::put_case(it.ben, "D-9");
  it.fleet.reconcile();
  it.sent(it.ben);
  it.sent(it.amina);
  it.case_id = second;
  need(it.put_down(it.ben));
  support::put(it.amina, second, "perpetrator", {{"forename", Text{"S"}}});
  Fleet::give(it.ben, Fleet::all_of(it.amina));
  CHECK(need(vault::settle_carried(*it.ben)));
  CHECK(need(vault::put_down_ledgers(*it.ben)).size() == 2);
  CHECK(support::faults(it.ben).empty());
}

TEST_CASE("power lost at any operation of putting down leaves the case here or away, and the rest unharmed either way") {
  std::uint64_t points = 0;
  for (std::uint64_t n = 0;; n += 1 + n / 8) {
    Team it;
    need(search::catch_up_all(*it.ben));
    const auto from = it.ben.world->files.counts().operations;
    it.ben.world->files.power_off_at(from + n);
    (void)it.put_down(it.ben);
    const bool reached = it.ben.world->files.counts().operations > from + n;
    it.ben.vault.reset();
    it.ben.world->files.crash(n);
    INFO("operation " << n);
    it.fleet.reopen(it.ben);
    need(vault::finish_erasures(*it.ben, nullptr));
    CHECK(it.has_case(it.ben) == need(vault::put_down_ledgers(*it.ben)).empty());
    CHECK(found(it.ben) == (it.has_case(it.ben) ? 1 : 0));
    CHECK(need(it.ben->store().has_record(it.other)));
    CHECK(support::faults(it.ben).empty());
    if (!reached) break;
    ++points;
  }
  CHECK(points > 10);
}
