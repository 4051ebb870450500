#include "sync/session/session.h"

#include "tests/sync/session/session_driver.h"

using namespace wayside;
using namespace wayside::session;
using namespace wayside::session::testing;
using wire::pb::Taken;

TEST_CASE("a reconcile with nothing to do takes one round trip and keeps the signed heads") {
  Driver device;
  device.save_elsewhere(ledger('a'));
  CHECK_FALSE(device.reconcile().error);
  REQUIRE(device.converged());
  device.inbox.clear();
  CHECK_FALSE(device.reconcile().error);
  CHECK(device.pulls == 1);
  CHECK(device.pushes == 0);
  REQUIRE(device.inbox.size() == 1);
  CHECK_FALSE(device.inbox[0].heads().empty());
  CHECK(device.inbox[0].equal());
}

TEST_CASE("the first contact adopts the office's generation; another one stops the reconcile") {
  Driver device;
  CHECK_FALSE(device.reconcile().error);
  CHECK(device.cursor.generation == device.office.generation().str());
  CHECK(device.cursor.membership == device.office.membership_size());
  device.office.start_generation();
  device.save(ledger('a'));
  const Finish outcome = device.reconcile();
  REQUIRE(outcome.error);
  CHECK(outcome.error->code == Errc::office_restored);
  CHECK(outcome.generation == device.office.generation().str());
  CHECK(device.cursor.generation != device.office.generation().str());
  CHECK(device.cursor.pushed_up_to == 0);
}

TEST_CASE("a generation is accepted when all is sent, once, and by a request of its own") {
  Driver device;
  CHECK_FALSE(device.reconcile().error);
  device.save(ledger('a'));
  std::vector<std::pair<bool, int>> seen;
  device.watch_push = [&](const wire::pb::PushRequest& request) { seen.push_back({request.accepted(), request.parcels_size()}); };
  device.accepts = true;
  CHECK_FALSE(device.reconcile().error);
  CHECK(seen == std::vector<std::pair<bool, int>>{{false, 1}, {true, 0}});
  CHECK(device.cursor.accepted == device.office.generation().str());
  CHECK(device.cursor.pushed_up_to == 1);
  CHECK(device.converged());
}

TEST_CASE("what was sent joins the chain without being fetched, and the inbox names it") {
  Driver device;
  device.tuning.push_parcels = 2;
  std::vector<Bytes> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(device.save(ledger(i % 2 == 0 ? 'a' : 'b')).str());
  CHECK_FALSE(device.reconcile().error);
  CHECK(device.pushes == 3);
  CHECK(device.pulls == 1);
  CHECK(device.converged());
  CHECK(device.cursor.pushed_up_to == 5);
  CHECK(device.counts.pushed_envelopes == 5);
  CHECK(device.counts.pulled_envelopes == 0);
  std::vector<Bytes> named;
  for (const auto& page : device.inbox)
    for (const auto& delivery : page.deliveries()) named.push_back(delivery.id());
  std::ranges::sort(ids);
  std::ranges::sort(named);
  CHECK(named == ids);
}

TEST_CASE("envelopes of two devices in one ledger end as one chain on both sides") {
  Driver device;
  device.save_elsewhere(ledger('a'));
  device.save(ledger('a'));
  device.save_elsewhere(ledger('a'));
  device.save(ledger('a'));
  CHECK_FALSE(device.reconcile().error);
  CHECK(device.converged());
  CHECK(device.cursor.ledgers.at(ledger('a')).lsn == 4);
  CHECK(device.counts.pulled_envelopes == 2);
}

TEST_CASE("pages are taken one by one, and a stop between them keeps what was taken") {
  Driver device;
  device.tuning.page_bytes = 3000;
  for (int i = 0; i < 20; ++i) device.save_elsewhere(ledger(static_cast<char>('a' + i % 4)));
  device.stop_after_pages = 2;
  const Finish outcome = device.reconcile();
  CHECK(outcome.stopped_early);
  CHECK_FALSE(outcome.error);
  CHECK(device.pulls == 2);
  const std::uint64_t taken = device.counts.pulled_envelopes;
  CHECK(taken > 0);
  device.stop_after_pages = 0;
  CHECK_FALSE(device.reconcile().stopped_early);
  CHECK(device.converged());
  CHECK(device.counts.pulled_envelopes == 20 - taken);
}

