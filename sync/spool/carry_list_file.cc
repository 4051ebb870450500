#include "sync/spool/carry_list_file.h"

#include "platform/atomic_file.h"
#include "sync/wire/codec.h"
#include "sync/wire/tuning.h"

namespace wayside::spool {
namespace {

constexpr char kVersion = 1;
constexpr std::uint64_t kMaxFileBytes = std::uint64_t{2} << 20;
static_assert(wire::kMaxCarryList * LedgerId::size_bytes < kMaxFileBytes);

}  // namespace

Result<bool> write_carry_list(platform::Files& files, const Layout& layout, const wire::CarryList& list) {
  if (list.ledgers.size() > wire::kMaxCarryList) {
    return fail(Errc::too_large, list.only ? "cases that are on this device" : "cases that are not on this device");
  }
  const auto there = read_carry_list(files, layout);
  if (there && *there == list) return false;
  if (list.carries_all()) {
    WAYSIDE_OK(files.remove(layout.carry_list()));
    WAYSIDE_OK(files.sync_folder(layout.root));
    return true;
  }
  WAYSIDE_OK(files.make_folders(layout.root));
  WAYSIDE_OK(platform::write_atomically(files, layout.carry_list(), Bytes(1, kVersion) + wire::encode_plain(wire::carry_list_message(list))));
  return true;
}

Result<wire::CarryList> read_carry_list(platform::Files& files, const Layout& layout) {
  if (!files.exists(layout.carry_list())) return wire::CarryList{};
  WAYSIDE_TRY(const Bytes bytes, platform::read_all(files, layout.carry_list(), kMaxFileBytes));
  if (!bytes.empty() && bytes.front() > kVersion) return fail(Errc::newer_format, layout.carry_list().string());
  if (bytes.empty() || bytes.front() != kVersion) return fail(Errc::corrupt, layout.carry_list().string());
  const auto message = wire::decode_plain<wire::pb::CarryList>(BytesView(bytes).substr(1));
  auto list = message ? wire::carry_list(*message) : std::unexpected(message.error());
  // The vault writes it again.
  return list ? list : Result<wire::CarryList>(fail(Errc::corrupt, layout.carry_list().string()));
}

}  // namespace wayside::spool
