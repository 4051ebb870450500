#include "core/casework/import_source.h"

#include "tests/core/import/import_helpers.h"

using namespace wayside;
using namespace wayside::casework;

namespace {

struct Seen {
  std::vector<std::string> lines;
  std::vector<std::size_t> numbers;
  std::size_t too_long = 0;
};

Seen lines_of(const std::string& text) {
  TextFile file(text);
  LineReader reader(file);
  Seen seen;
  for (;;) {
    const auto line = reader.next();
    REQUIRE(line.has_value());
    if (!*line) return seen;
    seen.lines.emplace_back((*line)->text);
    seen.numbers.push_back((*line)->number);
    seen.too_long += (*line)->too_long ? 1 : 0;
  }
}

}  // namespace

TEST_CASE("a file is read line by line, whatever its line ends") {
  CHECK(lines_of("").lines.empty());
  CHECK(lines_of("a").lines == std::vector<std::string>{"a"});
  CHECK(lines_of("a\nb\n").lines == std::vector<std::string>{"a", "b"});
  CHECK(lines_of("\xEF\xBB\xBFx\r\n\r\ny").lines == std::vector<std::string>{"x", "", "y"});
  CHECK(lines_of("a\n\nb").numbers == std::vector<std::size_t>{1, 2, 3});
}

TEST_CASE("lines come whole across the reader's buffer") {
  for (const std::size_t length : {65'534, 65'535, 65'536, 65'537, 200'000}) {
    const std::string line(length, 'x');
    const auto seen = lines_of(line + "\n" + line + "\ny");
    CHECK(seen.lines == std::vector<std::string>{line, line, "y"});
    CHECK(seen.too_long == 0);
  }
}

TEST_CASE("a line over 1 MiB is named and passed over, the next one is read") {
  const std::string fits(kLineLimitBytes, 'x');
  for (const std::size_t extra : {1, 20, 70'000}) {   // the last one ends just behind what a reader gives up at
    const auto seen = lines_of("a\n" + fits + std::string(extra, 'x') + "\nb\n" + fits);
    CHECK(seen.too_long == 1);
    CHECK(seen.lines == std::vector<std::string>{"a", "", "b", fits});
  }
  const auto huge = lines_of(fits + fits + fits + "\nb");
  CHECK(huge.lines == std::vector<std::string>{"", "b"});
  CHECK(huge.numbers == std::vector<std::size_t>{1, 2});
  CHECK(lines_of(fits + fits).too_long == 1);
}

TEST_CASE("a disk that fails in the middle is an error, not an end") {
  TextFile file(std::string(300'000, 'x'));
  file.disk().fail_at(support::FileOperation::read, 1, Errc::io);
  LineReader reader(file);
  CHECK_FALSE(reader.next().has_value());
}

TEST_CASE("JSON without leniency") {
  CHECK(strict_json(R"({"a":[1,{"b":null}]})").has_value());
  CHECK(strict_json(R"({"a":{"x":1},"b":{"x":2}})").has_value());
  for (const auto* bad : {"", "{", "{}{}", "{'a':1}", "{\"a\":1,}", "[1,]", "nul", "{\"a\":01}", "\"\\ud800\""}) {
    INFO(bad);
    CHECK_FALSE(strict_json(bad).has_value());
  }
  CHECK(strict_json(R"({"a":1,"a":2})").error().starts_with("names a key twice"));
  CHECK(strict_json(R"({"a":{"b":1,"b":1}})").error().starts_with("names a key twice"));
  CHECK(strict_json("\"\xC3\x28\"").error().starts_with("is not clean UTF-8"));
  CHECK(strict_json(std::string(17, '[') + std::string(17, ']')).error() == "is nested too deeply");
  CHECK_FALSE(strict_json(std::string(500'000, '[')).has_value());
  CHECK_FALSE(strict_json(std::string(500'000, '[') + std::string(500'000, ']')).has_value());
}

TEST_CASE("what is wrong with JSON is told without quoting it") {
  const auto error = strict_json(R"({"forename":"Zoe","surname":Canary})").error();
  CHECK(error.find("Canary") == std::string::npos);
  CHECK(error.find("Zoe") == std::string::npos);
  CHECK(error.find("at byte 29") != std::string::npos);
}

TEST_CASE("an endless list of problems ends") {
  Problems problems;
  for (std::size_t i = 0; i < kProblemLimit + 500; ++i) problems.add(i, "f", "w");
  const auto all = std::move(problems).take();
  CHECK(all.size() == kProblemLimit + 1);
  CHECK(all.back().what.starts_with("and more"));
}

TEST_CASE("long names are cut between letters") {
  CHECK(short_name("surname") == "surname");
  CHECK(short_name(std::string(61, 'x')) == std::string(60, 'x') + "…");
  CHECK(short_name(std::string(59, 'x') + "ëë") == std::string(59, 'x') + "…");
}
