#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "core/ledger/envelope.h"
#include "tests/e2e/opened.h"
#include "tests/e2e/raw_courier.h"
#include "tests/support/caseload.h"

using namespace wayside;
using namespace wayside::e2e;
using wire::pb::Parcel;
using wire::pb::Taken;

namespace {

using Statuses = std::vector<Taken::Status>;

/// An organisation of two; what Amina writes waits in her outbox until a test carries it.
struct Organisation {
  Stage stage{Cli::cheap};
  Home* amina = nullptr;
  Home* ben = nullptr;

  Organisation() {
    stage.found();
    amina = &stage.join("amina", stage.ticket("first"));
    ben = &stage.invite_and_join(*amina, "ben", "advocate");
  }
  /// Three imported cases, an edit in each; the outbox holds them and the office has none.
  std::vector<Parcel> write_and_keep() {
    const fs::path file = stage.root() / "cases.ndjson";
    const std::string cases = support::make_caseload({3, 2}).cases;
    write_file(file, cases);
    (void)amina->ask({"import", file, "--map", "standard"});
    for (const json& each : json_lines(cases)) {
      (void)amina->ask({"edit", each.at("person").at("id"), "--set", "town=Derby"});
    }
    stage.send_devices_to("127.0.0.1:9");
    CHECK(amina->run({"sync"}).code == 5);
    stage.send_devices_to({});
    return RawCourier(stage, *amina).outbox();
  }
};

Parcel of_bytes(Bytes bytes) {
  Parcel parcel;
  parcel.set_envelope(std::move(bytes));
  return parcel;
}

Parcel changed_at(const Parcel& parcel, std::size_t place) {
  Parcel changed = parcel;
  char& byte = (*changed.mutable_envelope())[place];
  byte = static_cast<char>(byte ^ 1);
  return changed;
}

/// What a member could write with her own keys, and no vault would: the first of hers in that case's ledger.
Parcel forged(Opened& vault, const std::string& case_id, bool right_key, BytesView content) {
  const auto case_record = id_from_text<RecordId>(case_id);
  REQUIRE(case_record);
  const auto ledger = vault->store().ledger_of(ledger::LedgerKind::case_ledger, case_record->view());
  REQUIRE(ledger);
  REQUIRE(*ledger);
  const auto key = vault->store().writing_key((*ledger)->n);
  REQUIRE(key);
  REQUIRE(*key);
  ledger::Header header;
  header.organisation = vault->identity().organisation;
  header.ledger = (*ledger)->id;
  header.device = vault->identity().device;
  header.incarnation = vault->identity().incarnation;
  header.seq = 1;
  header.key_generation = (*key)->generation;
  header.membership_head = *vault->membership().head();
  const SecretBytes other = crypto::random_secret(vault.env().random, crypto::kKeyBytes);
  auto sealed = ledger::seal_envelope(header, content, right_key ? (*key)->key.view() : other.view(),
                                      vault->signer(), vault.env().random);
  REQUIRE(sealed);
  return of_bytes(std::move(sealed->bytes));
}

}  // namespace

