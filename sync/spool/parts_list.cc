#include "sync/spool/parts_list.h"

#include "core/crypto/crypto.h"
#include "platform/atomic_file.h"
#include "sync/wire/codec.h"
#include "sync/wire/tuning.h"

namespace wayside::spool {
namespace {

constexpr char kVersion = 1;
constexpr std::uint64_t kMaxFileBytes = std::uint64_t{4} << 20;
constexpr std::string_view kDomain = "wayside/parts-to-send/1";

}  // namespace

PartsList make_parts_list(std::vector<Digest> addresses) {
  if (addresses.size() > wire::kMaxPartsToSend) addresses.resize(wire::kMaxPartsToSend);
  Bytes all;
  all.reserve(addresses.size() * Digest::size_bytes);
  for (const Digest& each : addresses) all += each.view();
  return {std::move(addresses), crypto::hash(kDomain, {all})};
}

Result<void> write_parts_list(platform::Files& files, const Layout& layout, const PartsList& list) {
  const auto there = read_parts_list(files, layout);
  if (there && *there && (*there)->digest == list.digest) return {};
  if (list.addresses.empty()) {
    // Not synced: a list that comes back with the power is asked for once more, and answered with nothing to do.
    return files.exists(layout.parts()) ? files.remove(layout.parts()) : Result<void>{};
  }
  wire::pb::PartsToSend message;
  for (const Digest& each : list.addresses) message.add_addresses(each.str());
  WAYSIDE_OK(files.make_folders(layout.root));
  return platform::write_atomically(files, layout.parts(), Bytes(1, kVersion) + wire::encode_plain(message));
}

Result<std::optional<PartsList>> read_parts_list(platform::Files& files, const Layout& layout) {
  if (!files.exists(layout.parts())) return std::nullopt;
  WAYSIDE_TRY(const Bytes bytes, platform::read_all(files, layout.parts(), kMaxFileBytes));
  if (!bytes.empty() && bytes.front() > kVersion) return fail(Errc::newer_format, layout.parts().string());
  if (bytes.empty() || bytes.front() != kVersion) return std::nullopt;
  const auto message = wire::decode_plain<wire::pb::PartsToSend>(BytesView(bytes).substr(1));
  if (!message) return std::nullopt;
  std::vector<Digest> addresses;
  for (const Bytes& each : message->addresses()) addresses.push_back(*Digest::from(each));
  return make_parts_list(std::move(addresses));
}

}  // namespace wayside::spool
