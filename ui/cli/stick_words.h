#pragma once

#include "sync/reconcile/reconcile.h"
#include "ui/cli/context.h"

/// What a run over a folder did (`sync --courier folder`), for people and for scripts.
namespace wayside::cli {

nlohmann::json stick_json(const reconcile::Stick& stick);
/// What was taken off it, then what lies on it now and where to take it.
void say_stick(Context& context, const reconcile::Stick& stick);
/// What did not fit, or could not be read. On stderr.
void warn_stick(Context& context, const reconcile::Stick& stick);

}  // namespace wayside::cli
