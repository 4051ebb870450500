#include "core/membership/log.h"

#include "core/membership/formats.pb.h"
#include "tests/core/membership/signed_log.h"

using namespace wayside;
using namespace wayside::membership;
using namespace wayside::test;

namespace {

const UserId kAmina = filled<UserId>('a');
const UserId kBen = filled<UserId>('b');

/// Root, a team, and Amina's device 'A' as admin.
Log founded() {
  Log log = with_a_team();
  REQUIRE_FALSE(append(log, ticket('t', kAmina, Role::admin), root()));
  REQUIRE_FALSE(append(log, device('A', kAmina, 't'), by_ticket('t')));
  return log;
}

}  // namespace

TEST_CASE("a log begins with its founding, signed by the root that it names") {
  Log log;
  CHECK(append(log, Team{kTeam, "team", filled<LedgerId>(4)}, root()) == Errc::not_permitted);
  CHECK(append(log, founding(), {SignerKind::root, {}, counting_secret(77)}) == Errc::bad_signature);
  CHECK(append(log, founding(), {SignerKind::device, {}, counting_secret(1)}) == Errc::not_permitted);
  CHECK_FALSE(append(log, founding(), root()));
  CHECK(append(log, founding(), root()) == Errc::not_permitted);
  CHECK(log.organisation() == kOrganisation);
  CHECK(log.found()->organisation_ledger == filled<LedgerId>(3));
}

TEST_CASE("a device is admitted by its ticket, once, with the ticket's role and teams") {
  Log log = founded();
  REQUIRE_FALSE(append(log, ticket('u', kBen, Role::desk), by_device('A')));
  REQUIRE_FALSE(append(log, device('B', kBen, 'u'), by_ticket('u')));
  CHECK(log.role_at(kBen, log.size() - 1) == Role::desk);
  CHECK(log.teams_of(kBen) == std::vector<TeamId>{kTeam});
  CHECK(log.device(filled<DeviceId>('B'))->admitted == log.size() - 1);
  CHECK(log.tickets().at(filled<TicketId>('u')).used == log.size() - 1);
  CHECK(log.device_by_courier(filled<PublicKey>('B'))->entry.user == kBen);

  CHECK(append(log, device('C', kBen, 'u'), by_ticket('u')) == Errc::ticket_used);
  CHECK(append(log, device('B', kBen, 'u'), by_ticket('u')) == Errc::already_exists);
}

TEST_CASE("a device entry that does not fit its ticket is refused") {
  Log log = founded();
  REQUIRE_FALSE(append(log, ticket('u', kBen, Role::advocate), by_device('A')));
  CHECK(append(log, device('B', kBen, 'x'), by_ticket('x')) == Errc::ticket_unknown);
  CHECK(append(log, device('B', kAmina, 'u'), by_ticket('u')) == Errc::not_permitted);
  CHECK(append(log, device('B', kBen, 'u'), by_device('A')) == Errc::ticket_unknown);   // an admin cannot redeem it either
  Signer wrong_key = by_ticket('u');
  wrong_key.seed = counting_secret(99);
  CHECK(append(log, device('B', kBen, 'u'), wrong_key) == Errc::bad_signature);
  DeviceEntry no_proof = device('B', kBen, 'u');
  no_proof.proof = filled<Signature>(1);
  CHECK(append(log, no_proof, by_ticket('u')) == Errc::bad_signature);
  DeviceEntry other_key = device('B', kBen, 'u');
  other_key.box_public = filled<PublicKey>(33);   // the proof was for another key
  CHECK(append(log, other_key, by_ticket('u')) == Errc::bad_signature);
  CHECK_FALSE(append(log, device('B', kBen, 'u'), by_ticket('u')));
}

TEST_CASE("only the root keeps a branch, of this log, and what it refuses is judged by what both share") {
  Log log = founded();
  const EntryHash kept = *log.head();
  const EntryHash refused = filled<EntryHash>(90);
  REQUIRE_FALSE(append(log, ticket('u', kBen, Role::advocate), by_device('A')));
  CHECK(append(log, Branch{kept, refused}, by_device('A')) == Errc::not_permitted);
  CHECK(append(log, Branch{filled<EntryHash>(91), refused}, root()) == Errc::bad_input);
  CHECK(append(log, Branch{kept, *log.head()}, root()) == Errc::bad_input);
  CHECK_FALSE(log.number_of(refused));
  CHECK_FALSE(append(log, Branch{kept, refused}, root()));
  CHECK(log.number_of(refused) == *log.number_of(kept) - 1);
  CHECK(log.refused().contains(refused));
}

