#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "core/base/ids.h"
#include "platform/result.h"
#include "sync/session/tuning.h"
#include "sync/spool/cursor.h"
#include "sync/wire/carry_list.h"
#include "sync/wire/heads.h"
#include "sync/wire/wire.pb.h"

/// One reconciliation as a pure step function: no socket, clock, file or database in here.
///
///     begin → reading ⇄ pushing → storing_push → reading …       until the outbox is empty
///             storing_push → pulling                                  when one was refused for its place
///             pushing → pulling                                       when a copy of the vault has sent: its work comes first
///             reading → pulling → storing_page → pulling …       until the office has no more and the heads agree
///             any → finished
///
/// Of a step's effects the last is the one whose outcome the shell reports as the next event; those before it need no
/// answer. Nothing is kept that a later reconcile could not find again: a crash between any two effects costs a repeat.
namespace wayside::session {

// ---- Events: what the shell reports -------------------------------------------------------------------------

struct Begin {
  spool::Cursor cursor;
  OrganisationId organisation;
  std::uint64_t outbox_frames = 0;       ///< waiting, for progress only
  std::uint64_t stop_after_pages = 0;    ///< 0: to the end
  bool accepts = false;                  ///< the office is to be told that its generation has got all it lacked of what is here
  Bytes incarnation{};                   ///< 16: of this device; empty: not known
  Bytes receipts{};                      ///< of this device, which the office has not got yet
  Bytes receipts_digest{};               ///< 32: what Cursor::receipt_sent shall say when it has
  wire::CarryList carry{};               ///< which ledgers it carries
  Bytes token{};                         ///< 16, random, for what is sent now; empty: none is shown
  bool token_anew = false;               ///< whatever the office keeps does not matter
};
struct Batch { std::vector<wire::pb::OutboxFrame> frames; };   ///< to ReadOutbox; empty: all are sent
struct Pushed { wire::pb::PushAnswer answer; };
struct Pulled { wire::pb::PullAnswer answer; };
struct Refused { int http_status = 0; wire::pb::Refusal refusal; };   ///< the office answered otherwise than 200
struct Stored {};                                              ///< to Store: durable
struct Failed { Error error; };                                ///< the effect under way could not be done
struct StopAsked {};                                           ///< finish what is under way, then end
using Event = std::variant<Begin, Batch, Pushed, Pulled, Refused, Stored, Failed, StopAsked>;

// ---- Effects: what the shell shall do ------------------------------------------------------------------------

struct ReadOutbox { std::size_t max_parcels = 0; std::size_t max_bytes = 0; };   ///< the frames after those read before
struct Push { wire::pb::PushRequest request; };
struct Pull { wire::pb::PullRequest request; };
/// First the page durably into the inbox (when there is one), then the change durably into the cursors, with the number
/// of the page's inbox frame.
struct Store { std::optional<wire::pb::PullAnswer> page; wire::pb::CursorFrame change; };
struct Progress {
  enum class Phase : std::uint32_t { sending = 1, fetching = 2 };
  Phase phase = Phase::sending;
  std::uint64_t done = 0;
  std::uint64_t total = 0;               ///< 0: not known
};
struct Finish {
  std::optional<Error> error;            ///< what was taken before it stays taken
  bool stopped_early = false;
  Bytes generation{};                    ///< another one than the cursor's, which the office named; else empty
};
using Effect = std::variant<ReadOutbox, Push, Pull, Store, Progress, Finish>;

// ---- State ---------------------------------------------------------------------------------------------------

enum class Phase { begin, reading, pushing, storing_push, pulling, storing_page, finished };

struct Counts {
  std::uint64_t pushed_envelopes = 0;    ///< answered `stored` or `known`
  std::uint64_t pushed_bytes = 0;        ///< of their envelopes and grants
  std::uint64_t pulled_envelopes = 0;    ///< new to this device, its own not counted
  std::uint64_t pulled_bytes = 0;
};

/// An outbox frame under way.
struct Sent {
  std::uint64_t number = 0;
  EnvelopeId id;
  std::optional<LedgerId> ledger;        ///< nothing when its envelope cannot be parsed, or is a sealed copy
  std::uint64_t bytes = 0;
  bool copy = false;                     ///< sealed to the office: nobody here can read it
};

struct State {
  Phase phase = Phase::begin;
  OrganisationId organisation;
  Bytes incarnation;
  spool::Cursor cursor;                  ///< as it will be when what is under way is stored
  std::uint64_t position = 0;            ///< as far as this reconcile has read; the cursor's waits until no gap is open
  std::vector<Sent> sent;                ///< parcels under way
  std::uint64_t sent_up_to = 0;          ///< the newest outbox frame under way
  std::set<EnvelopeId> taken;            ///< sent in this reconcile and taken: of those the id alone is enough
  bool forked = false;                   ///< one was refused since another holds its place: no more is sent
  bool sent_elsewhere = false;           ///< all was, since the office keeps a token that this spool does not know
  bool full = false;                     ///< this device's share at the office is: no more is sent now
  std::set<LedgerId> asked;              ///< by lsn, with the request under way
  std::map<LedgerId, std::uint64_t> gaps;   ///< ledgers known to go further than we hold, and how far
  std::set<LedgerId> broken;             ///< what the office delivers of them has no place in their chain
  bool more = false;                     ///< of the page under way
  Bytes heads;                           ///< of the page under way
  unsigned repairs = 0;                  ///< rounds of asking again since an envelope was gained
  unsigned barren = 0;                   ///< answers in a row that brought nothing new
  std::uint64_t pages = 0;
  bool stopping = false;
  bool accepts = false;                  ///< and the office was not told yet
  Bytes receipts, receipts_digest;       ///< go with the next question; empty: there are none, or the office has them
  wire::CarryList carry;
  unsigned told_carry_list = 0;            ///< how often the office asked for that list
  std::uint64_t outbox_done = 0;
  std::uint64_t outbox_frames = 0;
  std::uint64_t stop_after_pages = 0;
  Counts counts;
};

struct Step {
  State state;
  std::vector<Effect> effects;
};

/// Errors that it finishes with: refused, later (detail: ms since 1970), too_large, unreachable, bad_input (an answer that
/// is none), office_restored (it names another `generation`), fork (it went back, or tells two stories), corrupt (what it sent is not what it
/// signed), newer_format, and whatever the shell reports as Failed.
/// An event that does not belong to the phase is a bug: it finishes with Errc::bad_input.
Step step(const State& state, const Event& event, const Tuning& tuning);

/// What a refusal means: refused or one of the ticket errors, later, office_restored, too_large, bad_input, unreachable.
Error error_of(const Refused& refused);

/// The digest that the office compares: every ledger of the cursor and the membership log.
Digest frontier_of(const spool::Cursor& cursor, const OrganisationId& organisation);

}  // namespace wayside::session
