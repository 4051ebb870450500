#include <catch2/catch_test_macros.hpp>

#include <cstring>

#include "tests/core/golden.h"
#include "tests/core/membership/membership_samples.h"

using namespace wayside;
using namespace wayside::membership;

TEST_CASE("every kind of membership entry is written as in version 1, those of later parts too") {
  for (const auto& [name, kind] : test::entry_samples()) {
    INFO(name);
    const Bytes now = test::signed_sample(kind).bytes;
    const Bytes kept = test::golden("membership_" + name + ".v1.bin", now);
    CHECK(now == kept);
    const auto entry = parse_entry(kept);
    REQUIRE(entry);
    CHECK(entry->entry.kind.index() == kind.index());
    CHECK(signed_by(*entry, crypto::sign_public(test::counting_secret(50))));
  }
}

TEST_CASE("a grant of version 1 opens for its reader") {
  const SecretBytes reader = test::counting_secret(1);
  support::FakeRandom random(1);
  crypto::SessionBox box(random);
  const Grant grant{test::filled<LedgerId>(1), test::filled<KeyGenerationId>(2), ReaderKind::team_epoch,
                    test::filled<TeamId>(3).str(), 7, {}};
  const Bytes now = make_grant(grant, crypto::box_public(reader), test::counting_secret(90).view(), box);
  const Bytes kept = test::golden("grant.v1.bin", now);
  CHECK(now == kept);
  const auto old = parse_grant(kept);
  REQUIRE(old);
  CHECK(crypto::SessionBoxReader(reader).open(old->wrap)->equals(test::counting_secret(90)));
}

TEST_CASE("a ticket of version 1 is read, gives its secrets, and is written as then") {
  const SecretBytes now = ticket_text(test::ticket_sample());
  const Bytes kept = test::golden("ticket.v1.txt", now.view());
  SecretBytes text(kept.size());
  std::memcpy(text.data(), kept.data(), kept.size());
  const auto ticket = parse_ticket(text);
  REQUIRE(ticket);
  CHECK(ticket->user == test::ticket_sample().user);
  CHECK(ticket->teams.at(1).epoch == 70'000);
  const auto secrets = open_ticket_secrets(*ticket);
  REQUIRE(secrets);
  CHECK(secrets->epoch_secrets.at(0).equals(test::counting_secret(61)));
  CHECK(ticket_text(*ticket).view() == kept);
}
