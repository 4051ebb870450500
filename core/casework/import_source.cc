#include "core/casework/import_source.h"

#include <algorithm>
#include <set>

#include "core/base/value.h"

namespace wayside::casework {
namespace {

constexpr std::size_t kReadBytes = std::size_t{64} << 10;
constexpr std::size_t kLongestName = 60;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr int kDeepest = 16;      // the standard workload nests three levels

Result<std::string> read_all(platform::File& file) {
  WAYSIDE_TRY(const auto size, file.size());
  if (size > kTableLimitBytes) return fail(Errc::too_large);
  std::string text(static_cast<std::size_t>(size), '\0');
  WAYSIDE_TRY(const auto got, file.read_at(0, {text.data(), text.size()}));
  text.resize(got);
  return text;
}

void refuse_unclean_lines(std::string_view text, Problems& problems) {
  for (std::size_t line = 1; !text.empty(); ++line) {
    const auto end = std::min(text.find('\n'), text.size());
    if (!is_clean_utf8(text.substr(0, end))) problems.add(line, {}, "is not clean UTF-8; save the file as UTF-8");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

void Problems::add(std::size_t line, std::string field, std::string what) {
  if (all_.size() < kProblemLimit) {
    all_.push_back({line, std::move(field), std::move(what)});
  } else if (all_.size() == kProblemLimit) {
    all_.push_back({line, {}, "and more from here on; mend those above first"});
  }
}

std::optional<RecordId> SeenIds::read(std::string_view text, std::size_t line, const std::string& field,
                                      Problems& problems) {
  const auto id = id_from_text<RecordId>(text);
  if (!id) {
    problems.add(line, field, "needs an id such as 01941f29-7c00-7a31-9c1e-4be7a1b2c3d4");
  } else if (!ids_.insert(*id).second) {
    problems.add(line, field, "stands for another record of this file already; give each its own id");
  } else {
    return id;
  }
  return std::nullopt;
}

Result<bool> LineReader::fill() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  const auto old_size = buffer_.size();
  buffer_.resize(old_size + kReadBytes);
  const auto got = file_.read_at(offset_, {buffer_.data() + old_size, kReadBytes});
  buffer_.resize(old_size + got.value_or(0));
  if (!got) return std::unexpected(got.error());
  offset_ += *got;
  return *got > 0;
}

Result<std::optional<LineReader::Line>> LineReader::next() {
  Line line{number_ + 1, {}, false};
  std::size_t searched = 0;
  for (;;) {
    const auto end = buffer_.find('\n', begin_ + searched);
    if (end != std::string::npos) {
      line.text = std::string_view(buffer_).substr(begin_, end - begin_);
      begin_ = end + 1;
      break;
    }
    searched = buffer_.size() - begin_;
    if (searched > kLineLimitBytes) {   // forget what nobody will look at
      line.too_long = true;
      begin_ = buffer_.size();
      searched = 0;
    }
    WAYSIDE_TRY(const bool more, fill());
    if (more) continue;
    line.text = std::string_view(buffer_).substr(begin_);
    begin_ = buffer_.size();
    if (line.text.empty() && !line.too_long) return std::optional<Line>();
    break;
  }
  number_ = line.number;
  if (number_ == 1 && line.text.starts_with(kByteOrderMark)) line.text.remove_prefix(kByteOrderMark.size());
  if (line.text.ends_with('\r')) line.text.remove_suffix(1);
  if (line.text.size() > kLineLimitBytes) line.too_long = true;
  if (line.too_long) line.text = {};
  return std::optional(line);
}

std::string short_name(std::string_view name) {
  if (name.size() <= kLongestName) return std::string(name);
  auto end = kLongestName;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;  // not inside a letter
  return std::string(name.substr(0, end)) + "…";
}

std::optional<std::vector<schema::CsvRow>> read_table(platform::File& file, Problems& problems) {
  const auto text = read_all(file);
  if (!text) {
    problems.add(0, {}, text.error().code == Errc::too_large ? "is larger than 64 MiB; split the table" : kUnreadable);
    return std::nullopt;
  }
  refuse_unclean_lines(*text, problems);
  if (!problems.none()) return std::nullopt;
  auto rows = schema::parse_csv(*text);
  if (!rows) {
    problems.add(rows.error().line, {}, rows.error().what);
  } else if (rows->empty()) {
    problems.add(0, {}, "is empty; its first row names the columns");
  } else {
    return *std::move(rows);
  }
  return std::nullopt;
}

void refuse_double_heads(const schema::CsvRow& heads, Problems& problems) {
  std::set<std::string_view> seen;
  for (const auto& head : heads.cells) {
    if (!seen.insert(head).second)
      problems.add(heads.line, short_name(head), "stands twice; remove one of the columns");
  }
}

std::expected<nlohmann::json, std::string> strict_json(std::string_view text) {
  using nlohmann::json;
  if (!is_clean_utf8(text)) return std::unexpected("is not clean UTF-8; save the file as UTF-8");
  bool key_twice = false;
  bool too_deep = false;
  std::vector<std::set<std::string>> keys;
  const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
    const bool opens = event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
    too_deep |= opens && depth >= kDeepest;
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end) keys.pop_back();
    if (event == json::parse_event_t::key) key_twice |= !keys.back().insert(parsed.get<std::string>()).second;
    return !too_deep;
  };
  // The library's words quote the text, so only the place is kept.
  try {
    auto parsed = json::parse(text, watch);
    if (too_deep) return std::unexpected("is nested too deeply");
    if (key_twice) return std::unexpected("names a key twice in one object; keep one of them");
    return parsed;
  } catch (const json::parse_error& error) {
    return std::unexpected("is broken JSON at byte " + std::to_string(error.byte) + "; mend or remove the line");
  }
}

}  // namespace wayside::casework
