#include <set>

#include "core/attachments/blobs.h"
#include "core/attachments/sealed_file.h"
#include "sync/courier/stick_run.h"
#include "sync/spool/outbox.h"
#include "sync/spool/parts_list.h"
#include "sync/spool/receipt_file.h"
#include "sync/wire/codec.h"

namespace wayside::courier {
namespace {

using namespace wire::pb;
using stick::Kind;

constexpr int kOk = 200;
constexpr std::uint32_t kFetchingParts = 4;

bool is(const StickItem& item, Kind kind) { return item.kind() == static_cast<std::uint32_t>(kind); }
Digest request_of(const StickItem& item) { return *Digest::from(item.request()); }

/// One letter's answers, in place of an office on a line.
class Answers {
 public:
  Answers(StickRun& run, const StickLetter& letter) : run_(run), letter_(letter) {}

  enum class End { whole, ran_out, failed };
  /// How the session ended. `failed`: it has an error; `own_disk()` says whose.
  End hear();
  [[nodiscard]] const session::Finish& outcome() const { return outcome_; }
  [[nodiscard]] bool own_disk() const { return own_disk_; }
  [[nodiscard]] const session::State& state() const { return state_; }
  /// The question that came after the last answer: what is missing by then.
  [[nodiscard]] const std::optional<PullRequest>& next_question() const { return next_question_; }
  [[nodiscard]] bool asks_what_is_carried() const { return asks_carry_list_; }
  [[nodiscard]] std::int64_t time_ms() const { return time_ms_; }

 private:
  /// Nothing: no answer to that is on the stick.
  using Heard = std::optional<session::Event>;
  Heard perform(const session::ReadOutbox& effect);
  Heard perform(const session::Push& effect);
  Heard perform(const session::Pull& effect);
  Heard perform(const session::Store& effect);
  Heard perform(const session::Progress& effect);
  Heard perform(const session::Finish& effect);
  Result<session::Begin> begin();
  const StickItem* push_of(const PushRequest& request);
  Result<std::vector<OutboxFrame>> frames_up_to(std::uint64_t number);
  template <class Answer, class Event>
  Heard event_of(const StickAnswer& answer);

