#include "platform/user_timer.h"
#include "sync/reconcile/locked.h"
#include "sync/spool/layout.h"
#include "ui/app/clerk.h"
#include "ui/app/night_timer.h"
#include "ui/app/sentences.h"

namespace wayside::app {

void carry_unwatched(const platform::Path& home, const reconcile::Options& options) {
  (void)reconcile::carry_locked(home, options, true);   // the courier keeps how it ended, for the next unlock
}

/// The timer of the login follows the setting: it does the same while this program is not open.
void Clerk::keep_settings(const pb::Settings& wanted) {
  const std::string before = settings_.now().night_at();
  settings_.keep(wanted);
  const std::string& now = settings_.now().night_at();
  if (now == before || !setup_.environment) return;
  const auto at = time_of_day(now);
  const auto done = at ? start_night_timer(env_.files, setup_.environment, {setup_.home, setup_.courier_program, *at})
                       : stop_night_timer(env_.files, setup_.environment, setup_.home);
  if (!done) {
    say(pb::Notice::attention, "The timer of this login could not be changed, so nights are as before while Wayside is closed. " +
                                   sentence(done.error()));
  }
}

bool Clerk::night_slice() {
  const auto at = time_of_day(settings_.now().night_at());
  const spool::Layout layout(reconcile::spool_folder(setup_.home));
  if (!at || !env_.files.exists(layout.office())) return false;
  if (!night_.begin(*at, now_ms(), spool::read_last_run(env_.files, layout), last_reconciled_ms_, env_.random)) return false;
  if (vault_ != nullptr) {
    reconcile();
    return true;
  }
  // Whoever comes back to unlock goes first; what is left goes with the next run.
  reconcile::Options options;
  options.courier_program = setup_.courier_program;
  options.office_address = setup_.office_address;
  options.stop_asked = [this] { return !watcher_.let_others(); };
  setup_.carry_locked(setup_.home, options);
  return false;
}

}  // namespace wayside::app
