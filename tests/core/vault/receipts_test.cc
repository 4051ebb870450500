#include <catch2/catch_test_macros.hpp>

#include "core/vault/covered.h"
#include "core/vault/receipts.h"
#include "tests/support/fleet.h"

using namespace wayside;
using support::Device;
using support::Fleet;
using support::need;
using vault::Contradiction;
using vault::Receipts;
using vault::SeenPlace;

namespace {

template <class IdType>
IdType filled(char with) { return *IdType::from(Bytes(IdType::size_bytes, with)); }

const GenerationId kGeneration = filled<GenerationId>('g');

/// Amina, Ben and Cara read Amina's case; an office that is made of nothing but what it says puts envelopes where it likes.
struct Village {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  Device& ben = fleet.add("Ben");
  Device& cara = fleet.add("Cara");
  RecordId case_id = support::put_case(amina, "W-1");
  LedgerId ledger;
  std::uint64_t time = 1;

  Village() {
    fleet.reconcile();
    ledger = need(amina->store().ledger_of(ledger::LedgerKind::case_ledger, case_id.view()))->id;
  }

  /// `history`: a letter for each place, its head.
  void shown(Device& device, std::string_view history, std::uint64_t from = 1, bool own = false) {
    in(device, [&](Receipts& receipts, std::int64_t n) {
      for (std::size_t i = 0; i < history.size(); ++i) need(receipts.note_place(n, {from + i, filled<Digest>(history[i])}, {0, own}));
    });
  }
  /// The office has signed that the case stands there.
  void has_signed(Device& device, std::uint64_t lsn, char head) {
    in(device, [&](Receipts& receipts, std::int64_t) {
      need(receipts.note_signed({{ledger, {lsn, filled<Digest>(head)}}}, filled<Digest>(static_cast<char>('A' + lsn))));
    });
  }
  Bytes receipt(Device& of, std::uint64_t lsn, char head, const GenerationId& generation = kGeneration) {
    return receipt_of(of, {{ledger, lsn, filled<Digest>(head), std::nullopt}}, generation);
  }
  Bytes receipt_of(Device& of, const std::vector<ledger::ReceiptPlace>& places, const GenerationId& generation = kGeneration) {
    const ledger::Receipt frame{of->identity().organisation, of->identity().device, generation, ++time, {}, {}};
    return ledger::encode_receipt(ledger::sign_receipts(frame, places, of->signer()).at(0));
  }
  void takes(Device& device, const Bytes& receipt) {
    in(device, [&](Receipts& receipts, std::int64_t) { need(receipts.take(receipt)); });
  }
  template <class Do>
  void in(Device& device, Do act, const GenerationId& generation = kGeneration) {
    auto writing = need(device->begin());
    auto receipts = need(Receipts::begin(*device, writing, generation));
    act(receipts, need(device->store().ledger(ledger))->n);
    need(receipts.finish());
    need(std::move(writing).commit());
  }
  std::vector<Contradiction> alarms(Device& device) { return need(vault::contradictions(*device)).kept; }
  bool covered(Device& device) { return need(vault::covered_elsewhere(*device, ledger)); }
};

/// All that was written on it counts as answered.
void all_is_sent(Device& device) {
  auto writing = need(device->begin());
  std::vector<EnvelopeId> ids;
  need(device->store().each_outgoing([&](const ledger::EnvelopeRow& row) -> Result<void> {
    ids.push_back(row.id);
    return {};
  }));
  for (const EnvelopeId& id : ids) need(device->store().clear_outgoing(writing.transaction(), id));
  need(std::move(writing).commit());
}

}  // namespace