TEST_CASE("only the root admits a device without a ticket") {
  Log log = founded();
  DeviceEntry solo = device('S', kBen, std::nullopt);
  solo.role = Role::advocate;
  solo.teams = {kTeam};
  CHECK(append(log, solo, by_device('A')) == Errc::not_permitted);
  CHECK_FALSE(append(log, solo, root()));
  CHECK(log.role_at(kBen, log.size() - 1) == Role::advocate);
}

TEST_CASE("only an admin's device and the root append; tickets, advocates, strangers and wrong keys do not") {
  Log log = founded();
  REQUIRE_FALSE(append(log, ticket('u', kBen, Role::manager), by_device('A')));
  REQUIRE_FALSE(append(log, device('B', kBen, 'u'), by_ticket('u')));
  const auto kinds = [] {
    return std::vector<EntryKind>{Team{filled<TeamId>(70), "t", filled<LedgerId>(71)},
                                  Epoch{kTeam, 2, filled<PublicKey>(72), {}, {}, {}},
                                  ticket('v', kBen, Role::admin),
                                  RoleEntry{kBen, Role::admin, std::nullopt, false, {}},
                                  Removal{filled<DeviceId>('A'), std::nullopt, {}, {}},
                                  Countersign{}, Erase{}, OfficeKey{}, Pack{}};
  };
  for (const EntryKind& kind : kinds()) {
    CHECK(append(log, kind, by_device('B')) == Errc::not_permitted);
    CHECK(append(log, kind, by_device('Z')) == Errc::not_a_member);
    CHECK(append(log, kind, by_ticket('t')) == Errc::not_permitted);
    Signer thief = by_device('A');
    thief.seed = counting_secret(200);
    CHECK(append(log, kind, thief) == Errc::bad_signature);
    CHECK(append(log, kind, {SignerKind::unknown, {}, counting_secret(1)}) == Errc::not_permitted);
    Signer short_name = by_device('A');
    short_name.name = "A";
    CHECK(append(log, kind, short_name) == Errc::not_a_member);
  }
  for (const EntryKind& kind : kinds()) {
    Log by_admin = log;
    CHECK_FALSE(append(by_admin, kind, by_device('A')));
    Log by_root = log;
    CHECK_FALSE(append(by_root, kind, root()));
  }
}

TEST_CASE("an entry stands on the newest head, with the next number, in its own organisation") {
  Log log = founded();
  const EntryKind kind = RoleEntry{kAmina, Role::admin, std::nullopt, false, {}};
  Entry entry{kOrganisation, log.size(), log.head(), 0, SignerKind::root, {}, kind};
  Entry old = entry;
  old.previous = filled<EntryHash>(1);
  CHECK(append(log, sign_entry(old, counting_secret(1))) == Errc::stale_head);
  old = entry;
  old.number = log.size() + 1;
  CHECK(append(log, sign_entry(old, counting_secret(1))) == Errc::stale_head);
  old = entry;
  old.previous.reset();
  CHECK(append(log, sign_entry(old, counting_secret(1))) == Errc::stale_head);
  old = entry;
  old.organisation = filled<OrganisationId>(55);
  CHECK(append(log, sign_entry(old, counting_secret(1))) == Errc::bad_input);
  const SignedEntry good = sign_entry(entry, counting_secret(1));
  CHECK_FALSE(append(log, good));
  CHECK(append(log, good) == Errc::stale_head);
  CHECK(log.number_of(good.hash) == log.size() - 1);
  CHECK_FALSE(log.number_of(filled<EntryHash>(1)));
}

TEST_CASE("an unknown kind is kept, counts in the chain, and is flagged") {
  Log log = founded();
  CHECK_FALSE(log.has_unknown_kind());
  // As a newer version writes it: field 24 in place of a kind.
  pb::EntryBody body;
  body.set_organisation(kOrganisation.str());
  body.set_number(log.size());
  body.set_previous(log.head()->str());
  body.set_signer_kind(pb::EntryBody::root);
  const Bytes encoded = body.SerializeAsString() + Bytes("\xc2\x01\x03new", 6);
  const Digest hash = crypto::hash("wayside/membership-entry/1", {encoded});
  Bytes bytes(1, '\1');
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(encoded.size() >> shift));
  bytes += encoded + crypto::sign(counting_secret(1), hash.view()).str();
  const auto entry = parse_entry(bytes);
  REQUIRE(entry);
  CHECK_FALSE(append(log, *entry));
  CHECK(log.has_unknown_kind());
  CHECK(log.head()->view() == hash.view());
  CHECK_FALSE(append(log, RoleEntry{kAmina, Role::admin, std::nullopt, false, {}}, root()));   // the chain goes on
}

