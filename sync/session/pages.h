#pragma once

#include "sync/session/session.h"

/// What an answer of the office means for the cursor. Pure; used by session.cc and by nothing else.
namespace wayside::session {

/// What is to be stored for one answer.
struct Gain {
  wire::pb::PullAnswer page;          ///< what is new of it, in the order in which it is applied
  wire::pb::CursorFrame change;
  bool page_has_content = false;
  bool change_has_content = false;
};

/// Whether an answer comes from another generation of the office than the cursor's.
bool is_another(const State& state, const Bytes& generation);

/// The office's generation: the first is adopted. It is no other than the cursor's.
Result<void> meet_generation(State& state, const Bytes& generation, Gain& gain);

/// Advances ledgers over what was just sent, where the answers join on; the rest comes with a page.
/// Errc::bad_input when the answer does not fit what was sent.
Result<void> take_push_answer(State& state, const wire::pb::PushAnswer& answer, Gain& gain);

/// Advances the membership log and every ledger that the page continues, notes gaps, and leaves out what is held already.
/// Errors: corrupt, newer_format (membership), bad_input (no headway although more is promised).
Result<void> take_page(State& state, const wire::pb::PullAnswer& answer, Gain& gain);

/// The office has the receipts that went with the question, and gives those of colleagues.
void take_receipts(State& state, const wire::pb::PullAnswer& answer, Gain& gain);

/// Of what this device does not carry any more the cursor knows nothing.
void drop_uncarried_ledgers(State& state, Gain& gain);

/// How what the office has signed for the end of a pull lies to what we hold.
enum class Comparison {
  all_here,
  outdated,         ///< a statement from before what the office has told already: repeated, or it went back
  missing,          ///< `state.gaps` says what; or nothing is known but that something is
  carried_no_more,  ///< we hold ledgers that it does not give this device any more; they have left the cursor (`gain`)
};
/// Errors: fork, bad_input, newer_format.
Result<Comparison> compare_heads(State& state, Gain& gain);

}  // namespace wayside::session
