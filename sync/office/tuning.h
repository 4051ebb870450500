#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Limits of the office, each with its reason. Limits of the messages stand in sync/wire/tuning.h.
namespace wayside::office {

/// A ticket is a secret in a file: a week is enough to meet a new colleague, and short for a thief.
inline constexpr std::int64_t kTicketLifetime_ms = std::int64_t{7} * 24 * 60 * 60 * 1000;

/// What one device may leave in quarantine, so that a lost or hostile one cannot fill the disk. A laptop found after
/// months holds less.
inline constexpr std::int64_t kMaxQuarantineBytes = std::int64_t{64} << 20;
inline constexpr std::int64_t kMaxQuarantined = 10'000;

/// What one device may put here of attachments: a hundred photographs a week for two years. `serve` may be told otherwise.
inline constexpr std::uint64_t kPartShareBytes = std::uint64_t{32} << 30;
/// The same of a removed device: weeks of visits that it had not sent, and not a disk full.
inline constexpr std::uint64_t kRemovedPartShareBytes = std::uint64_t{1} << 30;

/// What one device may have stored here of envelopes with their grants: twenty thousand cases brought over from another
/// program take some 100 MB. `serve` may be told otherwise.
inline constexpr std::uint64_t kEnvelopeShareBytes = std::uint64_t{16} << 30;
/// The same on one day, by this office's clock: a lying device needs more than a week to fill its share, and is seen before.
inline constexpr std::uint64_t kEnvelopeDayShareBytes = std::uint64_t{2} << 30;

/// Requests of one device, on average; so many minutes' worth may come at once. A first fetch of 20,000 cases takes some 8,000.
inline constexpr std::uint64_t kRequestsPerMinute = 6'000;
inline constexpr std::uint64_t kRequestMinutesAtOnce = 10;

/// Receipts of colleagues with one answer: some 70 lists of 64 ledgers each. The rest comes with the next reconcile, since
/// they hurry nobody.
inline constexpr std::size_t kReceiptBytesPerAnswer = std::size_t{256} << 10;

/// Connections at once. A reconcile takes seconds, so a night of several hundred devices needs dozens.
inline constexpr std::size_t kMaxConnections = 256;
/// A mobile line may stall for so long and no longer, between any two pieces of a request or an answer.
inline constexpr std::chrono::seconds kIdleTimeout{30};
/// From the first byte of a request to the last of its answer: 8 MiB at 14 kB/s.
inline constexpr std::chrono::seconds kRequestTimeout{600};
/// After an answer that ends a connection, what the other end still sends is read and forgotten for so long: closing
/// at once would make its system throw our answer away.
inline constexpr std::chrono::seconds kLingerTimeout{5};
/// Requests that have begun may end when the office is told to stop.
inline constexpr std::chrono::seconds kStopTimeout{5};
/// Our courier sends some 200 bytes of headers.
inline constexpr std::uint32_t kMaxHeaderBytes = 8192;
/// Whoever holds but a ticket sends one membership entry.
inline constexpr std::size_t kMaxTicketBodyBytes = std::size_t{128} << 10;
/// A client's certificate is 250 bytes; this bounds what OpenSSL would read of one.
inline constexpr long kMaxCertificateBytes = 4096;

/// How often a serving office writes its figures for `status`, when they have changed.
inline constexpr std::chrono::seconds kFiguresInterval{2};
/// An operator's question to a serving office that has not been looked at by then is taken back. A copy of a store of 10 GB
/// takes two minutes on a slow disk.
inline constexpr std::int64_t kDeskPatience_ms = 10 * 60 * 1000;
inline constexpr std::chrono::milliseconds kDeskPause{100};
/// While somebody visits a stick, question follows question: both ends look so often, a thousand photographs in a minute. The office
/// goes back to its interval when none came for a while.
inline constexpr std::chrono::milliseconds kStickPause{10};
inline constexpr std::int64_t kStickStays_ms = 5000;
/// How often whoever waits for an answer makes sure that there is somebody to give one.
inline constexpr std::int64_t kStickWatch_ms = 1000;
/// When a push cannot be stored (disk full), couriers are asked to come back after so long.
inline constexpr std::int64_t kComeBack_ms = 5 * 60 * 1000;

}  // namespace wayside::office
