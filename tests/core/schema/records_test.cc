#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "core/schema/describe.h"
#include "core/schema/lint.h"
#include "core/schema/schema.h"

using namespace wayside;
using namespace wayside::schema;

namespace {

std::string_view builtin_file(std::string_view path) {
  for (const auto& file : builtin_files()) {
    if (file.path == path) return file.text;
  }
  FAIL("not embedded: " << path);
  return {};
}

Policy policy(std::string_view type, std::string_view field) { return builtin().type(type)->field(field)->policy; }

}  // namespace

TEST_CASE("the schema that is built in is sound") {
  const auto loaded = load_builtin();
  INFO((loaded ? "" : loaded.error().detail));
  REQUIRE(loaded.has_value());
  CHECK(lint(builtin()).empty());
}

TEST_CASE("every field stands in the ledger of field ids as it is") {
  for (const auto& finding : compare_with_ledger(builtin(), builtin_file("field_ids.csv"))) FAIL_CHECK(finding);
}

TEST_CASE("the six record types have the ids that they keep for ever") {
  const std::vector<std::pair<std::string, TypeId>> expected{
      {"case", 1}, {"person", 2}, {"note", 3}, {"risk_assessment", 4}, {"support_plan", 5}, {"service", 6}};
  REQUIRE(builtin().types().size() == expected.size());
  for (const auto& [name, id] : expected) {
    REQUIRE(builtin().type(name) != nullptr);
    CHECK(builtin().type(name)->id == id);
  }
  CHECK_FALSE(builtin().type("service")->in_case);
  CHECK(builtin().type("person")->in_case);
}

TEST_CASE("the standard workload's fields merge as its mapping says") {
  for (const auto& field : builtin().type("person")->fields) {
    const auto expected = field.name == "language"       ? Policy::union_set
                          : field.name == "safe_contact" ? Policy::protective
                                                         : Policy::review;
    CHECK(field.policy == expected);
  }
  for (const auto& field : builtin().type("note")->fields) CHECK(field.policy == Policy::append);
  for (const auto& field : builtin().type("support_plan")->fields) CHECK(field.policy == Policy::review);
  for (const auto& field : builtin().type("risk_assessment")->fields) {
    CHECK(field.policy == (field.name == "level" ? Policy::protective : Policy::review));
  }
  for (const auto& field : builtin().type("service")->fields) CHECK(field.policy == Policy::desk);
  CHECK(policy("case", "status") == Policy::steps);
}

TEST_CASE("a contact that is never safe outranks every other rule") {
  const auto* rule = builtin().type("person")->field("safe_contact");
  for (const auto& entry : rule->list->entries) {
    if (entry.code != "NEVER") CHECK(rank_of(*rule, Code{entry.code}) < rank_of(*rule, Code{"NEVER"}));
  }
}

TEST_CASE("a risk assessment holds twenty-four flags, a score and a level") {
  const auto& fields = builtin().type("risk_assessment")->fields;
  CHECK(fields.size() == 26);
  CHECK(std::ranges::count(fields, FieldKind::flag, &Field::kind) == 24);
}

TEST_CASE("the listing of types names fields, code lists and policies") {
  const auto all = describe(builtin());
  CHECK(all["types"].size() == 6);
  CHECK(all["policies"].size() == 7);
  CHECK(all["code_lists"].contains("referral_source"));
  const auto person = describe(builtin(), builtin().type("person"));
  REQUIRE(person["types"].size() == 1);
  CHECK(person["code_lists"].contains("gender"));
  CHECK_FALSE(person["code_lists"].contains("referral_source"));
  const auto& forename = person["types"][0]["fields"][0];
  CHECK(forename["name"] == "forename");
  CHECK(forename["policy"] == "review");
  CHECK(forename["sensitivity"] == "S1");
  const auto risk = describe(builtin(), builtin().type("risk_assessment"));
  CHECK(risk["types"][0]["fields"][0]["order"] == "rank");
  CHECK(risk["code_lists"]["risk_level"][2]["rank"] == 3);
}
