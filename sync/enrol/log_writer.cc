#include "sync/enrol/log_writer.h"

#include "core/membership/names.h"
#include "core/vault/branches.h"
#include "core/vault/ingest.h"
#include "sync/enrol/tuning.h"

namespace wayside::enrol {

Result<void> LogWriter::fetch() {
  if (line_ == nullptr) return {};
  WAYSIDE_TRY(const auto answer, line_->ask(vault_.membership().size(), {}));
  return take(answer.entries);
}

Result<void> LogWriter::append(const membership::EntryKind& kind, const std::function<Result<void>()>& still_fits) {
  const membership::Log& log = vault_.membership();
  for (int tries = 0; tries < kAppendTries; ++tries) {
    if (log.has_unknown_kind()) return fail(Errc::newer_format, "membership log");
    if (!membership::may_sign(vault_.role(), kind)) return fail(Errc::not_permitted, "only an administrator may");
    if (vault::waits_for_decision(kind)) {
      WAYSIDE_TRY(const auto branches, vault::undecided_branches(vault_));
      if (!branches.empty()) return fail(Errc::fork, vault::sentence_of(vault_, branches.front()));
    }
    if (still_fits) WAYSIDE_OK(still_fits());
    const membership::Entry entry{vault_.identity().organisation,
                                  log.size(),
                                  log.head(),
                                  vault_.env().clock.wall_ms(),
                                  membership::SignerKind::device,
                                  vault_.identity().device.str(),
                                  kind};
    const auto signed_entry = membership::sign_entry(entry, vault_.keys().sign_seed);
    if (line_ == nullptr) return take({signed_entry.bytes});
    WAYSIDE_TRY(const auto answer, line_->ask(log.size(), signed_entry.bytes));
    WAYSIDE_OK(take(answer.entries));
    if (log.number_of(signed_entry.hash)) return {};
    if (answer.append == MembershipLine::Append::refused) return std::unexpected(error_of_refusal(answer.reason));
  }
  return fail(Errc::stale_head);
}

Result<void> LogWriter::append_made(const std::function<Result<membership::EntryKind>()>& make) {
  WAYSIDE_OK(fetch());
  Result<void> done;
  for (int tries = 0; tries < kAppendTries; ++tries) {
    WAYSIDE_TRY(const auto kind, make());
    const std::uint64_t at = vault_.membership().size();
    done = append(kind, [&]() -> Result<void> {
      return vault_.membership().size() == at ? Result<void>{} : fail(Errc::stale_head, "membership log");
    });
    if (done || done.error().code != Errc::stale_head) return done;
  }
  return done;
}

Result<void> LogWriter::take(const std::vector<Bytes>& entries) {
  if (entries.empty()) return {};
  WAYSIDE_OK(vault::heed_branches(vault_, entries));
  WAYSIDE_TRY(auto writing, vault_.begin());
  vault::Ingest ingest(vault_, writing);
  WAYSIDE_OK(ingest.membership(entries));
  return std::move(writing).commit();
}

Result<Bytes> seal_reason(vault::Vault& vault, const std::string& reason) {
  if (reason.empty()) return fail(Errc::bad_input, "reason: say why, in a few words and nothing of the case");
  if (reason.size() > membership::kMaxNameBytes) return fail(Errc::too_large, "reason: at most 190 bytes");
  return membership::seal_name(vault.keys().member_key.view(), reason, vault.env().random);
}

}  // namespace wayside::enrol
