#include "core/casework/counts_of_case.h"

#include <algorithm>
#include <array>

namespace wayside::casework {
namespace {

using rules::Answer;

struct Band {
  std::string_view code;
  int from, to;
};
constexpr std::array kBands{Band{"under_5", 0, 4},      Band{"5_to_10", 5, 10},     Band{"11_to_15", 11, 15},
                            Band{"16_17", 16, 17},      Band{"18_to_24", 18, 24},   Band{"25_to_34", 25, 34},
                            Band{"35_to_44", 35, 44},   Band{"45_to_54", 45, 54},   Band{"55_to_64", 55, 64}};

rules::Party party(const CaseFacts& facts, const RecordId& id) {
  rules::Party out;
  for (const auto* type : {"person", "child", "perpetrator"}) {
    for (const Fact& fact : facts.of(type)) {
      if (fact.id != id) continue;
      out.dob = fact.fields.day("dob");
      const auto code = fact.fields.text("age_band");
      const auto band = std::ranges::find(kBands, code, &Band::code);
      if (band != kBands.end()) out.age_at_least = band->from, out.age_at_most = band->to;
      if (code == "65_and_over") out.age_at_least = 65;
      return out;
    }
  }
  return out;
}

/// Two survivors, or a child and somebody, are related without one harming the other.
bool may_be_harmed(const Fact& relationship) {
  const auto a = relationship.fields.text("role_a");
  const auto b = relationship.fields.text("role_b");
  if (a == "child" || b == "child") return false;
  const auto harms = [](const std::string& role) { return role.empty() || role == "harmer" || role == "both_alleged"; };
  return harms(a) || harms(b);
}

std::optional<bool> related(const Fact& child) {
  bool none = true;
  const auto survivor = child.fields.texts("relation_to_survivor");
  const auto harmer = child.fields.texts("relation_to_harmer");
  if (survivor.empty() || harmer.empty()) none = false;
  for (const auto& list : {survivor, harmer}) {
    for (const auto& code : list) {
      if (code != "none" && code != "not_known") return true;
      none = none && code == "none";
    }
  }
  return none ? std::optional(false) : std::nullopt;
}

}  // namespace

CountsOfCase counts_of_case(const CaseFacts& facts, rules::Day on) {
  CountsOfCase out;
  for (const Fact& each : facts.of("relationship")) {
    const auto a = each.fields.records("person_a");
    const auto b = each.fields.records("person_b");
    if (a.empty() || b.empty() || !may_be_harmed(each)) continue;
    rules::Parties parties{party(facts, a.front()), party(facts, b.front()), {}, each.fields.flag("none_applies").value_or(false)};
    for (auto& code : each.fields.texts("connection")) parties.connections.insert(std::move(code));
    out.between.push_back({each.id, a.front(), b.front(), rules::counts_between(parties, on)});
  }
  if (!out.between.empty()) {
    out.answer = std::ranges::max_element(out.between, {}, [](const auto& each) { return each.verdict.answer; })->verdict.answer;
  }
  for (const Fact& child : facts.of("child")) {
    rules::ChildFacts asked;
    asked.dob = child.fields.day("dob");
    asked.age_at_most = party(facts, child.id).age_at_most;
    asked.experiences_abuse = child.fields.flag("experiences_abuse");
    asked.related_to_either = related(child);
    out.children.push_back({child.id, rules::child_counts(asked, out.answer, on)});
  }
  std::vector<rules::Day> incidents;
  for (const Fact& incident : facts.of("incident")) {
    if (const auto at = incident.fields.time_ms("at"); at && day_of_ms(*at) <= on) incidents.push_back(day_of_ms(*at));
  }
  out.repeat = rules::repeats(incidents);
  return out;
}

}  // namespace wayside::casework
