#pragma once

#include <string>
#include <vector>

#include "core/ledger/envelope.h"
#include "core/membership/log.h"
#include "sync/wire/wire.pb.h"

/// What the office can tell of a parcel without a key that opens it. Pure: no store, no clock.
namespace wayside::office {

struct HeldGrant {
  GrantHash hash;
  membership::Grant grant;
  BytesView bytes;  ///< points into the parcel
};

/// A parcel whose bytes are an envelope and its grants. Points into the parcel it was read from.
struct ReadParcel {
  ledger::ParsedEnvelope envelope;
  std::vector<HeldGrant> grants;
};

/// Errc::bad_input or too_large: not an envelope, or grants that are none or too many (malformed). Errc::newer_format:
/// written by a newer version; it is kept, since whoever upgrades the office can read it.
Result<ReadParcel> read_parcel(const wire::pb::Parcel& parcel);

/// Whether membership bears it out: organisation, author, its standing at the head it names, signature, and that
/// exactly the grants came along whose hashes the signed header names.
/// Errors: bad_input, not_a_member, bad_signature; such a parcel goes to quarantine.
Result<void> verify_parcel(const ReadParcel& parcel, const membership::Log& log);

/// Whether it was signed before a right was taken from its author, and lies beyond the pin. It goes to everybody who reads the
/// ledger, so that all can decide alike once an administrator has; until then every device keeps it apart.
bool is_late(const ReadParcel& parcel, const membership::Log& log);

}  // namespace wayside::office
