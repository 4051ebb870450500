#include <catch2/catch_test_macros.hpp>

#include "sync/wire/codec.h"
#include "tests/sync/stick/stick_helpers.h"

using namespace wayside;
using namespace wayside::support;
using stick::Kind;
using wire::pb::StickAnswer;
using wire::pb::StickRequest;

namespace {

StickRequest request_of(const stick::Pair& pair) {
  auto out = stick::between<StickRequest>(pair);
  out.set_letter(Bytes(16, 'l'));
  out.set_letter_number(3);
  out.set_kind(static_cast<std::uint32_t>(Kind::pull));
  out.set_number(2);
  out.set_body("what is new");
  out.set_held(Bytes(24, 'h'));
  return out;
}

StickAnswer answer_of(const stick::Pair& pair) {
  auto out = stick::between<StickAnswer>(pair);
  out.set_request(Bytes(32, 'r'));
  out.set_page(1);
  out.set_status(200);
  out.set_body("this");
  return out;
}

Digest digest_of(const stick::Pair& pair, const StickRequest& request) {
  return stick::digest_of_request(pair, {request.letter(), request.letter_number(), request.kind(), request.number()},
                                  stick::digest_of_body(static_cast<Kind>(request.kind()), request.body(), request.held()));
}

}  // namespace

TEST_CASE("a question is known by its digest, and whatever is changed in it is found out") {
  const Ends ends;
  const StickRequest said = request_of(ends.pair);
  const Bytes message = stick::sign_request(said, digest_of(ends.pair, said), ends.courier_seed);
  const auto opened = stick::open_request(message, ends.pair);
  REQUIRE(opened);
  CHECK(opened->digest == digest_of(ends.pair, said));
  CHECK(opened->request.body() == "what is new");

  const auto changed = [&](auto&& change) {
    StickRequest other = said;
    change(other);
    return stick::open_request(wire::encode_plain(other) + message.substr(message.size() - 64), ends.pair).has_value();
  };
  CHECK(changed([](StickRequest&) {}));
  CHECK_FALSE(changed([](StickRequest& it) { it.set_organisation(Bytes(16, 'x')); }));
  CHECK_FALSE(changed([](StickRequest& it) { it.set_office(Bytes(32, 'x')); }));
  CHECK_FALSE(changed([](StickRequest& it) { it.set_device(Bytes(16, 'x')); }));
  CHECK_FALSE(changed([](StickRequest& it) { it.set_letter(Bytes(16, 'x')); }));
  CHECK_FALSE(changed([](StickRequest& it) { it.set_letter_number(4); }));
  CHECK_FALSE(changed([](StickRequest& it) { it.set_kind(1); }));
  CHECK_FALSE(changed([](StickRequest& it) { it.set_number(3); }));
  CHECK_FALSE(changed([](StickRequest& it) { it.set_body("what is newer"); }));
  CHECK_FALSE(changed([](StickRequest& it) { it.set_held(Bytes(48, 'h')); }));
  for (const std::size_t size : {std::size_t{0}, std::size_t{63}, std::size_t{64}, message.size() - 1})
    CHECK_FALSE(stick::open_request(BytesView(message).substr(0, size), ends.pair));
}

TEST_CASE("an answer counts only from this office, to this device, and unchanged") {
  const Ends ends, others(2);
  const Bytes message = stick::sign_answer(answer_of(ends.pair), ends.office_seed);
  CHECK(stick::open_answer(message, ends.pair).has_value());
  CHECK_FALSE(stick::open_answer(stick::sign_answer(answer_of(ends.pair), ends.courier_seed), ends.pair));   // by the device itself
  CHECK_FALSE(stick::open_answer(stick::sign_answer(answer_of(others.pair), ends.office_seed), ends.pair));  // meant for a colleague
  for (std::size_t at = 0; at < message.size(); ++at) {
    Bytes changed = message;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK_FALSE(stick::open_answer(changed, ends.pair));
  }
}

TEST_CASE("a part of an attachment is named by its address: its digest needs no body at hand") {
  const Digest first = crypto::hash("wayside/test/1", {"1"}), second = crypto::hash("wayside/test/1", {"2"});
  wire::pb::PutPartsRequest request;
  for (const Digest& each : {first, second}) {
    request.add_parts()->set_address(each.str());
    request.mutable_parts(request.parts_size() - 1)->set_chunk("sealed");
  }
  const std::array both{first, second}, turned{second, first};
  CHECK(stick::digest_of_body(Kind::put_parts, wire::encode(request), {}) == stick::digest_of_put(both));
  CHECK(stick::digest_of_put(both) != stick::digest_of_put(turned));
  CHECK(stick::digest_of_body(Kind::put_parts, "no such request", {}) == stick::digest_of_body(Kind::push, "no such request", {}));
}

TEST_CASE("a label says where its question stands") {
  const stick::Place place{Bytes(16, 'l'), 0x0102030405060708, 4, 9};
  const stick::Place again = stick::place_of(stick::label_of(place));
  CHECK(again.letter == place.letter);
  CHECK(again.letter_number == place.letter_number);
  CHECK(again.kind == place.kind);
  CHECK(again.number == place.number);
  CHECK(stick::path_of(5).empty());
  CHECK(stick::path_of(0).empty());
}
