#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cctype>
#include <cstring>

#include "core/crypto/crypto.h"
#include "core/recovery/recovery_page.h"
#include "tests/support/fake_env.h"

using namespace wayside;
using namespace wayside::recovery;

namespace {

OrganisationSecrets sample() {
  support::FakeRandom random(7);
  return {OrganisationId::random(random), crypto::random_secret(random, 32), crypto::random_secret(random, 32)};
}

SecretBytes secret_of(const std::string& text) {
  SecretBytes out(text.size());
  if (!text.empty()) std::memcpy(out.data(), text.data(), text.size());
  return out;
}

bool reads_as_sample(const std::string& text) {
  const auto page = parse_page(secret_of(text));
  const OrganisationSecrets wanted = sample();
  return page && page->organisation == wanted.organisation && page->root_seed.equals(wanted.root_seed) &&
         page->recovery_secret.equals(wanted.recovery_secret);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

}  // namespace

TEST_CASE("a recovery page is read back") {
  const std::string text(page_text(sample()).view());
  CHECK(reads_as_sample(text));
  CHECK(text.starts_with("WAYSIDE RECOVERY 1\n"));
  CHECK(text.ends_with("END\n"));
  CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
}

TEST_CASE("a page that was typed in again may differ in case, spaces and line ends") {
  const std::string text(page_text(sample()).view());
  CHECK(reads_as_sample(replaced(text, "\n", "\r\n")));
  CHECK(reads_as_sample("found in the safe:\n" + text + "\nregards"));
  std::string shouted = text;
  const std::size_t digits = shouted.find("\nroot ") + 6;
  std::transform(
      shouted.begin() + static_cast<std::ptrdiff_t>(digits), shouted.begin() + static_cast<std::ptrdiff_t>(digits + 79),
      shouted.begin() + static_cast<std::ptrdiff_t>(digits), [](unsigned char c) { return std::toupper(c); });
  CHECK(reads_as_sample(shouted));
}

TEST_CASE("any wrong digit of a recovery page is found") {
  const std::string text(page_text(sample()).view());
  std::size_t tried = 0;
  for (std::size_t i = text.find("\norganisation "); i < text.find("\nEND"); ++i) {
    if (!std::isxdigit(static_cast<unsigned char>(text[i])) || i < text.find("organisation") + 13) continue;
    std::string wrong = text;
    wrong[i] = wrong[i] == '0' ? '1' : '0';
    if (wrong[i] == text[i]) continue;
    CHECK_FALSE(reads_as_sample(wrong));
    ++tried;
  }
  CHECK(tried > 150);
}

TEST_CASE("what is no recovery page is refused, and a later version is named as such") {
  const std::string text(page_text(sample()).view());
  CHECK(parse_page(secret_of("hello")).error().code == Errc::bad_input);
  CHECK(parse_page(SecretBytes()).error().code == Errc::bad_input);
  CHECK(parse_page(secret_of(replaced(text, "RECOVERY 1", "RECOVERY 2"))).error().code == Errc::newer_format);
  CHECK(parse_page(secret_of(std::string(100'000, 'x'))).error().code == Errc::bad_input);
  for (std::size_t size = 0; size < text.size() - 6; ++size) {
    if (parse_page(secret_of(text.substr(0, size)))) FAIL("cut at " << size);
  }
}
