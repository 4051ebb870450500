#pragma once

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <string>

#include "core/casework/import_leicester.h"
#include "core/casework/rules/matching.h"
#include "tests/core/import/import_helpers.h"

namespace wayside::casework::rules {

/// Leicester's table as the real importer reads it.
inline std::vector<Service> leicester() {
  TextFile file(test_data("leicester_services.csv"));
  const auto made = all_of(import_leicester(schema::current(), file));
  std::vector<Service> out;
  for (const auto& record : made.at(0).records)
    out.push_back(service_from(record.id, RecordFields(schema::current(), record)));
  return out;
}

inline RecordId id_number(unsigned char number) {
  RecordId id;
  id.bytes.back() = static_cast<decltype(id.bytes)::value_type>(number);
  return id;
}

inline Member woman(std::optional<int> age = 30) { return {Sex::female, age}; }
inline Member man(std::optional<int> age = 30) { return {Sex::male, age}; }
inline Member son(std::optional<int> age) { return {Sex::male, age}; }
inline Member daughter(std::optional<int> age) { return {Sex::female, age}; }

inline Household woman_alone() {
  Household out;
  out.adults = {woman()};
  return out;
}

inline Service house() {
  Service out;
  out.id = id_number(1);
  out.name = "House";
  out.kind = "accommodation";
  return out;
}

inline Match match_one(const Household& household, const Service& service, const std::vector<Unit>& units = {}) {
  return match(household, service, units, 0);
}
inline Answer answer(const Household& household, const Service& service, const std::vector<Unit>& units = {}) {
  return match_one(household, service, units).answer;
}
/// All sentences of a match, one a line.
inline std::string why(const Match& match) {
  std::string out;
  for (const auto& reason : match.reasons) out += reason.sentence + "\n";
  return out;
}
inline bool says(const Match& match, std::string_view words) { return why(match).find(words) != std::string::npos; }

inline Day day(std::string_view text) {
  const auto read = day_of(text);
  REQUIRE(read.has_value());
  return *read;
}

}  // namespace wayside::casework::rules

template <>
struct Catch::StringMaker<wayside::casework::rules::Answer> {
  static std::string convert(wayside::casework::rules::Answer answer) {
    return std::string(wayside::casework::rules::name_of(answer));
  }
};
