#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/casework/imported.h"
#include "core/schema/csv.h"
#include "platform/env.h"

/// What the importers share: reading a file by lines, JSON without leniency, and the list of what is wrong.
namespace wayside::casework {

inline constexpr std::size_t kLineLimitBytes = std::size_t{1} << 20;    ///< a save may hold no more either
inline constexpr std::size_t kTableLimitBytes = std::size_t{64} << 20;  ///< a CSV table is held in memory
inline constexpr const char* kUnreadable = "the file cannot be read to its end; try again";
inline constexpr std::size_t kProblemLimit = 10'000;                    ///< more help nobody, and fill the memory

/// Collects what is wrong; the last entry says so when there is more than anybody will read.
class Problems {
 public:
  void add(std::size_t line, std::string field, std::string what);
  [[nodiscard]] bool none() const { return all_.empty(); }
  [[nodiscard]] std::vector<ImportProblem> take() && { return std::move(all_); }

 private:
  std::vector<ImportProblem> all_;
};

/// Every id of a file, to find those that stand twice.
class SeenIds {
 public:
  /// Reads an id and complains unless it is one and new.
  std::optional<RecordId> read(std::string_view text, std::size_t line, const std::string& field, Problems& problems);

 private:
  std::unordered_set<RecordId> ids_;
};

/// Hands out a file line by line, with one buffer; LF or CRLF, the last line may lack its end, and a byte order mark
/// is passed over.
class LineReader {
 public:
  struct Line {
    std::size_t number = 0;       ///< from 1
    std::string_view text;        ///< valid until the next call
    bool too_long = false;        ///< over kLineLimitBytes; `text` is then empty
  };

  explicit LineReader(platform::File& file) : file_(file) {}
  /// Nothing at the end of the file.
  Result<std::optional<Line>> next();

 private:
  Result<bool> fill();            ///< false at the end of the file

  platform::File& file_;
  std::uint64_t offset_ = 0;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t number_ = 0;
};

/// Complains about heads that stand twice.
void refuse_double_heads(const schema::CsvRow& heads, Problems& problems);

/// A key or a head as a problem names it: cut when it is too long to be a name.
std::string short_name(std::string_view name);

/// All rows of a file of comma separated values, the heads first. Nothing when the file cannot be read, is over
/// kTableLimitBytes, empty, broken or not UTF-8; `problems` then says so.
std::optional<std::vector<schema::CsvRow>> read_table(platform::File& file, Problems& problems);

/// One JSON document, and nothing after it. The error is what is wrong, in words: not UTF-8, broken at a byte, a key
/// that stands twice in one object, nested too deeply.
std::expected<nlohmann::json, std::string> strict_json(std::string_view text);

/// Calls `read(line, object)` for each line that holds a JSON object; complains about all others. Empty lines are
/// passed over.
template <class Read>
void for_each_object(platform::File& file, Problems& problems, Read read) {
  LineReader lines(file);
  for (;;) {
    const auto line = lines.next();
    if (!line) return problems.add(0, {}, kUnreadable);
    if (!*line) return;
    const auto& [number, text, too_long] = **line;
    if (too_long) {
      problems.add(number, {}, "is longer than 1 MiB; split the record");
      continue;
    }
    if (text.empty()) continue;
    const auto json = strict_json(text);
    if (!json) {
      problems.add(number, {}, json.error());
    } else if (!json->is_object()) {
      problems.add(number, {}, "needs one JSON object in braces");
    } else {
      read(number, *json);
    }
  }
}

}  // namespace wayside::casework
