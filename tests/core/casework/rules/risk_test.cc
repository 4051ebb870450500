#include "core/casework/rules/risk.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/support/read_file.h"

using namespace wayside;
using namespace wayside::casework::rules;

namespace {

Day day(std::string_view text) { return day_of(text).value(); }

QuestionnairePack pack_of(int questions, int medium = 10, int high = 14) {
  QuestionnairePack out{"p", "1", "t", "s", {}, medium, high, 3};
  for (int i = 0; i < questions; ++i) out.questions.push_back({"q" + std::to_string(i), "?", true});
  return out;
}

RiskInput with(int ticks, int noes = 0, int unknown = 0) {
  RiskInput out;
  int next = 0;
  const auto answer = [&](int count, RiskAnswer given) {
    for (; count > 0; --count) out.answers["q" + std::to_string(next++)] = given;
  };
  answer(ticks, RiskAnswer::yes);
  answer(noes, RiskAnswer::no);
  answer(unknown, RiskAnswer::dont_know);
  return out;
}

RiskScore scored(const RiskInput& input, const QuestionnairePack& pack = pack_of(24)) {
  const auto out = score(pack, input);
  REQUIRE(out.has_value());
  return *out;
}

bool says(const RiskScore& score, std::string_view words) {
  return std::ranges::any_of(score.reasons,
                             [&](const Reason& reason) { return reason.sentence.find(words) != std::string::npos; });
}

Assessment assessment(std::string id, RiskLevel level, std::set<std::string> has_seen = {}) {
  Assessment out;
  out.id = std::move(id);
  out.level = level;
  out.has_seen = std::move(has_seen);
  out.assessed_by = "Amina";
  return out;
}

RiskLevel effective(const std::vector<Assessment>& all) {
  const auto out = effective_risk(all);
  REQUIRE(out.has_value());
  return out->level;
}

std::string demonstration() { return wayside::support::read_file(WAYSIDE_DEMONSTRATION_PACK); }

std::string changed(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("the thresholds of the pack decide the level by count") {
  CHECK(scored(with(9, 15)).by_count == RiskLevel::standard);
  CHECK(scored(with(10, 14)).by_count == RiskLevel::medium);
  CHECK(scored(with(13, 11)).by_count == RiskLevel::medium);
  CHECK(scored(with(14, 10)).by_count == RiskLevel::high);
  CHECK(scored(with(5, 19), pack_of(24, 3, 5)).by_count == RiskLevel::high);
}

TEST_CASE("what was not asked never counts as no") {
  const auto score = scored(with(9));
  CHECK(score.not_asked == 15);
  CHECK(score.noes == 0);
  CHECK(says(score, "15 not asked"));
  CHECK(says(score, "could be higher"));
  CHECK(scored(with(0)).level == RiskLevel::not_assessed);
  auto noted = with(9);
  noted.answers["q20"] = RiskAnswer::not_asked;
  CHECK(scored(noted).not_asked == 15);
  CHECK_FALSE(says(scored(with(9, 15)), "not asked"));
}

TEST_CASE("an unscored question is no tick") {
  auto pack = pack_of(4, 1, 3);
  pack.questions[0].scored = false;
  CHECK(scored(with(3), pack).ticks == 2);
}

TEST_CASE("judgement raises and never lowers") {
  auto input = with(12, 9);
  input.judgement = {RiskLevel::high, "strangled; escalating"};
  auto score = scored(input);
  CHECK(score.by_count == RiskLevel::medium);
  CHECK(score.level == RiskLevel::high);
  CHECK(score.criteria == std::set{MaracCriterion::professional_judgement});
  input.judgement.level = RiskLevel::standard;
  score = scored(input);
  CHECK(score.level == RiskLevel::medium);
  CHECK(says(score, "never lower it"));
}

TEST_CASE("each of the four criteria is enough for MARAC") {
  CHECK(scored(with(13, 11)).criteria.empty());
  CHECK(scored(with(14, 10)).criteria == std::set{MaracCriterion::visible_high});
  auto input = with(1, 23);
  input.incidents_in_12_months = 2;
  CHECK(scored(input).criteria.empty());
  input.incidents_in_12_months = 3;
  CHECK(scored(input).criteria == std::set{MaracCriterion::escalation});
  input.incidents_in_12_months = 0;
  input.last_marac_referral = day("2025-06-01");
  CHECK(scored(input).criteria.empty());
  input.newest_incident = day("2026-06-01");
  CHECK(scored(input).criteria == std::set{MaracCriterion::repeat});
  input.newest_incident = day("2026-06-02");
  CHECK(scored(input).criteria.empty());
}

TEST_CASE("a repeat lies within 12 calendar months, the day itself included, and never before the first") {
  CHECK(repeats_within_12_months(day("2024-02-29"), day("2025-02-28")));
  CHECK_FALSE(repeats_within_12_months(day("2024-02-29"), day("2025-03-01")));
  CHECK_FALSE(repeats_within_12_months(day("2025-02-28"), day("2024-12-01")));
  CHECK_FALSE(repeats_within_12_months(std::nullopt, day("2024-12-01")));
  CHECK(repeat_flag_until(day("2025-06-01")) == day("2026-06-01"));
}

TEST_CASE("answers that fit no question and judgements without a reason are refused") {
  auto input = with(1);
  input.answers["q99"] = RiskAnswer::no;
  CHECK_FALSE(score(pack_of(24), input).has_value());
  input = with(1);
  input.judgement.level = RiskLevel::high;
  CHECK_FALSE(score(pack_of(24), input).has_value());
  input = with(1);
  input.incidents_in_12_months = -1;
  CHECK_FALSE(score(pack_of(24), input).has_value());
}

TEST_CASE("the most protective assessment that nobody has superseded counts") {
  CHECK(effective({}) == RiskLevel::not_assessed);
  const auto high = assessment("a", RiskLevel::high);
  auto lower = assessment("b", RiskLevel::medium, {"a"});
  CHECK(effective({high, lower}) == RiskLevel::high);  // no reason, no second person
  lower.lowering_reason = "he is in prison";
  CHECK(effective({high, lower}) == RiskLevel::high);
  lower.second_person = "Amina";
  CHECK(effective({high, lower}) == RiskLevel::high);  // nobody is her own second person
  lower.second_person = "Ben";
  CHECK(effective({high, lower}) == RiskLevel::medium);
  lower.full = false;
  CHECK(effective({high, lower}) == RiskLevel::high);
  lower.full = true;
  lower.has_seen.clear();
  CHECK(effective({high, lower}) == RiskLevel::high);  // written beside the higher one, not after it
  CHECK(effective({assessment("a", RiskLevel::standard), assessment("b", RiskLevel::high, {"a"})}) == RiskLevel::high);
}

TEST_CASE("a lowered level rises again when somebody who had not seen the lowering finds it high") {
  auto lower = assessment("b", RiskLevel::standard, {"a"});
  lower.lowering_reason = "moved away";
  lower.second_person = "Ben";
  CHECK(effective({assessment("a", RiskLevel::high), lower, assessment("c", RiskLevel::high, {"a"})}) ==
        RiskLevel::high);
}

TEST_CASE("more assessments, in any order, protect no less unless one lowers by the rule") {
  std::vector<Assessment> all{assessment("a", RiskLevel::medium), assessment("b", RiskLevel::high, {"a"}),
                              assessment("c", RiskLevel::standard, {"a", "b"}),
                              assessment("d", RiskLevel::medium, {"c"})};
  std::ranges::sort(all, {}, &Assessment::id);
  do {
    CHECK(effective(all) == RiskLevel::high);
  } while (std::ranges::next_permutation(all, {}, &Assessment::id).found);
}

TEST_CASE("assessments in a ring are an error, since none of them would count") {
  CHECK_FALSE(effective_risk({assessment("a", RiskLevel::high, {"a"})}).has_value());
  CHECK_FALSE(effective_risk({assessment("a", RiskLevel::high, {"b"}), assessment("b", RiskLevel::high, {"c"}),
                              assessment("c", RiskLevel::high, {"a"})})
                  .has_value());
  CHECK_FALSE(effective_risk({assessment("a", RiskLevel::high), assessment("a", RiskLevel::high)}).has_value());
}

TEST_CASE("the demonstration questionnaire loads and scores") {
  const auto pack = parse_questionnaire(demonstration());
  REQUIRE(pack.has_value());
  CHECK(pack->questions.size() == 11);
  RiskInput input;
  for (const auto* id : {"frequency", "severity", "fear", "watched", "own_words"}) input.answers[id] = RiskAnswer::yes;
  const auto result = scored(input, *pack);
  CHECK(result.ticks == 4);
  CHECK(result.level == RiskLevel::medium);
  CHECK(result.not_asked == 6);
}

TEST_CASE("a broken questionnaire is refused with its line") {
  const auto refused = [](const std::string& text) {
    const auto pack = parse_questionnaire(text);
    REQUIRE_FALSE(pack.has_value());
    CHECK(pack.error().code == Errc::bad_input);
    return pack.error().detail;
  };
  const auto good = demonstration();
  CHECK(refused(changed(good, "title =", "tittle =")).find("tittle") != std::string::npos);
  CHECK(refused(changed(good, "id = \"severity\"", "id = \"frequency\"")).find("twice") != std::string::npos);
  CHECK(refused(changed(good, "high_from = 7", "high_from = 4")).find("below high_from") != std::string::npos);
  CHECK(refused(changed(good, "high_from = 7", "high_from = 11")).find("above the number") != std::string::npos);
  CHECK(refused(changed(good, "high_from = 7", "high_from = -7")).starts_with("line "));
  CHECK(refused(changed(good, "high_from = 7", "high_from = \"7\"")).starts_with("line "));
  CHECK(refused(changed(good, "scored = false", "scored = 0")).starts_with("line "));
  CHECK(refused("id = \"\xFF\"").find("UTF-8") != std::string::npos);
  CHECK(refused("").find("id") != std::string::npos);
  CHECK(refused(changed(good, "text = \"Are you afraid", "text = \"" + std::string(3'000, 'x'))).find("too long") !=
        std::string::npos);
}
