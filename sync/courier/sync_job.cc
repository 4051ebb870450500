#include "sync/courier/jobs.h"
#include "sync/spool/cursors.h"
#include "sync/spool/inbox.h"
#include "sync/spool/last_run.h"
#include "sync/spool/layout.h"
#include "sync/spool/outbox.h"
#include "sync/spool/carry_list_file.h"
#include "sync/spool/receipt_file.h"
#include "sync/wire/carry_list.h"

namespace wayside::courier {
namespace {

/// Performs the effects of one reconcile on a spool and an office.
class Shell {
 public:
  Shell(spool::Cursors& cursors, spool::InboxWriter& inbox, spool::OutboxReader& outbox, Exchange& exchange,
        const Controls& controls)
      : cursors_(cursors), inbox_(inbox), outbox_(outbox), exchange_(exchange), controls_(controls) {}

  session::State run(session::Begin begin);
  [[nodiscard]] const session::Finish& outcome() const { return outcome_; }

 private:
  session::Event perform(const session::ReadOutbox& effect);
  session::Event perform(const session::Push& effect);
  session::Event perform(const session::Pull& effect);
  session::Event perform(const session::Store& effect);
  session::Event perform(const session::Progress& effect);
  session::Event perform(const session::Finish& effect);

  spool::Cursors& cursors_;
  spool::InboxWriter& inbox_;
  spool::OutboxReader& outbox_;
  Exchange& exchange_;
  const Controls& controls_;
  session::Finish outcome_;
};

session::State Shell::run(session::Begin begin) {
  session::State state;
  session::Event event = std::move(begin);
  while (state.phase != session::Phase::finished) {
    if (controls_.stop_asked()) state = session::step(state, session::StopAsked{}, controls_.tuning).state;
    session::Step next = session::step(state, event, controls_.tuning);
    state = std::move(next.state);
    for (const session::Effect& effect : next.effects)   // the last one's outcome is the next event
      event = std::visit([this](const auto& each) { return perform(each); }, effect);
  }
  return state;
}

session::Event Shell::perform(const session::ReadOutbox& effect) {
  auto frames = outbox_.next(effect.max_parcels, effect.max_bytes);
  if (!frames) return session::Failed{frames.error()};
  return session::Batch{*std::move(frames)};
}

session::Event Shell::perform(const session::Push& effect) {
  auto reply = exchange_.push(effect.request);
  if (!reply) return session::Failed{reply.error()};
  if (auto* refused = std::get_if<session::Refused>(&*reply)) return std::move(*refused);
  return session::Pushed{std::get<wire::pb::PushAnswer>(*std::move(reply))};
}

session::Event Shell::perform(const session::Pull& effect) {
  auto reply = exchange_.pull(effect.request);
  if (!reply) return session::Failed{reply.error()};
  if (auto* refused = std::get_if<session::Refused>(&*reply)) return std::move(*refused);
  return session::Pulled{std::get<wire::pb::PullAnswer>(*std::move(reply))};
}

session::Event Shell::perform(const session::Store& effect) {
  if (auto stored = store_gain(effect, cursors_, inbox_); !stored) return session::Failed{stored.error()};
  return session::Stored{};
}

session::Event Shell::perform(const session::Progress& effect) {
  wire::pb::CourierProgress progress;
  progress.set_phase(static_cast<std::uint32_t>(effect.phase));
  progress.set_done(effect.done);
  progress.set_total(effect.total);
  controls_.progress(progress);
  return session::Stored{};   // never the last of a step
}

session::Event Shell::perform(const session::Finish& effect) {
  outcome_ = effect;
  return session::StopAsked{};
}

/// Nobody watches: how it ended is kept for the next unlock. That this cannot be written is no reason to fail.
void keep_for_unlock(const spool::Layout& layout, platform::Env env, const Result<void>& outcome,
                     const wire::pb::CourierDone& done) {
  const auto before = spool::read_last_run(env.files, layout);
  spool::LastRun run{env.clock.wall_ms(), std::nullopt, done.pushed_envelopes(), done.pulled_envelopes(), 0};
  if (!outcome) run.error = outcome.error().code;
  run.reached_ms = outcome ? run.ended_ms : before ? before->reached_ms : 0;
  (void)spool::write_last_run(env.files, layout, run);
}

Bytes new_token(platform::Random& random) {
  Bytes out(16, '\0');
  random.fill({reinterpret_cast<unsigned char*>(out.data()), out.size()});
  return out;
}

Result<void> carry(const wire::pb::CourierJob& job, platform::Env env, const Controls& controls,
                   wire::pb::CourierDone& done) {
  const spool::Layout layout{platform::Path(job.spool())};
  WAYSIDE_TRY(const spool::Office office, spool::read_office(env.files, layout));
  WAYSIDE_TRY(const SecretBytes key, spool::read_courier_key(env.files, layout));
  WAYSIDE_TRY(spool::Cursors cursors, spool::Cursors::open(env.files, layout));
  WAYSIDE_TRY(spool::InboxWriter inbox, spool::InboxWriter::open(env.files, layout, cursors));
  WAYSIDE_TRY(session::Begin begin, begin_from(env.files, layout, cursors, inbox));
  begin.stop_after_pages = job.sync().stop_after_pages();
  // Letters that lie on a stick carry no token: they may be days under way, and one of them would stop what is sent today.
  if (begin.outbox_frames > 0) begin.token = new_token(env.random);
  begin.token_anew = job.sync().sending_anew();
  spool::OutboxReader outbox(env.files, layout, cursors.now().pushed_up_to);
  Exchange exchange(env.network, peer_of(office, job, key));
  if (job.sync().snapshots() == wire::pb::SyncJob::find_only) {
    const Result<void> found = find_snapshots(exchange, done);
    tell_traffic(exchange.traffic(), done);
    return found;
  }
  if (job.sync().has_covered()) {
    WAYSIDE_OK(take_over(job.sync().covered(), cursors));
    begin.cursor = cursors.now();
  }
  Shell shell(cursors, inbox, outbox, exchange, controls);
  const session::State end = shell.run(std::move(begin));
  done.set_generation(shell.outcome().generation);
  tell_session(end, done);
  done.set_sent_elsewhere(end.sent_elsewhere);
  done.set_stopped_early(shell.outcome().stopped_early);
  const auto& error = shell.outcome().error;
  Result<void> outcome = error ? Result<void>(std::unexpected(*error)) : Result<void>{};
  // A removed device is given nothing any more. What it still brings may be accepted, files among it.
  const bool may_send = !error || error->code == Errc::refused;
  // An address that a colleague needs tonight does not wait behind photographs, nor behind what is shown already.
  if (may_send && !done.stopped_early() && !job.home().empty()) {
    const auto sent_parts = send_parts(exchange, env.files, layout, job.home(), cursors, controls, done);
    if (!error) outcome = sent_parts;
  }
  if (outcome && !done.stopped_early() && job.sync().snapshots() != wire::pb::SyncJob::no_history && !cursors.now().anew)
    outcome = fetch_history(exchange, cursors, inbox, {job.sync().stop_after_pages(), end.carry.digest()}, controls, done);
  tell_traffic(exchange.traffic(), done);
  return outcome;
}

}  // namespace

Result<session::Begin> begin_from(platform::Files& files, const spool::Layout& layout, const spool::Cursors& cursors,
                                  const spool::InboxWriter& inbox) {
  WAYSIDE_TRY(const spool::Office office, spool::read_office(files, layout));
  WAYSIDE_TRY(const std::uint64_t newest, spool::newest_outbox_frame(files, layout));
  WAYSIDE_TRY(const spool::Folded folded, spool::read_folded(files, layout));
  WAYSIDE_TRY(const auto receipts, spool::read_receipts(files, layout));
  WAYSIDE_TRY(auto carry, spool::read_carry_list(files, layout));
  const spool::Cursor& now = cursors.now();
  const bool to_carry = receipts && receipts->digest.view() != now.receipt_sent;
  return session::Begin{.cursor = now,
                        .organisation = office.organisation,
                        .outbox_frames = newest > now.pushed_up_to ? newest - now.pushed_up_to : 0,
                        .accepts = inbox.accepted() && now.accepted != now.generation,
                        .incarnation = folded.incarnation,
                        .receipts = to_carry ? receipts->receipts : Bytes(),
                        .receipts_digest = to_carry ? receipts->digest.str() : Bytes(),
                        .carry = std::move(carry)};
}

Result<void> store_gain(const session::Store& gain, spool::Cursors& cursors, spool::InboxWriter& inbox) {
  wire::pb::CursorFrame change = gain.change;
  if (gain.page) {
    WAYSIDE_TRY(const std::uint64_t number, inbox.append(*gain.page));
    change.set_inbox_number(number);
  }
  return cursors.save(change);
}

void tell_session(const session::State& end, wire::pb::CourierDone& done) {
  done.set_pushed_envelopes(done.pushed_envelopes() + end.counts.pushed_envelopes);
  done.set_pushed_bytes(done.pushed_bytes() + end.counts.pushed_bytes);
  done.set_pulled_envelopes(done.pulled_envelopes() + end.counts.pulled_envelopes);
  done.set_pulled_bytes(done.pulled_bytes() + end.counts.pulled_bytes);
  done.set_pages(done.pages() + end.pages);
}

Result<void> run_sync(const wire::pb::CourierJob& job, platform::Env env, const Controls& controls,
                      wire::pb::CourierDone& done) {
  const spool::Layout layout{platform::Path(job.spool())};
  if (!env.files.exists(layout.office())) return fail(Errc::not_found, layout.office().string());
  WAYSIDE_TRY(const auto lock, env.files.lock(layout.courier_lock()));
  const Result<void> outcome = job.sync().has_stick() ? run_stick(job, env, controls, done) : carry(job, env, controls, done);
  if (job.sync().unwatched()) keep_for_unlock(layout, env, outcome, done);
  return outcome;
}

}  // namespace wayside::courier
