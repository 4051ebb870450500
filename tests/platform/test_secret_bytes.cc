#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <concepts>
#include <cstring>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "platform/secret_bytes.h"

using wayside::SecretBytes;
using wayside::SecretString;

namespace {

template <class T>
concept Streams = requires(std::ostream& out, const T& value) {
  out << value;
};
template <class T>
concept Compares = requires(const T& a, const T& b) {
  a == b;
};
template <class T>
concept Orders = requires(const T& a, const T& b) {
  a < b;
};

template <class T>
constexpr bool keeps_its_secret =
    !Streams<T> && !Compares<T> && !Orders<T> && !fmt::is_formattable<T>::value && !std::copyable<T> &&
    !std::is_copy_constructible_v<T> && !std::is_convertible_v<T, std::string> &&
    !std::is_convertible_v<T, std::string_view> && !std::is_constructible_v<std::string, T> &&
    std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T>;

// No secret type streams, formats, copies, or compares in variable time.
static_assert(keeps_its_secret<SecretBytes>);
static_assert(keeps_its_secret<SecretString>);
static_assert(!std::is_constructible_v<SecretBytes, std::string>);
static_assert(!std::is_constructible_v<SecretString, std::string>);

SecretBytes secret_of(std::string text) { return SecretBytes::take(std::as_writable_bytes(std::span(text))); }

}  // namespace

TEST_CASE("a new secret is zero") {
  const SecretBytes secret(100);
  CHECK(secret.size() == 100);
  CHECK(std::all_of(secret.data(), secret.data() + 100, [](unsigned char byte) { return byte == 0; }));
  CHECK(SecretBytes().empty());
  CHECK(SecretBytes(0).empty());
}

TEST_CASE("thousands of keys are held at once, each its own, and a key made after another ended is zero again") {
  std::vector<SecretBytes> keys;
  constexpr int kKeys = 10'000;  // under the kernel's usual limit of mappings, also where each has its own region
  for (int i = 0; i < kKeys; ++i) {
    keys.emplace_back(32);
    std::memset(keys.back().data(), i & 0xFF, 32);
  }
  for (int i = 0; i < kKeys; i += 997) CHECK(keys[static_cast<std::size_t>(i)].data()[31] == (i & 0xFF));
  keys.clear();
  for (int i = 0; i < 1000; ++i) {
    const SecretBytes& fresh = keys.emplace_back(64);
    CHECK(std::all_of(fresh.data(), fresh.data() + 64, [](unsigned char byte) { return byte == 0; }));
  }
}

TEST_CASE("take copies the secret and wipes where it came from") {
  std::vector<std::byte> from(32, std::byte{0x5A});
  const SecretBytes secret = SecretBytes::take(from);
  CHECK(secret.size() == 32);
  CHECK(secret.data()[31] == 0x5A);
  CHECK(std::all_of(from.begin(), from.end(), [](std::byte byte) { return byte == std::byte{0}; }));
}

TEST_CASE("secrets are equal when their bytes are") {
  CHECK(secret_of("abc").equals(secret_of("abc")));
  CHECK_FALSE(secret_of("abc").equals(secret_of("abd")));
  CHECK_FALSE(secret_of("abc").equals(secret_of("abcd")));
  CHECK(SecretBytes().equals(SecretBytes()));
}

TEST_CASE("moving leaves nothing behind, and a clone is a secret of its own") {
  SecretBytes first = secret_of("abc");
  SecretBytes second = std::move(first);
  CHECK(first.empty());  // NOLINT: what a moved-from secret holds is the point
  SecretBytes copy = second.clone();
  second.wipe();
  CHECK(second.empty());
  CHECK(copy.view() == "abc");
  copy = secret_of("other");
  CHECK(copy.view() == "other");
  auto& same = copy;
  copy = std::move(same);
  CHECK(copy.view() == "other");
}

TEST_CASE("typed text grows to its capacity and no further") {
  SecretString text;
  CHECK(text.empty());
  CHECK(text.append(std::string(SecretString::kCapacity - 1, 'x')));
  CHECK_FALSE(text.append("é"));
  CHECK(text.size() == SecretString::kCapacity - 1);
  CHECK(text.append("y"));
  CHECK_FALSE(text.append("z"));
  CHECK(text.append(""));
  CHECK(text.view().back() == 'y');
}

TEST_CASE("backspace removes whole code points") {
  SecretString text;
  text.append("aé€😀");
  text.pop_back_code_point();
  CHECK(text.view() == "aé€");
  text.pop_back_code_point();
  CHECK(text.view() == "aé");
  text.pop_back_code_point();
  text.pop_back_code_point();
  CHECK(text.empty());
  text.pop_back_code_point();
  CHECK(text.empty());
}

TEST_CASE("what backspace and clear take away is gone from the memory too") {
  SecretString text;
  text.append("hunter2");
  const char* memory = text.view().data();
  text.pop_back_code_point();
  CHECK(memory[6] == 0);
  text.clear();
  CHECK(text.empty());
  CHECK(std::string(memory, 7) == std::string(7, '\0'));
}

TEST_CASE("a moved-from text is empty and refuses more") {
  SecretString text;
  text.append("hunter2");
  SecretString other = std::move(text);
  CHECK(other.view() == "hunter2");
  CHECK(text.empty());  // NOLINT: what a moved-from text holds is the point
  CHECK_FALSE(text.append("x"));
  text = other.clone();
  CHECK(text.view() == "hunter2");
}
