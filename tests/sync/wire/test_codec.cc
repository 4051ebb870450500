#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

#include "sync/wire/codec.h"
#include "sync/wire/tuning.h"
#include "tests/sync/wire/samples.h"

using namespace wayside;
using namespace wayside::support;
namespace pb = wire::pb;

namespace {

template <class Message>
void returns_unchanged(const Message& message) {
  const auto back = wire::decode<Message>(wire::encode(message));
  REQUIRE(back);
  CHECK(back->SerializeAsString() == message.SerializeAsString());
}

Errc error_of(const auto& result) { return result ? Errc{} : result.error().code; }

/// A delimited field as protobuf frames it; for short contents.
Bytes field(int number, BytesView content) {
  return Bytes(1, static_cast<char>(number << 3 | 2)) + static_cast<char>(content.size()) + Bytes(content);
}

}  // namespace

TEST_CASE("every message comes back as it was sent") {
  returns_unchanged(sample_push_request());
  returns_unchanged(sample_push_answer());
  returns_unchanged(sample_pull_request());
  returns_unchanged(sample_pull_answer());
  returns_unchanged(sample_append_request());
  returns_unchanged(sample_append_answer());
  returns_unchanged(sample_refusal());
  returns_unchanged(sample_ask_parts_request());
  returns_unchanged(sample_ask_parts_answer());
  returns_unchanged(sample_put_parts_request());
  returns_unchanged(sample_put_parts_answer());
  returns_unchanged(sample_get_parts_request());
  returns_unchanged(sample_get_parts_answer());
  returns_unchanged(sample_find_snapshots_answer());
}

TEST_CASE("another version is refused as newer, nothing as bad input") {
  Bytes body = wire::encode(sample_pull_request());
  body[0] = 2;
  CHECK(error_of(wire::decode<pb::PullRequest>(body)) == Errc::newer_format);
  CHECK(error_of(wire::decode<pb::PullRequest>("")) == Errc::bad_input);
}

TEST_CASE("an empty message is fine where nothing is required, and refused where an id is") {
  CHECK(wire::decode<pb::PullRequest>("\1"));
  CHECK(wire::decode<pb::PushRequest>("\1"));
  CHECK(error_of(wire::decode<pb::PullAnswer>("\1")) == Errc::bad_input);
}

TEST_CASE("every truncation either fails or ends between two fields") {
  const Bytes body = wire::encode(sample_pull_answer());
  std::size_t accepted = 0;
  for (std::size_t size = 0; size < body.size(); ++size) {
    const auto message = wire::decode<pb::PullAnswer>(BytesView(body).substr(0, size));
    accepted += message ? 1 : 0;
  }
  CHECK(accepted == 6);  // one after each of generation, two entries, two deliveries, and position; not one within
}

TEST_CASE("addresses of a wrong length, none, or too many of them are refused") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{31}, std::size_t{33}}) {
    pb::GetPartsRequest request;
    request.add_addresses(Bytes(size, 'x'));
    CHECK(error_of(wire::decode<pb::GetPartsRequest>(wire::encode(request))) == Errc::bad_input);
    pb::PutPartsRequest put = sample_put_parts_request();
    put.mutable_parts(0)->set_address(Bytes(size, 'x'));
    CHECK(error_of(wire::decode<pb::PutPartsRequest>(wire::encode(put))) == Errc::bad_input);
  }
  CHECK(error_of(wire::decode<pb::AskPartsRequest>("\1")) == Errc::bad_input);
  pb::AskPartsRequest many;
  for (std::size_t i = 0; i < wire::kMaxParts; ++i) many.add_addresses(Bytes(32, 'x'));
  CHECK(wire::decode<pb::AskPartsRequest>(wire::encode(many)));
  many.add_addresses(Bytes(32, 'x'));
  CHECK(error_of(wire::decode<pb::AskPartsRequest>(wire::encode(many))) == Errc::bad_input);
}

TEST_CASE("trailing rubbish is refused") {
  for (const BytesView rubbish : {BytesView("\0", 1), BytesView("\x0c"), BytesView("\xff"), BytesView("\x0a\x05xx")}) {
    CHECK(error_of(wire::decode<pb::PullRequest>(wire::encode(sample_pull_request()) + Bytes(rubbish))) ==
          Errc::bad_input);
  }
}

