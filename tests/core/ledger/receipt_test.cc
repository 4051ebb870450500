#include <catch2/catch_test_macros.hpp>

#include "core/ledger/receipt.h"
#include "tests/core/golden.h"
#include "tests/core/ledger/ledger_helpers.h"
#include "tests/core/ledger/samples.h"

using namespace wayside;
using namespace wayside::ledger;

namespace {

template <class IdType>
IdType filled(char with) { return *IdType::from(Bytes(IdType::size_bytes, with)); }

const crypto::Signer& signer() {
  static const crypto::Signer kSigner(test::counting_secret(1));
  return kSigner;
}

PublicKey signer_public() { return crypto::sign_public(test::counting_secret(1)); }

Receipt frame() { return {filled<OrganisationId>('o'), filled<DeviceId>('d'), filled<GenerationId>('g'), 0x0102030405060708, {}, {}}; }

std::vector<ReceiptPlace> places(std::size_t count) {
  std::vector<ReceiptPlace> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back({filled<LedgerId>(static_cast<char>('a' + i % 26)), i + 1, filled<Digest>(static_cast<char>('0' + i % 10)), std::nullopt});
  }
  return out;
}

Receipt sample() {
  Receipt out = sign_receipts(frame(), places(3), signer()).at(0);
  out.places[1] = cover(out.places[1]);
  return out;
}

}  // namespace

TEST_CASE("a receipt is written as in version 1, and read") {
  const Bytes now = encode_receipt(sample());
  const Bytes kept = test::golden("receipt.v1.bin", now);
  CHECK(now == kept);
  const auto receipt = parse_receipt(kept);
  REQUIRE(receipt);
  CHECK(*receipt == sample());
  CHECK(signed_by(*receipt, signer_public()));
}

TEST_CASE("covering a place leaves its signature good and nothing of the place to be read") {
  const Receipt whole = sign_receipts(frame(), places(3), signer()).at(0);
  Receipt covered = whole;
  for (ReceiptPlace& each : covered.places) each = cover(each);
  CHECK(signed_by(whole, signer_public()));
  CHECK(signed_by(covered, signer_public()));
  const Bytes bytes = encode_receipt(covered);
  for (const ReceiptPlace& each : whole.places) {
    CHECK_FALSE(bytes.contains(each.ledger.view()));
    CHECK_FALSE(bytes.contains(each.head.view()));
  }
}

TEST_CASE("whatever is changed in a receipt, its signature no longer fits") {
  const Receipt good = sign_receipts(frame(), places(2), signer()).at(0);
  const auto spoilt = [&](auto change) {
    Receipt receipt = good;
    change(receipt);
    return signed_by(receipt, signer_public());
  };
  CHECK_FALSE(spoilt([](Receipt& each) { each.organisation = filled<OrganisationId>('x'); }));
  CHECK_FALSE(spoilt([](Receipt& each) { each.device = filled<DeviceId>('x'); }));
  CHECK_FALSE(spoilt([](Receipt& each) { each.generation = filled<GenerationId>('x'); }));
  CHECK_FALSE(spoilt([](Receipt& each) { ++each.time; }));
  CHECK_FALSE(spoilt([](Receipt& each) { ++each.places[0].lsn; }));
  CHECK_FALSE(spoilt([](Receipt& each) { each.places[0].head = filled<Digest>('x'); }));
  CHECK_FALSE(spoilt([](Receipt& each) { each.places[1].ledger = filled<LedgerId>('x'); }));
  CHECK_FALSE(spoilt([](Receipt& each) { each.places.pop_back(); }));
  CHECK_FALSE(spoilt([](Receipt& each) { std::swap(each.places[0], each.places[1]); }));
  CHECK_FALSE(signed_by(good, crypto::sign_public(test::counting_secret(2))));
}

TEST_CASE("more ledgers than one receipt holds make several, each signed, which read one after the other") {
  const auto all = sign_receipts(frame(), places(2 * kMaxReceiptPlaces + 1), signer());
  REQUIRE(all.size() == 3);
  Bytes bytes;
  for (const Receipt& each : all) {
    CHECK(signed_by(each, signer_public()));
    CHECK(encode_receipt(each).size() <= kMaxReceiptBytes);
    bytes += encode_receipt(each);
  }
  CHECK(encode_receipt(all[0]).size() == kMaxReceiptBytes);
  const auto read = parse_receipts(bytes);
  REQUIRE(read);
  CHECK(*read == all);
  CHECK(parse_receipts("")->empty());
  CHECK(parse_receipt(bytes).error().code == Errc::bad_input);   // one, and something behind it
}

TEST_CASE("what is no receipt is refused: cut anywhere, of a later version, without places, with a place of another form") {
  const Bytes good = encode_receipt(sample());
  for (std::size_t size = 0; size < good.size(); ++size) {
    INFO(size);
    CHECK(parse_receipt(BytesView(good).substr(0, size)).error().code == Errc::bad_input);
  }
  const auto with = [&](std::size_t at, char byte) {
    Bytes spoilt = good;
    spoilt[at] = byte;
    const auto read = parse_receipt(spoilt);
    return read ? std::optional<Errc>() : std::optional(read.error().code);
  };
  constexpr std::size_t kCountAt = 1 + 3 * 16 + 8;
  CHECK(with(0, 0) == Errc::bad_input);
  CHECK(with(0, 2) == Errc::newer_format);
  CHECK(with(kCountAt, 0) == Errc::bad_input);
  CHECK(with(kCountAt, static_cast<char>(kMaxReceiptPlaces + 1)) == Errc::bad_input);
  CHECK(with(kCountAt + 1, 2) == Errc::bad_input);
  Receipt nothing = sample();
  nothing.places[0].lsn = 0;
  CHECK(parse_receipt(encode_receipt(nothing)).error().code == Errc::bad_input);
}

TEST_CASE("place 0 with a head of zeros says that nothing of the ledger is on the device") {
  const Receipt made = sign_receipts(frame(), {{filled<LedgerId>('l'), 0, Digest{}, std::nullopt}}, signer()).at(0);
  const auto read = parse_receipt(encode_receipt(made));
  REQUIRE(read);
  CHECK(*read == made);
  CHECK(signed_by(*read, signer_public()));
}
