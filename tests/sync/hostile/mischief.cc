#include "tests/sync/hostile/mischief.h"

#include <algorithm>

#include "core/membership/grant.h"
#include "sync/wire/codec.h"

namespace wayside::hostile {

using support::need;
using wire::pb::PullAnswer;
using wire::pb::PullRequest;
using wire::pb::PushAnswer;
using wire::pb::PushRequest;

namespace {

constexpr std::uint64_t kNever = UINT64_MAX;

/// How many cuts one message allows, and which message a cut's number falls in.
std::uint64_t cuts_of(const Exchanged& each) { return each.request.size() + each.answer.size(); }

}  // namespace

std::uint64_t Mischief::cuts(const World& world) {
  std::uint64_t all = 0;
  for (const Exchanged& each : world.bens_night) all += cuts_of(each);
  return all;
}

Mischief::Mischief(const World& world, std::uint64_t number)
    : world_(world),
      random_(number + 1),
      number_(number),
      boldness_(0),
      strikes_at_(kNever),
      rolls_back_after_(kNever) {
  if (number < cuts(world)) return;
  static constexpr std::array<unsigned, 4> kBoldness{10, 25, 50, 100};
  boldness_ = kBoldness.at(below(kBoldness.size()));
  strikes_at_ = below(world.bens_night.size());
  if (percent(15)) rolls_back_after_ = below(world.bens_night.size() + 1);
}

Office& Mischief::office() {
  if (office_) return *office_;
  office_ = world_.office_of_today();
  for (std::uint64_t i = 0; i < recorded_; ++i) {
    const Exchanged& each = world_.bens_night[i];
    (void)office_->answer(world_.ben_courier, {.path = each.path, .body = each.request});
  }
  return *office_;
}

/// As long as Ben asks what he asked in the honest night, the office need not be started to know its answer.
platform::HttpAnswer Mischief::honest_answer(std::uint64_t here, const platform::HttpCall& call) {
  if (!office_ && here == recorded_ && here < world_.bens_night.size() &&
      call.body == world_.bens_night[here].request) {
    return {.status = 200, .body = world_.bens_night[recorded_++].answer};
  }
  return office().answer(world_.ben_courier, call);
}

std::string Mischief::story() const {
  std::string out = "case " + std::to_string(number_) + ":";
  for (const std::string& each : done_) out += " " + each + ";";
  return out;
}

void Mischief::note(const char* what) {
  done_.push_back("call " + std::to_string(calls_) + " " + what);
  ++altered_;
}

Result<platform::HttpAnswer> Mischief::pass(const platform::HttpCall& call) {
  for (std::string& fault : world_.told_by(call.body)) faults_.push_back(std::move(fault));
  const std::uint64_t here = calls_++;
  if (here == rolls_back_after_) {
    office_ = world_.office_of_yesterday();
    note("the office goes back a day");
  }
  platform::HttpCall passed = call;
  const bool is_cut = number_ < cuts(world_);
  std::uint64_t before = 0;
  for (std::uint64_t i = 0; i < here && i < world_.bens_night.size(); ++i) before += cuts_of(world_.bens_night[i]);
  const bool cuts_here = is_cut && here < world_.bens_night.size() && number_ >= before &&
                         number_ - before < cuts_of(world_.bens_night[here]);
  const std::uint64_t cut_at = number_ - before;
  if (cuts_here && cut_at < call.body.size()) {
    passed.body.resize(cut_at);
    note("request cut");
    altered_requests_ = true;
  }
  const bool strikes = percent(boldness_) || here == strikes_at_;
  if (strikes && percent(15)) {
    passed.body = altered_request(call.path, call.body);
    altered_requests_ = true;
  }
  if (strikes && percent(8)) {
    note("request lost");
    return fail(Errc::unreachable, "lost");
  }
  platform::HttpAnswer answer = honest_answer(here, passed);
  answers_.push_back(answer.body);
  if (cuts_here && cut_at >= call.body.size()) {
    answer.body.resize(std::min<std::size_t>(cut_at - call.body.size(), answer.body.size()));
    note("answer cut");
  }
  if (strikes && (percent(85) || here == strikes_at_)) {
    answer.body = altered_answer(call.path, answer.body);
    if (percent(5)) {
      static constexpr std::array kStatuses{200, 400, 403, 404, 409, 413, 500, 503};
      answer.status = kStatuses.at(below(kStatuses.size()));
      note("another status");
    }
  }
  if (strikes && percent(4)) {
    note("answer lost");
    return fail(Errc::unreachable, "lost");
  }
  return answer;
}

Bytes Mischief::altered_request(const std::string& path, const Bytes& body) {
  Bytes bytes = body;
  auto push = wire::decode<PushRequest>(body);
  if (path == "/v1/push" && push && push->parcels_size() > 0 && percent(70)) {
    auto& parcel = *push->mutable_parcels(static_cast<int>(below(static_cast<std::uint64_t>(push->parcels_size()))));
    switch (below(6)) {
      case 0:
        note("a pushed envelope changed");
        flip_bits(*parcel.mutable_envelope());
        break;
      case 1:
        note("a pushed envelope cut");
        cut(*parcel.mutable_envelope());
        break;
      case 2:
        note("pushed grants dropped");
        parcel.clear_grants();
        break;
      case 3:
        note("a pushed parcel dropped");
        push->mutable_parcels()->RemoveLast();
        break;
      case 4:
        note("a pushed parcel twice");
        *push->add_parcels() = parcel;
        break;
      default:
        note("an old envelope pushed");
        parcel.set_envelope(any_honest().envelope);
        break;
    }
    return wire::encode(*push);
  }
  const NamedBytes& chosen = kBytesMoves[below(kBytesMoves.size())];
  (this->*chosen.move)(bytes);
  note("request:");
  done_.back() += chosen.name;
  return bytes;
}

Bytes Mischief::altered_answer(const std::string& path, const Bytes& body) {
  Bytes bytes = body;
  if (percent(75)) {
    if (auto page = path == "/v1/pull" ? wire::decode<PullAnswer>(body) : std::unexpected(Error{Errc::bad_input, {}})) {
      for (std::uint64_t moves = 1 + below(3); moves > 0; --moves) {
        const NamedPull& chosen = kPullMoves[below(kPullMoves.size())];
        note(chosen.name);
        (this->*chosen.move)(*page);
      }
      return wire::encode(*page);
    }
    if (auto answer =
            path == "/v1/push" ? wire::decode<PushAnswer>(body) : std::unexpected(Error{Errc::bad_input, {}})) {
      const NamedPush& chosen = kPushMoves[below(kPushMoves.size())];
      note(chosen.name);
      (this->*chosen.move)(*answer);
      return wire::encode(*answer);
    }
  }
  const NamedBytes& chosen = kBytesMoves[below(kBytesMoves.size())];
  note(chosen.name);
  (this->*chosen.move)(bytes);
  return bytes;
}

}  // namespace wayside::hostile
