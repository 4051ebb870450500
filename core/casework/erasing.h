#pragma once

#include "core/casework/closing.h"

/// Erasing a case for ever: what stands in the way, what will go, and the certificates of what went. The entry of the
/// membership log that does it is signed in sync/enrol/erase_case.h.
namespace wayside::casework {

/// Why, as the certificate says it. Stable words.
enum class ErasureGround { due, asked, early };
std::string_view name_of(ErasureGround ground);   ///< "due": the time is over; "asked": she asked; "early": another reason

struct WhatGoes {
  std::uint64_t records = 0, attachments = 0, changes = 0;   ///< changes: envelopes, history among them
  std::vector<LedgerId> ledgers;                             ///< the case's own, then its compartments
};
struct ErasureStanding {
  HoldStanding hold;
  ErasureGround ground = ErasureGround::early;
  WhatGoes goes;
};
Result<ErasureStanding> erasure_standing(Vault& vault, const RecordId& case_id, rules::Day on);

/// Whether a person may go on. `before_retention`: she says that the law asks for it although the time is not over.
/// Errc::bad_input names what stands in the way: a hold always, else the time.
Result<void> check_may_erase(const ErasureStanding& standing, bool before_retention);

/// What the certificate says: "due: TEXT". Of at most 190 bytes, and no case content: whoever writes it is told so.
std::string reason_text(ErasureGround ground, std::string_view reason);

struct Certificate {
  LedgerId ledger;
  std::int64_t time_ms = 0;
  std::string signed_by;                       ///< a user; "recovery key" for the root
  std::string ground, reason;                  ///< empty where it cannot be opened
  std::uint64_t entry = 0;                     ///< number in the membership log
  std::uint64_t late = 0;                      ///< changes that came afterwards, or were never sent
};
/// In the order in which they were signed.
Result<std::vector<Certificate>> certificates(Vault& vault);

}  // namespace wayside::casework
