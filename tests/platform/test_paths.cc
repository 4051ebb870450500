#include <catch2/catch_test_macros.hpp>
#include <map>

#include "platform/paths.h"

using namespace wayside::platform;

namespace {

Environment with(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

}  // namespace

TEST_CASE("the vault lies where WAYSIDE_HOME says, else in the user's data folder") {
  CHECK(default_home(with({{"WAYSIDE_HOME", "/v"}, {"HOME", "/home/a"}})) == "/v");
  CHECK(default_home(with({{"XDG_DATA_HOME", "/data"}, {"HOME", "/home/a"}})) == "/data/wayside");
  CHECK(default_home(with({{"HOME", "/home/a"}})) == "/home/a/.local/share/wayside");
  CHECK(default_home(with({{"XDG_DATA_HOME", "relative"}, {"HOME", "/home/a"}})) == "/home/a/.local/share/wayside");
  CHECK(default_home(with({})).filename() == "wayside");
}

TEST_CASE("keys lie outside the vault") {
  CHECK(default_keys_folder(with({{"WAYSIDE_KEYS", "/k"}, {"HOME", "/home/a"}})) == "/k");
  CHECK(default_keys_folder(with({{"XDG_STATE_HOME", "/state"}})) == "/state/wayside/keys");
  CHECK(default_keys_folder(with({{"HOME", "/home/a"}})) == "/home/a/.local/state/wayside/keys");
  CHECK(keys_are_files(with({{"WAYSIDE_KEYS", "/k"}})));
  CHECK_FALSE(keys_are_files(with({})));
}

TEST_CASE("an empty variable of the process counts as not set") {
  ::setenv("WAYSIDE_TEST_EMPTY", "", 1);
  ::setenv("WAYSIDE_TEST_SET", "x", 1);
  CHECK_FALSE(process_environment()("WAYSIDE_TEST_EMPTY"));
  CHECK(process_environment()("WAYSIDE_TEST_SET") == "x");
}

TEST_CASE("this program knows where it lies") { CHECK(this_program().filename() == "test_platform"); }
