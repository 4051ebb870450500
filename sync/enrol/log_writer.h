#pragma once

#include <functional>

#include "core/vault/vault.h"
#include "sync/enrol/membership_line.h"

namespace wayside::enrol {

/// What this device, an administrator's, adds to the membership log: signed with its key against the head just fetched,
/// and in the vault's own log once the office took it.
class LogWriter {
 public:
  /// Without a line the log is this vault's alone (`solo`).
  LogWriter(vault::Vault& vault, MembershipLine* line) : vault_(vault), line_(line) {}

  /// Takes in what the office holds. Errors: unreachable …
  Result<void> fetch();

  /// `still_fits` is asked before every try, since somebody else may have appended meanwhile; its error ends it.
  /// Errors: not_permitted (no administrator), newer_format (an entry that this version does not know), stale_head,
  /// unreachable, what the office refused …
  Result<void> append(const membership::EntryKind& kind, const std::function<Result<void>()>& still_fits = {});
  /// What `make` makes of the log as it stands, after a fetch; made anew where somebody else was quicker.
  Result<void> append_made(const std::function<Result<membership::EntryKind>()>& make);

 private:
  Result<void> take(const std::vector<Bytes>& entries);

  vault::Vault& vault_;
  MembershipLine* line_;
};

/// Why an entry about one case is signed, sealed like a name. Errors: bad_input (there is none), too_large.
Result<Bytes> seal_reason(vault::Vault& vault, const std::string& reason);

}  // namespace wayside::enrol
