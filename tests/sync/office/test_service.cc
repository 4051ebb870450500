#include <catch2/catch_test_macros.hpp>

#include "sync/wire/codec.h"
#include "tests/sync/office/organisation.h"

using namespace wayside;
using namespace wayside::support;
using office::Reply;
namespace pb = wire::pb;

namespace {

struct Served : Organisation {
  Member amina = join(founding.first_ticket);
  office::Service service{world.clock, *store, {founding.keys.tls_seed.clone(), founding.keys.sign_seed.clone()}};

  template <class Answer, class Request>
  Answer ask(const PublicKey& who, std::string_view path, const Request& request) {
    const Reply reply = service.answer(who, path, wire::encode(request));
    REQUIRE(reply.status == 200);
    return *wire::decode<Answer>(reply.body);
  }
  pb::AppendAnswer append(const PublicKey& who, const membership::SignedEntry& entry) {
    pb::AppendRequest request;
    request.set_entry(entry.bytes);
    return ask<pb::AppendAnswer>(who, "/v1/membership", request);
  }
};

PublicKey key_of(const membership::Ticket& ticket) { return crypto::sign_public(ticket.seed); }
std::string reason_of(const Reply& reply) { return wire::decode<pb::Refusal>(reply.body)->reason(); }
const Bytes kEmpty = "\1";

}  // namespace

TEST_CASE("a key that nobody admitted gets nothing") {
  Served org;
  for (const char* path : {"/v1/push", "/v1/pull", "/v1/membership"}) {
    const Reply reply = org.service.answer(PublicKey::random(org.world.random), path, kEmpty);
    CHECK(reply.status == 403);
    CHECK(reason_of(reply) == "refused");
  }
  CHECK(org.service.answer(org.amina.entry.courier_public, "/v1/other", kEmpty).status == 404);
  // The key that signs envelopes is not the key that carries them.
  CHECK(org.service.answer(org.amina.entry.sign_public, "/v1/pull", kEmpty).status == 403);
}

TEST_CASE("a ticket reads membership, admits one device, and is then used up") {
  Served org;
  const membership::Ticket ticket = org.invite(membership::Role::advocate, {org.main_team});
  const PublicKey key = key_of(ticket);
  CHECK(org.service.answer(key, "/v1/push", kEmpty).status == 403);
  const auto log = org.ask<pb::PullAnswer>(key, "/v1/pull", pb::PullRequest{});
  CHECK(static_cast<std::uint64_t>(log.membership_size()) == org.store->log().size());
  CHECK(log.deliveries_size() == 0);
  CHECK(log.heads().empty());

  Member ben;
  const auto entry = org.redeeming(ticket, ben);
  CHECK(org.append(key, entry).status() == pb::AppendAnswer::taken);
  const Reply after = org.service.answer(key, "/v1/pull", kEmpty);
  CHECK(after.status == 403);
  CHECK(reason_of(after) == "ticket_used");
  CHECK(org.service.answer(ben.entry.courier_public, "/v1/pull", kEmpty).status == 200);
  // The answer was lost: the new device asks again, with its own key by now.
  CHECK(org.append(ben.entry.courier_public, entry).status() == pb::AppendAnswer::taken);
  // A second use of the ticket, through an admitted device.
  Member thief;
  const auto second = org.append(org.amina.entry.courier_public, org.redeeming(ticket, thief));
  CHECK(second.status() == pb::AppendAnswer::refused);
  CHECK(second.reason() == "ticket_used");
}

TEST_CASE("a ticket is refused after its seven days, whoever brings it") {
  Served org;
  const membership::Ticket ticket = org.invite(membership::Role::advocate, {org.main_team});
  org.world.clock.advance(7LL * 24 * 60 * 60 * 1000);
  CHECK(org.service.answer(key_of(ticket), "/v1/pull", kEmpty).status == 200);
  org.world.clock.advance(1);
  const Reply reply = org.service.answer(key_of(ticket), "/v1/pull", kEmpty);
  CHECK(reply.status == 403);
  CHECK(reason_of(reply) == "ticket_expired");
  Member late;
  const auto answer = org.append(org.amina.entry.courier_public, org.redeeming(ticket, late));
  CHECK(answer.status() == pb::AppendAnswer::refused);
  CHECK(answer.reason() == "ticket_expired");
}