  StickRun& run_;
  const StickLetter& letter_;
  session::State state_;
  session::Finish outcome_;
  std::uint32_t page_ = 0;
  std::optional<PullRequest> next_question_;
  std::int64_t time_ms_ = 0;
  bool asks_carry_list_ = false;
  bool own_disk_ = false;
};

Result<session::Begin> Answers::begin() {
  WAYSIDE_TRY(auto begin, begin_from(run_.env.files, run_.layout, run_.cursors, run_.inbox));
  begin.stop_after_pages = run_.job.sync().stop_after_pages();
  // What the letter did not carry the office does not have.
  if (letter_.receipts() != begin.receipts_digest) begin.receipts.clear();
  PushRequest accepted;
  accepted.set_generation(begin.cursor.generation);
  accepted.set_accepted(true);
  begin.accepts = begin.accepts && push_of(accepted) != nullptr;
  return begin;
}

Answers::End Answers::hear() {
  auto from = begin();
  if (!from) {
    own_disk_ = true;
    outcome_.error = from.error();
    return End::failed;
  }
  session::Event event = *std::move(from);
  while (state_.phase != session::Phase::finished) {
    if (run_.controls.stop_asked()) state_ = session::step(state_, session::StopAsked{}, run_.controls.tuning).state;
    session::Step next = session::step(state_, event, run_.controls.tuning);
    state_ = std::move(next.state);
    for (const session::Effect& effect : next.effects) {
      auto heard = std::visit([this](const auto& each) { return perform(each); }, effect);
      if (!heard) return End::ran_out;
      event = *std::move(heard);
    }
  }
  return outcome_.error ? End::failed : outcome_.stopped_early ? End::ran_out : End::whole;
}

const StickItem* Answers::push_of(const PushRequest& request) {
  const Digest body = stick::digest_of_body(Kind::push, wire::encode(request), {});
  for (const StickItem& item : letter_.items()) {
    if (is(item, Kind::push) && item.body() == body.view() && run_.mail.is_answered(request_of(item))) return &item;
  }
  return nullptr;
}

Result<std::vector<OutboxFrame>> Answers::frames_up_to(std::uint64_t number) {
  spool::OutboxReader reader(run_.env.files, run_.layout, state_.cursor.pushed_up_to);
  std::vector<OutboxFrame> frames;
  while (frames.empty() || frames.back().number() < number) {
    WAYSIDE_TRY(auto next, reader.next(1, SIZE_MAX));
    if (next.empty()) return std::vector<OutboxFrame>{};
    frames.push_back(std::move(next.front()));
  }
  if (frames.back().number() != number) frames.clear();
  return frames;
}

/// The next frames, if they are those of a push that was answered. What was saved since waits for the next letter; and where a
/// line has sent them meanwhile, or the outbox was filled anew, the question what is new follows at once.
Answers::Heard Answers::perform(const session::ReadOutbox&) {
  for (const StickItem& item : letter_.items()) {
    if (!is(item, Kind::push) || item.up_to() <= state_.cursor.pushed_up_to) continue;
    auto frames = frames_up_to(item.up_to());
    if (!frames) {
      own_disk_ = true;
      return session::Failed{frames.error()};
    }
    if (frames->empty()) break;
    session::Batch batch{*std::move(frames)};
    const session::Step step = session::step(state_, batch, run_.controls.tuning);
    const auto* push = std::get_if<session::Push>(&step.effects.back());
    if (push != nullptr && push_of(push->request) != nullptr) return batch;
    break;
  }
  return session::Batch{};
}

template <class Answer, class Event>
Answers::Heard Answers::event_of(const StickAnswer& answer) {
  time_ms_ = std::max(time_ms_, answer.time_ms());
  if (answer.status() == kOk) {
    auto message = wire::decode<Answer>(answer.body());
    if (!message) return session::Failed{message.error()};
    return Event{*std::move(message)};
  }
  session::Refused refused{static_cast<int>(answer.status()), {}};
  if (auto refusal = wire::decode<Refusal>(answer.body())) refused.refusal = *std::move(refusal);
  return refused;
}

Answers::Heard Answers::perform(const session::Push& effect) {
  const StickItem* item = push_of(effect.request);
  const auto answer = item != nullptr ? run_.mail.answer(request_of(*item), 1) : std::nullopt;
  if (answer) return event_of<PushAnswer, session::Pushed>(*answer);
  asks_carry_list_ = effect.request.has_carry_list();
  return std::nullopt;
}

Answers::Heard Answers::perform(const session::Pull& effect) {
  for (const StickItem& item : letter_.items()) {
    if (!is(item, Kind::pull)) continue;
    auto answer = run_.mail.answer(request_of(item), page_ + 1);
    if (!answer) break;
    ++page_;
    Heard heard = event_of<PullAnswer, session::Pulled>(*answer);
    if (auto* pulled = std::get_if<session::Pulled>(&*heard); pulled != nullptr && pulled->answer.receipts_up_to() <= state_.cursor.receipts) {
      pulled->answer.clear_receipts();   // a line has brought later ones
      pulled->answer.clear_receipts_up_to();
    }
    return heard;
  }
  if (page_ > 0) next_question_ = effect.request;
  return std::nullopt;
}

Answers::Heard Answers::perform(const session::Store& effect) {
  if (auto stored = store_gain(effect, run_.cursors, run_.inbox); !stored) {
    own_disk_ = true;
    return session::Failed{stored.error()};
  }
  return session::Stored{};
}

Answers::Heard Answers::perform(const session::Progress& effect) {
  CourierProgress progress;
  progress.set_phase(static_cast<std::uint32_t>(effect.phase));
  progress.set_done(effect.done);
  progress.set_total(effect.total);
  run_.controls.progress(progress);
  return session::Stored{};   // never the last of a step
}

Answers::Heard Answers::perform(const session::Finish& effect) {
  outcome_ = effect;
  return session::StopAsked{};
}

// ---- Parts of attachments ----

Result<void> take_fetched(StickRun& run, const StickItem& item) {
  const auto asked = unpacked(item.addresses());
  const std::set<Digest> wanted(asked.begin(), asked.end());
  attachments::Blobs blobs(run.env.files, platform::Path(run.job.home()));
  for (std::uint32_t page = 1;; ++page) {
    const auto answer = run.mail.answer(request_of(item), page);
    if (!answer || answer->status() != kOk) return {};
    const auto parts = wire::decode<GetPartsAnswer>(answer->body());
    if (!parts) return {};
    for (const Part& part : parts->parts()) {
      if (part.chunk().empty()) {
        run.done.set_parts_not_there(run.done.parts_not_there() + 1);
        continue;
      }
      const Digest address = attachments::address_of(part.chunk());
      if (address.view() != part.address() || !wanted.contains(address)) continue;
      if (!blobs.has(address)) WAYSIDE_OK(blobs.put(part.chunk()));
      run.done.set_parts_fetched(run.done.parts_fetched() + 1);
      run.done.set_parts_fetched_bytes(run.done.parts_fetched_bytes() + part.chunk().size());
    }
    CourierProgress progress;
    progress.set_phase(kFetchingParts);
    progress.set_done(run.done.parts_fetched());
    progress.set_total(wanted.size());
    run.controls.progress(progress);
  }
}

void take_sent(StickRun& run, const StickItem& item, std::set<Digest>& held) {
  const auto answer = run.mail.answer(request_of(item), 1);
  if (!answer || answer->status() != kOk) return;
  const auto states = wire::decode<PutPartsAnswer>(answer->body());
  const auto addresses = unpacked(item.addresses());
  if (!states || static_cast<std::size_t>(states->states_size()) != addresses.size()) return;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const auto state = states->states(static_cast<int>(i));
    if (state == PutPartsAnswer::no_room) run.done.set_parts_no_room(run.done.parts_no_room() + 1);
    if (state != PutPartsAnswer::stored && state != PutPartsAnswer::known) continue;
    held.insert(addresses[i]);
    if (state == PutPartsAnswer::stored) run.done.set_parts_sent(run.done.parts_sent() + 1);
  }
}

/// What the office has of the list by now. With all of it the list is done, as over a line.
Result<void> take_parts(StickRun& run, const StickLetter& letter) {
  WAYSIDE_TRY(const auto list, spool::read_parts_list(run.env.files, run.layout));
  std::set<Digest> held;
  for (const Digest& each : unpacked(run.note.parts_held())) held.insert(each);
  for (const StickItem& item : letter.items()) {
    if (is(item, Kind::put_parts)) take_sent(run, item, held);
    if (is(item, Kind::get_parts)) WAYSIDE_OK(take_fetched(run, item));
  }
  std::vector<Digest> of_list;
  for (const Digest& each : list ? list->addresses : std::vector<Digest>{}) {
    if (held.contains(each)) of_list.push_back(each);
  }
  run.note.set_parts_held(packed(of_list));
  run.done.set_parts_waiting(list ? list->addresses.size() - of_list.size() : 0);
  if (!list || of_list.size() != list->addresses.size() || run.cursors.now().parts_sent == list->digest.view()) return {};
  CursorFrame change;
  change.set_parts_sent(list->digest.str());
  return run.cursors.save(change);
}

// ---- Letters ----

bool is_answered(const StickRun& run, const StickLetter& letter) {
  for (const StickItem& item : letter.items()) {
    if (run.mail.is_answered(request_of(item))) return true;
  }
  return false;
}

/// Whether the office spoke of what this spool has left behind since: of another generation, or before it told what a line
/// has brought meanwhile. What such an answer says of what is missing is not so any more.
bool is_outdated(StickRun& run, const StickLetter& letter) {
  const spool::Cursor& now = run.cursors.now();
  if (letter.generation() != now.generation || letter.anew() != now.anew) return true;
  for (const StickItem& item : letter.items()) {
    if (!is(item, Kind::pull)) continue;
    const auto first = run.mail.answer(request_of(item), 1);
    if (first && first->status() == kOk && first->membership() < now.membership) return true;
  }
  return false;
}

/// What it brought is durable: nothing waits for this letter or one before it any more.
Result<void> let_go(StickRun& run, const StickLetter& letter) {
  const std::uint64_t number = letter.number();
  std::vector<Digest> answered;
  StickNote left = run.note;
  left.clear_letters();
  for (const StickLetter& each : run.note.letters()) {
    if (each.number() > number) *left.add_letters() = each;
    else for (const StickItem& item : each.items()) answered.push_back(request_of(item));
  }
  // A part that was not answered is carried over by a later letter under the same name.
  std::set<Digest> awaited;
  for (const StickLetter& each : left.letters()) {
    for (const StickItem& item : each.items()) awaited.insert(request_of(item));
  }
  run.note = std::move(left);
  WAYSIDE_OK(run.save_note());
  for (const Digest& each : answered) {
    if (!awaited.contains(each)) WAYSIDE_OK(run.mail.remove_answers(each));
  }
  return {};
}

void note_outcome(StickRun& run, const Answers& answers, Answers::End end) {
  run.done.set_generation(answers.outcome().generation);
  tell_session(answers.state(), run.done);
  run.note.set_answered_ms(std::max(run.note.answered_ms(), answers.time_ms()));
  run.note.set_tell_carry_list(answers.asks_what_is_carried());
  if (end != Answers::End::ran_out) run.note.clear_wants();
  if (!answers.next_question()) return;
  run.note.clear_wants();
  for (const Want& want : answers.next_question()->wants()) run.note.add_wants(want.ledger());
}

/// True when it ended whole.
Result<bool> take_letter(StickRun& run, const StickLetter& letter) {
  run.told().set_taken(true);
  bool whole = false;
  std::optional<Error> error;
  if (is_outdated(run, letter)) {
    run.told().set_put_aside(run.told().put_aside() + 1);
  } else {
    Answers answers(run, letter);
    const Answers::End end = answers.hear();
    if (answers.own_disk()) return std::unexpected(*answers.outcome().error);
    if (answers.outcome().stopped_early) return false;   // asked to stop: the rest is on the stick still
    note_outcome(run, answers, end);
    error = answers.outcome().error;
    whole = end == Answers::End::whole;
  }
  WAYSIDE_OK(take_parts(run, letter));
  WAYSIDE_OK(let_go(run, letter));
  if (error) return std::unexpected(*std::move(error));
  return whole;
}

}  // namespace

Result<bool> take_answers(StickRun& run) {
  bool whole = false;
  const StickNote asked = run.note;
  for (const StickLetter& letter : asked.letters()) {
    if (!is_answered(run, letter)) continue;
    WAYSIDE_TRY(whole, take_letter(run, letter));
  }
  return whole;
}

}  // namespace wayside::courier
