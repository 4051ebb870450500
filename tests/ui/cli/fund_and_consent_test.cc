#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;

namespace {

struct Desk : Home {
  std::string case_id, she, pot;
  Desk() {
    solo();
    case_id = new_case("R-1");
    she = put("person", case_id, {"forename=Priya", "surname=Shah"});
    pot = ask({"put", "fund_pot", "--set", "name=Flexible fund", "--set", "year=2026-27", "--set", "opening_pence=100000", "--set",
               "no_capital=yes", "--set", "rule_words=No works on buildings."})
              .at("ids")[0];
  }
  Words request(const std::string& amount, const Words& more = {"--capital", "no"}) {
    Words out{"fund", "request", case_id, "--pot", pot, "--amount", amount, "--words", "a bed for her son", "--payee", "Bed Shop",
              "--safe-way", "pay the shop"};
    out.insert(out.end(), more.begin(), more.end());
    return out;
  }
};

}  // namespace

TEST_CASE("a request promises nothing, a desk grants it, pays it, and the fund balances all along") {
  Desk home;
  const json asked = home.ask(home.request("£120.50"));
  CHECK(asked.at("answer") == "ask");
  CHECK(asked.at("promised_pence") == 0);
  const std::string id = asked.at("id");
  CHECK(home.ask({"fund", "balance", home.pot}).at("pot_pence") == 100000);

  const json granted = home.ask({"fund", "grant", id, "--amount", "10000", "--on", "2026-06-10"});
  CHECK(granted.at("decision") == "part_granted");
  CHECK(granted.at("granted_pence") == 10000);
  CHECK_FALSE(granted.at("number").get<std::string>().empty());
  CHECK(home.run({"fund", "grant", id}).code == 6);
  json sums = home.ask({"fund", "balance", home.pot, "--publish"});
  CHECK(sums.at("pot_pence") == 90000);
  CHECK(sums.at("committed_pence") == 10000);
  CHECK(sums.at("balances") == true);

  CHECK(home.ask({"fund", "pay", id, "--on", "2026-06-12", "--receipt", "no. 7"}).at("paid_on") == "2026-06-12");
  CHECK(home.run({"fund", "pay", id}).err.find("already") != std::string::npos);
  sums = home.ask({"fund", "balance", home.pot});
  CHECK(sums.at("committed_pence") == 0);
  CHECK(sums.at("paid_pence") == 10000);
  CHECK(sums.at("last_known_pence") == 90000);
  CHECK(sums.at("balances") == true);
}

TEST_CASE("the fund's own rule refuses, what the fund does not hold is not granted, and a refusal says why") {
  Desk home;
  const auto barred = home.run(home.request("5000", {"--capital", "yes"}));
  CHECK(barred.code == 6);
  CHECK(barred.err.find("No works on buildings") != std::string::npos);
  const std::string large = home.ask(home.request("100001")).at("id");
  CHECK(home.run({"fund", "grant", large}).err.find("holds") != std::string::npos);
  const std::string open = home.ask(home.request("5000", {})).at("id");
  CHECK(home.run({"fund", "grant", open}).code == 6);   // nobody has said whether it is for capital works
  CHECK(home.run({"fund", "pay", open}).code == 6);
  CHECK(home.run({"fund", "refuse", open}).code == 2);
  CHECK(home.ask({"fund", "refuse", open, "--reason", "No works on buildings."}).at("decision") == "refused");
  CHECK(home.run({"fund", "grant", open}).code == 6);
  CHECK(home.ask({"fund", "balance", home.pot}).at("pot_pence") == 100000);
}

TEST_CASE("amounts that are none are refused and nothing is saved") {
  Desk home;
  for (const char* amount : {"-5", "0", "12.345", "ten", "", "99999999999999999999", "£-3"}) {
    INFO(amount);
    CHECK(home.run(home.request(amount)).code != 0);
  }
  const std::string id = home.ask(home.request("5000")).at("id");
  for (const char* amount : {"-5", "0", "5001", "x"}) CHECK(home.run({"fund", "grant", id, "--amount", amount}).code != 0);
  CHECK(home.ask({"fund", "balance", home.pot}).at("requests").size() == 1);
  CHECK(home.run({"fund", "balance", home.she}).code == 6);
  CHECK(home.run({"fund", "grant", home.she}).code == 6);
}

TEST_CASE("two requests for one payee within a week are both kept, and a person is asked to look") {
  Desk home;
  home.ask(home.request("5000"));
  home.ask(home.request("6000"));
  CHECK(home.ask({"fund", "balance", home.pot}).at("possible_duplicates").size() == 1);
}

