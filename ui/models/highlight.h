#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace wayside::models {

struct Range {
  std::size_t begin;
  std::size_t end;
  bool operator==(const Range&) const = default;
};

/// Where the words of a search stand in a text (as beginnings of words or inside them), in order, without overlap.
/// What the store matches beyond ASCII letters of either case is not marked; it is found all the same.
std::vector<Range> matches(std::string_view text, std::string_view query);

}  // namespace wayside::models
