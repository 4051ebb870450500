#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

/// Which of several entries nobody has superseded, when each names those that its author was shown. Clocks lie offline,
/// so no rule about safety may ask which entry is the latest; it asks what its author had seen.
namespace wayside::casework::rules {

/// `Entry` has `id` and `has_seen`. Superseded: seen by another entry that `may_supersede(newer, older)`.
/// Entries that have seen each other supersede nothing between them: both stay, and the protective one counts.
template <class Entry, class MaySupersede>
std::vector<const Entry*> standing_entries(const std::vector<Entry>& all, MaySupersede may_supersede) {
  std::vector<const Entry*> out;
  for (const auto& each : all) {
    const bool superseded = std::ranges::any_of(all, [&](const Entry& other) {
      return other.id != each.id && other.has_seen.contains(each.id) && !each.has_seen.contains(other.id) &&
             may_supersede(other, each);
    });
    if (!superseded) out.push_back(&each);
  }
  std::ranges::sort(out, {}, [](const Entry* entry) -> const std::string& { return entry->id; });
  return out;
}

}  // namespace wayside::casework::rules
