#pragma once

#include "platform/bytes.h"
#include "platform/result.h"
#include "sync/wire/wire.pb.h"

/// Messages as bytes and back. Bodies of requests and answers are u8 version = 1 ‖ message; frames of a spool and
/// messages on a courier's pipes carry their version elsewhere and are the message alone.
///
/// A decoder takes nothing on trust: the outline is checked against a table (shape.h) first, so wrong lengths of ids,
/// repeated singular fields, trailing rubbish and floods of tiny elements are refused before they cost memory.
/// Fields of a newer version are skipped. What an envelope, a grant or an entry holds is checked where it is used.
namespace wayside::wire {

inline constexpr char kWireVersion = 1;

/// For PushRequest, PushAnswer, PullRequest, PullAnswer, AppendRequest, AppendAnswer, Refusal, and requests and answers
/// of AskParts, PutParts and GetParts.
template <class Message>
Bytes encode(const Message& message);
/// Errc::bad_input, Errc::newer_format for another version byte, Errc::too_large over the message's limit (tuning.h).
template <class Message>
Result<Message> decode(BytesView body);

/// For Parcel, OutboxFrame, InboxFrame, CursorFrame, FoldedFrame, OfficeAddress, NightRun, PartsToSend, CourierJob,
/// CourierEvent, HeadsBody, StickRequest, StickAnswer, StickNote too.
template <class Message>
Bytes encode_plain(const Message& message);
template <class Message>
Result<Message> decode_plain(BytesView bytes);

}  // namespace wayside::wire
