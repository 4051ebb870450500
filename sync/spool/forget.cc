#include "sync/spool/forget.h"

#include <functional>

#include "core/ledger/envelope.h"
#include "platform/atomic_file.h"
#include "sync/spool/cursors.h"
#include "sync/spool/segment_folder.h"
#include "sync/wire/codec.h"

namespace wayside::spool {
namespace {

using platform::Files;
using platform::Path;

/// What becomes of a frame: itself, other bytes, or nothing.
using Change = std::function<std::optional<Bytes>(BytesView payload)>;

Result<void> rewrite(Files& files, const Path& folder, const Change& change) {
  WAYSIDE_TRY(const auto segments, list_segments(files, folder));
  for (const std::uint32_t segment : segments) {
    const Path path = segment_path(folder, segment);
    WAYSIDE_TRY(const Bytes bytes, read_segment(files, path));
    WAYSIDE_TRY(const Scan scan, scan_segment(bytes));
    Bytes after = segment_header();
    for (const BytesView payload : scan.payloads) {
      if (const auto kept = change(payload)) after += encode_frame(*kept);
    }
    // A frame that the power tore is none of these payloads, and its bytes go too.
    if (after != bytes) WAYSIDE_OK(platform::write_atomically(files, path, after));
  }
  return {};
}

/// A frame that is not ours to read may be of a later version: it stays.
std::optional<Bytes> of_inbox(BytesView payload, const std::set<LedgerId>& ledgers) {
  auto frame = wire::decode_plain<wire::pb::InboxFrame>(payload);
  if (!frame) return Bytes(payload);
  bool changed = false;
  for (auto& delivery : *frame->mutable_page()->mutable_deliveries()) {
    const auto ledger = LedgerId::from(delivery.ledger());
    if (!delivery.has_parcel() || !ledger || !ledgers.contains(*ledger)) continue;
    if (const auto envelope = ledger::parse_envelope(delivery.parcel().envelope())) delivery.set_id(envelope->id.str());
    delivery.clear_parcel();
    changed = true;
  }
  return changed ? wire::encode_plain(*frame) : Bytes(payload);
}

/// Of which ledger a sealed copy is nobody here can tell: they all go, and the vault appends again those that it still keeps.
std::optional<Bytes> of_outbox(BytesView payload, const std::set<LedgerId>& ledgers) {
  const auto frame = wire::decode_plain<wire::pb::OutboxFrame>(payload);
  if (frame && !frame->sealed_copy().empty()) return std::nullopt;
  const auto envelope = frame ? ledger::parse_envelope(frame->parcel().envelope()) : Result<ledger::ParsedEnvelope>(fail(Errc::bad_input));
  if (envelope && ledgers.contains(envelope->header.ledger)) return std::nullopt;
  return Bytes(payload);
}

}  // namespace

Result<void> forget_ledgers(Files& files, const Layout& layout, const std::set<LedgerId>& ledgers) {
  WAYSIDE_TRY(const auto lock, files.lock(layout.courier_lock()));
  WAYSIDE_OK(rewrite(files, layout.inbox(), [&](BytesView payload) { return of_inbox(payload, ledgers); }));
  return rewrite(files, layout.outbox(), [&](BytesView payload) { return of_outbox(payload, ledgers); });
}

Result<void> forget_places(Files& files, const Layout& layout, const std::vector<LedgerId>& ledgers) {
  WAYSIDE_TRY(const auto lock, files.lock(layout.courier_lock()));
  WAYSIDE_TRY(Cursors cursors, Cursors::open(files, layout));
  wire::pb::CursorFrame change;
  for (const LedgerId& each : ledgers) {
    if (!cursors.now().ledgers.contains(each)) continue;
    auto& gone = *change.add_ledgers();
    gone.set_ledger(each.str());
    gone.set_head(Digest{}.str());
  }
  return change.ledgers_size() == 0 ? Result<void>{} : cursors.save(change);
}

}  // namespace wayside::spool
