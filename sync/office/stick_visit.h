#pragma once

#include <functional>

#include "sync/office/roster.h"
#include "sync/office/service.h"
#include "sync/stick/folder.h"

/// The office's half of a stick (sync/stick): finds what devices ask, lets the Service answer it as if it came over a line, and
/// lays the answers beside. Who may do what, shares and quarantine are the Service's: a stick is one more way to it.
namespace wayside::office {

/// Service::answer, of an office that is here or one that another program serves. An error: it could not be asked.
using AskOffice = std::function<Result<Reply>(const PublicKey& courier, std::string_view path, BytesView body)>;

struct StickFacts {
  std::uint64_t devices = 0;     ///< that asked anything
  std::uint64_t questions = 0;   ///< answered now
  std::uint64_t envelopes = 0;   ///< stored now
  std::uint64_t parts = 0;       ///< of attachments, stored now
  std::uint64_t refused = 0;     ///< answers other than what was asked for: a removed device, another generation …
  std::uint64_t files = 0;       ///< that were written
  std::uint64_t bytes = 0;
  std::uint64_t left = 0;        ///< questions that stay: one before them is missing, or the office asks to come back later
  std::uint64_t later = 0;       ///< of these
  std::uint64_t spoilt = 0;      ///< files of devices that could not be read to their end, or were not signed by them
  std::uint64_t foreign = 0;     ///< files that look like ours and are for none of this office's devices, or from a newer version
  std::uint64_t unfetched = 0;   ///< answers to earlier visits that still lie there
  bool full = false;
  bool more = false;             ///< there were more files than are looked at in one visit
};

/// Of each device in turn: pushes in their order (from the first gap of a letter on none) and parts; then, of each again, what is
/// new to the end and parts that it wants. A question goes once its answer is durable, so that a visit that was cut short is made again
/// as it was. A stick that is full takes what fits; the device asks for the rest next time.
/// Errors: corrupt (this is not the key that membership names), stick, and those of `ask`.
Result<StickFacts> visit_stick(platform::Env& env, stick::Folder& folder, const Roster& roster, const SecretBytes& sign_seed,
                               const AskOffice& ask);

}  // namespace wayside::office
