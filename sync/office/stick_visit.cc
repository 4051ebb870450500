#include "sync/office/stick_visit.h"

#include <algorithm>
#include <map>

#include "sync/office/stick_pull.h"
#include "sync/stick/messages.h"
#include "sync/wire/codec.h"

namespace wayside::office {
namespace {

using namespace wire::pb;
using stick::Direction;
using stick::Kind;

constexpr int kOk = 200;
constexpr int kLater = 503;

bool asks(std::uint32_t kind) { return kind == static_cast<std::uint32_t>(Kind::pull) || kind == static_cast<std::uint32_t>(Kind::get_parts); }

/// What one device and this office have laid on the stick.
struct Correspondence {
  struct File { std::string name; stick::Head head; };
  struct Order {
    std::uint64_t letter_number;
    Bytes letter;
    std::uint32_t kind, number;
    auto operator<=>(const Order&) const = default;
  };
  stick::Seals seals;
  std::map<Order, std::vector<File>> questions{};   ///< several files: somebody copied one
  std::map<Digest, std::vector<std::string>> answers{};
};

/// One device's questions, answered in their order.
class Answering {
 public:
  Answering(platform::Env& env, stick::Folder& folder, Correspondence& with, const SecretBytes& sign_seed, const AskOffice& ask,
            StickFacts& facts)
      : env_(env), folder_(folder), with_(with), sign_seed_(sign_seed), ask_(ask), facts_(facts) {}
  /// What it brings, then what it asks for: of all devices the first before of any the second, so that one journey is enough
  /// from each to each.
  enum class Turn { takes, gives };
  Result<void> answer_all(Turn turn);

 private:
  using Order = Correspondence::Order;
  struct Question { stick::SignedRequest signed_request; std::vector<std::string> files; std::uint32_t pages = 0; bool removed = false; };

  Result<bool> answer_one(const Order& order);
  std::optional<Question> open(const Order& order);
  Result<Reply> ask(BytesView path_body, std::uint32_t kind);
  Result<bool> answer_push(Question& question);
  Result<bool> answer_parts(Question& question);
  Result<bool> answer_pull(Question& question);
  Result<bool> answer_wanted(Question& question);
  struct Page { Reply reply; std::uint64_t membership = 0; bool last = true; };
  Result<bool> write(Question& question, const Page& page);
  Result<void> put(BytesView sealed);
  Result<void> remove(const std::vector<std::string>& names);
  Result<void> release();
  bool come_later(const Reply& reply);

