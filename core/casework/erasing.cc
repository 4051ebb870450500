#include "core/casework/erasing.h"

#include <algorithm>
#include <array>

#include "core/membership/names.h"

namespace wayside::casework {
namespace {

constexpr std::array<std::string_view, 3> kGrounds{"due", "asked", "early"};
constexpr std::string_view kBetween = ": ";

ErasureGround ground_of(const rules::RetentionStanding& kept) {
  if (kept.may_erase == rules::Answer::yes) return ErasureGround::due;
  const bool asked = std::ranges::any_of(kept.reasons, [](const rules::Reason& each) { return each.rule == "erasure_asked"; });
  return asked ? ErasureGround::asked : ErasureGround::early;
}

std::string sentences_of(const rules::RetentionStanding& kept) {
  std::string out;
  for (const auto& reason : kept.reasons) out += (out.empty() ? "" : " ") + reason.sentence;
  return out;
}

Result<std::uint64_t> count(Vault& vault, std::string_view sql, std::int64_t ledger) {
  store::Query query = vault.store().database().query(sql, ledger);
  WAYSIDE_OK(query.next());
  return static_cast<std::uint64_t>(query.integer(0));
}

Result<WhatGoes> what_goes(Vault& vault, const RecordId& case_id) {
  const schema::RecordType* const attachment = schema::current().type("attachment");
  WhatGoes out;
  WAYSIDE_TRY(const auto ledgers, vault.store().ledgers_of_case(case_id));
  for (const ledger::LedgerRow& each : ledgers) {
    out.ledgers.push_back(each.id);
    WAYSIDE_TRY(const auto records, vault.store().records_in(each.n));
    out.records += records.size();
    out.attachments += static_cast<std::uint64_t>(std::ranges::count_if(
        records, [&](const ledger::RecordRow& row) { return attachment != nullptr && row.state.type == attachment->id; }));
    WAYSIDE_TRY(const auto changes, count(vault, "SELECT count(*) FROM envelopes WHERE ledger = ?", each.n));
    out.changes += changes;
  }
  return out;
}

}  // namespace

std::string_view name_of(ErasureGround ground) { return kGrounds[static_cast<std::size_t>(ground)]; }

Result<ErasureStanding> erasure_standing(Vault& vault, const RecordId& case_id, rules::Day on) {
  ErasureStanding out;
  WAYSIDE_TRY(out.hold, hold_standing(vault, case_id, on));
  WAYSIDE_TRY(out.goes, what_goes(vault, case_id));
  out.ground = ground_of(out.hold.retention);
  return out;
}

Result<void> check_may_erase(const ErasureStanding& standing, bool before_retention) {
  if (standing.hold.held) {
    return fail(Errc::bad_input, "hold: a hold stands on this case, and beats every wish to erase. `hold CASE --lift --reason TEXT` ends it");
  }
  if (standing.hold.retention.may_erase == rules::Answer::yes || before_retention) return {};
  return fail(Errc::bad_input, "retention: " + sentences_of(standing.hold.retention) +
                                   " Where the law asks for erasure all the same, say so with --before-retention");
}

std::string reason_text(ErasureGround ground, std::string_view reason) {
  return std::string(name_of(ground)) + std::string(kBetween) + std::string(reason);
}

Result<std::vector<Certificate>> certificates(Vault& vault) {
  const membership::Log& log = vault.membership();
  std::vector<Certificate> out;
  for (const auto& [ledger, info] : log.erasures()) {
    Certificate each{ledger, info.time_ms, "recovery key", {}, {}, info.number, 0};
    const membership::DeviceInfo* const device = info.signer ? log.device(*info.signer) : nullptr;
    if (device != nullptr) each.signed_by = vault.user_name(device->entry.user);
    if (const auto text = membership::open_name(vault.keys().member_key.view(), info.sealed_reason)) {
      const auto at = text->find(kBetween);
      each.ground = text->substr(0, at);
      if (at != std::string::npos) each.reason = text->substr(at + kBetween.size());
    }
    store::Query late = vault.store().database().query("SELECT count(*) FROM quarantine WHERE ledger = ? AND why = ?", ledger,
                                                       static_cast<std::int64_t>(Errc::erased));
    WAYSIDE_OK(late.next());
    each.late = static_cast<std::uint64_t>(late.integer(0));
    out.push_back(std::move(each));
  }
  std::ranges::sort(out, {}, &Certificate::entry);
  return out;
}

}  // namespace wayside::casework
