#include "core/schema/document.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>

#include "tests/support/read_file.h"

using namespace wayside::schema;

namespace {

/// What the page holds. With WAYSIDE_WRITE_DOCS set, writes it first.
std::string page(const std::string& now) {
  if (std::getenv("WAYSIDE_WRITE_DOCS") != nullptr) std::ofstream(WAYSIDE_RECORDS_PAGE, std::ios::binary) << now;
  return wayside::support::read_file(WAYSIDE_RECORDS_PAGE);
}

/// The first line in which two pages differ, so that a stale page says where.
std::string first_difference(const std::string& a, const std::string& b) {
  const auto at = static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  const auto begin = at == 0 ? std::string::npos : a.rfind('\n', at - 1);
  return a.substr(begin == std::string::npos ? 0 : begin + 1, a.find('\n', at) - begin);
}

}  // namespace

TEST_CASE("the page on records says what the schema says") {
  const auto now = document(current());
  const auto written = page(now);
  INFO("docs/records.md is stale; its head says how to write it anew. First difference: " << first_difference(now,
                                                                                                              written));
  CHECK((now == written));
}

TEST_CASE("the page on records tells a field's rules") {
  constexpr auto kType = R"(id = 9
name = "thing"
label = "Thing"
plural = "Things"
group = "Test"
help = "A thing."
compartment = "perpetrator"
title = ["level"]
[[section]]
heading = "All"
fields = [
  { id = 17, name = "b", label = "B", kind = "reference", to = ["thing"], policy = "review", sensitivity = "S4" },
]
[[section]]
heading = "More"
[[section.fields]]
id = 16
name = "level"
label = "Level"
kind = "code"
list = "levels"
policy = "protective"
order = "rank"
sensitivity = "S4"
required = "to_close"
or = "b"
help = "A | B."
)";
  const auto schema = Schema::parse({{"records/thing.toml", kType},
                                     {"codelists/levels.csv", "name,code,label,rank,source\nlevels,LOW,Low,1,test\n"}});
  REQUIRE(schema.has_value());
  const auto text = document(*schema);
  const auto says = [&](std::string_view part) { return text.find(part) != std::string::npos; };
  CHECK(says("`thing`, number 9, in a case, in the compartment perpetrator. A thing."));
  CHECK(
      says("| `level` | Level | [`levels`](#list-levels) | protective (rank) | close, or `b` | S4, perpetrator | "
           "A \\| B. |"));
  CHECK(says("| `b` | B | reference to [`thing`](#thing) | review | | S4, perpetrator | |"));
  CHECK(says("| `LOW` | Low | 1 | test |"));
}
