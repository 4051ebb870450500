#include "core/casework/rules/json_reader.h"

#include "core/base/value.h"

namespace wayside::casework::rules {
namespace {

constexpr std::size_t kTextLimitBytes = 10'000;
constexpr std::size_t kListLimit = 10'000;

const json& empty_object() {
  static const json kEmpty = json::object();
  return kEmpty;
}

}  // namespace

JsonReader::JsonReader(const json& object, std::string path) : object_(&object), path_(std::move(path)) {
  if (object.is_object()) return;
  object_ = &empty_object();
  complain("", "needs an object");
}

bool JsonReader::has(std::string_view key) const {
  const auto found = object_->find(std::string(key));
  return found != object_->end() && !found->is_null();
}

const json* JsonReader::find(std::string_view key) {
  asked_.emplace(key);
  const auto found = object_->find(std::string(key));
  return found == object_->end() || found->is_null() ? nullptr : &*found;
}

const json& JsonReader::whole() {
  for (const auto& [key, value] : object_->items()) asked_.insert(key);
  return *object_;
}

void JsonReader::complain(std::string_view key, std::string_view what) {
  if (error_) return;
  auto where = path_ + (path_.empty() || key.empty() ? "" : ".") + std::string(key);
  if (where.empty()) where = "input";
  error_ = Error{Errc::bad_input, where + ": " + std::string(what)};
}

std::optional<std::string> JsonReader::clean_text(std::string_view key, const json& value) {
  if (!value.is_string()) {
    complain(key, "needs a text");
    return std::nullopt;
  }
  const auto& text = value.get_ref<const std::string&>();
  if (text.size() <= kTextLimitBytes && is_clean_utf8(text)) return text;
  complain(key, "is too long, or no clean text");
  return std::nullopt;
}

std::string JsonReader::text(std::string_view key) {
  const auto* value = find(key);
  return value ? clean_text(key, *value).value_or("") : "";
}

std::optional<bool> JsonReader::flag(std::string_view key) {
  const auto* value = find(key);
  if (!value) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  complain(key, "needs true or false");
  return std::nullopt;
}

std::optional<std::int64_t> JsonReader::number(std::string_view key, std::int64_t min, std::int64_t max) {
  const auto* value = find(key);
  if (!value) return std::nullopt;
  const bool fits =
      value->is_number_integer() &&
      !(value->is_number_unsigned() &&
        value->get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
  if (fits && value->get<std::int64_t>() >= min && value->get<std::int64_t>() <= max) return value->get<std::int64_t>();
  complain(key, "needs a whole number" +
                    (min > std::numeric_limits<std::int64_t>::min() ? " from " + std::to_string(min) : std::string()) +
                    (max < std::numeric_limits<std::int64_t>::max() ? " to " + std::to_string(max) : std::string()));
  return std::nullopt;
}

std::optional<Day> JsonReader::day(std::string_view key) {
  const auto* value = find(key);
  if (!value) return std::nullopt;
  if (value->is_string()) {
    if (const auto day = day_of(value->get_ref<const std::string&>())) return day;
  }
  complain(key, "needs a day such as 2026-06-10, years 1900 to 2199");
  return std::nullopt;
}

Day JsonReader::needed_day(std::string_view key) {
  if (!has(key)) complain(key, "is missing");
  return day(key).value_or(Day{});
}

std::vector<std::string> JsonReader::texts(std::string_view key) {
  std::vector<std::string> out;
  const auto* value = find(key);
  if (!value) return out;
  if (!value->is_array() || value->size() > kListLimit) {
    complain(key, "needs a list of texts");
    return out;
  }
  for (const auto& each : *value) out.push_back(clean_text(key, each).value_or(""));
  return out;
}

std::set<std::string> JsonReader::text_set(std::string_view key) {
  const auto all = texts(key);
  return {all.begin(), all.end()};
}

std::vector<Day> JsonReader::days(std::string_view key) {
  std::vector<Day> out;
  for (const auto& each : texts(key)) {
    if (const auto day = day_of(std::string_view(each))) out.push_back(*day);
    else complain(key, "needs days such as 2026-06-10, years 1900 to 2199");
  }
  return out;
}

JsonReader JsonReader::object(std::string_view key) {
  const auto* value = find(key);
  return {value ? *value : empty_object(), path_ + (path_.empty() ? "" : ".") + std::string(key)};
}

std::vector<JsonReader> JsonReader::objects(std::string_view key) {
  std::vector<JsonReader> out;
  const auto* value = find(key);
  if (!value) return out;
  if (!value->is_array() || value->size() > kListLimit) {
    complain(key, "needs a list of objects");
    return out;
  }
  for (std::size_t i = 0; i < value->size(); ++i)
    out.emplace_back((*value)[i],
                     path_ + (path_.empty() ? "" : ".") + std::string(key) + "[" + std::to_string(i) + "]");
  return out;
}

void JsonReader::take(JsonReader& inner) {
  if (const auto result = inner.done(); !result && !error_) error_ = result.error();
}

Result<void> JsonReader::done() {
  for (const auto& [key, value] : object_->items()) {
    if (!asked_.contains(key)) complain(key.size() > 100 ? "a key" : key, "is no key here");
  }
  if (error_) return std::unexpected(*error_);
  return {};
}

}  // namespace wayside::casework::rules
