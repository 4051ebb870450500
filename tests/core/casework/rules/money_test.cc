#include "core/casework/rules/money.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <limits>

using namespace wayside;
using namespace wayside::casework::rules;

namespace {
Day day(std::string_view text) { return day_of(text).value(); }
const Day kOn = day("2026-06-10");

Posting opening(std::int64_t pence) { return {"opening", Account::funder, Account::pot, pence, ""}; }
Posting move(std::string id, Account from, Account to, std::int64_t pence, std::string request) {
  return {std::move(id), from, to, pence, std::move(request)};
}
Balance added(const std::vector<Posting>& postings) {
  const auto out = balance(postings);
  REQUIRE(out.has_value());
  CHECK(out->balances());
  return *out;
}
FundRequest request(std::int64_t pence = 5'000) {
  FundRequest out;
  out.number = "F-1";
  out.amount_pence = pence;
  out.payee = "Removals Ltd";
  out.words = "a van";
  out.asked_on = kOn;
  return out;
}
FundPot pot() {
  FundPot out;
  out.name = "Flexible fund";
  return out;
}
bool says(const Verdict& verdict, std::string_view words) {
  return std::ranges::any_of(verdict.reasons,
                             [&](const Reason& reason) { return reason.sentence.find(words) != std::string::npos; });
}
}  // namespace

