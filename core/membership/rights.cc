#include "core/membership/rights.h"

#include <algorithm>

namespace wayside::membership {

std::optional<LedgerPlace> named_place(const Log& log, const LedgerId& ledger) {
  if (log.found() && log.found()->organisation_ledger == ledger) return LedgerPlace{ledger, Realm::organisation, {}, {}};
  for (const auto& [id, team] : log.teams()) {
    if (team.entry.ledger == ledger) return LedgerPlace{ledger, Realm::team, {id}, {}};
  }
  return std::nullopt;
}

bool shared_at(const Log& log, const LedgerPlace& place, const TeamId& team, std::uint64_t number) {
  const auto withdrawal = log.withdrawals().find({place.ledger, team});
  const auto restrictions = log.restrictions().find(place.ledger);
  return std::ranges::any_of(place.shared, [&](const SharedWith& each) {
    if (each.team != team) return false;
    // Left to named workers it is shared with no team, and given back it is its own team's alone.
    const auto since = [&](const RestrictionInfo& info) { return !info.users.empty() && each.head < info.number && info.number <= number; };
    if (restrictions != log.restrictions().end() && std::ranges::any_of(restrictions->second, since)) return false;
    if (withdrawal == log.withdrawals().end()) return true;
    return std::ranges::none_of(withdrawal->second.numbers, [&](std::uint64_t at) { return each.head < at && at <= number; });
  });
}

std::vector<UserId> circle_at(const Log& log, const LedgerPlace& place, std::uint64_t number) {
  const bool may_be = place.realm != Realm::organisation && place.realm != Realm::team;
  if (!may_be) return {};
  const RestrictionInfo* said = place.of ? log.restriction_at(*place.of, number) : nullptr;
  if (said == nullptr) said = log.restriction_at(place.ledger, number);
  return said == nullptr ? place.named : said->users;
}

Standing standing_at(const Log& log, const LedgerPlace& place, const UserId& user, std::uint64_t number) {
  const std::vector<UserId> circle = circle_at(log, place, number);
  const bool left_out = !circle.empty() && std::ranges::find(circle, user) == circle.end();
  if (left_out) return Standing::stranger;
  const std::vector<TeamId> teams = log.teams_at(user, number);
  const bool any_team = place.realm == Realm::organisation || place.realm == Realm::unopened;
  if (any_team) return teams.empty() ? Standing::stranger : Standing::own;
  if (std::ranges::any_of(teams, [&](const TeamId& team) { return std::ranges::find(place.own, team) != place.own.end(); })) return Standing::own;
  if (!circle.empty()) return Standing::stranger;
  const bool guest = std::ranges::any_of(teams, [&](const TeamId& team) { return shared_at(log, place, team, number); });
  return guest ? Standing::guest : Standing::stranger;
}

bool may(const Log& log, Right right, const LedgerPlace& place, const UserId& user, std::uint64_t number) {
  const Standing standing = standing_at(log, place, user, number);
  if (standing == Standing::stranger) return false;
  if (right == Right::share && !circle_at(log, place, number).empty()) return false;   // it has to be given back first
  const RightsRow& row = kRightsTable[static_cast<std::size_t>(place.realm) * kStandings + static_cast<std::size_t>(standing)];
  const std::optional<Role> least = row.least[static_cast<std::size_t>(right)];
  return least && log.role_at(user, number) >= *least;
}

std::string_view name_of(Realm realm) {
  switch (realm) {
    case Realm::organisation: return "organisation";
    case Realm::team: return "team";
    case Realm::of_case: return "case";
    case Realm::compartment: return "compartment";
    case Realm::unopened: return "not opened";
  }
  return "unknown";
}

}  // namespace wayside::membership
