#include "sync/session/session.h"

#include "core/ledger/envelope.h"
#include "sync/session/pages.h"
#include "sync/wire/carry_list.h"

namespace wayside::session {
namespace {

constexpr int kAnotherGeneration = 409;
constexpr int kSentElsewhere = 412;

Error of_another_generation() {
  return {Errc::office_restored, "Nothing moves before this vault is opened and reconciles"};
}

Step finish(State state, std::optional<Error> error, bool stopped_early = false) {
  state.phase = Phase::finished;
  return {std::move(state), {Finish{std::move(error), stopped_early}}};
}

/// The office is set up anew, or says so. Whoever holds the vault decides what is to be made of that.
Step meets_another(State state, const Bytes& generation) {
  const bool another = generation.size() == GenerationId::size_bytes && generation != state.cursor.generation;
  Error error = another ? of_another_generation() : Error{Errc::fork, "the office says that it was restored, and not to what"};
  state.phase = Phase::finished;
  return {std::move(state), {Finish{std::move(error), false, another ? generation : Bytes{}}}};
}

Step refused(State state, const Refused& refused) {
  const Bytes& generation = refused.refusal.generation();
  if (refused.http_status == kAnotherGeneration || is_another(state, generation)) return meets_another(std::move(state), generation);
  return finish(std::move(state), error_of(refused));
}

Step read_outbox(State state, const Tuning& tuning) {
  state.phase = Phase::reading;
  return {std::move(state), {ReadOutbox{tuning.push_parcels, tuning.push_bytes}}};
}

Step pull(State state, const Tuning& tuning) {
  wire::pb::PullRequest request;
  request.set_generation(state.cursor.generation);
  request.set_position(state.position);
  request.set_frontier(frontier_of(state.cursor, state.organisation).str());
  request.set_membership(state.cursor.membership);
  request.set_page_bytes(tuning.page_bytes);
  request.set_whole(state.cursor.anew);
  request.set_incarnation(state.incarnation);
  request.set_receipt(state.receipts);
  request.set_receipts(state.cursor.receipts);
  request.set_carry_list(state.carry.digest());
  state.asked.clear();
  for (const auto& [ledger, known] : state.gaps) {
    if (static_cast<std::size_t>(request.wants_size()) == tuning.wants) break;
    if (state.broken.contains(ledger)) continue;
    state.asked.insert(ledger);
    auto& want = *request.add_wants();
    want.set_ledger(ledger.str());
    const auto point = state.cursor.ledgers.find(ledger);
    want.set_after_lsn(point == state.cursor.ledgers.end() ? 0 : point->second.lsn);
  }
  state.phase = Phase::pulling;
  return {std::move(state), {Pull{std::move(request)}}};
}

/// Stores what there is to store, or says at once that it is done.
Step store(State state, Gain gain, Phase phase, const Tuning& tuning, std::vector<Effect> before);

/// Durable before it is shown. One that may have reached the office is shown again.
void propose_token(State& state, const Bytes& token, bool anew, Gain& gain) {
  auto& sending = state.cursor.sending;
  const bool same = !anew && sending && sending->incarnation == state.incarnation;
  if (token.empty() || state.incarnation.empty() || (same && !sending->taken)) return;
  sending = spool::Sending{state.incarnation, same ? sending->token : Bytes{}, token};
  *gain.change.mutable_sending() = spool::sending_message(*sending);
  gain.change_has_content = true;
}

/// Something else has sent under this device's name. What that wrote is fetched: the vault sees by it what became of it.
Step sent_elsewhere(State state, const Tuning& tuning) {
  state.sent_elsewhere = true;
  state.sent.clear();
  state.sent_up_to = state.cursor.pushed_up_to;
  return state.stopping ? finish(std::move(state), std::nullopt, true) : pull(std::move(state), tuning);
}

Step on_begin(State state, const Begin& begin, const Tuning& tuning) {
  state.cursor = begin.cursor;
  state.organisation = begin.organisation;
  state.incarnation = begin.incarnation;
  state.position = begin.cursor.position;
  state.outbox_frames = begin.outbox_frames;
  state.stop_after_pages = begin.stop_after_pages;
  state.sent_up_to = begin.cursor.pushed_up_to;
  state.accepts = begin.accepts;
  state.receipts = begin.receipts;
  state.receipts_digest = begin.receipts_digest;
  state.carry = begin.carry;
  if (state.stopping) return finish(std::move(state), std::nullopt, true);
  Gain gain;
  drop_uncarried_ledgers(state, gain);
  if (begin.outbox_frames > 0) propose_token(state, begin.token, begin.token_anew, gain);
  return store(std::move(state), std::move(gain), Phase::storing_push, tuning, {});
}

Step on_batch(State state, const Batch& batch, const Tuning& tuning) {
  if (state.stopping) return finish(std::move(state), std::nullopt, true);
  wire::pb::PushRequest request;
  request.set_generation(state.cursor.generation);
  if (batch.frames.empty()) {
    if (!state.accepts) return pull(std::move(state), tuning);
    request.set_accepted(true);
  }
  for (const auto& frame : batch.frames) {
    const auto id = EnvelopeId::from(frame.id());
    if (!id) return finish(std::move(state), Error{Errc::corrupt, "outbox frame " + std::to_string(frame.number())});
    state.sent_up_to = frame.number();
    if (!frame.entry().empty()) {
      request.add_membership(frame.entry());
      continue;
    }
    wire::pb::Parcel& parcel = *request.add_parcels();
    parcel = frame.parcel();
    if (!frame.sealed_copy().empty()) parcel.set_sealed_copy(frame.sealed_copy());
    Sent sent{frame.number(), *id, std::nullopt, parcel.ByteSizeLong(), !frame.sealed_copy().empty()};
    if (const auto parsed = ledger::parse_envelope(parcel.envelope())) sent.ledger = parsed->header.ledger;
    state.sent.push_back(sent);
  }
  const auto& sending = state.cursor.sending;
  if (request.parcels_size() > 0 && sending && sending->incarnation == state.incarnation) *request.mutable_sending() = spool::sending_message(*sending);
  state.phase = Phase::pushing;
  return {std::move(state), {Push{std::move(request)}}};
}

Step store(State state, Gain gain, Phase phase, const Tuning& tuning, std::vector<Effect> before) {
  state.phase = phase;
  if (!gain.page_has_content && !gain.change_has_content) {
    Step after = step(state, Stored{}, tuning);
    after.effects.insert(after.effects.begin(), before.begin(), before.end());
    return after;
  }
  Store effect{.page = std::nullopt, .change = std::move(gain.change)};
  if (gain.page_has_content) effect.page = std::move(gain.page);
  before.emplace_back(std::move(effect));
  return {std::move(state), std::move(before)};
}

Step on_pushed(State state, const Pushed& pushed, const Tuning& tuning) {
  Gain gain;
  if (is_another(state, pushed.answer.generation())) return meets_another(std::move(state), pushed.answer.generation());
  if (auto met = meet_generation(state, pushed.answer.generation(), gain); !met)
    return finish(std::move(state), std::move(met).error());
  // Nothing was left to send. The list of what is put down goes by itself too, and accepts nothing.
  const bool told = state.accepts && state.sent_up_to == state.cursor.pushed_up_to && state.told_carry_list == 0;
  if (told) {
    state.accepts = false;
    state.cursor.accepted = state.cursor.generation;
    gain.change.set_accepted(state.cursor.accepted);
  }
  if (!state.sent.empty() && state.cursor.sending && !state.cursor.sending->taken) {
    state.cursor.sending->taken = true;
    gain.change.set_sending_taken(true);
  }
  if (auto taken = take_push_answer(state, pushed.answer, gain); !taken)
    return finish(std::move(state), std::move(taken).error());
  std::vector<Effect> progress{Progress{Progress::Phase::sending, state.outbox_done, state.outbox_frames}};
  return store(std::move(state), std::move(gain), Phase::storing_push, tuning, std::move(progress));
}

/// The office was told another list, or lost it. It is told before anything is fetched.
Step tell_carry_list(State state) {
  constexpr unsigned kMostTimes = 2;
  if (state.stopping) return finish(std::move(state), std::nullopt, true);
  if (++state.told_carry_list > kMostTimes)
    return finish(std::move(state), Error{Errc::bad_input, "the office does not take which cases this device carries"});
  wire::pb::PushRequest request;
  request.set_generation(state.cursor.generation);
  *request.mutable_carry_list() = wire::carry_list_message(state.carry);
  state.phase = Phase::pushing;
  return {std::move(state), {Push{std::move(request)}}};
}

Step on_pulled(State state, const Pulled& pulled, const Tuning& tuning) {
  Gain gain;
  if (is_another(state, pulled.answer.generation())) return meets_another(std::move(state), pulled.answer.generation());
  if (auto met = meet_generation(state, pulled.answer.generation(), gain); !met)
    return finish(std::move(state), std::move(met).error());
  if (pulled.answer.carry_list_unknown()) return tell_carry_list(std::move(state));
  if (auto taken = take_page(state, pulled.answer, gain); !taken)
    return finish(std::move(state), std::move(taken).error());
  take_receipts(state, pulled.answer, gain);
  ++state.pages;
  const bool gained = gain.page.deliveries_size() + gain.page.membership_size() > 0;
  state.barren = gained ? 0 : state.barren + 1;
  if (state.barren > tuning.barren_answers)
    return finish(std::move(state), Error{Errc::corrupt, "the office goes on answering and sends nothing new"});
  std::vector<Effect> progress;
  if (state.counts.pulled_envelopes > 0)
    progress.emplace_back(Progress{Progress::Phase::fetching, state.counts.pulled_envelopes, 0});
  return store(std::move(state), std::move(gain), Phase::storing_page, tuning, std::move(progress));
}

/// The last page is stored: either all is here, or what is missing is asked for once more. At first as before, since the
/// office then names all its heads; when those explain nothing either, from the beginning.
Step on_last_page(State state, const Tuning& tuning) {
  Gain gain;
  const auto comparison = compare_heads(state, gain);
  if (!comparison) return finish(std::move(state), comparison.error());
  if (!state.broken.empty())
    return finish(std::move(state), Error{Errc::corrupt, "the office's ledger " + to_text(*state.broken.begin())});
  switch (*comparison) {
    case Comparison::all_here:
      if (!state.cursor.anew) return finish(std::move(state), std::nullopt);
      state.cursor.anew = false;
      gain.change.set_anew(spool::kFetchedAnew);
      gain.change_has_content = true;
      return store(std::move(state), std::move(gain), Phase::storing_page, tuning, {});
    case Comparison::carried_no_more: return store(std::move(state), std::move(gain), Phase::storing_page, tuning, {});
    case Comparison::outdated:
      if (state.repairs == tuning.repairs)
        return finish(std::move(state), Error{Errc::fork, "the office states what it held before"});
      break;
    case Comparison::missing: break;
  }
  if (state.repairs == tuning.repairs)
    return finish(std::move(state), Error{Errc::corrupt, "the office has signed more than it sends"});
  if (state.stopping) return finish(std::move(state), std::nullopt, true);
  if (state.gaps.empty() && state.repairs > 0) state.position = 0;
  ++state.repairs;
  return pull(std::move(state), tuning);
}

Step on_page_stored(State state, const Tuning& tuning) {
  if (!state.more) return on_last_page(std::move(state), tuning);
  const bool enough = state.stop_after_pages > 0 && state.pages >= state.stop_after_pages;
  if (state.stopping || enough) return finish(std::move(state), std::nullopt, true);
  return pull(std::move(state), tuning);
}

}  // namespace

Step step(const State& state, const Event& event, const Tuning& tuning) {
  if (state.phase == Phase::finished) return {state, {}};
  if (std::holds_alternative<StopAsked>(event)) {
    State stopping = state;
    stopping.stopping = true;
    return {std::move(stopping), {}};
  }
  if (const auto* failed = std::get_if<Failed>(&event)) return finish(state, failed->error);
  switch (state.phase) {
    case Phase::begin:
      if (const auto* begin = std::get_if<Begin>(&event)) return on_begin(state, *begin, tuning);
      break;
    case Phase::reading:
      if (const auto* batch = std::get_if<Batch>(&event)) return on_batch(state, *batch, tuning);
      break;
    case Phase::pushing:
      if (const auto* pushed = std::get_if<Pushed>(&event)) return on_pushed(state, *pushed, tuning);
      if (const auto* refusal = std::get_if<Refused>(&event)) {
        const bool elsewhere = refusal->http_status == kSentElsewhere && !state.sent.empty();
        return elsewhere ? sent_elsewhere(state, tuning) : refused(state, *refusal);
      }
      break;
    case Phase::storing_push:
      // What builds on a refused one would be refused too, and the vault has to see first what holds its place.
      if (std::holds_alternative<Stored>(event)) return state.forked || state.full ? pull(state, tuning) : read_outbox(state, tuning);
      break;
    case Phase::pulling:
      if (const auto* pulled = std::get_if<Pulled>(&event)) return on_pulled(state, *pulled, tuning);
      if (const auto* refusal = std::get_if<Refused>(&event)) return refused(state, *refusal);
      break;
    case Phase::storing_page:
      if (std::holds_alternative<Stored>(event)) return on_page_stored(state, tuning);
      break;
    case Phase::finished: break;
  }
  return finish(state, Error{Errc::bad_input, "an event out of turn"});
}

Error error_of(const Refused& refused) {
  const std::string& reason = refused.refusal.reason();
  switch (refused.http_status) {
    case 400: return {Errc::bad_input, "the office could not read the request: " + reason};
    case 403:
      for (const Errc ticket : {Errc::ticket_used, Errc::ticket_expired, Errc::ticket_unknown})
        if (reason == name_of(ticket)) return {ticket, {}};
      return {Errc::refused, reason};
    case kAnotherGeneration: return of_another_generation();
    case 413: return {Errc::too_large, "the office takes less at a time"};
    case 503: return {Errc::later, std::to_string(refused.refusal.later_ms())};
    default: return {Errc::unreachable, "HTTP " + std::to_string(refused.http_status)};
  }
}

}  // namespace wayside::session
