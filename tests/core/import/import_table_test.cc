#include "core/casework/import_table.h"

#include "tests/core/import/import_helpers.h"

using namespace wayside;
using namespace wayside::casework;

namespace {

constexpr const char* kCase = "01941f29-7c03-7ac0-811e-da2cb1616c05";
constexpr const char* kOtherCase = "01941f29-7d2e-7334-9aa8-68ba1b271078";
constexpr const char* kRecord = "01941f29-7d53-7a1a-9044-85f4f5dcb5ed";

RecordId id(const char* text) { return *id_from_text<RecordId>(text); }

const schema::RecordType& type(std::string_view name) { return *schema::current().type(name); }

MakeId counting_ids() {
  return [count = 0]() mutable {
    RecordId made;
    made.bytes[15] = static_cast<char>(++count);
    return made;
  };
}

Imported csv(std::string_view of, const std::string& text, const ColumnMap& map = {}) {
  TextFile file(text);
  return import_csv(type(of), map, file, counting_ids());
}

Imported ndjson(std::string_view of, const std::string& text, const ColumnMap& map = {}) {
  TextFile file(text);
  return import_ndjson(type(of), map, file, counting_ids());
}

std::string with_case(const std::string& rest) { return std::string("{\"case\":\"") + kCase + "\"," + rest + "}\n"; }

}  // namespace

TEST_CASE("people are read from comma separated values, gathered by case") {
  const auto made =
      all_of(csv("person", std::string("\xEF\xBB\xBF") + "case,id,forename,surname,dob,language\r\n" + kCase + "," +
                               kRecord + ",Zoë,O'Connor,1984-03-21,English; Urdu\r\n" + kOtherCase +
                               ",,Ian,\"Hunt, junior\",,\r\n" + kCase + ",,Ava,Hunt,,BSL\r\n"));
  REQUIRE(made.size() == 2);
  CHECK(made[0].case_id == id(kCase));
  REQUIRE(made[0].records.size() == 2);
  const auto& zoe = made[0].records[0];
  CHECK(zoe.id == id(kRecord));
  CHECK(values_of(zoe, "forename") == texts({"Zoë"}));
  CHECK(values_of(zoe, "dob") == std::vector<Value>{Date{"1984-03-21"}});
  CHECK(values_of(zoe, "language") == codes({"English", "Urdu"}));
  CHECK(values_of(made[0].records[1], "language") == codes({"BSL"}));
  REQUIRE(made[1].records.size() == 1);
  CHECK(values_of(made[1].records[0], "surname") == texts({"Hunt, junior"}));
  CHECK(values_of(made[1].records[0], "dob").empty());
  CHECK(made[0].records[1].id != made[1].records[0].id);
}

TEST_CASE("a case's own row names the case") {
  const auto made = all_of(csv("case", std::string("id,reference,status\n") + kCase + ",W-1,open\n,W-2,enquiry\n"));
  REQUIRE(made.size() == 2);
  CHECK(made[0].case_id == id(kCase));
  CHECK(made[0].records[0].id == id(kCase));
  CHECK(made[1].case_id == made[1].records[0].id);
}