SCENARIO("a colleague's receipt is compared at its own place, whether that lies behind or comes later") {
  Village village;
  village.shown(village.amina, "abc");
  GIVEN("receipts that fit, behind, here and ahead") {
    village.takes(village.amina, village.receipt(village.ben, 2, 'b'));
    village.takes(village.amina, village.receipt(village.ben, 3, 'c'));
    village.takes(village.amina, village.receipt(village.cara, 5, 'e'));
    village.shown(village.amina, "de", 4);
    THEN("nobody is told of anything") { CHECK(village.alarms(village.amina).empty()); }
  }
  GIVEN("a receipt with another head behind") {
    village.takes(village.amina, village.receipt(village.ben, 2, 'x'));
    THEN("both heads, the ledger and whose device it is are kept, until somebody was told") {
      const auto found = village.alarms(village.amina);
      REQUIRE(found.size() == 1);
      CHECK(found[0].kind == Contradiction::Kind::another_history);
      CHECK(found[0].ledger == village.ledger);
      CHECK(found[0].device == village.ben->identity().device);
      CHECK(found[0].theirs.lsn == 2);
      CHECK(found[0].theirs.head == filled<Digest>('x'));
      CHECK(found[0].ours.lsn == 2);
      CHECK(found[0].ours.head == filled<Digest>('b'));
      CHECK(need(vault::untold_contradictions(*village.amina)).size() == 1);
      auto writing = need(village.amina->begin());
      need(vault::note_contradictions_told(*village.amina, writing));
      need(std::move(writing).commit());
      CHECK(need(vault::untold_contradictions(*village.amina)).empty());
      CHECK(village.alarms(village.amina).size() == 1);
      village.fleet.reopen(village.amina);
      CHECK(village.alarms(village.amina).size() == 1);
      CHECK(support::faults(village.amina).empty());
    }
    THEN("the same device and ledger is told once, another device for itself") {
      village.takes(village.amina, village.receipt(village.ben, 3, 'y'));
      CHECK(village.alarms(village.amina).size() == 1);
      village.takes(village.amina, village.receipt(village.cara, 3, 'y'));
      CHECK(village.alarms(village.amina).size() == 2);
    }
  }
  GIVEN("a receipt that goes further, with a head that turns out to be another") {
    village.takes(village.amina, village.receipt(village.ben, 4, 'x'));
    CHECK(village.alarms(village.amina).empty());
    village.shown(village.amina, "d", 4);
    THEN("it is noticed when this vault gets there") {
      REQUIRE(village.alarms(village.amina).size() == 1);
      CHECK(village.alarms(village.amina)[0].ours.head == filled<Digest>('d'));
    }
  }
}

TEST_CASE("a receipt that goes further than what the office signs is withholding") {
  Village village;
  village.shown(village.amina, "abc");
  village.takes(village.amina, village.receipt(village.ben, 4, 'd'));
  CHECK(village.alarms(village.amina).empty());   // more may come with the next page
  village.has_signed(village.amina, 3, 'c');
  const auto found = village.alarms(village.amina);
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == Contradiction::Kind::withheld);
  CHECK(found[0].theirs.lsn == 4);
  CHECK(found[0].ours.lsn == 3);
  village.has_signed(village.amina, 3, 'c');
  CHECK(village.alarms(village.amina).size() == 1);
  // What comes in the end is compared all the same.
  village.shown(village.amina, "x", 4);
  CHECK(village.alarms(village.amina).size() == 2);
}

TEST_CASE("receipts of another generation, of a stranger, altered, older, or one's own say nothing") {
  Village village;
  village.shown(village.amina, "abc");
  village.takes(village.amina, village.receipt(village.ben, 2, 'x', filled<GenerationId>('h')));
  village.takes(village.amina, village.receipt(village.amina, 2, 'x'));
  Bytes altered = village.receipt(village.ben, 2, 'x');
  altered[60] = static_cast<char>(altered[60] ^ 1);
  village.takes(village.amina, altered);
  village.takes(village.amina, "nonsense");
  Fleet elsewhere(2);
  Device& stranger = elsewhere.add("Stranger");
  ledger::Receipt frame{village.amina->identity().organisation, stranger->identity().device, kGeneration, 9, {}, {}};
  village.takes(village.amina, ledger::encode_receipt(ledger::sign_receipts(frame, {{village.ledger, 2, filled<Digest>('x'), {}}}, stranger->signer()).at(0)));
  const Bytes older = village.receipt(village.ben, 2, 'x');
  village.takes(village.amina, village.receipt(village.ben, 3, 'c'));
  village.takes(village.amina, older);
  CHECK(village.alarms(village.amina).empty());
  CHECK(need(vault::receipts_of(*village.amina, village.ben->identity().device)).begin()->second.lsn == 3);
}

TEST_CASE("the membership log is compared like a ledger") {
  Village village;
  const auto& log = village.amina->membership();
  const LedgerId id = *LedgerId::from(log.organisation().view());
  const Digest head = *Digest::from(log.head()->view());
  village.takes(village.amina, village.receipt_of(village.ben, {{id, log.size(), head, std::nullopt}}));
  CHECK(village.alarms(village.amina).empty());
  village.takes(village.amina, village.receipt_of(village.ben, {{id, log.size() - 1, head, std::nullopt}}));
  REQUIRE(village.alarms(village.amina).size() == 1);
  CHECK(village.alarms(village.amina)[0].ledger == id);
}

TEST_CASE("a new generation begins with nothing to compare, and keeps what was noticed") {
  Village village;
  village.shown(village.amina, "abc");
  village.takes(village.amina, village.receipt(village.ben, 2, 'x'));
  village.in(village.amina, [](Receipts& receipts, std::int64_t n) {
    CHECK_FALSE(need(receipts.head_at(n, 2)));
    CHECK(need(receipts.untold(100)).empty());
  }, filled<GenerationId>('h'));
  CHECK(village.alarms(village.amina).size() == 1);
  CHECK(need(vault::receipts_of(*village.amina, village.ben->identity().device)).empty());
}

