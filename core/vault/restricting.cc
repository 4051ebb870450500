#include "core/vault/restricting.h"

#include <algorithm>
#include <set>

#include "core/vault/granting.h"
#include "core/vault/judging.h"
#include "core/vault/save.h"

namespace wayside::vault {
namespace {

using ledger::LedgerKind;
using ledger::LedgerRow;
using membership::RestrictionInfo;

/// Made with the first case that names its own readers; the rows follow from the envelopes.
constexpr std::string_view kTable =
    "CREATE TABLE IF NOT EXISTS named_workers(ledger INTEGER NOT NULL, user BLOB NOT NULL, PRIMARY KEY(ledger, user)) WITHOUT ROWID";

bool contains(const auto& list, const auto& item) { return std::ranges::find(list, item) != list.end(); }

Result<Vault::Circles*> known_circles(Vault& vault) {
  std::optional<Vault::Circles>& known = vault.circles();
  if (known) return &*known;
  store::Database& database = vault.store().database();
  Vault::Circles read;
  WAYSIDE_TRY(const bool any, database.query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'named_workers'").next());
  if (any) {
    store::Query rows = database.query("SELECT ledger, user FROM named_workers ORDER BY ledger, user");
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      read[rows.integer(0)].push_back(rows.id<UserId>(1));
    }
  }
  return &known.emplace(std::move(read));
}

bool is_compartment(const LedgerRow& row) { return row.parent.has_value(); }

bool is_case(const LedgerRow& row) {
  const LedgerKind kind = row.presence == LedgerRow::Presence::here ? row.kind : row.kind_elsewhere;
  return kind == LedgerKind::case_ledger;
}

/// What the membership log says now of the ledger, or of the case that it is a compartment of.
const RestrictionInfo* said_of(const Vault& vault, const LedgerRow& ledger) {
  const membership::Log& log = vault.membership();
  if (log.restrictions().empty()) return nullptr;
  const RestrictionInfo* of_case = ledger.parent ? log.restriction_at(*ledger.parent, log.size()) : nullptr;
  return of_case != nullptr ? of_case : log.restriction_at(ledger.id, log.size());
}

/// Rows of cases about which anything was ever said: those alone may lack grants, or be restricted.
Result<std::vector<LedgerRow>> cases_spoken_of(Vault& vault) {
  std::set<std::int64_t> numbers;
  WAYSIDE_TRY(const Vault::Circles* circles, known_circles(vault));
  for (const auto& [n, users] : *circles) numbers.insert(n);
  for (const auto& [ledger, all] : vault.membership().restrictions()) {
    WAYSIDE_TRY(const auto row, vault.store().ledger(ledger));
    if (row) numbers.insert(row->n);
  }
  std::vector<LedgerRow> out;
  for (const std::int64_t n : numbers) {
    WAYSIDE_TRY(auto row, vault.store().ledger(n));
    const bool here = row && !row->erased && row->presence == LedgerRow::Presence::here;
    if (here && row->kind == LedgerKind::case_ledger && row->team) out.push_back(*std::move(row));
  }
  return out;
}

}  // namespace

Result<std::vector<UserId>> named_by_itself(Vault& vault, const LedgerRow& ledger) {
  WAYSIDE_TRY(const Vault::Circles* circles, known_circles(vault));
  if (circles->empty()) return std::vector<UserId>{};
  std::int64_t of = ledger.n;
  if (is_compartment(ledger)) {
    WAYSIDE_TRY(const auto parent, vault.store().ledger(*ledger.parent));
    if (parent) of = parent->n;
  }
  const auto found = circles->find(of);
  return found == circles->end() ? std::vector<UserId>{} : found->second;
}

Result<std::vector<UserId>> circle_of(Vault& vault, const LedgerRow& ledger) {
  if (const RestrictionInfo* said = said_of(vault, ledger)) return said->users;
  return named_by_itself(vault, ledger);
}

Result<bool> note_named(Vault& vault, store::Transaction&, const LedgerRow& ledger, const std::vector<UserId>& users) {
  WAYSIDE_TRY(Vault::Circles * circles, known_circles(vault));
  bool news = false;
  for (const UserId& user : users) {
    if (const auto found = circles->find(ledger.n); found != circles->end() && contains(found->second, user)) continue;
    WAYSIDE_OK(vault.store().database().run(kTable));
    WAYSIDE_OK(vault.store().database().run("INSERT OR IGNORE INTO named_workers(ledger, user) VALUES(?, ?)", ledger.n, user));
    std::vector<UserId>& named = (*circles)[ledger.n];
    named.push_back(user);
    std::ranges::sort(named);
    news = true;
  }
  return news;
}

Result<bool> note_named_in(Vault& vault, store::Transaction& transaction, const LedgerRow& ledger, const ledger::ChangeSet& change, bool opens) {
  if (change.named.empty() || !is_case(ledger)) return false;
  std::vector<UserId> users = change.named;
  if (opens) {
    users.push_back(change.author);
  } else {
    WAYSIDE_TRY(const auto before, named_by_itself(vault, ledger));
    if (before.empty()) return false;   // nobody takes a case from her team by writing in it
  }
  return note_named(vault, transaction, ledger, users);
}

Result<bool> left_to_others(Vault& vault, const LedgerRow& ledger) {
  WAYSIDE_TRY(const auto circle, circle_of(vault, ledger));
  return !circle.empty() && !contains(circle, vault.identity().user);
}

bool left_to_others(const Vault& vault, const LedgerId& ledger) {
  const RestrictionInfo* said = vault.membership().restriction_at(ledger, vault.membership().size());
  return said != nullptr && !said->users.empty() && !contains(said->users, vault.identity().user);
}

std::vector<DeviceId> devices_of_workers(const Vault& vault, const std::vector<UserId>& users, const TeamId& team) {
  const membership::Log& log = vault.membership();
  std::vector<DeviceId> out = devices_of_team(log, team);
  std::erase_if(out, [&](const DeviceId& id) {
    const UserId& user = log.device(id)->entry.user;
    return !contains(users, user) || log.role_at(user, log.size()) == membership::Role::none;
  });
  std::ranges::stable_partition(out, [&](const DeviceId& id) { return id == vault.identity().device; });
  return out;
}

Result<Readers> readers_of(Vault& vault, const LedgerRow& ledger) {
  if (!ledger.team) return Readers{};
  WAYSIDE_TRY(const auto circle, circle_of(vault, ledger));
  if (!circle.empty()) return Readers{{}, devices_of_workers(vault, circle, *ledger.team)};
  if (ledger.kind == LedgerKind::compartment || is_compartment(ledger)) return Readers{{}, devices_of_team(vault.membership(), *ledger.team)};
  return Readers{{*ledger.team}, {}};
}

Result<std::vector<RestrictedCase>> restricted_cases(Vault& vault) {
  std::vector<RestrictedCase> out;
  WAYSIDE_TRY(auto rows, cases_spoken_of(vault));
  for (LedgerRow& row : rows) {
    WAYSIDE_TRY(auto users, circle_of(vault, row));
    if (contains(users, vault.identity().user)) out.push_back({std::move(row), std::move(users)});
  }
  return out;
}

std::string names_of(const Vault& vault, const std::vector<UserId>& users) {
  std::vector<std::string> names;
  for (const UserId& user : users) names.push_back(vault.user_name(user));
  std::ranges::sort(names);
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

Result<void> check_named(const Vault& vault, const TeamId& team, const std::vector<UserId>& users) {
  if (users.empty()) return fail(Errc::usage, "Name at least one worker who goes on reading the case");
  if (users.size() > membership::kMostNamed) {
    return fail(Errc::usage, "A case is left to " + std::to_string(membership::kMostNamed) + " workers at most");
  }
  for (auto each = users.begin(); each != users.end(); ++each) {
    if (std::find(users.begin(), each, *each) != each) return fail(Errc::usage, vault.user_name(*each) + " is named twice");
    if (!contains(vault.membership().teams_of(*each), team) || devices_of_workers(vault, {*each}, team).empty()) {
      return fail(Errc::usage, vault.user_name(*each) + " is no member of the team " + vault.team_name(team) + " with a device. Only its own members read a restricted case");
    }
  }
  return {};
}

Result<void> name_more(Vault& vault, Vault::Writing& writing, const LedgerRow& ledger, const std::vector<UserId>& users, const std::string& reason) {
  WAYSIDE_OK(check_is_here(vault, ledger));
  WAYSIDE_OK(check_named(vault, *ledger.team, users));
  WAYSIDE_TRY(const auto now, circle_of(vault, ledger));
  const bool by_itself = said_of(vault, ledger) == nullptr && !now.empty();
  if (!by_itself || std::ranges::any_of(now, [&](const UserId& each) { return !contains(users, each); })) {
    return fail(Errc::usage, "That takes an entry of the membership log");
  }
  WAYSIDE_OK(note_named(vault, writing.transaction(), ledger, users));
  Save save;
  save.case_id = RecordId::from(ledger.subject);
  save.form = "restrict";
  save.reason = reason;
  save.named = users;
  WAYSIDE_OK(vault::save(vault, writing, save));
  WAYSIDE_OK(grant_restricted(vault, writing));
  return {};
}

namespace {

Result<std::size_t> grant_ledger(Vault& vault, Vault::Writing& writing, const LedgerRow& row) {
  WAYSIDE_TRY(const bool right, may_now(vault, membership::Right::make_key, row));
  WAYSIDE_TRY(const auto held, vault.store().writing_key(row.n));
  if (!right || !held) return std::size_t{0};
  WAYSIDE_TRY(Readers readers, readers_of(vault, row));
  std::erase_if(readers.teams, [&](const TeamId& team) { return !vault.membership().epoch_is_clean(team); });   // once it is renewed
  if (readers.devices.size() > kMostGrants && row.kind == LedgerKind::compartment) {
    WAYSIDE_TRY(const auto circle, circle_of(vault, row));
    if (circle.empty()) readers = {{*row.team}, {}};   // granted as a whole
  }
  if (readers.teams.empty() && readers.devices.empty()) return std::size_t{0};
  return grant_keys(vault, writing, row, readers, "grant");
}

}  // namespace

Result<std::size_t> grant_restricted(Vault& vault, Vault::Writing& writing) {
  std::size_t granted = 0;
  WAYSIDE_TRY(const auto rows, cases_spoken_of(vault));
  for (const LedgerRow& each : rows) {
    WAYSIDE_TRY(const std::size_t any, grant_ledger(vault, writing, each));
    granted += any > 0 ? 1 : 0;
    WAYSIDE_TRY(const auto compartments, vault.store().compartments_of(each.id));
    for (const LedgerRow& below : compartments) {
      if (below.erased || below.presence != LedgerRow::Presence::here || below.kind != LedgerKind::compartment) continue;
      WAYSIDE_TRY(const std::size_t more, grant_ledger(vault, writing, below));
      granted += more > 0 ? 1 : 0;
    }
  }
  return granted;
}

std::size_t left_to_nobody(const membership::Log& log) {
  std::set<std::uint64_t> entries;   // one names a case with its compartments
  for (const auto& [ledger, all] : log.restrictions()) {
    const auto& users = all.back().users;
    const bool anybody = users.empty() || log.erased(ledger) || std::ranges::any_of(log.devices(), [&](const auto& each) {
      const UserId& user = each.second.entry.user;
      return !each.second.removed && contains(users, user) && log.role_at(user, log.size()) != membership::Role::none && !log.teams_of(user).empty();
    });
    if (!anybody) entries.insert(all.back().number);
  }
  return entries.size();
}

}  // namespace wayside::vault
