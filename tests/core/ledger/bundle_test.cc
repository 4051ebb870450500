#include "core/ledger/bundle.h"

#include <catch2/catch_test_macros.hpp>
#include <google/protobuf/stubs/logging.h>

#include "tests/core/ledger/ledger_helpers.h"

using namespace wayside;
using namespace wayside::ledger;
using wayside::test::dot;

namespace {

BundledRecord record(char id, std::string_view text) {
  RecordState state{3, {}};
  fold(state, {16, encode(Value(Text{std::string(text)})), {}, {}, {}, false, {}}, dot(1, 1, 0), {});
  Bytes encoded = encode(state);
  return {*RecordId::from(Bytes(16, id)), std::move(state), std::move(encoded)};
}

BundledLedger records_of(char first, int count) {
  BundledLedger out;
  for (int i = 0; i < count; ++i) out.push_back(record(static_cast<char>(first + i), "value " + std::to_string(i)));
  return out;
}

Bundle bundle_of(const std::vector<BundledLedger>& ledgers) {
  BundleWriter writer;
  for (const BundledLedger& each : ledgers) REQUIRE(writer.add(each, 2));
  Bundle out = writer.take();
  CHECK(writer.empty());
  return out;
}

}  // namespace

TEST_CASE("the records of several ledgers come back from a bundle as they were, one without any among them") {
  const std::vector<BundledLedger> in{records_of('a', 3), {}, records_of('k', 1)};
  const Bundle bundle = bundle_of(in);
  CHECK(bundle.counts == std::vector<std::uint32_t>{3, 0, 1});
  CHECK(bundle.reviews == 6);
  CHECK(bundle.ids.size() == 4 * RecordId::size_bytes);
  const auto out = unfold_bundle(bundle.ids, bundle.content);
  REQUIRE(out);
  REQUIRE(out->size() == 3);
  for (std::size_t i = 0; i < in.size(); ++i) CHECK(digest_of((*out)[i]) == digest_of(in[i]));
  CHECK((*out)[2].front().id == in[2].front().id);
  for (std::size_t i = 0; i < in.size(); ++i) CHECK(digest_of(unfold_bundle(bundle.ids, bundle.content, i).value()) == digest_of(in[i]));
  CHECK(unfold_bundle(bundle.ids, bundle.content, 3).value().empty());
  CHECK(digest_of(in[0]) != digest_of(in[2]));
}

TEST_CASE("records out of order and twice are left out, so that no device shows one twice") {
  BundledLedger odd = records_of('a', 3);
  odd.push_back(odd.front());
  const Bundle bundle = bundle_of({odd});
  const auto out = unfold_bundle(bundle.ids, bundle.content);
  REQUIRE(out);
  CHECK(out->front().size() == 3);
}

TEST_CASE("a bundle that was cut or changed anywhere is refused or holds less, and never crashes") {
  const google::protobuf::LogSilencer quiet;
  const Bundle bundle = bundle_of({records_of('a', 5), records_of('k', 5)});
  for (std::size_t cut = 0; cut < bundle.content.size(); ++cut) CHECK_FALSE(unfold_bundle(bundle.ids, bundle.content.substr(0, cut)));
  for (std::size_t at = 0; at < bundle.content.size(); ++at) {
    Bytes changed = bundle.content;
    changed[at] = static_cast<char>(changed[at] ^ 0x55);
    if (const auto out = unfold_bundle(bundle.ids, changed)) {
      for (const BundledLedger& each : *out) CHECK(each.size() <= 10);
    }
  }
  for (std::size_t cut = 0; cut < bundle.ids.size(); ++cut) {
    const auto out = unfold_bundle(bundle.ids.substr(0, cut), bundle.content);
    REQUIRE(out);
    CHECK((*out)[0].size() + (*out)[1].size() == cut / RecordId::size_bytes);
  }
}

TEST_CASE("a frame that names a size beyond the limit is refused before memory is asked for") {
  // zstd: magic, a single segment with eight bytes of content size.
  Bytes frame("\x28\xB5\x2F\xFD\xE0\x00\x00\x00\x00\x10\x00\x00\x00\x01\x00\x00", 16);
  const auto out = unfold_bundle({}, frame);
  REQUIRE_FALSE(out);
  CHECK(out.error().code == Errc::corrupt);
}
