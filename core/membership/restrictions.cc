#include <algorithm>

#include "core/membership/log.h"

// Cases that are left to named workers: what the log says of them.

namespace wayside::membership {
namespace {

bool contains(const auto& list, const auto& item) { return std::ranges::find(list, item) != list.end(); }

}  // namespace

/// A manager who is not among those named changes nothing: she may be whom the case is kept from. An administrator may, and
/// the log tells everybody.
Result<void> Log::check_restrict(const SignedEntry& entry, const Restrict& restrict) const {
  if (restrict.ledgers.empty()) return fail(Errc::bad_input, "a restriction of no case");
  if (std::ranges::any_of(restrict.ledgers, [this](const LedgerId& each) { return names_ledger(each); })) {
    return fail(Errc::not_permitted, "only a case is restricted");
  }
  if (restrict.users.size() > kMostNamed) return fail(Errc::bad_input, "more workers than a case can be restricted to");
  for (auto each = restrict.users.begin(); each != restrict.users.end(); ++each) {
    if (!users_.contains(*each) || std::find(restrict.users.begin(), each, *each) != each) return fail(Errc::bad_input, "whom a case is restricted to");
  }
  const auto signer = entry.entry.signer_kind == SignerKind::device ? DeviceId::from(entry.entry.signer) : std::nullopt;
  const DeviceInfo* info = signer ? device(*signer) : nullptr;
  if (info == nullptr || administers(role_at(info->entry.user, size()))) return {};
  for (const LedgerId& each : restrict.ledgers) {
    const RestrictionInfo* now = restriction_at(each, size());
    if (now != nullptr && !now->users.empty() && !contains(now->users, info->entry.user)) return fail(Errc::not_permitted, "the case is left to others");
  }
  return {};
}

void Log::restrict_to(const Restrict& restrict, const RestrictionInfo& info) {
  for (const LedgerId& ledger : restrict.ledgers) {
    std::vector<RestrictionInfo>& all = restrictions_[ledger];
    const std::vector<UserId> before = all.empty() ? std::vector<UserId>{} : all.back().users;
    all.push_back(info);
    if (info.users.empty()) continue;   // nobody loses anything
    for (const auto& [id, device] : devices_) {
      const UserId& user = device.entry.user;
      const bool had_it = before.empty() || contains(before, user);
      if (had_it && !contains(info.users, user)) cut(id, restrict.pin, info.number, false, ledger);
    }
  }
}

const RestrictionInfo* Log::restriction_at(const LedgerId& ledger, std::uint64_t number) const {
  const auto found = restrictions_.find(ledger);
  if (found == restrictions_.end()) return nullptr;
  const RestrictionInfo* out = nullptr;
  for (const RestrictionInfo& each : found->second) {
    if (each.number <= number) out = &each;
  }
  return out;
}

std::uint64_t Log::restricted_at(const LedgerId& ledger) const {
  std::uint64_t out = 0;
  const auto found = restrictions_.find(ledger);
  if (found == restrictions_.end()) return out;
  for (const RestrictionInfo& each : found->second) {
    if (!each.users.empty()) out = each.number;
  }
  return out;
}

}  // namespace wayside::membership
