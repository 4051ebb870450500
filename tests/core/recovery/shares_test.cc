#include "core/recovery/shares.h"

#include <libgfshare.h>

#include <set>

#include "tests/core/recovery/recovery_samples.h"

using namespace wayside;
using namespace wayside::recovery;
using namespace wayside::recovery::samples;

namespace {

Result<OrganisationSecrets> together(const Share& one, const Share& other) {
  support::FakeRandom random(11);
  return combine(one, other, random);
}

std::string fault(const Share& one, const Share& other) {
  const auto both = together(one, other);
  REQUIRE_FALSE(both);
  CHECK(both.error().code == Errc::bad_input);
  return both.error().detail;
}

std::size_t equal_bytes(const SecretBytes& part, const OrganisationSecrets& secrets) {
  const Bytes secret = Bytes(secrets.root_seed.view()) + Bytes(secrets.recovery_secret.view());
  std::size_t equal = 0;
  for (std::size_t i = 0; i < secret.size(); ++i) equal += part.view()[i] == secret[i] ? 1 : 0;
  return equal;
}

}  // namespace

SCENARIO("any two of three pages give the organisation's secrets back, in either order, typed in from paper") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const OrganisationSecrets wanted = organisation(seed);
    const ShareSet pages = shares(seed, seed + 100);
    for (const auto& [a, b] : {std::pair{0, 1}, {0, 2}, {1, 2}, {1, 0}, {2, 0}, {2, 1}}) {
      const auto one = parse_share(secret_of(text_of(pages[a])));
      const auto other = parse_share(secret_of(text_of(pages[b])));
      REQUIRE((one && other));
      const auto both = together(*one, *other);
      REQUIRE(both);
      CHECK(both->organisation == wanted.organisation);
      CHECK(both->root_seed.equals(wanted.root_seed));
      CHECK(both->recovery_secret.equals(wanted.recovery_secret));
    }
  }
}

SCENARIO("one page alone is not enough") {
  const ShareSet pages = shares();
  CHECK(fault(pages[0], pages[0]) == "both are page 1; two different pages are needed");
  // That one page says nothing of the secret is a property of the scheme, not of a test. What can be seen: the same secret
  // gives other pages each time, no page holds a piece of it as it stands, and a page made up to go with one is found out.
  std::set<Bytes> parts;
  for (std::uint64_t set = 1; set <= 50; ++set) {
    for (const Share& share : shares(7, set)) {
      parts.insert(Bytes(share.part.view()));
      CHECK(equal_bytes(share.part, organisation()) < 8);   // a quarter of a byte is expected by chance
    }
  }
  CHECK(parts.size() == 150);
  support::FakeRandom random(12);
  Share made_up = *parse_share(secret_of(text_of(pages[1])));
  made_up.part = crypto::random_secret(random, kPartBytes);
  CHECK(fault(pages[0], made_up).contains("do not fit together"));
}

SCENARIO("pages that do not belong together are told apart from mistyped ones") {
  const ShareSet ours = shares(7, 1), later = shares(7, 2), theirs = shares(8, 1);
  CHECK(fault(ours[0], theirs[1]).starts_with("the two pages are of two organisations, "));
  CHECK(fault(ours[0], theirs[1]).contains(to_text(organisation(8).organisation)));
  CHECK(fault(ours[0], later[1]).starts_with("the two pages are of two sets, made on 2026-05-28 "));
  CHECK(fault(ours[0], later[0]).starts_with("the two pages are of two sets"));
}

SCENARIO("a page changed by somebody who knows its form is found, whatever was changed") {
  const ShareSet ours = shares();
  const auto copy = [&](std::size_t i) { return *parse_share(secret_of(text_of(ours[i]))); };
  for (std::size_t byte = 0; byte < kPartBytes; ++byte) {
    Share bad = copy(1);
    bad.part.data()[byte] ^= 1;
    CHECK(fault(ours[0], bad).contains("do not fit together"));
  }
  Share day = copy(1);
  day.day += 1;
  CHECK(fault(ours[0], day).contains("do not fit together"));
  Share number = copy(1);
  number.number = 3;
  CHECK(fault(ours[0], number).contains("do not fit together"));
  Share proof = copy(1);
  proof.proof.data()[0] ^= 1;
  CHECK(fault(ours[0], proof).contains("do not fit together"));
  // Three secrets of one organisation's pages that another organisation claims as its own.
  Share claimed = copy(1), also = copy(0);
  claimed.organisation = also.organisation = organisation(8).organisation;
  CHECK(fault(also, claimed).contains("do not fit together"));
}

TEST_CASE("randomness is the one that was given: the same gives the same pages, another one others") {
  CHECK(shares(7, 1)[0].part.equals(shares(7, 1)[0].part));
  CHECK_FALSE(shares(7, 1)[0].part.equals(shares(7, 2)[0].part));
  CHECK(gfshare_fill_rand != gfshare_bad_idea_but_fill_rand_using_random);
  CHECK(gfshare_fill_rand != nullptr);
}