TEST_CASE("malformed, oversized, changed, duplicated and reordered envelopes never keep the good ones from arriving") {
  Organisation org;
  const auto good = org.write_and_keep();
  REQUIRE(good.size() >= 7);  // three cases, three edits, and what tells the team of them
  RawCourier courier(org.stage, *org.amina);

  const std::size_t size = good[0].envelope().size();
  const std::vector<Parcel> bad{of_bytes("no envelope at all"),
                                of_bytes(Bytes((std::size_t{1} << 20) + 1, '\x7f')),
                                of_bytes(good[0].envelope().substr(0, size - 1)),
                                of_bytes(good[0].envelope() + "x"),
                                of_bytes(good[0].envelope()),     // without the wraps that its header names
                                changed_at(good[0], size - 1),    // the signature
                                changed_at(good[0], size - 100),  // the ciphertext
                                of_bytes("")};
  for (const Parcel& each : bad) {
    const auto status = courier.push({each}).at(0);
    CHECK((status == Taken::malformed || status == Taken::quarantined));
  }
  std::vector<Parcel> mixed;
  for (std::size_t i = good.size(); i-- > 0;) {  // the newest first: every one before what it builds on
    mixed.push_back(bad[i % bad.size()]);
    mixed.push_back(good[i]);
    mixed.push_back(good[i]);
  }
  const Statuses answers = courier.push(mixed);
  REQUIRE(answers.size() == mixed.size());
  for (std::size_t i = 0; i < answers.size(); i += 3) {
    CHECK((answers[i] == Taken::malformed || answers[i] == Taken::quarantined));
    // An edit may come before its case has made the ledger known: then it is not permitted yet.
    CHECK((answers[i + 1] == Taken::stored || answers[i + 1] == Taken::not_permitted));
    CHECK((answers[i + 2] == Taken::known || answers[i + 2] == Taken::not_permitted));
  }
  // Nor do bad ones displace what is there. The id covers neither signature nor wraps, so some are known by it.
  for (const Parcel& each : bad) {
    const auto status = courier.push({each}).at(0);
    CHECK((status == Taken::malformed || status == Taken::quarantined || status == Taken::known));
  }
  CHECK(courier.post("\1 rubbish").status == 400);
  CHECK(courier.post(Bytes((std::size_t{8} << 20) + 1, '\0')).status == 413);

  // Her own courier brings what is left, and knows what is there.
  const json pushed = org.amina->sync();
  CHECK(pushed.at("quarantined") == 0);
  const json pulled = org.ben->sync();
  CHECK(pulled.at("quarantined") == 0);
  CHECK(pulled.at("applied_change_sets").get<std::size_t>() == good.size());
  (void)org.amina->sync();
  CHECK(org.ben->ask({"digest"}) == org.amina->ask({"digest"}));
  for (const Home* home : {org.amina, org.ben}) {
    const json verified = home->ask({"verify"});
    CHECK(verified.at("ok") == true);
    CHECK(verified.at("pending") == 0);
    CHECK(verified.at("quarantined") == 0);
  }
}

TEST_CASE("what a member has sealed wrongly is kept apart on each device, named for a person, and blocks nothing") {
  Organisation org;
  (void)org.write_and_keep();
  (void)org.amina->sync();
  Home& mallory = org.stage.invite_and_join(*org.amina, "mallory", "advocate");
  (void)mallory.sync();
  const json cases = mallory.ask({"list", "case"}).at("records");
  REQUIRE(cases.size() == 3);
  std::vector<Parcel> lies;
  {
    Opened vault(org.stage, mallory);
    lies.push_back(forged(vault, cases[0].at("id"), false, "sealed with a key of her own"));
    // A change-set whose form is no text: protobuf would name the field on stderr.
    lies.push_back(forged(vault, cases[1].at("id"), true, "\x2a\x02\xff\xfe"));
  }
  RawCourier courier(org.stage, mallory);
  CHECK(courier.push(lies) == Statuses{Taken::stored, Taken::stored});  // the office cannot look inside
  // The same place once more, with other content: a fork, which the office does see.
  {
    Opened vault(org.stage, mallory);
    CHECK(courier.push({forged(vault, cases[1].at("id"), true, "another story")}) == Statuses{Taken::fork});
  }
  // An honest save in the third case travels behind them.
  (void)org.amina->ask({"edit", cases[2].at("id"), "--set", "reference=R-after"});
  (void)org.amina->sync();

  for (const Home* home : {org.ben, org.amina}) {
    INFO(home->name());
    const Outcome synced = home->run({"sync", "--json"});
    CHECK(synced.code == 4);
    CHECK(synced.err.find("libprotobuf") == std::string::npos);
    CHECK(synced.err.find("ChangeSet") == std::string::npos);
    CHECK(synced.answer().at("quarantined") == 2);
    CHECK(home->ask({"get", cases[2].at("id")}).at("fields").at("reference").at("shown") == "R-after");
    const json reviews = home->ask({"review", "list"}).at("reviews");
    REQUIRE(reviews.size() == 2);
    for (const json& review : reviews) {
      CHECK(review.at("kind") == "quarantined");
      CHECK(review.at("device") == "mallory's laptop");
      const Outcome shown = home->run({"review", "show", review.at("id")});
      CHECK(shown.code == 0);
      CHECK(shown.out.find("Tell your administrator") != std::string::npos);
    }
    const json verified = home->ask({"verify"});
    CHECK(verified.at("ok") == true);
    CHECK(verified.at("quarantined") == 2);
  }
  CHECK(org.ben->ask({"digest"}).at("digest") == org.amina->ask({"digest"}).at("digest"));
}
