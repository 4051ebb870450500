#include "core/casework/rules/journey.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace wayside::casework::rules {
namespace {

constexpr Day kForEver = Day(std::chrono::year(9999) / 12 / 31);

Day end_of(const Stay& stay) { return stay.end.value_or(kForEver); }

Result<void> check(const std::vector<Stay>& stays) {
  std::set<std::string> ids;
  for (const auto& stay : stays) {
    if (stay.end && *stay.end < stay.start) return fail(Errc::bad_input, "stay " + stay.id + " ends before it starts");
    if (!ids.insert(stay.id).second) return fail(Errc::bad_input, "stay " + stay.id + " stands twice");
  }
  return {};
}

/// Compares each stay with the one that lasted longest until then: a short stay inside a long one hides no gap.
std::vector<JourneyFlag> flags_of(const std::vector<Stay>& stays, Day as_at) {
  std::vector<JourneyFlag> out;
  const Stay* longest = nullptr;
  for (const auto& stay : stays) {
    if (longest) {
      const auto left = end_of(*longest);
      if (left < stay.start)
        out.push_back({JourneyFlag::Kind::gap, longest->id, stay.id, left, stay.start, days_between(left, stay.start)});
      // Two places on one day are a move; more than that is two places at once.
      const auto until = std::min({left, end_of(stay), as_at});
      if (stay.start < until || (stay.start < left && stay.end == stay.start))
        out.push_back(
            {JourneyFlag::Kind::overlap, longest->id, stay.id, stay.start, until, days_between(stay.start, until)});
    }
    if (!longest || end_of(stay) >= end_of(*longest)) longest = &stay;
  }
  return out;
}

bool covers(const Stay& stay, Day day, Day as_at) { return stay.start <= day && day <= std::min(end_of(stay), as_at); }

Answer settled_at(const std::vector<Stay>& stays, Day day, Day as_at, const JourneySettings& settings) {
  if (day > as_at) return Answer::ask;
  bool elsewhere = false;
  for (const auto& stay : stays) {
    if (!covers(stay, day, as_at)) continue;
    if (settings.settled.contains(stay.place_type)) return Answer::yes;
    elsewhere = elsewhere || stay.place_type != "NOT_KNOWN";
  }
  return elsewhere ? Answer::no : Answer::ask;
}

std::optional<bool> tenure_kept(const std::vector<Stay>& stays, const JourneySettings& settings) {
  const auto unknown = [](const Stay& stay) { return stay.tenure.empty() || stay.tenure == "NOT_KNOWN"; };
  if (stays.empty() || unknown(stays.front()) || !settings.secure_tenures.contains(stays.front().tenure))
    return std::nullopt;
  if (unknown(stays.back())) return std::nullopt;
  return settings.secure_tenures.contains(stays.back().tenure);
}

bool is_planned(std::string_view reason) {
  constexpr std::array<std::string_view, 5> kPlanned{"PLANNED_SETTLED", "PLANNED_SECOND_STAGE", "RETURN_HOME_SAFE",
                                                     "OTHER_DA_ACCOM", "SUPPORT_NOT_NEEDED"};
  return std::ranges::find(kPlanned, reason) != kPlanned.end();
}

}  // namespace

Result<Journey> journey(std::vector<Stay> stays, std::optional<Day> need_began, Day as_at,
                        const JourneySettings& settings) {
  WAYSIDE_OK(check(stays));
  std::erase_if(stays, [&](const Stay& stay) { return stay.start > as_at; });
  std::ranges::sort(stays, [](const Stay& a, const Stay& b) {
    return std::tuple(a.start, end_of(a), a.id) < std::tuple(b.start, end_of(b), b.id);
  });
  Journey out;
  out.flags = flags_of(stays, as_at);
  out.moves = stays.empty() ? 0 : static_cast<int>(stays.size()) - 1;
  const auto is_settled = [&](const Stay& stay) { return settings.settled.contains(stay.place_type); };
  const auto first = std::ranges::find_if(stays, is_settled);
  if (first != stays.end()) {
    out.moves_before_settled = static_cast<int>(first - stays.begin());
    out.settled_at_6_months = settled_at(stays, plus_months(first->start, 6), as_at, settings);
    out.settled_at_12_months = settled_at(stays, plus_months(first->start, 12), as_at, settings);
    out.settled_on = first->start;
    if (need_began) out.days_to_settled = days_between(*need_began, first->start);
  }
  out.tenure_kept = tenure_kept(stays, settings);
  out.stays = std::move(stays);
  return out;
}

MoveOn move_on(const Stay& stay, Day as_at, const JourneySettings& settings) {
  MoveOn out;
  if (!stay.ready_on || *stay.ready_on > as_at) return out;
  const bool left = stay.end && *stay.end <= as_at;
  const auto days = days_between(*stay.ready_on, left ? *stay.end : as_at);
  if (!left) out.days_waiting = days;
  if (left || days > settings.timely_move_on_days) out.timely = days <= settings.timely_move_on_days;
  return out;
}

std::optional<bool> sustained(const Stay& stay, int days, Day as_at) {
  const auto on = stay.start + std::chrono::days(days);
  if (on > as_at) return std::nullopt;
  return !stay.end || *stay.end >= on || is_planned(stay.end_reason);
}

}  // namespace wayside::casework::rules
