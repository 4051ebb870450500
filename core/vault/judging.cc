#include "core/vault/judging.h"

#include <algorithm>

#include "core/ledger/envelope.h"
#include "core/membership/grant.h"
#include "core/vault/brought_grants.h"
#include "core/vault/restricting.h"
#include "core/vault/sharing.h"

namespace wayside::vault {

using ledger::LedgerKind;
using membership::LedgerPlace;
using membership::Realm;

namespace {

Realm realm_of(LedgerKind kind) {
  switch (kind) {
    case LedgerKind::case_ledger: return Realm::of_case;
    case LedgerKind::compartment: return Realm::compartment;
    case LedgerKind::team: return Realm::team;
    case LedgerKind::organisation: return Realm::organisation;
    case LedgerKind::audit:
    case LedgerKind::unknown: break;
  }
  return Realm::unopened;
}

}  // namespace

Result<LedgerPlace> place_of_ledger(Vault& vault, const ledger::LedgerRow& ledger) {
  if (auto named = membership::named_place(vault.membership(), ledger.id)) return *std::move(named);
  const LedgerKind kind = ledger.presence == ledger::LedgerRow::Presence::here ? ledger.kind : ledger.kind_elsewhere;
  const Realm realm = ledger.team ? realm_of(kind) : Realm::unopened;
  if (realm == Realm::unopened) return LedgerPlace{ledger.id, realm, {}, {}};
  LedgerPlace out{ledger.id, realm, {*ledger.team}, {}};
  out.of = ledger.parent;
  WAYSIDE_TRY(out.named, named_by_itself(vault, ledger));
  if (realm == Realm::of_case) {
    WAYSIDE_TRY(out.shared, shares_of(vault, ledger));
  }
  return out;
}

Result<bool> may(Vault& vault, membership::Right right, const ledger::LedgerRow& ledger, const UserId& user, std::uint64_t head) {
  WAYSIDE_TRY(const LedgerPlace place, place_of_ledger(vault, ledger));
  return membership::may(vault.membership(), right, place, user, head);
}

Result<bool> may_now(Vault& vault, membership::Right right, const ledger::LedgerRow& ledger) {
  return may(vault, right, ledger, vault.identity().user, vault.membership().size() - 1);
}

Result<std::optional<Errc>> objection(Vault& vault, const ledger::LedgerRow& ledger, const membership::EnvelopePlace& place, std::uint64_t head) {
  const membership::Log& log = vault.membership();
  if (const auto by_log = log.objection(place, head)) return by_log;
  WAYSIDE_TRY(const bool right, may(vault, membership::Right::write, ledger, log.device(place.device)->entry.user, head));
  if (right) return std::optional<Errc>{};
  const membership::Decision* decided = log.decision(place.id);
  return decided != nullptr && decided->accept ? std::optional<Errc>{} : std::optional(Errc::removed);
}

bool opens_rightly(const membership::Log& log, const ledger::Opening& opening, const LedgerId& ledger, const UserId& author, std::uint64_t head) {
  const Realm realm = realm_of(opening.kind);
  if (const auto named = membership::named_place(log, ledger)) {
    return realm == named->realm && (realm == Realm::organisation || opening.team == named->own.front());
  }
  if (realm == Realm::unopened) return true;   // of a kind that says nothing of rights yet
  if (realm != Realm::of_case && realm != Realm::compartment) return false;
  return opening.team && membership::may(log, membership::Right::write, {ledger, realm, {*opening.team}, {}, opening.parent, {}}, author, head);
}

Result<std::optional<std::uint64_t>> made_under(Vault& vault, const ledger::LedgerRow& ledger, const KeyGenerationId& generation) {
  const membership::Log& log = vault.membership();
  std::optional<std::uint64_t> out;
  WAYSIDE_TRY(const auto all, brought_grants(vault, ledger));
  for (const BroughtGrants& each : all) {
    const auto brings = [&](const Bytes& bytes) {
      const auto grant = membership::parse_grant(bytes);
      return grant && grant->ledger == ledger.id && grant->key_generation == generation;
    };
    if ((out && *out <= each.head) || !log.member_at(each.device, each.head) || std::ranges::none_of(each.grants, brings)) continue;
    WAYSIDE_TRY(const bool right, may(vault, membership::Right::make_key, ledger, each.author, each.head));
    if (right) out = each.head;
  }
  return out;
}

}  // namespace wayside::vault
