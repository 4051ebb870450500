#include <algorithm>
#include <set>

#include "core/attachments/limits.h"
#include "core/attachments/sealed_file.h"
#include "sync/office/ledger_store.h"
#include "sync/wire/tuning.h"

// Parts of attachments: which ledger names them, who may put and get them, and their files.

namespace wayside::office {

using store::Query;
using store::Transaction;
using wire::pb::AskPartsAnswer;
using wire::pb::GetPartsAnswer;
using wire::pb::PutPartsAnswer;

/// A device may put what it named itself, also when it may not read that ledger any more: its work is taken in too.
Result<bool> LedgerStore::may_put(const Caller& caller, BytesView address) {
  Query named = database_->query(
      "SELECT 1 FROM parts p WHERE p.address = ?1 AND (p.author = ?2 OR "
      "EXISTS (SELECT 1 FROM subscriptions s WHERE s.device = ?2 AND s.ledger = p.ledger)) LIMIT 1",
      address, caller.device);
  return named.next();
}

Result<bool> LedgerStore::may_get(const DeviceId& device, BytesView address) {
  Query named = database_->query(
      "SELECT 1 FROM parts p CROSS JOIN subscriptions s ON s.device = ?2 AND s.ledger = p.ledger "
      "WHERE p.address = ?1 LIMIT 1",
      address, device);
  return named.next();
}

Result<bool> LedgerStore::holds_part(const Digest& address) {
  Query row = database_->query("SELECT 1 FROM part_files WHERE address = ?", address);
  WAYSIDE_TRY(const bool there, row.next());
  return there && blobs_.has(address);
}

Result<std::uint64_t> LedgerStore::part_room(const Caller& caller) {
  Query used = database_->query("SELECT coalesce(sum(bytes), 0) FROM part_files WHERE put_by = ?", caller.device);
  WAYSIDE_OK(used.next());
  const auto bytes = static_cast<std::uint64_t>(used.integer(0));
  const bool removed = caller.standing != Standing::device;
  const std::uint64_t share = removed ? std::min(kRemovedPartShareBytes, part_share_bytes_) : part_share_bytes_;
  return share - std::min(bytes, share);
}

Result<AskPartsAnswer> LedgerStore::ask_parts(const Caller& caller, const wire::pb::AskPartsRequest& request) {
  AskPartsAnswer answer;
  for (const Bytes& each : request.addresses()) {
    WAYSIDE_TRY(const bool may, may_put(caller, each));
    bool held = false;
    if (may) {
      WAYSIDE_TRY(held, holds_part(*Digest::from(each)));
    }
    answer.add_states(!may ? AskPartsAnswer::unknown : held ? AskPartsAnswer::held : AskPartsAnswer::wanted);
  }
  WAYSIDE_TRY(const std::uint64_t room, part_room(caller));
  answer.set_room_bytes(room);
  return answer;
}

Result<PutPartsAnswer> LedgerStore::put_parts(const Caller& caller, const wire::pb::PutPartsRequest& request) {
  PutPartsAnswer answer;
  WAYSIDE_TRY(std::uint64_t room, part_room(caller));
  WAYSIDE_TRY(Transaction transaction, Transaction::begin(*database_));
  for (const wire::pb::Part& part : request.parts()) {
    const Digest address = *Digest::from(part.address());
    const auto judge = [&]() -> Result<PutPartsAnswer::State> {
      if (part.chunk().size() > attachments::kMaxSealedPartBytes) return PutPartsAnswer::too_large;
      if (attachments::address_of(part.chunk()) != address) return PutPartsAnswer::false_address;
      WAYSIDE_TRY(const bool may, may_put(caller, address.view()));
      if (!may) return PutPartsAnswer::unknown;
      WAYSIDE_TRY(const bool held, holds_part(address));
      if (held) return PutPartsAnswer::known;
      return part.chunk().size() > room ? PutPartsAnswer::no_room : PutPartsAnswer::stored;
    };
    WAYSIDE_TRY(const PutPartsAnswer::State state, judge());
    answer.add_states(state);
    if (state != PutPartsAnswer::stored) continue;
    // The file first: a row says that it is there. What a crash leaves without a row is swept away, or put again.
    WAYSIDE_OK(blobs_.put(part.chunk()));
    WAYSIDE_OK(database_->run("INSERT OR REPLACE INTO part_files(address, bytes, put_by) VALUES(?, ?, ?)", address,
                              part.chunk().size(), caller.device));
    room -= part.chunk().size();
  }
  WAYSIDE_TRY(const auto old, let_go_of_snapshots(false));
  WAYSIDE_OK(std::move(transaction).commit());
  remove_part_files(old);
  return answer;
}

/// Nothing when it is not here, or no longer what it was.
Result<std::optional<Bytes>> LedgerStore::read_part(const Digest& address) {
  auto chunk = blobs_.get(address);
  if (chunk) return std::optional(*std::move(chunk));
  const Errc why = chunk.error().code;
  if (why != Errc::not_found && why != Errc::corrupt) return std::unexpected(chunk.error());
  WAYSIDE_OK(database_->run("DELETE FROM part_files WHERE address = ?", address));
  if (why == Errc::corrupt) remove_part_files({address});
  return std::nullopt;
}

Result<GetPartsAnswer> LedgerStore::get_parts(const DeviceId& device, const wire::pb::GetPartsRequest& request) {
  GetPartsAnswer answer;
  const std::size_t wished = request.page_bytes() == 0 ? wire::kDefaultPageBytes : request.page_bytes();
  std::size_t room = std::min<std::size_t>(wished, wire::kMaxPageBytes);
  for (const Bytes& each : request.addresses()) {
    std::optional<Bytes> chunk;
    WAYSIDE_TRY(const bool may, may_get(device, each));
    if (may) {
      WAYSIDE_TRY(chunk, read_part(*Digest::from(each)));
    }
    const std::size_t size = chunk ? chunk->size() : 0;
    if (answer.parts_size() > 0 && size > room) break;   // it is asked for again
    room -= std::min(size, room);
    wire::pb::Part& part = *answer.add_parts();
    part.set_address(each);
    if (chunk) part.set_chunk(*std::move(chunk));
  }
  return answer;
}

// ---- Letting go ----

Result<std::vector<Digest>> LedgerStore::erase_parts(std::int64_t ledger) {
  std::set<Digest> alone;
  {
    Query rows = database_->query(
        "SELECT p.address FROM parts p WHERE p.ledger = ?1 AND NOT EXISTS "
        "(SELECT 1 FROM parts other WHERE other.address = p.address AND other.ledger != ?1)",
        ledger);
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      alone.insert(rows.id<Digest>(0));
    }
  }
  for (const Digest& each : alone) WAYSIDE_OK(database_->run("DELETE FROM part_files WHERE address = ?", each));
  WAYSIDE_OK(database_->run("DELETE FROM parts WHERE ledger = ?", ledger));
  return std::vector<Digest>(alone.begin(), alone.end());
}

/// Their rows are gone for good. A file that cannot be removed now goes when the office starts again.
void LedgerStore::remove_part_files(const std::vector<Digest>& addresses) {
  for (const Digest& each : addresses) {
    if (blobs_.remove(each)) (void)files_.sync_folder(blobs_.path_of(each).parent_path());
  }
}

/// Files without a row: put, or let go, just before a crash.
Result<void> LedgerStore::sweep_parts() {
  WAYSIDE_TRY(const attachments::Blobs::Names names, blobs_.list());
  for (const platform::Path& half : names.others) WAYSIDE_OK(files_.remove(half));
  std::vector<Digest> strays;
  for (const Digest& each : names.whole) {
    Query row = database_->query("SELECT 1 FROM part_files WHERE address = ?", each);
    WAYSIDE_TRY(const bool there, row.next());
    if (!there) strays.push_back(each);
  }
  remove_part_files(strays);
  return {};
}

}  // namespace wayside::office
