#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>

#include "core/schema/lint.h"
#include "core/schema/schema.h"

using namespace wayside::schema;

namespace {

/// The files that the page on adding a record type gives as its example, by path below core/schema.
std::map<std::string, std::string> example_files() {
  constexpr std::string_view kIndent = "    ";
  constexpr std::string_view kPath = "# core/schema/";
  std::ifstream page(WAYSIDE_ADDING_PAGE);
  std::map<std::string, std::string> files;
  std::string path;
  for (std::string line; std::getline(page, line);) {
    if (!line.empty() && !line.starts_with(kIndent)) path.clear();
    if (line.size() > kIndent.size()) line.erase(0, kIndent.size());
    if (line.starts_with(kPath)) path = line.substr(kPath.size());
    else if (!path.empty()) files[path] += line + "\n";
  }
  return files;
}

std::string builtin_text(std::string_view path) {
  for (const auto& file : builtin_files()) {
    if (file.path == path) return std::string(file.text);
  }
  return {};
}

}  // namespace

TEST_CASE("the record type on the page about adding one works as it stands there") {
  const auto example = example_files();
  REQUIRE(example.size() == 3);
  REQUIRE(example.contains("field_ids.csv"));
  auto files = builtin_files();
  for (const auto& [path, text] : example) {
    if (path != "field_ids.csv") files.push_back({path, text});
  }
  const auto schema = Schema::parse(files);
  INFO((schema ? "" : schema.error().detail));
  REQUIRE(schema.has_value());
  CHECK(schema->types().size() == current().types().size() + 1);
  CHECK(unused_code_lists(*schema).empty());
  std::string rows;
  std::istringstream lines(example.at("field_ids.csv"));
  for (std::string line; std::getline(lines, line);) rows += line.empty() ? "" : line + "\n";
  const auto ids = builtin_text("field_ids.csv");
  CHECK(compare_with_ledger(*schema, ids + rows).empty());
  CHECK_FALSE(compare_with_ledger(*schema, ids).empty());
}

TEST_CASE("one line of TOML adds a field") {
  std::ifstream page(WAYSIDE_ADDING_PAGE);
  std::string added;
  for (std::string line; added.empty() && std::getline(page, line);) {
    if (line.find("{ id = ") != std::string::npos) added = line + "\n";
  }
  auto person = builtin_text("records/person.toml");
  const auto section = person.find("heading = \"About the person\"");
  REQUIRE(section != std::string::npos);
  person.insert(person.find("\n]", section) + 1, added);
  auto files = builtin_files();
  for (auto& file : files) {
    if (file.path == "records/person.toml") file.text = person;
  }
  const auto schema = Schema::parse(files);
  INFO((schema ? "" : schema.error().detail));
  REQUIRE(schema.has_value());
  CHECK(schema->type("person")->fields.size() == current().type("person")->fields.size() + 1);
  CHECK(schema->field(schema->type("person")->id, 900)->section == "About the person");
}
