#include "tests/sync/office/organisation.h"

#include <catch2/catch_test_macros.hpp>

#include "core/ledger/envelope.h"
#include "core/membership/names.h"
#include "sync/wire/frontier.h"

namespace wayside::support {

using membership::ReaderKind;

namespace {


template <class T>
T must(Result<T> result) {
  if (!result) FAIL(name_of(result.error().code) << " " << result.error().detail);
  return *std::move(result);
}
void must(const Result<void>& result) {
  if (!result) FAIL(name_of(result.error().code) << " " << result.error().detail);
}

office::Caller an_administrator() { return {office::Standing::device, {}, {}, Errc::refused}; }

}  // namespace

Organisation::Organisation(std::uint64_t seed)
    : world(seed),
      env(world.env()),
      founding(must(office::found_organisation("Example Org", "Administrator", "127.0.0.1:8443", world.clock, world.random))),
      main_team(founding.first_ticket.teams.at(0).team) {
  must(world.files.make_folders("/office"));
  store = must(office::LedgerStore::create(env, platform::Path(kStore), founding.generation, founding.entries));
}

void Organisation::reopen() {
  store.reset();
  store = must(office::LedgerStore::open(env, platform::Path(kStore)));
}

membership::SignedEntry Organisation::root_signed(membership::EntryKind kind) {
  membership::Entry entry;
  entry.organisation = store->log().organisation();
  entry.number = store->log().size();
  entry.previous = store->log().head();
  entry.time_ms = world.clock.wall_ms();
  entry.signer_kind = membership::SignerKind::root;
  entry.kind = std::move(kind);
  return membership::sign_entry(entry, founding.recovery.root_seed);
}

void Organisation::append_by_root(membership::EntryKind kind) {
  must(store->append(an_administrator(), root_signed(std::move(kind)), world.clock.wall_ms()));
}

TeamId Organisation::add_team() {
  const TeamId team = TeamId::random(world.random);
  append_by_root(membership::Team{team, "sealed", LedgerId::random(world.random)});
  append_by_root(membership::Epoch{team, 1, crypto::new_box_pair(world.random).public_key, {}, {}, {}});
  return team;
}

membership::Ticket Organisation::invite(membership::Role role, std::vector<TeamId> teams) {
  membership::Ticket ticket;
  ticket.organisation = store->log().organisation();
  ticket.root_public = founding.first_ticket.root_public;
  ticket.ticket = TicketId::random(world.random);
  ticket.user = UserId::random(world.random);
  ticket.seed = crypto::random_secret(world.random, crypto::kKeyBytes);
  ticket.office_pin = founding.keys.tls_pin();
  ticket.expires_ms = world.clock.wall_ms() + 7LL * 24 * 60 * 60 * 1000;
  ticket.office_address = founding.first_ticket.office_address;
  for (const TeamId& team : teams) ticket.teams.push_back({team, 1});
  append_by_root(membership::TicketEntry{ticket.ticket, crypto::sign_public(ticket.seed), ticket.user, "sealed", role,
                                         std::move(teams), ticket.expires_ms});
  return ticket;
}

membership::SignedEntry Organisation::redeeming(const membership::Ticket& ticket, Member& member) {
  member.sign_seed = crypto::random_secret(world.random, crypto::kKeyBytes);
  member.courier_seed = crypto::random_secret(world.random, crypto::kKeyBytes);
  crypto::BoxPair box = crypto::new_box_pair(world.random);
  member.box_secret = std::move(box.secret);
  member.entry.device = DeviceId::random(world.random);
  member.entry.incarnation = IncarnationId::random(world.random);
  member.entry.sign_public = crypto::sign_public(member.sign_seed);
  member.entry.box_public = box.public_key;
  member.entry.courier_public = crypto::sign_public(member.courier_seed);
  member.entry.user = ticket.user;
  member.entry.ticket = ticket.ticket;
  member.entry.sealed_name = "sealed";
  member.entry.proof =
      crypto::sign(member.sign_seed, membership::device_proof_message(ticket.organisation, member.entry));
  membership::Entry entry;
  entry.organisation = ticket.organisation;
  entry.number = store->log().size();
  entry.previous = store->log().head();
  entry.time_ms = world.clock.wall_ms();
  entry.signer_kind = membership::SignerKind::ticket;
  entry.signer = ticket.ticket.str();
  entry.kind = member.entry;
  return membership::sign_entry(entry, ticket.seed);
}

Member Organisation::join(const membership::Ticket& ticket) {
  Member member;
  const office::Caller caller{office::Standing::ticket, {}, ticket.ticket, Errc::refused};
  must(store->append(caller, redeeming(ticket, member), world.clock.wall_ms()));
  return member;
}

wire::pb::Parcel Organisation::write(Member& member, const LedgerId& ledger) {
  return write(member, ledger, Writing{});
}

wire::pb::Parcel Organisation::open_ledger(Member& member, const LedgerId& ledger, const TeamId& team) {
  Writing writing;
  writing.teams = {team};
  return write(member, ledger, writing);
}

wire::pb::Parcel Organisation::write(Member& member, const LedgerId& ledger, const Writing& writing) {
  const crypto::Key case_key = crypto::Key::random(world.random);
  Member::Chain& chain = member.chains[ledger];
  ledger::Header header;
  header.organisation = store->log().organisation();
  header.ledger = ledger;
  header.device = member.id();
  header.incarnation = member.entry.incarnation;
  header.seq = ++chain.seq;
  header.prev = chain.prev;
  header.key_generation = KeyGenerationId::random(world.random);
  header.membership_head = writing.membership_head.value_or(*store->log().head());
  header.blobs = writing.blobs;

  wire::pb::Parcel parcel;
  crypto::SessionBox box(world.random);
  const auto grant_to = [&](ReaderKind kind, BytesView reader, const PublicKey& key) {
    const membership::Grant grant{ledger, header.key_generation, kind, Bytes(reader), 1, {}};
    const Bytes bytes = membership::make_grant(grant, key, case_key.view(), box);
    header.grants.push_back(membership::hash_of_grant(bytes));
    parcel.add_grants(bytes);
  };
  if (!writing.teams.empty() || !writing.devices.empty()) {
    grant_to(ReaderKind::recovery, header.organisation.view(), store->log().found()->recovery_public);
  }
  for (const TeamId& team : writing.teams) {
    grant_to(ReaderKind::team_epoch, team.view(), store->log().newest_epoch(team)->public_key);
  }
  for (const DeviceId& device : writing.devices) {
    grant_to(ReaderKind::device, device.view(), store->log().device(device)->entry.box_public);
  }
  const Bytes change = crypto::random_bytes(world.random, writing.bytes);
  const auto sealed = must(ledger::seal_envelope(header, change, case_key.view(), crypto::Signer(member.sign_seed), world.random));
  chain.prev = sealed.id;
  parcel.set_envelope(sealed.bytes);
  return parcel;
}

std::vector<wire::pb::Taken> Organisation::push(const Member& member, const std::vector<wire::pb::Parcel>& parcels) {
  wire::pb::PushRequest request;
  for (const wire::pb::Parcel& parcel : parcels) *request.add_parcels() = parcel;
  return must(store->push(member.caller(), request, world.clock.wall_ms()));
}

office::LedgerStore::Page Organisation::pull(const Member& member, const wire::pb::PullRequest& request) {
  return must(store->pull(member.id(), request));
}

EnvelopeId id_of(const wire::pb::Parcel& parcel) { return must(ledger::parse_envelope(parcel.envelope())).id; }

Digest Holder::frontier(const Organisation& organisation) const {
  std::vector<wire::LedgerHead> all;
  for (const auto& [id, head] : ledgers) all.push_back(head);
  const membership::Log& log = organisation.store->log();
  if (membership == log.size()) all.push_back(*wire::membership_head(log.organisation(), log.size(), log.head()));
  return wire::frontier_digest(all);
}

void Holder::fetch(Organisation& organisation, const Member& member, std::uint32_t page_bytes) {
  for (bool more = true; more;) {
    wire::pb::PullRequest request;
    request.set_position(position);
    request.set_membership(membership);
    request.set_page_bytes(page_bytes);
    request.set_frontier(frontier(organisation).str());
    const auto page = organisation.pull(member, request);
    ++pages;
    membership += static_cast<std::uint64_t>(page.answer.membership_size());
    for (const wire::pb::Delivery& delivery : page.answer.deliveries()) {
      wire::LedgerHead& head = ledgers[*LedgerId::from(delivery.ledger())];
      REQUIRE(delivery.lsn() == head.lsn + 1);
      const auto id = delivery.has_parcel() ? id_of(delivery.parcel()) : *EnvelopeId::from(delivery.id());
      head = {*LedgerId::from(delivery.ledger()), delivery.lsn(), ledger::next_head(head.head, id)};
      deliveries.push_back(delivery);
    }
    position = page.answer.position();
    heads = page.heads;
    more = page.answer.more();
    REQUIRE(more != heads.has_value());
  }
}

}  // namespace wayside::support
