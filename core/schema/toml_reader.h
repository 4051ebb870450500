#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/schema/kinds.h"
#include "core/schema/toml.h"
#include "platform/result.h"

namespace wayside::schema {

/// Text that a form can show as it stands: UTF-8 without control characters, and without the marks that turn the
/// direction of what follows, which let a label read as something else. Line ends and tabs are allowed.
bool is_plain_text(std::string_view text);

/// Errc::bad_input with file and line. Every file that a person may write is read by this.
Result<toml::table> read_toml(std::string_view path, std::string_view text);

/// "records/person.toml line 12"
std::string place_in(std::string_view path, std::size_t line);

/// A TOML table read key by key. The first thing that is wrong is kept, with its place; what is asked for later is
/// then empty. `finish` also refuses keys that nobody asked for.
class TomlReader {
 public:
  TomlReader(std::string_view path, const toml::table& table) : path_(path), table_(table) {}

  std::string text(std::string_view key, bool needed = false) {
    const auto* node = get(key, needed);
    if (node == nullptr) return {};
    const auto value = node->value_exact<std::string>();
    if (!value) complain(*node, std::string(key) + " is a text in quotes");
    else if (!is_plain_text(*value)) complain(*node, std::string(key) + " holds characters that nobody sees");
    else return *value;
    return {};
  }
  bool flag(std::string_view key, bool otherwise) {
    const auto* node = get(key, false);
    if (node == nullptr) return otherwise;
    if (const auto value = node->value_exact<bool>()) return *value;
    complain(*node, std::string(key) + " is true or false");
    return otherwise;
  }
  std::optional<std::int64_t> number(std::string_view key, bool needed = false) {
    const auto* node = get(key, needed);
    if (node == nullptr) return std::nullopt;
    if (const auto value = node->value_exact<std::int64_t>()) return *value;
    complain(*node, std::string(key) + " is a whole number");
    return std::nullopt;
  }
  std::uint32_t id() {
    const auto value = number("id", true).value_or(0);
    if (value > 0 && value <= 0xFFFF) return static_cast<std::uint32_t>(value);
    complain(table_, "id is a number from 1 to 65535");
    return 0;
  }
  template <class E, std::size_t n>
  E choice(std::string_view key, const std::array<Named<E>, n>& table, std::optional<E> otherwise = std::nullopt) {
    const auto name = text(key, !otherwise);
    if (name.empty()) return otherwise.value_or(E{});
    if (const auto value = named(table, name)) return *value;
    complain(table_, std::string(key) + " is none of the known ones: " + name);
    return E{};
  }
  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> all;
    const auto* node = get(key, false);
    if (node == nullptr) return all;
    const auto* array = node->as_array();
    if (array == nullptr) return complain(*node, std::string(key) + " is a list of texts"), all;
    for (const auto& item : *array) {
      if (const auto value = item.value_exact<std::string>(); value && is_plain_text(*value)) all.push_back(*value);
      else complain(item, std::string(key) + " is a list of texts");
    }
    return all;
  }
  /// Calls `read(TomlReader&)` for each table of the array at `key`.
  template <class Read>
  void tables(std::string_view key, Read read) {
    const auto* node = get(key, true);
    const auto* array = node == nullptr ? nullptr : node->as_array();
    if (array == nullptr) return complain(table_, std::string(key) + " is a list of tables");
    for (const auto& item : *array) {
      if (const auto* table = item.as_table()) {
        TomlReader inner(path_, *table);
        read(inner);
        inner.refuse_unasked();
        if (!error_) error_ = inner.error_;
      } else {
        complain(item, std::string(key) + " is a list of tables");
      }
    }
  }
  /// Where the table begins.
  [[nodiscard]] std::string place() const { return place_in(path_, table_.source().begin.line); }
  Result<void> finish() {
    refuse_unasked();
    if (error_) return std::unexpected(*error_);
    return {};
  }

 private:
  const toml::node* get(std::string_view key, bool needed) {
    asked_.emplace_back(key);
    const auto* node = table_.get(key);
    if (node == nullptr && needed) complain(table_, "lacks " + std::string(key));
    return node;
  }
  void refuse_unasked() {
    for (const auto& [key, node] : table_) {
      if (std::ranges::find(asked_, key.str()) == asked_.end()) {
        complain(node, "the key " + std::string(key.str()) + " is not known here");
      }
    }
  }
  void complain(const toml::node& where, std::string what) {
    if (error_) return;
    error_ = Error{Errc::bad_input, place_in(path_, where.source().begin.line) + ": " + what};
  }

  std::string path_;
  const toml::table& table_;
  std::vector<std::string> asked_;
  std::optional<Error> error_;
};

}  // namespace wayside::schema