TEST_CASE("services stand in no case, and are saved a few at a time") {
  std::string text = "name,kind,units,weekly_rent_pence,step_free\n";
  for (int i = 0; i < 70; ++i) text += "Service " + std::to_string(i) + ",accommodation,4,£120.50,yes\n";
  const auto made = all_of(csv("service", text));
  REQUIRE(made.size() == 3);
  CHECK_FALSE(made[0].case_id.has_value());
  CHECK(made[0].records.size() == 32);
  CHECK(made[2].records.size() == 6);
  CHECK(values_of(made[0].records[0], "weekly_rent_pence") == number(12'050));
}

TEST_CASE("a map renames columns and leaves some out") {
  const auto map =
      parse_column_map("[columns]\n\"First name\" = \"forename\"\n\"Row\" = \"\"\n\"File no\" = \"case\"\n");
  REQUIRE(map.has_value());
  const auto made =
      all_of(csv("person", std::string("Row,First name,File no,surname\n1,Zoe,") + kCase + ",Hunt\n", *map));
  CHECK(values_of(made[0].records[0], "forename") == texts({"Zoe"}));
  CHECK(values_of(made[0].records[0], "surname") == texts({"Hunt"}));
}

TEST_CASE("a map that is none is refused with its line") {
  for (const auto* bad :
       {"[columns", "[columns]\na = 1\n", "[fields]\na = \"b\"\n", "columns = \"a\"\n", "a = \"b\"\n"}) {
    const auto map = parse_column_map(bad);
    REQUIRE_FALSE(map.has_value());
    CHECK(map.error().code == Errc::bad_input);
    CHECK(map.error().detail.starts_with("line "));
  }
  CHECK(parse_column_map("")->fields.empty());
}

TEST_CASE("a bad cell of a table is named by line and column") {
  const auto cells = [](const std::string& heads, const std::string& row) {
    return only_problem(csv("person", "case," + heads + "\n" + kCase + "," + row + "\n"));
  };
  CHECK(cells("dob", "1984-02-30").field == "dob");
  CHECK(cells("dob", "1984-02-30").line == 2);
  CHECK(cells("gender", "x").field == "gender");
  CHECK(cells("language", "English;Klingon").field == "language");
  CHECK(cells("id", "42").field == "id");
  CHECK(cells("shoe_size", "5").line == 1);
  CHECK(cells("forename,forename", "a,b").line == 1);
}

TEST_CASE("rows without their case, or with another number of cells, are refused") {
  CHECK(only_problem(csv("person", "forename\nZoe\n")).field == "case");
  CHECK(only_problem(csv("person", "case,forename\nhers,Zoe\n")).line == 2);
  CHECK(only_problem(csv("person", std::string("case,forename\n") + kCase + "\n")).line == 2);
  CHECK(only_problem(csv("service", std::string("name,kind,case\nA,support,") + kCase + "\n")).field == "case");
  const std::string row = std::string(kCase) + "," + kRecord + ",Zoe\n";
  CHECK(only_problem(csv("person", "case,id,forename\n" + row + row)).line == 3);
}

TEST_CASE("what a record cannot be saved without is asked for") {
  CHECK(only_problem(csv("service", "name\nJuno House\n")).field == "kind");
  CHECK(only_problem(csv("service", "name,kind\nJuno House,castle\n")).field == "kind");
}

TEST_CASE("broken tables are refused") {
  CHECK(only_problem(csv("person", "")).line == 0);
  CHECK(only_problem(csv("person", "case,forename\n\"a")).line == 2);
  CHECK(only_problem(csv("person", "case,fore\xFFname\n")).line == 1);
  CHECK(only_problem(csv("person", std::string("case,forename\n") + kCase + ",Zo\xFF")).line == 2);
  CHECK(all_of(csv("person", "case,forename\n")).empty());
}

TEST_CASE("flat JSON is read with the types that JSON has") {
  const auto made =
      all_of(ndjson("service", R"({"id":"01941f29-7d53-7a1a-9044-85f4f5dcb5ed","name":"A","kind":"support",)"
                               R"("units":4,"step_free":true,"quality_standards":["WAFE","IMKAAN"]})"
                               "\n\n"
                               R"({"name":"B","kind":"emergency","safe_zones":"North"})"));
  REQUIRE(made.size() == 1);
  REQUIRE(made[0].records.size() == 2);
  CHECK(made[0].records[0].id == id(kRecord));
  CHECK(values_of(made[0].records[0], "units") == number(4));
  CHECK(values_of(made[0].records[0], "quality_standards") == codes({"WAFE", "IMKAAN"}));
  CHECK(values_of(made[0].records[1], "safe_zones") == texts({"North"}));
}

TEST_CASE("a bad line of flat JSON is named by line and field") {
  const auto field_of = [](const std::string& rest) { return only_problem(ndjson("person", with_case(rest))).field; };
  CHECK(field_of(R"("dob":"soon")") == "dob");
  CHECK(field_of(R"("dob":["1984-03-21"])") == "dob");
  CHECK(field_of(R"("gender":"Female")") == "gender");
  CHECK(field_of(R"("language":["English","Klingon"])") == "language");
  CHECK(field_of(R"("language":[["English"]])") == "language");
  CHECK(field_of(R"("shoe_size":5)") == "shoe_size");
  CHECK(field_of(R"("id":7)") == "id");
  CHECK(field_of(R"("forename":{"first":"Zoe"})") == "forename");
  CHECK(only_problem(ndjson("person", "{\"forename\":\"Zoe\"}\n")).field == "case");
  CHECK(only_problem(ndjson("person", "{\"case\":1}\n")).line == 1);
  CHECK(only_problem(ndjson("person", with_case(R"("town":"a")") + "[]\n")).line == 2);
  CHECK(only_problem(ndjson("person", with_case(R"("town":"a","town":"b")"))).line == 1);
}

TEST_CASE("two columns of one field are refused unless it takes several values") {
  const ColumnMap map{{{"other_name", "forename"}, {"mother_tongue", "language"}}};
  CHECK(only_problem(ndjson("person", with_case(R"("forename":"a","other_name":"b")"), map)).field == "other_name");
  const auto made = all_of(ndjson("person", with_case(R"("language":"English","mother_tongue":"Urdu")"), map));
  CHECK(values_of(made[0].records[0], "language") == codes({"English", "Urdu"}));
}

TEST_CASE("noise is refused in every format") {
  support::FakeRandom random(10);
  for (int i = 0; i < 200; ++i) {
    std::string noise(1 + random.below(500), '\0');
    random.fill({as_uchar(noise), noise.size()});
    noise.insert(noise.begin(), '!');
    CHECK_FALSE(csv("person", noise).has_value());
    CHECK_FALSE(ndjson("person", noise).has_value());
  }
}

TEST_CASE("a map with letters of any script outside of quotes is broken TOML, and nothing worse") {
  // Presentation forms of Arabic, which the parser's own tables take for unreachable.
  for (const char* text : {"[nq\xEF\xBB\xAC\n", "\xEF\xB9\xA6 = 1\n", "a\xEF\xBB\xBE = \"b\"\n"}) {
    const auto map = parse_column_map(text);
    REQUIRE_FALSE(map.has_value());
    CHECK(map.error().detail.starts_with("line 1: "));
  }
}
