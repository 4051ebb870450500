#include "core/casework/waiting_list.h"

#include <algorithm>

#include "core/casework/rules/adapters.h"

namespace wayside::casework {
namespace {

using rules::Day;
using rules::ReferralState;

Day written_on(const Fact& fact) {
  std::uint64_t first = ~std::uint64_t{0};
  for (const auto& field : fact.shown->fields) {
    for (const auto& value : field.view.values) first = std::min(first, value.held->author.time);
  }
  return day_of_ms(wall_ms(first));
}

/// When the outcome became `state`, by the history of its writes.
std::optional<Day> became(const std::vector<HistoryEntry>& history, ReferralState state) {
  for (const auto& entry : history) {
    const auto* code = entry.value ? std::get_if<Code>(&*entry.value) : nullptr;
    if (code != nullptr && rules::referral_state_from(code->code) == state) return day_of_ms(wall_ms(entry.author.time));
  }
  return std::nullopt;
}

bool was_sent(ReferralState state) { return state != ReferralState::draft; }

/// Fills in the days that no field tells.
Result<rules::Referral> referral_of(Vault& vault, const Fact& fact) {
  auto fields = fact.fields;
  const auto state = rules::referral_state_from(fields.text("outcome")).value_or(ReferralState::draft);
  const bool answered = was_sent(state) && state != ReferralState::sent && state != ReferralState::waiting;
  const bool dates_missing = (answered && !fields.day("answered_on")) ||
                             ((state == ReferralState::waiting || answered) && !fields.day("waiting_since"));
  if (dates_missing) {
    const auto* outcome = fact.shown->type->field("outcome");
    WAYSIDE_TRY(const auto written, history(vault, fact.id, outcome->id));
    const auto date = [](const std::optional<Day>& day) { return std::vector<Value>{Date{rules::iso(*day)}}; };
    const auto waited = became(written, ReferralState::waiting);
    if (!fields.day("waiting_since") && waited && (answered || !fields.day("asked_on"))) fields.set("waiting_since", date(waited));
    const auto ended = became(written, state);
    if (answered && !fields.day("answered_on") && ended) fields.set("answered_on", date(ended));
  }
  return rules::referral_from(fact.key(), fields, written_on(fact));
}

}  // namespace

Result<WaitingList> waiting_list(Vault& vault, Day on) {
  WAYSIDE_TRY(const auto all, facts_of_type(vault, "referral"));
  WaitingList out;
  for (const Fact& fact : all.facts) {
    WAYSIDE_TRY(const auto referral, referral_of(vault, fact));
    const auto list = rules::waiting_list({referral}, on);
    if (!list) {
      out.problems.emplace_back(fact.id, list.error().detail);
      continue;
    }
    for (const auto& each : *list) {
      const auto services = fact.fields.records("service");
      out.waiting.push_back({fact.id, fact.case_id, services.empty() ? std::nullopt : std::optional(services.front()),
                             fact.fields.text("other_service"), fact.fields.text("requested_offer"), each.since, each.days});
    }
  }
  std::ranges::sort(out.waiting, [](const WaitingReferral& a, const WaitingReferral& b) {
    return a.since != b.since ? a.since < b.since : to_text(a.referral) < to_text(b.referral);
  });
  return out;
}

}  // namespace wayside::casework
