#pragma once

#include "sync/reconcile/parts.h"

/// One run of a courier, and what it says of the office: what the loop over a line (courier_runs.cc) and the run over a folder
/// (folder_run.cc) share.
namespace wayside::reconcile {

struct How {
  bool begun = false, sending_anew = false;
  std::optional<wire::pb::StickJob> over{};   ///< a folder, in place of a line
};

/// With what it brought. `taken`: what the office says it holds now, of what it was sent.
/// `sent_by_copy`: the office took nothing, and names what waited here: only a copy of this vault can have sent that.
struct Run { wire::pb::CourierDone done; Folding folding; std::vector<EnvelopeId> taken; std::optional<Error> error; bool sent_by_copy = false; };
Result<Run> run_courier(vault::Vault& vault, const Options& options, How how, spool::Outbox& outbox);
/// Adds what it moved.
void add(const Run& run, Outcome& out);

/// Something may be wrong although the courier ended well, or with a contradiction: then everything is in doubt from now on.
/// `put_back`: an older store was. The office has what the outbox still held, and now shows what the store lacks.
Result<bool> is_well(vault::Vault& vault, const Run& run, bool put_back);
/// It is: what the office lost it has again, and it admits this device.
Result<void> note_well(vault::Vault& vault);

/// The office has shown all it holds: what it lost stands ready to be sent. Nothing when a courier has yet to bring the rest.
Result<std::optional<Lost>> give_back(vault::Vault& vault, bool put_back, std::optional<Error>& told);

/// The office does not admit this device any more.
Result<void> note_refused(vault::Vault& vault);
/// It answers in a generation that this device has left.
Error left_before();

}  // namespace wayside::reconcile
