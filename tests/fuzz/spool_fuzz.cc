#include <cstdint>
#include <cstdlib>

#include "platform/atomic_file.h"
#include "sync/spool/cursor.h"
#include "sync/spool/inbox.h"
#include "sync/spool/layout.h"
#include "sync/spool/outbox.h"
#include "sync/wire/codec.h"
#include "tests/support/fake_env.h"

/// What lies in a spool, as a disk, a crash or another hand may have left it. The first byte chooses what is read.
namespace {

using namespace wayside;

void must(bool holds) {
  if (!holds) std::abort();
}

/// Every frame that is found stands where it is said to, and damage never hides that there was some.
void segment(BytesView bytes) {
  const auto scan = spool::scan_segment(bytes);
  if (!scan) return must(scan.error().code == Errc::newer_format);
  must(scan->end <= bytes.size() && scan->payloads.size() == scan->ends.size());
  for (std::size_t i = 0; i < scan->payloads.size(); ++i) {
    const BytesView payload = scan->payloads[i];
    must(!payload.empty() && payload.size() <= spool::kMaxFrameBytes && scan->ends[i] <= scan->end);
    (void)spool::frame_number(payload);
  }
}

/// With a checksum that fits.
void framed(BytesView bytes) {
  if (bytes.empty()) return;
  const Bytes whole = spool::segment_header() + spool::encode_frame(bytes);
  const auto scan = spool::scan_segment(whole);
  must(scan && scan->payloads.size() == 1 && scan->payloads[0] == bytes && scan->damage.empty());
}

void cursor(BytesView bytes) {
  const auto change = wire::decode_plain<wire::pb::CursorFrame>(bytes);
  if (!change) return;
  spool::Cursor state;
  if (!spool::apply(state, *change)) return;
  spool::Cursor again;
  for (const auto& frame : spool::whole_frames(state)) must(spool::apply(again, frame).has_value());
  must(again == state);
}

/// A whole spool of which one file holds these bytes: readers take what is whole, and end.
void spool_with(BytesView bytes, const char* file) {
  support::FakeEnv world;
  const spool::Layout layout("/spool");
  must(world.files.make_folders(layout.inbox()).has_value() && world.files.make_folders(layout.outbox()).has_value());
  must(platform::write_atomically(world.files, layout.root / file, bytes).has_value());
  (void)spool::read_office(world.files, layout);
  (void)spool::read_courier_key(world.files, layout);
  (void)spool::read_cursor(world.files, layout);
  spool::OutboxReader outbox(world.files, layout, 0);
  for (auto batch = outbox.next(16, 1 << 20); batch && !batch->empty();) batch = outbox.next(16, 1 << 20);
  auto inbox = spool::InboxReader::open(world.files, layout);
  if (!inbox) return;
  for (auto page = inbox->next(); page && *page;) page = inbox->next();
  auto cursors = spool::Cursors::open(world.files, layout);
  if (cursors) (void)spool::InboxWriter::open(world.files, layout, *cursors);
}

void office(BytesView bytes) { spool_with(bytes, "office"); }
void cursors(BytesView bytes) { spool_with(bytes, "cursors.seg"); }
void inbox(BytesView bytes) { spool_with(bytes, "inbox/00000001.seg"); }
void outbox(BytesView bytes) { spool_with(bytes, "outbox/00000001.seg"); }
void folded(BytesView bytes) { spool_with(bytes, "folded.seg"); }

using Check = void (*)(BytesView);
constexpr Check kChecks[] = {segment, framed, cursor, office, cursors, inbox, outbox, folded};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || data[0] >= std::size(kChecks)) return 0;
  kChecks[data[0]](BytesView(reinterpret_cast<const char*>(data + 1), size - 1));
  return 0;
}
