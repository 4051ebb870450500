#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstring>

#include "core/membership/names.h"
#include "tests/core/membership/membership_samples.h"
#include "tests/support/fake_env.h"

using namespace wayside;
using namespace wayside::membership;
using wayside::test::counting_secret;
using wayside::test::filled;

namespace {

Grant grant_sample() {
  return {filled<LedgerId>(1), filled<KeyGenerationId>(2), ReaderKind::team_epoch, filled<TeamId>(3).str(), 70'000, {}};
}

SecretBytes secret_of(BytesView text) {
  SecretBytes out(text.size());
  std::memcpy(out.data(), text.data(), text.size());
  return out;
}

}  // namespace

TEST_CASE("a grant gives its reader the case key, and nobody else") {
  const SecretBytes secret = counting_secret(1);
  const PublicKey reader = crypto::box_public(secret);
  const SecretBytes key = counting_secret(90);
  support::FakeRandom random(7);
  crypto::SessionBox box(random);
  const Bytes bytes = make_grant(grant_sample(), reader, key.view(), box);
  const auto grant = parse_grant(bytes);
  REQUIRE(grant);
  CHECK(grant->ledger == filled<LedgerId>(1));
  CHECK(grant->key_generation == filled<KeyGenerationId>(2));
  CHECK(grant->reader_kind == ReaderKind::team_epoch);
  CHECK(grant->reader == filled<TeamId>(3).view());
  CHECK(grant->epoch == 70'000);
  CHECK(crypto::SessionBoxReader(secret).open(grant->wrap)->equals(key));
  const SecretBytes other = counting_secret(2);
  CHECK(crypto::SessionBoxReader(other).open(grant->wrap).error().code == Errc::no_key);
}

TEST_CASE("a grant that was cut, grew, or is of a later version is refused; a changed one has another hash") {
  const SecretBytes key = counting_secret(90);
  support::FakeRandom random(7);
  crypto::SessionBox box(random);
  const Bytes good = make_grant(grant_sample(), crypto::box_public(counting_secret(1)), key.view(), box);
  for (std::size_t size = 0; size < good.size(); ++size) {
    if (parse_grant(BytesView(good).substr(0, size))) FAIL_CHECK("cut at " << size);
  }
  CHECK_FALSE(parse_grant(Bytes(kMaxGrantBytes + 1, '\1')));
  Bytes later = good;
  later[0] = 2;
  CHECK(parse_grant(later).error().code == Errc::newer_format);
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    if (hash_of_grant(bad) == hash_of_grant(good)) FAIL_CHECK("byte " << at);
    (void)parse_grant(bad);
  }
}

TEST_CASE("the digest of a list of grants does not depend on its order") {
  const GrantHash a = filled<GrantHash>(1), b = filled<GrantHash>(2);
  CHECK(grants_digest({a, b}) == grants_digest({b, a}));
  CHECK(grants_digest({a, b}) != grants_digest({a}));
  CHECK(grants_digest({}) != grants_digest({a}));
}

TEST_CASE("a ticket whose letters happen to say END is read whole") {
  // About one ticket in 500 holds these letters somewhere; here the address puts them there: "ENDE" is base64 of 10 d0 c4.
  int with_end = 0;
  for (unsigned char first = 0; first < 255 && with_end == 0; ++first) {
    for (std::size_t i = 0; i < 30; ++i) {
      Ticket each = test::ticket_sample();
      each.office_address = std::string(i, 'x') + "\x10\xd0\xc4\x10\xd0\xc4\x10\xd0\xc4" + std::string(1, static_cast<char>(first));
      const SecretBytes text = ticket_text(each);
      const std::string_view body = text.view().substr(0, text.view().rfind("END"));
      if (body.find("END") == std::string_view::npos) continue;
      ++with_end;
      const auto back = parse_ticket(text);
      REQUIRE(back);
      CHECK(back->office_address == each.office_address);
    }
  }
  CHECK(with_end > 0);
}

TEST_CASE("a ticket comes back from its text, whatever a mail program did to its lines") {
  const Ticket ticket = test::ticket_sample();
  const SecretBytes text = ticket_text(ticket);
  Bytes mailed(text.view());
  CHECK(mailed.starts_with("WAYSIDE TICKET 1\n"));
  std::string with_crlf = "Dear Ben,\r\n\r\n";
  for (const char c : mailed) with_crlf += c == '\n' ? std::string("\r\n  ") : std::string(1, c);
  with_crlf += "\r\nBest wishes\r\n";
  for (const Bytes& form : {mailed, Bytes(with_crlf)}) {
    const auto back = parse_ticket(secret_of(form));
    REQUIRE(back);
    CHECK(back->ticket == ticket.ticket);
    CHECK(back->user == ticket.user);
    CHECK(back->root_public == ticket.root_public);
    CHECK(back->office_pin == ticket.office_pin);
    CHECK(back->expires_ms == ticket.expires_ms);
    CHECK(back->office_address == ticket.office_address);
    CHECK(back->teams.at(1).epoch == 70'000);
    CHECK(back->seed.equals(ticket.seed));
    const auto secrets = open_ticket_secrets(*back);
    REQUIRE(secrets);
    CHECK(secrets->member_key.equals(counting_secret(60)));
    CHECK(secrets->epoch_secrets.at(1).equals(counting_secret(62)));
  }
}

TEST_CASE("a ticket cut anywhere is refused") {
  const SecretBytes text = ticket_text(test::ticket_sample());
  for (std::size_t size = 0; size + 5 < text.size(); ++size) {
    SecretBytes cut(size);
    if (size > 0) std::memcpy(cut.data(), text.data(), size);
    const auto ticket = parse_ticket(cut);
    if (ticket) FAIL_CHECK("cut at " << size);
    else if (ticket.error().code != Errc::bad_input) FAIL_CHECK("cut at " << size << " is " << name_of(ticket.error().code));
  }
}

TEST_CASE("a changed ticket never crashes, and never yields the secrets of another") {
  const SecretBytes text = ticket_text(test::ticket_sample());
  support::FakeRandom random(3);
  for (int round = 0; round < 3'000; ++round) {
    Bytes bad(text.view());
    bad[random.below(bad.size())] = static_cast<char>(random.below(128));
    const auto ticket = parse_ticket(secret_of(bad));
    if (ticket && open_ticket_secrets(*ticket) && !open_ticket_secrets(*ticket)->member_key.equals(counting_secret(60))) FAIL_CHECK(round);
  }
}

TEST_CASE("names are sealed for members, in few lengths") {
  support::FakeRandom random(1);
  const SecretBytes key = counting_secret(1);
  for (const std::string& name : {std::string("A"), std::string("Zo\xc3\xab"), std::string(kMaxNameBytes, 'n')}) {
    const auto sealed = seal_name(key.view(), name, random);
    REQUIRE(sealed);
    CHECK(open_name(key.view(), *sealed).value() == name);
    CHECK(open_name(counting_secret(2).view(), *sealed).error().code == Errc::corrupt);
  }
  CHECK(seal_name(key.view(), "A", random)->size() == seal_name(key.view(), "Konstantinopoulou", random)->size());
  CHECK(seal_name(key.view(), "", random).error().code == Errc::bad_input);
  CHECK(seal_name(key.view(), "\xff", random).error().code == Errc::bad_input);
  CHECK(seal_name(key.view(), std::string(kMaxNameBytes + 1, 'n'), random).error().code == Errc::too_large);
  const Bytes good = *seal_name(key.view(), "Amina", random);
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    if (open_name(key.view(), bad)) FAIL_CHECK("byte " << at);
    if (open_name(key.view(), BytesView(good).substr(0, at))) FAIL_CHECK("cut at " << at);
  }
}
