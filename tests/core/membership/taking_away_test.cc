#include "tests/core/membership/signed_log.h"

using namespace wayside;
using namespace wayside::membership;
using namespace wayside::test;

namespace {

const UserId kBen = filled<UserId>('b');
const DeviceId kLaptop = filled<DeviceId>('B');
const IncarnationId kIncarnation = filled<IncarnationId>('i');
const LedgerId kLedger = filled<LedgerId>('l');
const LedgerId kOther = filled<LedgerId>('o');

struct Town {
  Log log = with_a_team();

  bool add(EntryKind kind) { return !append(log, std::move(kind), root()); }
  void invite(char name, Role role) { REQUIRE(add(ticket(name, kBen, role))); }
  void redeem(char name, char as) { REQUIRE_FALSE(append(log, device(as, kBen, name), by_ticket(name))); }
  [[nodiscard]] std::optional<Errc> objection(std::uint64_t seq, std::uint64_t head, const LedgerId& ledger = kLedger, char id = 'e') const {
    return log.objection({kLaptop, kIncarnation, ledger, seq, filled<EnvelopeId>(id)}, head);
  }
};

Bytes pin(const LedgerId& ledger, std::uint64_t seq) {
  return encode_pin({{{kLaptop, kIncarnation}, {{ledger, {seq, filled<EnvelopeId>('e')}}}}}).front();
}

}  // namespace

TEST_CASE("a pin comes back as it was, in as many pieces as it needs, and nothing else is taken for one") {
  Pin wanted;
  for (int i = 0; i < 2500; ++i) {
    LedgerId ledger;
    ledger.bytes[0] = static_cast<char>(i);
    ledger.bytes[1] = static_cast<char>(i >> 8);
    wanted[{kLaptop, kIncarnation}][ledger] = {static_cast<std::uint64_t>(i) + 1, filled<EnvelopeId>('e')};
  }
  const auto pieces = encode_pin(wanted);
  CHECK(pieces.size() == 3);
  std::size_t places = 0;
  for (const Bytes& piece : pieces) {
    CHECK(piece.size() < kMaxEntryBytes - 1024);
    const auto back = decode_pin(piece);
    REQUIRE(back);
    for (const auto& [ledger, place] : back->at({kLaptop, kIncarnation})) {
      CHECK(place.seq == wanted.at({kLaptop, kIncarnation}).at(ledger).seq);
      ++places;
    }
  }
  CHECK(places == 2500);
  CHECK(encode_pin({}).size() == 1);
  const Bytes good = pin(kLedger, 3);
  for (std::size_t cut = 0; cut < good.size(); ++cut) CHECK_FALSE(decode_pin(BytesView(good).substr(0, cut)));
  CHECK_FALSE(decode_pin(good + "x"));
  CHECK(decode_pin("\x02").error().code == Errc::newer_format);
  Bytes many = good;
  for (std::size_t i = 35; i < 39; ++i) many[i] = '\xff';
  CHECK_FALSE(decode_pin(many));
  Town town;
  CHECK_FALSE(town.add(Removal{kLaptop, std::nullopt, {}, "no pin"}));
}

TEST_CASE("a removal leaves what was pinned; the rest waits for a word, and the newest word counts") {
  Town town;
  town.invite('t', Role::advocate);
  town.redeem('t', 'B');
  const std::uint64_t before = town.log.size() - 1;
  CHECK_FALSE(town.objection(9, before));
  REQUIRE(town.add(Removal{kLaptop, std::nullopt, {}, pin(kLedger, 3)}));
  CHECK_FALSE(town.objection(3, before));
  CHECK_FALSE(town.objection(1, before, kLedger, 'x'));
  CHECK(town.objection(3, before, kLedger, 'x') == Errc::removed);   // another envelope at the pinned place
  CHECK(town.objection(4, before) == Errc::removed);
  CHECK(town.objection(1, before, kOther) == Errc::removed);
  CHECK(town.objection(1, before + 1) == Errc::not_a_member);
  REQUIRE(town.add(Removal{kLaptop, std::nullopt, {}, pin(kOther, 1)}));   // what the first entry had no room for
  CHECK_FALSE(town.objection(1, before, kOther));
  CHECK_FALSE(town.objection(3, before));
  CHECK(town.log.device(kLaptop)->removed == before + 1);
  for (const bool accept : {true, false, true}) {
    REQUIRE(town.add(Countersign{{filled<EnvelopeId>('e')}, accept, {}}));
    CHECK(town.objection(4, before).has_value() != accept);
  }
  // No word brings back what was signed after the removal.
  CHECK(town.objection(4, before + 1) == Errc::not_a_member);
}

