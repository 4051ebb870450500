#include "sync/courier/jobs.h"

// What a newcomer begins with. The parts of a snapshot travel as those of attachments do (parts_job.cc).

namespace wayside::courier {
namespace {

using namespace wire::pb;

constexpr int kNoSuchPath = 404;
constexpr std::uint32_t kFetching = 2;

}  // namespace

Result<void> find_snapshots(Exchange& exchange, CourierDone& done) {
  WAYSIDE_TRY(auto reply, exchange.find_snapshots());
  if (const auto* refused = std::get_if<session::Refused>(&reply)) {
    if (refused->http_status == kNoSuchPath) return {};   // an office of an earlier version has none
    return std::unexpected(session::error_of(*refused));
  }
  auto& answer = std::get<FindSnapshotsAnswer>(reply);
  done.set_found_in(answer.generation());
  *done.mutable_snapshots() = std::move(*answer.mutable_parcels());
  return {};
}

Result<void> take_over(const Covered& covered, spool::Cursors& cursors) {
  const spool::Cursor& now = cursors.now();
  if (now.position != 0 || !now.ledgers.empty() || now.anew) return {};
  CursorFrame change;
  change.set_generation(covered.generation());
  change.set_position(covered.position());
  change.set_history_up_to(covered.position());
  *change.mutable_ledgers() = covered.ledgers();
  return cursors.save(change);
}

Result<void> fetch_history(Exchange& exchange, spool::Cursors& cursors, spool::InboxWriter& inbox, const HistoryLimits& limits,
                           const Controls& controls, CourierDone& done) {
  for (std::uint64_t pages = 0; cursors.now().history < cursors.now().history_up_to; ++pages) {
    if (controls.stop_asked() || (limits.most_pages > 0 && pages + done.pages() >= limits.most_pages)) {
      done.set_stopped_early(true);
      return {};
    }
    const spool::Cursor& now = cursors.now();
    PullRequest request;
    request.set_generation(now.generation);
    request.set_position(now.history);
    request.set_up_to(now.history_up_to);
    request.set_membership(now.membership);
    request.set_page_bytes(controls.tuning.page_bytes);
    request.set_carry_list(limits.carry_list);
    WAYSIDE_TRY(auto reply, exchange.pull(request));
    if (const auto* refused = std::get_if<session::Refused>(&reply)) return std::unexpected(session::error_of(*refused));
    auto& answer = std::get<PullAnswer>(reply);
    if (answer.carry_list_unknown()) return {};   // the next reconcile tells it again, and goes on here
    const bool more = answer.more();
    if (more && answer.position() <= now.history) return fail(Errc::bad_input, "the office promises more and sends nothing new");
    CursorFrame change;
    change.set_history(more ? answer.position() : now.history_up_to);
    for (const Delivery& each : answer.deliveries()) {
      if (!each.has_parcel()) continue;
      done.set_pulled_envelopes(done.pulled_envelopes() + 1);
      done.set_pulled_bytes(done.pulled_bytes() + each.parcel().ByteSizeLong());
    }
    answer.clear_membership();   // what is new of it comes with the next reconcile, in its place
    answer.clear_heads();
    answer.set_more(true);
    WAYSIDE_TRY(const std::uint64_t number, inbox.append(answer));
    change.set_inbox_number(number);
    WAYSIDE_OK(cursors.save(change));
    CourierProgress progress;
    progress.set_phase(kFetching);
    progress.set_done(done.pulled_envelopes());
    controls.progress(progress);
    done.set_pages(done.pages() + 1);
  }
  return {};
}

}  // namespace wayside::courier