TEST_CASE("an office that tells a place anew is believed from there on, as the reconcile says what it did") {
  Village village;
  village.shown(village.amina, "abcd");
  village.shown(village.amina, "bx", 2);
  village.in(village.amina, [](Receipts& receipts, std::int64_t n) {
    CHECK(need(receipts.head_at(n, 2)) == filled<Digest>('b'));
    CHECK(need(receipts.head_at(n, 3)) == filled<Digest>('x'));
    CHECK_FALSE(need(receipts.head_at(n, 4)));
  });
}

TEST_CASE("what this device says is what the office has signed and it has folded, and only what is new") {
  Village village;
  village.shown(village.amina, "abc");
  const auto untold = [&] {
    std::vector<ledger::ReceiptPlace> out;
    village.in(village.amina, [&](Receipts& receipts, std::int64_t) { out = need(receipts.untold(100)); });
    return out;
  };
  CHECK(untold().empty());
  village.has_signed(village.amina, 3, 'x');   // of another history than what was folded
  CHECK(untold().empty());
  village.has_signed(village.amina, 3, 'c');
  REQUIRE(untold().size() == 1);
  CHECK(untold()[0] == ledger::ReceiptPlace{village.ledger, 3, filled<Digest>('c'), std::nullopt});
  const auto told = untold();
  village.in(village.amina, [&](Receipts& receipts, std::int64_t) { need(receipts.note_told(told)); });
  CHECK(untold().empty());
  village.shown(village.amina, "d", 4);
  village.has_signed(village.amina, 4, 'd');
  CHECK(untold().size() == 1);
  village.in(village.amina, [&](Receipts& receipts, std::int64_t) { need(receipts.note_told(told)); });   // of before
  CHECK(untold().size() == 1);
}

SCENARIO("work counts as covered when the office has signed it and two colleagues have said that they hold it") {
  Village village;
  CHECK_FALSE(village.covered(village.amina));
  CHECK(need(vault::other_readers(*village.amina, need(village.amina->store().ledger(village.ledger))->n)) == 2);
  village.shown(village.amina, "ab", 1, true);
  village.has_signed(village.amina, 2, 'b');
  CHECK_FALSE(village.covered(village.amina));   // it waits to be answered
  all_is_sent(village.amina);
  CHECK_FALSE(village.covered(village.amina));
  CHECK(need(vault::uncovered(*village.amina)).only_here_and_office == 2);
  village.takes(village.amina, village.receipt(village.ben, 2, 'b'));
  CHECK_FALSE(village.covered(village.amina));
  village.takes(village.amina, village.receipt(village.cara, 1, 'a'));
  CHECK_FALSE(village.covered(village.amina));
  CHECK(need(vault::uncovered(*village.amina)).only_here_and_office == 1);
  GIVEN("both hold it") {
    village.takes(village.amina, village.receipt(village.cara, 2, 'b'));
    CHECK(village.covered(village.amina));
    CHECK(need(vault::uncovered(*village.amina)).only_here_and_office == 0);
    THEN("it is so until something is written again") {
      support::edit(village.amina, village.case_id, "reference", Text{"W-2"});
      CHECK_FALSE(village.covered(village.amina));
      CHECK(need(vault::uncovered(*village.amina)).only_here == 1);
    }
    THEN("what the office may have lost is uncovered again") {
      auto writing = need(village.amina->begin());
      need(Receipts::forget_told(*village.amina, writing));
      need(std::move(writing).commit());
      CHECK_FALSE(village.covered(village.amina));
    }
  }
  GIVEN("the second says so of another history, or of more than can be compared yet") {
    village.takes(village.amina, village.receipt(village.cara, 2, 'x'));
    CHECK_FALSE(village.covered(village.amina));
    village.takes(village.amina, village.receipt(village.cara, 7, 'g'));
    CHECK_FALSE(village.covered(village.amina));
  }
  GIVEN("the second's device is removed") {
    village.fleet.remove(village.cara, village.amina);
    village.fleet.share_membership();
    THEN("the one who is left is enough") { CHECK(village.covered(village.amina)); }
  }
}

TEST_CASE("a ledger in which nothing was written here is covered once the office has signed it, one that is not here never") {
  Village village;
  village.shown(village.ben, "a");
  CHECK_FALSE(village.covered(village.ben));
  village.has_signed(village.ben, 1, 'a');
  CHECK(village.covered(village.ben));
  CHECK_FALSE(need(vault::covered_elsewhere(*village.ben, filled<LedgerId>('z'))));
}
