#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/crypto/crypto.h"

/// A file as sealed chunks (docs/FORMATS.md, Attachments). Pure: no disk, no vault.
///
///     plain    u64le length ‖ file ‖ zeros up to the padded size, cut into chunks of 1 MiB
///     chunk    libsodium secretstream (XChaCha20-Poly1305) push of each, the last one tagged FINAL, with the domain as
///              associated data; the first chunk stands behind the stream's 24-byte header
///     address  BLAKE2b-256 of the chunk with a domain
namespace wayside::attachments {

/// The record type, and the field of it that holds what follows: `content` in core/schema/records/attachment.toml, which no
/// form and no name finds. For ever.
inline constexpr std::string_view kTypeName = "attachment";
inline constexpr std::uint32_t kContentField = 25;

/// How a file is opened again: what the record's own field holds, sealed in the case's ledger.
struct Content {
  crypto::Key key;
  std::vector<Digest> chunks;   ///< addresses, in order; at least one
};

/// "1:" and the hex of key ‖ addresses. A field of kind text takes no other bytes.
std::string content_text(const Content& content);
/// Errc::corrupt when it is none; Errc::newer_format for another number before the colon.
Result<Content> parse_content(BytesView text);

/// Bytes before sealing, length and padding included: at least 16 KiB, then Padmé, so that a size tells little.
std::uint64_t padded_bytes(std::uint64_t file_bytes);

Digest address_of(BytesView chunk);

/// Calls `take` with each sealed chunk in order, and ends with the first error of it.
Result<void> seal_file(const crypto::Key& key, BytesView file, const std::function<Result<void>(BytesView)>& take);

/// Calls `next` for each chunk (it checks the address). Errc::corrupt unless all of them, in their order, were sealed
/// with this key for one file; nothing of a file is given out before all of it is authentic.
Result<Bytes> open_file(const Content& content, const std::function<Result<Bytes>(const Digest&)>& next);

}  // namespace wayside::attachments
