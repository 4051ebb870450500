#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Numbers as people read them.
namespace wayside::cli {

/// "1 change", "2 changes".
std::string count_of(std::uint64_t n, std::string_view one, std::string_view many);
/// "7 kB", "1.2 MB".
std::string size_of(std::uint64_t bytes);

}  // namespace wayside::cli
