#include <algorithm>
#include <map>
#include <set>

#include "core/attachments/blobs.h"
#include "sync/courier/stick_run.h"
#include "sync/courier/tuning.h"
#include "sync/spool/outbox.h"
#include "sync/spool/parts_list.h"
#include "sync/wire/codec.h"
#include "sync/wire/carry_list.h"

namespace wayside::courier {
namespace {

using namespace wire::pb;
using stick::Kind;

stick::Place place_of(const StickItem& item) { return {item.letter(), item.letter_number(), item.kind(), item.number()}; }

/// One question of a letter. Its body is made again when it is written: all of them at once would not fit into memory.
struct Planned {
  StickItem item;
  std::uint64_t envelopes = 0;
  std::uint64_t after = 0;   ///< push: the outbox frame before its first
  Bytes body;                ///< of what is small
};

Bytes held_of(const spool::Cursor& cursor) {
  Bytes out;
  for (const auto& [ledger, point] : cursor.ledgers) {
    if (out.size() + 24 > wire::kMaxHeldBytes) return {};
    out += ledger.view();
    for (unsigned i = 0; i < 8; ++i) out += static_cast<char>(point.lsn >> (8 * i));
  }
  return out;
}

class Letter {
 public:
  explicit Letter(StickRun& run) : run_(run) {}
  Result<void> plan();
  Result<void> write();

 private:
  Result<void> begin();
  Result<void> plan_pushes();
  Result<void> plan_pull();
  Result<void> plan_parts();
  [[nodiscard]] std::vector<Digest> still_wanted() const;
  void add(Kind kind, const Digest& body_digest, Planned planned);
  Result<Bytes> push_after(std::uint64_t after, Planned& planned) const;
  Result<Bytes> body_of(const Planned& planned) const;
  void address();
  [[nodiscard]] bool says_the_same(const StickLetter& letter) const;
  Result<void> write_item(const Planned& planned);
  void count(const Planned& planned, bool fitted);

