#include "sync/wire/carry_list.h"
#include "tests/sync/office/organisation.h"

using namespace wayside;
using namespace wayside::support;

namespace {

Digest head(char with) { return *Digest::from(Bytes(32, with)); }

/// Amina and Ben are in the team; Cara is in another one, and shares one of the two cases.
struct Village : Organisation {
  TeamId other_team = add_team();
  Member amina = join(founding.first_ticket);
  Member ben = join(invite(membership::Role::advocate, {main_team}));
  Member cara = join(invite(membership::Role::advocate, {other_team}));
  LedgerId ours = new_ledger(), shared = new_ledger();
  std::uint64_t time = 0;

  Village() {
    Writing with_both;
    with_both.teams = {main_team, other_team};
    push(amina, {open_ledger(amina, ours, main_team), write(amina, shared, with_both)});
  }
  ledger::Receipt receipt(const Member& of, const std::vector<ledger::ReceiptPlace>& places) {
    const ledger::Receipt frame{store->log().organisation(), of.id(), store->generation(), ++time, {}, {}};
    return ledger::sign_receipts(frame, places, crypto::Signer(of.sign_seed)).at(0);
  }
  ledger::Receipt says(const Member& of, const std::vector<ledger::ReceiptPlace>& places) {
    ledger::Receipt made = receipt(of, places);
    need(store->take_receipts(of.caller(), ledger::encode_receipt(made)));
    return made;
  }
  /// What a device is given that has seen those up to `seen`.
  std::vector<ledger::Receipt> given(const Member& to, std::uint64_t& seen) {
    wire::pb::PullAnswer answer;
    need(store->add_receipts(to.id(), seen, answer));
    if (answer.receipts_up_to() != 0) seen = answer.receipts_up_to();
    std::vector<ledger::Receipt> out;
    for (const Bytes& each : answer.receipts()) out.push_back(need(ledger::parse_receipt(each)));
    return out;
  }
  std::vector<ledger::Receipt> given(const Member& to) {
    std::uint64_t seen = 0;
    return given(to, seen);
  }
};

std::size_t open_places(const ledger::Receipt& receipt) {
  return static_cast<std::size_t>(std::ranges::count_if(receipt.places, [](const auto& each) { return !each.covered; }));
}

}  // namespace

TEST_CASE("a receipt goes to colleagues who read its ledgers, once, with what they do not read covered") {
  Village org;
  const auto said = org.says(org.amina, {{org.ours, 1, head('a'), {}}, {org.shared, 1, head('b'), {}}});
  std::uint64_t seen = 0;
  const auto for_ben = org.given(org.ben, seen);
  REQUIRE(for_ben.size() == 1);
  CHECK(for_ben[0] == said);
  CHECK(org.given(org.ben, seen).empty());

  const auto for_cara = org.given(org.cara);
  REQUIRE(for_cara.size() == 1);
  REQUIRE(for_cara[0].places.size() == 2);
  CHECK(for_cara[0].places[0].covered);
  CHECK(for_cara[0].places[1] == said.places[1]);
  CHECK(ledger::signed_by(for_cara[0], org.amina.entry.sign_public));
  CHECK(org.given(org.amina).empty());   // her own
  org.reopen();
  CHECK(org.given(org.ben).size() == 1);
}

TEST_CASE("of a device and a ledger the latest receipt counts, whatever came last") {
  Village org;
  std::uint64_t seen = 0;
  const auto early = org.receipt(org.amina, {{org.ours, 1, head('a'), {}}, {org.shared, 1, head('b'), {}}});
  const auto late = org.says(org.amina, {{org.ours, 2, head('c'), {}}});
  need(org.store->take_receipts(org.amina.caller(), ledger::encode_receipt(early)));
  const auto all = org.given(org.ben, seen);
  REQUIRE(all.size() == 2);
  CHECK(all[0] == late);
  CHECK(open_places(all[1]) == 1);   // of the early one what the late one says nothing of
  // One that is left with nothing goes.
  org.says(org.amina, {{org.ours, 3, head('d'), {}}, {org.shared, 3, head('e'), {}}});
  CHECK(org.given(org.ben).size() == 1);
  const auto news = org.given(org.ben, seen);
  REQUIRE(news.size() == 1);
  CHECK(open_places(news[0]) == 2);
}