TEST_CASE("roles and membership are what they were when an entry stood last") {
  Log log = founded();
  REQUIRE_FALSE(append(log, ticket('u', kBen, Role::advocate), root()));
  REQUIRE_FALSE(append(log, device('B', kBen, 'u'), by_ticket('u')));
  const std::uint64_t joined = log.size() - 1;
  REQUIRE_FALSE(append(log, RoleEntry{kBen, Role::desk, std::nullopt, false, {}}, root()));
  const std::uint64_t promoted = log.size() - 1;
  REQUIRE_FALSE(append(log, RoleEntry{kBen, Role::none, kTeam, true, {}}, root()));
  REQUIRE_FALSE(append(log, Removal{filled<DeviceId>('B'), std::nullopt, {}, {}}, root()));
  const std::uint64_t removed = log.size() - 1;

  CHECK(log.role_at(kBen, joined - 1) == Role::none);
  CHECK(log.role_at(kBen, joined) == Role::advocate);
  CHECK(log.role_at(kBen, promoted) == Role::desk);
  CHECK(log.role_at(kBen, removed) == Role::desk);
  CHECK(log.role_at(filled<UserId>(99), removed) == Role::none);
  CHECK(log.teams_of(kBen).empty());
  const auto b = filled<DeviceId>('B');
  CHECK_FALSE(log.member_at(b, joined - 1));
  CHECK(log.member_at(b, joined));
  CHECK(log.member_at(b, removed - 1));
  CHECK_FALSE(log.member_at(b, removed));
  CHECK_FALSE(log.member_at(filled<DeviceId>('Q'), removed));
}

TEST_CASE("a removed admin signs nothing more, and a removed user's open tickets admit nobody") {
  Log log = founded();
  REQUIRE_FALSE(append(log, ticket('u', kBen, Role::admin), root()));
  REQUIRE_FALSE(append(log, device('B', kBen, 'u'), by_ticket('u')));
  REQUIRE_FALSE(append(log, ticket('v', kBen, Role::admin), by_device('B')));
  REQUIRE_FALSE(append(log, Removal{std::nullopt, kBen, {}, {}}, by_device('A')));
  CHECK(append(log, RoleEntry{kBen, Role::admin, std::nullopt, false, {}}, by_device('B')) == Errc::not_a_member);
  CHECK(append(log, device('C', kBen, 'v'), by_ticket('v')) == Errc::ticket_used);
  CHECK_FALSE(log.member_at(filled<DeviceId>('B'), log.size() - 1));
  CHECK(log.member_at(filled<DeviceId>('A'), log.size() - 1));
}

TEST_CASE("the newest epoch is the one with the highest number") {
  Log log = founded();
  CHECK(log.newest_epoch(filled<TeamId>(99)) == nullptr);
  REQUIRE_FALSE(append(log, Epoch{kTeam, 3, filled<PublicKey>(33), {}, {}, {}}, root()));
  REQUIRE_FALSE(append(log, Epoch{kTeam, 2, filled<PublicKey>(32), {}, {}, {}}, root()));
  CHECK(log.newest_epoch(kTeam)->number == 3);
}

TEST_CASE("what the root signs once somebody belongs is told as a use of the recovery pages") {
  Log log = founded();
  CHECK(log.root_uses().empty());
  REQUIRE_FALSE(append(log, ticket('u', kBen, Role::desk), by_device('A')));
  CHECK(log.root_uses().empty());
  REQUIRE_FALSE(append(log, ticket('v', kBen, Role::desk), root()));
  REQUIRE(log.root_uses().size() == 1);
  CHECK(log.root_uses().front().number == log.size() - 1);
}

TEST_CASE("a device counts as come back with the pages only by a ticket of the root, after an epoch that leads nowhere back") {
  Log log = founded();
  const auto joins = [&](char name, char with_ticket) {
    REQUIRE_FALSE(append(log, device(name, kBen, with_ticket), by_ticket(with_ticket)));
    return log.admitted_by_recovery(*log.device(filled<DeviceId>(name)));
  };
  CHECK_FALSE(log.admitted_by_recovery(*log.device(filled<DeviceId>('A'))));
  REQUIRE_FALSE(append(log, ticket('u', kBen, Role::admin), root()));
  CHECK_FALSE(joins('B', 'u'));
  REQUIRE_FALSE(append(log, Epoch{kTeam, 2, filled<PublicKey>(6), {}, "leads back", {}}, root()));
  REQUIRE_FALSE(append(log, ticket('v', kBen, Role::admin), root()));
  CHECK_FALSE(joins('C', 'v'));
  REQUIRE_FALSE(append(log, Epoch{kTeam, 3, filled<PublicKey>(7), {}, {}, {}}, root()));
  CHECK(log.teams().at(kTeam).leads_back_to == 3);
  CHECK_FALSE(log.admitted_by_recovery(*log.device(filled<DeviceId>('C'))));
  REQUIRE_FALSE(append(log, ticket('w', kBen, Role::admin), by_device('A')));
  CHECK_FALSE(joins('D', 'w'));
  REQUIRE_FALSE(append(log, ticket('x', kBen, Role::admin), root()));
  CHECK(joins('E', 'x'));
}

