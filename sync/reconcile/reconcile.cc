#include "sync/reconcile/reconcile.h"

#include <algorithm>

#include "core/casework/casebook.h"
#include "core/vault/audit.h"
#include "core/vault/carry_mode.h"
#include "core/vault/covered.h"
#include "core/vault/ingest.h"
#include "core/vault/lease.h"
#include "core/vault/snapshot.h"
#include "sync/reconcile/parts.h"
#include "sync/spool/cursors.h"
#include "sync/spool/inbox.h"
#include "sync/spool/layout.h"

namespace wayside::reconcile {
namespace {

Result<void> note_time(vault::Vault& vault) {
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), kReconciledMs, vault.env().clock.wall_ms()));
  WAYSIDE_OK(vault::note_told(vault, writing));
  WAYSIDE_OK(vault::note_contradictions_told(vault, writing));
  return std::move(writing).commit();
}

/// Whom this reconcile brought need not wait for the next.
Result<std::optional<Error>> serve_others(vault::Vault& vault, const Options& options, spool::Outbox& outbox, Outcome& out) {
  std::optional<Error> told;
  WAYSIDE_TRY(const bool granted, grant_to_others(vault));
  if (granted) {
    WAYSIDE_TRY(told, run_couriers(vault, options, outbox, out));
  }
  if (told || out.stopped_early) return told;
  WAYSIDE_TRY(out.published, publish_for_newcomers(vault));
  if (out.published == 0) return told;
  WAYSIDE_OK(list_parts(vault));
  return run_couriers(vault, options, outbox, out);
}

/// Where assigned cases alone are carried, what has come says what else is wanted: an assignment the case, a case its compartments.
Result<std::optional<Error>> fetch_assigned(vault::Vault& vault, const Options& options, spool::Outbox& outbox, Outcome& out) {
  constexpr int kMostTimes = 3;   // news of the team's keys, cases, their compartments
  std::optional<Error> told;
  WAYSIDE_TRY(const bool any_mode, vault::has_carry_mode(vault));
  for (int times = 0; any_mode && !told && !out.stopped_early && times < kMostTimes; ++times) {
    WAYSIDE_TRY(const bool more, settle_cases(vault, options.drafts));
    if (!more) break;
    WAYSIDE_TRY(told, run_couriers(vault, options, outbox, out));
  }
  return told;
}

Result<void> sum_up(vault::Vault& vault, Outcome& out) {
  WAYSIDE_TRY(out.open_reviews, casework::open_reviews(vault));
  WAYSIDE_TRY(out.quarantined, vault::undecided(vault));
  WAYSIDE_TRY(const vault::Uncovered uncovered, vault::uncovered(vault));
  out.waiting = uncovered.only_here;
  out.unreceipted = uncovered.only_here_and_office;
  WAYSIDE_TRY(const auto cursor, spool::read_cursor(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  out.no_room = static_cast<std::uint64_t>(
      std::ranges::count_if(cursor.trouble, [](const auto& each) { return each.second.status == wire::pb::Taken::no_room; }));
  WAYSIDE_TRY(out.missing_ledgers, missing_ledgers(vault));
  WAYSIDE_TRY(const auto snapshot, vault::snapshot_use(vault));
  if (snapshot) out.unverified = snapshot->unchecked;
  return {};
}

}  // namespace

Result<Outcome> reconcile(vault::Vault& vault, const Options& options) {
  Outcome out;
  const std::int64_t started_ms = vault.env().clock.monotonic_ms();
  options.progress({});
  WAYSIDE_OK(write_courier_files(vault));
  // What an earlier courier left is folded first: announcements and deps then build on it.
  WAYSIDE_TRY(const Folding before, fold_pages(vault, options));
  if (before.heads) WAYSIDE_OK(vault::renew_lease(vault, before.heads->time_ms, vault::Heard::earlier));
  out.applied_change_sets = before.totals.applied;
  out.stopped_early = before.stopped_early;
  if (out.stopped_early) return out;
  std::optional<spool::Outbox> outbox;
  WAYSIDE_TRY(outbox, spool::Outbox::open(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  WAYSIDE_OK(settle_copy(vault, *outbox));
  WAYSIDE_OK(tell_incarnation(vault));
  WAYSIDE_OK(announce(vault));
  WAYSIDE_OK(vault::seal_audit(vault, vault::Sealing::now));
  WAYSIDE_OK(tell_carried(vault));
  WAYSIDE_OK(take_parts_sent(vault));
  WAYSIDE_OK(vault::let_go_of_published(vault));
  WAYSIDE_OK(list_parts(vault));
  const bool over_folder = !options.folder.empty();
  WAYSIDE_TRY(auto told, over_folder ? run_over_folder(vault, options, *outbox, out) : run_couriers(vault, options, *outbox, out));
  if (!told && !out.stopped_early && !over_folder) {
    WAYSIDE_TRY(told, fetch_assigned(vault, options, *outbox, out));
  }
  if (!told && !out.stopped_early && !over_folder) {
    WAYSIDE_TRY(told, serve_others(vault, options, *outbox, out));
  }
  outbox.reset();   // what is erased may go out of its files
  if (!told && !out.stopped_early) WAYSIDE_OK(settle_cases(vault, options.drafts));
  if (!told && !out.stopped_early) WAYSIDE_OK(let_go_of_copies(vault));
  WAYSIDE_OK(let_go_of_erased(vault, options.drafts));
  WAYSIDE_OK(vault::let_go_of_published(vault));
  if (told) return std::unexpected(*told);
  WAYSIDE_TRY(out.copied, vault::untold_copy(vault));
  WAYSIDE_TRY(out.contradictions, vault::untold_contradictions(vault));
  if (!out.stopped_early) WAYSIDE_OK(note_time(vault));
  WAYSIDE_OK(vault.anchor());

  WAYSIDE_OK(sum_up(vault, out));
  out.elapsed_ms = vault.env().clock.monotonic_ms() - started_ms;
  return out;
}

Result<bool> inbox_waits(vault::Vault& vault) {
  const spool::Layout layout(spool_folder(vault.home()));
  WAYSIDE_TRY(const auto cursor, spool::read_cursor(vault.env().files, layout));
  WAYSIDE_TRY(const auto folded, spool::read_folded(vault.env().files, layout));
  return cursor.inbox_number > folded.number;
}

Result<std::uint64_t> fold_inbox(vault::Vault& vault, const Options& options) {
  WAYSIDE_TRY(const Folding folded, fold_pages(vault, options));
  // What a courier sent while the vault was locked was named by a page, which is folded now: its frames may go.
  const spool::Layout layout(spool_folder(vault.home()));
  if (vault.env().files.exists(layout.outbox())) {
    WAYSIDE_TRY(auto outbox, spool::Outbox::open(vault.env().files, layout));
    WAYSIDE_OK(take_answers(vault, outbox));
    if (!folded.stopped_early) WAYSIDE_OK(settle_copy(vault, outbox));
  }
  if (!folded.stopped_early) WAYSIDE_OK(settle_cases(vault, options.drafts));
  WAYSIDE_OK(settle_receipts(vault, folded));
  if (folded.heads) WAYSIDE_OK(vault::renew_lease(vault, folded.heads->time_ms, vault::Heard::earlier));
  WAYSIDE_OK(let_go_of_erased(vault, options.drafts));
  return folded.totals.applied;
}

}  // namespace wayside::reconcile
