#include "tests/e2e/secrets.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "core/membership/grant.h"
#include "core/membership/ticket.h"

namespace wayside::e2e {
namespace {

SecretBytes secret_of(BytesView text) {
  SecretBytes secret(text.size());
  std::copy(text.begin(), text.end(), reinterpret_cast<char*>(secret.data()));
  return secret;
}

}  // namespace

Secrets::Secrets(const Stage& stage) {
  auto page = recovery::parse_page(secret_of(read_file(stage.recovery_page())));
  REQUIRE(page);
  recovery = *std::move(page);
  attack.signer("the root", crypto::sign_public(recovery.root_seed));
  attack.box_reader("recovery", crypto::box_public(recovery.recovery_secret));
  add("the root secret", recovery.root_seed.view());
  add("the recovery secret", recovery.recovery_secret.view());
}

void Secrets::add(const std::string& name, BytesView secret) { all.emplace_back(name, secret_of(secret)); }

void Secrets::take_ticket(const std::string& whose, const std::string& text) {
  auto ticket = membership::parse_ticket(secret_of(text));
  REQUIRE(ticket);
  const auto inner = membership::open_ticket_secrets(*ticket);
  REQUIRE(inner);
  add("the ticket seed of " + whose, ticket->seed.view());
  add("the member key", inner->member_key.view());
  for (const auto& epoch : inner->epoch_secrets) {
    add("an epoch secret", epoch.view());
    attack.box_reader("an epoch", crypto::box_public(epoch));
  }
  attack.signer("the ticket of " + whose, crypto::sign_public(ticket->seed));
}

void Secrets::take_device(const std::string& name, Opened& vault) {
  const auto& keys = vault->keys();
  add(name + "'s signing seed", keys.sign_seed.view());
  add(name + "'s box secret", keys.box_secret.view());
  add(name + "'s member key", keys.member_key.view());
  add(name + "'s draft secret", keys.draft_secret.view());
  for (const auto& epoch : keys.epochs) {
    add("an epoch secret of " + name, epoch.secret.view());
    attack.box_reader("an epoch of " + name, crypto::box_public(epoch.secret));
  }
  attack.box_reader(name, crypto::box_public(keys.box_secret));
  attack.signer(name, crypto::sign_public(keys.sign_seed));
}

void Secrets::take_courier(const std::string& name, Opened& vault) {
  const SecretBytes& seed = vault->keys().courier_seed;
  add(name + "'s courier seed", seed.view());
  attack.signer(name + "'s courier", crypto::sign_public(seed));
}

void Secrets::take_grants(Opened& vault) {
  crypto::SessionBoxReader reader(recovery.recovery_secret);
  std::set<std::pair<Bytes, Bytes>> sessions;
  std::vector<std::int64_t> ledgers;
  {
    store::Query rows = vault->store().database().query("SELECT n FROM ledgers");
    for (auto row = rows.next(); row && *row; row = rows.next()) ledgers.push_back(rows.integer(0));
  }
  for (const std::int64_t ledger : ledgers) {
    const auto wraps = vault->store().grants_of_ledger(ledger);
    REQUIRE(wraps);
    for (const Bytes& bytes : *wraps) {
      ++grants;
      const auto grant = membership::parse_grant(bytes);
      REQUIRE(grant);
      if (grant->reader_kind == membership::ReaderKind::recovery) {
        const auto key = reader.open(grant->wrap);
        REQUIRE(key);
        add("a case key", key->view());
      }
      if (sessions.emplace(grant->wrap.substr(0, 32), grant->reader).second) attack.sealed("a grant", grant->wrap);
    }
  }
}

}  // namespace wayside::e2e
