#include "core/membership/rights.h"
#include "tests/core/membership/signed_log.h"

using namespace wayside;
using namespace wayside::membership;
using namespace wayside::test;

namespace {

const UserId kAmina = filled<UserId>('a'), kBen = filled<UserId>('b'), kCara = filled<UserId>('c');
const LedgerId kCase = filled<LedgerId>(61), kBelow = filled<LedgerId>(62);

/// A team with Amina, an administrator, Ben, a manager, and Cara, an advocate: each with the device of her letter in capitals.
struct Town {
  Log log = with_a_team();

  Town() {
    join('A', kAmina, Role::admin);
    join('B', kBen, Role::manager);
    join('C', kCara, Role::advocate);
  }
  std::optional<Errc> append(EntryKind kind, const Signer& signer) {
    const auto read = parse_entry(next(log, std::move(kind), signer).bytes);   // as it travels
    REQUIRE(read);
    return test::append(log, *read);
  }
  void by_root(EntryKind kind) { REQUIRE_FALSE(append(std::move(kind), root())); }
  std::optional<Errc> by(char name, EntryKind kind) { return append(std::move(kind), by_device(name)); }
  void join(char name, const UserId& user, Role role) {
    const char with = static_cast<char>(name + 32);
    by_root(ticket(with, user, role));
    REQUIRE_FALSE(append(device(name, user, with), by_ticket(with)));
  }
  [[nodiscard]] std::uint64_t now() const { return log.size() - 1; }
  /// Ben's last envelope that counted in the case.
  static Restrict to(std::vector<UserId> users, const EnvelopeId& last = {}) {
    Pin pin;
    pin[{filled<DeviceId>('B'), filled<IncarnationId>('B')}][kCase] = {3, last};
    return {{kCase, kBelow}, std::move(users), "sealed reason", encode_pin(pin).front()};
  }
};

LedgerPlace place(std::vector<UserId> named = {}) { return {kCase, Realm::of_case, {kTeam}, {}, std::nullopt, std::move(named)}; }

}  // namespace

TEST_CASE("a case is its team's, then its named workers', then its team's again, each from its entry on") {
  Town town;
  const std::uint64_t before = town.now();
  REQUIRE_FALSE(town.by('A', Town::to({kAmina, kCara})));
  const std::uint64_t left = town.now();
  REQUIRE_FALSE(town.by('A', Restrict{{kCase, kBelow}, {}, "sealed", {}}));
  const std::uint64_t back = town.now();
  for (const Right right : {Right::read, Right::write, Right::make_key}) {
    CHECK(may(town.log, right, place(), kBen, before));
    CHECK_FALSE(may(town.log, right, place(), kBen, left));
    CHECK(may(town.log, right, place(), kCara, left));
    CHECK(may(town.log, right, place(), kBen, back));
  }
  // Of a compartment that an entry does not name its case's circle holds.
  const LedgerPlace unlisted{filled<LedgerId>(63), Realm::compartment, {kTeam}, {}, kCase, {}};
  CHECK_FALSE(may(town.log, Right::read, unlisted, kBen, left));
  CHECK(may(town.log, Right::read, unlisted, kCara, left));
  CHECK(town.log.restricted_at(kCase) == left);
  CHECK(town.log.restricted_at(kBelow) == left);
  CHECK(town.log.restricted_at(filled<LedgerId>(64)) == 0);
}

TEST_CASE("whom a case's own envelopes name counts until an entry speaks of it") {
  Town town;
  const std::uint64_t before = town.now();
  CHECK_FALSE(may(town.log, Right::read, place({kCara}), kBen, before));
  CHECK(may(town.log, Right::read, place({kCara}), kCara, before));
  REQUIRE_FALSE(town.by('A', Town::to({kBen})));
  CHECK(may(town.log, Right::read, place({kCara}), kBen, town.now()));
  CHECK_FALSE(may(town.log, Right::read, place({kCara}), kCara, town.now()));
  CHECK(circle_at(town.log, place({kCara}), before) == std::vector{kCara});
}

