#include "ui/app/sentences.h"

#include <catch2/catch_test_macros.hpp>

using namespace wayside;
using app::Exit;

namespace {
std::vector<Errc> all_codes() {
  std::vector<Errc> codes;
  for (int number = 1; name_of(static_cast<Errc>(number)) != "unknown"; ++number)
    codes.push_back(static_cast<Errc>(number));
  return codes;
}
}  // namespace

TEST_CASE("every failure has a sentence, with and without a place") {
  REQUIRE(all_codes().size() >= 35);
  for (const Errc code : all_codes()) {
    INFO(name_of(code));
    for (const char* detail : {"", "/home/amina/vault"}) {
      const std::string words = app::sentence({code, detail});
      CHECK(words.size() >= std::string_view(detail).size() + 1);
      CHECK(words.contains(' ') != (code == Errc::usage && *detail != '\0'));
      CHECK(words.ends_with('.'));
      CHECK_FALSE(words.contains('{'));
      CHECK_FALSE(words.contains('}'));
      CHECK_FALSE(words.contains('!'));
      CHECK_FALSE(words.contains(".."));
      CHECK_FALSE(words.contains("()"));
    }
    const bool names_its_place =
        code != Errc::wrong_passphrase && code != Errc::no_cipher && code != Errc::stale_head && code != Errc::later &&
        code != Errc::office_waits;
    CHECK(app::sentence({code, "/home/amina/vault"}).contains("/home/amina/vault") == names_its_place);
  }
}

TEST_CASE("exit codes are those that scripts rely on") {
  CHECK(app::to_int(app::exit_of(Errc::usage)) == 2);
  CHECK(app::to_int(app::exit_of(Errc::wrong_passphrase)) == 3);
  CHECK(app::to_int(app::exit_of(Errc::locked)) == 3);
  CHECK(app::to_int(app::exit_of(Errc::unreachable)) == 5);
  CHECK(app::to_int(app::exit_of(Errc::busy)) == 1);
  for (const Errc code : {Errc::bad_input, Errc::unknown_type, Errc::unknown_field, Errc::unknown_code, Errc::too_large, Errc::differs}) {
    CHECK(app::to_int(app::exit_of(code)) == 6);
  }
  CHECK(app::to_int(Exit::done) == 0);
  CHECK(app::to_int(Exit::waits) == 4);
  CHECK(app::to_int(Exit::bad_input) == 6);
  for (const Errc code : all_codes()) CHECK(app::exit_of(code) != Exit::done);
}

TEST_CASE("a place that ends a sentence of its own does not end it twice") {
  CHECK(app::sentence({Errc::usage, "Name a role."}) == "Name a role.");
  CHECK(app::sentence({Errc::usage, "Name a role"}) == "Name a role.");
}

TEST_CASE("an office that asks to come back says when, by the clock on the wall") {
  const std::string words = app::sentence({Errc::later, "1750000000000"});
  CHECK(words.contains("(after "));
  CHECK_FALSE(words.contains("1750000000000"));
  CHECK_FALSE(app::sentence({Errc::later, "no number"}).contains("no number"));
}
