#include "core/vault/save.h"

#include <algorithm>
#include <set>

#include "core/base/value.h"
#include "core/ledger/apply.h"
#include "core/membership/grant.h"
#include "core/schema/schema.h"

namespace wayside::vault {
namespace {

using ledger::LedgerKind;
using ledger::LedgerRow;
using ledger::LedgerStore;

constexpr std::uint32_t kSchemaVersion = 1;

struct Target {
  LedgerRow row;
  std::optional<ledger::Opening> opening;   ///< set when this envelope is the ledger's first here
  std::vector<TeamId> readers;              ///< teams that a new key is granted to
};

Result<TeamId> team_for(const Vault& vault, const std::optional<TeamId>& named) {
  const std::vector<TeamId> teams = vault.membership().teams_of(vault.identity().user);
  if (named) {
    if (std::find(teams.begin(), teams.end(), *named) == teams.end()) return fail(Errc::not_permitted, "not your team");
    return *named;
  }
  if (teams.empty()) return fail(Errc::not_a_member, "no team");
  if (teams.size() > 1) return fail(Errc::usage, "name the team of a new case");
  return teams.front();
}

Result<Target> case_target(Vault& vault, Vault::Writing& writing, const Save& what) {
  LedgerStore& store = vault.store();
  WAYSIDE_TRY(const auto known, store.ledger_of(LedgerKind::case_ledger, what.case_id->view()));
  if (known) {
    const std::vector<TeamId> readers = known->team ? std::vector<TeamId>{*known->team} : std::vector<TeamId>{};
    return Target{*known, std::nullopt, readers};
  }
  WAYSIDE_TRY(const TeamId team, team_for(vault, what.team));
  WAYSIDE_TRY(LedgerRow row, store.ensure_ledger(writing.transaction(), LedgerId::random(vault.env().random)));
  return Target{row, ledger::Opening{LedgerKind::case_ledger, what.case_id->str(), std::nullopt, team}, {team}};
}

/// A ledger whose id stands in the membership log: the organisation's, or a team's own.
Result<Target> named_target(Vault& vault, Vault::Writing& writing, const LedgerId& id, const ledger::Opening& opening,
                            std::vector<TeamId> readers) {
  WAYSIDE_TRY(const LedgerRow row, vault.store().ensure_ledger(writing.transaction(), id));
  Target target{row, std::nullopt, std::move(readers)};
  if (row.kind == LedgerKind::unknown) target.opening = opening;
  return target;
}

Result<Target> find_target(Vault& vault, Vault::Writing& writing, const Save& what) {
  const membership::Log& log = vault.membership();
  if (what.case_id) return case_target(vault, writing, what);
  if (what.team_ledger) {
    const auto team = log.teams().find(*what.team_ledger);
    if (team == log.teams().end()) return fail(Errc::not_a_member, "team");
    return named_target(vault, writing, team->second.entry.ledger,
                        {LedgerKind::team, what.team_ledger->str(), std::nullopt, *what.team_ledger}, {*what.team_ledger});
  }
  std::vector<TeamId> all;
  for (const auto& [id, team] : log.teams()) all.push_back(id);
  return named_target(vault, writing, log.found()->organisation_ledger,
                      {LedgerKind::organisation, vault.identity().organisation.str(), std::nullopt, std::nullopt}, all);
}

struct WritingKey {
  KeyGenerationId generation;
  SecretBytes key;
  std::vector<Bytes> grants;     ///< new ones, to travel with the envelope
};

/// A recovery grant always, and one for each reading team's newest epoch.
Result<WritingKey> new_key(Vault& vault, Vault::Writing& writing, const Target& target) {
  const membership::Log& log = vault.membership();
  WritingKey out{KeyGenerationId::random(vault.env().random), crypto::random_secret(vault.env().random, crypto::kKeyBytes), {}};
  membership::Grant grant{target.row.id, out.generation, membership::ReaderKind::recovery,
                          vault.identity().organisation.str(), 0, {}};
  out.grants.push_back(membership::make_grant(grant, log.found()->recovery_public, out.key.view(), vault.session_box()));
  for (const TeamId& team : target.readers) {
    const membership::Epoch* epoch = log.newest_epoch(team);
    if (epoch == nullptr) return fail(Errc::no_key, "the team has no epoch key");
    grant.reader_kind = membership::ReaderKind::team_epoch;
    grant.reader = team.str();
    grant.epoch = epoch->number;
    out.grants.push_back(membership::make_grant(grant, epoch->public_key, out.key.view(), vault.session_box()));
  }
  WAYSIDE_OK(vault.store().put_case_key(writing.transaction(), target.row.n, out.generation, out.key.view(), log.size() - 1));
  return out;
}

/// A team that was made after the key gets its grant with the next save.
Result<void> grant_to_newcomers(Vault& vault, const Target& target, WritingKey& key) {
  WAYSIDE_TRY(const auto held, vault.store().grants_of_ledger(target.row.n));
  std::set<Bytes> granted;
  for (const Bytes& bytes : held) {
    const auto grant = membership::parse_grant(bytes);
    if (grant && grant->key_generation == key.generation && grant->reader_kind == membership::ReaderKind::team_epoch) granted.insert(grant->reader);
  }
  for (const TeamId& team : target.readers) {
    const membership::Epoch* epoch = vault.membership().newest_epoch(team);
    if (epoch == nullptr || granted.contains(team.str())) continue;
    const membership::Grant grant{target.row.id, key.generation, membership::ReaderKind::team_epoch, team.str(), epoch->number, {}};
    key.grants.push_back(membership::make_grant(grant, epoch->public_key, key.key.view(), vault.session_box()));
  }
  return {};
}

Result<WritingKey> key_for(Vault& vault, Vault::Writing& writing, const Target& target) {
  WAYSIDE_TRY(auto known, vault.store().writing_key(target.row.n));
  if (!known) return new_key(vault, writing, target);
  WritingKey out{known->generation, std::move(known->key), {}};
  if (target.readers.size() > 1) WAYSIDE_OK(grant_to_newcomers(vault, target, out));
  return out;
}

/// Only a desk decides on desk fields; what others write there is a request.
void mark_requests(const Vault& vault, std::vector<ledger::RecordWrites>& records) {
  if (membership::writes_desk_fields(vault.role())) return;
  for (ledger::RecordWrites& record : records) {
    for (ledger::Write& write : record.writes) {
      const schema::Field* field = schema::builtin().field(record.type, write.field);
      if (field == nullptr || field->policy != schema::Policy::desk) continue;
      write.request = true;
      write.supersedes.clear();   // a request takes nothing away
    }
  }
}

}  // namespace

Result<EnvelopeId> save(Vault& vault, Vault::Writing& writing, const Save& what) {
  const membership::Log& log = vault.membership();
  if (!is_clean_utf8(what.form) || !is_clean_utf8(what.reason)) return fail(Errc::bad_input, "reason: is not clean UTF-8 text");
  if (!vault.admitted() || !log.found()) return fail(Errc::not_a_member, "this device is not admitted yet");
  LedgerStore& store = vault.store();
  WAYSIDE_TRY(const Target target, find_target(vault, writing, what));
  WAYSIDE_TRY(const WritingKey key, key_for(vault, writing, target));

  const Identity& me = vault.identity();
  WAYSIDE_TRY(const std::int64_t author, store.author_number(writing.transaction(), me.device, me.incarnation));
  WAYSIDE_TRY(const LedgerStore::Last last, store.last_of(target.row.n, author));
  WAYSIDE_TRY(std::vector<EnvelopeId> builds_on, store.heads(target.row.n));

  ledger::ChangeSet change;
  change.author = me.user;
  change.time = vault.clock().tick();
  change.schema_version = kSchemaVersion;
  change.form = what.form;
  for (const EnvelopeId& head : builds_on) {
    if (head != last.id) change.deps.push_back(head);
  }
  change.records = what.records;
  mark_requests(vault, change.records);
  change.opening = target.opening;
  change.announcements = what.announcements;
  change.reason = what.reason;

  ledger::Header header;
  header.organisation = me.organisation;
  header.ledger = target.row.id;
  header.device = me.device;
  header.incarnation = me.incarnation;
  header.seq = last.seq + 1;
  header.prev = last.id;
  header.key_generation = key.generation;
  header.membership_head = *log.head();
  for (const Bytes& grant : key.grants) header.grants.push_back(membership::hash_of_grant(grant));
  WAYSIDE_TRY(const ledger::Sealed sealed, ledger::seal_envelope(header, ledger::encode(change), key.key.view(),
                                                                 vault.signer(), vault.env().random));

  if (target.opening) WAYSIDE_OK(store.open_ledger(writing.transaction(), target.row.n, *target.opening));
  WAYSIDE_TRY(const std::int64_t n, store.append(writing.transaction(),
                                                 {target.row.n, author, header.seq, sealed.id, sealed.bytes, key.grants}, builds_on));
  WAYSIDE_OK(store.mark_outgoing(writing.transaction(), n));
  const ledger::Verified verified{sealed.id, me.device, target.row.n,
                                  {me.user, change.time, static_cast<std::uint32_t>(vault.role())},
                                  builds_on.empty()};
  WAYSIDE_OK(ledger::apply(store, writing.transaction(), verified, change, vault.env().clock.wall_ms()));
  writing.chain(sealed.id);
  return sealed.id;
}

}  // namespace wayside::vault
