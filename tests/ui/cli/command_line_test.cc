#include "ui/cli/command_line.h"

#include <catch2/catch_test_macros.hpp>

using wayside::Errc;
using wayside::cli::split_words;
using Words = std::vector<std::string>;

TEST_CASE("a line is cut into words as a shell cuts it") {
  CHECK(*split_words("") == Words{});
  CHECK(*split_words("  \t \r") == Words{});
  CHECK(*split_words("list person") == Words{"list", "person"});
  CHECK(*split_words("  list\tperson \r") == Words{"list", "person"});
  CHECK(*split_words("put --set 'name=O''Brien'") == Words{"put", "--set", "name=OBrien"});
  CHECK(*split_words(R"(put --set "text=She said \"now\" \\ then \n")") ==
        Words{"put", "--set", R"(text=She said "now" \ then \n)"});
  CHECK(*split_words(R"(a\ b \'c\')") == Words{"a b", "'c'"});
  CHECK(*split_words("'a'\"b\"c ''") == Words{"abc", ""});
  CHECK(*split_words("naïve='ça va'") == Words{"naïve=ça va"});
}

TEST_CASE("a comment ends a line, but only at the beginning of a word") {
  CHECK(*split_words("# nothing") == Words{});
  CHECK(*split_words("list person # all of them") == Words{"list", "person"});
  CHECK(*split_words("find flat#3 '#4'") == Words{"find", "flat#3", "#4"});
}

TEST_CASE("nothing is expanded") {
  CHECK(*split_words("find $HOME `id` * ~ a|b;c&d>e") == Words{"find", "$HOME", "`id`", "*", "~", "a|b;c&d>e"});
}

TEST_CASE("an open quote is refused, and a backslash at the end") {
  for (const char* line : {"put 'a", "put \"a", "put \"a\\\"", "put a\\"}) {
    INFO(line);
    CHECK(split_words(line).error().code == Errc::usage);
  }
}
