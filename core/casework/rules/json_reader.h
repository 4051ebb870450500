#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/casework/rules/dates.h"
#include "platform/result.h"

/// Reads one JSON object strictly: keys that nobody asked for and values of another kind are errors that name the key.
/// A key that is missing and a null are the same.
namespace wayside::casework::rules {

using nlohmann::json;

class JsonReader {
 public:
  /// `path` names the object in errors: "adults[2]". Keeps a pointer to `object`.
  JsonReader(const json& object, std::string path);

  std::string text(std::string_view key);  ///< at most 10,000 bytes of clean UTF-8
  std::optional<bool> flag(std::string_view key);
  std::optional<std::int64_t> number(std::string_view key, std::int64_t min = std::numeric_limits<std::int64_t>::min(),
                                     std::int64_t max = std::numeric_limits<std::int64_t>::max());
  std::optional<Day> day(std::string_view key);
  Day needed_day(std::string_view key);  ///< an error when it is missing
  std::vector<std::string> texts(std::string_view key);
  std::set<std::string> text_set(std::string_view key);
  std::vector<Day> days(std::string_view key);
  /// An object, or an empty one when the key is missing. Ask `take` for its error when done with it.
  JsonReader object(std::string_view key);
  std::vector<JsonReader> objects(std::string_view key);
  [[nodiscard]] bool has(std::string_view key) const;
  /// The object itself, for who reads it in another way; its keys then count as asked for.
  const json& whole();

  /// Notes that something is wrong; the first stays.
  void complain(std::string_view key, std::string_view what);
  /// The first thing that is wrong, or a key that nobody has asked for.
  Result<void> done();
  /// Makes the error of an inner object this one's.
  void take(JsonReader& inner);

 private:
  const json* find(std::string_view key);
  std::optional<std::string> clean_text(std::string_view key, const json& value);

  const json* object_;
  std::string path_;
  std::set<std::string, std::less<>> asked_;
  std::optional<Error> error_;
};

}  // namespace wayside::casework::rules
