#include "core/casework/rules/consent.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using namespace wayside::casework::rules;

namespace {
Day day(std::string_view text) { return day_of(text).value(); }
const Day kOn = day("2026-06-10");

Consent given(std::string id, std::set<std::string> scope, std::set<std::string> has_seen = {}) {
  Consent out;
  out.id = std::move(id);
  out.recipient = "Council";
  out.decision = ConsentDecision::given;
  out.scope = std::move(scope);
  out.has_seen = std::move(has_seen);
  return out;
}
Consent decided(std::string id, ConsentDecision decision, std::set<std::string> has_seen = {}) {
  auto out = given(std::move(id), {"housing"}, std::move(has_seen));
  out.decision = decision;
  return out;
}
Answer answer(const std::vector<Consent>& all) { return may_share(all, "council", kOn).answer; }
}  // namespace

TEST_CASE("silence is no consent") {
  CHECK(answer({}) == Answer::no);
  CHECK(may_share({given("a", {"housing"})}, "landlord", kOn).answer == Answer::no);
}

TEST_CASE("of grants that stand together only what all agree to may be shared") {
  const auto out = may_share(
      {given("a", {"housing", "risk", "contact"}), given("b", {"housing", "contact", "children"})}, "Council", kOn);
  CHECK(out.answer == Answer::yes);
  CHECK(out.scope == std::set<std::string>{"contact", "housing"});
  CHECK(answer({given("a", {"risk"}), given("b", {"housing"})}) == Answer::no);
  CHECK(may_share({given("a", {"risk"}), given("b", {"housing"}, {"a"})}, "Council", kOn).scope ==
        std::set<std::string>{"housing"});
}

TEST_CASE("withdrawn or refused beats given when neither had seen the other, in any order") {
  for (const auto no : {ConsentDecision::withdrawn, ConsentDecision::refused, ConsentDecision::not_asked_unsafe}) {
    CHECK(answer({given("a", {"housing"}), decided("b", no)}) == Answer::no);
    CHECK(answer({decided("b", no), given("a", {"housing"})}) == Answer::no);
    CHECK(answer({decided("b", no), given("c", {"housing"}, {"b"})}) == Answer::yes);  // she has changed her mind
    CHECK(answer({given("a", {"housing"}), decided("b", no, {"a"})}) == Answer::no);
  }
}

TEST_CASE("two entries that claim to have seen each other cancel nothing") {
  CHECK(answer({given("a", {"housing"}, {"b"}), decided("b", ConsentDecision::withdrawn, {"a"})}) == Answer::no);
}

TEST_CASE("an expired grant gives nothing, and the earliest end is shown") {
  auto a = given("a", {"housing"});
  auto b = given("b", {"housing"});
  a.expires = day("2026-06-10");
  b.expires = day("2026-07-01");
  CHECK(may_share({a, b}, "Council", kOn).until == day("2026-06-10"));
  a.expires = day("2026-06-09");
  CHECK(answer({a}) == Answer::no);
  CHECK(answer({decided("n", ConsentDecision::refused), given("a", {"housing"})}) == Answer::no);
}

TEST_CASE("sharing without consent needs its reason and who authorised it, and has to know of the refusal") {
  auto override = decided("o", ConsentDecision::override_, {"n"});
  const auto no = decided("n", ConsentDecision::refused);
  CHECK(answer({no, override}) == Answer::no);
  override.override_reason = "life at risk";
  CHECK(answer({no, override}) == Answer::no);
  override.override_by = "Manager";
  CHECK(answer({no, override}) == Answer::yes);
  override.has_seen.clear();
  CHECK(answer({no, override}) == Answer::no);
}

TEST_CASE("codes of decisions read, and others do not") {
  CHECK(consent_decision_from("WITHDRAWN") == ConsentDecision::withdrawn);
  CHECK(consent_decision_from("OVERRIDE") == ConsentDecision::override_);
  CHECK_FALSE(consent_decision_from("MAYBE").has_value());
}
