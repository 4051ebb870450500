#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/vault/vault.h"

/// Every ledger on this device is folded anew from its signed envelopes once a week at least, and compared with what the store
/// shows: an old page that was pasted back into the store shows so, and so does one that was altered by somebody with the keys.
/// It goes on a slice at a time, whenever nobody waits for anything else, and where it left off after a restart. Then come the
/// chain over all envelopes against the header's anchor, and the log of reads. `verify` does all of it at once, and the pages and
/// the search index besides.
namespace wayside::vault {

/// A round begins so long after the last one ended: with the days in which nobody opens the vault, a week.
inline constexpr std::int64_t kCheckEvery_ms = std::int64_t{3} * 24 * 60 * 60 * 1000;

struct CheckStanding {
  std::int64_t ended_ms = 0;          ///< when everything was last checked; 0: never yet
  std::vector<std::string> faults;    ///< of the last whole round and of the one under way; empty: all is well
  std::uint64_t done = 0, total = 0;  ///< ledgers of the round under way; 0 of 0: none is
};
Result<CheckStanding> check_standing(Vault& vault);
/// `verify` has looked at everything.
Result<void> note_whole_check(Vault& vault, const std::vector<std::string>& faults);

class WeeklyCheck {
 public:
  static Result<std::unique_ptr<WeeklyCheck>> open(Vault& vault);
  ~WeeklyCheck();

  /// A round is under way, or it is time for one.
  [[nodiscard]] bool due() const;
  /// Begins a round where none is under way, and goes on for about so long: one ledger at least. True while there is more.
  Result<bool> step(std::int64_t budget_ms);
  /// How far it has come, durably. By itself at the end of a round, and every few seconds of work.
  Result<void> keep();

 private:
  struct State;
  WeeklyCheck(Vault& vault, std::unique_ptr<State> state);
  Result<bool> one();

  Vault& vault_;
  std::unique_ptr<State> state_;
  std::int64_t kept_at_ms_;
};

}  // namespace wayside::vault