  StickRun& run_;
  session::Begin begin_;
  session::State ready_;
  std::vector<Planned> items_;
  std::map<std::uint32_t, std::uint32_t> numbers_;
  StickLetter letter_;
  bool is_new_ = false;
};

Result<void> Letter::begin() {
  WAYSIDE_TRY(begin_, begin_from(run_.env.files, run_.layout, run_.cursors, run_.inbox));
  session::Event event = begin_;
  for (bool reading = false; !reading;) {
    session::Step next = session::step(ready_, event, run_.controls.tuning);
    ready_ = std::move(next.state);
    if (next.effects.empty()) return fail(Errc::bad_input, "a session that does not begin");
    if (const auto* store = std::get_if<session::Store>(&next.effects.back())) WAYSIDE_OK(store_gain(*store, run_.cursors, run_.inbox));
    if (const auto* finish = std::get_if<session::Finish>(&next.effects.back()); finish != nullptr && finish->error)
      return std::unexpected(*finish->error);
    reading = std::holds_alternative<session::ReadOutbox>(next.effects.back());
    event = session::Stored{};
  }
  return {};
}

void Letter::add(Kind kind, const Digest& body_digest, Planned planned) {
  const auto number = static_cast<std::uint32_t>(kind);
  planned.item.set_kind(number);
  planned.item.set_number(++numbers_[number]);
  planned.item.set_body(body_digest.str());
  items_.push_back(std::move(planned));
}

/// The push that a session would send next. Empty: nothing is left.
Result<Bytes> Letter::push_after(std::uint64_t after, Planned& planned) const {
  spool::OutboxReader reader(run_.env.files, run_.layout, after);
  WAYSIDE_TRY(auto frames, reader.next(run_.controls.tuning.push_parcels, run_.controls.tuning.push_bytes));
  if (frames.empty()) return Bytes{};
  planned.item.set_up_to(frames.back().number());
  const session::Step step = session::step(ready_, session::Batch{std::move(frames)}, run_.controls.tuning);
  const auto* push = std::get_if<session::Push>(&step.effects.back());
  if (push == nullptr) return fail(Errc::corrupt, "the outbox");
  planned.envelopes = static_cast<std::uint64_t>(push->request.parcels_size());
  return wire::encode(push->request);
}

Result<void> Letter::plan_pushes() {
  for (std::uint64_t after = run_.cursors.now().pushed_up_to;;) {
    Planned planned;
    planned.after = after;
    WAYSIDE_TRY(const Bytes body, push_after(after, planned));
    if (body.empty()) break;
    after = planned.item.up_to();
    add(Kind::push, stick::digest_of_body(Kind::push, body, {}), std::move(planned));
  }
  const auto add_small = [this](const PushRequest& request) {
    Planned planned;
    planned.body = wire::encode(request);
    const Digest digest = stick::digest_of_body(Kind::push, planned.body, {});
    add(Kind::push, digest, std::move(planned));
  };
  PushRequest request;
  request.set_generation(ready_.cursor.generation);
  if (begin_.accepts) {
    request.set_accepted(true);
    add_small(request);
    request.clear_accepted();
  }
  if (run_.note.tell_carry_list() || !begin_.carry.carries_all()) {
    *request.mutable_carry_list() = wire::carry_list_message(begin_.carry);
    add_small(request);
  }
  return {};
}

/// What a session would ask with nothing left to send, and for what was missing after the last answer.
Result<void> Letter::plan_pull() {
  session::State state = ready_;
  state.accepts = false;
  const session::Step step = session::step(state, session::Batch{}, run_.controls.tuning);
  const auto* pull = std::get_if<session::Pull>(&step.effects.back());
  if (pull == nullptr) return fail(Errc::bad_input, "a session that asks nothing");
  PullRequest request = pull->request;
  for (const Bytes& each : run_.note.wants()) {
    const auto ledger = LedgerId::from(each);
    const auto point = run_.cursors.now().ledgers.find(*ledger);
    Want& want = *request.add_wants();
    want.set_ledger(each);
    want.set_after_lsn(point == run_.cursors.now().ledgers.end() ? 0 : point->second.lsn);
  }
  Planned planned;
  planned.body = wire::encode(request);
  const Digest digest = stick::digest_of_body(Kind::pull, planned.body, held_of(run_.cursors.now()));
  add(Kind::pull, digest, std::move(planned));
  return {};
}

/// What this run asks for, and what an earlier letter did that was not answered yet.
std::vector<Digest> Letter::still_wanted() const {
  std::vector<Digest> out;
  std::set<Digest> seen;
  attachments::Blobs blobs(run_.env.files, platform::Path(run_.job.home()));
  const auto add = [&](const Digest& each) {
    if (!run_.job.home().empty() && !blobs.has(each) && seen.insert(each).second) out.push_back(each);
  };
  if (run_.note.letters_size() > 0) {
    for (const StickItem& item : run_.note.letters().rbegin()->items()) {
      if (item.kind() != static_cast<std::uint32_t>(Kind::get_parts)) continue;
      for (const Digest& each : unpacked(item.addresses())) add(each);
    }
  }
  for (const Bytes& each : run_.job.sync().stick().wanted()) add(*Digest::from(each));
  return out;
}

Result<void> Letter::plan_parts() {
  const auto wanted = still_wanted();
  for (std::size_t at = 0; at < wanted.size(); at += kPartsAsked) {
    GetPartsRequest request;
    Planned planned;
    request.set_page_bytes(kPartsBytes);
    for (std::size_t i = at; i < std::min<std::size_t>(wanted.size(), at + kPartsAsked); ++i) {
      request.add_addresses(wanted[i].str());
      *planned.item.mutable_addresses() += wanted[i].view();
    }
    planned.body = wire::encode(request);
    const Digest digest = stick::digest_of_body(Kind::get_parts, planned.body, {});
    add(Kind::get_parts, digest, std::move(planned));
  }
  WAYSIDE_TRY(const auto list, spool::read_parts_list(run_.env.files, run_.layout));
  if (!list || run_.job.home().empty() || run_.cursors.now().parts_sent == list->digest.view()) return {};
  const auto held = unpacked(run_.note.parts_held());
  const std::set<Digest> there(held.begin(), held.end());
  // A sealed chunk is some 1 MiB: one file each, so that a stick that fills up loses little.
  for (const Digest& each : list->addresses) {
    if (there.contains(each)) continue;
    Planned planned;
    planned.item.set_addresses(each.str());
    add(Kind::put_parts, stick::digest_of_put(std::span(&each, 1)), std::move(planned));
  }
  return {};
}

Result<void> Letter::plan() {
  WAYSIDE_OK(begin());
  WAYSIDE_OK(plan_pull());
  WAYSIDE_OK(plan_pushes());
  WAYSIDE_OK(plan_parts());
  address();
  return {};
}

bool Letter::says_the_same(const StickLetter& letter) const {
  if (static_cast<std::size_t>(letter.items_size()) != items_.size()) return false;
  for (int i = 0; i < letter.items_size(); ++i) {
    const StickItem& mine = items_[static_cast<std::size_t>(i)].item;
    if (letter.items(i).kind() != mine.kind() || letter.items(i).body() != mine.body()) return false;
  }
  return true;
}

/// The newest letter goes on when it says the same; else there is a new one, and parts that lie there already stay as they are.
void Letter::address() {
  const StickLetter* const newest = run_.note.letters_size() > 0 ? &*run_.note.letters().rbegin() : nullptr;
  if (newest != nullptr && says_the_same(*newest)) {
    letter_ = *newest;
    for (std::size_t i = 0; i < items_.size(); ++i) items_[i].item = letter_.items(static_cast<int>(i));
    return;
  }
  is_new_ = true;
  run_.note.set_letters_written(run_.note.letters_written() + 1);
  letter_.set_id(crypto::random_bytes(run_.env.random, 16));
  letter_.set_number(run_.note.letters_written());
  letter_.set_generation(run_.cursors.now().generation);
  letter_.set_anew(run_.cursors.now().anew);
  letter_.set_receipts(begin_.receipts_digest);
  for (Planned& planned : items_) {
    StickItem& item = planned.item;
    item.set_letter(letter_.id());
    item.set_letter_number(letter_.number());
    const bool of_parts = item.kind() == static_cast<std::uint32_t>(Kind::put_parts);
    for (int i = 0; of_parts && newest != nullptr && i < newest->items_size(); ++i) {
      const StickItem& before = newest->items(i);
      if (before.kind() == item.kind() && before.body() == item.body() && run_.mail.lies_here(stick::label_of(place_of(before)))) item = before;
    }
    item.set_request(stick::digest_of_request(run_.mail.seals().pair(), place_of(item), *Digest::from(item.body())).str());
    *letter_.add_items() = item;
  }
}

Result<Bytes> Letter::body_of(const Planned& planned) const {
  if (!planned.body.empty()) return planned.body;
  if (planned.item.kind() == static_cast<std::uint32_t>(Kind::push)) {
    Planned again;
    return push_after(planned.after, again);
  }
  attachments::Blobs blobs(run_.env.files, platform::Path(run_.job.home()));
  PutPartsRequest request;
  WAYSIDE_TRY(*request.add_parts()->mutable_chunk(), blobs.get(*Digest::from(planned.item.addresses())));
  request.mutable_parts(0)->set_address(planned.item.addresses());
  return wire::encode(request);
}

Result<void> Letter::write_item(const Planned& planned) {
  const StickItem& item = planned.item;
  auto request = stick::between<StickRequest>(run_.mail.seals().pair());
  request.set_letter(item.letter());
  request.set_letter_number(item.letter_number());
  request.set_kind(item.kind());
  request.set_number(item.number());
  auto body = body_of(planned);
  // Gone or spoilt here: nothing to send. `attach check` tells of it.
  if (!body && (body.error().code == Errc::not_found || body.error().code == Errc::corrupt)) return {};
  if (!body) return std::unexpected(body.error());
  request.set_body(*std::move(body));
  if (item.kind() == static_cast<std::uint32_t>(Kind::pull)) request.set_held(held_of(run_.cursors.now()));
  return run_.mail.write(stick::label_of(place_of(item)), stick::sign_request(request, *Digest::from(item.request()), run_.key), run_.env.random);
}

void Letter::count(const Planned& planned, bool fitted) {
  StickDone& told = run_.told();
  const std::uint64_t parts = planned.item.addresses().size() / Digest::size_bytes;
  if (planned.item.kind() == static_cast<std::uint32_t>(Kind::get_parts)) {
    if (fitted) told.set_wanted(told.wanted() + parts);
  } else if (fitted) {
    told.set_envelopes(told.envelopes() + planned.envelopes);
    told.set_parts(told.parts() + parts);
  } else {
    told.set_envelopes_left(told.envelopes_left() + planned.envelopes);
    told.set_parts_left(told.parts_left() + parts);
  }
}

/// What it asks is noted before any of it lies on the stick: an answer to what nobody remembers counts for nothing.
Result<void> Letter::write() {
  if (is_new_) {
    *run_.note.add_letters() = letter_;
    while (run_.note.letters_size() > spool::kMostLetters) run_.note.mutable_letters()->erase(run_.note.letters().begin());
    WAYSIDE_OK(run_.save_note());
  }
  std::vector<stick::Label> kept;
  for (const Planned& planned : items_) kept.push_back(stick::label_of(place_of(planned.item)));
  StickDone& told = run_.told();
  bool cleared = false;
  for (const Planned& planned : items_) {
    const bool there = run_.mail.lies_here(stick::label_of(place_of(planned.item)));
    Result<void> written;
    if (!there && !told.full()) {
      written = write_item(planned);
      if (!written && written.error().code == Errc::disk_full && !cleared) {
        cleared = true;   // what this letter replaces makes room
        WAYSIDE_OK(run_.mail.remove_questions_but(kept));
        written = write_item(planned);
      }
      if (!written && written.error().code != Errc::disk_full) return written;
      told.set_full(!written);
      told.set_wrote(told.wrote() || written.has_value());
    }
    count(planned, there || (!told.full() && written));
  }
  WAYSIDE_OK(run_.mail.remove_questions_but(kept));
  return run_.mail.sync();
}

}  // namespace

Result<void> write_letter(StickRun& run) {
  Letter letter(run);
  WAYSIDE_OK(letter.plan());
  return letter.write();
}

}  // namespace wayside::courier
