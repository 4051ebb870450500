#pragma once

#include "core/casework/rules/json_reader.h"
#include "core/casework/rules/risk.h"

namespace wayside::casework::rules {

/// Scores what `risk score --answers` reads:
///   {"answers": {ID: "YES" | "NO" | "DONT_KNOW" | "NOT_ASKED"}, "judgement": {"level", "reason"},
///    "incidents_in_12_months", "last_marac_referral", "newest_incident"}; every key but `answers` may be missing.
/// Gives {"answer": level, "reasons", "level", "level_by_count", "ticks", "no", "dont_know", "not_asked", "criteria"}.
/// Errc::bad_input names the key that is wrong.
Result<json> score_json(const QuestionnairePack& pack, const json& input);

}  // namespace wayside::casework::rules
