#include "ui/models/today.h"

#include <algorithm>
#include <array>
#include <utility>

namespace wayside::models {

void TodayModel::take(const pb::Today& news) { shown_ = news; }

std::size_t TodayModel::mine() const {
  return static_cast<std::size_t>(std::ranges::count(shown_.rows(), true, &pb::DueRow::mine));
}

std::vector<TodayModel::Group> TodayModel::groups() const {
  static constexpr std::array<std::pair<pb::DueRow::Urgency, std::string_view>, 4> kHeadings{
      {{pb::DueRow::now, "Now"},
       {pb::DueRow::overdue, "Overdue"},
       {pb::DueRow::today, "Today"},
       {pb::DueRow::later, "Later"}}};
  std::vector<Group> out;
  for (const auto& [urgency, heading] : kHeadings) {
    Group group{std::string(heading), {}};
    for (const auto& row : shown_.rows()) {
      if (row.urgency() == urgency && (everybody_ || row.mine())) group.rows.push_back(&row);
    }
    if (!group.rows.empty()) out.push_back(std::move(group));
  }
  return out;
}

std::string TodayModel::empty_sentence() const {
  if (everybody_ || all() == 0) return "Nothing is due until " + shown_.until() + ".";
  return "Nothing of yours is due until " + shown_.until() + ".";
}

/// The case first: then the form of its record comes to the front.
void TodayModel::open(const pb::DueRow& row, Commands& out) {
  out.open_case(row.case_id());
  if (row.record_id() != row.case_id()) out.open_record(row.record_id());
}

}  // namespace wayside::models
