#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;

namespace {

/// Refused with a sentence, nothing on stdout, and nothing saved.
void refuses(Home& home, const Words& words, const json& before, const std::string& input = {}) {
  const auto outcome = home.run(words, input);
  std::string line;
  for (const auto& word : words) line += word.substr(0, 60) + " ";
  INFO(line << "ended with " << outcome.code << ": " << outcome.err.substr(0, 300));
  CHECK((outcome.code == 1 || outcome.code == 2 || outcome.code == 6));
  CHECK(outcome.out.empty());
  CHECK(outcome.err.size() > 10);
  CHECK(outcome.err.size() < 2000);
  CHECK(home.ask({"digest"}) == before);
}

const std::string kHuge(10'000'000, 'x');
const std::string kNotUtf8 = "\xff\xfe rubbish";
const std::string kOverride = "abc\xe2\x80\xae" "def";   // right-to-left override

}  // namespace

TEST_CASE("rubbish in a value is refused by every record type that could take it, and nothing is half saved") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case();
  const json before = home.ask({"digest"});
  const auto put = [&](const std::string& type, Words fields) {
    Words words{"put", type, "--case", case_id, "--set"};
    words.insert(words.end(), fields.begin(), fields.end());
    refuses(home, words, before);
  };
  put("person", {"forename=" + kHuge});
  put("person", {"forename=" + kNotUtf8});
  put("person", {"forename=Ada", "dob=0000-01-01"});
  put("person", {"forename=Ada", "dob=9999-12-31"});
  put("person", {"forename=Ada", "dob=2026-02-30"});
  put("person", {"forename=Ada", "in_work=perhaps"});
  put("person", {"forename=Ada", "gender=purple"});
  put("pet", {"household=not-an-id", "kind=dog", "count=1"});
  put("pet", {"household=" + case_id, "kind=dog", "count=1"});
  put("fund_request", {"words=A bed", "amount_pence=-5"});
  put("fund_request", {"words=A bed", "amount_pence=0"});
  put("fund_request", {"words=A bed", "amount_pence=99999999999999999999"});
  put("stay", {"place_type=REFUGE", "start=yesterday"});
  put("task", {"what=x", "due=2026-06-10T10:00:00Z", "who=x", "status=open"});
  put("appointment", {"what=x", "at=9999-01-01T00:00:00Z", "who=x", "status=open"});
  put("referral", {"direction=sideways", "requested_offer=IDVA", "asked_on=2026-06-01"});
}

