#pragma once

#include <vector>

#include "core/ledger/change_set.h"
#include "core/ledger/record_state.h"

namespace wayside::attachments {

/// Addresses of the sealed chunks that these writes name, in their order: what an envelope's header tells the office, so
/// that it knows which ledger a chunk belongs to.
std::vector<Digest> parts_named(const std::vector<ledger::RecordWrites>& records);

/// The same of every value that a record holds: entries of an `append` field all stand. Nothing when it is no attachment.
std::vector<Digest> parts_named(const ledger::RecordState& state);

}  // namespace wayside::attachments
