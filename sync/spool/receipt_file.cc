#include "sync/spool/receipt_file.h"

#include "core/crypto/crypto.h"
#include "core/ledger/receipt.h"
#include "platform/atomic_file.h"
#include "sync/wire/tuning.h"

namespace wayside::spool {
namespace {

constexpr char kVersion = 1;

}  // namespace

Result<void> write_receipts(platform::Files& files, const Layout& layout, const Bytes& receipts) {
  if (receipts.size() > wire::kMaxReceiptsBytes) return fail(Errc::too_large, "receipts");
  if (receipts.empty()) {
    // Not synced: receipts that come back with the power are carried once more.
    return files.exists(layout.receipt()) ? files.remove(layout.receipt()) : Result<void>{};
  }
  WAYSIDE_TRY(const auto there, read_receipts(files, layout));
  if (there && there->receipts == receipts) return {};
  WAYSIDE_OK(files.make_folders(layout.root));
  return platform::write_atomically(files, layout.receipt(), Bytes(1, kVersion) + receipts);
}

Result<std::optional<ReceiptFile>> read_receipts(platform::Files& files, const Layout& layout) {
  if (!files.exists(layout.receipt())) return std::nullopt;
  WAYSIDE_TRY(const Bytes bytes, platform::read_all(files, layout.receipt(), 1 + wire::kMaxReceiptsBytes));
  if (bytes.size() < 2) return std::nullopt;
  if (bytes[0] > kVersion) return fail(Errc::newer_format, layout.receipt().string());
  if (bytes[0] != kVersion) return std::nullopt;
  Bytes receipts = bytes.substr(1);
  if (!ledger::parse_receipts(receipts)) return std::nullopt;
  const Digest digest = crypto::hash("wayside/receipt-file/1", {receipts});
  return ReceiptFile{std::move(receipts), digest};
}

}  // namespace wayside::spool
