#pragma once

#include <cstddef>
#include <cstdint>

/// Limits of what crosses a wire, each with its reason. Changing one needs no new version: both sides state theirs.
namespace wayside::wire {

/// One request body. An envelope is 1 MiB at most, so a batch holds at least seven of the largest.
inline constexpr std::size_t kMaxRequestBytes = std::size_t{8} << 20;
/// What a courier reads of one answer: a page, a membership log that came with it, and the heads of 100,000 ledgers.
inline constexpr std::size_t kMaxAnswerBytes = std::size_t{16} << 20;
/// Wished size of a page: large enough to make the round trip cheap, small enough to lose little when a line drops.
inline constexpr std::uint32_t kDefaultPageBytes = std::uint32_t{1} << 20;
inline constexpr std::uint32_t kMaxPageBytes = std::uint32_t{2} << 20;
/// Envelopes in one push: all of them are one transaction at the office, and others wait for it.
inline constexpr std::size_t kMaxParcels = 4096;
/// Grants with one envelope: a team, the recovery key and dozens of single devices.
inline constexpr std::size_t kMaxGrantsPerParcel = 64;
/// Ledgers asked for by lsn in one request; the rest can be asked for in the next.
inline constexpr std::size_t kMaxWants = 65'536;
/// Receipts that one request carries (core/ledger/receipt.h): of some 18,000 ledgers. The rest goes with the next reconcile.
inline constexpr std::size_t kMaxReceiptsBytes = std::size_t{1} << 20;
/// Receipts of colleagues in one answer; the office stops at kReceiptBytesPerAnswer before.
inline constexpr std::size_t kMaxReceipts = 4096;
/// Parts of attachments in one request. Far more than one body of chunks holds; of addresses 140 KB.
inline constexpr std::size_t kMaxParts = 4096;
/// Parts that a spool lists to be sent: two megabytes of addresses, for 64 GB of files. The rest comes in the next list.
inline constexpr std::size_t kMaxPartsToSend = 65'536;
/// Ledgers that one device does not carry: one megabyte in a request, and only when the list has changed.
inline constexpr std::size_t kMaxCarryList = 65'536;
/// What a device tells of what it holds in one letter on a stick: 24 bytes for each of 300,000 ledgers.
inline constexpr std::size_t kMaxHeldBytes = std::size_t{7'200'000};
/// One message on a stick: an answer with its body, or a request with its body and what the device holds.
inline constexpr std::size_t kMaxStickMessageBytes = kMaxAnswerBytes + (std::size_t{1} << 20);
/// Messages and byte strings inside one message: 16,384, and one more for every 16 bytes. Each becomes an object of
/// some 64 bytes in memory, so that the decoded form stays within five times what was received.
inline constexpr std::size_t kElementsFree = 16'384;
inline constexpr std::size_t kBytesPerElement = 16;
/// Fields of a newer version that are skipped in one message.
inline constexpr std::size_t kMaxUnknownFields = 64;
/// Our messages nest four deep.
inline constexpr int kMaxDepth = 8;

}  // namespace wayside::wire
