#include "ui/cli/passphrase.h"

#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;

namespace {

SecretString typed(std::string_view text) {
  SecretString secret;
  REQUIRE(secret.append(text));
  return secret;
}

}  // namespace

TEST_CASE("the passphrase is the first line of its file, whatever ends it") {
  Home home;
  platform::RealEnv real([](const char*) { return std::nullopt; });
  platform::Env env = real.env();
  for (const char* text : {"six words", "six words\n", "six words\r\n", "six words\nand another line\n"}) {
    const auto read = cli::passphrase_from_file(env.files, home.write("file", text));
    REQUIRE(read.has_value());
    CHECK(read->view() == "six words");
  }
  CHECK(cli::passphrase_from_file(env.files, home.write("file", "\nsix words\n")).error().code == Errc::usage);
  CHECK(cli::passphrase_from_file(env.files, home.write("file", std::string(5000, 'x'))).error().code ==
        Errc::too_large);
  CHECK(cli::passphrase_from_file(env.files, home.path("none")).error().code == Errc::usage);
}

TEST_CASE("easy passphrases are named as such, more of them where the device's secret is only a file") {
  CHECK(cli::passphrase_advice(typed("password123"), false).contains("easy to guess"));
  CHECK(cli::passphrase_advice(typed("wayside wayside"), false).contains("easy to guess"));
  CHECK(cli::passphrase_advice(typed(Home::kPassphrase), true).empty());
  const auto middling = typed("blue kettle 47");
  CHECK(cli::passphrase_advice(middling, false).empty());
  CHECK(cli::passphrase_advice(middling, true).contains("only a file"));
}

TEST_CASE("a new passphrase needs eight bytes; a weak one is warned of and taken") {
  Home home;
  home.write("passphrase", "short\n");
  const auto refused = home.run({"solo", "--device-name", "Laptop"});
  CHECK(refused.code == 2);
  CHECK(refused.err.contains("8 characters"));
  CHECK_FALSE(std::filesystem::exists(home.home() / "header"));

  home.write("passphrase", "password\n");
  const auto made = home.run({"solo", "--device-name", "Laptop"});
  CHECK(made.code == 0);
  CHECK(made.err.contains("easy to guess"));
  CHECK_FALSE(made.err.contains("password\n"));
}

TEST_CASE("passphrase change: the old one no longer opens, the new one does, and old copies are spoken of") {
  Home home;
  home.solo();
  const auto new_file = home.write("new", "five brown otters under the bridge\n");
  const auto changed = home.run({"passphrase", "change", "--new-passphrase-file", new_file, "--json"});
  REQUIRE(changed.code == 0);
  CHECK(changed.err.contains("old passphrase"));
  CHECK(home.run({"digest"}).code == 3);
  home.write("passphrase", "five brown otters under the bridge");
  CHECK(home.run({"digest"}).code == 0);
}

TEST_CASE("changing the passphrase needs the old one") {
  Home home;
  home.solo();
  home.write("passphrase", "not the passphrase");
  const auto new_file = home.write("new", "five brown otters under the bridge\n");
  CHECK(home.run({"passphrase", "change", "--new-passphrase-file", new_file}).code == 3);
  home.write("passphrase", Home::kPassphrase);
  CHECK(home.run({"digest"}).code == 0);
}
