#include "sync/enrol/restrict_case.h"

#include <algorithm>
#include <set>

#include "core/vault/judging.h"
#include "core/vault/pins.h"
#include "core/vault/restricting.h"
#include "sync/enrol/log_writer.h"

namespace wayside::enrol {
namespace {

using ledger::LedgerRow;

bool contains(const auto& list, const auto& item) { return std::ranges::find(list, item) != list.end(); }

bool same(std::vector<UserId> a, std::vector<UserId> b) {
  std::ranges::sort(a);
  std::ranges::sort(b);
  return a == b;
}

/// The case's own ledger, its compartments here, and those that the newest entry about it named.
Result<std::vector<LedgerId>> ledgers_of(vault::Vault& vault, const LedgerRow& of_case) {
  std::vector<LedgerId> out{of_case.id};
  WAYSIDE_TRY(const auto compartments, vault.store().compartments_of(of_case.id));
  for (const LedgerRow& each : compartments) {
    if (!each.erased) out.push_back(each.id);
  }
  const membership::Log& log = vault.membership();
  const membership::RestrictionInfo* said = log.restriction_at(of_case.id, log.size());
  if (said == nullptr) return out;
  for (const auto& [ledger, all] : log.restrictions()) {
    const bool together = std::ranges::any_of(all, [&](const auto& each) { return each.number == said->number; });
    if (together && !contains(out, ledger)) out.push_back(ledger);
  }
  return out;
}

/// Whoever reads the case, and whoever opened it by the recovery pages: of a case that names its own readers nobody else may be left.
Result<bool> has_all_of(vault::Vault& vault, const LedgerRow& of_case) {
  if (of_case.presence != LedgerRow::Presence::here) return false;
  const membership::DeviceInfo* own = vault.membership().device(vault.identity().device);
  if (own == nullptr || !vault.membership().admitted_by_recovery(*own)) return vault::reads(vault, of_case);
  WAYSIDE_TRY(const auto key, vault.store().writing_key(of_case.n));
  return key.has_value();
}

Result<void> check_wish(vault::Vault& vault, const LedgerRow& row, const std::vector<UserId>& now, const std::vector<UserId>& users) {
  const membership::Log& log = vault.membership();
  const bool admin = membership::administers(vault.role());
  WAYSIDE_TRY(const bool right, vault::may_now(vault, membership::Right::restrict_, row));
  if (!right && !admin) return fail(Errc::not_permitted, "only a manager of the case's own team who reads it, or an administrator, says who does");
  if (same(now, users)) return fail(Errc::usage, users.empty() ? "The case is its whole team's already" : "The case is left to these already");
  // What those have written who lose it is pinned by whoever has it all.
  WAYSIDE_TRY(const bool has_it, has_all_of(vault, row));
  const bool takes = !users.empty() && (now.empty() || !std::ranges::all_of(now, [&](const UserId& each) { return contains(users, each); }));
  if (!has_it && takes) return fail(Errc::not_carried, "whoever takes it from somebody has to read it; you can name more, yourself among them");
  if (!has_it && log.restriction_at(row.id, log.size()) == nullptr) return fail(Errc::not_carried);
  if (users.empty()) return {};
  WAYSIDE_OK(vault::check_named(vault, *row.team, users));
  WAYSIDE_TRY(const auto shared, vault::shared_with(vault, row));
  if (shared.empty()) return {};
  return fail(Errc::usage, "The case is shared with the team " + vault.team_name(shared.front()) + ". Withdraw it there first: `share --withdraw`");
}

/// As the log stands now.
Result<membership::EntryKind> entry_for(vault::Vault& vault, const RecordId& case_id, const std::vector<UserId>& users, const Bytes& reason) {
  WAYSIDE_TRY(const auto row, vault.store().ledger_anywhere(ledger::LedgerKind::case_ledger, case_id.view()));
  if (!row || row->erased || !row->team) return fail(Errc::not_found, "case");
  WAYSIDE_TRY(const auto now, vault::circle_of(vault, *row));
  WAYSIDE_OK(check_wish(vault, *row, now, users));
  WAYSIDE_TRY(auto ledgers, ledgers_of(vault, *row));
  std::set<DeviceId> losing;
  for (const auto& [id, device] : vault.membership().devices()) {
    const bool had_it = now.empty() || contains(now, device.entry.user);
    if (!users.empty() && had_it && !contains(users, device.entry.user)) losing.insert(id);
  }
  WAYSIDE_TRY(membership::Pin pin, vault::last_accepted(vault, losing));
  for (auto& [author, places] : pin) std::erase_if(places, [&](const auto& place) { return !contains(ledgers, place.first); });
  std::erase_if(pin, [](const auto& author) { return author.second.empty(); });
  const auto pieces = membership::encode_pin(pin);
  if (pieces.size() != 1) return fail(Errc::too_large, "what the team wrote in the case");
  return membership::Restrict{std::move(ledgers), users, reason, pieces.front()};
}

}  // namespace

Result<void> restrict_case(vault::Vault& vault, const RecordId& case_id, const std::vector<UserId>& users, const std::string& reason,
                           MembershipLine& line) {
  if (!membership::may_sign(vault.role(), membership::Restrict{})) {
    return fail(Errc::not_permitted, "only a manager or an administrator takes a case from her team or gives it back");
  }
  WAYSIDE_TRY(const Bytes sealed, seal_reason(vault, reason));
  return LogWriter(vault, &line).append_made([&] { return entry_for(vault, case_id, users, sealed); });
}

}  // namespace wayside::enrol
