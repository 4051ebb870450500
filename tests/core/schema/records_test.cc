#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "core/schema/describe.h"
#include "core/schema/lint.h"
#include "core/schema/schema.h"
#include "core/schema/validate.h"

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

std::vector<std::string> names_of(const std::vector<const Field*>& fields) {
  std::vector<std::string> names;
  for (const auto* field : fields) names.push_back(field->name);
  return names;
}

Policy policy(std::string_view type, std::string_view field) { return current().type(type)->field(field)->policy; }

}  // namespace

TEST_CASE("the schema that is built in is sound") {
  const auto loaded = load_builtin();
  INFO((loaded ? "" : loaded.error().detail));
  REQUIRE(loaded.has_value());
  CHECK(lint(current()).empty());
}

TEST_CASE("every field stands in the ledger of field ids as it is") {
  for (const auto& finding : compare_with_ledger(current(), builtin_file("field_ids.csv"))) FAIL_CHECK(finding);
}

TEST_CASE("every record type has the id that it keeps for ever") {
  const std::vector<std::pair<std::string, TypeId>> expected{
      {"case", 1}, {"person", 2}, {"note", 3}, {"risk_assessment", 4}, {"support_plan", 5}, {"service", 6},
      {"unit", 7}, {"vacancy", 8}, {"unit_outage", 9}, {"organisation", 10}, {"fund_pot", 11}, {"child", 12},
      {"trusted_adult", 13}, {"household", 14}, {"household_member", 15}, {"pet", 16}, {"relationship", 17},
      {"contact_method", 18}, {"risk_answer", 19}, {"safety_plan", 20}, {"safety_plan_item", 21},
      {"self_harm_alert", 22}, {"need", 23}, {"plan_action", 24}, {"session_attendance", 25}, {"help_seeking", 26},
      {"referral", 27}, {"stay", 28}, {"homelessness_action", 29}, {"tenancy_risk", 30}, {"sanctuary_request", 31},
      {"sanctuary_measure", 32}, {"managed_move", 33}, {"move_offer", 34}, {"option_offered", 35},
      {"fund_request", 36}, {"equipment_loan", 37}, {"benefit_check", 38}, {"immigration_status", 39},
      {"incident", 40}, {"order", 41}, {"order_breach", 42}, {"hearing", 43}, {"contact_arrangement", 44},
      {"marac", 45}, {"marac_action", 46}, {"dvds", 47}, {"perpetrator", 48}, {"perpetrator_action", 49},
      {"consent", 50}, {"hold", 51}, {"interpreter_need", 52}, {"interpreter_booking", 53}, {"equality", 54},
      {"feedback", 55}, {"task", 56}, {"appointment", 57}, {"check_in", 58}, {"attachment", 59}, {"person_link", 60},
      {"assignment", 61},
  };
  REQUIRE(current().types().size() == expected.size());
  for (const auto& [name, id] : expected) {
    INFO(name);
    REQUIRE(current().type(name) != nullptr);
    CHECK(current().type(name)->id == id);
  }
}

TEST_CASE("only the directory stands in the organisation's ledger, and in a team's own what holds ids alone") {
  const std::set<std::string> outside{"service", "unit", "vacancy", "unit_outage", "organisation", "fund_pot", "assignment"};
  for (const auto& type : current().types()) {
    INFO(type.name);
    CHECK(type.in_case == !outside.contains(type.name));
    // What every team reads is decided by a desk, and holds nothing about a survivor.
    if (type.in_case) continue;
    CHECK(type.in_team == (type.name == "assignment"));
    if (type.in_team) continue;
    for (const auto& field : type.fields) {
      INFO(field.name);
      CHECK((field.policy == Policy::desk || field.name == "advice_log"));
      CHECK(field.sensitivity <= (field.name == "safe_zones" ? Sensitivity::s3 : Sensitivity::s1));
    }
  }
}

