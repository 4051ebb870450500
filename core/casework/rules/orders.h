#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/casework/rules/answer.h"
#include "core/casework/rules/dates.h"

/// Court orders: in force, served, and when to raise the alarm.
///
/// Sources: Isle of Wight strategy 2021-24, Leicester 2022-25, Peterborough 2024-27, Dorset 2021-24 (orders named
/// there); domain reference (of two end dates the earlier counts for alarms; not served is the protective default).
namespace wayside::casework::rules {

struct CourtOrder {
  std::string id, kind;  ///< code list order_type
  std::optional<Day> from_date;
  std::vector<Day> until_dates;  ///< every value that nobody has decided between
  std::vector<bool> served;      ///< likewise; served only when all say so
};

struct OrderSettings {
  int warn_days = 28;  ///< before the end: time to apply for another. Proposed
};

struct OrderStanding {
  std::string id;
  std::optional<Day> ends_on;  ///< the earliest; nothing: no end is recorded
  std::optional<Day> warn_on;
  std::optional<std::int64_t> days_left;  ///< negative: ended
  bool in_force = false;                  ///< begun, not ended; whether it was served is apart
  bool served = false;
  std::vector<Reason> reasons;  ///< what to see to
};

OrderStanding order_standing(const CourtOrder& order, Day on, const OrderSettings& settings = {});

/// Those with something to see to on that day, the earliest end first, then by id.
std::vector<OrderStanding> order_alarms(const std::vector<CourtOrder>& orders, Day on,
                                        const OrderSettings& settings = {});

}  // namespace wayside::casework::rules
