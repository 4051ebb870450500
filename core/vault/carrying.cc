#include "core/vault/carrying.h"

#include <algorithm>

#include "core/ledger/store_schema.h"
#include "core/vault/carry_mode.h"
#include "core/vault/covered.h"
#include "core/vault/erasure.h"
#include "core/vault/kept_copies.h"
#include "core/vault/receipts.h"
#include "core/vault/refold.h"
#include "core/vault/sharing.h"
#include "core/vault/snapshot.h"
#include "core/vault/twin.h"
#include "core/vault/unsent_parts.h"

namespace wayside::vault {
namespace {

using ledger::LedgerKind;
using Presence = LedgerRow::Presence;

/// The case's own ledger first, then its compartments.
Result<std::vector<LedgerRow>> with_compartments(Vault& vault, const LedgerRow& of_case) {
  std::vector<LedgerRow> out{of_case};
  WAYSIDE_TRY(const auto compartments, vault.store().compartments_of(of_case.id));
  std::ranges::copy_if(compartments, std::back_inserter(out), [](const LedgerRow& each) { return !each.erased; });
  return out;
}

Result<bool> ever_put_down(Vault& vault) {
  WAYSIDE_TRY(const std::int64_t ever, vault.store().meta_number(kPutDownEver));
  return ever != 0;
}

Result<void> leave(Vault& vault, Vault::Writing& writing, const LedgerRow& row, Presence presence) {
  const auto nobody = [&](const IncarnationId& incarnation) {
    return vault.store().author_number(writing.transaction(), kElsewhere, incarnation);
  };
  if (presence == Presence::put_down) WAYSIDE_OK(keep_copies(vault, writing, row));
  WAYSIDE_OK(note_what_is_left(vault, writing.transaction(), row));
  WAYSIDE_OK(Receipts::forget_ledger(vault, writing.transaction(), row.n));
  WAYSIDE_OK(vault.store().put_down(writing.transaction(), row, nobody, presence));
  WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), kPutDownEver, 1));
  vault.field_keys().clear();
  return {};
}

/// A case's own ledger last: what it names finds its parent until then.
Result<void> leave_all(Vault& vault, Vault::Writing& writing, const std::vector<LedgerRow>& with_its_compartments) {
  WAYSIDE_OK(drop_published(vault, writing));   // its files may hold the case too
  for (auto each = with_its_compartments.rbegin(); each != with_its_compartments.rend(); ++each) {
    if (each->presence != Presence::put_down) WAYSIDE_OK(leave(vault, writing, *each, Presence::put_down));
  }
  return {};
}

Result<bool> was_written_in(Vault& vault, std::int64_t ledger) {
  return vault.store().database().query("SELECT 1 FROM envelopes WHERE ledger = ? AND own AND sealed != x'' LIMIT 1", ledger).next();
}

/// Nothing goes of which this device may hold the only copy that can be trusted to last.
Result<void> check_may_go(Vault& vault, const LedgerRow& row) {
  WAYSIDE_TRY(const bool unsent, has_unsent(vault, row));
  if (unsent) return fail(Errc::usage, "Not everything that you wrote in this case is at the office yet. Run `sync` first");
  if (row.presence == Presence::awaited) return {};   // what came of it comes from the office
  WAYSIDE_TRY(const bool written, was_written_in(vault, row.n));
  WAYSIDE_TRY(const bool unchecked, is_unchecked(vault, row.n));
  if (unchecked && !written) return {};   // a colleague's snapshot says it, and the office has its envelopes still to send
  WAYSIDE_TRY(const bool covered, covered_elsewhere(vault, row.id));
  if (covered) return {};
  WAYSIDE_TRY(const std::uint64_t others, other_readers(vault, row.n));
  if (!written || others == 0) return fail(Errc::usage, "The office has not confirmed yet that it holds this case as it is here. Run `sync` first");
  const std::string whose = others == 1 ? "The one other device that has this case has"
                                        : "Two of the " + std::to_string(others) + " other devices that have this case have";
  return fail(Errc::usage, whose + " not said yet that it holds what you wrote in it. Let colleagues run `sync` twice, then run `sync` and drop it again");
}

