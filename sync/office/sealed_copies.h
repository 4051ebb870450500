#pragma once

#include "core/base/ids.h"
#include "platform/secret_bytes.h"
#include "sync/wire/wire.pb.h"

namespace wayside::office {

/// Opens the sealed copies of a request (core/ledger/sealed_copy.h): what a device kept of a case that it put down is judged and placed
/// like any other parcel afterwards. One that this office's key does not open, or that stands beside an envelope, is left empty,
/// and so answered as malformed.
void open_sealed_copies(wire::pb::PushRequest& request, const SecretBytes& office_seed, const OrganisationId& organisation);

}  // namespace wayside::office
