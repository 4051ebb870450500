#include "core/vault/branches.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/vault/ingest.h"

namespace wayside::vault {
namespace {

using membership::EntryKind;
using membership::SignedEntry;

/// Made with the first that is seen. `told`: a person was told of it.
constexpr std::string_view kTable =
    "CREATE TABLE IF NOT EXISTS rival_entries(hash BLOB PRIMARY KEY, number INTEGER NOT NULL, entry BLOB NOT NULL, since_ms INTEGER NOT NULL, "
    "told INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID";
/// Of entries that nobody may have signed nothing is kept; of those that somebody did, so many.
constexpr std::size_t kMostRivals = 4096;

Result<bool> any_known(Vault& vault) {
  return vault.store().database().query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'rival_entries'").next();
}

Result<std::vector<SignedEntry>> known_rivals(Vault& vault) {
  std::vector<SignedEntry> out;
  WAYSIDE_TRY(const bool any, any_known(vault));
  if (!any) return out;
  store::Query rows = vault.store().database().query("SELECT entry FROM rival_entries ORDER BY number, hash");
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    WAYSIDE_TRY(auto entry, membership::parse_entry(rows.blob(0)));
    out.push_back(std::move(entry));
  }
}

Result<std::vector<SignedEntry>> own_entries(Vault& vault) {
  std::vector<SignedEntry> out;
  store::Query rows = vault.store().database().query("SELECT entry FROM membership ORDER BY number");
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    WAYSIDE_TRY(auto entry, membership::parse_entry(rows.blob(0)));
    out.push_back(std::move(entry));
  }
}

/// Another log than this one, as far as it is known: what it shares with ours, and what comes after.
struct Other {
  std::uint64_t number = 0;
  std::vector<SignedEntry> entries;
  membership::Log log;
};

/// From all that was ever shown, the branches whose every entry somebody may have signed there.
std::vector<Other> branches_from(const std::vector<SignedEntry>& ours, const std::vector<SignedEntry>& shown) {
  std::map<EntryHash, std::vector<const SignedEntry*>> after;   // by the entry before
  std::set<EntryHash> own;
  for (const SignedEntry& each : ours) own.insert(each.hash);
  for (const SignedEntry& each : shown) {
    if (each.entry.previous && !own.contains(each.hash)) after[*each.entry.previous].push_back(&each);
  }
  std::vector<Other> out;
  membership::Log shared;
  for (std::size_t at = 0; at + 1 < ours.size(); ++at) {   // what follows the newest is no rival
    if (!shared.append(ours[at])) return out;
    const auto rivals = after.find(ours[at].hash);
    if (rivals == after.end()) continue;
    for (const SignedEntry* first : rivals->second) {
      Other other{at + 1, {}, shared};
      for (const SignedEntry* next = first; next != nullptr;) {
        if (!other.log.append(*next)) break;
        other.entries.push_back(*next);
        const auto more = after.find(next->hash);
        next = more == after.end() ? nullptr : more->second.front();
      }
      if (!other.entries.empty()) out.push_back(std::move(other));
    }
  }
  return out;
}

/// Every entry of `branch` is refused by name.
bool all_refused(const membership::Log& by, const std::vector<SignedEntry>& entries, std::uint64_t from) {
  return std::ranges::all_of(entries, [&](const SignedEntry& each) { return each.entry.number < from || by.refused().contains(each.hash); });
}

Result<std::size_t> keep(Vault& vault, const std::vector<Other>& others) {
  WAYSIDE_OK(vault.store().database().run(kTable));
  std::size_t fresh = 0, kept = 0;
  for (const Other& other : others) {
    for (const SignedEntry& each : other.entries) {
      if (++kept > kMostRivals) return fresh;
      WAYSIDE_OK(vault.store().database().run("INSERT OR IGNORE INTO rival_entries(hash, number, entry, since_ms) VALUES(?, ?, ?, ?)", each.hash,
                                              each.entry.number, each.bytes, vault.env().clock.wall_ms()));
      fresh += vault.store().database().changed_rows() > 0 ? 1 : 0;
    }
  }
  return fresh;
}

