#include "sync/reconcile/locked.h"

#include "sync/reconcile/parts.h"

namespace wayside::reconcile {

Result<wire::pb::CourierDone> carry_locked(const platform::Path& home, const Options& options, bool unwatched) {
  wire::pb::CourierJob job;
  job.mutable_sync()->set_stop_after_pages(options.stop_after_pages);
  job.mutable_sync()->set_unwatched(unwatched);
  if (!options.folder.empty()) job.mutable_sync()->mutable_stick()->set_folder(options.folder.string());
  WAYSIDE_TRY(auto done, carry(home, std::move(job), options));
  if (done.error() != 0) return fail(static_cast<Errc>(done.error()), done.detail());
  return done;
}

Stick stick_of(const wire::pb::CourierDone& done) {
  Stick out;
  tell_stick(done, out);
  out.whole = out.taken && !done.stopped_early();
  return out;
}

}  // namespace wayside::reconcile
