#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/base/ids.h"
#include "platform/result.h"
#include "sync/wire/wire.pb.h"

/// Where a device stands with its office: plain data, which cursors.h keeps on disk.
/// It never claims more than the inbox holds: a page is durable before the state that contains it.
namespace wayside::spool {

/// A ledger is held up to `lsn`, without a gap; `head` is the chain over those envelope ids.
struct Point {
  std::uint64_t lsn = 0;
  Digest head;
  bool operator==(const Point&) const = default;
};

/// An outbox frame that the office answered otherwise than with `stored` or `known`.
struct Trouble {
  std::uint32_t status = 0;     ///< wire::pb::Taken::Status
  Bytes other;                  ///< fork: the id that holds the place
  bool operator==(const Trouble&) const = default;
};

/// What a courier that sends shows the office (PushRequest.sending): none but the newest copy of this vault knows it.
struct Sending {
  Bytes incarnation;            ///< 16
  Bytes before;                 ///< 16, or empty
  Bytes token;                  ///< 16
  bool taken = false;           ///< the office keeps it; else it may or may not
  bool operator==(const Sending&) const = default;
};

struct Cursor {
  Bytes generation;                       ///< of the office: 16, or empty before the first contact
  std::uint64_t position = 0;             ///< a shortcut: an honest office sent all up to here
  std::uint64_t membership = 0;           ///< entries held
  Bytes membership_head;                  ///< 32, or empty
  std::map<LedgerId, Point> ledgers;
  std::uint64_t pushed_up_to = 0;         ///< outbox frames up to here were answered
  std::map<EnvelopeId, Trouble> trouble;
  std::uint64_t inbox_number = 0;         ///< the newest inbox frame that this state contains
  std::uint64_t inbox_from = 1;           ///< frames before it are not counted on: all was fetched again since
  Bytes parts_sent;                       ///< digest of the list (parts_list.h) that the office holds whole, or empty
  std::uint64_t seen = 0;                 ///< the newest position that the office named when it took what was sent
  Bytes accepted;                         ///< the generation that the office was told is accepted, or empty
  std::uint64_t receipts = 0;             ///< of colleagues: up to here they are in the inbox
  Bytes receipt_sent;                     ///< digest of the file of receipts (receipt_file.h) that the office has, or empty
  bool anew = false;                      ///< everything is being fetched again, own envelopes whole
  std::uint64_t history = 0;              ///< of what a snapshot covers, all up to this position was fetched
  std::uint64_t history_up_to = 0;        ///< the snapshot's position
  std::optional<Sending> sending;         ///< nothing: none is known, and whatever the office keeps is replaced
  bool operator==(const Cursor&) const = default;
};

/// What a change says of `Cursor::anew`; 0 leaves it as it is.
inline constexpr std::uint32_t kFetchingAnew = 1, kFetchedAnew = 2;

/// A change as it is stored: numbers of 0 and empty fields leave things as they are; ledgers and trouble replace those of
/// the same id, a ledger with lsn 0 is carried no more, and trouble with status `stored` or `known` is over.
/// `whole` starts from nothing.
/// Errc::corrupt when an id has another length.
Result<void> apply(Cursor& cursor, const wire::pb::CursorFrame& change);

wire::pb::SendingToken sending_message(const Sending& sending);

/// A whole state, as frames no longer than a segment takes: the first is `whole`.
std::vector<wire::pb::CursorFrame> whole_frames(const Cursor& cursor);

/// The same office and the same outbox, and nothing taken yet: everything is fetched again, into inbox frames from
/// `inbox_from` on, and parts of attachments are asked about again. In `generation`, when that is another than the cursor's:
/// then no answer of before counts any more.
Cursor start_over(const Cursor& cursor, std::uint64_t inbox_from, const Bytes& generation = {});

}  // namespace wayside::spool
