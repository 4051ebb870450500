#include "sync/enrol/erase_case.h"

#include "core/membership/names.h"
#include "core/vault/erasure.h"
#include "sync/enrol/log_writer.h"

namespace wayside::enrol {
namespace {

Result<Bytes> sealed_reason(vault::Vault& vault, casework::ErasureGround ground, const std::string& reason) {
  if (reason.empty()) return fail(Errc::bad_input, "reason: say why, for the certificate");
  const std::string text = casework::reason_text(ground, reason);
  if (text.size() > membership::kMaxNameBytes) {
    return fail(Errc::too_large, "reason: at most " + std::to_string(membership::kMaxNameBytes - (text.size() - reason.size())) + " bytes");
  }
  return membership::seal_name(vault.keys().member_key.view(), text, vault.env().random);
}

}  // namespace

Result<std::vector<LedgerId>> erase_case(vault::Vault& vault, const EraseRequest& request, MembershipLine* line) {
  if (!membership::may_sign(vault.role(), membership::Erase{})) {
    return fail(Errc::not_permitted, "only an administrator signs a certificate of erasure");
  }
  LogWriter writer(vault, line);
  WAYSIDE_OK(writer.fetch());
  const auto today = casework::today(vault);
  WAYSIDE_TRY(const auto standing, casework::erasure_standing(vault, request.case_id, today));
  WAYSIDE_OK(casework::check_may_erase(standing, request.before_retention));
  WAYSIDE_TRY(const Bytes reason, sealed_reason(vault, standing.ground, request.reason));
  // The case's own ledger last: cut off in between, the case is still there, and asking again goes on.
  std::vector<LedgerId> ledgers(standing.goes.ledgers.rbegin(), standing.goes.ledgers.rend());
  WAYSIDE_TRY(const auto uncertified, vault::uncertified_erasures(vault));
  ledgers.insert(ledgers.begin(), uncertified.begin(), uncertified.end());
  for (const LedgerId& ledger : ledgers) {
    if (!vault.membership().erased(ledger)) WAYSIDE_OK(writer.append(membership::Erase{ledger, reason}));
  }
  return ledgers;
}

}  // namespace wayside::enrol