TEST_CASE("a stop that is asked for lets the request under way be stored, then ends") {
  Driver device;
  State state;
  state.organisation = device.office.organisation();
  Step reading = step(state, Begin{{}, device.office.organisation(), 0, 0}, {});
  Step pulling = step(reading.state, Batch{}, {});
  REQUIRE(std::holds_alternative<Pull>(pulling.effects.back()));
  device.save_elsewhere(ledger('a'));
  device.save_elsewhere(ledger('b'));
  auto request = std::get<Pull>(pulling.effects.back()).request;
  request.set_page_bytes(1);
  Step stopping = step(pulling.state, StopAsked{}, {});
  CHECK(stopping.effects.empty());
  Step storing = step(stopping.state, Pulled{device.office.pull(device.mine.device(), request)}, {});
  CHECK(std::holds_alternative<Store>(storing.effects.back()));
  Step ended = step(storing.state, Stored{}, {});
  REQUIRE(std::holds_alternative<Finish>(ended.effects.back()));
  CHECK(std::get<Finish>(ended.effects.back()).stopped_early);
  CHECK(step(ended.state, Stored{}, {}).effects.empty());
}

TEST_CASE("a gap is fetched by lsn, and the position waits for it") {
  Driver device;
  for (int i = 0; i < 5; ++i) device.save_elsewhere(ledger('a'));
  wire::pb::PullRequest everything;
  everything.set_page_bytes(1 << 20);
  auto page = device.office.pull(device.mine.device(), everything);
  page.mutable_deliveries()->DeleteSubrange(2, 1);
  page.set_more(true);
  page.clear_heads();
  device.instead = Pulled{page};
  device.stop_after_pages = 1;
  CHECK(device.reconcile().stopped_early);
  CHECK(device.cursor.ledgers.at(ledger('a')).lsn == 2);
  CHECK(device.cursor.position == 0);

  device.instead = Pulled{page};
  device.stop_after_pages = 0;
  CHECK_FALSE(device.reconcile().error);
  CHECK(device.pulls == 1);                            // beside the first: the gap, and all was well
  CHECK(device.counts.pulled_envelopes == 3);
  CHECK(device.converged());
  CHECK(device.cursor.position == 5);
}

TEST_CASE("a ledger that was lost from the cursor is found again by the heads") {
  Driver device;
  for (int i = 0; i < 8; ++i) device.save_elsewhere(ledger(static_cast<char>('a' + i % 2)));
  CHECK_FALSE(device.reconcile().error);
  device.cursor.ledgers.erase(ledger('a'));
  CHECK_FALSE(device.reconcile().error);
  CHECK(device.converged());
  CHECK(device.counts.pulled_envelopes == 4);
}

TEST_CASE("a ledger that this device carries no more leaves the cursor and is no error") {
  Driver device;
  for (int i = 0; i < 4; ++i) device.save_elsewhere(ledger(static_cast<char>('a' + i % 2)));
  CHECK_FALSE(device.reconcile().error);
  device.office.unsubscribe(device.mine.device(), ledger('b'));
  CHECK_FALSE(device.reconcile().error);
  CHECK(device.converged());
  CHECK(device.cursor.ledgers.size() == 1);
  CHECK_FALSE(device.reconcile().error);
  CHECK(device.pulls == 1);
}

TEST_CASE("an office that withholds for ever is found out, and what came is kept") {
  Driver device;
  for (int i = 0; i < 4; ++i) device.save_elsewhere(ledger(static_cast<char>('a' + i)));
  device.office.faults.withhold = 100;
  const Finish outcome = device.reconcile();
  if (outcome.error) CHECK(outcome.error->code == Errc::corrupt);
  for (int i = 0; i < 8; ++i) device.save_elsewhere(ledger('z'));
  device.office.faults = {};
  CHECK_FALSE(device.reconcile().error);
  CHECK(device.converged());
}

