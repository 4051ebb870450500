#include <catch2/catch_test_macros.hpp>
#include <google/protobuf/stubs/logging.h>

#include "core/ledger/record_state.h"
#include "tests/core/ledger/ledger_helpers.h"
#include "tests/support/fake_env.h"

using namespace wayside;
using namespace wayside::ledger;
using wayside::test::dot;
using wayside::test::same;

namespace {

/// One of everything that a state can hold.
RecordState rich_state() {
  UserId amina, ben;
  amina.bytes.fill('a');
  ben.bytes.fill('b');
  RecordState state{3, {}};
  const Author by_amina{amina, 1'000, 1};
  const Author by_ben{ben, 2'000, 2};
  fold(state, {16, encode(Value(Text{"Flat 2, Mill Lane"})), {}, {}, {}, false, {}}, dot(1, 1, 0), by_amina);
  fold(state, {16, encode(Value(Text{"9 Orchard Way"})), {dot(3, 3, 7)}, {}, {}, true, {}}, dot(2, 2, 0), by_ben);
  fold(state, {19, encode(Value(Text{"Corrected"})), {}, dot(1, 1, 5), {}, false, {}}, dot(2, 2, 1), by_ben);
  fold(state, {1, encode(Value(true)), {}, {}, {dot(1, 1, 0), dot(4, 4, 9)}, false, {}}, dot(2, 2, 2), by_ben);
  fold(state, {20, encode(Value(std::int64_t{5})), {}, {}, {}, false, dot(1, 8, 3)}, dot(1, 9, 0), by_amina);
  fold(state, {3'000'000'000u, Bytes("\x77new kind", 9), {}, {}, {}, false, {}}, dot(1, 1, 6), by_amina);
  fold(state, {21, {}, {dot(5, 5, 0), dot(1, 1, 7)}, {}, {}, false, {}}, dot(1, 1, 8), by_amina);
  return state;
}

}  // namespace

TEST_CASE("a record's state comes back from its stored form as it was") {
  const RecordState state = rich_state();
  const auto back = decode_record_state(encode(state), state.type);
  REQUIRE(back);
  CHECK(same(*back, state));
  CHECK(encode(*back) == encode(state));
  CHECK(digest_of(RecordId{}, *back) == digest_of(RecordId{}, state));
}

TEST_CASE("an empty state comes back too") {
  const auto back = decode_record_state(encode(RecordState{2, {}}), 2);
  REQUIRE(back);
  CHECK(back->fields.empty());
  CHECK(back->type == 2);
}

TEST_CASE("a stored state keeps what it superseded, so that a late write stays away after a restart") {
  const RecordState state = rich_state();
  auto back = decode_record_state(encode(state), state.type);
  REQUIRE(back);
  fold(*back, {16, encode(Value(Text{"too late"})), {}, {}, {}, false, {}}, dot(3, 3, 7), {});
  CHECK(back->field(16)->held.size() == 2);
}

TEST_CASE("truncating or changing a stored state never crashes; what decodes encodes again") {
  const google::protobuf::LogSilencer quiet;
  const Bytes stored = encode(rich_state());
  for (std::size_t size = 0; size < stored.size(); ++size) {
    if (const auto cut = decode_record_state(BytesView(stored).substr(0, size), 3)) (void)encode(*cut);
  }
  support::FakeRandom random(7);
  for (int round = 0; round < 20'000; ++round) {
    Bytes changed = stored;
    for (int i = 0; i < 3; ++i) changed[random.below(changed.size())] = static_cast<char>(random.below(256));
    if (const auto state = decode_record_state(changed, 3)) {
      (void)encode(*state);
      (void)digest_of(RecordId{}, *state);
    }
  }
}

TEST_CASE("a stored state whose dots point nowhere is corrupt") {
  const Bytes fields_only("\x12\x06\x08\x10\x12\x02\x08\x05", 8);  // field 16 with a value of origin 5, and no origins
  const auto state = decode_record_state(fields_only, 3);
  REQUIRE_FALSE(state);
  CHECK(state.error().code == Errc::corrupt);
}

TEST_CASE("the digest tells values, dots, what an archiving covers, and the record's type apart") {
  const RecordState base = rich_state();
  const Digest digest = digest_of(RecordId{}, base);
  RecordState value = base;
  value.fields[16].held[0].value.back() = 'X';
  RecordState moved = base;
  moved.fields[16].held[0].dot.index = 77;
  RecordState covers = base;
  covers.fields[1].held[0].covers.pop_back();
  RecordState type = base;
  type.type = 4;
  for (const RecordState* other : {&value, &moved, &covers, &type}) CHECK(digest_of(RecordId{}, *other) != digest);
  RecordId another;
  another.bytes.fill(1);
  CHECK(digest_of(another, base) != digest);
}

TEST_CASE("a dot survives its texts and bytes, and rubbish is no dot") {
  const Dot one = dot(static_cast<char>(0x9c), 2, 4'294'967'295u);
  CHECK(dot_from_text(to_text(one)) == one);
  CHECK(dot_from_bytes(to_bytes(one)) == one);
  const std::string text = to_text(one);
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto cut = dot_from_text(text.substr(0, size));
    CHECK((!cut || cut->index != one.index));
  }
  for (const char* bad : {"", ":", "::", ":::", "not a dot"}) CHECK_FALSE(dot_from_text(bad));
  CHECK_FALSE(dot_from_text(text + "0"));          // the index overflows
  CHECK_FALSE(dot_from_text(text + " "));
  CHECK_FALSE(dot_from_bytes(to_bytes(one).substr(1)));
}
