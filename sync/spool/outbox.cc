#include "sync/spool/outbox.h"

#include <algorithm>

#include "sync/spool/cursors.h"
#include "sync/wire/codec.h"

namespace wayside::spool {

using platform::Files;
using wire::pb::OutboxFrame;

Result<Outbox> Outbox::open(Files& files, const Layout& layout) {
  std::unordered_map<EnvelopeId, std::uint64_t> numbers;
  const auto show = [&](BytesView payload) -> Result<void> {
    const auto frame = wire::decode_plain<OutboxFrame>(payload);
    if (!frame) return {};   // whole, but not ours to read: a later version's
    if (const auto id = EnvelopeId::from(frame->id())) numbers[*id] = frame->number();
    return {};
  };
  WAYSIDE_TRY(SegmentWriter writer, SegmentWriter::open(files, layout.outbox(), show));
  WAYSIDE_TRY(const Cursor cursor, read_cursor(files, layout));
  Outbox outbox(files, layout, std::move(writer));
  outbox.numbers_ = std::move(numbers);
  outbox.highest_ = std::max(outbox.writer_.highest(), cursor.pushed_up_to);
  return outbox;
}

Result<std::uint64_t> Outbox::append(const EnvelopeId& id, const wire::pb::Parcel& parcel) {
  OutboxFrame frame;
  *frame.mutable_parcel() = parcel;
  return append_frame(id, std::move(frame));
}

Result<std::uint64_t> Outbox::append_entry(const EntryHash& hash, BytesView entry) {
  OutboxFrame frame;
  frame.set_entry(Bytes(entry));
  return append_frame(*EnvelopeId::from(hash.view()), std::move(frame));
}

Result<std::uint64_t> Outbox::append_copy(const EnvelopeId& id, BytesView sealed_copy) {
  OutboxFrame frame;
  frame.set_sealed_copy(Bytes(sealed_copy));
  return append_frame(id, std::move(frame));
}

Result<std::uint64_t> Outbox::append_frame(const EnvelopeId& id, OutboxFrame frame) {
  if (const auto found = numbers_.find(id); found != numbers_.end()) return found->second;
  frame.set_number(highest_ + 1);
  frame.set_id(id.str());
  WAYSIDE_OK(writer_.append(wire::encode_plain(frame)));
  numbers_[id] = ++highest_;
  return highest_;
}

Result<void> Outbox::clear() {
  WAYSIDE_OK(writer_.clear());
  numbers_.clear();
  return {};
}

Result<void> Outbox::flush_sync() { return writer_.sync(); }

Result<void> Outbox::drop_answered() {
  WAYSIDE_TRY(const Cursor cursor, read_cursor(*files_, layout_));
  WAYSIDE_TRY(const std::uint64_t below, writer_.drop_up_to(cursor.pushed_up_to));
  std::erase_if(numbers_, [&](const auto& entry) { return entry.second <= below; });
  return {};
}

std::vector<EnvelopeId> Outbox::answered(std::uint64_t number) const {
  std::vector<EnvelopeId> out;
  for (const auto& [id, frame] : numbers_) {
    if (frame <= number) out.push_back(id);
  }
  return out;
}

std::vector<EnvelopeId> Outbox::ids() const {
  std::vector<EnvelopeId> ids;
  ids.reserve(numbers_.size());
  for (const auto& [id, number] : numbers_) ids.push_back(id);
  return ids;
}

Result<std::vector<OutboxFrame>> OutboxReader::next(std::size_t max_parcels, std::size_t max_bytes) {
  std::vector<OutboxFrame> batch;
  std::size_t bytes = 0;
  while (batch.size() < max_parcels) {
    OutboxFrame frame;
    if (held_) {
      frame = *std::move(held_);
      held_.reset();
    } else {
      WAYSIDE_TRY(const auto payload, reader_.next());
      if (!payload) break;
      auto decoded = wire::decode_plain<OutboxFrame>(*payload);
      if (!decoded) {
        unreadable_.push_back("outbox frame " + std::to_string(frame_number(*payload)));
        continue;
      }
      frame = *std::move(decoded);
    }
    const std::size_t size = frame.parcel().ByteSizeLong() + frame.entry().size() + frame.sealed_copy().size();
    if (!batch.empty() && bytes + size > max_bytes) {
      held_ = std::move(frame);
      break;
    }
    bytes += size;
    batch.push_back(std::move(frame));
  }
  return batch;
}

std::vector<std::string> OutboxReader::damage() const {
  std::vector<std::string> places = reader_.damage();
  places.insert(places.end(), unreadable_.begin(), unreadable_.end());
  return places;
}

Result<std::uint64_t> newest_outbox_frame(Files& files, const Layout& layout) {
  WAYSIDE_TRY(const auto segments, list_segments(files, layout.outbox()));
  if (segments.empty()) return 0;
  const auto bytes = read_segment(files, segment_path(layout.outbox(), segments.back()));
  if (!bytes) return bytes.error().code == Errc::not_found ? Result<std::uint64_t>(0) : std::unexpected(bytes.error());
  WAYSIDE_TRY(const Scan scan, scan_segment(*bytes));
  return scan.payloads.empty() ? 0 : frame_number(scan.payloads.back());
}

}  // namespace wayside::spool