TEST_CASE("an office that went back within its generation is found out") {
  Driver device;
  for (int i = 0; i < 6; ++i) device.save_elsewhere(ledger(static_cast<char>('a' + i % 2)));
  CHECK_FALSE(device.reconcile().error);
  device.office.roll_back(2);
  const Finish outcome = device.reconcile();
  REQUIRE(outcome.error);
  CHECK(outcome.error->code == Errc::fork);
}

TEST_CASE("an office that tells another history of a ledger is found out") {
  Driver device;
  device.save_elsewhere(ledger('a'));
  CHECK_FALSE(device.reconcile().error);
  device.cursor.ledgers[ledger('a')].head = Digest{};
  const Finish outcome = device.reconcile();
  REQUIRE(outcome.error);
  CHECK(outcome.error->code == Errc::fork);
}

TEST_CASE("an envelope that the office does not take is told and does not block the rest") {
  Driver device;
  const EnvelopeId first = device.save(ledger('a'));
  const EnvelopeId bad = device.save(ledger('b'));
  const EnvelopeId last = device.save(ledger('a'));
  for (const auto status : {Taken::quarantined, Taken::fork, Taken::malformed, Taken::not_permitted}) {
    Taken taken;
    taken.set_status(status);
    taken.set_other(Bytes(32, 'o'));
    device.office.answer_next_push_with(bad, taken);
    device.cursor = {};
    CHECK_FALSE(device.reconcile().error);
    CHECK(device.converged());
    CHECK(device.office.holds(first));
    CHECK(device.office.holds(last));
    REQUIRE(device.cursor.trouble.contains(bad));
    CHECK(device.cursor.trouble.at(bad).status == static_cast<std::uint32_t>(status));
    CHECK(device.cursor.pushed_up_to == 3);
  }
}

TEST_CASE("after a fork no more is sent, and what holds the place is fetched by the same reconcile") {
  Driver device;
  device.tuning.push_parcels = 1;
  const EnvelopeId forked = device.save(ledger('a'));
  const EnvelopeId rest = device.save(ledger('a'));
  device.save_elsewhere(ledger('a'));
  Taken taken;
  taken.set_status(Taken::fork);
  device.office.answer_next_push_with(forked, taken);
  CHECK_FALSE(device.reconcile().error);
  CHECK(device.pushes == 1);
  CHECK_FALSE(device.office.holds(rest));
  CHECK(device.converged());
  CHECK(device.cursor.trouble.at(forked).status == static_cast<std::uint32_t>(Taken::fork));
}

TEST_CASE("the id alone of an envelope that was not sent just now is not enough: it is asked for by lsn, and comes whole") {
  Driver device;
  const EnvelopeId sent = device.save(ledger('b'));
  device.save_elsewhere(ledger('b'));
  device.office.store(device.mine.device(), device.mine.write(ledger('a')));   // by a copy of this device
  device.save_elsewhere(ledger('a'));
  CHECK_FALSE(device.reconcile().error);
  CHECK(device.converged());
  CHECK(device.pulls == 2);
  unsigned ids = 0;
  for (const auto& page : device.inbox) {
    for (const auto& delivery : page.deliveries()) {
      if (delivery.has_parcel()) continue;
      ++ids;
      CHECK(delivery.id() == sent.view());
    }
  }
  CHECK(ids == 1);
}

TEST_CASE("an envelope that is of another ledger or unreadable stops its ledger and no other") {
  Driver device;
  Written bad = device.theirs.write(ledger('b'));
  SECTION("of another ledger") { bad.ledger = ledger('a'); }
  SECTION("unreadable") { bad.parcel.set_envelope("\x01 nonsense"); }
  device.office.store(device.theirs.device(), bad);
  for (int i = 0; i < 3; ++i) device.save_elsewhere(ledger('c'));
  const Finish outcome = device.reconcile();
  REQUIRE(outcome.error);
  CHECK(outcome.error->code == Errc::corrupt);
  CHECK(device.cursor.ledgers.at(ledger('c')).lsn == 3);
  CHECK_FALSE(device.cursor.ledgers.contains(bad.ledger));
}