// ---- A case that is shared no more ----

namespace {

const LedgerId kCase = filled<LedgerId>(60);
const TeamId kNorth = filled<TeamId>(61);
const IncarnationId kBensIncarnation = filled<IncarnationId>(0);

/// Ben is of the team North, with the device 'B'.
Log with_north() {
  Log log = founded();
  REQUIRE_FALSE(append(log, TicketEntry{filled<TicketId>('u'), crypto::sign_public(counting_secret('u')), kBen, "sealed", Role::advocate, {kNorth}, 0}, by_device('A')));
  REQUIRE_FALSE(append(log, device('B', kBen, 'u'), by_ticket('u')));
  return log;
}

Grant to(const TeamId& team) { return {kCase, {}, ReaderKind::team_epoch, team.str(), 1, {}}; }
Grant to(const DeviceId& device) { return {kCase, {}, ReaderKind::device, device.str(), 0, {}}; }

Withdraw withdrawal(const EnvelopeId& last = {}) {
  Pin pin;
  pin[{filled<DeviceId>('B'), kBensIncarnation}][kCase] = {3, last};
  return {kCase, kNorth, {kTeam}, {}, encode_pin(pin).front()};
}

}  // namespace

TEST_CASE("a withdrawal ends the grants that came before it, for that team and that case alone") {
  Log log = with_north();
  const std::uint64_t before = log.size() - 1;
  CHECK(log.counts(to(kNorth), before));
  REQUIRE_FALSE(append(log, withdrawal(), by_device('A')));
  const std::uint64_t entry = log.size() - 1;
  CHECK_FALSE(log.counts(to(kNorth), before));
  CHECK_FALSE(log.counts(to(filled<DeviceId>('B')), before));
  CHECK(log.counts(to(kNorth), entry));
  CHECK(log.counts(to(kTeam), before));
  CHECK(log.counts(to(filled<DeviceId>('A')), before));
  Grant elsewhere = to(kNorth);
  elsewhere.ledger = filled<LedgerId>(62);
  CHECK(log.counts(elsewhere, before));
  CHECK(log.withdrawn_at(kCase) == entry);
  CHECK(log.withdrawn_at(elsewhere.ledger) == 0);
}

TEST_CASE("a withdrawal makes late work of what lies beyond its pin in that case, and of nothing else") {
  Log log = with_north();
  const std::uint64_t before = log.size() - 1;
  const EnvelopeId last = filled<EnvelopeId>(63);
  REQUIRE_FALSE(append(log, withdrawal(last), by_device('A')));
  const auto place = [&](std::uint64_t seq, const EnvelopeId& id, const LedgerId& ledger = kCase) {
    return EnvelopePlace{filled<DeviceId>('B'), kBensIncarnation, ledger, seq, id};
  };
  CHECK_FALSE(log.objection(place(2, filled<EnvelopeId>(64)), before));
  CHECK_FALSE(log.objection(place(3, last), before));
  CHECK(log.objection(place(3, filled<EnvelopeId>(65)), before) == Errc::removed);
  CHECK(log.objection(place(4, filled<EnvelopeId>(65)), before) == Errc::removed);
  CHECK_FALSE(log.objection(place(4, filled<EnvelopeId>(65), filled<LedgerId>(62)), before));
  CHECK_FALSE(log.objection(place(4, filled<EnvelopeId>(65)), log.size() - 1));   // the office refuses that
  REQUIRE_FALSE(append(log, Countersign{{filled<EnvelopeId>(65)}, true, {}}, by_device('A')));
  CHECK_FALSE(log.objection(place(4, filled<EnvelopeId>(65)), before));
}

TEST_CASE("a manager withdraws a case, an advocate does not, and nobody a team's own ledger") {
  Log log = with_north();
  REQUIRE_FALSE(append(log, Team{kNorth, "north", filled<LedgerId>(66)}, by_device('A')));
  CHECK(append(log, withdrawal(), by_device('B')) == Errc::not_permitted);
  Withdraw of_team = withdrawal();
  of_team.ledger = filled<LedgerId>(66);
  CHECK(append(log, of_team, by_device('A')) == Errc::not_permitted);
  Withdraw spoilt = withdrawal();
  spoilt.pin = "x";
  CHECK(append(log, spoilt, by_device('A')).has_value());
  REQUIRE_FALSE(append(log, RoleEntry{kBen, Role::manager, std::nullopt, false, {}}, by_device('A')));
  CHECK_FALSE(append(log, withdrawal(), by_device('B')));
}
