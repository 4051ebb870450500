#include <catch2/catch_test_macros.hpp>
#include <google/protobuf/stubs/logging.h>

#include "core/base/value.h"
#include "tests/core/ledger/samples.h"

using namespace wayside;
using namespace wayside::ledger;

TEST_CASE("a change-set comes back from its bytes with everything it says") {
  const ChangeSet change = test::full_change_set();
  const auto back = decode_change_set(encode(change), DeviceId{});
  REQUIRE(back);
  CHECK(encode(*back) == encode(change));
  CHECK(back->author == change.author);
  CHECK(back->time == change.time);
  CHECK(back->deps == change.deps);
  REQUIRE(back->records.size() == 2);
  const Write& write = back->records[0].writes.at(0);
  CHECK(write.supersedes == change.records[0].writes[0].supersedes);
  CHECK(write.corrects == change.records[0].writes[0].corrects);
  CHECK(write.covers == change.records[0].writes[0].covers);
  CHECK(write.original == change.records[0].writes[0].original);
  CHECK(write.request);
  REQUIRE(back->group);
  CHECK(back->group->ledgers == change.group->ledgers);
  REQUIRE(back->opening);
  CHECK(back->opening->parent == change.opening->parent);
  CHECK(back->announcements.at(0).grants == change.announcements[0].grants);
  CHECK(back->compartments.at(0).number == 4);
  CHECK(back->reason == change.reason);
}

TEST_CASE("a dot without a device is one of the envelope's own device") {
  const Bytes dot_without_device("\x12\x10" "0123456789abcdef\x18\x07", 20);
  Bytes write("\x08\x10\x1a", 3);
  write.push_back(static_cast<char>(dot_without_device.size()));
  write += dot_without_device;
  Bytes record("\x0a\x10" "0123456789abcdef\x10\x02\x1a", 21);
  record.push_back(static_cast<char>(write.size()));
  record += write;
  Bytes change("\x0a\x10" "0123456789abcdef\x3a", 19);
  change.push_back(static_cast<char>(record.size()));
  change += record;
  DeviceId mine;
  mine.bytes.fill('m');
  const auto back = decode_change_set(change, mine);
  REQUIRE(back);
  CHECK(back->records.at(0).writes.at(0).supersedes.at(0).device == mine);
  CHECK(back->records.at(0).writes.at(0).supersedes.at(0).index == 7);
}

TEST_CASE("an id of a wrong length anywhere makes a change-set bad") {
  const Bytes short_author("\x0a\x0f" "0123456789abcde", 17);
  const auto back = decode_change_set(short_author, DeviceId{});
  REQUIRE_FALSE(back);
  CHECK(back.error().code == Errc::bad_input);
}

TEST_CASE("truncating or changing a change-set never crashes; what decodes encodes again") {
  const google::protobuf::LogSilencer quiet;
  const Bytes bytes = encode(test::full_change_set());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    if (const auto cut = decode_change_set(BytesView(bytes).substr(0, size), DeviceId{})) (void)encode(*cut);
  }
  support::FakeRandom random(3);
  for (int round = 0; round < 20'000; ++round) {
    Bytes changed = bytes;
    for (int i = 0; i < 3; ++i) changed[random.below(changed.size())] = static_cast<char>(random.below(256));
    if (const auto change = decode_change_set(changed, DeviceId{})) (void)encode(*change);
  }
}
