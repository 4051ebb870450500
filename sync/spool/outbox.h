#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/ids.h"
#include "sync/spool/layout.h"
#include "sync/spool/segment_folder.h"
#include "sync/wire/wire.pb.h"

namespace wayside::spool {

/// The vault's end: envelopes that go to the office, in the order in which they were saved.
/// The ledger is what makes a save durable; the outbox can lose its newest frames with the power and is filled again
/// from the ledger: append whatever it does not contain.
class Outbox {
 public:
  /// Reads what is there. Numbers go on above everything that was ever answered, also when the frames are gone.
  static Result<Outbox> open(platform::Files& files, const Layout& layout);

  /// Not durable by itself. Returns the frame's number. An id that is there already is not added again.
  /// Errors: disk_full, io, read_only, too_large; the outbox is as it was.
  Result<std::uint64_t> append(const EnvelopeId& id, const wire::pb::Parcel& parcel);
  /// The same for an entry of the membership log, of which the office has lost the end. It goes before what stands behind it.
  Result<std::uint64_t> append_entry(const EntryHash& hash, BytesView entry);
  /// The same for a copy of an envelope that the office alone opens (core/ledger/sealed_copy.h).
  Result<std::uint64_t> append_copy(const EnvelopeId& id, BytesView sealed_copy);
  /// Empties it, answered or not: everything that is to be sent is appended anew.
  Result<void> clear();
  /// For who wants it durable before going on, as before a machine is handed over.
  Result<void> flush_sync();
  /// Deletes segments of which every frame was answered by the office (Cursor::pushed_up_to). Call it after folding
  /// the inbox: from there the ledger learns what the office has, so that it is not filled in again.
  Result<void> drop_answered();

  [[nodiscard]] bool contains(const EnvelopeId& id) const { return numbers_.contains(id); }
  /// Lets go of a frame that was answered, so that `append` sends it once more.
  void forget(const EnvelopeId& id) { numbers_.erase(id); }
  [[nodiscard]] std::uint64_t highest() const { return highest_; }       ///< number of the newest frame ever; 0: none
  /// What is in it, sent or not, in no order. After drop_answered they are fewer than the ledger's.
  [[nodiscard]] std::vector<EnvelopeId> ids() const;
  /// Ids of the frames up to `number` that are still here.
  [[nodiscard]] std::vector<EnvelopeId> answered(std::uint64_t number) const;
  /// Places that could not be read; what stood there is filled again from the ledger.
  [[nodiscard]] const std::vector<std::string>& damage() const { return writer_.damage(); }

 private:
  Outbox(platform::Files& files, Layout layout, SegmentWriter writer)
      : files_(&files), layout_(std::move(layout)), writer_(std::move(writer)) {}

  Result<std::uint64_t> append_frame(const EnvelopeId& id, wire::pb::OutboxFrame frame);

  platform::Files* files_;
  Layout layout_;
  SegmentWriter writer_;
  std::unordered_map<EnvelopeId, std::uint64_t> numbers_;
  std::uint64_t highest_ = 0;
};

/// The courier's end.
class OutboxReader {
 public:
  OutboxReader(platform::Files& files, const Layout& layout, std::uint64_t after)
      : reader_(files, layout.outbox(), after) {}

  /// Up to `max_parcels` frames and `max_bytes` of them, at least one when there is one; empty when all are sent.
  Result<std::vector<wire::pb::OutboxFrame>> next(std::size_t max_parcels, std::size_t max_bytes);
  /// Places that could not be read. The vault fills in again what stood there.
  [[nodiscard]] std::vector<std::string> damage() const;

 private:
  SegmentReader reader_;
  std::vector<std::string> unreadable_;
  std::optional<wire::pb::OutboxFrame> held_;   ///< did not fit in the batch before
};

/// Number of the newest frame there is, for progress; 0 when there is none.
Result<std::uint64_t> newest_outbox_frame(platform::Files& files, const Layout& layout);

}  // namespace wayside::spool
