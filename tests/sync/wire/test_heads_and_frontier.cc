#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "core/crypto/crypto.h"
#include "core/ledger/envelope.h"
#include "sync/wire/heads.h"
#include "tests/sync/wire/samples.h"

using namespace wayside;
using namespace wayside::support;
using wire::LedgerHead;

namespace {

PublicKey office_key() { return crypto::sign_public(sample_seed()); }
template <class IdType>
IdType id(char with) {
  return *IdType::from(Bytes(IdType::size_bytes, with));
}

}  // namespace

TEST_CASE("a ledger's head depends on every envelope and on their order") {
  const auto a = id<EnvelopeId>('a');
  const auto b = id<EnvelopeId>('b');
  const Digest first = ledger::next_head({}, a);
  CHECK(first != ledger::next_head({}, b));
  CHECK(ledger::next_head(first, b) != ledger::next_head(ledger::next_head({}, b), a));
}

TEST_CASE("a frontier does not depend on the order in which ledgers are listed, but on everything in them") {
  std::vector<LedgerHead> heads{{id<LedgerId>('a'), 1, id<Digest>('x')}, {id<LedgerId>('b'), 2, id<Digest>('y')}};
  const Digest digest = wire::frontier_digest(heads);
  std::reverse(heads.begin(), heads.end());
  CHECK(wire::frontier_digest(heads) == digest);
  auto other = heads;
  other[0].lsn += 256;
  CHECK(wire::frontier_digest(other) != digest);
  other = heads;
  other[1].head = id<Digest>('z');
  CHECK(wire::frontier_digest(other) != digest);
  other = heads;
  other.pop_back();
  CHECK(wire::frontier_digest(other) != digest);
  CHECK(wire::frontier_digest({}) != digest);
}

TEST_CASE("the membership log counts as a ledger, unless it is empty") {
  CHECK_FALSE(wire::membership_head(id<OrganisationId>('o'), 0, std::nullopt));
  const auto head = wire::membership_head(id<OrganisationId>('o'), 3, id<EntryHash>('e'));
  CHECK(head == LedgerHead{id<LedgerId>('o'), 3, id<Digest>('e')});
}

TEST_CASE("what the office signed is read back, by its own key only") {
  const Bytes bytes = wire::sign_heads(sample_heads(), sample_seed());
  const auto heads = wire::verify_heads(bytes, office_key());
  REQUIRE(heads);
  CHECK(*heads == sample_heads());
  SecretBytes another = sample_seed();
  another.data()[0] = 99;
  const auto forged = wire::verify_heads(bytes, crypto::sign_public(another));
  REQUIRE_FALSE(forged);
  CHECK(forged.error().code == Errc::bad_signature);
}

TEST_CASE("every single changed bit of a signed statement is noticed") {
  const Bytes good = wire::sign_heads(sample_heads(), sample_seed());
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bytes = good;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    if (wire::verify_heads(bytes, office_key())) FAIL("bit " << bit);
  }
}
