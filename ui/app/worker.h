#pragma once

#include <memory>

#include "platform/env.h"
#include "ui/app/clerk.h"
#include "ui/app/worker_link.h"

namespace wayside::app {

/// Starts the thread that owns the vault of `setup.home`. Commands are worked off in order; those that come during a
/// reconcile between two of its steps, so that a person carries on meanwhile. A lock or a stop ends a reconcile, drafts
/// are then kept first, and of several searches in a row only the last is run. Ending the link works off what is queued up to its drafts and saves, locks
/// the vault and ends the thread.
/// `env` must outlive the link, and the program has called schema::load_builtin. Bytes that are no command are dropped;
/// nothing of them is acted upon.
std::unique_ptr<WorkerLink> make_worker(platform::Env env, Setup setup);

}  // namespace wayside::app