TEST_CASE("what a device did not sign, may not read or says of another generation is left, and nothing fails") {
  Village org;
  const auto left = [&](const Member& caller, BytesView bytes) {
    need(org.store->take_receipts(caller.caller(), bytes));
    return org.given(org.ben).empty();
  };
  CHECK(left(org.amina, "nonsense"));
  CHECK(left(org.cara, ledger::encode_receipt(org.receipt(org.cara, {{org.ours, 1, head('a'), {}}}))));
  CHECK(left(org.cara, ledger::encode_receipt(org.receipt(org.amina, {{org.shared, 1, head('a'), {}}}))));   // a colleague's
  ledger::Receipt altered = org.receipt(org.amina, {{org.ours, 1, head('a'), {}}});
  altered.places[0].lsn = 2;
  CHECK(left(org.amina, ledger::encode_receipt(altered)));
  ledger::Receipt covered = org.receipt(org.amina, {{org.ours, 1, head('a'), {}}});
  covered.places[0] = ledger::cover(covered.places[0]);
  CHECK(left(org.amina, ledger::encode_receipt(covered)));
  const auto before = org.receipt(org.amina, {{org.ours, 1, head('a'), {}}});
  org.says(org.amina, {{org.ours, 1, head('a'), {}}});
  need(org.store->begin_generation(GenerationId::random(org.world.random), 1, 1));
  CHECK(left(org.amina, ledger::encode_receipt(before)));
}

TEST_CASE("very many receipts come a share at a time, and none is left out or given twice") {
  Village org;
  constexpr std::size_t kReceipts = 120;
  std::vector<wire::pb::Parcel> parcels;
  std::vector<std::vector<ledger::ReceiptPlace>> all(kReceipts);
  for (auto& places : all) {
    for (std::size_t i = 0; i < ledger::kMaxReceiptPlaces; ++i) {
      const LedgerId ledger = org.new_ledger();
      parcels.push_back(org.open_ledger(org.amina, ledger, org.main_team));
      places.push_back({ledger, 1, head('a'), {}});
    }
    org.push(org.amina, parcels);
    parcels.clear();
    org.says(org.amina, places);
  }
  std::uint64_t seen = 0;
  std::size_t got = 0, rounds = 0;
  for (; got < kReceipts && rounds < 10; ++rounds) got += org.given(org.ben, seen).size();
  CHECK(got == kReceipts);
  CHECK(rounds == 2);
  CHECK(org.given(org.ben, seen).empty());
}

TEST_CASE("a device that has seen receipts of a later time than this office knows gets them all") {
  Village org;
  org.says(org.amina, {{org.ours, 1, head('a'), {}}});
  std::uint64_t seen = 77;
  CHECK(org.given(org.ben, seen).size() == 1);
}

TEST_CASE("of a case that a device does not carry it is told nothing, and what it said of it can be taken back") {
  Village org;
  org.says(org.ben, {{org.ours, 1, head('a'), {}}});
  need(org.store->take_carry_list(org.ben.caller(), wire::carry_list_message({false, {org.ours}})));
  org.says(org.amina, {{org.ours, 1, head('a'), {}}});
  CHECK(org.given(org.ben).empty());
  const auto taken_back = org.says(org.ben, {{org.ours, 0, Digest{}, {}}});
  const auto for_amina = org.given(org.amina);
  REQUIRE(for_amina.size() == 1);
  CHECK(for_amina[0] == taken_back);
  need(org.store->take_carry_list(org.ben.caller(), wire::carry_list_message({})));
  CHECK(org.given(org.ben).size() == 1);
}
