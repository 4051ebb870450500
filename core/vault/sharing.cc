#include "core/vault/sharing.h"

#include <algorithm>
#include <set>

#include "core/membership/grant.h"
#include "core/membership/names.h"
#include "core/vault/brought_grants.h"
#include "core/vault/granting.h"
#include "core/vault/judging.h"
#include "core/vault/restricting.h"
#include "core/vault/writing_key.h"

namespace wayside::vault {
namespace {

using ledger::LedgerKind;
using ledger::LedgerRow;

/// Made with the first case that is shared; the rows follow from the envelopes. `head`: the newest under which it was.
constexpr std::string_view kTable =
    "CREATE TABLE IF NOT EXISTS shares(ledger INTEGER NOT NULL, team BLOB NOT NULL, head INTEGER NOT NULL, PRIMARY KEY(ledger, team)) WITHOUT ROWID";
/// Meta number: envelopes up to this row were looked at for keys that a sharing team lacks.
constexpr std::string_view kLookedUpTo = "sharers_granted_up_to";

/// Meta number: withdrawals up to this entry of the membership log were told.
constexpr std::string_view kToldUpTo = "withdrawals_told_up_to";

Result<Vault::Shares*> known_shares(Vault& vault) {
  std::optional<Vault::Shares>& known = vault.shares();
  if (known) return &*known;
  store::Database& database = vault.store().database();
  Vault::Shares read;
  WAYSIDE_TRY(const bool any, database.query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'shares'").next());
  if (any) {
    store::Query rows = database.query("SELECT ledger, team, head FROM shares");
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      read[rows.integer(0)][rows.id<TeamId>(1)] = static_cast<std::uint64_t>(rows.integer(2));
    }
  }
  return &known.emplace(std::move(read));
}

bool may_be_shared(const LedgerRow& ledger) {
  const LedgerKind kind = ledger.presence == LedgerRow::Presence::here ? ledger.kind : ledger.kind_elsewhere;
  return kind == LedgerKind::case_ledger && ledger.team;
}

bool contains(const auto& list, const auto& item) { return std::ranges::find(list, item) != list.end(); }

}  // namespace

Result<bool> note_shares(Vault& vault, store::Transaction&, const LedgerRow& ledger, const std::vector<Bytes>& grants, const UserId& author,
                         std::uint64_t head) {
  if (!may_be_shared(ledger)) return false;
  bool news = false;
  for (const Bytes& bytes : grants) {
    const auto grant = membership::parse_grant(bytes);
    if (!grant || grant->ledger != ledger.id || grant->reader_kind != membership::ReaderKind::team_epoch) continue;
    const auto team = TeamId::from(grant->reader);
    if (!team || ledger.team == team) continue;
    WAYSIDE_TRY(const bool right, may(vault, membership::Right::share, ledger, author, head));
    if (!right) continue;
    WAYSIDE_TRY(Vault::Shares * shares, known_shares(vault));
    std::map<TeamId, std::uint64_t>& of_ledger = (*shares)[ledger.n];
    const auto noted = of_ledger.find(*team);
    if (noted != of_ledger.end() && noted->second >= head) continue;
    of_ledger[*team] = head;
    news = true;
    WAYSIDE_OK(vault.store().database().run(kTable));
    WAYSIDE_OK(vault.store().database().run("INSERT OR REPLACE INTO shares(ledger, team, head) VALUES(?, ?, ?)", ledger.n, *team, head));
  }
  return news;
}

Result<void> note_shares_again(Vault& vault, store::Transaction& transaction, const LedgerRow& ledger) {
  if (!may_be_shared(ledger)) return {};
  WAYSIDE_TRY(const auto all, brought_grants(vault, ledger));
  for (const BroughtGrants& each : all) WAYSIDE_OK(note_shares(vault, transaction, ledger, each.grants, each.author, each.head));
  return {};
}

Result<std::vector<membership::SharedWith>> shares_of(Vault& vault, const LedgerRow& ledger) {
  WAYSIDE_TRY(const Vault::Shares* shares, known_shares(vault));
  std::vector<membership::SharedWith> out;
  const auto of_ledger = shares->find(ledger.n);
  if (of_ledger == shares->end()) return out;
  for (const auto& [team, head] : of_ledger->second) out.push_back({team, head});
  return out;
}

Result<std::vector<TeamId>> shared_with(Vault& vault, const LedgerRow& ledger) {
  const membership::Log& log = vault.membership();
  WAYSIDE_TRY(auto shared, shares_of(vault, ledger));
  std::vector<TeamId> out;
  if (shared.empty()) return out;
  const membership::LedgerPlace place{ledger.id, membership::Realm::of_case, {}, std::move(shared)};
  for (const membership::SharedWith& each : place.shared) {
    if (each.team != ledger.team && membership::shared_at(log, place, each.team, log.size())) out.push_back(each.team);
  }
  return out;
}

bool in_team(const Vault& vault, const std::optional<TeamId>& team) {
  return team && contains(vault.membership().teams_of(vault.identity().user), *team);
}

Result<bool> reads(Vault& vault, const LedgerRow& ledger) {
  WAYSIDE_TRY(const auto circle, circle_of(vault, ledger));
  if (!circle.empty()) return in_team(vault, ledger.team) && contains(circle, vault.identity().user);
  if (in_team(vault, ledger.team)) return true;
  WAYSIDE_TRY(const auto teams, shared_with(vault, ledger));
  return std::ranges::any_of(teams, [&](const TeamId& team) { return in_team(vault, team); });
}

bool takes_cases_away(const membership::Log& log) { return !log.withdrawals().empty() || !log.restrictions().empty(); }

Result<std::optional<Lost>> lost(Vault& vault, const LedgerRow& ledger) {
  const auto& withdrawals = vault.membership().withdrawals();
  std::optional<Lost> out;
  for (auto each = withdrawals.lower_bound({ledger.id, TeamId{}}); each != withdrawals.end() && each->first.first == ledger.id; ++each) {
    if (!in_team(vault, each->first.second)) continue;
    if (!out || each->second.number > out->withdrawal.number) out = Lost{ledger, each->first.second, each->second};
  }
  const membership::RestrictionInfo* said = vault.membership().restriction_at(ledger.id, vault.membership().size());
  if (said != nullptr && !said->users.empty() && ledger.team && !contains(said->users, vault.identity().user)) {
    out = Lost{ledger, *ledger.team, {said->number, said->time_ms, said->signer, said->sealed_reason}, true};
  }
  if (!out) return out;
  WAYSIDE_TRY(const bool still, reads(vault, ledger));
  return still ? std::optional<Lost>{} : out;
}

Result<std::vector<Lost>> lost_cases(Vault& vault) {
  std::vector<Lost> out;
  std::set<LedgerId> spoken_of;
  for (const auto& [of, withdrawal] : vault.membership().withdrawals()) spoken_of.insert(of.first);
  for (const auto& [ledger, restrictions] : vault.membership().restrictions()) spoken_of.insert(ledger);
  for (const LedgerId& each : spoken_of) {
    WAYSIDE_TRY(const auto row, vault.store().ledger(each));
    if (!row || row->erased || !may_be_shared(*row)) continue;
    WAYSIDE_TRY(auto found, lost(vault, *row));
    if (found) out.push_back(*std::move(found));
  }
  std::ranges::sort(out, {}, [](const Lost& each) { return each.withdrawal.number; });
  return out;
}

LostWords words_of(const Vault& vault, const Lost& lost) {
  LostWords out{RecordId::from(lost.ledger.subject), "recovery key", {}};
  if (lost.withdrawal.signer) {
    const membership::DeviceInfo* device = vault.membership().device(*lost.withdrawal.signer);
    out.by = device == nullptr ? std::string() : vault.user_name(device->entry.user);
  }
  if (auto reason = membership::open_name(vault.keys().member_key.view(), lost.withdrawal.sealed_reason)) out.reason = *std::move(reason);
  return out;
}

std::string sentence_of(const Vault& vault, const Lost& lost) {
  const LostWords words = words_of(vault, lost);
  // No more than she knew: not to whom, by whom or why.
  if (lost.restricted) {
    return "Case " + (words.case_id ? to_text(*words.case_id) : to_text(lost.ledger.id)) + " of your team " + vault.team_name(lost.team) +
           " is left to named workers now, and you are not among them. " +
           (lost.ledger.presence == LedgerRow::Presence::here ? "It goes from this device once what you wrote in it is at the office."
                                                              : "It is not on this device any more; what you wrote in it was sent before.");
  }
  return "Case " + (words.case_id ? to_text(*words.case_id) : to_text(lost.ledger.id)) + ", which was shared with your team " +
         vault.team_name(lost.team) + ", was withdrawn by " + words.by + (words.reason.empty() ? "" : ": " + words.reason) + ". " +
         (lost.ledger.presence == LedgerRow::Presence::here ? "It goes from this device once what you wrote in it is at the office."
                                                            : "It is not on this device any more; what you wrote in it was sent before.");
}

Result<std::vector<Lost>> untold_losses(Vault& vault) {
  if (!takes_cases_away(vault.membership())) return std::vector<Lost>{};
  WAYSIDE_TRY(const std::int64_t told_up_to, vault.store().meta_number(kToldUpTo));
  WAYSIDE_TRY(auto out, lost_cases(vault));
  std::erase_if(out, [&](const Lost& each) { return static_cast<std::int64_t>(each.withdrawal.number) <= told_up_to; });
  return out;
}

Result<void> note_losses_told(Vault& vault, Vault::Writing& writing) {
  return vault.store().set_meta_number(writing.transaction(), kToldUpTo, static_cast<std::int64_t>(vault.membership().size()) - 1);
}

Result<std::vector<SharedCase>> shared_cases(Vault& vault) {
  WAYSIDE_TRY(const Vault::Shares* shares, known_shares(vault));
  std::vector<std::int64_t> numbers;
  for (const auto& [n, teams] : *shares) numbers.push_back(n);
  std::vector<SharedCase> out;
  for (const std::int64_t n : numbers) {
    WAYSIDE_TRY(auto row, vault.store().ledger(n));
    if (!row || row->kind != LedgerKind::case_ledger) continue;
    WAYSIDE_TRY(auto with, shared_with(vault, *row));
    if (!with.empty()) out.push_back({*std::move(row), std::move(with)});
  }
  return out;
}

Result<void> check_is_here(Vault& vault, const LedgerRow& ledger) {
  if (takes_cases_away(vault.membership())) {
    WAYSIDE_TRY(const auto taken, lost(vault, ledger));
    if (taken && taken->restricted) return fail(Errc::restricted);
    if (taken) return fail(Errc::withdrawn, vault.team_name(taken->team));
  }
  return ledger.presence == LedgerRow::Presence::here ? Result<void>{} : fail(Errc::not_carried);
}

Result<void> share_case(Vault& vault, Vault::Writing& writing, const RecordId& case_id, const TeamId& team) {
  const membership::Log& log = vault.membership();
  WAYSIDE_TRY(const auto row, vault.store().ledger_anywhere(LedgerKind::case_ledger, case_id.view()));
  if (!row) return fail(Errc::not_found, "case");
  WAYSIDE_OK(check_is_here(vault, *row));
  if (!log.teams().contains(team)) return fail(Errc::not_found, "team");
  if (row->team == team) return fail(Errc::usage, "The case is that team's own");
  WAYSIDE_TRY(const auto circle, circle_of(vault, *row));
  if (!circle.empty()) return fail(Errc::usage, "The case is left to named workers. Give it back to its team first: `restrict --lift`");
  WAYSIDE_TRY(const bool right, may_now(vault, membership::Right::share, *row));
  if (!right) {
    return fail(Errc::not_permitted, "only members of the team " + (row->team ? vault.team_name(*row->team) : std::string()) + " share its cases");
  }
  WAYSIDE_TRY(const auto already, shared_with(vault, *row));
  if (contains(already, team)) return fail(Errc::already_exists, "sharing with the team " + vault.team_name(team));
  // Device by device would reach who left it; its next administrator who reconciles renews the key.
  if (log.newest_epoch(team) == nullptr || !log.epoch_is_clean(team)) {
    return fail(Errc::no_key, "the team " + vault.team_name(team) + " has to get a new key: an administrator of it reconciles");
  }
  WAYSIDE_TRY(const std::size_t granted, grant_keys(vault, writing, *row, {{team}, {}}, "share"));
  return granted > 0 ? Result<void>{} : fail(Errc::no_key, "case");
}

namespace {

/// Case ledgers into which grants came since the last look.
Result<std::vector<LedgerRow>> touched(Vault& vault, std::int64_t after, std::int64_t& newest) {
  std::set<std::int64_t> numbers;
  newest = after;
  {
    store::Query rows = vault.store().database().query("SELECT ledger, n, grants != x'' FROM envelopes WHERE n > ? ORDER BY n", after);
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      newest = rows.integer(1);
      if (rows.integer(2) != 0) numbers.insert(rows.integer(0));
    }
  }
  std::vector<LedgerRow> out;
  WAYSIDE_TRY(const Vault::Shares* shares, known_shares(vault));
  for (const std::int64_t n : numbers) {
    if (!shares->contains(n)) continue;
    WAYSIDE_TRY(auto row, vault.store().ledger(n));
    if (row && row->kind == LedgerKind::case_ledger && row->team) out.push_back(*std::move(row));
  }
  return out;
}

}  // namespace

Result<bool> has_news_for_sharers(Vault& vault) {
  WAYSIDE_TRY(const Vault::Shares* shares, known_shares(vault));
  return !shares->empty();
}

Result<std::size_t> grant_to_sharers(Vault& vault, Vault::Writing& writing) {
  WAYSIDE_TRY(const std::int64_t after, vault.store().meta_number(kLookedUpTo));
  std::int64_t newest = 0;
  WAYSIDE_TRY(const auto ledgers, touched(vault, after, newest));
  std::size_t granted = 0;
  for (const LedgerRow& each : ledgers) {
    WAYSIDE_TRY(auto teams, shared_with(vault, each));
    if (teams.empty()) continue;
    teams.push_back(*each.team);
    WAYSIDE_TRY(const bool right, may_now(vault, membership::Right::make_key, each));
    if (!right) continue;
    std::erase_if(teams, [&](const TeamId& team) { return !vault.membership().epoch_is_clean(team); });   // once it is renewed
    WAYSIDE_TRY(const std::size_t any, grant_keys(vault, writing, each, {std::move(teams), {}}, "grant"));
    granted += any > 0 ? 1 : 0;
  }
  if (newest != after) WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), kLookedUpTo, newest));
  return granted;
}

}  // namespace wayside::vault
