#include "ui/cli/amounts.h"

namespace wayside::cli {

std::string count_of(std::uint64_t n, std::string_view one, std::string_view many) {
  return std::to_string(n) + " " + std::string(n == 1 ? one : many);
}

std::string size_of(std::uint64_t bytes) {
  if (bytes < 100'000) return std::to_string((bytes + 999) / 1000) + " kB";
  const std::uint64_t tenths = (bytes + 50'000) / 100'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

}  // namespace wayside::cli
