#pragma once

#include <set>

#include "core/casework/casebook.h"
#include "ui/app/case_list.h"
#include "ui/app/messages.pb.h"

namespace wayside::app {

/// What waits for a person: fields of safety first, then the oldest. `detail` is left empty.
Result<pb::Reviews> read_reviews(vault::Vault& vault, const CaseList& cases, std::int64_t now_ms);

/// One decision as it is put to a person, and the dots that were shown with it.
struct OpenReview {
  pb::Review page;
  RecordId record;
  std::set<ledger::Dot> shown;
};
/// Errc::not_found when it is decided already.
Result<OpenReview> read_review(vault::Vault& vault, const CaseList& cases, BytesView id, std::int64_t now_ms);

/// What a person is told after a decision, and whether one was taken.
struct Decision {
  bool taken = false;
  pb::Notice notice;
};
/// Takes the decision, unless the reason is missing, the text is no answer, or something has come in that was not on
/// the screen: `shown` is the review as it was opened. An error changed nothing.
Result<Decision> decide(vault::Vault& vault, const OpenReview& shown, const pb::Decide& decision, std::int64_t now_ms);

/// Every value that a field has had, newest first. `field` 0: of all fields.
Result<pb::History> read_history(vault::Vault& vault, const RecordId& record, std::uint32_t field, std::int64_t now_ms);

/// "Which address is right?"
std::string question_of(const schema::Field& field);

}  // namespace wayside::app
