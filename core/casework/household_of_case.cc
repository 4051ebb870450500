#include "core/casework/household_of_case.h"

#include <algorithm>

#include "core/casework/rules/adapters.h"

namespace wayside::casework {
namespace {

using rules::Day;
using rules::Household;
using rules::KnownPerson;
using rules::Member;

bool is_child_of_survivor(const Fact& child) {
  const auto relations = child.fields.texts("relation_to_survivor");
  return std::ranges::any_of(relations, [](const std::string& code) { return code == "child" || code == "stepchild"; });
}

std::vector<KnownPerson> people_of(const CaseFacts& facts) {
  std::vector<KnownPerson> out;
  for (const Fact& person : facts.of("person")) {
    KnownPerson known{person.key(), rules::sex_from(person.fields.text("gender")), person.fields.day("dob"), std::nullopt, {}};
    // The first person of a case is the survivor.
    if (out.empty()) {
      for (const Fact& child : facts.of("child")) {
        if (is_child_of_survivor(child)) known.children.push_back(child.key());
      }
    }
    out.push_back(std::move(known));
  }
  for (const Fact& child : facts.of("child")) {
    out.push_back({child.key(), rules::sex_from(child.fields.text("sex")), child.fields.day("dob"), std::nullopt, {}});
  }
  return out;
}

Member member_of(const KnownPerson& person, Day on) {
  Member out{person.sex, person.age};
  if (person.dob) out.age = rules::age_on(*person.dob, on);
  return out;
}

/// Nobody has written who lives together: everybody of the case.
Household everybody(const CaseFacts& facts, const std::vector<KnownPerson>& people, Day on) {
  Household out;
  for (std::size_t i = 0; i < people.size(); ++i) {
    auto& list = i < facts.of("person").size() ? out.adults : out.children;
    list.push_back(member_of(people[i], on));
  }
  return out;
}

std::string household_key(const CaseFacts& facts, const std::vector<rules::HouseholdMember>& rows) {
  const auto survivor = std::ranges::find(rows, "survivor", &rules::HouseholdMember::role);
  if (survivor != rows.end()) return survivor->household;
  const auto& households = facts.of("household");
  return households.empty() ? std::string() : households.front().key();
}

std::vector<std::string> gathered(const CaseFacts& facts, std::initializer_list<std::string_view> types, std::string_view field) {
  std::vector<std::string> out;
  for (const auto type : types) {
    for (const Fact& fact : facts.of(type)) {
      for (auto& text : fact.fields.texts(field)) {
        if (std::ranges::find(out, text) == out.end()) out.push_back(std::move(text));
      }
    }
  }
  return out;
}

std::vector<std::string> open_needs(const CaseFacts& facts) {
  std::vector<std::string> out;
  for (const Fact& need : facts.of("need")) {
    const auto status = need.fields.text("status");
    if (status == "met" || status == "declined") continue;
    out.push_back(need.fields.text("category"));
  }
  return out;
}

}  // namespace

Result<HouseholdOfCase> household_of_case(const CaseFacts& facts, Day on) {
  std::vector<rules::HouseholdMember> rows;
  for (const Fact& member : facts.of("household_member")) {
    if (auto row = rules::household_member_from(member.fields)) rows.push_back(*std::move(row));
  }
  const auto people = people_of(facts);
  HouseholdOfCase out;
  const auto key = household_key(facts, rows);
  out.record = id_from_text<RecordId>(key);
  if (rows.empty()) {
    out.household = everybody(facts, people, on);
  } else {
    WAYSIDE_TRY(auto at, rules::household_at(key, rows, people, on));
    out.members = std::move(at.members);
    out.household = std::move(at.household);
  }
  for (const Fact& pet : facts.of("pet")) {
    const auto homes = pet.fields.records("household");
    if (out.record && std::ranges::find(homes, *out.record) == homes.end()) continue;
    out.household.pets.push_back({pet.fields.text("kind"), static_cast<int>(pet.fields.number("count").value_or(1))});
  }
  return out;
}

Result<Household> household_to_match(const CaseFacts& facts, std::string_view risk_level, Day on) {
  WAYSIDE_TRY(auto found, household_of_case(facts, on));
  Household out = std::move(found.household);
  const auto& person = facts.first("person");
  const auto& home = facts.first("household");
  for (const Fact& status : facts.of("immigration_status")) out.nrpf = out.nrpf || status.fields.flag("nrpf").value_or(false);
  const auto access = gathered(facts, {"person"}, "access_needs");
  out.wheelchair = std::ranges::find(access, "wheelchair") != access.end();
  out.overnight_security = home.flag("overnight_security").value_or(false);
  out.needs = open_needs(facts);
  out.unsafe_areas = gathered(facts, {"person", "child"}, "unsafe_areas");
  out.perpetrator_areas = gathered(facts, {"perpetrator"}, "areas");
  out.origin_la = facts.own().text("area_of_origin");
  out.tenure = home.text("tenure");
  out.landlord = home.text("landlord");
  out.in_work = person.flag("in_work");
  out.ethnicity = person.text("ethnicity");
  if (const auto& equality = facts.first("equality"); !equality.text("ethnicity").empty()) out.ethnicity = equality.text("ethnicity");
  out.country_of_birth = person.text("country_of_birth");
  out.languages = person.texts("language");
  if (risk_level != "NOT_ASSESSED") out.risk = std::string(risk_level);
  out.on_date = on;
  return out;
}

}  // namespace wayside::casework
