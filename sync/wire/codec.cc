#include "sync/wire/codec.h"

#include <google/protobuf/io/coded_stream.h>

#include <array>

#include "core/ledger/receipt.h"
#include "sync/wire/shape.h"
#include "sync/wire/tuning.h"

namespace wayside::wire {
namespace {

constexpr FieldShape number(std::uint32_t field) { return {field, FieldKind::number}; }
constexpr FieldShape numbers(std::uint32_t field, std::size_t count) {
  return {field, FieldKind::number, 0, SIZE_MAX, count};
}
constexpr FieldShape ids(std::uint32_t field, std::size_t bytes, std::size_t count, bool required = true) {
  return {field, FieldKind::bytes, bytes, bytes, count, required};
}
constexpr FieldShape id(std::uint32_t field, std::size_t bytes) {
  return {field, FieldKind::bytes, bytes, bytes, 1, true};
}
constexpr FieldShape optional_id(std::uint32_t field, std::size_t bytes) {
  return {field, FieldKind::bytes, bytes, bytes};
}
constexpr FieldShape blob(std::uint32_t field, std::size_t max_bytes, std::size_t count = 1) {
  return {field, FieldKind::bytes, 0, max_bytes, count};
}
constexpr FieldShape text(std::uint32_t field, std::size_t max_bytes) { return {field, FieldKind::text, 0, max_bytes}; }
constexpr FieldShape one(std::uint32_t field, const Shape& inside, bool required = false) {
  return {field, FieldKind::message, 0, SIZE_MAX, 1, required, &inside};
}
constexpr FieldShape many(std::uint32_t field, const Shape& inside, std::size_t count = SIZE_MAX) {
  return {field, FieldKind::message, 0, SIZE_MAX, count, false, &inside};
}

// Tables read better as tables.
// clang-format off
constexpr std::size_t kAny = SIZE_MAX;
constexpr std::size_t kText = 1024;              // a reason, an address, a path

// An envelope, a grant or a sealed copy that is too long is answered for itself, so that it does not block the rest of its batch:
// no limit here but the body's.
constexpr std::array kParcelFields{blob(1, kAny), blob(2, kAny, kAny), blob(3, kAny)};
constexpr Shape kParcel{"Parcel", kParcelFields};
constexpr std::array kCarryListFields{blob(1, 16 * kMaxCarryList), number(2)};
constexpr Shape kCarryList{"CarryList", kCarryListFields};
constexpr std::array kSendingTokenFields{id(1, 16), optional_id(2, 16), id(3, 16)};
constexpr Shape kSendingToken{"SendingToken", kSendingTokenFields};
constexpr std::array kPushRequestFields{optional_id(1, 16), many(2, kParcel, kMaxParcels), blob(3, kAny, kAny),
                                        number(4), one(5, kCarryList), one(6, kSendingToken)};
constexpr Shape kPushRequest{"PushRequest", kPushRequestFields};
constexpr std::array kTakenFields{number(1), number(2), optional_id(3, 32)};
constexpr Shape kTaken{"Taken", kTakenFields};
constexpr std::array kPushAnswerFields{id(1, 16), many(2, kTaken, kMaxParcels), number(3)};
constexpr Shape kPushAnswer{"PushAnswer", kPushAnswerFields};

constexpr std::array kWantFields{id(1, 16), number(2)};
constexpr Shape kWant{"Want", kWantFields};
constexpr std::array kPullRequestFields{optional_id(1, 16), number(2), optional_id(3, 32), number(4),
                                        many(5, kWant, kMaxWants), number(6), blob(7, kMaxReceiptsBytes), number(8), optional_id(9, 16),
                                        number(10), number(11), optional_id(12, 32)};
constexpr Shape kPullRequest{"PullRequest", kPullRequestFields};
constexpr std::array kDeliveryFields{number(1), number(2), id(3, 16), one(4, kParcel), optional_id(5, 32)};
constexpr Shape kDelivery{"Delivery", kDeliveryFields};
constexpr std::array kPullAnswerFields{id(1, 16), number(2), blob(3, kAny, kAny), many(4, kDelivery), number(5),
                                       number(6), blob(7, kAny), blob(8, ledger::kMaxReceiptBytes, kMaxReceipts), number(9),
                                       number(10)};
constexpr Shape kPullAnswer{"PullAnswer", kPullAnswerFields};

constexpr std::array kLedgerHeadFields{id(1, 16), number(2), id(3, 32)};
constexpr Shape kLedgerHead{"LedgerHead", kLedgerHeadFields};
constexpr std::array kHeadsBodyFields{id(1, 16), id(2, 16), number(3), number(4), id(5, 32), many(6, kLedgerHead)};
constexpr Shape kHeadsBody{"HeadsBody", kHeadsBodyFields};

constexpr std::array kAppendRequestFields{blob(1, kAny)};
constexpr Shape kAppendRequest{"AppendRequest", kAppendRequestFields};
constexpr std::array kAppendAnswerFields{number(1), number(2), text(3, kText)};
constexpr Shape kAppendAnswer{"AppendAnswer", kAppendAnswerFields};
constexpr std::array kRefusalFields{text(1, kText), optional_id(2, 16), number(3)};
constexpr Shape kRefusal{"Refusal", kRefusalFields};

// A chunk that is too long is answered for itself.
constexpr std::array kPartFields{id(1, 32), blob(2, kAny)};
constexpr Shape kPart{"Part", kPartFields};
constexpr std::array kAskPartsRequestFields{ids(1, 32, kMaxParts)};
constexpr Shape kAskPartsRequest{"AskPartsRequest", kAskPartsRequestFields};
constexpr std::array kAskPartsAnswerFields{numbers(1, kMaxParts), number(2)};
constexpr Shape kAskPartsAnswer{"AskPartsAnswer", kAskPartsAnswerFields};
constexpr std::array kPutPartsRequestFields{many(1, kPart, kMaxParts)};
constexpr Shape kPutPartsRequest{"PutPartsRequest", kPutPartsRequestFields};
constexpr std::array kPutPartsAnswerFields{numbers(1, kMaxParts)};
constexpr Shape kPutPartsAnswer{"PutPartsAnswer", kPutPartsAnswerFields};
constexpr std::array kGetPartsRequestFields{ids(1, 32, kMaxParts), number(2)};
constexpr Shape kGetPartsRequest{"GetPartsRequest", kGetPartsRequestFields};
constexpr std::array kGetPartsAnswerFields{many(1, kPart, kMaxParts)};
constexpr Shape kGetPartsAnswer{"GetPartsAnswer", kGetPartsAnswerFields};

constexpr std::array<FieldShape, 0> kFindSnapshotsRequestFields{};
constexpr Shape kFindSnapshotsRequest{"FindSnapshotsRequest", kFindSnapshotsRequestFields};
constexpr std::array kFindSnapshotsAnswerFields{id(1, 16), many(2, kParcel, kMaxParcels)};
constexpr Shape kFindSnapshotsAnswer{"FindSnapshotsAnswer", kFindSnapshotsAnswerFields};

constexpr std::array kOutboxFrameFields{number(1), id(2, 32), one(3, kParcel), blob(4, kAny), blob(5, kAny)};
constexpr Shape kOutboxFrame{"OutboxFrame", kOutboxFrameFields};
constexpr std::array kInboxFrameFields{number(1), one(2, kPullAnswer)};
constexpr Shape kInboxFrame{"InboxFrame", kInboxFrameFields};
constexpr std::array kTroubleFields{id(1, 32), number(2), optional_id(3, 32)};
constexpr Shape kTrouble{"PushTrouble", kTroubleFields};
constexpr std::array kCursorFields{number(1), optional_id(2, 16), number(3), number(4), optional_id(5, 32),
                                   many(6, kLedgerHead), number(7), many(8, kTrouble), number(9), number(10),
                                   optional_id(11, 32), number(12), number(13), optional_id(16, 16), number(18), number(19), number(20),
                                   optional_id(21, 32), one(22, kSendingToken), number(23)};
constexpr Shape kCursor{"CursorFrame", kCursorFields};
constexpr std::array kFoldedFields{number(1), number(2), optional_id(3, 16), number(4), optional_id(5, 16)};
constexpr Shape kFolded{"FoldedFrame", kFoldedFields};
constexpr std::array kAddressFields{text(1, kText), id(2, 32), id(3, 16), id(4, 16), id(5, 32), optional_id(6, 32)};
constexpr Shape kAddress{"OfficeAddress", kAddressFields};
constexpr std::array kPartsToSendFields{ids(1, 32, kMaxPartsToSend)};
constexpr Shape kPartsToSend{"PartsToSend", kPartsToSendFields};

constexpr std::array kNightRunFields{number(1), number(2), number(3), number(4), number(5)};
constexpr Shape kNightRun{"NightRun", kNightRunFields};

constexpr std::array kCoveredFields{id(1, 16), number(2), many(3, kLedgerHead)};
constexpr Shape kCovered{"Covered", kCoveredFields};
constexpr std::array kStickJobFields{text(1, 4 * kText), number(2), ids(3, 32, kMaxPartsToSend, false)};
constexpr Shape kStickJob{"StickJob", kStickJobFields};
constexpr std::array kSyncJobFields{number(1), number(2), number(3), one(4, kCovered), number(5), number(6), one(7, kStickJob)};
constexpr Shape kSyncJob{"SyncJob", kSyncJobFields};
constexpr std::array kMembershipJobFields{number(1), blob(2, kAny), optional_id(3, 32), number(4)};
constexpr Shape kMembershipJob{"MembershipJob", kMembershipJobFields};
constexpr std::array kPartsJobFields{ids(1, 32, kMaxParts), number(2)};
constexpr Shape kPartsJob{"PartsJob", kPartsJobFields};
constexpr std::array kCourierJobFields{one(1, kSyncJob), one(2, kMembershipJob), text(3, kText), text(4, 4 * kText),
                                       text(5, 4 * kText), one(6, kPartsJob)};
constexpr Shape kCourierJob{"CourierJob", kCourierJobFields};
constexpr std::array kProgressFields{number(1), number(2), number(3)};
constexpr Shape kProgress{"CourierProgress", kProgressFields};
constexpr std::array kStickDoneFields{number(1), number(2), number(3), number(4), number(5), number(6), number(7), number(8),
                                      number(9), number(10), number(11), number(12), number(13)};
constexpr Shape kStickDone{"StickDone", kStickDoneFields};
constexpr std::array kDoneFields{number(1), text(2, 4 * kText), number(3), number(4), number(5), number(6), number(7),
                                 number(8), number(9), number(10), number(11), number(12), blob(13, kAny, kAny),
                                 number(14), text(15, kText), number(16), number(17), number(18), number(19),
                                 number(20), number(21), number(22), optional_id(25, 16), number(27),
                                 many(28, kParcel, kMaxParcels), optional_id(29, 16), number(30), one(31, kStickDone)};
constexpr Shape kDone{"CourierDone", kDoneFields};
constexpr std::array kCourierEventFields{one(1, kProgress), one(2, kDone)};
constexpr Shape kCourierEvent{"CourierEvent", kCourierEventFields};

constexpr std::array kStickRequestFields{id(1, 16), id(2, 32), id(3, 16), id(4, 16), number(5), number(6), number(7),
                                         blob(8, kMaxRequestBytes + 1), blob(9, kMaxHeldBytes)};
constexpr Shape kStickRequest{"StickRequest", kStickRequestFields};
constexpr std::array kStickAnswerFields{id(1, 16), id(2, 32), id(3, 16), id(4, 32), number(5), number(6), number(7),
                                        blob(8, kMaxAnswerBytes + 1), number(9), number(10)};
constexpr Shape kStickAnswer{"StickAnswer", kStickAnswerFields};
constexpr std::array kStickItemFields{number(1), id(2, 32), id(3, 32), number(4), blob(5, 32 * kMaxParts), id(6, 16), number(7),
                                      number(8)};
constexpr Shape kStickItem{"StickItem", kStickItemFields};
constexpr std::array kStickLetterFields{id(1, 16), number(2), many(3, kStickItem), optional_id(4, 16), number(5), optional_id(6, 32)};
constexpr Shape kStickLetter{"StickLetter", kStickLetterFields};
constexpr std::array kStickNoteFields{number(1), many(2, kStickLetter), ids(3, 16, kMaxWants, false), optional_id(4, 32),
                                      blob(5, 32 * kMaxPartsToSend), number(6), number(7)};
constexpr Shape kStickNote{"StickNote", kStickNoteFields};

struct Limit {
  const Shape& shape;
  std::size_t max_bytes;
};

// The one table: every message, its outline, its size.
template <class Message> Limit limit_of();
template <> Limit limit_of<pb::PushRequest>() { return {kPushRequest, kMaxRequestBytes}; }
template <> Limit limit_of<pb::PushAnswer>() { return {kPushAnswer, kMaxAnswerBytes}; }
template <> Limit limit_of<pb::PullRequest>() { return {kPullRequest, kMaxRequestBytes}; }
template <> Limit limit_of<pb::PullAnswer>() { return {kPullAnswer, kMaxAnswerBytes}; }
template <> Limit limit_of<pb::AppendRequest>() { return {kAppendRequest, kMaxRequestBytes}; }
template <> Limit limit_of<pb::AppendAnswer>() { return {kAppendAnswer, kMaxAnswerBytes}; }
template <> Limit limit_of<pb::Refusal>() { return {kRefusal, kMaxAnswerBytes}; }
template <> Limit limit_of<pb::AskPartsRequest>() { return {kAskPartsRequest, kMaxRequestBytes}; }
template <> Limit limit_of<pb::AskPartsAnswer>() { return {kAskPartsAnswer, kMaxAnswerBytes}; }
template <> Limit limit_of<pb::PutPartsRequest>() { return {kPutPartsRequest, kMaxRequestBytes}; }
template <> Limit limit_of<pb::PutPartsAnswer>() { return {kPutPartsAnswer, kMaxAnswerBytes}; }
template <> Limit limit_of<pb::GetPartsRequest>() { return {kGetPartsRequest, kMaxRequestBytes}; }
template <> Limit limit_of<pb::GetPartsAnswer>() { return {kGetPartsAnswer, kMaxAnswerBytes}; }
template <> Limit limit_of<pb::FindSnapshotsRequest>() { return {kFindSnapshotsRequest, kMaxRequestBytes}; }
template <> Limit limit_of<pb::FindSnapshotsAnswer>() { return {kFindSnapshotsAnswer, kMaxAnswerBytes}; }
template <> Limit limit_of<pb::CarryList>() { return {kCarryList, kMaxAnswerBytes}; }
template <> Limit limit_of<pb::PartsToSend>() { return {kPartsToSend, kMaxAnswerBytes}; }
template <> Limit limit_of<pb::Parcel>() { return {kParcel, kMaxRequestBytes}; }
template <> Limit limit_of<pb::HeadsBody>() { return {kHeadsBody, kMaxAnswerBytes}; }
template <> Limit limit_of<pb::OutboxFrame>() { return {kOutboxFrame, kMaxAnswerBytes}; }
template <> Limit limit_of<pb::InboxFrame>() { return {kInboxFrame, 2 * kMaxAnswerBytes}; }
template <> Limit limit_of<pb::CursorFrame>() { return {kCursor, 2 * kMaxAnswerBytes}; }
template <> Limit limit_of<pb::FoldedFrame>() { return {kFolded, kMaxAnswerBytes}; }
template <> Limit limit_of<pb::OfficeAddress>() { return {kAddress, kMaxAnswerBytes}; }
template <> Limit limit_of<pb::NightRun>() { return {kNightRun, kMaxAnswerBytes}; }
template <> Limit limit_of<pb::StickRequest>() { return {kStickRequest, kMaxStickMessageBytes}; }
template <> Limit limit_of<pb::StickAnswer>() { return {kStickAnswer, kMaxStickMessageBytes}; }
template <> Limit limit_of<pb::StickNote>() { return {kStickNote, 2 * kMaxAnswerBytes}; }
template <> Limit limit_of<pb::CourierJob>() { return {kCourierJob, kMaxAnswerBytes}; }
template <> Limit limit_of<pb::CourierEvent>() { return {kCourierEvent, 2 * kMaxAnswerBytes}; }

// clang-format on

}  // namespace

template <class Message>
Bytes encode_plain(const Message& message) {
  return message.SerializeAsString();
}

template <class Message>
Result<Message> decode_plain(BytesView bytes) {
  const Limit limit = limit_of<Message>();
  if (bytes.size() > limit.max_bytes) return fail(Errc::too_large, limit.shape.name);
  WAYSIDE_OK(check_shape(bytes, limit.shape));
  Message message;
  google::protobuf::io::CodedInputStream in(as_uchar(bytes), static_cast<int>(bytes.size()));
  in.SetRecursionLimit(kMaxDepth);
  if (!message.ParseFromCodedStream(&in) || !in.ConsumedEntireMessage()) return fail(Errc::bad_input, limit.shape.name);
  return message;
}

template <class Message>
Bytes encode(const Message& message) {
  Bytes body(1, kWireVersion);
  message.AppendToString(&body);
  return body;
}

template <class Message>
Result<Message> decode(BytesView body) {
  if (body.empty()) return fail(Errc::bad_input, "an empty body");
  if (body[0] != kWireVersion)
    return fail(Errc::newer_format, "version " + std::to_string(static_cast<unsigned char>(body[0])));
  return decode_plain<Message>(body.substr(1));
}

#define WAYSIDE_PLAIN(Message)                     \
  template Bytes encode_plain(const pb::Message&); \
  template Result<pb::Message> decode_plain(BytesView);
#define WAYSIDE_BODY(Message)                \
  WAYSIDE_PLAIN(Message)                     \
  template Bytes encode(const pb::Message&); \
  template Result<pb::Message> decode(BytesView);

WAYSIDE_BODY(PushRequest)
WAYSIDE_BODY(PushAnswer)
WAYSIDE_BODY(PullRequest)
WAYSIDE_BODY(PullAnswer)
WAYSIDE_BODY(AppendRequest)
WAYSIDE_BODY(AppendAnswer)
WAYSIDE_BODY(Refusal)
WAYSIDE_BODY(AskPartsRequest)
WAYSIDE_BODY(AskPartsAnswer)
WAYSIDE_BODY(PutPartsRequest)
WAYSIDE_BODY(PutPartsAnswer)
WAYSIDE_BODY(GetPartsRequest)
WAYSIDE_BODY(GetPartsAnswer)
WAYSIDE_BODY(FindSnapshotsRequest)
WAYSIDE_BODY(FindSnapshotsAnswer)
WAYSIDE_PLAIN(CarryList)
WAYSIDE_PLAIN(PartsToSend)
WAYSIDE_PLAIN(Parcel)
WAYSIDE_PLAIN(HeadsBody)
WAYSIDE_PLAIN(OutboxFrame)
WAYSIDE_PLAIN(InboxFrame)
WAYSIDE_PLAIN(CursorFrame)
WAYSIDE_PLAIN(FoldedFrame)
WAYSIDE_PLAIN(OfficeAddress)
WAYSIDE_PLAIN(NightRun)
WAYSIDE_PLAIN(StickRequest)
WAYSIDE_PLAIN(StickAnswer)
WAYSIDE_PLAIN(StickNote)
WAYSIDE_PLAIN(CourierJob)
WAYSIDE_PLAIN(CourierEvent)

}  // namespace wayside::wire