TEST_CASE("refusals are told apart") {
  const auto outcome_of = [](int status, const std::string& reason = {}) {
    Driver device;
    Refused refused{status, {}};
    refused.refusal.set_reason(reason);
    refused.refusal.set_later_ms(4711);
    device.instead = refused;
    return *device.reconcile().error;
  };
  CHECK(outcome_of(400).code == Errc::bad_input);
  CHECK(outcome_of(403, "refused").code == Errc::refused);
  CHECK(outcome_of(403, "ticket_used").code == Errc::ticket_used);
  CHECK(outcome_of(409).code == Errc::fork);   // it names none
  CHECK(outcome_of(413).code == Errc::too_large);
  CHECK(outcome_of(500).code == Errc::unreachable);
  CHECK(outcome_of(503).code == Errc::later);
  CHECK(outcome_of(503).detail == "4711");
}

TEST_CASE("an answer that does not fit what was asked is refused and changes nothing") {
  Driver device;
  device.save(ledger('a'));
  SECTION("fewer answers than envelopes") {
    wire::pb::PushAnswer answer;
    answer.set_generation(device.office.generation().str());
    device.instead = Pushed{answer};
  }
  SECTION("a status of a later version") {
    wire::pb::PushAnswer answer;
    answer.set_generation(device.office.generation().str());
    answer.add_taken()->set_status(static_cast<Taken::Status>(99));
    device.instead = Pushed{answer};
  }
  SECTION("no generation") { device.instead = Pushed{}; }
  SECTION("an event out of turn") { device.instead = Stored{}; }
  const Finish outcome = device.reconcile();
  REQUIRE(outcome.error);
  CHECK(device.cursor == spool::Cursor{});
  CHECK_FALSE(device.reconcile().error);
  CHECK(device.converged());
}

TEST_CASE("an office that promises more and sends nothing is not asked for ever") {
  Driver device;
  wire::pb::PullAnswer answer;
  answer.set_generation(device.office.generation().str());
  answer.set_more(true);
  device.instead = Pulled{answer};
  CHECK(device.reconcile().error->code == Errc::bad_input);
}

TEST_CASE("an office that names ever newer positions and brings nothing is not asked for ever") {
  Driver device;
  device.tuning.barren_answers = 20;
  std::uint64_t position = 0;
  device.always = [&](const wire::pb::PullRequest&) {
    wire::pb::PullAnswer answer;
    answer.set_generation(device.office.generation().str());
    answer.set_position(++position);
    answer.set_more(true);
    return answer;
  };
  CHECK(device.reconcile().error->code == Errc::corrupt);
  CHECK(device.pulls == 21);
}

TEST_CASE("a statement from before what the office has taken since is not believed, and no ledger is let go for it") {
  Driver device;
  device.save_elsewhere(ledger('a'));
  CHECK_FALSE(device.reconcile().error);
  wire::pb::PullAnswer old = device.office.pull(device.mine.device(), {});   // every head of that time
  device.save(ledger('b'));
  SECTION("repeated once, it is asked again") {
    device.instead_of_pull = old;
    CHECK_FALSE(device.reconcile().error);
    CHECK(device.converged());
  }
  SECTION("repeated for ever, it is an office that went back") {
    device.always = [&](const wire::pb::PullRequest&) { return old; };
    CHECK(device.reconcile().error->code == Errc::fork);
  }
  CHECK(device.cursor.ledgers.contains(ledger('b')));
}

