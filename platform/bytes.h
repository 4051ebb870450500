#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wayside {

/// Owned bytes that are no secret: ciphertext, file contents, encoded messages.
/// A std::string, since protobuf, SQLite and nlohmann-json all speak it without a copy. Secrets are SecretBytes.
using Bytes = std::string;
using BytesView = std::string_view;

inline const unsigned char* as_uchar(BytesView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
inline unsigned char* as_uchar(Bytes& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

/// Lowercase hex, two digits a byte.
std::string to_hex(BytesView bytes);
/// Empty when `text` is not an even number of hex digits.
Bytes from_hex(std::string_view text);

}  // namespace wayside
