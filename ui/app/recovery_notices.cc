#include "ui/app/recovery_notices.h"

#include <algorithm>

#include "core/base/value.h"
#include "core/vault/recovery_kit.h"
#include "ui/app/copy_sentence.h"

namespace wayside::app {
namespace {

std::string moment(std::int64_t time_ms) {
  const std::string iso = iso_time(time_ms);
  return iso.substr(0, 10) + " at " + iso.substr(11, 5) + " UTC";
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
  if (const auto copied = vault::untold_copy(vault); copied && copied->how != vault::Copy::none) out.push_back(copy_sentence(*copied));
  return out;
}

}  // namespace wayside::app
