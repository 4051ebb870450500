#pragma once

#include "core/casework/case_facts.h"

/// What falls due, over all cases of the vault: tasks, reviews, ends of orders and leave, checks, loans, alarms.
namespace wayside::casework {

struct DueItem {
  std::string kind;                 ///< "task", "risk_review", "order", "nrpf_clock" … (docs/COMMAND_LINE.md lists them)
  RecordId record, case_id;
  std::optional<rules::Day> due;    ///< nothing: now
  std::string sentence;
};
struct DueList {
  std::vector<DueItem> items;       ///< the earliest first, those without a day before all
};
/// Everything that is due on `on`, overdue, or within `days` after it. Closed cases count only for follow-ups and holds.
Result<DueList> due_list(Vault& vault, rules::Day on, int days);

/// A lone worker's alarm that is raised or about to be, in one case.
std::vector<DueItem> alarms_of(const std::vector<Fact>& appointments, const std::vector<Fact>& check_ins, std::int64_t now_ms);

}  // namespace wayside::casework
