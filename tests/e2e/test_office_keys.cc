#include <sodium.h>
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/needle_search.h"
#include "tests/e2e/secrets.h"
#include "tests/support/caseload.h"

using namespace wayside;
using namespace wayside::e2e;

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
    secrets.take_courier("amina", vault);
    secrets.take_grants(vault);
  }
  Opened vault(stage, ben);
  secrets.take_device("ben", vault);
  secrets.take_courier("ben", vault);
  CHECK(secrets.grants >= 6);  // three cases, two grants each

  NeedleSearch search;
  for (const auto& [name, secret] : secrets.all) search.add(name, secret.view());
  for (const auto& found : search.in_folder(stage.office_data())) FAIL_CHECK(found);
  for (const auto& found : secrets.attack.on(stage.office_data())) FAIL_CHECK(found);
  CHECK(secrets.attack.windows_tried() > 10'000);
  WARN(secrets.attack.windows_tried() << " windows tried, " << secrets.all.size() << " secrets searched for");
}