TEST_CASE("ids of a wrong length are refused wherever they stand") {
  for (const std::size_t size : {1, 15, 17, 31, 33, 64}) {
    const Bytes id(size, 'x');
    INFO(size);
    pb::PullRequest request = sample_pull_request();
    request.set_generation(id);
    CHECK(error_of(wire::decode<pb::PullRequest>(wire::encode(request))) == Errc::bad_input);
    request = sample_pull_request();
    request.mutable_wants(0)->set_ledger(id);
    CHECK(error_of(wire::decode<pb::PullRequest>(wire::encode(request))) == Errc::bad_input);
    pb::PullAnswer answer = sample_pull_answer();
    answer.mutable_deliveries(1)->set_id(id);
    CHECK(error_of(wire::decode<pb::PullAnswer>(wire::encode(answer))) == Errc::bad_input);
    answer = sample_pull_answer();
    answer.mutable_deliveries(0)->clear_ledger();
    CHECK(error_of(wire::decode<pb::PullAnswer>(wire::encode(answer))) == Errc::bad_input);
  }
}

TEST_CASE("a field of the wrong wire type, twice, or in a group is refused") {
  const Bytes generation = field(1, Bytes(16, 'g'));
  CHECK(wire::decode<pb::PullRequest>("\1" + generation));
  CHECK(error_of(wire::decode<pb::PullRequest>("\1" + generation + generation)) == Errc::bad_input);
  CHECK(error_of(wire::decode<pb::PullRequest>("\1\x08\x05")) == Errc::bad_input);          // generation as a number
  CHECK(error_of(wire::decode<pb::PullRequest>("\1" + field(2, "x"))) == Errc::bad_input);  // position as bytes
  CHECK(error_of(wire::decode<pb::PullRequest>("\1\x7b\x7c")) == Errc::bad_input);          // a group, unknown
}

TEST_CASE("text that is not UTF-8 is refused, without a word in the log") {
  CHECK(wire::decode<pb::Refusal>("\1" + field(1, "g\xc3\xa9n\xc3\xa9ration")));
  CHECK(error_of(wire::decode<pb::Refusal>("\1" + field(1, "\xc3"))) == Errc::bad_input);
}

TEST_CASE("fields of a newer version are skipped, but not any number of them") {
  Bytes body = wire::encode(sample_pull_request());
  for (std::size_t i = 0; i < wire::kMaxUnknownFields; ++i) body += field(15, "new");
  CHECK(wire::decode<pb::PullRequest>(body));
  CHECK(error_of(wire::decode<pb::PullRequest>(body + field(15, "new"))) == Errc::bad_input);
}

TEST_CASE("a flood of tiny elements is refused before it costs memory") {
  Bytes body = "\1";
  for (std::size_t i = 0; i <= wire::kMaxParcels; ++i) body += Bytes("\x12\0", 2);
  CHECK(error_of(wire::decode<pb::PushRequest>(body)) == Errc::bad_input);

  Bytes grants;  // one parcel with a million empty grants
  for (int i = 0; i < 1'000'000; ++i) grants += Bytes("\x12\0", 2);
  pb::Parcel parcel;
  Bytes flood = "\1\x12";
  for (std::size_t rest = grants.size();; rest >>= 7) {
    flood += static_cast<char>((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    if (rest <= 0x7f) break;
  }
  CHECK(error_of(wire::decode<pb::PushRequest>(flood + grants)) == Errc::bad_input);
}

TEST_CASE("a body over its limit is too large") {
  pb::AppendRequest request;
  request.set_entry(Bytes(wire::kMaxRequestBytes + 1, 'x'));
  CHECK(error_of(wire::decode<pb::AppendRequest>(wire::encode(request))) == Errc::too_large);
}

TEST_CASE("an oversized envelope or too many grants are left to be answered for themselves") {
  pb::PushRequest request;
  request.add_parcels()->set_envelope(Bytes(3'000'000, 'x'));
  for (int i = 0; i < 100; ++i) request.add_parcels()->add_grants("g");
  CHECK(wire::decode<pb::PushRequest>(wire::encode(request)));
}