TEST_CASE("the standard workload's fields merge as its mapping says") {
  // Ids of its columns; fields that were added later follow their own rules.
  const auto own = [](std::string_view type, FieldId last) {
    std::vector<Field> fields = current().type(type)->fields;
    std::erase_if(fields, [&](const Field& field) { return field.id > last; });
    REQUIRE(fields.size() == last - kFirstOwnField + 1);
    return fields;
  };
  for (const auto& field : own("person", 30)) {
    const auto expected = field.name == "language"       ? Policy::union_set
                          : field.name == "safe_contact" ? Policy::protective
                                                         : Policy::review;
    CHECK(field.policy == expected);
  }
  for (const auto& field : own("note", 19)) CHECK(field.policy == Policy::append);
  for (const auto& field : own("support_plan", 23)) CHECK(field.policy == Policy::review);
  for (const auto& field : own("risk_assessment", 41)) {
    CHECK(field.policy == (field.name == "level" ? Policy::protective : Policy::review));
  }
  for (const auto& field : current().type("service")->fields) CHECK(field.policy == Policy::desk);
  CHECK(policy("case", "status") == Policy::steps);
}

TEST_CASE("what the standard workload leaves empty is not needed to save") {
  for (const auto& [name, last] : std::vector<std::pair<std::string, FieldId>>{
           {"case", 25}, {"person", 30}, {"note", 19}, {"risk_assessment", 41}, {"support_plan", 23}}) {
    for (const auto& field : current().type(name)->fields) {
      INFO(name << "." << field.name);
      if (field.id > last) CHECK(field.required != Required::to_save);
    }
  }
}

TEST_CASE("a contact that is never safe outranks every other rule") {
  const auto* rule = current().type("person")->field("safe_contact");
  for (const auto& entry : rule->list->entries) {
    if (entry.code != "NEVER") CHECK(rank_of(*rule, Code{entry.code}) < rank_of(*rule, Code{"NEVER"}));
  }
}

TEST_CASE("a risk assessment holds the twenty-four flags of the standard workload") {
  CHECK(std::ranges::count(current().type("risk_assessment")->fields, FieldKind::flag, &Field::kind) == 24);
}

TEST_CASE("the directory has the field names that scripts and the matching rules rely on") {
  const auto check = [](std::string_view type, std::string_view names) {
    std::istringstream words{std::string(names)};
    std::size_t count = 0;
    for (std::string name; words >> name; ++count) {
      INFO(type << "." << name);
      CHECK(current().type(type)->field(name) != nullptr);
    }
    return count;
  };
  CHECK(check("service",
              "name provider funder kind accommodation_type specialism exclusive_to area_la safe_zones units unit_type "
              "wheelchair_units step_free ground_floor adapted_bathroom sensory_alarms carers_admitted "
              "largest_family_size family_size_counts_adults sons_max_age_certain sons_max_age_possible accepts_sex "
              "nrpf nrpf_funder pets pets_units overnight_security quality_standards accepts_origin tenures_served "
              "landlords_served risk_levels_served ethnicities_served ethnicities_excluded origins_served "
              "languages_served needs_specialist_case weekly_rent_pence service_charge_pence "
              "personal_contribution_pence housing_benefit_eligible out_of_hours_admission on_call_number "
              "immediate_high_risk open_from open_until self_declared_ready") == 47);
  CHECK(check("unit", "service beds wheelchair step_free sons_max_age pets state shares_access_with single_sex_shared "
                      "occupant_sex") == 10);
  CHECK(current().type("unit")->fields.size() == 10);
}

TEST_CASE("an enquiry may be saved without a name, and needs one to be opened fully") {
  const auto& person = *current().type("person");
  CHECK(missing(person, {}, Required::to_save).empty());
  const auto names = names_of(missing(person, {}, Required::to_send));
  CHECK(names == std::vector<std::string>{"forename", "safe_contact"});
  CHECK(std::ranges::count(names_of(missing(person, {}, Required::to_close)), "dob") == 1);
}

TEST_CASE("a sanctuary request is saved early, sent when it is safe to act on, and closed when the works are done") {
  const auto& type = *current().type("sanctuary_request");
  const std::vector<FieldId> started{type.field("purpose")->id};
  CHECK(missing(type, started, Required::to_save).empty());
  const auto to_send = names_of(missing(type, started, Required::to_send));
  for (const auto* name : {"her_choice", "safe_to_remain", "permission", "right_to_occupy", "perpetrator_out"}) {
    CHECK(std::ranges::count(to_send, name) == 1);
  }
  CHECK(std::ranges::count(to_send, "completed") == 0);
  CHECK(std::ranges::count(names_of(missing(type, started, Required::to_close)), "completed") == 1);
}

