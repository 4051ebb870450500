#include <set>

#include "core/vault/audit.h"
#include "core/vault/lease.h"
#include "ui/app/case_page.h"
#include "ui/app/clerk.h"
#include "ui/app/codec.h"
#include "ui/app/recovery_notices.h"
#include "ui/app/search_page.h"

namespace wayside::app {

std::unordered_set<RecordId> Clerk::drafted_cases() const {
  std::unordered_set<RecordId> out;
  for (const vault::Draft& draft : drafts_->all()) {
    if (draft.case_id) out.insert(*draft.case_id);
  }
  return out;
}

/// The log of reads says that the list is shown, before it is. While the lease is spent there is none.
Result<void> Clerk::look_at_lease() {
  const auto noted = vault::note_listed(*vault_, 0, cases_.size());
  if (!noted && noted.error().code != Errc::lease_spent) return std::unexpected(noted.error());
  shut_ = !noted;
  const auto lease = vault::lease(*vault_);
  const bool told = !lease || (*lease && (*lease)->left_ms <= vault::kLeaseTold_ms);
  if (!told) std::erase_if(standing_, [](const pb::Notice& notice) { return notice.text().starts_with(kLeaseWords); });
  return {};
}

Result<void> Clerk::show_caseload() {
  if (shut_) {
    wipe(caseload_);
    return {};
  }
  WAYSIDE_TRY(caseload_, read_caseload(*vault_, cases_, asked_, drafted_cases(), now_ms()));
  return {};
}

/// Everything around the form of the open case.
Result<void> Clerk::show_case() {
  wipe(case_);
  if (form_) form_->forget_choices();
  const CaseSummary* summary = open_case_ ? cases_.find(*open_case_) : nullptr;
  if (summary == nullptr) return {};
  std::set<std::string> drafted;
  for (const vault::Draft& draft : drafts_->all()) {
    if (draft.is_new && draft.case_id == open_case_) drafted.insert(draft.type);
  }
  WAYSIDE_TRY(case_, read_case(*vault_, *summary, drafted, now_ms()));
  return show_files();
}

Result<void> Clerk::show_reviews() {
  if (shut_) {
    wipe(reviews_);
    review_.reset();
    return {};
  }
  WAYSIDE_TRY(reviews_, read_reviews(*vault_, cases_, now_ms()));
  WAYSIDE_OK(end_decided_drafts());
  if (!review_) return {};
  // An open review stays as it was put, unless it has been decided meanwhile.
  const std::string& open = review_->page.review_id();
  const auto& rows = reviews_.rows();
  const bool waits =
      std::any_of(rows.begin(), rows.end(), [&](const pb::ReviewRow& row) { return row.review_id() == open; });
  if (!waits) review_.reset();
  return {};
}

Result<void> Clerk::open_case(const RecordId& case_id) {
  if (cases_.find(case_id) == nullptr) return fail(Errc::not_found, "case");
  if (open_case_ == case_id) return show_case();  // the form in front stays: somebody may be typing
  WAYSIDE_OK(vault::note_opened(*vault_, case_id, case_id));
  put_behind();
  open_case_ = case_id;
  forget_case();
  WAYSIDE_OK(show_case());
  return open_first_form();
}

/// After a save or a decision in that case.
Result<void> Clerk::changed(const std::optional<RecordId>& case_id) {
  index_waits_ = true;
  if (case_id) WAYSIDE_OK(cases_.refresh(*vault_, *case_id));
  WAYSIDE_OK(show_caseload());
  WAYSIDE_OK(show_reviews());
  WAYSIDE_OK(show_reconcile());
  if (open_case_) WAYSIDE_OK(show_case());
  return show_pages();
}

}  // namespace wayside::app
