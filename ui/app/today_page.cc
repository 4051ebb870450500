#include "ui/app/today_page.h"

#include <array>
#include <map>

#include "core/casework/due.h"
#include "core/casework/rules/text_key.h"
#include "core/casework/rules/wording.h"
#include "ui/app/due_words.h"
#include "ui/app/reason_words.h"
#include "ui/app/tuning.h"
#include "ui/app/words.h"

namespace wayside::app {
namespace {

namespace rules = casework::rules;

/// Fields in which a record names the worker whose business it is.
constexpr std::array<std::string_view, 3> kWho{"who", "worker", "owner"};

std::string who_of(const casework::ShownRecord& record) {
  for (const auto name : kWho) {
    if (auto who = record.text(name); !who.empty()) return who;
  }
  return {};
}

}  // namespace

Result<pb::Today> read_today(vault::Vault& vault, const CaseList& cases, std::int64_t now_ms) {
  pb::Today out;
  const auto today = *rules::day_of(iso_day(now_ms));
  out.set_day(long_day(today, now_ms));
  out.set_until(short_day(rules::iso(today + std::chrono::days(kDaysAhead)), now_ms));
  const std::string me = vault.user_name(vault.identity().user);
  std::map<Bytes, std::string> leads;  // of cases that have something due
  WAYSIDE_TRY(const auto all, casework::due_list(vault, today, kDaysAhead));
  for (const casework::DueItem& item : all.items) {
    if (out.rows_size() >= static_cast<int>(kDueRows)) break;
    const CaseSummary* in = cases.find(item.case_id);
    if (in == nullptr) continue;
    pb::DueRow& row = *out.add_rows();
    row.set_case_id(item.case_id.str());
    row.set_record_id(item.record.str());
    row.set_case_name(in->shown_name());
    row.set_what(plain_reason(item.sentence, {}, now_ms));
    row.set_when(due_when(item.due, today, now_ms));
    row.set_urgency(!item.due            ? pb::DueRow::now
                    : *item.due < today  ? pb::DueRow::overdue
                    : *item.due == today ? pb::DueRow::today
                                         : pb::DueRow::later);
    WAYSIDE_TRY(const auto record, casework::get(vault, item.record));
    std::string who = who_of(record);
    if (who.empty()) {
      const auto known = leads.find(item.case_id.str());
      if (known == leads.end()) {
        WAYSIDE_TRY(const auto own, casework::get(vault, item.case_id));
        leads[item.case_id.str()] = own.text("lead_worker");
      }
      who = leads[item.case_id.str()];
    }
    row.set_mine(who.empty() || rules::same_words(who, me));
    if (!row.mine()) row.set_who(who);
  }
  return out;
}

}  // namespace wayside::app