TEST_CASE("rubbish as JSON is refused for a new record and for every file that a verb reads") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case();
  const json before = home.ask({"digest"});
  const std::vector<std::string> rubbish{
      "",           "[",          "null",          "7",       "\"text\"", "[[]]",  "{\"forename\": \"a\\u0000b\"}", "{\"forename\": {}}",
      "{\"shoe\": 1}", "{\"dob\": 19990101}", std::string("{\"forename\": \"") + kNotUtf8 + "\"}", std::string("\0\0\0", 3),
      "{\"forename\": \"" + kHuge + "\"}", std::string(100'000, '[')};
  for (const auto& text : rubbish) {
    const auto file = home.write("rubbish.json", text);
    refuses(home, {"put", "person", "--case", case_id, "--from-json", file}, before);
    refuses(home, {"match", "--household", file}, before);
    refuses(home, {"rule", "match", "--input", file}, before);
    refuses(home, {"risk", "score", "--pack", WAYSIDE_DEMONSTRATION_PACK, "--answers", file}, before);
    refuses(home, {"risk", case_id, "--pack", file}, before);
    if (!text.empty()) refuses(home, {"import", file, "--type", "person"}, before);   // an empty file brings nothing
  }
}

TEST_CASE("a household of another shape is refused with exit code 6 and the key that is wrong") {
  Home home;
  home.solo();
  const auto wrong = [&](const std::string& text, std::string_view key) {
    const auto outcome = home.run({"match", "--household", home.write("household.json", text), "--json"});
    INFO(text.substr(0, 200) << ": " << outcome.err.substr(0, 300));
    CHECK(outcome.code == 6);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.contains(key));
  };
  wrong(R"({"adults": 1})", "adults");
  wrong(R"({"adults": [{"sex": "female", "age": "30"}]})", "age");
  wrong(R"({"children": [{"sex": "male", "age": -1}]})", "age");
  wrong(R"({"children": [{"sex": "male", "age": 15.5}]})", "age");
  wrong(R"({"children": [{"sex": "male", "shoe": 38}]})", "shoe");
  wrong(R"({"nrpf": "yes"})", "nrpf");
  wrong(R"({"pets": [{"kind": "dog", "count": 99999999999}]})", "count");
  wrong(R"({"on_date": "0000-01-01"})", "on_date");
  wrong(R"({"on_date": "9999-01-01"})", "on_date");
  wrong(R"({"needs": "HOUSING"})", "needs");
  wrong(R"({"colour": "red"})", "colour");
  wrong(R"({"tenure": ")" + kHuge + R"("})", "tenure");
  wrong(R"([{}, {"nrpf": 1}])", "nrpf");
}

TEST_CASE("wrong words of the verbs on cases end with 2 or name the case that is not there") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case();
  const json before = home.ask({"digest"});
  for (const std::string verb : {"risk", "journey", "household", "counts", "contact", "hold"}) {
    refuses(home, {verb, "not-an-id"}, before);
    refuses(home, {verb, kHuge}, before);
    refuses(home, {verb, kNotUtf8}, before);
    refuses(home, {verb, "0192f0c0-0000-7000-8000-000000000000"}, before);
  }
  for (const std::string day : {"0000-01-01", "9999-12-31", "2026-02-30", "tomorrow", kNotUtf8.c_str(), kOverride.c_str()}) {
    for (const Words& words : std::vector<Words>{{"journey", case_id}, {"household", case_id}, {"counts", case_id}, {"contact", case_id},
                                                 {"waiting-list"}, {"due"}, {"match", "--case", case_id},
                                                 {"close", case_id, "--reason", "x", "--anyway"}}) {
      Words with = words;
      with.insert(with.end(), {"--on", day});
      CHECK(home.run(with).code == 2);
    }
  }
  refuses(home, {"match"}, before);
  refuses(home, {"match", "--case", case_id, "--household", "x"}, before);
  refuses(home, {"due", "--days", "-1"}, before);
  refuses(home, {"due", "--days", "many"}, before);
  refuses(home, {"close", case_id}, before);
  refuses(home, {"close", case_id, "--reason", ""}, before);
  refuses(home, {"close", case_id, "--reason", kHuge, "--anyway"}, before);
  refuses(home, {"hold", case_id, "--reason", kHuge}, before);
  refuses(home, {"hold", case_id, "--reason", kNotUtf8}, before);
  refuses(home, {"duplicates", "--name", kHuge}, before);
  refuses(home, {"duplicates", "--name", kNotUtf8}, before);
  refuses(home, {"duplicates", "--name", "Ada", "--dob", "1999-02-30"}, before);
}

TEST_CASE("records that cannot be true together are named when they are read, and stay correctable") {
  Home home;
  home.solo();
  const std::string case_id = home.new_case();
  const std::string she = home.put("person", case_id, {"forename=Ada", "dob=1990-01-01"});
  const std::string other = home.put("household", case_id, {"tenure=PRS"});
  const std::string here = home.put("household", case_id, {"tenure=PRS"});
  const std::string first = home.put("household_member", case_id, {"household=" + here, "person=" + she, "role=survivor"});
  const json before = home.ask({"digest"});
  refuses(home, {"edit", first, "--set", "household=" + she}, before);

  const std::string second = home.put("household_member", case_id, {"household=" + other, "person=" + she, "role=survivor"});
  const auto two_homes = home.run({"household", case_id, "--on", "2026-06-10"});
  CHECK(two_homes.code == 1);
  CHECK(two_homes.err.contains("two households"));
  home.ask({"archive", second, "--reason", "typed twice"});
  CHECK(home.ask({"household", case_id, "--on", "2026-06-10"}).at("members").size() == 1);

  // Assessments that would replace each other in a ring.
  const std::string a = home.put("risk_assessment", case_id, {"level=HIGH"});
  const std::string b = home.put("risk_assessment", case_id, {"level=HIGH", "supersedes=" + a, "lowering_reason=x", "second_person=y"});
  refuses(home, {"edit", a, "--set", "supersedes=" + b, "lowering_reason=x", "second_person=y"}, home.ask({"digest"}));
  home.ask({"risk", case_id});
}
