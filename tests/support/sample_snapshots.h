#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ui/app/messages.pb.h"

/// Snapshots of people who were never born, for pictures and for tests of models. The product holds none of this.
namespace wayside::support {

namespace pb = wayside::app::pb;

pb::Snapshot sample_locked();
/// "That passphrase did not match", another try in `wait_ms` of a clock that stands at `now_ms`.
pb::Snapshot sample_wrong_passphrase(std::int64_t now_ms, std::int64_t wait_ms);
pb::Snapshot sample_open();  ///< caseload of 34, three reviews, no case open
pb::Snapshot sample_no_cases();
pb::Snapshot sample_search();  ///< "sha": cases and notes
pb::Snapshot sample_search_nothing();
pb::Snapshot sample_case();            ///< Priya Shah, two addresses, a date in error, a draft
pb::Snapshot sample_case_all_kinds();  ///< a risk assessment: every kind of field
pb::Snapshot sample_case_notes();      ///< a note form with older entries
pb::Snapshot sample_new_case();
pb::Snapshot sample_review();       ///< two addresses of Priya Shah
pb::Snapshot sample_review_long();  ///< three long values
pb::Snapshot sample_reconcile_running();
pb::Snapshot sample_reconcile_idle();
pb::Snapshot sample_reconcile_failed();
pb::Snapshot sample_history();

}  // namespace wayside::support