/// What this vault held becomes the other branch, which is decided.
Result<void> change_over(Vault& vault, const Other& kept, const std::vector<SignedEntry>& ours) {
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault.store().database().run(kTable));
  WAYSIDE_OK(vault.store().database().run("DELETE FROM rival_entries"));
  for (const SignedEntry& each : ours) {
    if (each.entry.number < kept.number) continue;
    WAYSIDE_OK(vault.store().database().run("INSERT OR IGNORE INTO rival_entries(hash, number, entry, since_ms, told) VALUES(?, ?, ?, ?, 1)", each.hash,
                                            each.entry.number, each.bytes, vault.env().clock.wall_ms()));
  }
  WAYSIDE_OK(writing.cut_membership(kept.number));
  std::vector<Bytes> entries;
  for (const SignedEntry& each : kept.entries) entries.push_back(each.bytes);
  Ingest ingest(vault, writing);
  WAYSIDE_OK(ingest.change_over(entries));
  return std::move(writing).commit();
}

}  // namespace

bool waits_for_decision(const EntryKind& kind) {
  if (const auto* role = std::get_if<membership::RoleEntry>(&kind)) return !role->pin.empty();
  return std::holds_alternative<membership::Epoch>(kind) || std::holds_alternative<membership::Removal>(kind) ||
         std::holds_alternative<membership::Withdraw>(kind) || std::holds_alternative<membership::Restrict>(kind);
}

Result<Heeded> heed_branches(Vault& vault, const std::vector<Bytes>& entries) {
  const membership::Log& log = vault.membership();
  std::vector<SignedEntry> shown;
  bool differs = false;
  for (const Bytes& bytes : entries) {
    auto entry = membership::parse_entry(bytes);
    if (!entry) break;   // whoever takes it in says so
    differs = differs || (entry->entry.number < log.size() && log.number_of(entry->hash) != entry->entry.number);
    shown.push_back(*std::move(entry));
  }
  WAYSIDE_TRY(const bool known, any_known(vault));
  if (shown.empty() || (!differs && !known)) return Heeded::nothing;
  WAYSIDE_TRY(auto rivals, known_rivals(vault));
  std::ranges::move(shown, std::back_inserter(rivals));
  WAYSIDE_TRY(const auto ours, own_entries(vault));
  const std::vector<Other> others = branches_from(ours, rivals);
  for (const Other& other : others) {
    if (other.log.refused().empty() || !all_refused(other.log, ours, other.number)) continue;
    WAYSIDE_OK(change_over(vault, other, ours));
    return Heeded::changed_over;
  }
  if (others.empty()) return Heeded::nothing;
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_TRY(const std::size_t fresh, keep(vault, others));
  if (fresh == 0) return Heeded::nothing;
  WAYSIDE_OK(std::move(writing).commit());
  return Heeded::evidence;
}

Result<std::vector<Branching>> undecided_branches(Vault& vault) {
  std::vector<Branching> out;
  WAYSIDE_TRY(const auto rivals, known_rivals(vault));
  if (rivals.empty()) return out;
  WAYSIDE_TRY(const auto ours, own_entries(vault));
  for (Other& other : branches_from(ours, rivals)) {
    if (all_refused(vault.membership(), other.entries, 0)) continue;
    Branching branching{other.number, {ours.begin() + static_cast<std::ptrdiff_t>(other.number), ours.end()}, std::move(other.entries)};
    out.push_back(std::move(branching));
  }
  return out;
}

