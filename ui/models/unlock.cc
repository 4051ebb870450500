#include "ui/models/unlock.h"

#include <algorithm>

namespace wayside::models {

void UnlockModel::take(const pb::Snapshot& snapshot, std::int64_t) {
  any_news_ = true;
  state_ = snapshot.vault();
  device_label_ = snapshot.device_label();
  notice_ = snapshot.notice().text();
  retry_at_ms_ = snapshot.retry_at_ms();
}

bool UnlockModel::can_type() const {
  return any_news_ && (state_ == pb::Snapshot::locked || state_ == pb::Snapshot::open_elsewhere);
}

std::int64_t UnlockModel::seconds_left(std::int64_t now_ms) const {
  return std::max<std::int64_t>(0, (retry_at_ms_ - now_ms + 999) / 1000);
}

std::string UnlockModel::complaint(std::int64_t now_ms) const {
  if (!any_news_) return {};
  if (empty_try_) return "Type your passphrase first.";
  switch (state_) {
    case pb::Snapshot::absent:
      return notice_.empty() ? "There is no casebook in this folder. Ask your office for a ticket, or start Wayside "
                               "with another folder."
                             : notice_;
    case pb::Snapshot::open_elsewhere:
      return notice_.empty() ? "Wayside is open elsewhere. Close it there, then try again." : notice_;
    case pb::Snapshot::broken:
      return notice_.empty() ? "This casebook cannot be read. Nothing has been changed. Ask your office to restore it."
                             : notice_;
    case pb::Snapshot::unlocking: return {};
    default: break;
  }
  const std::int64_t left = seconds_left(now_ms);
  if (left == 0) return notice_;
  const std::string wait = "You can try again in " + std::to_string(left) + (left == 1 ? " second." : " seconds.");
  return notice_.empty() ? wait : notice_ + " " + wait;
}

std::optional<std::int64_t> UnlockModel::next_change_ms(std::int64_t now_ms) const {
  const std::int64_t left = seconds_left(now_ms);
  if (left == 0 || !can_type()) return std::nullopt;
  return retry_at_ms_ - (left - 1) * 1000;
}

}  // namespace wayside::models