TEST_CASE("a case that is left to named workers is shared with no team, and was not once it is given back") {
  Town town;
  const TeamId north = filled<TeamId>(7);
  const UserId noor = filled<UserId>('n');
  town.by_root(Team{north, "north", filled<LedgerId>(66)});
  LedgerPlace shared = place();
  shared.shared = {{north, town.now()}};
  CHECK(shared_at(town.log, shared, north, town.now()));
  CHECK(may(town.log, Right::share, shared, kCara, town.now()));
  REQUIRE_FALSE(town.by('A', Town::to({kCara})));
  CHECK_FALSE(shared_at(town.log, shared, north, town.now()));
  CHECK_FALSE(may(town.log, Right::share, shared, kCara, town.now()));
  REQUIRE_FALSE(town.by('A', Restrict{{kCase}, {}, "sealed", {}}));
  CHECK_FALSE(shared_at(town.log, shared, north, town.now()));
  CHECK_FALSE(may(town.log, Right::read, shared, noor, town.now()));
}

TEST_CASE("what somebody who loses a case wrote without having heard is late work beyond its pin, of whoever keeps it nothing") {
  Town town;
  const std::uint64_t before = town.now();
  const EnvelopeId last = filled<EnvelopeId>(70);
  REQUIRE_FALSE(town.by('A', Town::to({kAmina, kCara}, last)));
  const auto at = [](char device, std::uint64_t seq, const EnvelopeId& id, const LedgerId& ledger) {
    return EnvelopePlace{filled<DeviceId>(device), filled<IncarnationId>(device), ledger, seq, id};
  };
  CHECK_FALSE(town.log.objection(at('B', 3, last, kCase), before));
  CHECK_FALSE(town.log.objection(at('B', 2, filled<EnvelopeId>(71), kCase), before));
  CHECK(town.log.objection(at('B', 4, filled<EnvelopeId>(72), kCase), before) == Errc::removed);
  CHECK(town.log.objection(at('B', 1, filled<EnvelopeId>(73), kBelow), before) == Errc::removed);
  CHECK_FALSE(town.log.objection(at('B', 4, filled<EnvelopeId>(74), filled<LedgerId>(64)), before));
  CHECK_FALSE(town.log.objection(at('C', 9, filled<EnvelopeId>(75), kCase), before));
  REQUIRE_FALSE(town.by('A', Countersign{{filled<EnvelopeId>(72)}, true, {}}));
  CHECK_FALSE(town.log.objection(at('B', 4, filled<EnvelopeId>(72), kCase), before));
  // Named again, she writes on; what was late stays so.
  REQUIRE_FALSE(town.by('A', Town::to({kAmina, kBen})));
  CHECK_FALSE(town.log.objection(at('B', 5, filled<EnvelopeId>(76), kCase), town.now()));
  CHECK(town.log.objection(at('B', 5, filled<EnvelopeId>(77), kCase), before) == Errc::removed);
}

TEST_CASE("a manager restricts, an advocate does not, and whom a case is kept from changes nothing about it") {
  Town town;
  CHECK(town.by('C', Town::to({kCara})) == Errc::not_permitted);
  REQUIRE_FALSE(town.by('B', Town::to({kBen, kCara})));
  REQUIRE_FALSE(town.by('B', Town::to({kCara})));
  CHECK(town.by('B', Town::to({kBen})) == Errc::not_permitted);
  CHECK(town.by('B', Restrict{{kCase}, {}, "sealed", {}}) == Errc::not_permitted);
  CHECK_FALSE(town.by('A', Town::to({kAmina, kBen})));   // an administrator may, and all hear of it
}

TEST_CASE("an entry that restricts nothing, or to nobody that is known, is none") {
  Town town;
  CHECK(town.by('A', Restrict{{}, {kCara}, "sealed", {}}) == Errc::bad_input);
  CHECK(town.by('A', Restrict{{kCase, kTeamsOwn}, {kCara}, "sealed", {}}) == Errc::not_permitted);
  CHECK(town.by('A', Restrict{{filled<LedgerId>(3)}, {kCara}, "sealed", {}}) == Errc::not_permitted);
  CHECK(town.by('A', Town::to({filled<UserId>('x')})) == Errc::bad_input);
  CHECK(town.by('A', Town::to({kCara, kCara})) == Errc::bad_input);
  CHECK(town.by('A', Town::to(std::vector<UserId>(kMostNamed + 1, kCara))) == Errc::bad_input);
  Restrict spoilt = Town::to({kCara});
  spoilt.pin = "x";
  CHECK(town.by('A', spoilt).has_value());
  CHECK(town.log.restrictions().empty());
}
