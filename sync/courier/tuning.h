#pragma once

#include <cstddef>
#include <cstdint>

#include "sync/wire/tuning.h"

namespace wayside::courier {

/// One request and its answer: 2 MiB at 8 kB/s, a phone's worst line that is still worth using.
inline constexpr std::int64_t kRequestTimeout_ms = 300'000;
/// The same when somebody has asked to go slowly: 4 MiB at the slowest rate that may be asked for.
inline constexpr std::int64_t kSlowRequestTimeout_ms = 900'000;
inline constexpr std::uint64_t kSlowestBytesPerS = 8 * 1024;
/// The largest answer body (sync/wire), its version byte and a little air.
inline constexpr std::size_t kAnswerLimitBytes = wire::kMaxAnswerBytes + 1024;
/// What is asked of envelopes while only the membership log is wanted: they come along unasked and are not kept.
inline constexpr std::uint32_t kMembershipPageBytes = std::uint32_t{64} << 10;
/// Answers to one membership job; each brings at least one entry of at most 64 KiB.
inline constexpr unsigned kMaxMembershipPages = 100'000;
/// Parts of attachments that one request asks about: 35 KB.
inline constexpr std::size_t kPartsAsked = 1024;
/// Chunks in one request to put or get them. One large chunk, or many small ones; what a broken line repeats.
inline constexpr std::uint32_t kPartsBytes = (std::uint32_t{1} << 20) + 4096;
inline constexpr std::size_t kPartsAtOnce = 64;
/// A job on the pipe: an address, a folder and one membership entry; or 60 bytes for each case that a snapshot covers.
inline constexpr std::size_t kMaxJobBytes = std::size_t{16} << 20;
/// An event on the pipe: a membership log of some thousand entries.
inline constexpr std::size_t kMaxEventBytes = std::size_t{32} << 20;
/// How long a child may take to end once it was asked to. Then it is killed, which costs a repeat and nothing else.
inline constexpr std::int64_t kStopPatience_ms = 5'000;
/// How often the parent looks whether somebody wants to stop.
inline constexpr std::int64_t kListen_ms = 50;

}  // namespace wayside::courier
