#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/casework/rules/answer.h"
#include "core/casework/rules/dates.h"
#include "platform/result.h"

/// Where a household has lived, one stay after the other.
///
/// Sources: Southampton strategy 2021-24 and Isle of Wight 2021-24 (journey tracking, moves before a settled home,
/// security of tenure kept, K13, K14, K16), Leicester 2022-25 and Peterborough 2024-27 (timely move-on; in and
/// sustaining, K26).
namespace wayside::casework::rules {

struct Stay {
  std::string id;
  std::string place_type;  ///< code list place_type
  Day start;
  std::optional<Day> end;       ///< the day on which she left; nothing: still there
  std::string tenure;           ///< code list tenure; empty: not known
  std::optional<Day> ready_on;  ///< ready to move on
  std::string end_reason;       ///< code list stay_end_reason
};

struct JourneySettings {
  int timely_move_on_days = 28;  ///< no strategy gives a formula
  /// Homes of her own. OWN_HOME and SANCTUARY are the home that she never had to leave.
  std::set<std::string, std::less<>> settled{"SOCIAL_LET", "PRS_LET", "OWNED", "OWN_HOME", "SANCTUARY"};
  std::set<std::string, std::less<>> secure_tenures{"LA_SECURE_LIFE", "RP_ASSURED_LIFE", "OWNER"};
};

/// Days without a place between two stays, or days in two places at once. Leaving and arriving on one day is neither.
struct JourneyFlag {
  enum class Kind { gap, overlap } kind;
  std::string earlier, later;  ///< ids of the stays
  Day from, to;
  std::int64_t days = 0;
  bool operator==(const JourneyFlag&) const = default;
};

struct Journey {
  std::vector<Stay> stays;  ///< by start, then end, then id
  std::vector<JourneyFlag> flags;
  int moves = 0;                                ///< stays but the first
  std::optional<int> moves_before_settled;      ///< nothing: not settled yet
  std::optional<Day> settled_on;                ///< start of the first settled stay
  std::optional<std::int64_t> days_to_settled;  ///< from when the need began
  Answer settled_at_6_months = Answer::ask;     ///< ask: not known, or not reached yet
  Answer settled_at_12_months = Answer::ask;
  std::optional<bool> tenure_kept;  ///< nothing: not secure at the start, or not known
};

/// Settled at 6 and 12 months (K16): so long after the first settled stay began she is in a settled stay, is known not
/// to be, or nobody knows. `as_at`: nothing later counts, and a stay without an end is known to last until then.
/// Errc::bad_input: a stay that ends before it starts, an id twice.
Result<Journey> journey(std::vector<Stay> stays, std::optional<Day> need_began, Day as_at,
                        const JourneySettings& settings = {});

/// Left within the days that are set after being ready. `days_waiting`: since ready, for who is still there.
struct MoveOn {
  std::optional<bool> timely;  ///< nothing: not ready, or still there and not late yet
  std::optional<std::int64_t> days_waiting;
};
MoveOn move_on(const Stay& stay, Day as_at, const JourneySettings& settings = {});

/// K26: whether a stay was live, or had ended as planned, so many days after it began. Nothing: that day has not come.
std::optional<bool> sustained(const Stay& stay, int days, Day as_at);

}  // namespace wayside::casework::rules
