#pragma once

#include <string>
#include <unordered_set>

#include "ui/app/case_list.h"
#include "ui/app/messages.pb.h"

namespace wayside::app {

/// What the list of cases shows for this text and filter: without a text all cases by urgency; with one, the cases
/// whose own fields match, names first, and the notes that match, each with the words around the match.
Result<pb::Caseload> read_caseload(vault::Vault& vault, const CaseList& cases, const pb::Search& asked,
                                   const std::unordered_set<RecordId>& drafts, std::int64_t now_ms);

}  // namespace wayside::app