TEST_CASE("a ticket holder appends its own device and nothing else") {
  Served org;
  const membership::Ticket mine = org.invite(membership::Role::admin, {org.main_team});
  const membership::Ticket other = org.invite(membership::Role::admin, {org.main_team});
  Member member;
  const auto answer = org.append(key_of(mine), org.redeeming(other, member));
  CHECK(answer.status() == pb::AppendAnswer::refused);
  CHECK(answer.reason() == "not_permitted");
  CHECK(org.append(key_of(mine), org.root_signed(membership::Pack{"p", 1, {}})).reason() == "not_permitted");
}

TEST_CASE("no device may claim a key of another") {
  Served org;
  const membership::Ticket ticket = org.invite(membership::Role::advocate, {org.main_team});
  Member member;
  (void)org.redeeming(ticket, member);
  member.entry.courier_public = org.amina.entry.courier_public;
  member.entry.proof =
      crypto::sign(member.sign_seed, membership::device_proof_message(ticket.organisation, member.entry));
  membership::Entry entry;
  entry.organisation = ticket.organisation;
  entry.number = org.store->log().size();
  entry.previous = org.store->log().head();
  entry.signer_kind = membership::SignerKind::ticket;
  entry.signer = ticket.ticket.str();
  entry.kind = member.entry;
  CHECK(org.append(key_of(ticket), membership::sign_entry(entry, ticket.seed)).reason() == "already_exists");
}

TEST_CASE("membership grows by compare-and-swap: of two entries for one place the second is stale") {
  Served org;
  const auto first = org.root_signed(membership::Pack{"a", 1, {}});
  const auto second = org.root_signed(membership::Pack{"b", 1, {}});
  const auto size = org.store->log().size();
  const PublicKey who = org.amina.entry.courier_public;
  CHECK(org.append(who, first).status() == pb::AppendAnswer::taken);
  const auto answer = org.append(who, second);
  CHECK(answer.status() == pb::AppendAnswer::stale);
  CHECK(answer.size() == size + 1);
  CHECK(org.append(who, first).status() == pb::AppendAnswer::taken);  // the same again
  CHECK(org.store->log().size() == size + 1);
  SECTION("it is there after a restart") {
    org.reopen();
    CHECK(org.store->log().head() == first.hash);
  }
}

TEST_CASE("an entry of an unknown kind is not judged, so not taken") {
  Served org;
  const auto answer = org.append(org.amina.entry.courier_public, org.root_signed(membership::UnknownKind{}));
  CHECK(answer.status() == pb::AppendAnswer::refused);
  CHECK(answer.reason() == "newer_format");
}

TEST_CASE("only who may sign for the organisation appends; bytes that are no entry are refused") {
  Served org;
  Member ben = org.join(org.invite(membership::Role::advocate, {org.main_team}));
  membership::Entry entry;
  entry.organisation = org.store->log().organisation();
  entry.number = org.store->log().size();
  entry.previous = org.store->log().head();
  entry.signer_kind = membership::SignerKind::device;
  entry.signer = ben.id().str();
  entry.kind = membership::Removal{org.amina.id(), std::nullopt, {}, {}};
  CHECK(org.append(ben.entry.courier_public, membership::sign_entry(entry, ben.sign_seed)).reason() == "not_permitted");
  pb::AppendRequest rubbish;
  rubbish.set_entry("rubbish");
  CHECK(org.ask<pb::AppendAnswer>(ben.entry.courier_public, "/v1/membership", rubbish).status() ==
        pb::AppendAnswer::refused);
}

TEST_CASE("a removed device may push, and nothing else") {
  Served org;
  Member ben = org.join(org.invite(membership::Role::advocate, {org.main_team}));
  org.append_by_root(membership::Removal{ben.id(), std::nullopt, {}, {}});
  CHECK(org.service.answer(ben.entry.courier_public, "/v1/pull", kEmpty).status == 403);
  CHECK(org.service.answer(ben.entry.courier_public, "/v1/membership", kEmpty).status == 403);
  pb::PushRequest request;
  *request.add_parcels() = org.open_ledger(ben, org.new_ledger(), org.main_team);
  CHECK(org.ask<pb::PushAnswer>(ben.entry.courier_public, "/v1/push", request).taken(0).status() ==
        pb::Taken::quarantined);
}

