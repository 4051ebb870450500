#pragma once

#include <catch2/catch_test_macros.hpp>

#include <functional>

#include "sync/session/session.h"
#include "tests/sync/session/office_model.h"

namespace wayside::session::testing {

/// Drives the step function against the model, with a perfect disk. What it stores is kept for the test to look at.
class Driver {
 public:
  explicit Driver(std::uint64_t seed = 1) : office(seed), mine(office.organisation(), office.random()),
                                            theirs(office.organisation(), office.random()) {}

  OfficeModel office;
  Writer mine;
  Writer theirs;
  spool::Cursor cursor;
  std::vector<wire::pb::OutboxFrame> outbox;
  std::vector<wire::pb::PullAnswer> inbox;
  Tuning tuning;
  unsigned pulls = 0;
  unsigned pushes = 0;
  std::uint64_t stop_after_pages = 0;
  bool accepts = false;
  Bytes incarnation, token;              ///< of the next reconcile
  std::optional<Event> instead;          ///< what the next request is answered with
  std::optional<wire::pb::PullAnswer> instead_of_pull;   ///< the same, the next time something is fetched
  std::function<wire::pb::PullAnswer(const wire::pb::PullRequest&)> always;   ///< answers in place of the office
  std::function<void(const wire::pb::PushRequest&)> watch_push;
  std::optional<wire::pb::PushAnswer> answer_push;       ///< the next time something is sent
  Counts counts;
  bool sent_elsewhere = false;

  EnvelopeId save(const LedgerId& ledger) {
    const Written written = mine.write(ledger);
    wire::pb::OutboxFrame frame;
    frame.set_number(outbox.size() + 1);
    frame.set_id(written.id.str());
    *frame.mutable_parcel() = written.parcel;
    outbox.push_back(frame);
    return written.id;
  }
  void save_elsewhere(const LedgerId& ledger) { office.store(theirs.device(), theirs.write(ledger)); }

  Finish reconcile() {
    pulls = pushes = 0;
    read_ = cursor.pushed_up_to;
    State state;
    Event event = Begin{cursor, office.organisation(), outbox.size() - read_, stop_after_pages, accepts, incarnation};
    std::get<Begin>(event).token = token;
    Finish outcome;
    while (state.phase != Phase::finished) {
      Step next = step(state, event, tuning);
      state = next.state;
      REQUIRE(!next.effects.empty());
      for (const Effect& effect : next.effects) event = perform(effect, outcome);
    }
    counts = state.counts;
    sent_elsewhere = state.sent_elsewhere;
    return outcome;
  }

  [[nodiscard]] bool converged() const { return frontier_of(cursor, office.organisation()) == office.frontier(mine.device()); }

 private:
  Event perform(const Effect& effect, Finish& outcome) {
    if (instead && (std::holds_alternative<Push>(effect) || std::holds_alternative<Pull>(effect)))
      return *std::exchange(instead, std::nullopt);
    if (const auto* read = std::get_if<ReadOutbox>(&effect)) {
      Batch batch;
      while (read_ < outbox.size() && batch.frames.size() < read->max_parcels) batch.frames.push_back(outbox[read_++]);
      return batch;
    }
    if (const auto* push = std::get_if<Push>(&effect)) {
      if (watch_push) watch_push(push->request);
      if (answer_push) return ++pushes, Pushed{*std::exchange(answer_push, std::nullopt)};
      return ++pushes, Pushed{office.push(mine.device(), push->request)};
    }
    if (const auto* pull = std::get_if<Pull>(&effect)) {
      ++pulls;
      if (instead_of_pull) return Pulled{*std::exchange(instead_of_pull, std::nullopt)};
      return Pulled{always ? always(pull->request) : office.pull(mine.device(), pull->request)};
    }
    if (const auto* store = std::get_if<Store>(&effect)) {
      if (store->page) inbox.push_back(*store->page);
      REQUIRE(spool::apply(cursor, store->change));
    }
    if (const auto* finish = std::get_if<Finish>(&effect)) outcome = *finish;
    return Stored{};
  }

  std::size_t read_ = 0;
};

inline LedgerId ledger(char letter) { return *LedgerId::from(Bytes(LedgerId::size_bytes, letter)); }

}  // namespace wayside::session::testing
