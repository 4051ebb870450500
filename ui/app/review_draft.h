#pragma once

#include "core/vault/drafts.h"
#include "ui/app/review_page.h"

/// What was typed about a question and not decided, as a draft among the others. It is named by its question: there is
/// one for each, and it belongs to no record and no case.
namespace wayside::app {

[[nodiscard]] bool is_review_draft(const vault::Draft& draft);
/// Nothing was chosen, and nothing typed but blanks.
[[nodiscard]] bool is_blank(const pb::Decide& undecided);
/// Nothing for an id that no decision is possible about. `shown`: the dots that were on the screen.
std::optional<vault::Draft> review_draft(const pb::Decide& undecided, const std::set<ledger::Dot>& shown,
                                         std::int64_t now_ms);
/// Puts the draft back under its question. A choice does not come back when other values stand there now: it was made
/// among those that were shown, and the notice says so.
void restore(const vault::Draft& draft, OpenReview& review);

}  // namespace wayside::app
