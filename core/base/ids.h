#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>

#include "platform/bytes.h"
#include "platform/env.h"

namespace wayside {

/// `kSize` random (or hashed) bytes that name one kind of thing. Two kinds never mix: `Tag` keeps them apart.
template <class Tag, std::size_t kSize>
struct Id {
  static constexpr std::size_t size_bytes = kSize;
  std::array<char, kSize> bytes{};

  /// Nothing when `view` has another length.
  static std::optional<Id> from(BytesView view) {
    if (view.size() != kSize) return std::nullopt;
    Id id;
    std::memcpy(id.bytes.data(), view.data(), kSize);
    return id;
  }
  static Id random(platform::Random& random) {
    Id id;
    random.fill({reinterpret_cast<unsigned char*>(id.bytes.data()), kSize});
    return id;
  }
  [[nodiscard]] BytesView view() const { return {bytes.data(), kSize}; }
  [[nodiscard]] Bytes str() const { return Bytes(view()); }
  [[nodiscard]] bool is_zero() const { return *this == Id{}; }
  friend auto operator<=>(const Id& a, const Id& b) { return a.view().compare(b.view()) <=> 0; }
  friend bool operator==(const Id& a, const Id& b) { return a.bytes == b.bytes; }
};

using RecordId = Id<struct RecordTag, 16>;           ///< a case is a record too: its id is the case's
using LedgerId = Id<struct LedgerTag, 16>;           ///< random, never the case's id
using OrganisationId = Id<struct OrganisationTag, 16>;
using TeamId = Id<struct TeamTag, 16>;
using UserId = Id<struct UserTag, 16>;
using DeviceId = Id<struct DeviceTag, 16>;           ///< one vault = one device
using IncarnationId = Id<struct IncarnationTag, 16>;
using KeyGenerationId = Id<struct KeyGenerationTag, 16>;
using GroupId = Id<struct GroupTag, 16>;             ///< change-sets that apply together
using TicketId = Id<struct TicketTag, 16>;
using GenerationId = Id<struct GenerationTag, 16>;   ///< one life of an office's store
using EnvelopeId = Id<struct EnvelopeTag, 32>;       ///< BLAKE2b-256 of the envelope
using GrantHash = Id<struct GrantTag, 32>;
using EntryHash = Id<struct EntryTag, 32>;           ///< names a membership entry and the head it makes
using Digest = Id<struct DigestTag, 32>;
using PublicKey = Id<struct PublicKeyTag, 32>;       ///< Ed25519 or X25519; the holder says which
using Signature = Id<struct SignatureTag, 64>;

/// RecordIds made here sort by time (UUID version 7), so that a store's index grows at one end.
RecordId new_record_id(platform::Random& random, platform::Clock& clock);

/// 16-byte ids as UUID text, longer ones as lowercase hex.
std::string to_text(BytesView id);
template <class Tag, std::size_t kSize>
std::string to_text(const Id<Tag, kSize>& id) { return to_text(id.view()); }

/// Reads what `to_text` writes, and 32 hex digits without hyphens. Nothing when it is neither.
Bytes id_bytes_from_text(std::string_view text);
template <class IdType>
std::optional<IdType> id_from_text(std::string_view text) { return IdType::from(id_bytes_from_text(text)); }

}  // namespace wayside

template <class Tag, std::size_t kSize>
struct std::hash<wayside::Id<Tag, kSize>> {
  std::size_t operator()(const wayside::Id<Tag, kSize>& id) const noexcept {
    return std::hash<std::string_view>{}(id.view());   // not the first bytes alone: version 7 ids begin alike
  }
};
