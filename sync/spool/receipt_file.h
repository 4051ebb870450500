#pragma once

#include <optional>

#include "sync/spool/layout.h"

/// Receipts of this device for the next courier to carry (core/ledger/receipt.h). The vault writes the file, a courier sends it
/// with its first question and notes in its cursor that the office has it (Cursor::receipt_sent): then it costs nothing more.
///
///     u8 version = 1 ‖ receipts, one after the other
namespace wayside::spool {

struct ReceiptFile {
  Bytes receipts;
  Digest digest;                ///< BLAKE2b-256("wayside/receipt-file/1" ‖ the receipts): names just these
};

/// Durable when it returns. Without receipts the file goes; one that stands there already is not written again.
/// Errc::too_large over wire::kMaxReceiptsBytes.
Result<void> write_receipts(platform::Files& files, const Layout& layout, const Bytes& receipts);

/// Nothing when there are none. A file that cannot be read counts as none: the vault writes it again.
/// Errors: newer_format, those of Files.
Result<std::optional<ReceiptFile>> read_receipts(platform::Files& files, const Layout& layout);

}  // namespace wayside::spool
