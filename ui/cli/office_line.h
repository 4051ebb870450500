#pragma once

#include <memory>

#include "sync/enrol/membership_line.h"
#include "ui/cli/context.h"

/// What verbs share that work online.
namespace wayside::cli {

/// A line to the office that this vault belongs to; nothing for a vault that has none (`solo`).
Result<std::unique_ptr<enrol::CourierLine>> line_to_office(Context& context, vault::Vault& vault);

/// Reconciles, so that what follows knows what colleagues have sent. Does nothing without an office.
Result<void> reconcile_first(Context& context, vault::Vault& vault);

}  // namespace wayside::cli
