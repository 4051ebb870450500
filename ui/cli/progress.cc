#include "ui/cli/progress.h"

#include <algorithm>
#include <ostream>

namespace wayside::cli {
namespace {
constexpr std::uint64_t kBarCells = 30;
constexpr std::string_view kBackAndClear = "\r\033[K";
}  // namespace

Progress::~Progress() {
  if (drawn_) err_ << kBackAndClear << std::flush;
}

void Progress::at(std::uint64_t done, std::uint64_t total) {
  if (!is_terminal_) return;
  const std::uint64_t percent = total == 0 ? 0 : std::min(done, total) * 100 / total;
  if (drawn_ && total != 0 && percent == shown_percent_) return;  // a terminal is slower than an import
  shown_percent_ = percent;
  drawn_ = true;
  err_ << kBackAndClear << what_ << ' ';
  if (total == 0) {
    err_ << done << std::flush;
    return;
  }
  const std::uint64_t full = percent * kBarCells / 100;
  err_ << '[' << std::string(full, '#') << std::string(kBarCells - full, ' ') << "] " << percent << " %" << std::flush;
}

}  // namespace wayside::cli
