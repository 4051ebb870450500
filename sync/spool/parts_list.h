#pragma once

#include <optional>
#include <vector>

#include "sync/spool/layout.h"

/// Which parts of attachments wait to be sent: addresses of sealed chunks that lie beside the spool, in HOME/blobs. The
/// vault writes the list, a courier sends what it names after all envelopes and notes in its cursor (Cursor::parts_sent)
/// when the office holds all of it. So a list that was worked off costs nothing, while the vault is locked too.
namespace wayside::spool {

struct PartsList {
  std::vector<Digest> addresses;
  Digest digest;                ///< BLAKE2b-256("wayside/parts-to-send/1" ‖ the addresses): names just this list
};

/// In the order of `addresses`, at most wire::kMaxPartsToSend of them.
PartsList make_parts_list(std::vector<Digest> addresses);

/// Durable when it returns. An empty list removes the file; one that stands there already is not written again.
Result<void> write_parts_list(platform::Files& files, const Layout& layout, const PartsList& list);

/// Nothing when nothing waits. A file that cannot be read counts as none: the vault writes it again.
/// Errors: newer_format, those of Files.
Result<std::optional<PartsList>> read_parts_list(platform::Files& files, const Layout& layout);

}  // namespace wayside::spool
