#pragma once

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/casework/imported.h"
#include "tests/support/fake_env.h"
#include "tests/support/read_file.h"

namespace wayside::casework {

/// A file that holds `text`, on a disk of its own.
class TextFile {
 public:
  explicit TextFile(const std::string& text) {
    file_ = disk_.open("input", platform::OpenMode::create_new).value();
    REQUIRE(file_->write_at(0, text).has_value());
  }
  operator platform::File&() { return *file_; }  // NOLINT(google-explicit-constructor)
  support::FakeFiles& disk() { return disk_; }

 private:
  support::FakeFiles disk_;
  std::unique_ptr<platform::File> file_;
};

inline std::string test_data(const std::string& name) {
  return support::read_file(std::string(WAYSIDE_TEST_DATA) + "/" + name);
}

/// The only problem that there is.
inline ImportProblem only_problem(const Imported& imported) {
  REQUIRE_FALSE(imported.has_value());
  for (const auto& problem : imported.error())
    UNSCOPED_INFO(problem.line << " " << problem.field << ": " << problem.what);
  REQUIRE(imported.error().size() == 1);
  CHECK_FALSE(imported.error()[0].what.empty());
  return imported.error()[0];
}

inline std::vector<NewCase> all_of(const Imported& imported) {
  if (!imported) {
    for (const auto& problem : imported.error())
      UNSCOPED_INFO(problem.line << " " << problem.field << ": " << problem.what);
  }
  REQUIRE(imported.has_value());
  return *imported;
}

/// The values of a field of a record; none when it has no such field.
inline std::vector<Value> values_of(const NewRecord& record, std::string_view field_name) {
  const auto* field = schema::current().type(record.type)->field(field_name);
  REQUIRE(field != nullptr);
  for (const auto& made : record.fields) {
    if (made.field == field->id) return made.values;
  }
  return {};
}

inline std::vector<Value> texts(std::initializer_list<std::string> all) {
  std::vector<Value> values;
  for (const auto& text : all) values.emplace_back(Text{text});
  return values;
}

inline std::vector<Value> codes(std::initializer_list<std::string> all) {
  std::vector<Value> values;
  for (const auto& code : all) values.emplace_back(Code{code});
  return values;
}

inline std::vector<Value> number(std::int64_t value) { return {Value(value)}; }

}  // namespace wayside::casework
