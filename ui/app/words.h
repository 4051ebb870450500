#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Days, times and cut texts as a person reads them, in the time of the United Kingdom. Pure.
namespace wayside::app {

/// "2026-06-10": the day on the wall at that moment.
std::string iso_day(std::int64_t ms);
/// "10 June", with the year when it is another than today's. The text itself when `iso` is no day.
std::string short_day(std::string_view iso, std::int64_t now_ms);
/// "10 June" of a moment.
std::string short_day(std::int64_t ms, std::int64_t now_ms);
/// "10 June, 17:05".
std::string short_time(std::int64_t ms, std::int64_t now_ms);
/// "08:47".
std::string clock_time(std::int64_t ms);
/// "today 08:20", "yesterday 22:05", "3 days ago", "never" for 0.
std::string how_long_ago(std::int64_t ms, std::int64_t now_ms);
/// Full years lived; nothing when `birth` is no day or lies ahead.
std::optional<int> age_on(std::string_view birth_iso, std::string_view day_iso);

/// "1 note", "3 notes".
std::string counted(std::uint64_t count, std::string_view one, std::string_view many);
/// "date of birth" of "Date of birth"; an abbreviation keeps its letters.
std::string in_sentence(std::string_view label);
std::string_view trimmed(std::string_view text);
/// At most `limit` characters (code points), cut between words, with an ellipsis where something is left out.
std::string cut_at_word(std::string_view text, std::size_t limit);
/// Whether any word of `query` begins a word of `text`; letters of either case.
bool has_match(std::string_view text, std::string_view query);
/// As cut_at_word, around the first place where a word of `query` begins a word; line ends become blanks.
std::string excerpt(std::string_view text, std::string_view query, std::size_t limit);

}  // namespace wayside::app
