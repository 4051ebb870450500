#pragma once

#include "core/casework/casebook.h"

/// From field changes to the writes of a change-set. Pure: no vault, no transaction.
namespace wayside::casework {

/// The writes that make `change` of a field that shows `view` (nullptr: the record holds nothing there yet).
/// Errors: bad_input, unknown_code, too_large (a value that may not be saved; `detail` is "field: what to do").
Result<std::vector<ledger::Write>> writes_for(const FieldChange& change, const ledger::FieldState* state);

/// Whether saving `change` needs a reason: it lowers protection.
bool needs_reason(const FieldChange& change, const ledger::FieldState* state);

}  // namespace wayside::casework
