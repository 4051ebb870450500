#pragma once

#include "sync/reconcile/reconcile.h"
#include "sync/wire/wire.pb.h"

namespace wayside::reconcile {

/// A courier for a vault that is locked: sealed envelopes go from its spool to the office and come from there, and nothing is
/// opened until the next unlock. Of `options` it heeds the program, the address, the folder, pages, rate, progress and `stop_asked`.
/// `unwatched`: how it ended is kept for then (spool/last_run.h). Errors: those of the courier, as it tells them.
Result<wire::pb::CourierDone> carry_locked(const platform::Path& home, const Options& options, bool unwatched);
/// Of one that went over a folder.
Stick stick_of(const wire::pb::CourierDone& done);

}  // namespace wayside::reconcile
