#include "core/schema/validate.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "core/schema/display.h"

using namespace wayside;
using namespace wayside::schema;
using nlohmann::json;

namespace {

const Field& field(std::string_view type, std::string_view name) {
  const auto* found = current().type(type)->field(name);
  REQUIRE(found != nullptr);
  return *found;
}

Problem problem(const Checked<Value>& value) {
  REQUIRE_FALSE(value.has_value());
  CHECK_FALSE(value.error().what.empty());
  return value.error();
}

Value value(const Checked<Value>& read) {
  REQUIRE(read.has_value());
  return *read;
}

Result<Value> passes_on(const Field& where, std::string_view text) {
  WAYSIDE_TRY(auto read, parse_field(where, text));
  return read;
}

}  // namespace

TEST_CASE("text that a person writes becomes a value of the field's kind") {
  CHECK(value(parse_field(field("person", "forename"), "Zoë")) == Value(Text{"Zoë"}));
  CHECK(value(parse_field(field("person", "forename"), "")) == Value(Text{""}));
  CHECK(value(parse_field(field("person", "dob"), " 1984-03-21 ")) == Value(Date{"1984-03-21"}));
  CHECK(value(parse_field(field("note", "at"), "1970-01-01T00:00:01Z")) == Value(Instant{1000}));
  CHECK(value(parse_field(field("risk_assessment", "score"), "31")) == Value(std::int64_t{31}));
  CHECK(value(parse_field(field("risk_assessment", "debt"), "Yes")) == Value(true));
  CHECK(value(parse_field(field("risk_assessment", "debt"), "0")) == Value(false));
}

TEST_CASE("a code may be written as its label, in any case of letters") {
  CHECK(value(parse_field(field("risk_assessment", "level"), "high")) == Value(Code{"HIGH"}));
  CHECK(value(parse_field(field("person", "language"), "british sign language")) == Value(Code{"BSL"}));
  CHECK(value(parse_field(field("service", "accepts_sex"), "Women and men")) == Value(Code{"any"}));
}

TEST_CASE("a word that two entries of a code list answer to is no code") {
  constexpr auto kType =
      "id = 9\nname = \"thing\"\nlabel = \"T\"\nplural = \"T\"\ngroup = \"T\"\nhelp = \"T\"\n"
      "title = [\"a\"]\n[[section]]\nheading = \"H\"\nfields = [\n"
      "{ id = 16, name = \"a\", label = \"A\", kind = \"code\", list = \"words\", "
      "policy = \"review\", sensitivity = \"S1\" },\n]";
  constexpr auto kList = "name,code,label,source\nwords,b,First,test\nwords,c,B,test\nwords,d,Last,test\n";
  const auto schema = Schema::parse({{"records/thing.toml", kType}, {"codelists/words.csv", kList}});
  REQUIRE(schema.has_value());
  const auto& a = *schema->type("thing")->field("a");
  CHECK(value(parse_field(a, "b")) == Value(Code{"b"}));
  CHECK(value(parse_field(a, "LAST")) == Value(Code{"d"}));
  CHECK(problem(parse_field(a, "B")).code == Errc::unknown_code);
}

