#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cstdint>
#include <limits>

#include "core/base/value.h"
#include "tests/support/fake_env.h"

using namespace wayside;

namespace {

Bytes bytes(std::initializer_list<int> list) {
  Bytes out;
  for (const int byte : list) out.push_back(static_cast<char>(byte));
  return out;
}

void reads_back(const Value& value) { CHECK(decode_value(encode(value)) == value); }

}  // namespace

TEST_CASE("the encoding of each kind stands for ever") {
  CHECK(encode(Text{"hi"}) == bytes({1, 'h', 'i'}));
  CHECK(encode(std::int64_t{0}) == bytes({2, 0}));
  CHECK(encode(std::int64_t{-1}) == bytes({2, 0xFF}));
  CHECK(encode(std::int64_t{127}) == bytes({2, 0x7F}));
  CHECK(encode(std::int64_t{128}) == bytes({2, 0x80, 0}));
  CHECK(encode(std::int64_t{-128}) == bytes({2, 0x80}));
  CHECK(encode(std::int64_t{-129}) == bytes({2, 0x7F, 0xFF}));
  CHECK(encode(true) == bytes({3, 1}));
  CHECK(encode(false) == bytes({3, 0}));
  CHECK(encode(RecordId{}) == bytes({4}) + Bytes(16, '\0'));
  CHECK(encode(Code{"high"}) == bytes({5, 'h', 'i', 'g', 'h'}));
  CHECK(encode(Date{"2026-06-10"}) == bytes({6}) + "2026-06-10");
  CHECK(encode(Instant{256}) == bytes({7, 0, 1}));
}

TEST_CASE("every value reads back as it was, at each edge of the integers") {
  reads_back(Text{""});
  reads_back(Text{"Flat 2, ગુજરાતી 🏠"});
  reads_back(Code{"unknown"});
  reads_back(Date{"1900-01-01"});
  reads_back(Date{"2199-12-31"});
  for (int bits = 0; bits < 63; ++bits) {
    const std::int64_t power = std::int64_t{1} << bits;
    for (const std::int64_t number : {power - 1, power, -power, -power - 1}) {
      reads_back(number);
      reads_back(Instant{number});
    }
  }
  reads_back(std::numeric_limits<std::int64_t>::max());
  reads_back(std::numeric_limits<std::int64_t>::min());
  CHECK(encode(std::numeric_limits<std::int64_t>::min()).size() == 9);
}

TEST_CASE("what does not decode is kept to the byte, and so is a kind of a newer version") {
  const Bytes odd[] = {
      {},  // nothing at all
      bytes({0}),
      bytes({8}),
      bytes({200, 1, 2}),  // kinds that we do not know
      bytes({2}),          // an integer of no byte
      bytes({2, 0, 0}),
      bytes({2, 0xFF, 0xFF}),                 // an integer longer than it needs
      bytes({2, 1, 2, 3, 4, 5, 6, 7, 8, 9}),  // and one of nine bytes
      bytes({3}),
      bytes({3, 2}),
      bytes({3, 1, 1}),
      bytes({4, 1, 2, 3}),
      bytes({1, 0xC0, 0x80}),
      bytes({1, 'a', 0, 'b'}),
      bytes({5, 0xFF}),
      bytes({6}) + "2026-02-30",
      bytes({6}) + "1899-12-31",
      bytes({6}) + "20260610",
      bytes({7}),
      bytes({7, 0, 0}),
  };
  for (const Bytes& encoded : odd) {
    INFO(to_hex(encoded));
    const Value value = decode_value(encoded);
    REQUIRE(std::holds_alternative<RawValue>(value));
    CHECK(encode(value) == encoded);
  }
}

TEST_CASE("decoding then encoding gives the same bytes, whatever they were") {
  support::FakeRandom random(20);
  for (int i = 0; i < 20'000; ++i) {
    Bytes encoded(random.below(20), '\0');
    random.fill({as_uchar(encoded), encoded.size()});
    if (!encoded.empty()) encoded[0] = static_cast<char>(random.below(9));
    CHECK(encode(decode_value(encoded)) == encoded);
  }
}

