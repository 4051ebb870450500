#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "platform/env.h"

/// A log that cannot hold case data: it takes words that stand in our source, numbers, codes and public ids.
/// There is no way to hand it a text of unknown origin; it does not compile.
///
///   log.info("pushed", {{"envelopes", count}, {"ledger", ledger_id}, {"failed", error.code}});
///   → 2026-06-10T16:20:00.123 info pushed envelopes=12 ledger=5f0c… failed=unreachable
namespace wayside::platform {

/// A string literal of our source.
class Word {
 public:
  template <std::size_t kSize>
  consteval Word(const char (&text)[kSize]) : text_(text, kSize - 1) {}
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

/// The ids of core/base/ids.h: random or hashed bytes of a fixed length, never text.
template <class T>
concept PublicId = requires(const T& id) {
  requires T::size_bytes == 16 || T::size_bytes == 32;
  id.bytes;
  { id.view() } -> std::same_as<BytesView>;
};

template <class T>
concept Number = std::floating_point<T> || (std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>);

class LogField {
 public:
  LogField(Word name, Word value) : name_(name), value_(value.text()) {}
  LogField(Word name, Errc code) : name_(name), value_(name_of(code)) {}
  template <std::same_as<bool> T>  // a template: else a pointer to text would become a bool
  LogField(Word name, T value) : name_(name), value_(value ? "yes" : "no") {}
  template <Number T>
  LogField(Word name, T value) : name_(name), value_(std::to_string(value)) {}
  template <PublicId T>
  LogField(Word name, const T& id) : name_(name), value_(to_hex(id.view())) {}

  [[nodiscard]] std::string_view name() const { return name_.text(); }
  [[nodiscard]] std::string_view value() const { return value_; }

 private:
  Word name_;
  std::string value_;
};

/// Any thread may write. Never throws and never fails: a full disk costs log lines and nothing else.
class Log {
 public:
  using Fields = std::initializer_list<LogField>;

  static Log to_stderr();
  /// 0600, at most 1 MiB; the one before it is kept as `path`.1. Errc::io and the like when it cannot be written.
  static Result<Log> to_file(const Path& path);
  static Log to_nowhere();

  ~Log();
  Log(Log&&) noexcept;
  Log& operator=(Log&&) noexcept;

  void info(Word event, Fields fields = {}) const;
  void warn(Word event, Fields fields = {}) const;
  void error(Word event, Fields fields = {}) const;

 private:
  struct Sink;
  explicit Log(std::unique_ptr<Sink> sink);
  std::unique_ptr<Sink> sink_;
};

}  // namespace wayside::platform
