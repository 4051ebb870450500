#include <catch2/catch_test_macros.hpp>

#include "core/ledger/envelope.h"
#include "sync/office/stick_pull.h"
#include "sync/wire/codec.h"
#include "tests/sync/office/organisation.h"

using namespace wayside;
using namespace wayside::support;
using office::StickPull;
using wire::pb::PullAnswer;
using wire::pb::PullRequest;

namespace {

Bytes held_bytes(const std::map<LedgerId, std::uint64_t>& held) {
  Bytes out;
  for (const auto& [ledger, lsn] : held) {
    out += ledger.view();
    for (unsigned i = 0; i < 8; ++i) out += static_cast<char>(lsn >> (8 * i));
  }
  return out;
}

/// What Ben's device has when it has read all pages of one answer.
struct Read {
  std::size_t pages = 0, rounds = 0;
  std::map<LedgerId, std::uint64_t> held;
  std::size_t came = 0;
};

struct Correspondence : Organisation {
  Member amina = join(founding.first_ticket);
  Member ben = join(invite(membership::Role::advocate, {main_team}));
  office::Service service{world.clock, *store, {founding.keys.tls_seed.clone(), founding.keys.sign_seed.clone()}};

  std::vector<LedgerId> fill(int ledgers, int each, std::size_t bytes = 40) {
    std::vector<LedgerId> made;
    std::vector<wire::pb::Parcel> batch;
    Writing opening{.teams = {main_team}, .devices = {}, .bytes = bytes, .membership_head = {}, .blobs = {}};
    const Writing next{.teams = {}, .devices = {}, .bytes = bytes, .membership_head = {}, .blobs = {}};
    for (int i = 0; i < ledgers; ++i) {
      made.push_back(new_ledger());
      for (int k = 0; k < each; ++k) batch.push_back(write(amina, made.back(), k == 0 ? opening : next));
    }
    push(amina, batch);
    return made;
  }

  Read read(StickPull pull, std::map<LedgerId, std::uint64_t> held) {
    Read out{0, 0, std::move(held), 0};
    while (const auto question = pull.question()) {
      REQUIRE(++out.rounds < 100);
      const auto reply = service.answer(ben.entry.courier_public, "/v1/pull", *question);
      REQUIRE(reply.status == 200);
      if (!need(pull.take(reply.body))) continue;
      ++out.pages;
      const auto answer = need(wire::decode<PullAnswer>(reply.body));
      for (const auto& each : answer.deliveries()) {
        std::uint64_t& lsn = out.held[*LedgerId::from(each.ledger())];
        if (!each.has_parcel() || each.lsn() != lsn + 1) continue;
        ++lsn;
        ++out.came;
      }
    }
    return out;
  }
  /// What Ben asks who holds that, and has read the membership log.
  PullRequest request(const Holder& holder) {
    PullRequest out;
    out.set_membership(holder.membership);
    out.set_position(holder.position);
    out.set_frontier(holder.frontier(*this).str());
    return out;
  }
};

std::map<LedgerId, std::uint64_t> held_by(const Holder& holder) {
  std::map<LedgerId, std::uint64_t> out;
  for (const auto& [ledger, head] : holder.ledgers) out[ledger] = head.lsn;
  return out;
}

}  // namespace

TEST_CASE("what does not fit into one page follows in the same answer, each envelope once") {
  Correspondence org;
  const auto ledgers = org.fill(7, 9, 3000);
  PullRequest request;
  request.set_page_bytes(10'000);
  const Read read = org.read(need(StickPull::begin(wire::encode(request), {})), {});
  CHECK(read.pages > 5);
  CHECK(read.came == 63);
  for (const LedgerId& each : ledgers) CHECK(read.held.at(each) == 9);
}

TEST_CASE("a device that holds everything gets one small page") {
  Correspondence org;
  org.fill(7, 2);
  Holder holder;
  holder.fetch(org, org.ben);
  const Read read = org.read(need(StickPull::begin(wire::encode(org.request(holder)), held_bytes(held_by(holder)))), held_by(holder));
  CHECK(read.pages == 1);
  CHECK(read.rounds == 1);
  CHECK(read.came == 0);
}

TEST_CASE("a ledger of which a device lacks the end is asked for on, though it was named before the position it knows") {
  Correspondence org;
  const auto ledgers = org.fill(7, 9);
  Holder holder;
  holder.fetch(org, org.ben);
  auto held = held_by(holder);
  held[ledgers[3]] = 4;
  held.erase(ledgers[5]);
  PullRequest request = org.request(holder);
  request.set_frontier(crypto::hash("wayside/test/1", {"of what is held"}).str());
  const Read read = org.read(need(StickPull::begin(wire::encode(request), held_bytes(held))), held);
  CHECK(read.came == 5 + 9);
  CHECK(read.held.at(ledgers[3]) == 9);
  CHECK(read.held.at(ledgers[5]) == 9);
  CHECK(read.rounds <= 4);
}

TEST_CASE("what the same letter brought is not sent back") {
  Correspondence org;
  org.fill(3, 2);
  Holder holder;
  holder.fetch(org, org.ben);
  const LedgerId own = org.new_ledger();
  wire::pb::PushRequest push;
  *push.add_parcels() = org.open_ledger(org.ben, own, org.main_team);
  *push.add_parcels() = org.write(org.ben, own);
  const auto pushed = org.service.answer(org.ben.entry.courier_public, "/v1/push", wire::encode(push));
  REQUIRE(pushed.status == 200);
  auto pull = need(StickPull::begin(wire::encode(org.request(holder)), held_bytes(held_by(holder))));
  const auto taken = StickPull::taken_of(wire::encode(push), pushed.body);
  CHECK(taken.size() == 2);
  pull.note(taken);
  auto held = held_by(holder);
  held[own] = 2;
  const Read read = org.read(std::move(pull), held);
  CHECK(read.came == 0);
  CHECK(read.rounds <= 3);
}

TEST_CASE("an answer that goes on for ever, or cannot be read, ends the questions") {
  PullRequest request;
  request.set_membership(5);
  auto pull = need(StickPull::begin(wire::encode(request), {}));
  CHECK_FALSE(pull.take("\xff\xff no answer").has_value());
  PullAnswer endless;
  endless.set_generation(Bytes(16, 'g'));
  endless.set_more(true);
  CHECK(need(pull.take(wire::encode(endless))));
  CHECK_FALSE(pull.question().has_value());
  CHECK(code_of(StickPull::begin(wire::encode(request), Bytes(23, 'h'))) == Errc::bad_input);
  CHECK_FALSE(StickPull::begin("\xff\xff", {}).has_value());
}
