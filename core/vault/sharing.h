#pragma once

#include <vector>

#include "core/ledger/envelope.h"
#include "core/membership/rights.h"
#include "core/vault/vault.h"

/// One case shared with another team: grants of its keys to that team's epoch, which an envelope of the case brings. With
/// whom a case is shared is a function of envelopes and the membership log: every grant to a team beside the case's own
/// counts that a member of its own team made (core/membership/rights.h), unless it came under an older head than the entry
/// that withdrew the case from that team (Log::counts). So it does not matter in which order the two are heard of, and a
/// case may be shared again.
///
/// Shared is the case's own ledger. What is known of the person who causes harm, and addresses, stay with the case's team:
/// they lie under keys that are not granted (core/vault/save.h).
namespace wayside::vault {

/// Notes what these grants share. `author` and `head`: who signed their envelope, and the number of the entry under whose head.
/// Of a ledger that nobody has opened yet nothing is noted: see note_shares_again. True: a team reads on that did not.
Result<bool> note_shares(Vault& vault, store::Transaction& transaction, const ledger::LedgerRow& ledger, const std::vector<Bytes>& grants,
                         const UserId& author, std::uint64_t head);
/// From every envelope of the ledger that is here: now it is known whose it is.
Result<void> note_shares_again(Vault& vault, store::Transaction& transaction, const ledger::LedgerRow& ledger);
/// Every team that it was ever shared with, with the newest head that said so (membership::shared_at).
Result<std::vector<membership::SharedWith>> shares_of(Vault& vault, const ledger::LedgerRow& ledger);

/// Teams beside its own that read the case now. Costs no statement while nothing was ever shared.
Result<std::vector<TeamId>> shared_with(Vault& vault, const ledger::LedgerRow& ledger);

/// Whether this worker is in the case's own team, and whether in any team that reads it.
bool in_team(const Vault& vault, const std::optional<TeamId>& team);
Result<bool> reads(Vault& vault, const ledger::LedgerRow& ledger);

/// Whether any entry of the log ever did.
bool takes_cases_away(const membership::Log& log);
/// Cases that were withdrawn from this worker's teams, and that no other of her teams reads; and cases of her team that were left
/// to others (core/vault/restricting.h).
struct Lost {
  ledger::LedgerRow ledger;
  TeamId team;                          ///< of hers
  membership::WithdrawalInfo withdrawal;   ///< or, restricted, who left it to others, when and why
  bool restricted = false;
};
Result<std::vector<Lost>> lost_cases(Vault& vault);
/// The entry that took this case from her, if one did and nothing gave it back.
Result<std::optional<Lost>> lost(Vault& vault, const ledger::LedgerRow& ledger);

/// What a person is told of it.
struct LostWords { std::optional<RecordId> case_id; std::string by, reason; };   ///< empty where it cannot be opened
LostWords words_of(const Vault& vault, const Lost& lost);
/// "Case 0192…, which had been shared with your team North, was withdrawn by Amina: the move is done."
std::string sentence_of(const Vault& vault, const Lost& lost);
/// Those that nobody was told of on this device yet, and that they were told now.
Result<std::vector<Lost>> untold_losses(Vault& vault);
Result<void> note_losses_told(Vault& vault, Vault::Writing& writing);

struct SharedCase { ledger::LedgerRow ledger; std::vector<TeamId> with; };
/// All cases on this device that more than one team reads.
Result<std::vector<SharedCase>> shared_cases(Vault& vault);

/// Errc::withdrawn or not_carried when this case is not here to be written.
Result<void> check_is_here(Vault& vault, const ledger::LedgerRow& ledger);

/// Who may share a case with another team: members of its own team. Errors: not_permitted, not_found (the case, the team),
/// already_exists (it is shared with that team), no_key (that team's key has to be renewed first), not_carried.
Result<void> share_case(Vault& vault, Vault::Writing& writing, const RecordId& case_id, const TeamId& team);

/// Grants to teams that a case is shared with, of keys that somebody made who had not heard of it; and the other way round.
/// Looks at what came since the last time. How many ledgers had some.
Result<std::size_t> grant_to_sharers(Vault& vault, Vault::Writing& writing);
Result<bool> has_news_for_sharers(Vault& vault);

}  // namespace wayside::vault