TEST_CASE("money moves between accounts and is never made or lost") {
  const auto out = added({opening(10'000), move("g", Account::pot, Account::committed, 4'000, "F-1"),
                          move("p", Account::committed, Account::paid, 3'500, "F-1"),
                          move("r", Account::committed, Account::pot, 500, "F-1")});
  CHECK(out.pot_pence == 6'500);
  CHECK(out.committed_pence == 0);
  CHECK(out.paid_pence == 3'500);
  CHECK(out.needs_a_person.empty());
}

TEST_CASE("a ledger balances alike in every order in which parts of it arrive, and twice is once") {
  std::vector<Posting> all{opening(10'000), move("g1", Account::pot, Account::committed, 7'000, "F-1"),
                           move("g2", Account::pot, Account::committed, 6'000, "F-2"),
                           move("p1", Account::committed, Account::paid, 7'000, "F-1"),
                           move("b1", Account::paid, Account::pot, 1'000, "F-1")};
  const auto expected = added(all);
  CHECK(expected.pot_pence == -2'000);
  REQUIRE(expected.needs_a_person.size() == 1);  // two desks granted apart
  std::ranges::sort(all, {}, &Posting::id);
  do {
    for (std::size_t known = 0; known <= all.size(); ++known) {
      auto part = std::vector(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(known));
      CHECK(added(part).balances());
      part.insert(part.end(), all.rbegin(), all.rend());  // the other device brings everything, what is known among it
      const auto merged = added(part);
      CHECK(merged.pot_pence == expected.pot_pence);
      CHECK(merged.needs_a_person == expected.needs_a_person);
    }
  } while (std::ranges::next_permutation(all, {}, &Posting::id).found);
}

TEST_CASE("postings that no money makes are refused") {
  const auto refused = [](const std::vector<Posting>& postings) { return !balance(postings).has_value(); };
  CHECK(refused({opening(0)}));
  CHECK(refused({opening(-5)}));
  CHECK(refused({opening(5), opening(6)}));
  CHECK(refused({move("x", Account::paid, Account::committed, 5, "F-1")}));
  CHECK(refused({move("x", Account::funder, Account::paid, 5, "F-1")}));
  CHECK(refused({move("x", Account::pot, Account::pot, 5, "F-1")}));
  CHECK(refused({move("x", Account::pot, Account::committed, 5, "")}));
  auto most = opening(std::numeric_limits<std::int64_t>::max());
  auto more = opening(1);
  more.id = "second";
  CHECK(refused({most, more}));
  CHECK_FALSE(refused({most}));
}

TEST_CASE("a request that was paid more than granted is shown, not hidden") {
  const auto out = added({opening(10'000), move("g", Account::pot, Account::committed, 1'000, "F-1"),
                          move("p", Account::committed, Account::paid, 2'000, "F-1")});
  REQUIRE(out.needs_a_person.size() == 1);
  CHECK(out.needs_a_person[0].rule == "overpaid");
}

TEST_CASE("a desk refuses with the rule's own sentence") {
  auto strict = pot();
  strict.only_relevant_accommodation = strict.no_capital = strict.needs_specialist = true;
  strict.rule_words = "Revenue only.";
  auto asked = request();
  const auto balance = added({opening(10'000)});
  CHECK(may_grant(strict, asked, balance, kOn).answer == Answer::ask);  // nothing is answered yet
  asked.relevant_accommodation = asked.with_specialist = true;
  asked.capital = false;
  CHECK(may_grant(strict, asked, balance, kOn).answer == Answer::yes);
  asked.capital = true;
  const auto refused = may_grant(strict, asked, balance, kOn);
  CHECK(refused.answer == Answer::no);
  CHECK(says(refused, "no capital works. The funder writes: Revenue only."));
  asked.capital = false;
  strict.spend_by = day("2026-06-09");
  CHECK(may_grant(strict, asked, balance, kOn).answer == Answer::no);
  strict.spend_by = kOn;
  CHECK(may_grant(strict, asked, balance, kOn).answer == Answer::yes);
  CHECK(may_grant(strict, request(10'001), balance, kOn).answer == Answer::no);
}

TEST_CASE("nobody away from a desk can promise money, whatever the last known balance") {
  const auto verdict = may_ask(pot(), request(), 1'000'000, kOn);
  CHECK(verdict.answer == Answer::ask);
  CHECK(says(verdict, "no promise"));
  CHECK(says(verdict, "£10000.00"));
  CHECK(may_ask(pot(), request(), {}, kOn).answer == Answer::ask);
  CHECK(may_ask(pot(), request(0), 1'000'000, kOn).answer == Answer::no);
}

TEST_CASE("a grant is one posting, at most what was asked, and only once") {
  auto postings = std::vector{opening(10'000)};
  const auto granted = grant(pot(), request(), 3'000, added(postings), kOn);
  REQUIRE(granted.has_value());
  postings.push_back(*granted);
  const auto after = added(postings);
  CHECK(after.pot_pence == 7'000);
  CHECK(after.committed_by_request.at("F-1") == 3'000);
  CHECK(grant(pot(), request(), 2'000, after, kOn).error().code == Errc::not_permitted);
  CHECK(grant(pot(), request(), 5'001, added({opening(10'000)}), kOn).error().code == Errc::bad_input);
  CHECK(grant(pot(), request(), -1, added({opening(10'000)}), kOn).error().code == Errc::bad_input);
  CHECK(grant(pot(), request(), 5'000, added({opening(4'999)}), kOn).error().code == Errc::not_permitted);
}

TEST_CASE("requests for one payee within seven days are shown as possible duplicates") {
  auto one = request();
  auto two = request();
  two.number = "F-0";
  two.payee = " removals ltd ";
  two.asked_on = day("2026-06-17");
  CHECK(possible_duplicates({one, two}) == std::vector{std::pair<std::string, std::string>("F-0", "F-1")});
  CHECK(possible_duplicates({two, one}) == possible_duplicates({one, two}));
  two.asked_on = day("2026-06-18");
  CHECK(possible_duplicates({one, two}).empty());
}

TEST_CASE("equipment that is out twice, overdue or past its date is seen to") {
  Loan a{"a", "S1", "lent", kOn, day("2026-06-20"), {}, {}};
  Loan b{"b", "S1", "lent", kOn, day("2026-06-20"), {}, day("2026-06-10")};
  auto found = loan_problems({b, a}, kOn);
  REQUIRE(found.size() == 2);
  CHECK(found[0].rule == "expired");
  CHECK(found[1].rule == "lent_twice");
  CHECK(loan_problems({a}, day("2026-06-20")).empty());
  CHECK(loan_problems({a}, day("2026-06-21")).size() == 1);
  a.returned = kOn;
  CHECK(loan_problems({a}, day("2026-06-21")).empty());
}
