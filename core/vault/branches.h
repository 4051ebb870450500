#pragma once

#include <vector>

#include "core/vault/vault.h"

/// Two signed successors of one entry of the membership log: two logs where there should be one. It takes an office that was put
/// back and went on with another entry, or one that lies, and a device that signs. The vault keeps the branch that it saw first,
/// keeps what it was shown of the other as evidence, and takes no further epoch and no entry that takes a right away, until the
/// root has said which branch stays: one `branch` entry for each entry that is refused, on the branch that is kept.
///
/// Envelopes under a refused head are judged by the last entry that both branches share (Log::number_of). A device on the
/// refused branch changes over: its log goes back to there and on with the other.
namespace wayside::vault {

/// A branch that nobody decided about yet.
struct Branching {
  std::uint64_t number = 0;                          ///< of the first entries that differ
  std::vector<membership::SignedEntry> ours, theirs; ///< from there on, oldest first
};

enum class Heeded {
  nothing,     ///< these entries are this log's own, or go on where it ends, or nobody may have signed them
  evidence,    ///< another branch, or more of it than was known: it is kept now
  changed_over ///< the root refused this vault's own branch: its log is the other one now, and all is judged again
};
/// Looks at entries that somebody showed, before they are taken in. In a transaction of its own, and costs none when there is
/// nothing to see.
Result<Heeded> heed_branches(Vault& vault, const std::vector<Bytes>& entries);

Result<std::vector<Branching>> undecided_branches(Vault& vault);
/// Whether such an entry has to wait while a branch is undecided.
bool waits_for_decision(const membership::EntryKind& kind);
/// No branch is undecided, or these entries, as far as they go on where the log ends, decide about all of them.
Result<bool> are_decided(Vault& vault, const std::vector<Bytes>& entries);

/// "There are two membership logs: entry 41 is …" For a person, with what the office's operator has to type.
std::string sentence_of(const Vault& vault, const Branching& branching);
/// Those that nobody was told of on this device yet, and that they were told now.
Result<std::vector<Branching>> untold_branches(Vault& vault);
Result<void> note_branches_told(Vault& vault, Vault::Writing& writing);

}  // namespace wayside::vault
