#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Words that several rules compare and write.
namespace wayside::casework::rules {

/// 18050 → "£180.50"; negative amounts with their sign before the pound.
std::string pounds(std::int64_t pence);
/// "one", "one and two", "one, two and three".
std::string listed(const std::vector<std::string>& items);
/// "1 day", "3 days".
std::string counted(std::int64_t count, std::string_view one, std::string_view many);

/// The same word but for case, blanks around it, and letters of other scripts that only look alike: Cyrillic "ВМЕ" is
/// "BME" (Leicester strategy 2022-25, line 237), "lmkaan" is "Imkaan". Unicode TR 39 skeletons, by ICU.
/// Bytes that are no UTF-8 equal only themselves.
bool same_words(std::string_view a, std::string_view b);
bool contains_words(const std::vector<std::string>& all, std::string_view word);

/// Lower case in ASCII, blanks around it gone and blanks within it single.
std::string folded(std::string_view text);

}  // namespace wayside::casework::rules
