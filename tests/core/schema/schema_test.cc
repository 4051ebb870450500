#include "core/schema/schema.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "core/schema/lint.h"
#include "core/schema/toml_reader.h"

using namespace wayside;
using namespace wayside::schema;

namespace {

constexpr std::string_view kLevels = "name,code,label,rank,source\nlevels,LOW,Low,1,test\nlevels,HIGH,High,2,test\n";

/// A record type `thing` with the given lines as its fields.
std::string thing(std::string_view fields, std::string_view head = "") {
  return "id = 9\nname = \"thing\"\nlabel = \"Thing\"\nplural = \"Things\"\ngroup = \"Test\"\nhelp = \"A thing.\"\n"
         "title = [\"a\"]\n" + std::string(head) +
         "[[section]]\nheading = \"All\"\nfields = [\n" + std::string(fields) + "]\n";
}

/// A field called `a`, whose policy and what follows it the test chooses.
std::string field(std::string_view kind, std::string_view policy, std::string_view more = "", int id = 16) {
  return "{ id = " + std::to_string(id) + ", name = \"a\", label = \"A\", kind = \"" + std::string(kind) +
         "\", policy = \"" + std::string(policy) + "\", sensitivity = \"S1\"" + std::string(more) + " },\n";
}

Result<Schema> parse(std::string_view type_toml) {
  return Schema::parse({{"records/thing.toml", type_toml}, {"codelists/levels.csv", kLevels}});
}

std::string error_of(std::string_view type_toml) {
  const auto schema = parse(type_toml);
  REQUIRE_FALSE(schema.has_value());
  CHECK(schema.error().code == Errc::bad_input);
  return schema.error().detail;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_CASE("a record type is read from TOML alone") {
  const auto schema = parse(thing(field("code", "protective", ", list = \"levels\", order = \"rank\"")));
  REQUIRE(schema.has_value());
  const auto* type = schema->type("thing");
  REQUIRE(type != nullptr);
  CHECK(schema->type(9) == type);
  CHECK(type->in_case);
  const auto* a = type->field("a");
  REQUIRE(a != nullptr);
  CHECK(schema->field(9, 16) == a);
  CHECK(a->policy == Policy::protective);
  CHECK(a->section == "All");
  REQUIRE(a->list != nullptr);
  CHECK(a->list->find("HIGH")->rank == 2);
  CHECK(a->list->find("none") == nullptr);
}

TEST_CASE("a schema that moves keeps its fields' code lists") {
  auto schema = parse(thing(field("code", "review", ", list = \"levels\"")));
  REQUIRE(schema.has_value());
  const Schema moved = *std::move(schema);
  CHECK(moved.type("thing")->field("a")->list == &moved.code_lists().find("levels")->second);
}

TEST_CASE("types and fields that this version does not know are no field") {
  const auto& schema = current();
  CHECK(schema.type("unicorn") == nullptr);
  CHECK(schema.type(999) == nullptr);
  CHECK(schema.field(999, 16) == nullptr);
  CHECK(schema.field(2, 999) == nullptr);
}

TEST_CASE("every record type has the system field archived") {
  const auto& schema = current();
  for (const auto& type : schema.types()) {
    const auto* archived = schema.field(type.id, kArchivedField);
    REQUIRE(archived != nullptr);
    CHECK(archived->name == "archived");
    CHECK(archived->kind == FieldKind::flag);
    CHECK(schema.field(type, "archived") == archived);
  }
}

TEST_CASE("a broken record file is refused with its file and line") {
  CHECK(error_of("id = ").starts_with("records/thing.toml line 1: "));
  CHECK(contains(error_of(thing(field("text", "review"), "colour = \"red\"\n")), "colour"));
  CHECK(contains(error_of(thing(field("text", "review", ", colour = 1"))), "line 11: the key colour"));
  CHECK(contains(error_of(thing("{ id = 16, name = \"a\" },\n")), "lacks label"));
  CHECK(contains(error_of(thing("7,\n")), "fields is a list of tables"));
  CHECK(contains(error_of("id = 9\nname = \"thing\"\nlabel = \"T\"\nplural = \"T\"\ntitle = [\"a\"]\n"),
                 "lacks section"));
  CHECK(contains(error_of(thing(field("text", "review", ", search = \"yes\""))), "search is true or false"));
  CHECK(contains(error_of(thing(field("text", "review", ", rows = 1.5"))), "rows is a whole number"));
  CHECK(contains(error_of(thing(field("novel", "review"))), "kind is none"));
  CHECK(contains(error_of(thing(field("text", "newest"))), "policy is none"));
  CHECK(contains(error_of(thing(field("text", "review", "", 70'000))), "id is a number"));
  const auto misnamed = thing(field("text", "review"));
  const auto elsewhere = Schema::parse({{"records/other.toml", misnamed}});
  REQUIRE_FALSE(elsewhere.has_value());
  CHECK(contains(elsewhere.error().detail, "called after the type"));
}

TEST_CASE("a field without policy or sensitivity is refused") {
  CHECK(contains(error_of(thing("{ id = 16, name = \"a\", label = \"A\", kind = \"text\", sensitivity = \"S1\" },\n")),
                 "lacks policy"));
  CHECK(contains(error_of(thing("{ id = 16, name = \"a\", label = \"A\", kind = \"text\", policy = \"review\" },\n")),
                 "lacks sensitivity"));
}

TEST_CASE("a field whose policy does not fit its kind is refused") {
  const auto refused = [](std::string_view kind, std::string_view policy, std::string_view more = "") {
    return error_of(thing(field(kind, policy, more)));
  };
  CHECK(contains(refused("text", "protective"), "order"));
  CHECK(contains(refused("text", "protective", ", order = \"highest\""), "order"));
  CHECK(contains(refused("flag", "protective", ", order = \"rank\""), "order"));
  CHECK(contains(refused("integer", "steps", ", order = \"highest\""), "steps go by the rank"));
  CHECK(contains(refused("integer", "review", ", order = \"highest\""), "have an order"));
  CHECK(contains(refused("code", "review"), "code list"));
  CHECK(contains(refused("text", "review", ", list = \"levels\""), "code list"));
  CHECK(contains(refused("code", "review", ", list = \"colours\""), "no code list colours"));
  CHECK(contains(refused("text", "review", ", several = true"), "several values"));
  CHECK(contains(refused("date", "review", ", search = true"), "only text can be searched"));
  CHECK(contains(refused("text", "review", ", min = 1"), "only numbers"));
  CHECK(contains(refused("integer", "review", ", min = 2, max = 1"), "least value"));
}

TEST_CASE("a reference names the record types that it may point to") {
  CHECK(parse(thing(field("reference", "review", ", to = [\"thing\"]"))).has_value());
  CHECK(contains(error_of(thing(field("reference", "review"))), "exactly fields of kind reference"));
  CHECK(contains(error_of(thing(field("text", "review", ", to = [\"thing\"]"))), "exactly fields of kind reference"));
  CHECK(contains(error_of(thing(field("reference", "review", ", to = [\"unicorn\"]"))), "unknown record type unicorn"));
  CHECK(contains(error_of(thing(field("reference", "review", ", to = [7]"))), "a list of texts"));
  const auto outside = thing(field("reference", "review", ", to = [\"inner\"]"), "in_case = false\n");
  auto inner = thing(field("text", "review"));
  inner.replace(inner.find("id = 9"), 6, "id = 8").replace(inner.find("\"thing\""), 7, "\"inner\"");
  const auto schema = Schema::parse({{"records/thing.toml", outside}, {"records/inner.toml", inner}});
  REQUIRE_FALSE(schema.has_value());
  CHECK(contains(schema.error().detail, "from outside of the cases into one"));
}

TEST_CASE("a compartment is taken from the record type, and holds safety-critical fields only") {
  const auto place = [](std::string_view level, std::string_view more) {
    return "{ id = 16, name = \"a\", label = \"A\", kind = \"text\", policy = \"review\", sensitivity = \"" +
           std::string(level) + "\"" + std::string(more) + " },\n";
  };
  const auto compartment = [](const Result<Schema>& schema) {
    REQUIRE(schema.has_value());
    return schema->type("thing")->field("a")->compartment;
  };
  CHECK(compartment(parse(thing(place("S3", "")))) == Compartment::none);
  CHECK(compartment(parse(thing(place("S3", ", compartment = \"location\"")))) == Compartment::location);
  CHECK(compartment(parse(thing(place("S4", ""), "compartment = \"perpetrator\"\n"))) == Compartment::perpetrator);
  CHECK(contains(error_of(thing(place("S3", ", compartment = \"attic\""))), "compartment is none"));
  CHECK(contains(error_of(thing(place("S1", ", compartment = \"location\""))), "S3 and S4 only"));
  CHECK(contains(error_of(thing(place("S3", ", compartment = \"location\""), "in_case = false\n")), "only cases have compartments"));
  CHECK(contains(error_of(thing(place("S4", ", compartment = \"location\""), "compartment = \"perpetrator\"\n")),
                 "another compartment"));
  CHECK(contains(error_of(thing(place("S3", ", compartment = \"location\", required = \"to_save\""))),
                 "could not save"));
}

TEST_CASE("a record type without help, group or a known title is refused") {
  const auto without = [](std::string_view line, std::string_view instead = "") {
    auto type = thing(field("text", "review"));
    return error_of(type.replace(type.find(line), line.size(), instead));
  };
  CHECK(contains(without("help = \"A thing.\"\n"), "has no help"));
  CHECK(contains(without("group = \"Test\"\n"), "has no group"));
  CHECK(contains(without("title = [\"a\"]", "title = [\"b\"]"), "unknown field b"));
  CHECK(contains(without("title = [\"a\"]", "title = [\"a\"]\nsubtitle = [\"c\"]"), "unknown field c"));
}

TEST_CASE("a field that serves instead of a needed one exists") {
  const auto refused = [](std::string_view more) { return error_of(thing(field("text", "review", more))); };
  CHECK(contains(refused(", required = \"to_save\", or = \"b\""), "no other field is called b"));
  CHECK(contains(refused(", required = \"to_save\", or = \"a\""), "no other field is called a"));
  CHECK(contains(refused(", or = \"b\""), "not needed"));
}

TEST_CASE("a code list that no field offers is found") {
  const auto used = parse(thing(field("code", "review", ", list = \"levels\"")));
  REQUIRE(used.has_value());
  CHECK(unused_code_lists(*used).empty());
  const auto unused = parse(thing(field("text", "review")));
  REQUIRE(unused.has_value());
  CHECK(unused_code_lists(*unused) == std::vector<std::string>{"levels"});
}

TEST_CASE("the newest value never decides a safety-critical field") {
  const std::string latest =
      "{ id = 16, name = \"a\", label = \"A\", kind = \"text\", policy = \"latest\", sensitivity = ";
  CHECK(parse(thing(latest + "\"S2\" },\n")).has_value());
  CHECK(contains(error_of(thing(latest + "\"S3\" },\n")), "safety-critical"));
  CHECK(contains(error_of(thing(latest + "\"S4\" },\n")), "safety-critical"));
}

TEST_CASE("protective and steps fields refuse a code list without ranks") {
  const auto type = thing(field("code", "protective", ", list = \"plain\", order = \"rank\""));
  const auto schema = Schema::parse(
      {{"records/thing.toml", type}, {"codelists/plain.csv", "name,code,label,source\nplain,A,A,test\n"}});
  REQUIRE_FALSE(schema.has_value());
  CHECK(contains(schema.error().detail, "lacks ranks"));
}

TEST_CASE("ids and names are used once, and 1 to 15 belong to the system") {
  CHECK(contains(error_of(thing(field("text", "review") + field("text", "review", "", 17))), "name is used twice"));
  const std::string other =
      "{ id = 16, name = \"b\", label = \"B\", kind = \"text\", policy = \"review\", sensitivity = \"S1\" },\n";
  CHECK(contains(error_of(thing(field("text", "review") + other)), "id is used twice"));
  CHECK(contains(error_of(thing(field("text", "review", "", 15))), "system fields"));
}

TEST_CASE("a broken code list is refused with its file and line") {
  const auto refused = [](std::string_view csv) {
    const auto schema = Schema::parse({{"codelists/levels.csv", csv}});
    REQUIRE_FALSE(schema.has_value());
    return schema.error().detail;
  };
  CHECK(contains(refused(""), "lacks its heads"));
  CHECK(contains(refused("name,code,label\nlevels,A,A\n"), "lacks the column source"));
  CHECK(contains(refused("name,code,label,source\nlevels,A,A\n"), "line 2"));
  CHECK(contains(refused("name,code,label,source\nlevels,A,A,s\nother,B,B,s\n"), "line 3: names another list"));
  CHECK(contains(refused("name,code,label,rank,source\nlevels,A,A,first,s\n"), "rank is a whole number"));
  CHECK(contains(refused("name,code,label,source\nlevels,A,A,s\nlevels,A,B,s\n"), "stands twice"));
  CHECK(contains(refused("name,code,label,source\nother,A,A,s\n"), "called after the list"));
  CHECK(contains(refused("name,code,label,source\nlevels,A,A,\n"), "names no source"));
  CHECK(contains(refused("name,code,label,source\n\"levels"), "line 2"));
}

TEST_CASE("the ledger of field ids catches an id that is changed, reused or missing") {
  const auto schema = parse(thing(field("text", "review")));
  REQUIRE(schema.has_value());
  const std::string head = "type_id,type,id,name,kind,policy,order,since\n";
  CHECK(compare_with_ledger(*schema, head + "9,thing,16,a,text,review,none,0.1.0\n").empty());
  CHECK(compare_with_ledger(*schema,
                            head + "9,thing,16,a,text,review,none,0.1.0\n9,thing,17,gone,text,review,none,0.1.0\n")
            .empty());
  const auto findings = [&](std::string_view rows) { return compare_with_ledger(*schema, head + std::string(rows)); };
  CHECK(contains(findings("").at(0), "missing in field_ids.csv"));
  CHECK(contains(findings("9,thing,16,b,text,review,none,0.1.0\n").at(0), "never change"));
  CHECK(contains(findings("9,thing,16,a,long_text,review,none,0.1.0\n").at(0), "never change"));
  CHECK(contains(findings("9,thing,16,a,text,latest,none,0.1.0\n").at(0), "never change"));
  CHECK(contains(findings("9,other,16,a,text,review,none,0.1.0\n").at(0), "gives type id 9 to other"));
  const std::string twice = "9,thing,16,a,text,review,none,0.1.0\n";
  CHECK(contains(findings(twice + twice).at(0), "id used twice"));
  CHECK(contains(findings(twice + "9,thing,17,a,text,review,none,0.1.0\n").at(0), "name used for two ids"));
  CHECK(contains(findings("9,thing,16,a,text\n").at(0), "eight cells"));
  CHECK(contains(compare_with_ledger(*schema, "type,id\n").at(0), "other columns"));
}

TEST_CASE("rank_of puts the more protective value higher under each order") {
  const auto ranked = [](std::string_view kind, std::string_view order, const Value& low, const Value& high) {
    const auto list = kind == "code" ? ", list = \"levels\"" : "";
    const auto more = std::string(list) + ", order = \"" + std::string(order) + "\"";
    const auto schema = parse(thing(field(kind, "protective", more)));
    REQUIRE(schema.has_value());
    const auto& a = *schema->type("thing")->field("a");
    const Value alien = RawValue{"\x63"};
    return rank_of(a, low) < rank_of(a, high) && rank_of(a, high) < rank_of(a, alien);
  };
  CHECK(ranked("code", "rank", Code{"LOW"}, Code{"HIGH"}));
  CHECK(ranked("flag", "true>false", false, true));
  CHECK(ranked("flag", "false>true", true, false));
  CHECK(ranked("integer", "highest", std::int64_t{-3}, std::int64_t{12}));
  CHECK(ranked("date", "highest", Date{"2025-12-31"}, Date{"2026-01-01"}));
  CHECK(ranked("date", "earliest", Date{"2026-01-01"}, Date{"2025-12-31"}));
  CHECK(ranked("time", "earliest", Instant{2}, Instant{1}));
}

TEST_CASE("a code that the list does not know protects most") {
  const auto* level = current().type("risk_assessment")->field("level");
  CHECK(rank_of(*level, Code{"HIGH"}) > rank_of(*level, Code{"MEDIUM"}));
  CHECK(rank_of(*level, Code{"SEVERE"}) > rank_of(*level, Code{"HIGH"}));
}

TEST_CASE("TOML that opens nothing is told with its line, and ends no program") {
  for (const std::string_view text : {"[[[", "[[[\n", "a = 1\n[[[b]]]\n", "[[ [", "[=", "[.", "[ #", "= 1", ".a = 1", "[[=]]", "[", "[[", "a", "a.", "a ="}) {
    INFO(text);
    const auto read = schema::read_toml("pack.toml", text);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == Errc::bad_input);
    CHECK(read.error().detail.starts_with("pack.toml line "));
  }
}
