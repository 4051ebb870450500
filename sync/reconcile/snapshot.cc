#include "core/attachments/blobs.h"
#include "core/vault/carry_mode.h"
#include "core/vault/newcomers.h"
#include "core/vault/snapshot.h"
#include "sync/reconcile/attachments.h"
#include "sync/reconcile/parts.h"
#include "sync/spool/cursors.h"
#include "sync/spool/inbox.h"
#include "sync/spool/layout.h"

namespace wayside::reconcile {
namespace {

/// Ledgers in one transaction: a save waits for no more.
constexpr std::size_t kDroppedAtOnce = 100;

spool::Layout layout_of(const vault::Vault& vault) { return spool::Layout(spool_folder(vault.home())); }

bool holds_nothing(const spool::Cursor& cursor) { return cursor.position == 0 && cursor.ledgers.empty() && !cursor.anew; }

void add_traffic(const wire::pb::CourierDone& done, Outcome& out) {
  out.round_trips += done.round_trips();
  out.handshakes += done.handshakes();
  out.wire_bytes_up += done.bytes_up();
  out.wire_bytes_down += done.bytes_down();
}

Result<std::optional<vault::Offer>> find_offer(vault::Vault& vault, const Options& options, Outcome& out) {
  wire::pb::CourierJob job;
  job.mutable_sync()->set_snapshots(wire::pb::SyncJob::find_only);
  WAYSIDE_TRY(wire::pb::CourierDone done, carry(vault.home(), std::move(job), options));
  add_traffic(done, out);
  if (done.error() != 0) return fail(static_cast<Errc>(done.error()), done.detail());
  std::vector<vault::Parcel> parcels;
  for (wire::pb::Parcel& each : *done.mutable_snapshots()) {
    parcels.push_back({std::move(*each.mutable_envelope()), {each.grants().begin(), each.grants().end()}});
  }
  return vault::best_offer(vault, parcels, done.found_in());
}

/// Not the disk's fault and not the line's: then the envelopes tell.
bool is_of_the_snapshot(Errc code) {
  return code == Errc::corrupt || code == Errc::bad_signature || code == Errc::bad_input || code == Errc::newer_format ||
         code == Errc::already_exists || code == Errc::too_large;
}

}  // namespace

Result<bool> begin_with_snapshot(vault::Vault& vault, const Options& options, Outcome& out) {
  if (options.no_snapshot || !vault.admitted()) return false;
  WAYSIDE_TRY(const auto mode, vault::carry_mode(vault));
  if (mode == vault::CarryMode::assigned) return false;   // it holds all cases of a team
  WAYSIDE_TRY(const auto before, vault::snapshot_use(vault));
  WAYSIDE_TRY(const spool::Cursor cursor, spool::read_cursor(vault.env().files, layout_of(vault)));
  if (before || !holds_nothing(cursor)) return false;
  const auto found = find_offer(vault, options, out);
  // Whatever else is wrong with the office or with this device's rights there, the reconcile itself meets and tells.
  if (!found && (found.error().code == Errc::unreachable || found.error().code == Errc::busy)) return std::unexpected(found.error());
  if (!found || !*found) return false;
  const auto& offer = *found;

  attachments::Blobs blobs(vault.env().files, vault.home());
  std::vector<Digest> missing;
  for (const Digest& part : offer->parts) {
    if (!blobs.get(part)) missing.push_back(part);   // or a power failure has spoilt it
  }
  const auto fetched = fetch_parts_for_now(vault, missing, options);
  if (!fetched && !is_of_the_snapshot(fetched.error().code)) return std::unexpected(fetched.error());
  if (fetched) {
    out.round_trips += fetched->round_trips;
    out.wire_bytes_down += fetched->parts.bytes;
    if (fetched->stopped_early) {   // the next one fetches the rest
      out.stopped_early = true;
      return false;
    }
  }
  const bool all = fetched && fetched->not_there == 0;
  const auto loaded = all ? vault::load_snapshot(vault, *offer, [&](const Digest& part) { return blobs.get(part); })
                          : Result<void>(fail(Errc::corrupt, "parts of the snapshot are missing"));
  if (!loaded && !is_of_the_snapshot(loaded.error().code)) return std::unexpected(loaded.error());
  for (const Digest& part : offer->parts) {
    if (blobs.has(part)) WAYSIDE_OK(blobs.remove(part));
  }
  if (!loaded) return false;
  WAYSIDE_TRY(const auto use, vault::snapshot_use(vault));
  out.from_snapshot = use->ledgers;
  return true;
}

Result<void> tell_covered(vault::Vault& vault, wire::pb::SyncJob& job) {
  WAYSIDE_TRY(const spool::Cursor cursor, spool::read_cursor(vault.env().files, layout_of(vault)));
  if (!holds_nothing(cursor)) return {};
  WAYSIDE_TRY(const vault::Frontier covered, vault::covered_frontier(vault));
  if (covered.ledgers.empty()) return {};
  auto& out = *job.mutable_covered();
  out.set_generation(covered.generation);
  out.set_position(covered.position);
  for (const vault::LedgerPoint& each : covered.ledgers) {
    auto& head = *out.add_ledgers();
    head.set_ledger(each.ledger.str());
    head.set_lsn(each.lsn);
    head.set_head(each.head.str());
  }
  return {};
}

Result<void> after_courier(vault::Vault& vault, bool contradicted) {
  WAYSIDE_TRY(const auto use, vault::snapshot_use(vault));
  if (!use || (use->trust != vault::Trust::unverified && use->unchecked == 0)) return {};
  WAYSIDE_TRY(const spool::Cursor cursor, spool::read_cursor(vault.env().files, layout_of(vault)));
  WAYSIDE_TRY(const spool::Folded folded, spool::read_folded(vault.env().files, layout_of(vault)));
  const bool begun_anew = !folded.generation.empty() && folded.generation != use->generation;
  if ((contradicted || begun_anew) && use->trust == vault::Trust::unverified) WAYSIDE_OK(vault::let_go_of_snapshot(vault));
  const bool history_is_here = cursor.history >= cursor.history_up_to && !cursor.anew && !holds_nothing(cursor);
  if (history_is_here && folded.number >= cursor.inbox_number) {
    std::set<LedgerId> carried;
    for (const auto& [ledger, point] : cursor.ledgers) carried.insert(ledger);
    WAYSIDE_OK(vault::settle_snapshot(vault, carried));
  }
  for (bool more = true; more;) {
    WAYSIDE_TRY(more, vault::drop_useless_snapshot(vault, kDroppedAtOnce));
  }
  return {};
}

Result<PublishedSnapshot> publish_snapshot(vault::Vault& vault, const TeamId& team) {
  WAYSIDE_TRY(const auto place, vault.office());
  if (!place) return fail(Errc::not_found, "this vault has no office");
  WAYSIDE_TRY(const spool::Cursor cursor, spool::read_cursor(vault.env().files, layout_of(vault)));
  WAYSIDE_TRY(const spool::Folded folded, spool::read_folded(vault.env().files, layout_of(vault)));
  WAYSIDE_TRY(const Doubt doubt, doubt_of(vault));
  if (holds_nothing(cursor) || cursor.generation.empty()) return fail(Errc::not_found, "nothing was ever reconciled here");
  if (doubt != Doubt::none || cursor.anew || folded.number < cursor.inbox_number) return fail(Errc::busy, "not all is folded yet");
  vault::Frontier frontier{cursor.generation, cursor.position, {}};
  for (const auto& [ledger, point] : cursor.ledgers) frontier.ledgers.push_back({ledger, point.lsn, point.head});
  WAYSIDE_TRY(const vault::MadeSnapshot made, vault::make_snapshot(vault, team, frontier));
  WAYSIDE_OK(vault::publish_snapshot(vault, team, made));
  return PublishedSnapshot{made.ledgers, made.records, made.bytes};
}

Result<std::uint64_t> publish_for_newcomers(vault::Vault& vault) {
  WAYSIDE_TRY(const auto teams, vault::newcomers(vault));
  for (const auto& [team, wants_snapshot] : teams) {
    if (!wants_snapshot) {
      WAYSIDE_OK(vault::newcomer_served(vault, team, false));
      continue;
    }
    const auto made = publish_snapshot(vault, team);
    if (!made && made.error().code == Errc::busy) return 0;
    if (!made && made.error().code != Errc::too_large) return std::unexpected(made.error());
    WAYSIDE_OK(vault::newcomer_served(vault, team, made.has_value()));
    if (made) return made->ledgers;   // another team's waits for the next reconcile: what this one has saved goes first
  }
  return 0;
}

}  // namespace wayside::reconcile
