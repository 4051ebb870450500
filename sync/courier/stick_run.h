#pragma once

#include "sync/courier/jobs.h"
#include "sync/courier/stick_mail.h"
#include "sync/spool/stick_note.h"

/// What the two halves of a run over a stick share. Used by stick_job.cc, stick_take.cc and stick_write.cc.
namespace wayside::courier {

struct StickRun {
  platform::Env env;
  const wire::pb::CourierJob& job;
  const Controls& controls;
  wire::pb::CourierDone& done;
  spool::Layout layout;
  SecretBytes key;
  spool::Cursors cursors;
  spool::InboxWriter inbox;
  wire::pb::StickNote note;
  StickMail mail;

  wire::pb::StickDone& told() { return *done.mutable_stick(); }
  Result<void> save_note() { return spool::write_stick_note(env.files, layout, note); }
};

/// Takes in what answers a letter that is remembered, through the very session that a line would feed, oldest letter first; each
/// page is durable before the next. An answer that comes late, or torn, or short of its end, is as good as a line that was cut.
/// True when the last of it ended as a reconcile over a line does: all that the office held when it answered is here.
/// Errors: those of session.h, and this machine's disk; then nothing is lost of what is on the stick.
Result<bool> take_answers(StickRun& run);

/// Writes what waits for the office: the question what is new, all that the outbox holds, parts of attachments. What lies there
/// and says the same stays. A stick that is full takes what fits: StickDone::full.
/// Errors: stick, and those of the spool.
Result<void> write_letter(StickRun& run);

/// A list of addresses as a note keeps it.
Bytes packed(std::span<const Digest> addresses);
std::vector<Digest> unpacked(BytesView addresses);

}  // namespace wayside::courier
