#include "ui/app/recovery_notices.h"

#include <algorithm>

#include "core/base/value.h"
#include "core/vault/lease.h"
#include "core/vault/recovery_kit.h"
#include "core/vault/weekly_check.h"
#include "ui/app/copy_sentence.h"
#include "ui/app/sentences.h"

namespace wayside::app {
namespace {

constexpr std::int64_t kHour_ms = std::int64_t{60} * 60 * 1000;

std::string moment(std::int64_t time_ms) {
  const std::string iso = iso_time(time_ms);
  return iso.substr(0, 10) + " at " + iso.substr(11, 5) + " UTC";
}

std::string check_sentence(vault::Vault& vault) {
  const auto standing = vault::check_standing(vault);
  if (!standing || standing->faults.empty()) return {};
  return "A check of this casebook found something that does not fit: " + standing->faults.front() +
         ". Nothing was changed. Keep a copy of its folder and tell your administrator; `verify` tells all of it.";
}

/// While there is time to reconcile; once it is spent, and closed, what was asked for says so.
std::string lease_sentence(vault::Vault& vault) {
  const auto lease = vault::lease(vault);
  if (!lease || !*lease || (*lease)->left_ms > vault::kLeaseTold_ms) return {};
  if ((*lease)->spent()) return sentence({Errc::lease_spent, {}});
  const std::int64_t hours = ((*lease)->left_ms + kHour_ms - 1) / kHour_ms;
  const std::string left = hours > 24 ? "2 days" : hours == 1 ? "1 hour" : std::to_string(hours) + " hours";
  return std::string(kLeaseWords) + "days. It shows cases for " + left +
         " more, then they stay closed until it has reconciled. Nothing is lost.";
}

}  // namespace

std::vector<std::string> recovery_notices(vault::Vault& vault) {
  std::vector<std::string> out;
  const std::int64_t since_ms = vault.env().clock.wall_ms() - vault::kTellUse_ms;
  const auto kit = vault::kit_standing(vault);
  if (kit && !kit->uses.empty() && kit->uses.back().time_ms > since_ms) {
    out.push_back("This vault was opened with its recovery kit on " + moment(kit->uses.back().time_ms) +
                  ". If that was not you, somebody has the page: make a new kit, change the passphrase, and tell your "
                  "administrator.");
  }
  const auto& uses = vault.membership().root_uses();
  if (!uses.empty() && uses.back().time_ms > since_ms) {
    out.push_back("The organisation's recovery pages were used on " + moment(uses.back().time_ms) +
                  ". They admit anybody and open every case: if nobody told you of it, ask your administrator.");
  }
  if (const std::string check = check_sentence(vault); !check.empty()) out.push_back(check);
  if (const std::string lease = lease_sentence(vault); !lease.empty()) out.push_back(lease);
  if (const auto copied = vault::untold_copy(vault); copied && copied->how != vault::Copy::none) out.push_back(copy_sentence(*copied));
  return out;
}

}  // namespace wayside::app