TEST_CASE("pounds have their sign, pence have none") {
  const auto& rent = field("service", "weekly_rent_pence");
  CHECK(value(parse_field(rent, "12050")) == Value(std::int64_t{12'050}));
  CHECK(value(parse_field(rent, "£120.50")) == Value(std::int64_t{12'050}));
  CHECK(value(parse_field(rent, "£1,120")) == Value(std::int64_t{112'000}));
  for (const auto* bad : {"120.50", "£", "£-1", "£1.5", "£1.555", "£1.-5", "£99999999999999999999", "£1.5.5", "ten"}) {
    INFO(bad);
    problem(parse_field(rent, bad));
  }
}

TEST_CASE("a problem names the field and the remedy, and nothing of the value") {
  const auto dob = problem(parse_field(field("person", "dob"), "2991-01-01"));
  CHECK(dob.field == "dob");
  CHECK(dob.what.find("1984-03-21") != std::string::npos);
  CHECK(dob.what.find("2991") == std::string::npos);
  const auto consent = problem(parse_field(field("support_plan", "consent"), "sure"));
  CHECK(consent.code == Errc::unknown_code);
  CHECK(consent.what.find("written, verbal, withheld") != std::string::npos);
  CHECK(consent.what.find("sure") == std::string::npos);
  const auto error = passes_on(field("person", "dob"), "yesterday");
  REQUIRE_FALSE(error.has_value());
  CHECK(error.error().detail.starts_with("dob: needs a day"));
}

TEST_CASE("rubbish is no value of any kind") {
  for (const auto* bad : {"", "  ", "2026-02-30", "20260101", "1899-12-31", "2026-1-1"}) {
    problem(parse_field(field("person", "dob"), bad));
  }
  for (const auto* bad : {"", "1.0", "0x10", "9223372036854775808", "--1", "-1"}) {
    problem(parse_field(field("risk_assessment", "score"), bad));
  }
  for (const auto* bad : {"", "maybe", "2"}) problem(parse_field(field("risk_assessment", "debt"), bad));
  for (const auto* bad : {"", "2026-06-10", "2026-06-10T16:20:00", "noon"})
    problem(parse_field(field("note", "at"), bad));
  for (const auto* bad : {"", "Klingon"}) problem(parse_field(field("person", "language"), bad));
}

TEST_CASE("text is clean UTF-8 and has a limit") {
  const auto& name = field("person", "forename");
  problem(parse_field(name, "\xC3\x28"));
  problem(parse_field(name, "\xED\xA0\x80"));
  problem(parse_field(name, std::string_view("a\0b", 3)));
  CHECK(parse_field(name, std::string(kTextLimitBytes, 'a')).has_value());
  CHECK(problem(parse_field(name, std::string(kTextLimitBytes + 1, 'a'))).code == Errc::too_large);
  CHECK(parse_field(field("note", "text"), std::string(kLongTextLimitBytes, 'a')).has_value());
  CHECK(problem(parse_field(field("note", "text"), std::string(kLongTextLimitBytes + 1, 'a'))).code == Errc::too_large);
}

TEST_CASE("numbers keep within the field's bounds") {
  CHECK(parse_field(field("service", "sons_max_age_certain"), "99").has_value());
  CHECK(problem(parse_field(field("service", "sons_max_age_certain"), "100")).what == "is above 99");
  CHECK(problem(parse_field(field("service", "units"), "-1")).what == "is below 0");
}

TEST_CASE("JSON is read strictly") {
  CHECK(value(field_from_json(field("risk_assessment", "debt"), json(true))) == Value(true));
  CHECK(value(field_from_json(field("risk_assessment", "score"), json(4))) == Value(std::int64_t{4}));
  CHECK(value(field_from_json(field("person", "gender"), json("non-binary"))) == Value(Code{"non-binary"}));
  problem(field_from_json(field("risk_assessment", "debt"), json("yes")));
  problem(field_from_json(field("risk_assessment", "debt"), json(1)));
  problem(field_from_json(field("risk_assessment", "score"), json(4.0)));
  problem(field_from_json(field("risk_assessment", "score"), json("4")));
  problem(field_from_json(field("risk_assessment", "score"), json(18446744073709551615u)));
  problem(field_from_json(field("person", "gender"), json("Female")));
  problem(field_from_json(field("person", "forename"), json(7)));
  problem(field_from_json(field("person", "forename"), json(nullptr)));
  problem(field_from_json(field("person", "forename"), json::array({"a"})));
  problem(field_from_json(field("person", "dob"), json::object()));
}

TEST_CASE("check refuses a value of another kind") {
  CHECK(check(field("person", "forename"), Text{"Zoe"}).has_value());
  CHECK_FALSE(check(field("person", "forename"), Code{"Zoe"}).has_value());
  CHECK_FALSE(check(field("person", "dob"), Text{"1984-03-21"}).has_value());
  CHECK_FALSE(check(field("person", "dob"), Date{"1984-13-21"}).has_value());
  CHECK_FALSE(check(field("person", "gender"), Code{"unheard of"}).has_value());
  CHECK_FALSE(check(field("risk_assessment", "debt"), std::int64_t{1}).has_value());
  CHECK_FALSE(check(field("note", "at"), std::int64_t{1}).has_value());
  CHECK_FALSE(check(field("risk_assessment", "score"), RawValue{"\x63"}).has_value());
}

TEST_CASE("a record lacks what must be there before it is saved or its case is closed") {
  const auto& type = *current().type("case");
  const std::vector<FieldId> filled{type.field("status")->id};
  const auto to_save = missing(type, filled, Required::to_save);
  REQUIRE(to_save.size() == 1);
  CHECK(to_save[0]->name == "reference");
  CHECK(missing(type, filled, Required::to_close).size() > 1);
  CHECK(missing(*current().type("person"), {}, Required::to_save).empty());
}

TEST_CASE("each stage needs what the stages before it need") {
  const auto& order = *current().type("fund_request");
  const auto saved = missing(order, {}, Required::to_save);
  const auto sent = missing(order, {}, Required::to_send);
  const auto closed = missing(order, {}, Required::to_close);
  CHECK_FALSE(saved.empty());
  CHECK(saved.size() < sent.size());
  CHECK(sent.size() < closed.size());
  for (const auto* field : saved) CHECK(std::ranges::count(sent, field) == 1);
  for (const auto* field : sent) CHECK(std::ranges::count(closed, field) == 1);
}

TEST_CASE("an age serves where the date of birth is not known") {
  const auto& type = *current().type("person");
  const auto lacks_birth = [&](std::vector<FieldId> filled) {
    const auto found = missing(type, filled, Required::to_close);
    return std::ranges::count(found, type.field("dob")) == 1;
  };
  CHECK(lacks_birth({}));
  CHECK_FALSE(lacks_birth({type.field("dob")->id}));
  CHECK_FALSE(lacks_birth({type.field("age_band")->id}));
}

TEST_CASE("every field of every record type takes a value of its kind, and a form reads it back") {
  const auto sample = [](const Field& field) -> std::string {
    switch (field.kind) {
      case FieldKind::text: return "Library, 10 till 12";
      case FieldKind::long_text: return "First line\nsecond line";
      case FieldKind::integer:
      case FieldKind::pence: return std::to_string(field.min.value_or(7));
      case FieldKind::flag: return "yes";
      case FieldKind::date: return "2026-06-10";
      case FieldKind::time: return "2026-06-10T16:20:00Z";
      case FieldKind::code: return field.list->entries.back().code;
      case FieldKind::reference: return "019420a7-0000-7000-8000-000000000001";
    }
    return {};
  };
  for (const auto& type : current().types()) {
    for (const auto& field : type.fields) {
      INFO(type.name << "." << field.name);
      const auto read = value(parse_field(field, sample(field)));
      CHECK(value(parse_field(field, form_text(field, read))) == read);
      CHECK(value(field_from_json(field, to_json(read))) == read);
      CHECK_FALSE(display(field, read).empty());
    }
  }
}

TEST_CASE("every code is found by its code and by its label") {
  for (const auto& type : current().types()) {
    for (const auto& field : type.fields) {
      if (field.list == nullptr) continue;
      for (const auto& entry : field.list->entries) {
        INFO(field.list_name << ": " << entry.code << ", " << entry.label);
        CHECK(value(parse_field(field, entry.code)) == Value(Code{entry.code}));
        CHECK(value(parse_field(field, entry.label)) == Value(Code{entry.code}));
      }
    }
  }
}
