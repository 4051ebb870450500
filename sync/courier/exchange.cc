#include "sync/courier/exchange.h"

#include "sync/courier/tuning.h"
#include "sync/wire/codec.h"

namespace wayside::courier {
namespace {

using namespace wire::pb;

constexpr int kOk = 200;

session::Refused refused_by(const platform::HttpAnswer& answer) {
  session::Refused refused{answer.status, {}};
  if (auto refusal = wire::decode<Refusal>(answer.body)) refused.refusal = *std::move(refusal);
  return refused;
}

}  // namespace

Result<platform::HttpAnswer> Exchange::post(std::string_view path, Bytes body) {
  platform::HttpCall call;
  call.address = peer_.address;
  call.path = path;
  call.body = std::move(body);
  call.office_pin = peer_.tls_pin;
  call.client_key = peer_.key;
  call.bytes_per_s = peer_.bytes_per_s;
  call.timeout_ms = call.bytes_per_s == 0 ? kRequestTimeout_ms : kSlowRequestTimeout_ms;
  call.answer_limit_bytes = kAnswerLimitBytes;
  auto answer = network_.post(call);
  if (!answer && answer.error().code == Errc::unreachable) answer = network_.post(call);
  if (!answer) return answer;
  ++traffic_.round_trips;
  traffic_.handshakes += answer->new_connection ? 1 : 0;
  traffic_.bytes_up += answer->bytes_up;
  traffic_.bytes_down += answer->bytes_down;
  return answer;
}

template <class Answer>
Result<Reply<Answer>> Exchange::ask(std::string_view path, Bytes body) {
  WAYSIDE_TRY(const platform::HttpAnswer answer, post(path, std::move(body)));
  if (answer.status != kOk) return Reply<Answer>(refused_by(answer));
  WAYSIDE_TRY(Answer message, wire::decode<Answer>(answer.body));
  return Reply<Answer>(std::move(message));
}

Result<Reply<PushAnswer>> Exchange::push(const PushRequest& request) {
  return ask<PushAnswer>("/v1/push", wire::encode(request));
}

Result<Reply<PullAnswer>> Exchange::pull(const PullRequest& request) {
  return ask<PullAnswer>("/v1/pull", wire::encode(request));
}

Result<Reply<AppendAnswer>> Exchange::append(const AppendRequest& request) {
  return ask<AppendAnswer>("/v1/membership", wire::encode(request));
}

Result<Reply<AskPartsAnswer>> Exchange::ask_parts(const AskPartsRequest& request) {
  return ask<AskPartsAnswer>("/v1/parts/ask", wire::encode(request));
}

Result<Reply<PutPartsAnswer>> Exchange::put_parts(const PutPartsRequest& request) {
  return ask<PutPartsAnswer>("/v1/parts/put", wire::encode(request));
}

Result<Reply<GetPartsAnswer>> Exchange::get_parts(const GetPartsRequest& request) {
  return ask<GetPartsAnswer>("/v1/parts/get", wire::encode(request));
}

Result<Reply<FindSnapshotsAnswer>> Exchange::find_snapshots() {
  return ask<FindSnapshotsAnswer>("/v1/snapshot/find", wire::encode(FindSnapshotsRequest{}));
}

}  // namespace wayside::courier
