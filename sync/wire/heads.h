#pragma once

#include "platform/result.h"
#include "platform/secret_bytes.h"
#include "sync/wire/frontier.h"

/// What the office states and signs with each last page:
///
///     u8 version = 1 ‖ u32le length ‖ HeadsBody (wire.proto) ‖ 64 bytes Ed25519 signature
///
/// The signature covers BLAKE2b-256("wayside/office-heads/1" ‖ HeadsBody), over the bytes as sent.
namespace wayside::wire {

struct Heads {
  OrganisationId organisation;
  GenerationId generation;
  std::uint64_t position = 0;       ///< the newest of the organisation
  std::int64_t time_ms = 0;         ///< by the office's clock
  Digest frontier;                  ///< of the asking device's subscriptions
  std::vector<LedgerHead> changed;  ///< since the position of the request; sorted by ledger

  friend bool operator==(const Heads&, const Heads&) = default;
};

Bytes sign_heads(const Heads& heads, const SecretBytes& office_seed);

/// What it says, for one who only compares: the signature is not checked. Errc::bad_input, Errc::newer_format.
Result<Heads> parse_heads(BytesView bytes);

/// Errc::bad_input when it is no such statement, Errc::newer_format, Errc::bad_signature unless `office` signed it.
Result<Heads> verify_heads(BytesView bytes, const PublicKey& office);

}  // namespace wayside::wire
