#include "tests/e2e/opened.h"

#include <catch2/catch_test_macros.hpp>

#include "core/schema/schema.h"

namespace wayside::e2e {
namespace {

platform::Environment environment_of(const Stage& stage) {
  return [all = stage.environment()](const char* name) -> std::optional<std::string> {
    const auto found = all.find(name);
    return found == all.end() || found->second.empty() ? std::nullopt : std::optional(found->second);
  };
}

}  // namespace

Opened::Opened(const Stage& stage, const Home& home) : real_(environment_of(stage)), env_(real_.env()) {
  REQUIRE(schema::load_builtin());
  SecretString passphrase;
  REQUIRE(passphrase.append(kPassphrase));
  auto opened = vault::Vault::open(env_, home.path(), passphrase);
  if (!opened) FAIL(name_of(opened.error().code) << " " << opened.error().detail);
  vault_ = *std::move(opened);
}

}  // namespace wayside::e2e
