#pragma once

#include <cstdint>
#include <iosfwd>
#include <string_view>

namespace wayside::cli {

/// A line on a terminal that says how far something is; nothing in a pipe. It goes away when this ends.
class Progress {
 public:
  Progress(std::ostream& err, bool is_terminal, std::string_view what)
      : err_(err), is_terminal_(is_terminal), what_(what) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `total` 0: not known.
  void at(std::uint64_t done, std::uint64_t total);
  void now(std::string_view what) { what_ = what; }

 private:
  std::ostream& err_;
  bool is_terminal_;
  std::string_view what_;
  std::uint64_t shown_percent_ = 101;
  bool drawn_ = false;
};

}  // namespace wayside::cli
