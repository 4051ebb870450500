#include "sync/spool/inbox.h"

#include <algorithm>
#include <set>

#include "platform/atomic_file.h"
#include "sync/wire/codec.h"

namespace wayside::spool {
namespace {

using platform::Files;
using wire::pb::FoldedFrame;
using wire::pb::InboxFrame;
using wire::pb::PullAnswer;

/// folded.seg is rewritten when it is longer: some 3,000 marks.
constexpr std::uint64_t kRewriteBytes = std::uint64_t{64} << 10;

void take_mark(Folded& folded, BytesView payload) {
  const auto frame = wire::decode_plain<FoldedFrame>(payload);
  if (!frame) return;
  folded.number = std::max(folded.number, frame->inbox_number());
  folded.missing = std::max(folded.missing, frame->missing());
  if (!frame->incarnation().empty()) folded.incarnation = frame->incarnation();
  if (frame->generation().empty()) return;
  folded.generation = frame->generation();
  folded.accepted = frame->accepted();
}

}  // namespace

Result<Folded> read_folded(Files& files, const Layout& layout) {
  Folded folded;
  const auto bytes = read_segment(files, layout.folded());
  if (!bytes && bytes.error().code == Errc::not_found) return folded;
  if (!bytes) return std::unexpected(bytes.error());
  WAYSIDE_TRY(const Scan scan, scan_segment(*bytes));
  for (const BytesView payload : scan.payloads) take_mark(folded, payload);
  return folded;
}

std::vector<PullAnswer> split_page(const PullAnswer& page) {
  if (page.ByteSizeLong() <= kMaxPagePartBytes) return {page};
  std::vector<PullAnswer> parts(1);
  std::size_t bytes = 0;
  const auto room_for = [&](std::size_t size) -> PullAnswer& {
    if (bytes > 0 && bytes + size > kMaxPagePartBytes) {
      parts.emplace_back();
      bytes = 0;
    }
    bytes += size;
    return parts.back();
  };
  for (const Bytes& entry : page.membership()) room_for(entry.size()).add_membership(entry);
  for (const auto& delivery : page.deliveries()) *room_for(delivery.ByteSizeLong()).add_deliveries() = delivery;
  for (const Bytes& receipt : page.receipts()) room_for(receipt.size()).add_receipts(receipt);
  if (!page.heads().empty()) room_for(page.heads().size()).set_heads(page.heads());
  for (PullAnswer& part : parts) {
    part.set_generation(page.generation());
    part.set_more(true);
  }
  parts.back().set_more(page.more());
  parts.back().set_equal(page.equal());
  parts.back().set_position(page.position());
  return parts;
}

Result<InboxWriter> InboxWriter::open(Files& files, const Layout& layout, Cursors& cursors) {
  WAYSIDE_TRY(const Folded folded, read_folded(files, layout));
  std::set<std::uint64_t> unfolded;
  const auto show = [&](BytesView payload) -> Result<void> {
    if (const std::uint64_t number = frame_number(payload); number > folded.number) unfolded.insert(number);
    return {};
  };
  WAYSIDE_TRY(SegmentWriter writer, SegmentWriter::open(files, layout.inbox(), show));
  const Cursor& cursor = cursors.now();
  const std::uint64_t next = std::max({writer.highest(), cursor.inbox_number, folded.number}) + 1;

  const std::uint64_t first = std::max(folded.number + 1, cursor.inbox_from);
  const bool begins = !folded.generation.empty() && folded.generation != cursor.generation;
  bool lost = begins || folded.missing >= cursor.inbox_from;
  for (std::uint64_t number = first; number <= cursor.inbox_number && !lost; ++number) lost = !unfolded.contains(number);
  if (lost) WAYSIDE_OK(cursors.replace(start_over(cursor, next, folded.generation)));

  if (const auto dropped = writer.drop_up_to(folded.number); !dropped) return std::unexpected(dropped.error());
  InboxWriter inbox(std::move(writer), next);
  inbox.started_over_ = lost;
  inbox.accepted_ = folded.accepted;
  return inbox;
}

Result<std::uint64_t> InboxWriter::append(const PullAnswer& page) {
  for (PullAnswer& part : split_page(page)) {
    InboxFrame frame;
    frame.set_number(next_);
    *frame.mutable_page() = std::move(part);
    WAYSIDE_OK(writer_.append(wire::encode_plain(frame)));
    ++next_;
  }
  WAYSIDE_OK(writer_.sync());
  return next_ - 1;
}

Result<InboxReader> InboxReader::open(Files& files, const Layout& layout) {
  WAYSIDE_OK(files.make_folders(layout.root));
  Folded folded;
  const auto show = [&](BytesView payload) -> Result<void> {
    take_mark(folded, payload);
    return {};
  };
  WAYSIDE_TRY(SegmentFile file, SegmentFile::open(files, layout.folded(), show));
  return InboxReader(files, layout, std::move(file), std::move(folded));
}

Result<std::optional<InboxReader::Page>> InboxReader::next() {
  while (true) {
    WAYSIDE_TRY(const auto payload, reader_.next());
    if (!payload) return std::optional<Page>{};
    const std::uint64_t number = frame_number(*payload);
    auto frame = wire::decode_plain<InboxFrame>(*payload);
    WAYSIDE_OK(note_gap(frame ? number : number + 1));
    expected_ = number + 1;
    if (frame) return Page{number, std::move(*frame->mutable_page())};
  }
}

/// Frames from expected_ on and before `before` are not there.
Result<void> InboxReader::note_gap(std::uint64_t before) {
  if (before <= expected_) return {};
  WAYSIDE_TRY(const bool counts, note_missing(before - 1));
  if (!counts) return {};
  gaps_.push_back("inbox frames " + std::to_string(expected_) + " to " + std::to_string(before - 1));
  return {};
}

/// False when the courier knows, and has begun again.
Result<bool> InboxReader::note_missing(std::uint64_t number) {
  WAYSIDE_TRY(const Cursor cursor, read_cursor(*files_, layout_));
  if (number < cursor.inbox_from) return false;
  folded_.missing = std::max(folded_.missing, number);
  return true;
}

Result<void> InboxReader::note_false(std::uint64_t number) {
  WAYSIDE_TRY(const bool counts, note_missing(number));
  (void)counts;
  return {};
}

/// To the courier it is the same as a page that was lost.
Result<void> InboxReader::ask_for_all() {
  WAYSIDE_TRY(const Cursor cursor, read_cursor(*files_, layout_));
  folded_.missing = std::max({folded_.missing, cursor.inbox_from, cursor.inbox_number});
  return mark_folded(folded_.number);
}

Result<void> InboxReader::ask_for_all(const Bytes& generation) {
  if (folded_.generation != generation) folded_.accepted = false;
  folded_.generation = generation;
  return ask_for_all();
}

Result<void> InboxReader::accept(const Bytes& generation) {
  folded_.generation = generation;
  folded_.accepted = true;
  return mark_folded(folded_.number);
}

Result<void> InboxReader::tell_incarnation(const IncarnationId& incarnation) {
  if (folded_.incarnation == incarnation.view()) return {};
  folded_.incarnation = incarnation.str();
  return mark_folded(folded_.number);
}

Result<void> InboxReader::mark_folded(std::uint64_t number) {
  folded_.number = std::max(folded_.number, number);
  FoldedFrame frame;
  frame.set_inbox_number(folded_.number);
  frame.set_missing(folded_.missing);
  frame.set_generation(folded_.generation);
  frame.set_accepted(folded_.accepted);
  frame.set_incarnation(folded_.incarnation);
  const Bytes payload = wire::encode_plain(frame);
  if (!file_->appendable() || file_->size_bytes() > kRewriteBytes) {
    WAYSIDE_OK(platform::write_atomically(*files_, layout_.folded(), segment_header() + encode_frame(payload)));
    WAYSIDE_TRY(SegmentFile file,
                SegmentFile::open(*files_, layout_.folded(), [](BytesView) -> Result<void> { return {}; }));
    file_ = std::move(file);
    return {};
  }
  WAYSIDE_OK(file_->append(payload));
  return file_->sync();
}

std::vector<std::string> InboxReader::damage() const {
  std::vector<std::string> places = reader_.damage();
  places.insert(places.end(), gaps_.begin(), gaps_.end());
  return places;
}

}  // namespace wayside::spool
