#pragma once

#include <cstddef>
#include <cstdint>

namespace wayside::app {

inline constexpr std::int64_t kFirstWait_ms = 1'000;     ///< after a wrong passphrase; doubles with each further one
inline constexpr std::int64_t kLongestWait_ms = 60'000;  ///< … up to this: a person gives up, a guesser is slowed

inline constexpr std::int64_t kNightLook_ms = 300'000;   ///< how often an idle program looks whether it is night

inline constexpr std::size_t kIndexSlice =
    200;  ///< records indexed between two looks at the queue; about 20 ms, and a save waits ≤ 100 ms
inline constexpr std::int64_t kCheckSlice_ms = 40;   ///< of the weekly check between two looks at the queue
inline constexpr std::size_t kSearchHits = 2'000;  ///< more than anybody scrolls; counts beyond it are asked for
inline constexpr std::size_t kNoteHits = 50;       ///< each is read from the store, for its excerpt
inline constexpr std::size_t kCaseRows = 500;      ///< messages.proto promises no more
inline constexpr std::size_t kRecordRows = 200;    ///< per tab of a case
inline constexpr std::size_t kReferenceChoices = 1'000;  ///< per field: 60 KB of titles at most
inline constexpr std::size_t kTimelineEntries = 200;
inline constexpr std::size_t kFormsBehind = 4;  ///< left forms whose last words may still come
inline constexpr std::size_t kDueRows = 500;
inline constexpr std::size_t kReviewRows = 500;
inline constexpr std::size_t kKeptApartSentences = 20;

inline constexpr std::size_t kExcerptCharacters = 120;   ///< two lines of a row at the largest text size
inline constexpr std::size_t kTimelineCharacters = 400;  ///< the note itself is a press away
inline constexpr std::size_t kFactCharacters = 240;      ///< of a preview

inline constexpr std::int64_t kNewsOfOthers_ms =
    std::int64_t{14} * 24 * 3'600'000;  ///< how long "Ben changed this" stands

}  // namespace wayside::app
