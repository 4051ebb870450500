#include <cstdint>
#include <cstdlib>

#include "sync/wire/codec.h"
#include "sync/wire/heads.h"

/// Every decoder of sync/wire. The first byte chooses which; the rest is what a stranger sent.
namespace {

using wayside::BytesView;
namespace wire = wayside::wire;
namespace pb = wayside::wire::pb;

/// What is accepted must mean the same when it is written and read again.
template <class Message>
void check(BytesView bytes) {
  const auto message = wire::decode_plain<Message>(bytes);
  if (!message) return;
  const auto again = wire::decode_plain<Message>(wire::encode_plain(*message));
  if (!again || again->SerializeAsString() != message->SerializeAsString()) std::abort();
}

using Check = void (*)(BytesView);
constexpr Check kChecks[] = {
    check<pb::PushRequest>,
    check<pb::PushAnswer>,
    check<pb::PullRequest>,
    check<pb::PullAnswer>,
    check<pb::AppendRequest>,
    check<pb::AppendAnswer>,
    check<pb::Refusal>,
    check<pb::Parcel>,
    check<pb::OutboxFrame>,
    check<pb::InboxFrame>,
    check<pb::CursorFrame>,
    check<pb::FoldedFrame>,
    check<pb::OfficeAddress>,
    check<pb::CourierJob>,
    check<pb::CourierEvent>,
    check<pb::NightRun>,
    check<pb::AskPartsRequest>,
    check<pb::AskPartsAnswer>,
    check<pb::PutPartsRequest>,
    check<pb::PutPartsAnswer>,
    check<pb::GetPartsRequest>,
    check<pb::GetPartsAnswer>,
    check<pb::FindSnapshotsAnswer>,
    check<pb::PartsToSend>,
    check<pb::CarryList>,
    check<pb::StickRequest>,
    check<pb::StickAnswer>,
    check<pb::StickNote>,
    [](BytesView bytes) { (void)wire::parse_heads(bytes); },
    [](BytesView bytes) { (void)wire::verify_heads(bytes, {}); },
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  kChecks[data[0] % std::size(kChecks)]({reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