TEST_CASE("of two answers on permission the no counts, whoever wrote it") {
  for (const auto* name : {"share_contact", "share_risk", "share_housing", "share_health", "share_children"}) {
    const auto* field = current().type("consent")->field(name);
    REQUIRE(field != nullptr);
    CHECK(field->policy == Policy::protective);
    CHECK(rank_of(*field, false) > rank_of(*field, true));
  }
  const auto* decision = current().type("consent")->field("decision");
  for (const auto* stronger : {"REFUSED", "WITHDRAWN"}) {
    CHECK(rank_of(*decision, Code{stronger}) > rank_of(*decision, Code{"GIVEN"}));
    CHECK(rank_of(*decision, Code{stronger}) > rank_of(*decision, Code{"OVERRIDE"}));
  }
}

TEST_CASE("rival ends of a referral, a permission and a task are equally far along") {
  const auto rank = [](std::string_view type, std::string_view field, std::string_view code) {
    return rank_of(*current().type(type)->field(field), Code{std::string(code)});
  };
  for (const auto* end : {"DECLINED", "REFUSED", "WITHDRAWN"}) {
    CHECK(rank("referral", "outcome", end) == rank("referral", "outcome", "PLACED"));
    CHECK(rank("referral", "outcome", end) > rank("referral", "outcome", "ACCEPTED"));
  }
  CHECK(rank("referral", "outcome", "NO_REPLY") < rank("referral", "outcome", "WAITING"));
  CHECK(rank("sanctuary_request", "permission", "given") == rank("sanctuary_request", "permission", "refused"));
  CHECK(rank("task", "status", "cancelled") == rank("task", "status", "moved"));
  CHECK(rank("task", "status", "done") > rank("task", "status", "cancelled"));
}

TEST_CASE("all of a perpetrator's record and every place where somebody is safe stand in a compartment") {
  for (const auto* name : {"perpetrator", "perpetrator_action"}) {
    for (const auto& field : current().type(name)->fields) {
      INFO(name << "." << field.name);
      CHECK(field.compartment == Compartment::perpetrator);
      CHECK(field.sensitivity == Sensitivity::s4);
    }
  }
  const std::vector<std::pair<std::string, std::string>> places{
      {"person", "address"}, {"person", "town"}, {"person", "postcode"}, {"person", "previous_addresses"},
      {"child", "address"}, {"child", "school"}, {"safety_plan", "where_to_go"}, {"stay", "location"},
      {"contact_arrangement", "handover_place"}, {"note", "place"}, {"appointment", "place"}};
  for (const auto& [type, field] : places) {
    INFO(type << "." << field);
    CHECK(current().type(type)->field(field)->compartment == Compartment::location);
  }
  CHECK(current().type("person")->field("phone")->compartment == Compartment::none);
}

TEST_CASE("every code list is offered by a field") {
  for (const auto& name : unused_code_lists(current())) FAIL_CHECK(name);
}

TEST_CASE("labels fit a form: short, and in sentence case") {
  for (const auto& type : current().types()) {
    for (const auto& field : type.fields) {
      INFO(type.name << "." << field.name);
      CHECK(field.label.size() <= 50);
      CHECK((field.label.front() < 'a' || field.label.front() > 'z'));
      CHECK(field.label.back() != '.');
      if (!field.help.empty()) CHECK((field.help.back() == '.' || field.help.back() == '?'));
    }
  }
}

TEST_CASE("the listing of types names fields, code lists and policies") {
  const auto all = describe(current());
  CHECK(all["types"].size() == current().types().size());
  CHECK(all["policies"].size() == 7);
  CHECK(all["code_lists"].contains("referral_source"));
  const auto person = describe(current(), current().type("person"));
  REQUIRE(person["types"].size() == 1);
  CHECK(person["code_lists"].contains("gender"));
  CHECK_FALSE(person["code_lists"].contains("referral_source"));
  const auto& forename = person["types"][0]["fields"][0];
  CHECK(forename["name"] == "forename");
  CHECK(forename["policy"] == "review");
  CHECK(forename["sensitivity"] == "S1");
  const auto risk = describe(current(), current().type("risk_assessment"));
  CHECK(risk["types"][0]["fields"][0]["order"] == "rank");
  CHECK(risk["code_lists"]["risk_level"][2]["rank"] == 3);
  const auto child = describe(current(), current().type("contact_arrangement"))["types"][0];
  CHECK(child["group"] == "Law and police");
  CHECK_FALSE(child["help"].get<std::string>().empty());
  CHECK(child["fields"][0]["to"] == nlohmann::json{"child"});
  CHECK(child["fields"][4]["compartment"] == "location");
  CHECK_FALSE(child["fields"][0].contains("compartment"));
}