bool has_draft(const Drafts& drafts, const RecordId& case_id) {
  return std::ranges::any_of(drafts.all(), [&](const Draft& draft) { return draft.record == case_id || draft.case_id == case_id; });
}

}  // namespace

Result<bool> has_unsent(Vault& vault, const LedgerRow& ledger) {
  bool unsent = false;
  WAYSIDE_OK(vault.store().each_outgoing([&](const ledger::EnvelopeRow& each) -> Result<void> {
    unsent = unsent || each.ledger == ledger.n;
    return {};
  }));
  if (unsent) return true;
  return has_unsent_parts(vault, ledger.id);
}

Result<std::vector<Carried>> cases_elsewhere(Vault& vault) {
  std::vector<Carried> out;
  WAYSIDE_TRY(const bool ever, ever_put_down(vault));
  if (!ever) return out;
  WAYSIDE_TRY(const auto rows, vault.store().ledgers_elsewhere());
  for (const LedgerRow& each : rows) {
    const auto subject = RecordId::from(each.subject);
    if (each.kind_elsewhere != LedgerKind::case_ledger || !subject) continue;
    WAYSIDE_TRY(const auto taken, lost(vault, each));
    out.push_back({*subject, each.id, each.presence, taken.has_value(), taken && taken->restricted});
  }
  return out;
}

Result<std::uint64_t> cases_here(Vault& vault) {
  store::Query rows = vault.store().database().query("SELECT count(*) FROM ledgers WHERE kind = ?", static_cast<std::int64_t>(LedgerKind::case_ledger));
  WAYSIDE_OK(rows.next());
  return static_cast<std::uint64_t>(rows.integer(0));
}

Result<std::vector<LedgerId>> put_down_ledgers(Vault& vault) {
  std::vector<LedgerId> out;
  WAYSIDE_TRY(const bool ever, ever_put_down(vault));
  if (!ever) return out;
  store::Query rows = vault.store().database().query("SELECT id FROM ledgers WHERE kind BETWEEN ? AND ? ORDER BY id",
                                                     ledger::kAwaitedKinds + 1, ledger::kPutDownKinds);
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out.push_back(rows.id<LedgerId>(0));
  }
}

Result<void> put_down(Vault& vault, Vault::Writing& writing, const RecordId& case_id, const Drafts& drafts) {
  WAYSIDE_TRY(const auto row, vault.store().ledger_anywhere(LedgerKind::case_ledger, case_id.view()));
  if (!row) return fail(Errc::not_found, "case");
  if (!vault.membership().office()) return fail(Errc::usage, "This casebook has no office. What is here is all there is of the case");
  if (row->presence == Presence::put_down) return fail(Errc::usage, "The case is not on this device already");
  if (row->presence == Presence::awaited) WAYSIDE_OK(check_is_here(vault, *row));
  if (has_draft(drafts, case_id)) return fail(Errc::usage, "A draft of this case is not saved yet. Save or discard it first");
  WAYSIDE_TRY(const auto all, with_compartments(vault, *row));
  for (const LedgerRow& each : all) {
    if (each.presence != Presence::put_down) WAYSIDE_OK(check_may_go(vault, each));
  }
  WAYSIDE_OK(leave_all(vault, writing, all));
  return note_choice(vault, writing, row->id, Choice::declined);
}

Result<bool> may_take_up(Vault& vault) {
  WAYSIDE_TRY(const std::int64_t to_clear, vault.store().meta_number(kSpoolToClear));
  return to_clear == 0;
}

namespace {

/// A case of which nothing was ever here: it comes like one that was shared just now.
Result<void> choose(Vault& vault, Vault::Writing& writing, BytesView id) {
  WAYSIDE_TRY(const CarryMode mode, carry_mode(vault));
  if (mode == CarryMode::all) return fail(Errc::not_found, "case");
  WAYSIDE_TRY(const LedgerId ledger, ledger_to_choose(vault, id));
  return note_choice(vault, writing, ledger, Choice::chosen);
}

}  // namespace