TEST_CASE("while everything is fetched again, what this device wrote is asked for whole, until all is here") {
  Driver device;
  device.save(ledger('a'));
  CHECK_FALSE(device.reconcile().error);
  device.cursor = spool::start_over(device.cursor, 9);
  std::vector<bool> whole;
  device.always = [&](const wire::pb::PullRequest& request) {
    whole.push_back(request.whole());
    return device.office.pull(device.mine.device(), request);
  };
  CHECK_FALSE(device.reconcile().error);
  CHECK_FALSE(device.cursor.anew);
  CHECK_FALSE(device.reconcile().error);
  CHECK(whole.front());
  CHECK_FALSE(whole.back());
}

TEST_CASE("lost entries of the membership log go before what stands behind them, and are answered with it") {
  Driver device;
  wire::pb::OutboxFrame entry;
  entry.set_number(1);
  entry.set_id(Bytes(32, 'e'));
  entry.set_entry("an entry");
  device.outbox.push_back(entry);
  device.save(ledger('a'));
  std::vector<wire::pb::PushRequest> sent;
  device.watch_push = [&](const wire::pb::PushRequest& request) { sent.push_back(request); };
  CHECK_FALSE(device.reconcile().error);
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].membership_size() == 1);
  CHECK(sent[0].parcels_size() == 1);
  CHECK(device.cursor.pushed_up_to == 2);
}

TEST_CASE("a membership entry that does not follow ours stops the reconcile") {
  Driver device;
  CHECK_FALSE(device.reconcile().error);
  device.cursor.membership_head = Bytes(32, 'x');
  device.office.add_membership_entry();
  CHECK(device.reconcile().error->code == Errc::fork);
}

TEST_CASE("every event in every phase ends in a defined state") {
  Driver device;
  device.save(ledger('a'));
  wire::pb::PullAnswer page = device.office.pull(device.mine.device(), {});
  const std::vector<Event> events{Begin{},  Batch{},          Batch{device.outbox}, Pushed{}, Pulled{page}, Refused{500, {}},
                                  Stored{}, Failed{{Errc::disk_full, {}}}, StopAsked{}};
  for (const Phase phase : {Phase::begin, Phase::reading, Phase::pushing, Phase::storing_push, Phase::pulling,
                            Phase::storing_page, Phase::finished}) {
    for (const Event& event : events) {
      State state;
      state.phase = phase;
      state.organisation = device.office.organisation();
      const Step next = step(state, event, {});
      const bool waits = !next.effects.empty() || next.state.phase == Phase::finished || next.state.stopping;
      CHECK(waits);
      if (next.state.phase == Phase::finished && phase != Phase::finished)
        CHECK(std::holds_alternative<Finish>(next.effects.back()));
    }
  }
}

TEST_CASE("with every misbehaviour of an office mixed, what a device holds is true, and it converges afterwards") {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    Driver device(seed);
    auto& random = device.office.random();
    device.tuning.push_parcels = 3;
    device.tuning.page_bytes = 1500;
    device.tuning.wants = 2;
    for (int round = 0; round < 6; ++round) {
      device.office.faults = {.shuffle = 30, .duplicate = 30, .withhold = static_cast<unsigned>(random.below(60))};
      for (auto n = random.below(5); n > 0; --n) device.save(ledger(static_cast<char>('a' + random.below(4))));
      for (auto n = random.below(8); n > 0; --n) device.save_elsewhere(ledger(static_cast<char>('a' + random.below(4))));
      if (random.below(3) == 0) device.office.add_membership_entry();
      device.stop_after_pages = random.below(4);
      const Finish outcome = device.reconcile();   // withholding shows as heads that do not fit, or as a page without gain
      if (outcome.error) CHECK((outcome.error->code == Errc::corrupt || outcome.error->code == Errc::bad_input));
    }
    device.office.faults = {};
    device.stop_after_pages = 0;
    const Finish outcome = device.reconcile();
    INFO("seed " << seed << (outcome.error ? outcome.error->detail : ""));
    CHECK_FALSE(outcome.error);
    CHECK(device.converged());
    std::set<Bytes> seen;
    for (const auto& page : device.inbox)
      for (const auto& delivery : page.deliveries())
        seen.insert(delivery.ledger() + std::to_string(delivery.lsn()));
    CHECK(seen.size() == device.office.size());
  }
}
