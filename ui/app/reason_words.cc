#include "ui/app/reason_words.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ui/app/words.h"

namespace wayside::app {
namespace {

constexpr std::array kCodes{std::pair<std::string_view, std::string_view>{"NOT_ASSESSED", "not assessed"},
                            std::pair<std::string_view, std::string_view>{"STANDARD", "standard"},
                            std::pair<std::string_view, std::string_view>{"MEDIUM", "medium"},
                            std::pair<std::string_view, std::string_view>{"HIGH", "high"}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_iso_day(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return false;
  return std::ranges::all_of(std::array{0, 1, 2, 3, 5, 6, 8, 9},
                             [&](int at) { return is_digit(text[static_cast<std::size_t>(at)]); });
}

}  // namespace

std::string plain_reason(std::string_view sentence, const std::map<std::string, std::string>& names,
                         std::int64_t now_ms) {
  std::string out;
  while (!sentence.empty()) {
    std::size_t taken = 0;
    if (is_iso_day(sentence)) {
      out += short_day(sentence.substr(0, 10), now_ms);
      taken = 10;
    }
    for (const auto& [id, name] : names) {
      if (taken == 0 && sentence.starts_with(id)) out += name, taken = id.size();
    }
    for (const auto& [code, word] : kCodes) {
      if (taken == 0 && sentence.starts_with(code)) out += word, taken = code.size();
    }
    if (taken == 0) out += sentence.front();
    sentence.remove_prefix(std::max<std::size_t>(taken, 1));
  }
  return out;
}

pb::Mark mark_of(casework::rules::Answer answer) {
  using casework::rules::Answer;
  return answer == Answer::no ? pb::mark_no : answer == Answer::ask ? pb::mark_ask : pb::mark_done;
}

}  // namespace wayside::app
