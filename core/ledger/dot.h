#pragma once

#include <compare>
#include <cstdint>
#include <functional>

#include "core/base/ids.h"

namespace wayside::ledger {

/// The first 16 bytes of an envelope's id: enough to name it within one organisation.
using EnvelopeStem = Id<struct EnvelopeStemTag, 16>;
inline EnvelopeStem stem_of(const EnvelopeId& id) { return *EnvelopeStem::from(id.view().substr(0, 16)); }

/// Names one written value for ever: who wrote it, in which envelope, as its how-manieth write.
struct Dot {
  DeviceId device;
  EnvelopeStem envelope;
  std::uint32_t index = 0;

  friend auto operator<=>(const Dot&, const Dot&) = default;
  friend bool operator==(const Dot&, const Dot&) = default;
};

/// "device:envelope:index" in hex, as the command line prints and reads it.
std::string to_text(const Dot& dot);
std::optional<Dot> dot_from_text(std::string_view text);
/// 36 bytes, the same everywhere: for digests and for the window.
Bytes to_bytes(const Dot& dot);
std::optional<Dot> dot_from_bytes(BytesView bytes);

}  // namespace wayside::ledger

template <>
struct std::hash<wayside::ledger::Dot> {
  std::size_t operator()(const wayside::ledger::Dot& dot) const noexcept {
    return std::hash<wayside::ledger::EnvelopeStem>{}(dot.envelope) * 31 + dot.index;
  }
};
