#include "sync/office/service.h"

#include <algorithm>
#include <array>

#include "sync/office/sealed_copies.h"
#include "sync/office/tuning.h"
#include "sync/wire/codec.h"
#include "sync/wire/tuning.h"

namespace wayside::office {
namespace {

namespace pb = wire::pb;

struct Route {
  std::string_view path;
  std::array<bool, 4> open_to;  ///< by Standing
};

constexpr std::string_view kPush = "/v1/push";
constexpr std::string_view kPull = "/v1/pull";
constexpr std::string_view kMembership = "/v1/membership";
constexpr std::string_view kAskParts = "/v1/parts/ask";
constexpr std::string_view kPutParts = "/v1/parts/put";
constexpr std::string_view kGetParts = "/v1/parts/get";
constexpr std::string_view kFindSnapshots = "/v1/snapshot/find";
// clang-format off
constexpr std::array kRoutes{
    //                 stranger ticket device removed
    Route{kPush,       {false,  false, true,  true}},
    Route{kPull,       {false,  true,  true,  false}},
    Route{kMembership, {false,  true,  true,  false}},
    Route{kAskParts,   {false,  false, true,  true}},
    Route{kPutParts,   {false,  false, true,  true}},
    Route{kGetParts,   {false,  false, true,  false}},
    Route{kFindSnapshots, {false, false, true, false}},
};
// clang-format on

const Route* route_of(std::string_view path) {
  const auto found =
      std::find_if(kRoutes.begin(), kRoutes.end(), [path](const Route& each) { return each.path == path; });
  return found == kRoutes.end() ? nullptr : &*found;
}

}  // namespace

Reply Service::refuse(int status, std::string_view reason) {
  pb::Refusal refusal;
  refusal.set_reason(std::string(reason));
  return {status, wire::encode(refusal)};
}

Service::Welcome Service::welcome(const PublicKey& client, std::string_view path) const {
  const Route* route = route_of(path);
  if (route == nullptr) return {Reply{404, {}}};
  const Caller caller = admit(store_.log(), client, clock_.wall_ms());
  if (caller.standing == Standing::stranger) return {refuse(403, name_of(caller.refusal))};
  if (!route->open_to[static_cast<std::size_t>(caller.standing)]) {
    pb::Refusal refusal;
    refusal.set_reason(std::string(name_of(Errc::not_permitted)));
    // A removed device may still bring what it wrote, and an office that was restored lost some of that.
    refusal.set_generation(store_.generation().str());
    return {Reply{403, wire::encode(refusal)}};
  }
  return {std::nullopt, caller.standing == Standing::ticket ? kMaxTicketBodyBytes : wire::kMaxRequestBytes};
}

Reply Service::answer(const PublicKey& client, std::string_view path, BytesView body) {
  const Welcome first = welcome(client, path);
  if (first.refusal) return *first.refusal;
  if (const auto in_ms = rate_.refuse(client, clock_.monotonic_ms())) return come_back("too_many_requests", *in_ms);
  if (body.size() > first.limit_bytes) return refuse(413, name_of(Errc::too_large));
  const Caller caller = admit(store_.log(), client, clock_.wall_ms());
  if (path == kPush) return push(caller, body);
  if (path == kPull) return pull(caller, body);
  if (path == kAskParts) return ask_parts(caller, body);
  if (path == kPutParts) return put_parts(caller, body);
  if (path == kGetParts) return get_parts(caller, body);
  if (path == kFindSnapshots) return find_snapshots(caller, body);
  return append(caller, body);
}

Reply Service::push(const Caller& caller, BytesView body) {
  auto request = wire::decode<pb::PushRequest>(body);
  if (!request) return refuse(400, name_of(request.error().code));
  if (!request->generation().empty() && request->generation() != store_.generation().view()) return refuse_generation();
  open_sealed_copies(*request, keys_.sign_seed, store_.log().organisation());
  if (const auto entries = store_.take_lost_entries(caller, *request, clock_.wall_ms()); !entries) return failed(entries.error());
  // They may say what became of this device itself.
  Caller now = caller;
  const membership::DeviceInfo* device = store_.log().device(caller.device);
  if (device != nullptr && device->removed) now.standing = Standing::removed_device;
  const auto may_send = request->has_sending() ? store_.take_sending(now, request->sending()) : Result<bool>(true);
  if (!may_send) return failed(may_send.error());
  if (!*may_send) return refuse(412, "sent_elsewhere");
  auto taken = store_.push(now, *request, clock_.wall_ms());
  if (!taken) return failed(taken.error());
  const bool accepts = request->accepted() && !request->generation().empty();
  if (const auto accepted = accepts ? store_.take_acceptance(now) : Result<void>{}; !accepted) return failed(accepted.error());
  const auto told = request->has_carry_list() ? store_.take_carry_list(now, request->carry_list()) : Result<void>{};
  if (!told) return told.error().code == Errc::bad_input ? refuse(400, name_of(Errc::bad_input)) : failed(told.error());
  changed_ = true;
  const auto newest = store_.newest_position();
  if (!newest) return failed(newest.error());
  pb::PushAnswer answer;
  answer.set_generation(store_.generation().str());
  answer.set_position(*newest);
  for (pb::Taken& each : *taken) *answer.add_taken() = std::move(each);
  return {200, wire::encode(answer)};
}

Reply Service::pull(const Caller& caller, BytesView body) {
  const auto request = wire::decode<pb::PullRequest>(body);
  if (!request) return refuse(400, name_of(request.error().code));
  if (!request->generation().empty() && request->generation() != store_.generation().view()) return refuse_generation();
  if (caller.standing == Standing::ticket) {
    pb::PullAnswer answer;
    answer.set_generation(store_.generation().str());
    const auto more = store_.add_membership(request->membership(), wire::kMaxPageBytes, answer);
    if (!more) return failed(more.error());
    answer.set_more(*more);
    return {200, wire::encode(answer)};
  }
  if (!request->receipt().empty()) {
    if (const auto taken = store_.take_receipts(caller, request->receipt()); !taken) return failed(taken.error());
  }
  auto page = store_.pull(caller.device, *request);
  if (!page) return failed(page.error());
  if (page->heads) {
    page->heads->time_ms = clock_.wall_ms();
    page->answer.set_heads(wire::sign_heads(*page->heads, keys_.sign_seed));
  }
  return {200, wire::encode(page->answer)};
}

Reply Service::append(const Caller& caller, BytesView body) {
  const auto request = wire::decode<pb::AppendRequest>(body);
  if (!request) return refuse(400, name_of(request.error().code));
  const auto entry = membership::parse_entry(request->entry());
  const Result<void> appended =
      entry ? store_.append(caller, *entry, clock_.wall_ms()) : Result<void>(std::unexpected(entry.error()));
  if (!appended && !speaks_of_the_entry(appended.error().code)) return failed(appended.error());
  changed_ = changed_ || appended;
  pb::AppendAnswer answer;
  answer.set_size(store_.log().size());
  if (appended) {
    answer.set_status(pb::AppendAnswer::taken);
  } else if (appended.error().code == Errc::stale_head) {
    answer.set_status(pb::AppendAnswer::stale);
  } else {
    answer.set_status(pb::AppendAnswer::refused);
    answer.set_reason(std::string(name_of(appended.error().code)));
  }
  return {200, wire::encode(answer)};
}

Reply Service::ask_parts(const Caller& caller, BytesView body) {
  const auto request = wire::decode<pb::AskPartsRequest>(body);
  if (!request) return refuse(400, name_of(request.error().code));
  const auto answer = store_.ask_parts(caller, *request);
  return answer ? Reply{200, wire::encode(*answer)} : failed(answer.error());
}

Reply Service::put_parts(const Caller& caller, BytesView body) {
  const auto request = wire::decode<pb::PutPartsRequest>(body);
  if (!request) return refuse(400, name_of(request.error().code));
  const auto answer = store_.put_parts(caller, *request);
  if (!answer) return failed(answer.error());
  changed_ = true;
  return {200, wire::encode(*answer)};
}

Reply Service::get_parts(const Caller& caller, BytesView body) {
  const auto request = wire::decode<pb::GetPartsRequest>(body);
  if (!request) return refuse(400, name_of(request.error().code));
  const auto answer = store_.get_parts(caller.device, *request);
  return answer ? Reply{200, wire::encode(*answer)} : failed(answer.error());
}

Reply Service::find_snapshots(const Caller& caller, BytesView body) {
  const auto request = wire::decode<pb::FindSnapshotsRequest>(body);
  if (!request) return refuse(400, name_of(request.error().code));
  const auto answer = store_.find_snapshots(caller.device);
  return answer ? Reply{200, wire::encode(*answer)} : failed(answer.error());
}

Reply Service::refuse_generation() const {
  pb::Refusal refusal;
  refusal.set_reason("generation");
  refusal.set_generation(store_.generation().str());
  return {409, wire::encode(refusal)};
}

/// A full disk is not the courier's fault: it keeps its work and comes back.
Reply Service::failed(const Error& error) const { return come_back(name_of(error.code), kComeBack_ms); }

Reply Service::come_back(std::string_view reason, std::int64_t in_ms) const {
  pb::Refusal refusal;
  refusal.set_reason(std::string(reason));
  refusal.set_generation(store_.generation().str());
  refusal.set_later_ms(clock_.wall_ms() + in_ms);
  return {503, wire::encode(refusal)};
}

}  // namespace wayside::office
