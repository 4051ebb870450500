#pragma once

#include <cstddef>
#include <cstdint>

#include "sync/wire/tuning.h"

/// Limits of what lies on a stick, each with its reason.
namespace wayside::stick {

/// A name is so many hexadecimal digits, drawn at random; one that is still being written has two fewer, so that nobody reads it.
inline constexpr std::size_t kNameDigits = 32;
inline constexpr std::size_t kUnfinishedDigits = 30;
/// Names of this form that are looked at, in the order of their names: each costs one short read. A year of photographs for a
/// team of thirty is less; a stick with more was filled by somebody else.
inline constexpr std::size_t kMostFiles = 50'000;
/// What is sealed is padded to at least so much: a question, an answer to one save and a day's work look alike. A stick keeps
/// nothing in less than 4 KiB anyway.
inline constexpr std::size_t kLeastPadded = std::size_t{8} << 10;
/// On top of that a random length up to an eighth, or up to this where an eighth is less.
inline constexpr std::size_t kLeastBlur = std::size_t{4} << 10;
/// A message and its signature, padded: Padmé adds an eighth at most, and chance another of the whole.
inline constexpr std::size_t kMostFileBytes = wire::kMaxStickMessageBytes + wire::kMaxStickMessageBytes * 17 / 64 + 4096;

}  // namespace wayside::stick
