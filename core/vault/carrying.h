#pragma once

#include <vector>

#include "core/vault/drafts.h"
#include "core/vault/vault.h"

/// Which cases are on this device. It carries every case of its teams, or those alone that it is to carry (carry_mode.h), but those
/// that were put down: of such a case neither
/// records nor keys, search words, wraps or sealed bytes are here, its id alone, and whatever comes of it is left to the
/// office. Taken up again it is awaited until all of it is here that was here once; until then nothing is written in it, since
/// one's own newest change may not have come yet. A case that another team withdrew goes the same way, and is awaited:
/// should it be shared again, it comes by itself.
namespace wayside::vault {

using ledger::LedgerRow;

struct Carried {
  RecordId case_id;
  LedgerId ledger;
  LedgerRow::Presence presence = LedgerRow::Presence::here;
  bool withdrawn = false;                      ///< awaited, though nothing is asked for: it was withdrawn,
  bool restricted = false;                     ///< … in that it was left to others
};
/// Cases that are not on this device, in the order in which they came. The first look of a vault that never put one down costs
/// nothing more than one number.
Result<std::vector<Carried>> cases_elsewhere(Vault& vault);
/// How many cases are on this device.
Result<std::uint64_t> cases_here(Vault& vault);
/// Ledgers that were put down, by id: what the office is told. `kPutDownEver`: meta number, 0 while there never was one.
Result<std::vector<LedgerId>> put_down_ledgers(Vault& vault);
inline constexpr std::string_view kPutDownEver = "put_down_ever";

/// Puts down a case with its compartments. Refused while anything written here in it is not known to be at the office, parts
/// of attachments too, while it is not covered elsewhere (covered.h), and while a draft
/// of it is open: Errc::usage says which. Files of a snapshot published here go too, sent or not. Also: usage (a vault without an office,
/// or one that was put down before), not_found, withdrawn. What lies outside of the store goes with finish_erasures (erasure.h).
Result<void> put_down(Vault& vault, Vault::Writing& writing, const RecordId& case_id, const Drafts& drafts);
/// Whether something of this ledger that was written here, or parts of attachments, may be missing at the office.
Result<bool> has_unsent(Vault& vault, const LedgerRow& ledger);

/// Not while the spool may still hold what was put down (erasure.h): a courier that takes a case for held fetches nothing of it.
Result<bool> may_take_up(Vault& vault);

/// Awaits a case that was put down, or one that was never here where assigned cases alone are carried. `name`: its id, or its ledger's.
/// Errors: not_found, already_exists (it is here).
Result<void> take_up(Vault& vault, Vault::Writing& writing, BytesView id);

/// Lets go of a case that was withdrawn from this worker, or left to others, with its compartments, once nothing of hers waits to be sent.
Result<void> let_go(Vault& vault, Vault::Writing& writing, const LedgerRow& ledger);

/// Where assigned cases alone are carried (carry_mode.h): what was assigned to her anew is awaited, and what is not hers to carry is put
/// down once it may be, its drafts apart. Each goes in a transaction of its own, so that a save waits for one at most.
Result<void> settle_assigned(Vault& vault, const Drafts& drafts);

/// After pages were folded: cases that are whole again are as they were, compartments of cases that were put down go after
/// them. Whether anything changed.
Result<bool> settle_carried(Vault& vault);

}  // namespace wayside::vault
