#pragma once

#include "core/casework/case_facts.h"
#include "core/casework/rules/closing.h"
#include "core/casework/rules/retention.h"
#include "core/casework/save_rules.h"

/// Ending work on a case, and keeping its record: closing, legal holds, retention.
namespace wayside::casework {

struct ClosingOfCase {
  rules::Verdict verdict;              ///< no: something has to be done first; ask: a person says so, knowing this
  std::vector<Gap> gaps;               ///< fields that are needed and empty
};
/// As it would be with `reason` as the reason of closing.
Result<ClosingOfCase> may_close(Vault& vault, const CaseFacts& facts, const std::string& reason, rules::Day on);

struct CloseRequest {
  std::string reason;
  rules::Day on;
  bool knowing = false;                ///< what asks has been read
};
struct ClosedCase {
  rules::Verdict verdict;
  std::vector<RecordId> follow_ups;    ///< tasks made, 6 and 12 months on, where it is safe
};
/// Closes the case and makes its follow-up tasks, in one save. Errc::bad_input names what stands in the way.
Result<ClosedCase> close_case(Vault& vault, const RecordId& case_id, const CloseRequest& request);

struct HoldStanding {
  bool held = false;
  std::vector<RecordId> holds;         ///< those that hold
  rules::RetentionStanding retention;
};
Result<HoldStanding> hold_standing(Vault& vault, const RecordId& case_id, rules::Day on);
/// A new hold. Its id.
Result<RecordId> hold_case(Vault& vault, const RecordId& case_id, const std::string& reason, const std::string& asked_by, rules::Day on);
/// Lifts every hold of the case. Needs a reason. Errc::bad_input when none stands.
Result<std::vector<RecordId>> lift_holds(Vault& vault, const RecordId& case_id, const std::string& reason);

}  // namespace wayside::casework