TEST_CASE("consent is given in part, is what all entries agree on, and a withdrawal counts at once") {
  Desk home;
  const json given = home.ask({"consent", "give", home.case_id, "--with", "Housing team", "--share", "contact,housing,risk", "--purpose", "a new home",
                               "--expires", "2026-12-31", "--on", "2026-06-10"});
  json who = home.ask({"consent", "who", home.case_id, "--on", "2026-07-01"}).at("sharing");
  REQUIRE(who.size() == 1);
  CHECK(who[0].at("answer") == "yes");
  CHECK(who[0].at("scope") == json{"contact", "housing", "risk"});
  CHECK(who[0].at("until") == "2026-12-31");
  CHECK(home.ask({"consent", "who", home.case_id, "--on", "2027-01-01"}).at("sharing")[0].at("answer") == "no");

  // A second entry, written by hand: what both agree on.
  home.put("consent", home.case_id, {"person=" + home.she, "recipient=housing team", "purpose=x", "decision=GIVEN", "basis=CONSENT", "asked_on=2026-06-11",
                                     "share_housing=yes", "share_health=yes"});
  who = home.ask({"consent", "who", home.case_id, "--with", "Housing Team", "--on", "2026-07-01"}).at("sharing");
  REQUIRE(who.size() == 1);
  CHECK(who[0].at("scope") == json{"housing"});

  CHECK(home.ask({"consent", "withdraw", home.case_id, "--with", "housing team", "--reason", "she rang"}).at("ids").size() == 2);
  who = home.ask({"consent", "who", home.case_id, "--on", "2026-07-01"}).at("sharing");
  CHECK(who[0].at("answer") == "no");
  CHECK(who[0].at("scope").empty());

  // Giving again takes a reason, and changes the entry that is there.
  const Words again{"consent", "give", home.case_id, "--with", "Housing team", "--share", "contact"};
  CHECK(home.run(again).code == 6);
  Words with_reason = again;
  with_reason.insert(with_reason.end(), {"--reason", "she has changed her mind"});
  CHECK(home.ask(with_reason).at("id") == given.at("id"));
}

TEST_CASE("nobody who was not asked about may see anything, and rubbish is refused") {
  Desk home;
  CHECK(home.ask({"consent", "who", home.case_id}).at("sharing").empty());
  const json silence = home.ask({"consent", "who", home.case_id, "--with", "Landlord"}).at("sharing");
  REQUIRE(silence.size() == 1);
  CHECK(silence[0].at("answer") == "no");
  CHECK(home.run({"consent", "give", home.case_id, "--with", "X", "--share", "everything", "--purpose", "x"}).code == 2);
  CHECK(home.run({"consent", "give", home.case_id, "--with", "X", "--share", "risk"}).code == 6);   // why?
  CHECK(home.run({"consent", "give", home.case_id, "--with", "X", "--share", "risk", "--purpose", "x", "--expires", "2026-02-31"}).code == 2);
  CHECK(home.run({"consent", "give", home.case_id, "--with", "X", "--share", "risk", "--purpose", "x", "--basis", "NONE"}).code == 6);
  CHECK(home.run({"consent", "withdraw", home.case_id, "--with", "X"}).code == 1);
  CHECK(home.ask({"list", "consent"}).at("records").empty());
}

TEST_CASE("links between people are shown by get, find and household, honoured by duplicates, and taken back") {
  Desk home;
  const std::string second = home.new_case("R-2");
  const std::string twin = home.put("person", second, {"forename=Priya", "surname=Shah"});
  const std::string home_id = home.put("household", home.case_id, {"tenure=PRS"});
  home.put("household_member", home.case_id, {"household=" + home_id, "person=" + home.she, "role=survivor"});
  home.ask({"edit", home.she, "--set", "dob=1988-04-02"});
  home.ask({"edit", twin, "--set", "dob=1988-04-02"});
  REQUIRE(home.ask({"duplicates"}).at("count") == 1);

  CHECK(home.ask({"duplicates", "link", home.she, twin, "--reason", "she said so"}).at("verdict") == "same");
  CHECK(home.ask({"duplicates"}).at("count") == 0);
  CHECK(home.ask({"duplicates", home.she}).at("count") == 0);
  const json links = home.ask({"get", home.she}).at("links");
  REQUIRE(links.size() == 1);
  CHECK(links[0].at("with") == twin);
  CHECK(links[0].at("why") == "she said so");
  CHECK(home.run({"get", twin}).out.find("The same person as") != std::string::npos);
  CHECK(home.ask({"household", home.case_id}).at("members")[0].at("links")[0].at("with") == twin);
  const json found = home.ask({"find", "Priya"});
  for (const auto& hit : found.at("hits")) CHECK(hit.at("same_as").size() == 1);

  CHECK(home.ask({"duplicates", "unlink", twin, home.she, "--reason", "another Priya"}).at("verdict") == "undecided");
  CHECK(home.ask({"get", home.she}).at("links").empty());
  CHECK(home.ask({"duplicates"}).at("count") == 1);
  CHECK(home.ask({"duplicates", "not-same", twin, home.she, "--reason", "I met both"}).at("verdict") == "not_same");
  CHECK(home.ask({"duplicates"}).at("count") == 0);
  CHECK(home.run({"duplicates", "link", home.she}).code == 2);
  CHECK(home.run({"duplicates", "link", home.she, twin}).code == 2);
  CHECK(home.run({"duplicates", "link", home.she, home.case_id, "--reason", "x"}).code == 6);
  CHECK(home.ask({"verify"}).at("ok") == true);
}
