#include "sync/spool/stick_note.h"

#include "platform/atomic_file.h"
#include "sync/wire/codec.h"

namespace wayside::spool {
namespace {

constexpr char kVersion = 1;
constexpr std::uint64_t kMostBytes = std::uint64_t{32} << 20;

}  // namespace

Result<void> write_stick_note(platform::Files& files, const Layout& layout, const wire::pb::StickNote& note) {
  return platform::write_atomically(files, layout.stick(), Bytes(1, kVersion) + wire::encode_plain(note));
}

Result<wire::pb::StickNote> read_stick_note(platform::Files& files, const Layout& layout) {
  if (!files.exists(layout.stick())) return wire::pb::StickNote{};
  WAYSIDE_TRY(const Bytes bytes, platform::read_all(files, layout.stick(), kMostBytes));
  if (!bytes.empty() && bytes.front() > kVersion) return fail(Errc::newer_format, layout.stick().string());
  if (bytes.empty() || bytes.front() != kVersion) return wire::pb::StickNote{};
  auto note = wire::decode_plain<wire::pb::StickNote>(BytesView(bytes).substr(1));
  return note ? *std::move(note) : wire::pb::StickNote{};
}

}  // namespace wayside::spool