TEST_CASE("instants are written in UTC, with ms where there are some") {
  CHECK(iso_time(0) == "1970-01-01T00:00:00Z");
  CHECK(iso_time(1'781'108'400'000) == "2026-06-10T16:20:00Z");
  CHECK(iso_time(1'781'108'400'007) == "2026-06-10T16:20:00.007Z");
  CHECK(iso_time(-1) == "1969-12-31T23:59:59.999Z");
  CHECK(iso_time(951'782'400'000) == "2000-02-29T00:00:00Z");
  CHECK(iso_time(2'147'483'648'000) == "2038-01-19T03:14:08Z");
  CHECK(iso_time(253'402'300'800'000) == "+10000-01-01T00:00:00Z");
  CHECK(iso_time(std::numeric_limits<std::int64_t>::min()) == "-292275055-05-16T16:47:04.192Z");
  CHECK(iso_time(std::numeric_limits<std::int64_t>::max()) == "+292278994-08-17T07:12:55.807Z");
}

TEST_CASE("instants are read in any zone, with seconds and fractions where there are some") {
  CHECK(parse_iso_time("2026-06-10T16:20:00Z") == 1'781'108'400'000);
  CHECK(parse_iso_time("2026-06-10T16:20Z") == 1'781'108'400'000);
  CHECK(parse_iso_time("2026-06-10T17:20:00+01:00") == 1'781'108'400'000);
  CHECK(parse_iso_time("2026-06-10T06:50-09:30") == 1'781'108'400'000);
  CHECK(parse_iso_time("2026-06-11T06:20:00+14:00") == 1'781'108'400'000);
  CHECK(parse_iso_time("2026-06-10T16:20:00.5Z") == 1'781'108'400'500);
  CHECK(parse_iso_time("2026-06-10T16:20:00.007Z") == 1'781'108'400'007);
  CHECK(parse_iso_time("2026-06-10T16:20:00.007999999Z") == 1'781'108'400'007);
  CHECK(parse_iso_time("1970-01-01T00:00:00-00:00") == 0);
  CHECK(parse_iso_time("1900-01-01T00:00:00Z") == -2'208'988'800'000);
  CHECK(parse_iso_time("2199-12-31T23:59:59.999Z") == 7'258'118'399'999);
}

TEST_CASE("every instant that is taken is written so that it is taken again") {
  support::FakeRandom random(4);
  for (int i = 0; i < 5'000; ++i) {
    const std::int64_t ms =
        static_cast<std::int64_t>(random.below(7'258'118'400'000 + 2'208'988'800'000)) - 2'208'988'800'000;
    CHECK(parse_iso_time(iso_time(ms)) == ms);
  }
}

TEST_CASE("text that is no instant is refused as bad input") {
  for (const char* text : {"",
                           "2026-06-10",
                           "2026-06-10T16:20:00",
                           "2026-06-10 16:20:00Z",
                           "2026-06-10T16Z",
                           "2026-06-10T16:20:00z",
                           "2026-06-10T24:00:00Z",
                           "2026-06-10T16:60:00Z",
                           "2026-06-10T16:20:60Z",
                           "2026-06-10T16:20:00.Z",
                           "2026-06-10T16:20:00.1234567890Z",
                           "2026-06-10T16:20:00,5Z",
                           "2026-06-10T16:20:00Z ",
                           " 2026-06-10T16:20:00Z",
                           "2026-06-10T16:20:00+0100",
                           "2026-06-10T16:20:00+14:01",
                           "2026-06-10T16:20:00+01:60",
                           "2026-06-10T16:20:00+1:00",
                           "2026-02-29T00:00:00Z",
                           "2026-06-10T-1:20:00Z",
                           "1899-12-31T23:59:59Z",
                           "2200-01-01T00:00:00Z",
                           "1900-01-01T00:30:00+01:00",
                           "2199-12-31T23:30:00-01:00",
                           "+2026-06-10T16:20:00Z"}) {
    INFO(text);
    const auto parsed = parse_iso_time(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == Errc::bad_input);
  }
}

TEST_CASE("a day is taken exactly when it is one of the Gregorian calendar from 1900 to 2199") {
  int taken = 0;
  for (int year = 1899; year <= 2200; ++year) {
    for (int month = 0; month <= 13; ++month) {
      for (int day = 0; day <= 32; ++day) {
        char text[32];
        std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
        const bool real = year >= 1900 && year <= 2199 &&
                          (std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month)) /
                           std::chrono::day(static_cast<unsigned>(day)))
                              .ok();
        const auto parsed = parse_date(text);
        if (parsed.has_value() != real) FAIL(text);
        if (parsed) {
          ++taken;
          if (parsed->iso != text) FAIL(text);
        }
      }
    }
  }
  CHECK(taken == 109'573);  // 300 years of 365 days, and 73 leap days: 1900 and 2100 have none, 2000 has
}

TEST_CASE("text that is no day is refused as bad input") {
  for (const char* text : {"", "2026", "2026-6-10", "26-06-10", "2026/06/10", "10-06-2026", "2026-06-10 ", "2026-06-1o",
                           "2026-06-10T00:00:00Z", "-026-06-10", "+2026-06-10", "２０２６-06-10"}) {
    INFO(text);
    const auto parsed = parse_date(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == Errc::bad_input);
  }
}

TEST_CASE("every code point but NUL and the surrogates is clean in its shortest form, and cut short is not") {
  for (std::uint32_t c = 0; c <= 0x10FFFF + 0x100; ++c) {
    Bytes text;
    if (c < 0x80) {
      text = bytes({static_cast<int>(c)});
    } else if (c < 0x800) {
      text = bytes({static_cast<int>(0xC0 | c >> 6), static_cast<int>(0x80 | (c & 0x3F))});
    } else if (c < 0x10000) {
      text = bytes({static_cast<int>(0xE0 | c >> 12), static_cast<int>(0x80 | (c >> 6 & 0x3F)),
                    static_cast<int>(0x80 | (c & 0x3F))});
    } else {
      text = bytes({static_cast<int>(0xF0 | c >> 18), static_cast<int>(0x80 | (c >> 12 & 0x3F)),
                    static_cast<int>(0x80 | (c >> 6 & 0x3F)), static_cast<int>(0x80 | (c & 0x3F))});
    }
    const bool clean = c != 0 && !(c >= 0xD800 && c <= 0xDFFF) && c <= 0x10FFFF;
    if (is_clean_utf8(text) != clean) FAIL(to_hex(text));
    if (text.size() > 1 && is_clean_utf8(BytesView(text).substr(0, text.size() - 1))) FAIL(to_hex(text) + " cut");
    if (clean && !is_clean_utf8("a" + text + "b")) FAIL(to_hex(text) + " between letters");
  }
}

TEST_CASE("overlong forms, lone continuation bytes and bytes that never occur are not clean") {
  for (const Bytes& text :
       {bytes({0x80}), bytes({0xBF}), bytes({0xC0, 0xAF}), bytes({0xC1, 0xBF}), bytes({0xE0, 0x9F, 0xBF}),
        bytes({0xF0, 0x8F, 0xBF, 0xBF}), bytes({0xF5, 0x80, 0x80, 0x80}), bytes({0xFE}), bytes({0xFF}),
        bytes({0xC2, 'a'}), bytes({0xE2, 0x82, 'a'}), bytes({0xF8, 0x88, 0x80, 0x80, 0x80})}) {
    INFO(to_hex(text));
    CHECK_FALSE(is_clean_utf8(text));
  }
  CHECK(is_clean_utf8(""));
}
