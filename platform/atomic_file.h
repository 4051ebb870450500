#pragma once

#include "platform/env.h"

namespace wayside::platform {

/// Replaces the content of `path` by `bytes`: temp file beside it, sync, rename, sync of the folder.
/// Success: the new content is durable. Failure or a crash: a reader finds the old content or the new, whole.
/// One writer at a time per path (the temp file is `path` + ".new", so that a crash leaves at most one behind).
Result<void> write_atomically(Files& files, const Path& path, BytesView bytes);
/// The same without a sync, for what can be had again: after a power failure it may be torn.
Result<void> write_for_now(Files& files, const Path& path, BytesView bytes);

/// The whole file; Errc::too_large when it holds more than `limit_bytes`.
Result<Bytes> read_all(Files& files, const Path& path, std::uint64_t limit_bytes);

/// As `read_all`, into guarded memory: nothing of it passes through an ordinary string.
Result<SecretBytes> read_secret(Files& files, const Path& path, std::uint64_t limit_bytes);

}  // namespace wayside::platform
