#include "core/vault/clock_check.h"
#include "core/vault/save.h"

#include <algorithm>
#include <map>

#include "core/attachments/named_parts.h"
#include "core/base/value.h"
#include "core/ledger/apply.h"
#include "core/ledger/sealed_values.h"
#include "core/membership/grant.h"
#include "core/schema/schema.h"
#include "core/vault/granting.h"
#include "core/vault/judging.h"
#include "core/vault/restricting.h"
#include "core/vault/sharing.h"
#include "core/vault/unsent_parts.h"

namespace wayside::vault {
namespace {

using ledger::LedgerKind;
using ledger::LedgerRow;
using ledger::LedgerStore;

constexpr std::uint32_t kSchemaVersion = 1;

/// Where one envelope goes.
struct Target {
  LedgerRow row;
  std::optional<ledger::Opening> opening;   ///< set when this envelope is the ledger's first here
  Readers readers;                          ///< whom a new key is granted to
};

/// What one envelope holds.
struct Content {
  std::vector<ledger::RecordWrites> records;
  std::vector<ledger::Announcement> announcements;
  std::vector<ledger::Compartment> compartments;
  std::vector<Bytes> grants{};              ///< of earlier keys, for readers who came later
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
  WAYSIDE_TRY(const auto known, store.ledger_anywhere(LedgerKind::case_ledger, what.case_id->view()));
  if (known) {
    WAYSIDE_OK(check_is_here(vault, *known));
    WAYSIDE_TRY(Readers readers, readers_of(vault, *known));
    return Target{*known, std::nullopt, std::move(readers)};
  }
  WAYSIDE_TRY(const TeamId team, team_for(vault, what.team));
  WAYSIDE_TRY(LedgerRow row, store.ensure_ledger(writing.transaction(), LedgerId::random(vault.env().random)));
  row.team = team;
  if (!what.named.empty()) {
    WAYSIDE_OK(check_named(vault, team, what.named));
    std::vector<UserId> users = what.named;
    users.push_back(vault.identity().user);
    WAYSIDE_OK(note_named(vault, writing.transaction(), row, users));
  }
  WAYSIDE_TRY(Readers readers, readers_of(vault, row));
  return Target{row, ledger::Opening{LedgerKind::case_ledger, what.case_id->str(), std::nullopt, team}, std::move(readers)};
}

/// A ledger whose id stands in the membership log: the organisation's, or a team's own.
Result<Target> named_target(Vault& vault, Vault::Writing& writing, const LedgerId& id, const ledger::Opening& opening,
                            std::vector<TeamId> readers) {
  WAYSIDE_TRY(const LedgerRow row, vault.store().ensure_ledger(writing.transaction(), id));
  Target target{row, std::nullopt, {std::move(readers), {}}};
  if (row.kind == LedgerKind::unknown) target.opening = opening;
  return target;
}

Result<Target> find_target(Vault& vault, Vault::Writing& writing, const Save& what) {
  const membership::Log& log = vault.membership();
  if (what.audit) {
    WAYSIDE_TRY(Target target, named_target(vault, writing, what.audit->ledger,
                                            {LedgerKind::audit, vault.identity().device.str(), std::nullopt, std::nullopt}, {}));
    target.readers = what.audit->readers;
    return target;
  }
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

// ---- Compartments ----

std::uint32_t compartment_of(const ledger::RecordWrites& record) {
  const schema::RecordType* type = schema::current().type(record.type);
  return type == nullptr ? 0 : static_cast<std::uint32_t>(type->compartment);
}

/// A compartment of the case that this device can write, or a new one.
Result<Target> compartment_target(Vault& vault, Vault::Writing& writing, const RecordId& case_id, const LedgerRow& of_case,
                                  std::uint32_t number) {
  LedgerStore& store = vault.store();
  WAYSIDE_TRY(const auto ledgers, store.ledgers_of_case(case_id));
  for (const LedgerRow& each : ledgers) {
    if (each.kind != LedgerKind::compartment || each.compartment != number) continue;
    WAYSIDE_TRY(const auto key, store.writing_key(each.n));
    if (!key) continue;
    WAYSIDE_TRY(Readers readers, readers_of(vault, each));
    return Target{each, std::nullopt, std::move(readers)};
  }
  WAYSIDE_TRY(LedgerRow row, store.ensure_ledger(writing.transaction(), LedgerId::random(vault.env().random)));
  row.compartment = number;
  row.team = of_case.team;
  row.parent = of_case.id;
  WAYSIDE_TRY(Readers readers, readers_of(vault, row));
  return Target{row, ledger::Opening{LedgerKind::compartment, case_id.str(), of_case.id, of_case.team}, readers};
}

/// A record goes on in the ledger that it stands in: two devices may have made a compartment each while apart.
Result<Target> target_of_record(Vault& vault, Vault::Writing& writing, const Save& what, const LedgerRow& of_case,
                                const ledger::RecordWrites& record) {
  WAYSIDE_TRY(const auto known, vault.store().record(record.record));
  if (known) {
    WAYSIDE_TRY(const auto row, vault.store().ledger(known->ledger));
    if (row && row->kind == LedgerKind::compartment && row->subject == what.case_id->view()) {
      WAYSIDE_TRY(Readers readers, readers_of(vault, *row));
      return Target{*row, std::nullopt, std::move(readers)};
    }
  }
  return compartment_target(vault, writing, *what.case_id, of_case, compartment_of(record));
}

// ---- One envelope ----

/// Only a desk decides on desk fields; what others write there is a request.
void mark_requests(const Vault& vault, std::vector<ledger::RecordWrites>& records) {
  if (membership::writes_desk_fields(vault.role())) return;
  for (ledger::RecordWrites& record : records) {
    for (ledger::Write& write : record.writes) {
      const schema::Field* field = schema::current().field(record.type, write.field);
      if (field == nullptr || field->policy != schema::Policy::desk) continue;
      write.request = true;
      write.supersedes.clear();   // a request takes nothing away
    }
  }
}

/// As many as an envelope carries. Those of the key itself are there already.
void add_grants_of_earlier_keys(WritingKey& key, const std::vector<Bytes>& grants) {
  for (const Bytes& bytes : grants) {
    const auto grant = membership::parse_grant(bytes);
    if (grant && grant->key_generation != key.generation && key.grants.size() < kMostGrants) key.grants.push_back(bytes);
  }
}

/// What nobody would take from here is refused before it is sealed.
Result<void> check_right(Vault& vault, const Target& target) {
  LedgerRow row = target.row;
  if (target.opening) row.kind = target.opening->kind;
  WAYSIDE_TRY(const bool right, may_now(vault, membership::Right::write, row));
  if (right) return {};
  const std::string whose = row.team ? "only the team " + vault.team_name(*row.team) + ", and whom it shares with, records that"
                                     : std::string("only members of a team record that");
  return fail(Errc::not_permitted, whose);
}

/// Below, since the key that it needs may take an envelope of its own.
Result<void> seal_fields(Vault& vault, Vault::Writing& writing, const LedgerRow& ledger, ledger::ChangeSet& change);

Result<EnvelopeId> seal_into(Vault& vault, Vault::Writing& writing, const Target& target, const Save& what, Content content) {
  const membership::Log& log = vault.membership();
  LedgerStore& store = vault.store();
  WAYSIDE_OK(check_right(vault, target));
  WAYSIDE_TRY(WritingKey key, writing_key(vault, writing, target.row, target.readers));
  add_grants_of_earlier_keys(key, content.grants);

  const Identity& me = vault.identity();
  WAYSIDE_TRY(const std::int64_t author, store.author_number(writing.transaction(), me.device, me.incarnation));
  WAYSIDE_TRY(const LedgerStore::Last last, store.last_of(target.row.n, author));
  WAYSIDE_TRY(std::vector<EnvelopeId> builds_on, store.heads(target.row.n));

  ledger::ChangeSet change;
  change.author = me.user;
  change.time = vault.clock().tick();
  WAYSIDE_TRY(const ClockQuality quality, clock_quality(vault));
  change.clock_quality = static_cast<std::uint32_t>(quality);
  change.schema_version = kSchemaVersion;
  change.form = what.form;
  for (const EnvelopeId& head : builds_on) {
    if (head != last.id) change.deps.push_back(head);
  }
  change.records = std::move(content.records);
  mark_requests(vault, change.records);
  change.opening = target.opening;
  change.announcements = std::move(content.announcements);
  change.compartments = std::move(content.compartments);
  change.reason = what.reason;
  change.snapshot = what.snapshot;
  if (what.audit) change.audit = what.audit->batch;
  const LedgerKind kind = target.opening ? target.opening->kind : target.row.kind;
  if (kind == LedgerKind::case_ledger) change.named = what.named;
  WAYSIDE_OK(seal_fields(vault, writing, target.row, change));

  ledger::Header header;
  header.organisation = me.organisation;
  header.ledger = target.row.id;
  header.device = me.device;
  header.incarnation = me.incarnation;
  header.seq = last.seq + 1;
  header.prev = last.id;
  header.key_generation = key.generation;
  header.membership_head = *log.head();
  header.blobs = attachments::parts_named(change.records);
  header.blobs.insert(header.blobs.end(), what.parts.begin(), what.parts.end());
  for (const Bytes& grant : key.grants) header.grants.push_back(membership::hash_of_grant(grant));
  WAYSIDE_TRY(const ledger::Sealed sealed, ledger::seal_envelope(header, ledger::encode(change), key.key.view(),
                                                                 vault.signer(), vault.env().random));

  if (target.opening) WAYSIDE_OK(store.open_ledger(writing.transaction(), target.row.n, *target.opening, target.row.compartment));
  WAYSIDE_OK(store.append(writing.transaction(),
                          {.ledger = target.row.n, .author = author, .seq = header.seq, .own = true, .id = sealed.id,
                           .sealed = sealed.bytes, .grants = key.grants, .totals = writing.totals_with(sealed.id)}, builds_on));
  if (!key.grants.empty() && target.row.kind == LedgerKind::case_ledger) {
    WAYSIDE_OK(note_shares(vault, writing.transaction(), target.row, key.grants, me.user, log.size() - 1));
  }
  if (!header.blobs.empty()) WAYSIDE_OK(note_unsent_parts(vault, writing.transaction(), {sealed.id, target.row.id, header.blobs}));
  const ledger::Verified verified{sealed.id, me.device, target.row.n,
                                  {me.user, change.time, static_cast<std::uint32_t>(vault.role())},
                                  builds_on.empty()};
  WAYSIDE_OK(ledger::apply(store, writing.transaction(), verified, change, vault.env().clock.wall_ms()));
  return sealed.id;
}

// ---- Compartments of single fields ----

/// Where a team grants its key for the fields of a compartment, if it does, and the key when it may still be written under.
struct KeyLedger { std::optional<LedgerRow> row; std::optional<LedgerStore::WritingKey> key; };
Result<KeyLedger> find_key_ledger(Vault& vault, const TeamId& team, std::uint32_t number, const Readers& readers) {
  KeyLedger out;
  WAYSIDE_TRY(const auto ledgers, vault.store().compartments_of_team(team));
  for (const LedgerRow& each : ledgers) {
    if (each.compartment != number) continue;
    WAYSIDE_TRY(auto key, vault.store().writing_key(each.n));
    if (!key) continue;
    const bool serves = key->made_at >= keys_since(vault.membership(), each, readers);
    if (!out.row || serves) out.row = each;
    if (serves) {
      out.key = std::move(key);
      return out;
    }
  }
  return out;
}

/// An envelope that holds nothing makes the key, and grants it.
Result<LedgerStore::WritingKey> make_key_of_fields(Vault& vault, Vault::Writing& writing, const TeamId& team, std::uint32_t number,
                                                   std::optional<LedgerRow> row, const Readers& readers) {
  std::optional<ledger::Opening> opening;
  Content content;
  if (!row) {
    WAYSIDE_TRY(row, vault.store().ensure_ledger(writing.transaction(), LedgerId::random(vault.env().random)));
    row->team = team;
    row->compartment = number;
    content.compartments.push_back({row->id, number});
    opening = ledger::Opening{LedgerKind::compartment, team.str(), std::nullopt, team};
  }
  Save save;
  save.form = "compartment";
  WAYSIDE_OK(seal_into(vault, writing, {*row, opening, readers}, save, std::move(content)));
  WAYSIDE_TRY(auto key, vault.store().writing_key(row->n));
  return key ? Result<LedgerStore::WritingKey>(*std::move(key)) : fail(Errc::no_key, "the team's compartment");
}

/// The key that a team's cases have for the fields of a compartment. It lies in a ledger of the team's, which holds nothing
/// else, and is made anew when a right to read was taken from anybody since.
Result<const Vault::FieldKey*> key_of_fields(Vault& vault, Vault::Writing& writing, const TeamId& team, std::uint32_t number) {
  const std::size_t members = vault.membership().size();
  std::list<Vault::FieldKey>& known = vault.field_keys();
  known.remove_if([members](const Vault::FieldKey& each) { return each.members != members; });
  const auto found = std::ranges::find_if(known, [&](const Vault::FieldKey& each) { return each.team == team && each.compartment == number; });
  if (found != known.end()) return &*found;
  const Readers readers{{team}, {}};
  WAYSIDE_TRY(KeyLedger at, find_key_ledger(vault, team, number, readers));
  if (!at.key) {
    WAYSIDE_TRY(at.key, make_key_of_fields(vault, writing, team, number, std::move(at.row), readers));
  }
  known.push_back({team, number, members, at.key->generation, std::move(at.key->key)});
  return &known.back();
}

/// A key of that team's which somebody else made would open to her what its members write next.
std::unexpected<Error> stays_with_its_team(const Vault& vault, const LedgerRow& ledger, std::string_view what) {
  return fail(Errc::not_permitted, "this case is shared with you, without " + std::string(what) + ": only the team " +
                                       (ledger.team ? vault.team_name(*ledger.team) : std::string("of the case")) + " records that");
}

/// Values of fields that have a compartment which their record type does not have.
Result<void> seal_fields(Vault& vault, Vault::Writing& writing, const LedgerRow& ledger, ledger::ChangeSet& change) {
  if (!ledger.team) return {};
  std::map<std::uint32_t, std::vector<std::uint32_t>> writes;   // by compartment
  std::uint32_t index = 0;
  for (const ledger::RecordWrites& record : change.records) {
    const bool apart = compartment_of(record) != 0;
    for (const ledger::Write& write : record.writes) {
      const schema::Field* field = schema::current().field(record.type, write.field);
      const auto number = field == nullptr || apart ? 0 : static_cast<std::uint32_t>(field->compartment);
      if (number != 0 && !write.value.empty()) writes[number].push_back(index);
      ++index;
    }
  }
  if (!writes.empty() && !in_team(vault, ledger.team)) return stays_with_its_team(vault, ledger, "an address or whom an order is against");
  for (auto& [number, indices] : writes) {
    WAYSIDE_TRY(const Vault::FieldKey* key, key_of_fields(vault, writing, *ledger.team, number));
    ledger::seal_values(change, ledger.id, number, std::move(indices), key->generation, key->key.view(), vault.env().random);
  }
  return {};
}

/// The case's ledger first: it names the compartments that are new. Then each compartment, under its own key.
Result<EnvelopeId> save_with_compartments(Vault& vault, Vault::Writing& writing, const Save& what, const Target& of_case) {
  if (!in_team(vault, of_case.row.team)) return stays_with_its_team(vault, of_case.row, "what is known of the person who causes harm");
  struct Part { Target target; std::vector<ledger::RecordWrites> records; };
  std::map<LedgerId, Part> parts;
  std::map<std::uint32_t, LedgerId> made;
  Content content;
  for (const ledger::RecordWrites& record : what.records) {
    const std::uint32_t number = compartment_of(record);
    if (number == 0) {
      content.records.push_back(record);
      continue;
    }
    if (const auto known = made.find(number); known != made.end()) {
      parts.at(known->second).records.push_back(record);
      continue;
    }
    WAYSIDE_TRY(Target target, target_of_record(vault, writing, what, of_case.row, record));
    const LedgerId id = target.row.id;
    if (target.opening) {
      made.emplace(number, id);
      content.compartments.push_back({id, number});
    }
    parts.try_emplace(id, Part{std::move(target), {}}).first->second.records.push_back(record);
  }
  std::optional<EnvelopeId> first;
  if (of_case.opening || !content.records.empty() || !content.compartments.empty()) {
    WAYSIDE_TRY(first, seal_into(vault, writing, of_case, what, std::move(content)));
  }
  for (auto& [id, part] : parts) {
    Content own{std::move(part.records), {}, {}};
    if (part.target.opening) own.compartments.push_back({id, part.target.row.compartment});   // it says itself which one it is
    WAYSIDE_TRY(const EnvelopeId envelope, seal_into(vault, writing, part.target, what, std::move(own)));
    if (!first) first = envelope;
  }
  return *first;
}

}  // namespace

Result<EnvelopeId> save(Vault& vault, Vault::Writing& writing, const Save& what) {
  if (!is_clean_utf8(what.form) || !is_clean_utf8(what.reason)) return fail(Errc::bad_input, "reason: is not clean UTF-8 text");
  if (!vault.admitted() || !vault.membership().found()) return fail(Errc::not_a_member, "this device is not admitted yet");
  WAYSIDE_TRY(const Target target, find_target(vault, writing, what));
  const bool apart = what.case_id && std::any_of(what.records.begin(), what.records.end(),
                                                 [](const ledger::RecordWrites& record) { return compartment_of(record) != 0; });
  if (apart) return save_with_compartments(vault, writing, what, target);
  return seal_into(vault, writing, target, what, {what.records, what.announcements, {}});
}

Result<void> seal_grants(Vault& vault, Vault::Writing& writing, const LedgerRow& ledger, const Readers& readers, std::string_view form,
                         std::vector<Bytes> grants) {
  Save save;
  save.form = form;
  WAYSIDE_OK(seal_into(vault, writing, {ledger, std::nullopt, readers}, save, {{}, {}, {}, std::move(grants)}));
  return {};
}

}  // namespace wayside::vault
