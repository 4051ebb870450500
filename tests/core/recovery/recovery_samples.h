#pragma once

#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <string>

#include "core/crypto/crypto.h"
#include "core/recovery/shares.h"
#include "tests/support/fake_env.h"

namespace wayside::recovery::samples {

inline constexpr std::int64_t kNow_ms = 1'780'000'000'000;   // 2026-05-28

inline SecretBytes secret_of(std::string_view text) {
  SecretBytes out(text.size());
  if (!text.empty()) std::memcpy(out.data(), text.data(), text.size());
  return out;
}

inline OrganisationSecrets organisation(std::uint64_t seed = 7) {
  support::FakeRandom random(seed);
  return {OrganisationId::random(random), crypto::random_secret(random, 32), crypto::random_secret(random, 32)};
}

inline ShareSet shares(std::uint64_t seed = 7, std::uint64_t set = 1) {
  support::FakeRandom random(set);
  auto made = split(organisation(seed), kNow_ms, random);
  REQUIRE(made);
  return *std::move(made);
}

inline Kit kit() {
  support::FakeRandom random(3);
  return {decltype(Kit::slot)::random(random), crypto::random_secret(random, kCodeBytes)};
}

inline std::string text_of(const Share& share) { return std::string(share_text(share).view()); }

/// Where each typed line of a page begins.
inline std::size_t line_at(const std::string& text, std::size_t number) {
  const std::string head = (number < 10 ? "\n " : "\n") + std::to_string(number) + "  ";
  const std::size_t at = text.find(head);
  REQUIRE(at != std::string::npos);
  return at + 1;
}

}  // namespace wayside::recovery::samples