TEST_CASE("without a pin a removal says nothing of what was signed before it") {
  Town town;
  town.invite('t', Role::advocate);
  town.redeem('t', 'B');
  const std::uint64_t before = town.log.size() - 1;
  REQUIRE(town.add(Removal{kLaptop, std::nullopt, {}, {}}));
  CHECK_FALSE(town.objection(9, before));
}

TEST_CASE("a lower role and a team left are pinned too, and each time anew") {
  Town town;
  town.invite('t', Role::manager);
  town.redeem('t', 'B');
  const std::uint64_t before = town.log.size() - 1;
  REQUIRE(town.add(RoleEntry{kBen, Role::advocate, std::nullopt, false, pin(kLedger, 3)}));
  CHECK(town.objection(4, before) == Errc::removed);
  CHECK_FALSE(town.objection(4, before + 1));
  REQUIRE(town.add(RoleEntry{kBen, Role::manager, std::nullopt, false, {}}));
  REQUIRE(town.add(RoleEntry{kBen, Role::advocate, std::nullopt, false, pin(kLedger, 6)}));
  CHECK(town.objection(4, before) == Errc::removed);          // what the first one left out stays out
  CHECK_FALSE(town.objection(6, before + 1, kLedger));
  CHECK(town.objection(7, before + 1) == Errc::removed);
  const std::uint64_t in_team = town.log.size() - 1;
  REQUIRE(town.add(RoleEntry{kBen, Role::advocate, kTeam, true, pin(kOther, 1)}));
  CHECK(town.log.teams_of(kBen).empty());
  CHECK(town.log.teams_at(kBen, in_team) == std::vector{kTeam});
  CHECK_FALSE(town.objection(6, in_team));                    // pinned earlier, by somebody who saw that ledger
  CHECK(town.log.teams().at(kTeam).keys_since == in_team + 1);
}

TEST_CASE("a ticket from before a change of rights gives none of them back") {
  Town town;
  town.invite('t', Role::manager);
  town.invite('u', Role::manager);
  town.redeem('t', 'B');
  REQUIRE(town.add(RoleEntry{kBen, Role::advocate, std::nullopt, false, pin(kLedger, 1)}));
  REQUIRE(town.add(RoleEntry{kBen, Role::advocate, kTeam, true, pin(kLedger, 1)}));
  town.redeem('u', 'C');
  CHECK(town.log.role_at(kBen, town.log.size()) == Role::advocate);
  CHECK(town.log.teams_of(kBen).empty());
}

TEST_CASE("an epoch is clean until somebody who was given it loses the right to read") {
  Town town;
  town.invite('t', Role::advocate);
  town.redeem('t', 'B');
  CHECK(town.log.holds_newest_epoch(kLaptop, kTeam));
  CHECK(town.log.epoch_is_clean(kTeam));
  REQUIRE(town.add(Removal{kLaptop, std::nullopt, {}, {}}));
  CHECK_FALSE(town.log.epoch_is_clean(kTeam));
  REQUIRE(town.add(Epoch{kTeam, 2, filled<PublicKey>(6), {}, {}, {}}));
  CHECK(town.log.epoch_is_clean(kTeam));
  CHECK(town.log.teams().at(kTeam).keys_since == town.log.size() - 1);
}