Result<void> take_up(Vault& vault, Vault::Writing& writing, BytesView id) {
  WAYSIDE_TRY(auto row, vault.store().ledger_anywhere(LedgerKind::case_ledger, id));
  if (const auto ledger = LedgerId::from(id); !row && ledger) {
    WAYSIDE_TRY(row, vault.store().ledger(*ledger));
  }
  if (!row) return choose(vault, writing, id);
  if (row->erased) return fail(Errc::not_found, "case");
  WAYSIDE_OK(note_choice(vault, writing, row->id, Choice::chosen));
  if (row->presence != Presence::put_down) {
    WAYSIDE_OK(check_is_here(vault, *row));
    return fail(Errc::already_exists, "case");
  }
  WAYSIDE_TRY(const auto all, with_compartments(vault, *row));
  for (const LedgerRow& each : all) {
    if (each.presence == Presence::put_down) WAYSIDE_OK(vault.store().await(writing.transaction(), each));
  }
  return {};
}

/// Of a compartment that no entry of the membership log names the office is told that it is not carried.
Result<void> let_go(Vault& vault, Vault::Writing& writing, const LedgerRow& ledger) {
  WAYSIDE_TRY(const auto all, with_compartments(vault, ledger));
  for (auto each = all.rbegin(); each != all.rend(); ++each) {
    if (each->presence != Presence::here) continue;
    const bool comes_back = each->id == ledger.id || vault.membership().restrictions().contains(each->id);
    WAYSIDE_OK(leave(vault, writing, *each, comes_back ? Presence::awaited : Presence::put_down));
  }
  return {};
}

namespace {

Result<bool> settle(Vault& vault, Vault::Writing& writing, const LedgerRow& row) {
  WAYSIDE_TRY(const auto taken, lost(vault, row));
  WAYSIDE_TRY(const bool partly, vault.store().lacks_content(row.n, kElsewhere));
  if (partly || taken) return false;
  WAYSIDE_OK(vault.store().settle(writing.transaction(), row));
  WAYSIDE_OK(forget_copies(vault, writing.transaction(), row.id));
  // Its newest changes are told by what builds on what, whatever order all of it came in.
  WAYSIDE_OK(refold(vault, writing, row.n));
  return true;
}

/// A compartment that went with a case which was left to others, and is not any more.
Result<bool> comes_back(Vault& vault, const LedgerRow& row) {
  if (row.presence != Presence::put_down || !row.parent) return false;
  WAYSIDE_TRY(const auto parent, vault.store().ledger(*row.parent));
  if (!parent || parent->presence == Presence::put_down) return false;
  WAYSIDE_TRY(const auto taken, lost(vault, *parent));
  return !taken;
}

/// A colleague's, made after the case was put down, or left to others.
Result<std::vector<LedgerRow>> stray_compartments(Vault& vault, const std::vector<LedgerRow>& elsewhere) {
  std::vector<LedgerRow> out;
  for (const LedgerRow& each : elsewhere) {
    if (each.kind_elsewhere != LedgerKind::case_ledger) continue;
    WAYSIDE_TRY(const auto taken, lost(vault, each));
    if (each.presence != Presence::put_down && !taken) continue;
    WAYSIDE_TRY(const auto compartments, vault.store().compartments_of(each.id));
    for (const LedgerRow& found : compartments) {
      WAYSIDE_TRY(const bool unsent, has_unsent(vault, found));
      if (!found.erased && found.presence == Presence::here && !unsent) out.push_back(found);
    }
  }
  return out;
}

}  // namespace

namespace {

/// Cases whose envelopes are here, or come.
Result<std::vector<LedgerRow>> cases_carried(Vault& vault) {
  std::vector<LedgerId> ids;
  {
    constexpr auto kCase = static_cast<std::int64_t>(LedgerKind::case_ledger);
    store::Query rows = vault.store().database().query("SELECT id FROM ledgers WHERE kind IN (?, ?)", kCase, ledger::kAwaitedKinds - kCase);
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      ids.push_back(rows.id<LedgerId>(0));
    }
  }
  std::vector<LedgerRow> out;
  for (const LedgerId& each : ids) {
    WAYSIDE_TRY(auto row, vault.store().ledger(each));
    if (row) out.push_back(*std::move(row));
  }
  return out;
}

