#include "sync/spool/put_down_list.h"

#include "platform/atomic_file.h"
#include "sync/wire/codec.h"
#include "sync/wire/put_down.h"
#include "sync/wire/tuning.h"

namespace wayside::spool {
namespace {

constexpr char kVersion = 1;
constexpr std::uint64_t kMaxFileBytes = std::uint64_t{2} << 20;
static_assert(wire::kMaxPutDown * LedgerId::size_bytes < kMaxFileBytes);

}  // namespace

Result<void> write_put_down(platform::Files& files, const Layout& layout, const std::vector<LedgerId>& sorted) {
  if (sorted.size() > wire::kMaxPutDown) return fail(Errc::too_large, "cases that are not on this device");
  const auto there = read_put_down(files, layout);
  if (there && *there == sorted) return {};
  if (sorted.empty()) {
    WAYSIDE_OK(files.remove(layout.put_down()));
    return files.sync_folder(layout.root);
  }
  WAYSIDE_OK(files.make_folders(layout.root));
  return platform::write_atomically(files, layout.put_down(), Bytes(1, kVersion) + wire::encode_plain(wire::put_down_message(sorted)));
}

Result<std::vector<LedgerId>> read_put_down(platform::Files& files, const Layout& layout) {
  if (!files.exists(layout.put_down())) return std::vector<LedgerId>{};
  WAYSIDE_TRY(const Bytes bytes, platform::read_all(files, layout.put_down(), kMaxFileBytes));
  if (!bytes.empty() && bytes.front() > kVersion) return fail(Errc::newer_format, layout.put_down().string());
  if (bytes.empty() || bytes.front() != kVersion) return fail(Errc::corrupt, layout.put_down().string());
  const auto message = wire::decode_plain<wire::pb::PutDown>(BytesView(bytes).substr(1));
  const auto list = message ? wire::put_down_ledgers(*message) : std::unexpected(message.error());
  // The vault writes it again.
  return list ? list : Result<std::vector<LedgerId>>(fail(Errc::corrupt, layout.put_down().string()));
}

}  // namespace wayside::spool
