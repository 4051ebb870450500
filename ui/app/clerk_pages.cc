#include "core/vault/audit.h"
#include "ui/app/clerk.h"
#include "ui/app/codec.h"
#include "ui/app/places_page.h"
#include "ui/app/standing_page.h"
#include "ui/app/today_page.h"

namespace wayside::app {

/// Those that the window shows now, read anew: after it asked, and whenever something has changed.
Result<void> Clerk::show_pages() {
  if (shows_standing_ && open_case_) {
    WAYSIDE_TRY(standing_page_, read_standing(*vault_, *open_case_, now_ms()));
  }
  if (places_of_) {
    const CaseSummary* summary = cases_.find(*places_of_);
    if (summary == nullptr) return show_places({});
    WAYSIDE_TRY(auto places, read_places(*vault_, *places_of_, summary->shown_name(), now_ms()));
    if (places_.has_detail()) places.mutable_detail()->Swap(places_.mutable_detail());
    places_ = std::move(places);
  }
  if (shows_today_ && !shut_) {
    WAYSIDE_TRY(today_, read_today(*vault_, cases_, now_ms()));
  }
  return {};
}

Result<void> Clerk::show_standing(bool shown) {
  shows_standing_ = shown;
  wipe(standing_page_);
  return shown ? show_pages() : Result<void>{};
}

Result<void> Clerk::show_places(const std::string& case_id) {
  wipe(places_);
  places_of_.reset();
  const auto of = RecordId::from(case_id);
  if (of) WAYSIDE_OK(vault::note_opened(*vault_, of, *of));   // a household, and what it needs
  places_of_ = of;
  return places_of_ ? show_pages() : Result<void>{};
}

Result<void> Clerk::show_today(bool shown) {
  shows_today_ = shown;
  wipe(today_);
  return shown ? show_pages() : Result<void>{};
}

Result<void> Clerk::open_service(const std::string& id) {
  wipe(*places_.mutable_detail());
  places_.clear_detail();
  const auto service = RecordId::from(id);
  if (!service) return {};
  WAYSIDE_TRY(*places_.mutable_detail(), read_service(*vault_, *service, now_ms()));
  return {};
}

/// A referral of the case to a service, not saved yet. One that somebody began before comes back instead: it is not
/// lost.
Result<void> Clerk::new_referral(const RecordId& case_id, const RecordId& service) {
  WAYSIDE_TRY(const auto detail, read_service(*vault_, service, now_ms()));
  const bool began_before = draft_of_new(case_id, "referral") != nullptr;
  if (form_ && form_->is_new() && form_->type().name == "referral" && !began_before)
    put_behind();  // nobody typed into it
  WAYSIDE_OK(new_record(case_id, "referral"));
  if (!form_ || !form_->is_new() || form_->type().name != "referral") return {};
  if (began_before) {
    form_->notice.set_tone(pb::Notice::information);
    form_->notice.set_text(
        "You began this referral before and did not save it. Save or discard it, then start the one to " +
        detail.name() + ".");
    return {};
  }
  form_->begin_with("direction", {"out"});
  form_->begin_with("service", {to_text(service)});
  return {};
}

}  // namespace wayside::app
