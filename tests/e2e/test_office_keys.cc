#include <sodium.h>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>

#include "core/membership/ticket.h"
#include "core/recovery/recovery_page.h"
#include "tests/e2e/needle_search.h"
#include "tests/e2e/opened.h"
#include "tests/e2e/window_attack.h"
#include "tests/support/caseload.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

SecretBytes secret_of(BytesView text) {
  SecretBytes secret(text.size());
  std::copy(text.begin(), text.end(), reinterpret_cast<char*>(secret.data()));
  return secret;
}

/// Every secret of a small organisation, taken from where it belongs: the recovery page, tickets, devices.
struct Secrets {
  recovery::OrganisationSecrets recovery;
  std::vector<std::pair<std::string, SecretBytes>> all;  ///< by name
  WindowAttack attack;
  std::size_t grants = 0;

  explicit Secrets(const Stage& stage) {
    auto page = recovery::parse_page(secret_of(read_file(stage.recovery_page())));
    REQUIRE(page);
    recovery = *std::move(page);
    attack.signer("the root", crypto::sign_public(recovery.root_seed));
    attack.box_reader("recovery", crypto::box_public(recovery.recovery_secret));
    add("the root secret", recovery.root_seed.view());
    add("the recovery secret", recovery.recovery_secret.view());
  }
  void add(const std::string& name, BytesView secret) { all.emplace_back(name, secret_of(secret)); }

  void take_ticket(const std::string& whose, const std::string& text) {
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

  void take_device(const std::string& name, Opened& vault) {
    const auto& keys = vault->keys();
    add(name + "'s signing seed", keys.sign_seed.view());
    add(name + "'s box secret", keys.box_secret.view());
    add(name + "'s courier seed", keys.courier_seed.view());
    add(name + "'s member key", keys.member_key.view());
    add(name + "'s draft secret", keys.draft_secret.view());
    for (const auto& epoch : keys.epochs) {
      add("an epoch secret of " + name, epoch.secret.view());
      attack.box_reader("an epoch of " + name, crypto::box_public(epoch.secret));
    }
    attack.box_reader(name, crypto::box_public(keys.box_secret));
    attack.signer(name, crypto::sign_public(keys.sign_seed));
    attack.signer(name + "'s courier", crypto::sign_public(keys.courier_seed));
  }

  /// Every grant of every case, the keys in them, and one box of each session for each reader.
  void take_grants(Opened& vault) {
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
};

}  // namespace

TEST_CASE("an attack on every 32 bytes of a folder finds a key however it is written down") {
  const support::TempFolder folder;
  platform::RealEnv real;
  const auto pair = crypto::new_box_pair(real.env().random);
  const Bytes secret(pair.secret.view());
  const SecretBytes seed = crypto::random_secret(real.env().random, 32);
  const auto found = [&](const Bytes& bytes) {
    write_file(folder / "file", bytes);
    WindowAttack attack;
    attack.box_reader("somebody", pair.public_key);
    attack.signer("somebody", crypto::sign_public(seed));
    return attack.on(folder.path()).size();
  };
  const Bytes noise = crypto::random_bytes(real.env().random, 100);
  CHECK(found(noise) == 0);
  CHECK(found(noise + secret + noise) == 1);
  CHECK(found(noise + Bytes(seed.view()) + noise) == 1);
  for (const auto& [dress, bytes] : dressed(secret)) {
    if (dress == "small letters" || dress.starts_with("UTF-16")) continue;  // a key is no text
    INFO(dress);
    CHECK(found(bytes) >= 1);
  }
  // A session's shared key opens its boxes without any secret of the reader.
  crypto::SessionBox session(real.env().random);
  const Bytes box = session.seal_to(pair.public_key, "a case key of thirty-two bytes..");
  Bytes shared(32, '\0');
  REQUIRE(crypto_box_beforenm(as_uchar(shared), as_uchar(box), as_uchar(secret)) == 0);
  write_file(folder / "file", noise + shared);
  WindowAttack attack;
  attack.sealed("a box", box);
  CHECK(attack.on(folder.path()).size() == 1);
}

TEST_CASE("the office's data holds no key that opens a case, and no root key") {
  Stage stage(Cli::cheap);
  stage.found();
  Secrets secrets(stage);
  secrets.take_ticket("amina", read_file(stage.ticket("first")));
  Home& amina = stage.join("amina", stage.ticket("first"));
  (void)amina.ask({"invite", "--role", "advocate", "--user", "ben", "--out", stage.ticket("ben")});
  secrets.take_ticket("ben", read_file(stage.ticket("ben")));
  Home& ben = stage.join("ben", stage.ticket("ben"));
  (void)amina.ask({"invite", "--role", "advocate", "--team", "north", "--user", "cora", "--out", stage.ticket("cora")});
  secrets.take_ticket("cora", read_file(stage.ticket("cora")));

  const fs::path file = stage.root() / "cases.ndjson";
  write_file(file, support::make_caseload({2, 2}).cases);
  (void)amina.ask({"import", file, "--map", "standard", "--team", "main"});
  for (const Home* home : {&amina, &ben, &amina}) (void)home->sync();
  (void)ben.ask({"put", "case", "--set", "status=open", "--set", "reference=R-2"});
  (void)ben.sync();
  (void)amina.sync();
  stage.kill_office();  // so that its log lies there too
  {
    Opened vault(stage, amina);
    secrets.take_device("amina", vault);
    secrets.take_grants(vault);
  }
  Opened vault(stage, ben);
  secrets.take_device("ben", vault);
  CHECK(secrets.grants >= 6);  // three cases, two grants each

  NeedleSearch search;
  for (const auto& [name, secret] : secrets.all) search.add(name, secret.view());
  for (const auto& found : search.in_folder(stage.office_data())) FAIL_CHECK(found);
  for (const auto& found : secrets.attack.on(stage.office_data())) FAIL_CHECK(found);
  CHECK(secrets.attack.windows_tried() > 10'000);
  WARN(secrets.attack.windows_tried() << " windows tried, " << secrets.all.size() << " secrets searched for");
}