Result<bool> are_decided(Vault& vault, const std::vector<Bytes>& entries) {
  WAYSIDE_TRY(const auto branches, undecided_branches(vault));
  if (branches.empty()) return true;
  membership::Log ahead = vault.membership();
  for (const Bytes& bytes : entries) {
    const auto entry = membership::parse_entry(bytes);
    if (!entry || entry->entry.number < ahead.size()) continue;
    if (!ahead.append(*entry)) break;
  }
  return std::ranges::all_of(branches, [&](const Branching& each) { return all_refused(ahead, each.theirs, 0); });
}

namespace {

std::string words_of(const EntryKind& kind) {
  struct Words {
    std::string operator()(const membership::UnknownKind&) const { return "something that a newer version knows"; }
    std::string operator()(const membership::Found&) const { return "the founding"; }
    std::string operator()(const membership::Team&) const { return "a new team"; }
    std::string operator()(const membership::Epoch&) const { return "a new key of a team"; }
    std::string operator()(const membership::TicketEntry&) const { return "an invitation"; }
    std::string operator()(const membership::DeviceEntry&) const { return "a new device"; }
    std::string operator()(const membership::RoleEntry&) const { return "somebody's role or team"; }
    std::string operator()(const membership::Removal&) const { return "a removal"; }
    std::string operator()(const membership::Countersign&) const { return "a word about late work"; }
    std::string operator()(const membership::Branch&) const { return "a decision between branches"; }
    std::string operator()(const membership::Erase&) const { return "an erasure"; }
    std::string operator()(const membership::OfficeKey&) const { return "the office's key"; }
    std::string operator()(const membership::Pack&) const { return "a pack"; }
    std::string operator()(const membership::Restrict&) const { return "who reads a case"; }
    std::string operator()(const membership::Withdraw&) const { return "a case that is not shared any more"; }
  };
  return std::visit(Words{}, kind);
}

std::string words_of(const Vault& vault, const SignedEntry& entry) {
  std::string by = entry.entry.signer_kind == membership::SignerKind::root ? "the recovery pages" : "a ticket";
  if (const auto device = DeviceId::from(entry.entry.signer); device && entry.entry.signer_kind == membership::SignerKind::device) {
    const membership::DeviceInfo* info = vault.membership().device(*device);
    by = info == nullptr ? "a device that is not known here" : vault.user_name(info->entry.user);
  }
  return words_of(entry.entry.kind) + ", signed by " + by;
}

}  // namespace

std::string sentence_of(const Vault& vault, const Branching& branching) {
  std::string refuse;
  for (const SignedEntry& each : branching.ours) refuse += " --refuse " + to_text(each.hash);
  return "There are two membership logs: entry " + std::to_string(branching.number) + " is " + words_of(vault, branching.ours.front()) +
         " on this device, and " + words_of(vault, branching.theirs.front()) +
         " at the office. Until that is decided, this device takes no new key of a team and takes nobody's rights away. Tell whoever runs the "
         "office: the recovery pages keep the office's log with `wayside-office branch --entry " + std::to_string(branching.number) + refuse + "`.";
}

Result<std::vector<Branching>> untold_branches(Vault& vault) {
  WAYSIDE_TRY(const bool any, any_known(vault));
  if (!any) return std::vector<Branching>{};
  WAYSIDE_TRY(auto out, undecided_branches(vault));
  std::set<EntryHash> untold;
  {
    store::Query rows = vault.store().database().query("SELECT hash FROM rival_entries WHERE told = 0");
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      untold.insert(rows.id<EntryHash>(0));
    }
  }
  std::erase_if(out, [&](const Branching& each) { return std::ranges::none_of(each.theirs, [&](const SignedEntry& entry) { return untold.contains(entry.hash); }); });
  return out;
}

Result<void> note_branches_told(Vault& vault, Vault::Writing&) {
  WAYSIDE_TRY(const bool any, any_known(vault));
  return any ? vault.store().database().run("UPDATE rival_entries SET told = 1 WHERE told = 0") : Result<void>{};
}

}  // namespace wayside::vault
