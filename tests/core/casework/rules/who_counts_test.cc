#include "core/casework/rules/who_counts.h"

#include <catch2/catch_test_macros.hpp>

using namespace wayside::casework::rules;

namespace {
Day day(std::string_view text) { return day_of(text).value(); }
const Day kWhen = day("2026-06-10");

Parties adults() {
  Parties out;
  out.a.dob = day("1990-01-01");
  out.b.dob = day("1985-01-01");
  out.connections = {"5"};
  return out;
}
bool says(const Verdict& verdict, std::string_view words) {
  for (const auto& reason : verdict.reasons) {
    if (reason.sentence.find(words) != std::string::npos) return true;
  }
  return false;
}
}  // namespace

TEST_CASE("each of the two has to be 16 or over, on the birthday itself already") {
  auto parties = adults();
  CHECK(counts_between(parties, kWhen).answer == Answer::yes);
  parties.a.dob = day("2010-06-10");
  CHECK(counts_between(parties, kWhen).answer == Answer::yes);
  parties.a.dob = day("2010-06-11");
  CHECK(counts_between(parties, kWhen).answer == Answer::no);
  CHECK(says(counts_between(parties, kWhen), "under 16"));
  parties.a.dob.reset();
  CHECK(counts_between(parties, kWhen).answer == Answer::ask);
  parties.a.age_at_least = 16;
  CHECK(counts_between(parties, kWhen).answer == Answer::yes);
  parties.a = {.dob = {}, .age_at_least = 0, .age_at_most = 15};
  CHECK(counts_between(parties, kWhen).answer == Answer::no);
}

TEST_CASE("each of the seven connections is enough; none known is a question, none at all is a no") {
  for (const auto* code : {"1", "2", "3", "4", "5", "6", "7"}) {
    auto parties = adults();
    parties.connections = {code};
    CHECK(counts_between(parties, kWhen).answer == Answer::yes);
  }
  auto parties = adults();
  parties.connections.clear();
  CHECK(counts_between(parties, kWhen).answer == Answer::ask);
  parties.none_applies = true;
  CHECK(counts_between(parties, kWhen).answer == Answer::no);
  parties.connections = {"8"};
  parties.none_applies = false;
  CHECK(counts_between(parties, kWhen).answer == Answer::ask);
}

TEST_CASE("a child who experiences the effects and is related to one of the two is a victim in its own right") {
  ChildFacts child{.dob = day("2015-01-01"), .age_at_most = {}, .experiences_abuse = true, .related_to_either = true};
  CHECK(child_counts(child, Answer::yes, kWhen).answer == Answer::yes);
  CHECK(child_counts(child, Answer::no, kWhen).answer == Answer::no);
  CHECK(child_counts(child, Answer::ask, kWhen).answer == Answer::ask);
  child.related_to_either = false;
  CHECK(child_counts(child, Answer::yes, kWhen).answer == Answer::no);
  child.related_to_either = true;
  child.experiences_abuse.reset();
  CHECK(child_counts(child, Answer::yes, kWhen).answer == Answer::ask);
  child.experiences_abuse = true;
  child.dob = day("2008-06-10");
  CHECK(child_counts(child, Answer::yes, kWhen).answer == Answer::no);  // 18 today
  child.dob = day("2008-06-11");
  CHECK(child_counts(child, Answer::yes, kWhen).answer == Answer::yes);
}

TEST_CASE("an incident repeats one of within 12 months, and the two are named") {
  CHECK(repeats({}).answer == Answer::no);
  CHECK(repeats({day("2025-01-01"), day("2026-01-02")}).answer == Answer::no);
  const auto verdict = repeats({day("2026-01-01"), day("2020-01-01"), day("2025-01-01")});
  CHECK(verdict.answer == Answer::yes);
  CHECK(says(verdict, "2026-01-01"));
  CHECK(says(verdict, "2025-01-01"));
}