/// Whether nothing of it is needed here any more. What is in its way today is looked at again with the next reconcile.
Result<bool> may_go_now(Vault& vault, const std::vector<LedgerRow>& with_its_compartments, const Drafts& drafts) {
  const auto case_id = RecordId::from(with_its_compartments.front().subject);
  if (case_id && has_draft(drafts, *case_id)) return false;
  for (const LedgerRow& each : with_its_compartments) {
    if (each.presence == Presence::put_down) continue;
    const auto may = check_may_go(vault, each);
    if (!may && may.error().code != Errc::usage) return std::unexpected(may.error());
    if (!may) return false;
  }
  return true;
}

Result<void> take_up_wanted(Vault& vault, Vault::Writing& writing, const std::set<LedgerId>& wanted) {
  WAYSIDE_TRY(const bool may, may_take_up(vault));
  if (!may) return {};
  for (const LedgerId& each : wanted) {
    WAYSIDE_TRY(const auto row, vault.store().ledger(each));
    if (!row || row->presence != Presence::put_down) continue;
    WAYSIDE_TRY(const auto taken, lost(vault, *row));
    if (taken) continue;
    WAYSIDE_TRY(const auto all, with_compartments(vault, *row));
    for (const LedgerRow& part : all) {
      if (part.presence == Presence::put_down) WAYSIDE_OK(vault.store().await(writing.transaction(), part));
    }
  }
  return {};
}

}  // namespace

Result<void> settle_assigned(Vault& vault, const Drafts& drafts) {
  WAYSIDE_TRY(const bool any_mode, has_carry_mode(vault));
  if (!any_mode) return {};
  {
    WAYSIDE_TRY(auto writing, vault.begin());
    WAYSIDE_OK(settle_choices(vault, writing));
    WAYSIDE_OK(std::move(writing).commit());
  }
  WAYSIDE_TRY(const CarryMode mode, carry_mode(vault));
  if (mode == CarryMode::all) return {};
  WAYSIDE_TRY(const auto wanted, wanted_cases(vault));
  {
    WAYSIDE_TRY(auto writing, vault.begin());
    WAYSIDE_OK(take_up_wanted(vault, writing, wanted));
    WAYSIDE_OK(std::move(writing).commit());
  }
  WAYSIDE_TRY(const auto carried, cases_carried(vault));
  for (const LedgerRow& each : carried) {
    if (wanted.contains(each.id)) continue;
    WAYSIDE_TRY(const auto all, with_compartments(vault, each));
    WAYSIDE_TRY(const bool may, may_go_now(vault, all, drafts));
    if (!may) continue;
    WAYSIDE_TRY(auto writing, vault.begin());
    WAYSIDE_OK(leave_all(vault, writing, all));
    WAYSIDE_OK(std::move(writing).commit());
  }
  return {};
}

Result<bool> settle_carried(Vault& vault) {
  WAYSIDE_TRY(const bool ever, ever_put_down(vault));
  if (!ever) return false;
  WAYSIDE_TRY(const auto elsewhere, vault.store().ledgers_elsewhere());
  WAYSIDE_TRY(const auto strays, stray_compartments(vault, elsewhere));
  bool changed = false;
  WAYSIDE_TRY(auto writing, vault.begin());
  for (const LedgerRow& each : strays) WAYSIDE_OK(leave(vault, writing, each, Presence::put_down));
  for (const LedgerRow& each : elsewhere) {
    WAYSIDE_TRY(const bool again, comes_back(vault, each));
    if (again) WAYSIDE_OK(vault.store().await(writing.transaction(), each));
    changed = changed || again;
    if (each.presence != Presence::awaited) continue;
    WAYSIDE_TRY(const bool whole, settle(vault, writing, each));
    changed = changed || whole;
  }
  if (changed || !strays.empty()) WAYSIDE_OK(std::move(writing).commit());
  return changed || !strays.empty();
}

}  // namespace wayside::vault
