#include "tests/support/caseload.h"

#include <nlohmann/json.hpp>

#include "tests/core/import/import_helpers.h"

using namespace wayside;

TEST_CASE("the standard workload has the published bytes") {
  const auto made = support::make_caseload({.cases = 20});
  CHECK(made.manifest == casework::test_data("caseload_n20.json"));
}

TEST_CASE("another seed makes another workload of the same shape") {
  const auto one = support::make_caseload({.cases = 20, .seed = 1});
  const auto two = support::make_caseload({.cases = 20, .seed = 2});
  CHECK(one.cases != two.cases);
  CHECK(std::ranges::count(one.edits, '\n') == std::ranges::count(two.edits, '\n'));
}
