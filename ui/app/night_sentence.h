#pragma once

#include <string>

#include "sync/spool/last_run.h"

/// How a run ended that nobody watched, as one plain sentence or two.
namespace wayside::app {

/// "Today 02:14: 31 changes went to the office, and 12 came." `waiting`: changes that the office has not taken, now.
std::string night_sentence(const spool::LastRun& run, std::uint64_t waiting, std::int64_t now_ms);

/// "Last reconciled 5 days ago. 31 changes are only on this device." Empty while that is less than two days ago, and for a
/// device that has nothing to lose and hears nothing (`reconciled_ms` 0, `waiting` 0).
std::string overdue_sentence(std::int64_t reconciled_ms, std::uint64_t waiting, std::int64_t now_ms);

}  // namespace wayside::app
