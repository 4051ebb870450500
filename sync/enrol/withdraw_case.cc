#include "sync/enrol/withdraw_case.h"

#include <algorithm>
#include <set>

#include "core/vault/pins.h"
#include "core/vault/sharing.h"
#include "sync/enrol/log_writer.h"

namespace wayside::enrol {
namespace {

bool contains(const auto& list, const auto& item) { return std::ranges::find(list, item) != list.end(); }

/// Devices that lose the case: of members of that team who are in none that reads on.
std::set<DeviceId> devices_that_lose(const membership::Log& log, const TeamId& team, const std::vector<TeamId>& readers) {
  std::set<DeviceId> out;
  for (const auto& [id, device] : log.devices()) {
    const auto teams = log.teams_of(device.entry.user);
    const bool reads_on = std::ranges::any_of(teams, [&](const TeamId& each) { return contains(readers, each); });
    if (contains(teams, team) && !reads_on) out.insert(id);
  }
  return out;
}

/// As the log stands now.
Result<membership::EntryKind> entry_for(vault::Vault& vault, const RecordId& case_id, const TeamId& team, const Bytes& reason) {
  WAYSIDE_TRY(const auto row, vault.store().ledger_of(ledger::LedgerKind::case_ledger, case_id.view()));
  if (!row) return fail(Errc::not_found, "case");
  if (!vault::in_team(vault, row->team)) return fail(Errc::not_permitted, "only the case's own team withdraws it");
  WAYSIDE_TRY(auto readers, vault::shared_with(vault, *row));
  if (!contains(readers, team)) return fail(Errc::usage, "The case is not shared with the team " + vault.team_name(team));
  std::erase(readers, team);
  readers.insert(readers.begin(), *row->team);
  WAYSIDE_TRY(membership::Pin pin, vault::last_accepted(vault, devices_that_lose(vault.membership(), team, readers)));
  for (auto& [author, places] : pin) std::erase_if(places, [&](const auto& place) { return place.first != row->id; });
  std::erase_if(pin, [](const auto& author) { return author.second.empty(); });
  const auto pieces = membership::encode_pin(pin);
  if (pieces.size() != 1) return fail(Errc::too_large, "what that team wrote in the case");
  return membership::Withdraw{row->id, team, std::move(readers), reason, pieces.front()};
}

}  // namespace

Result<void> withdraw_case(vault::Vault& vault, const RecordId& case_id, const TeamId& team, const std::string& reason, MembershipLine& line) {
  if (!membership::may_sign(vault.role(), membership::Withdraw{})) return fail(Errc::not_permitted, "only a manager or an administrator withdraws a case");
  WAYSIDE_TRY(const Bytes sealed, seal_reason(vault, reason));
  return LogWriter(vault, &line).append_made([&] { return entry_for(vault, case_id, team, sealed); });
}

}  // namespace wayside::enrol
