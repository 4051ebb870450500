#include "core/casework/rules/safe_contact.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

using namespace wayside::casework::rules;

namespace {
Day day(std::string_view text) { return day_of(text).value(); }
const Day kOn = day("2026-06-10");
ContactMethod method(std::string address, ContactRule rule) { return {"phone", std::move(address), rule, "", "", kOn}; }
bool warns(const SafeContactCard& card, std::string_view words) {
  return std::ranges::any_of(card.warnings,
                             [&](const std::string& warning) { return warning.find(words) != std::string::npos; });
}
}  // namespace

TEST_CASE("one number with two rules has the stricter, in any order") {
  for (auto methods : {std::vector{method("1", ContactRule::ok), method("1", ContactRule::text_codeword)},
                       std::vector{method("1", ContactRule::text_codeword), method("1", ContactRule::ok)}}) {
    const auto card = safe_contact_card({.methods = methods}, kOn);
    REQUIRE(card.lines.size() == 1);
    CHECK(card.lines[0].rule == ContactRule::text_codeword);
    CHECK(card.lines[0].sentence.find("code word. None is recorded") != std::string::npos);
  }
}

TEST_CASE("the safest way stands first, never-use last, and no safe way is said first") {
  auto card = safe_contact_card(
      {.methods = {method("1", ContactRule::never), method("2", ContactRule::ok_times), method("3", ContactRule::ok)}},
      kOn);
  REQUIRE(card.lines.size() == 3);
  CHECK(card.lines[0].address == "3");
  CHECK(card.lines[2].address == "1");
  CHECK(card.any_way);
  CHECK(card.warnings.empty());
  card = safe_contact_card({.methods = {method("1", ContactRule::never)}}, kOn);
  CHECK_FALSE(card.any_way);
  CHECK(card.warnings.front().starts_with("No safe way"));
  CHECK_FALSE(safe_contact_card({}, kOn).any_way);
}

TEST_CASE("a rule of a version to come is taken as never") {
  CHECK(contact_rule_from("OK") == ContactRule::ok);
  CHECK(contact_rule_from("PIGEON") == ContactRule::never);
  CHECK(contact_rule_from("") == ContactRule::never);
}

TEST_CASE("ways that nobody has asked her about lately are to be asked again") {
  auto old = method("1", ContactRule::ok);
  old.checked = day("2026-05-12");
  CHECK_FALSE(warns(safe_contact_card({.methods = {old}}, day("2026-06-09")), "Ask her again"));
  CHECK(warns(safe_contact_card({.methods = {old}}, kOn), "Ask her again"));
  old.checked.reset();
  CHECK(safe_contact_card({.methods = {old, method("1", ContactRule::ok)}}, kOn)
            .lines[0]
            .check_again);  // the older counts
}

TEST_CASE("the self-harm alert with its crisis plan and the warning for visits stand on the card") {
  auto card = safe_contact_card({.methods = {method("1", ContactRule::ok)},
                                 .self_harm_alert = true,
                                 .crisis_plan = "Ring her sister.",
                                 .confidential_address = true,
                                 .visit_warning = true},
                                kOn);
  CHECK(warns(card, "Crisis plan: Ring her sister."));
  CHECK(warns(card, "visiting staff"));
  CHECK(warns(card, "confidential"));
}
