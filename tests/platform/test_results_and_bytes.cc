#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <set>

#include "platform/bytes.h"
#include "platform/result.h"

using namespace wayside;

namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return fail(Errc::bad_input, "odd");
  return number / 2;
}

Result<int> quarter(int number) {
  WAYSIDE_TRY(const int once, half(number));
  WAYSIDE_TRY(const int twice, half(once));
  return twice;
}

Result<void> is_quarterable(int number) {
  WAYSIDE_OK(half(number));
  WAYSIDE_OK(quarter(number));
  return {};
}

Result<std::unique_ptr<int>> boxed(int number) {
  WAYSIDE_TRY(auto value, Result<std::unique_ptr<int>>(std::make_unique<int>(number)));
  return value;
}

}  // namespace

TEST_CASE("TRY hands on the value, or returns the first error") {
  CHECK(quarter(8) == 2);
  CHECK(quarter(6).error().code == Errc::bad_input);
  CHECK(quarter(7).error().detail == "odd");
  CHECK(is_quarterable(4));
  CHECK_FALSE(is_quarterable(2));
  CHECK(**boxed(3) == 3);
}

TEST_CASE("every code has a name of its own") {
  std::set<std::string_view> names;
  const int last = static_cast<int>(Errc::stick);
  for (int code = static_cast<int>(Errc::io); code <= last; ++code) {
    const auto name = name_of(static_cast<Errc>(code));
    CHECK(name != "unknown");
    CHECK(names.insert(name).second);
  }
  CHECK(name_of(Errc::wrong_passphrase) == "wrong_passphrase");
  CHECK(name_of(static_cast<Errc>(last + 1)) == "unknown");
}

TEST_CASE("hex reads back every byte, in either case") {
  Bytes all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  CHECK(from_hex(to_hex(all)) == all);
  CHECK(to_hex(Bytes("\x00\xAb\xff", 3)) == "00abff");
  CHECK(from_hex("00ABff") == Bytes("\x00\xAb\xff", 3));
  CHECK(to_hex("").empty());
}

TEST_CASE("what is no hex gives nothing") {
  for (const char* text : {"", "0", "0g", "g0", "0x", " 0", "00 ", "00é"}) {
    INFO(text);
    CHECK(from_hex(text).empty());
  }
}
