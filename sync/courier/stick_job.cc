#include <set>

#include "sync/courier/stick_run.h"

namespace wayside::courier {
namespace {

/// Answers to what nothing here remembers to have asked: of a letter that was taken already, or of another life of this spool.
Result<void> put_stale_aside(StickRun& run) {
  std::set<Digest> awaited;
  for (const auto& letter : run.note.letters()) {
    for (const auto& item : letter.items()) awaited.insert(*Digest::from(item.request()));
  }
  WAYSIDE_TRY(const std::size_t gone, run.mail.remove_answers_but(awaited));
  run.told().set_put_aside(run.told().put_aside() + gone);
  return {};
}

Result<void> take(StickRun& run) {
  WAYSIDE_TRY(const bool whole, take_answers(run));
  run.done.set_stopped_early(!whole);
  return {};
}

Result<void> work(StickRun& run) {
  using Job = wire::pb::StickJob;
  const auto part = run.job.sync().stick().part();
  WAYSIDE_OK(run.mail.look());
  Result<void> taken;
  if (part != Job::write) {
    if (run.job.sync().has_covered()) WAYSIDE_OK(take_over(run.job.sync().covered(), run.cursors));
    taken = take(run);
    run.told().set_spoilt(run.mail.spoilt());
    WAYSIDE_OK(put_stale_aside(run));
  }
  run.told().set_answered_ms(run.note.answered_ms());
  // What a contradiction means is for the vault to say, before anything more is asked. A removed device may bring what it has.
  const bool may_ask = taken || taken.error().code == Errc::refused || taken.error().code == Errc::later;
  if (part != Job::take && may_ask) WAYSIDE_OK(write_letter(run));
  run.told().set_files(run.mail.files());
  run.told().set_bytes(run.mail.bytes());
  return taken;
}

}  // namespace

Result<void> run_stick(const wire::pb::CourierJob& job, platform::Env env, const Controls& controls, wire::pb::CourierDone& done) {
  const spool::Layout layout{platform::Path(job.spool())};
  WAYSIDE_TRY(const spool::Office office, spool::read_office(env.files, layout));
  if (!office.sign_public) return fail(Errc::locked, "the office's key for answers over a stick");
  WAYSIDE_TRY(SecretBytes key, spool::read_courier_key(env.files, layout));
  WAYSIDE_TRY(stick::Folder folder, stick::Folder::open(env.files, job.sync().stick().folder()));
  WAYSIDE_TRY(stick::Seals seals, stick::Seals::between({office.organisation, office.device, *office.sign_public, office.courier_public}, key));
  WAYSIDE_TRY(spool::Cursors cursors, spool::Cursors::open(env.files, layout));
  WAYSIDE_TRY(spool::InboxWriter inbox, spool::InboxWriter::open(env.files, layout, cursors));
  WAYSIDE_TRY(auto note, spool::read_stick_note(env.files, layout));
  Controls of_stick = controls;
  of_stick.tuning.page_bytes = wire::kMaxPageBytes;   // nothing is lost with a page that no line can cut
  StickRun run{env, job, of_stick, done, layout, std::move(key), std::move(cursors), std::move(inbox), std::move(note),
               StickMail(std::move(folder), std::move(seals))};
  return work(run);
}

Bytes packed(std::span<const Digest> addresses) {
  Bytes all;
  for (const Digest& each : addresses) all += each.view();
  return all;
}

std::vector<Digest> unpacked(BytesView addresses) {
  std::vector<Digest> all;
  for (; addresses.size() >= Digest::size_bytes; addresses.remove_prefix(Digest::size_bytes))
    all.push_back(*Digest::from(addresses.substr(0, Digest::size_bytes)));
  return all;
}

}  // namespace wayside::courier
