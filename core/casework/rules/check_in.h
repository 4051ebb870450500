#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/casework/rules/answer.h"

/// A lone worker's timer. Once the alarm has been raised, only somebody who has seen it ends it.
///
/// Source: domain reference, Task and appointment ("missed check-in alarm cannot be cancelled by another device's stale
/// edit") and its working day, steps 3 and 11.
namespace wayside::casework::rules {

enum class CheckInKind { started, well, back, missed, help };
std::optional<CheckInKind> check_in_kind_from(std::string_view code);

/// Appended, never changed.
struct CheckIn {
  std::string id;
  CheckInKind kind = CheckInKind::started;
  std::int64_t at_ms = 0;
  std::string who;
  std::set<std::string> has_seen;  ///< ids of entries that its author was shown
};

struct LoneVisit {
  std::string worker;
  std::vector<std::int64_t> back_by_ms;  ///< every time that nobody has decided between; the earliest counts
  bool cancelled = false;                ///< somebody put the appointment away: that ends no alarm
};

struct CheckInSettings {
  std::int64_t grace_ms = 15 * 60'000;  ///< after `back_by`. Proposed
};

enum class Alarm { none, due, raised };  ///< due: time to check in, grace is running

struct CheckInStanding {
  Alarm alarm = Alarm::none;
  std::optional<std::int64_t> overdue_since_ms;
  std::vector<Reason> reasons;
};

/// Raised by `help`, by `missed`, or by time that has run out after the visit started. Ended by `back`:
/// of the worker herself, for time that ran out; and, for `help` and `missed`, by a `back` or `well` that has seen each
/// of them, whatever any clock says. A visit that nobody started raises nothing.
CheckInStanding check_in_standing(const LoneVisit& visit, const std::vector<CheckIn>& entries, std::int64_t now_ms,
                                  const CheckInSettings& settings = {});

}  // namespace wayside::casework::rules