TEST_CASE("another generation is named, and nothing else is done") {
  Served org;
  pb::PushRequest request;
  request.set_generation(Bytes(16, 'x'));
  *request.add_parcels() = org.open_ledger(org.amina, org.new_ledger(), org.main_team);
  const Reply reply = org.service.answer(org.amina.entry.courier_public, "/v1/push", wire::encode(request));
  CHECK(reply.status == 409);
  CHECK(wire::decode<pb::Refusal>(reply.body)->generation() == org.founding.generation.view());
  CHECK(org.store->figures()->envelopes == 0);
  pb::PullRequest pull;
  pull.set_generation(Bytes(16, 'x'));
  CHECK(org.service.answer(org.amina.entry.courier_public, "/v1/pull", wire::encode(pull)).status == 409);
}

TEST_CASE("bodies that cannot be decoded are 400, too large ones 413") {
  Served org;
  const PublicKey who = org.amina.entry.courier_public;
  for (const char* path : {"/v1/push", "/v1/pull", "/v1/membership"}) {
    CHECK(org.service.answer(who, path, "").status == 400);
    CHECK(org.service.answer(who, path, "rubbish").status == 400);
    CHECK(org.service.answer(who, path, "\2").status == 400);
    CHECK(org.service.answer(who, path, Bytes((8 << 20) + 1, '\1')).status == 413);
  }
  const membership::Ticket ticket = org.invite(membership::Role::advocate, {org.main_team});
  CHECK(org.service.answer(key_of(ticket), "/v1/pull", Bytes(200'000, '\1')).status == 413);
}

TEST_CASE("the office signs its heads with its own key, for its organisation and now") {
  Served org;
  const auto answer = org.ask<pb::PullAnswer>(org.amina.entry.courier_public, "/v1/pull", pb::PullRequest{});
  const auto heads = wire::verify_heads(answer.heads(), org.store->log().office()->sign_public);
  REQUIRE(heads);
  CHECK(heads->organisation == org.store->log().organisation());
  CHECK(heads->generation == org.founding.generation);
  CHECK(heads->time_ms == org.world.clock.wall_ms());
}

TEST_CASE("a full disk asks couriers to come back, and takes the push when there is room") {
  Served org;
  pb::PushRequest request;
  // More than there is room for in the part of the write-ahead log that was taken beforehand.
  for (int i = 0; i < 200; ++i) *request.add_parcels() = org.open_ledger(org.amina, org.new_ledger(), org.main_team);
  org.world.files.limit_growth(0);
  const Reply reply = org.service.answer(org.amina.entry.courier_public, "/v1/push", wire::encode(request));
  CHECK(reply.status == 503);
  CHECK(reason_of(reply) == "disk_full");
  CHECK(wire::decode<pb::Refusal>(reply.body)->later_ms() > org.world.clock.wall_ms());
  org.world.files.heal();
  org.world.files.limit_growth(std::nullopt);
  const auto answer = org.ask<pb::PushAnswer>(org.amina.entry.courier_public, "/v1/push", request);
  for (const auto& taken : answer.taken()) CHECK(taken.status() == pb::Taken::stored);
}

TEST_CASE("a device that sends shows the token that is kept, and whoever shows an older one sends nothing") {
  Served org;
  const auto send = [&](char before, char token, char incarnation = 'i') {
    pb::PushRequest request;
    auto& sending = *request.mutable_sending();
    sending.set_incarnation(Bytes(16, incarnation));
    if (before != 0) sending.set_before(Bytes(16, before));
    sending.set_token(Bytes(16, token));
    const Reply reply = org.service.answer(org.amina.entry.courier_public, "/v1/push", wire::encode(request));
    if (reply.status == 412) CHECK(reason_of(reply) == "sent_elsewhere");
    return reply.status;
  };
  CHECK(send('x', '1') == 200);       // none is kept
  CHECK(send('1', '2') == 200);
  CHECK(send('1', '2') == 200);       // its answer was lost
  CHECK(send('1', '3') == 412);       // a copy, of when 1 was kept
  CHECK(send('2', '4') == 200);
  CHECK(send('x', '5', 'j') == 200);  // another incarnation
  CHECK(send('4', '6') == 200);
  CHECK(send(0, '7') == 200);         // a device that begins anew with the office
  CHECK(send('6', '8') == 412);
  CHECK(send(0, '1') == 412);         // a request of long ago that the line held back
  CHECK(send('7', '9') == 200);
}
