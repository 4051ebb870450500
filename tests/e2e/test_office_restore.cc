#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/stage.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

/// Of an office that is stopped for it: one that serves tells what it counted up to two seconds ago.
json status_at_rest(Stage& stage) {
  const Outcome status = stage.office({"status", "--data", stage.office_data().string(), "--json"});
  REQUIRE(status.code == 0);
  return status.answer();
}

json office_status(Stage& stage) {
  stage.stop_office();
  json status = status_at_rest(stage);
  stage.serve();
  return status;
}

/// What the new one tells before it serves.
json restore(Stage& stage) {
  stage.restore_office();
  json status = status_at_rest(stage);
  stage.serve();
  return status;
}

std::string put_case(const Home& home, const std::string& reference) {
  return first_id(home.ask({"put", "case", "--set", "reference=" + reference, "--set", "status=open"}));
}

void attach(Stage& stage, const Home& home, const std::string& to, char letter) {
  const fs::path file = stage.root() / (std::string("letter-") + letter + ".txt");
  write_file(file, std::string(100'000, letter));
  (void)home.ask({"attach", "add", to, file.string(), "--kind", "letter"});
}

/// It says so once, and what it gives back.
void is_told_once(const Home& home, const std::string& what) {
  const Outcome told = home.run({"sync"});
  INFO(home.name() << ": " << told.err);
  CHECK(told.code == 1);
  CHECK(told.err.find("The office was set up again from a backup.") != std::string::npos);
  CHECK(told.err.find(what) != std::string::npos);
  (void)home.sync();
}

}  // namespace

TEST_CASE("an office is set up again from yesterday's backup: devices refill it, and nothing that it took is lost") {
  Stage stage{Cli::cheap};
  stage.found();
  const Home& amina = stage.join("amina", stage.ticket("first"));
  const Home& ben = stage.invite_and_join(amina, "ben", "advocate");
  const std::string before = put_case(amina, "W-before");
  const std::string goes = put_case(amina, "W-goes");
  const std::string person = first_id(amina.ask({"put", "person", "--case", goes, "--set", "forename=Quillonbury"}));
  attach(stage, amina, before, 'a');
  (void)amina.sync();
  (void)ben.sync();
  stage.back_up_office();   // while it serves

  // A day's work: cases, a file, a colleague who joins, a case that is erased.
  const std::string after = put_case(ben, "W-after");
  (void)ben.ask({"edit", before, "--set", "reference=W-before-2"});
  attach(stage, amina, before, 'b');
  const Home& cara = stage.invite_and_join(amina, "cara", "advocate");
  const std::string of_cara = put_case(cara, "W-cara");
  (void)amina.ask({"erase", goes, "--reason", "letter of 3 June", "--before-retention"});
  for (const Home* home : {&cara, &ben, &amina, &cara, &ben}) (void)home->sync();
  (void)ben.ask({"sync", "--attachments"});
  const json at_its_best = office_status(stage);
  const json digest = amina.ask({"digest"}).at("digest");
  REQUIRE(ben.ask({"digest"}).at("digest") == digest);

  const json restored = restore(stage);
  CHECK(restored.at("envelopes") < at_its_best.at("envelopes"));
  CHECK(restored.at("waits_for_devices").size() == 1);
  is_told_once(ben, "gives back");
  const json of_ben = office_status(stage);
  CHECK(of_ben.at("membership_entries") == at_its_best.at("membership_entries"));
  CHECK(of_ben.at("waits_for_devices").size() == 1);   // Amina's, who alone is an administrator
  // Cara is admitted again although the backup knows nothing of her.
  is_told_once(cara, "of what is on this device");
  is_told_once(amina, "of what is on this device");
  for (const Home* home : {&cara, &ben, &amina}) (void)home->sync();

  const json refilled = office_status(stage);
  for (const char* what : {"envelopes", "ledgers", "membership_entries", "attachment_parts", "attachment_bytes", "devices"}) {
    INFO(what);
    CHECK(refilled.at(what) == at_its_best.at(what));
  }
  CHECK_FALSE(refilled.contains("waits_for_devices"));
  for (const Home* home : {&amina, &ben, &cara}) {
    INFO(home->name());
    CHECK(home->ask({"digest"}).at("digest") == digest);
    CHECK(home->ask({"get", after}).at("id") == after);
    CHECK(home->ask({"get", of_cara}).at("id") == of_cara);
    CHECK(home->run({"get", person}).code == 1);   // what was erased stays erased
    CHECK(home->ask({"verify"}).at("ok") == true);
  }
  // And members come and go as before.
  const Home& dewi = stage.invite_and_join(amina, "dewi", "advocate");
  (void)dewi.ask({"sync", "--attachments"});
  CHECK(dewi.ask({"get", after}).at("id") == after);
  CHECK(dewi.run({"get", person}).code == 1);
}

TEST_CASE("a case that everybody has put down comes back to an office that lost it, from who wrote it and kept it for the office alone") {
  Stage stage{Cli::cheap};
  stage.found();
  const Home& amina = stage.join("amina", stage.ticket("first"));
  const Home& ben = stage.invite_and_join(amina, "ben", "advocate");
  const auto all_sync = [&](int times) {
    for (int i = 0; i < times; ++i) {
      for (const Home* home : {&amina, &ben}) (void)home->sync();
    }
  };
  all_sync(2);
  stage.back_up_office();
  const std::string kept = put_case(amina, "W-kept");
  const std::string person = first_id(amina.ask({"put", "person", "--case", kept, "--set", "forename=Wilhelmina"}));
  all_sync(1);
  (void)ben.ask({"edit", kept, "--set", "reference=W-kept-2"});
  all_sync(3);   // until each has said that it holds what the other wrote
  const json digest = amina.ask({"digest"}).at("digest");
  REQUIRE(ben.ask({"digest"}).at("digest") == digest);
  for (const Home* home : {&amina, &ben}) (void)home->ask({"carry", "drop", kept});
  all_sync(1);
  const json at_its_best = office_status(stage);

  // Twice: what is kept stays kept.
  for (int times = 0; times < 2; ++times) {
    const json restored = restore(stage);
    REQUIRE(restored.at("envelopes") < at_its_best.at("envelopes"));
    is_told_once(ben, "");
    CHECK(office_status(stage).at("ledgers") < at_its_best.at("ledgers"));   // what opens the ledger is Amina's
    is_told_once(amina, "");
    (void)ben.sync();   // hers goes now, in a ledger that is there
    const json refilled = office_status(stage);
    for (const char* what : {"envelopes", "ledgers", "membership_entries"}) {
      INFO(what);
      CHECK(refilled.at(what) == at_its_best.at(what));
    }
    fs::remove_all(stage.root() / "lost");
  }
  for (const Home* home : {&ben, &amina}) {
    INFO(home->name());
    CHECK(home->run({"get", person}).code != 0);
    CHECK(home->ask({"carry", "add", kept}).at("cases").at(0).at("on_this_device") == true);
    CHECK(home->ask({"get", person}).at("id") == person);
    CHECK(home->ask({"digest"}).at("digest") == digest);
    CHECK(home->ask({"verify"}).at("ok") == true);
  }
}

TEST_CASE("a restored office takes no change of members until administrators have reconciled or its operator says so") {
  Stage stage{Cli::cheap};
  stage.found();
  const Home& amina = stage.join("amina", stage.ticket("first"));
  const Home& ben = stage.invite_and_join(amina, "ben", "admin");
  (void)ben.sync();
  stage.back_up_office();
  (void)put_case(amina, "W-1");
  (void)amina.sync();
  CHECK(restore(stage).at("waits_for_devices").size() == 2);

  is_told_once(amina, "gives back");
  const Words invite{"invite", "--role", "advocate", "--user", "cara", "--out", stage.ticket("cara").string()};
  const Outcome refused = amina.run(invite);
  CHECK(refused.code == 1);
  CHECK(refused.err.find("takes no change of members") != std::string::npos);
  CHECK_FALSE(fs::exists(stage.ticket("cara")));
  CHECK(office_status(stage).at("waits_for_devices").size() == 1);   // Ben's, who is on holiday

  const Outcome confirmed = stage.office({"confirm-restore", "--data", stage.office_data().string()});   // while it serves
  INFO(confirmed.err);
  REQUIRE(confirmed.code == 0);
  const Home& cara = stage.invite_and_join(amina, "cara", "advocate");
  (void)cara.sync();
  is_told_once(ben, "nothing of what is on this device");
  for (const Home* home : {&amina, &ben, &cara}) (void)home->sync();
  CHECK(amina.ask({"digest"}).at("digest") == ben.ask({"digest"}).at("digest"));
  CHECK(amina.ask({"digest"}).at("digest") == cara.ask({"digest"}).at("digest"));
}

TEST_CASE("the operator is told in words what cannot be done") {
  Stage stage{Cli::cheap};
  stage.found();
  const std::string data = stage.office_data().string();
  const std::string backup = (stage.root() / "backup").string();
  stage.back_up_office();
  const auto refused = [&](const Words& words, const std::string& says) {
    const Outcome outcome = stage.office(words);
    INFO(words.at(0) << ": " << outcome.err);
    CHECK(outcome.code == 1);
    CHECK(outcome.err.find(says) != std::string::npos);
  };
  refused({"backup", "--data", data, "--to", backup}, "is there already");
  refused({"backup", "--data", data, "--to", data + "/inside"}, "outside the office's own folder");
  refused({"backup", "--data", backup, "--to", backup + "-2"}, "is a backup");
  refused({"serve", "--data", backup}, "is a backup");
  refused({"restore", "--data", data, "--from", backup}, "Another program is using that folder");
  refused({"restore", "--data", backup + "/inside", "--from", backup}, "lie apart");
  refused({"restore", "--data", data + "-2", "--from", (stage.root() / "nothing").string()}, "no backup in that folder");
  stage.stop_office();
  refused({"restore", "--data", data, "--from", backup}, "holds an office already");
  // Nobody serves it: the same, without anybody to ask.
  REQUIRE(stage.office({"backup", "--data", data, "--to", backup + "-2"}).code == 0);
  REQUIRE(stage.office({"restore", "--data", data + "-2", "--from", backup + "-2"}).code == 0);
  REQUIRE(stage.office({"confirm-restore", "--data", data + "-2"}).code == 0);
}