  platform::Env& env_;
  stick::Folder& folder_;
  Correspondence& with_;
  const SecretBytes& sign_seed_;
  const AskOffice& ask_;
  StickFacts& facts_;
  std::vector<std::string> answered_;   ///< files of questions whose answers are written
  std::map<Bytes, std::vector<StickPull::Taken>> pushed_;   ///< by letter
  Bytes letter_;
  std::uint32_t next_push_ = 1;
  bool stopped_ = false;                ///< nothing may overtake what this letter's pushes lack
  bool later_ = false;
};

Result<void> Answering::answer_all(Turn turn) {
  std::uint64_t newest = 0;
  for (const auto& [order, files] : with_.questions)
    if (asks(order.kind)) newest = std::max(newest, order.letter_number);
  for (const auto& [order, files] : with_.questions) {
    if (asks(order.kind) != (turn == Turn::gives)) continue;
    if (asks(order.kind) && order.letter_number < newest) {
      for (const auto& file : files) answered_.push_back(file.name);
      continue;
    }
    if (order.letter != letter_) {
      letter_ = order.letter;
      next_push_ = 1;
      stopped_ = false;
    }
    WAYSIDE_TRY(const bool answered, answer_one(order));
    ++(answered ? facts_.questions : facts_.left);
  }
  return release();
}

/// False: it stays on the stick.
Result<bool> Answering::answer_one(const Order& order) {
  const auto kind = static_cast<Kind>(order.kind);
  if (stick::path_of(order.kind).empty()) {
    ++facts_.foreign;
    return false;
  }
  const bool in_turn = kind != Kind::push || (!stopped_ && order.number == next_push_);
  auto question = in_turn && !later_ ? open(order) : std::nullopt;
  if (!question) {
    stopped_ = stopped_ || kind == Kind::push;
    return false;
  }
  ++next_push_;
  // Pages of a visit that was cut short: the answer is given anew.
  if (const auto before = with_.answers.find(question->signed_request.digest); before != with_.answers.end()) {
    WAYSIDE_OK(remove(before->second));
    facts_.unfetched -= before->second.size();
    with_.answers.erase(before);
  }
  bool answered = false;
  switch (kind) {
    case Kind::push: {
      WAYSIDE_TRY(answered, answer_push(*question));
      break;
    }
    case Kind::put_parts: {
      WAYSIDE_TRY(answered, answer_parts(*question));
      break;
    }
    case Kind::pull: {
      WAYSIDE_TRY(answered, answer_pull(*question));
      break;
    }
    case Kind::get_parts: {
      WAYSIDE_TRY(answered, answer_wanted(*question));
      break;
    }
  }
  if (answered && !question->removed) std::ranges::copy(question->files, std::back_inserter(answered_));
  return answered;
}

std::optional<Answering::Question> Answering::open(const Order& order) {
  std::optional<Question> out;
  std::vector<std::string> names;
  for (const auto& file : with_.questions.at(order)) {
    names.push_back(file.name);
    const auto content = out ? fail(Errc::already_exists) : folder_.read(file.name, file.head.file_bytes());
    const auto message = content ? stick::open_message(file.head, *content) : fail(Errc::corrupt);
    auto request = message ? stick::open_request(*message, with_.seals.pair()) : fail(Errc::corrupt);
    if (!request) continue;
    const StickRequest& said = request->request;
    const bool as_labelled = said.letter() == order.letter && said.letter_number() == order.letter_number && said.kind() == order.kind &&
                             said.number() == order.number;
    if (as_labelled) out = Question{*std::move(request), {}};
  }
  if (out) {
    out->files = std::move(names);
  } else {
    // The device has all of it still, and writes it again where it finds that it is gone.
    ++facts_.spoilt;
    std::ranges::move(names, std::back_inserter(answered_));
  }
  return out;
}

Result<Reply> Answering::ask(BytesView body, std::uint32_t kind) { return ask_(with_.seals.pair().courier, stick::path_of(kind), body); }

bool Answering::come_later(const Reply& reply) {
  if (reply.status != kLater) return false;
  ++facts_.later;
  return later_ = true;
}

Result<bool> Answering::answer_push(Question& question) {
  const StickRequest& request = question.signed_request.request;
  WAYSIDE_TRY(const Reply reply, ask(request.body(), request.kind()));
  if (come_later(reply)) return false;
  const auto answer = wire::decode<PushAnswer>(reply.body);
  stopped_ = reply.status != kOk || !answer;
  for (int i = 0; !stopped_ && i < answer->taken_size(); ++i) {
    const auto status = answer->taken(i).status();
    facts_.envelopes += status == Taken::stored ? 1U : 0U;
    stopped_ = stopped_ || status == Taken::fork || status == Taken::no_room;   // as a device stops over a line
  }
  if (reply.status == kOk) std::ranges::copy(StickPull::taken_of(request.body(), reply.body), std::back_inserter(pushed_[request.letter()]));
  WAYSIDE_OK(write(question, {reply}));
  return true;
}

Result<bool> Answering::answer_parts(Question& question) {
  const StickRequest& request = question.signed_request.request;
  WAYSIDE_TRY(const Reply reply, ask(request.body(), request.kind()));
  if (come_later(reply)) return false;
  if (const auto answer = wire::decode<PutPartsAnswer>(reply.body); answer && reply.status == kOk)
    facts_.parts += static_cast<std::uint64_t>(std::ranges::count(answer->states(), static_cast<int>(PutPartsAnswer::stored)));
  WAYSIDE_OK(write(question, {reply}));
  return true;
}

/// One page is held back until it is known whether it is the last.
Result<bool> Answering::answer_pull(Question& question) {
  const StickRequest request = question.signed_request.request;
  auto pull = StickPull::begin(request.body(), request.held());
  std::optional<Page> before;
  if (pull) pull->note(pushed_[request.letter()]);
  for (std::optional<Bytes> body = request.body(); body; body = pull ? pull->question() : std::nullopt) {
    WAYSIDE_TRY(const Reply reply, ask(*body, request.kind()));
    if (!before && come_later(reply)) return false;
    if (before && reply.status != kOk) break;   // it has what came until here
    bool shown = true;
    if (reply.status == kOk && pull) {
      WAYSIDE_TRY(shown, pull->take(reply.body));
    } else {
      pull = fail(Errc::bad_input);
    }
    if (!shown) continue;
    if (before) {
      before->last = false;
      WAYSIDE_TRY(const bool fits, write(question, *before));
      if (!fits) return true;
    }
    before = Page{reply, pull ? pull->membership() : 0};
  }
  if (before) WAYSIDE_OK(write(question, *before));
  return true;
}

Result<bool> Answering::answer_wanted(Question& question) {
  auto wanted = wire::decode<GetPartsRequest>(question.signed_request.request.body());
  const std::uint32_t kind = question.signed_request.request.kind();
  bool first = true;
  for (bool last = false; !last; first = false) {
    WAYSIDE_TRY(const Reply reply, ask(wanted ? wire::encode(*wanted) : question.signed_request.request.body(), kind));
    if (first && come_later(reply)) return false;
    if (!first && reply.status != kOk) return true;
    const auto answer = wire::decode<GetPartsAnswer>(reply.body);
    const int given = answer && reply.status == kOk ? answer->parts_size() : 0;
    last = !wanted || given == 0 || given >= wanted->addresses_size();
    if (!last) wanted->mutable_addresses()->DeleteSubrange(0, given);
    Page page{reply};
    page.last = last;
    WAYSIDE_TRY(const bool fits, write(question, page));
    if (!fits) return true;
  }
  return true;
}

/// On a full stick questions that are answered make room, then this one. False: it did not fit even so, and the device asks again.
Result<bool> Answering::write(Question& question, const Page& page) {
  const Digest& digest = question.signed_request.digest;
  auto answer = stick::between<StickAnswer>(with_.seals.pair());
  answer.set_request(digest.str());
  answer.set_page(++question.pages);
  answer.set_last(page.last);
  answer.set_status(static_cast<std::uint32_t>(page.reply.status));
  answer.set_body(page.reply.body);
  answer.set_time_ms(env_.clock.wall_ms());
  answer.set_membership(page.membership);
  facts_.refused += page.reply.status == kOk ? 0U : 1U;
  WAYSIDE_TRY(const Bytes sealed, with_.seals.seal(Direction::to_device, stick::label_of_answer(digest, question.pages),
                                                   stick::sign_answer(answer, sign_seed_), env_.random));
  Result<void> written = put(sealed);
  if (!written && written.error().code == Errc::disk_full) {
    WAYSIDE_OK(release());
    written = put(sealed);
  }
  if (!written && written.error().code == Errc::disk_full && !question.removed) {
    WAYSIDE_OK(remove(question.files));
    question.removed = true;
    written = put(sealed);
  }
  if (!written && written.error().code != Errc::disk_full) return std::unexpected(written.error());
  if (!written) facts_.full = true;
  return written.has_value();
}

Result<void> Answering::put(BytesView sealed) {
  WAYSIDE_OK(folder_.write(sealed, env_.random));
  ++facts_.files;
  facts_.bytes += sealed.size();
  return {};
}

Result<void> Answering::remove(const std::vector<std::string>& names) {
  for (const std::string& name : names) WAYSIDE_OK(folder_.remove(name));
  return {};
}

/// The answers are durable, names and all, before any question goes.
Result<void> Answering::release() {
  if (answered_.empty()) return {};
  WAYSIDE_OK(folder_.sync());
  WAYSIDE_OK(remove(std::exchange(answered_, {})));
  return folder_.sync();
}

Result<std::vector<Correspondence>> correspondences(const Roster& roster, const SecretBytes& sign_seed) {
  std::vector<Correspondence> out;
  if (roster.office != crypto::sign_public(sign_seed)) return fail(Errc::corrupt, "the office's signing key is not the one that membership names");
  for (const Roster::Device& device : roster.devices) {
    auto seals = stick::Seals::between({roster.organisation, device.id, roster.office, device.courier}, sign_seed);
    if (seals) out.push_back({*std::move(seals)});
  }
  return out;
}

/// Whose it is. False: nobody's here.
bool sort_in(std::vector<Correspondence>& all, const std::string& name, BytesView first, StickFacts& facts) {
  for (Correspondence& each : all) {
    if (auto question = each.seals.open_head(Direction::to_office, first)) {
      stick::Place place = stick::place_of(question->label);
      each.questions[{place.letter_number, std::move(place.letter), place.kind, place.number}].push_back({name, *std::move(question)});
      return true;
    }
    if (const auto answer = each.seals.open_head(Direction::to_device, first)) {
      each.answers[answer->label.about].push_back(name);
      ++facts.unfetched;
      return true;
    }
  }
  return false;
}

}  // namespace

Result<StickFacts> visit_stick(platform::Env& env, stick::Folder& folder, const Roster& roster, const SecretBytes& sign_seed,
                               const AskOffice& ask) {
  StickFacts facts;
  WAYSIDE_TRY(auto all, correspondences(roster, sign_seed));
  WAYSIDE_TRY(const auto names, folder.names());
  facts.more = names.more;
  for (const std::string& name : names.whole) {
    const auto first = folder.first_bytes(name);
    if (!first || !sort_in(all, name, *first, facts)) ++facts.foreign;
  }
  for (const std::string& name : names.unfinished) {   // of a visit that was cut short
    const auto first = folder.first_bytes(name);
    const bool own = first && std::ranges::any_of(all, [&](const Correspondence& each) {
      return each.seals.open_head(Direction::to_device, *first).has_value();
    });
    if (own) WAYSIDE_OK(folder.remove(name));
  }
  std::vector<Answering> asking;
  for (Correspondence& each : all) {
    if (!each.questions.empty()) asking.emplace_back(env, folder, each, sign_seed, ask, facts);
  }
  facts.devices = asking.size();
  for (const Answering::Turn turn : {Answering::Turn::takes, Answering::Turn::gives}) {
    for (Answering& each : asking) WAYSIDE_OK(each.answer_all(turn));
  }
  return facts;
}

}  // namespace wayside::office
