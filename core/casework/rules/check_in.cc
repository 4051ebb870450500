#include "core/casework/rules/check_in.h"

#include <algorithm>
#include <array>

#include "core/casework/rules/wording.h"

namespace wayside::casework::rules {
namespace {

bool is_alarm(const CheckIn& entry) { return entry.kind == CheckInKind::help || entry.kind == CheckInKind::missed; }
bool is_relief(const CheckIn& entry) { return entry.kind == CheckInKind::back || entry.kind == CheckInKind::well; }

/// An alarm that nobody who had seen it has ended.
bool stands(const CheckIn& alarm, const std::vector<CheckIn>& entries) {
  return std::ranges::none_of(entries, [&](const CheckIn& other) {
    return is_relief(other) && other.has_seen.contains(alarm.id) && !alarm.has_seen.contains(other.id);
  });
}

}  // namespace

std::optional<CheckInKind> check_in_kind_from(std::string_view code) {
  constexpr std::array<std::string_view, 5> kCodes{"started", "well", "back", "missed", "help"};
  const auto found = std::ranges::find(kCodes, code);
  return found == kCodes.end() ? std::nullopt : std::optional(static_cast<CheckInKind>(found - kCodes.begin()));
}

CheckInStanding check_in_standing(const LoneVisit& visit, const std::vector<CheckIn>& entries, std::int64_t now_ms,
                                  const CheckInSettings& settings) {
  CheckInStanding out;
  std::vector<const CheckIn*> alarms;
  for (const auto& entry : entries) {
    if (is_alarm(entry) && stands(entry, entries)) alarms.push_back(&entry);
  }
  std::ranges::sort(alarms, {}, [](const CheckIn* entry) -> const std::string& { return entry->id; });
  for (const auto* alarm : alarms) {
    out.alarm = Alarm::raised;
    out.reasons.push_back({Answer::no, alarm->kind == CheckInKind::help ? "help" : "missed",
                           alarm->who + (alarm->kind == CheckInKind::help ? " asked for help." : " did not check in.") +
                               " Nobody who has seen this has said that all is well."});
  }
  const bool started =
      std::ranges::any_of(entries, [](const CheckIn& entry) { return entry.kind == CheckInKind::started; });
  const bool back = std::ranges::any_of(entries, [&](const CheckIn& entry) {
    return entry.kind == CheckInKind::back && same_words(entry.who, visit.worker);
  });
  if (!started || back || visit.back_by_ms.empty()) return out;
  const auto due = std::ranges::min(visit.back_by_ms);
  if (now_ms < due) return out;
  out.overdue_since_ms = due;
  const bool late = now_ms - due >= settings.grace_ms;
  out.alarm = std::max(out.alarm, late ? Alarm::raised : Alarm::due);
  out.reasons.push_back({late ? Answer::no : Answer::ask, "overdue",
                         visit.worker + " was to be back and has not said so" +
                             (visit.cancelled ? "; cancelling the visit does not end this." : ".")});
  return out;
}

}  // namespace wayside::casework::rules
