#include "ui/models/highlight.h"

#include <algorithm>
#include <string>

#include "ui/models/utf8.h"

namespace wayside::models {

std::vector<Range> matches(std::string_view text, std::string_view query) {
  const std::string in = lower_ascii(text);
  const std::string wanted = lower_ascii(query);
  std::vector<Range> found;
  for (std::size_t at = 0; at < wanted.size();) {
    const std::size_t end = std::min(wanted.find(' ', at), wanted.size());
    const std::string_view word = std::string_view(wanted).substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    for (std::size_t hit = in.find(word); hit != std::string::npos; hit = in.find(word, hit + word.size()))
      found.push_back({hit, hit + word.size()});
  }
  std::ranges::sort(found, {}, &Range::begin);
  std::vector<Range> joined;
  for (const Range& range : found) {
    if (!joined.empty() && range.begin <= joined.back().end) joined.back().end = std::max(joined.back().end, range.end);
    else joined.push_back(range);
  }
  return joined;
}

}  // namespace wayside::models
