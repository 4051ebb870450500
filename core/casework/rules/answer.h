#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What every rule answers with: a verdict never comes without the sentences that led to it.
namespace wayside::casework::rules {

/// Ordered: the lowest of several is what counts.
enum class Answer : std::uint8_t { no, ask, yes };

constexpr std::string_view name_of(Answer answer) {
  constexpr std::string_view kNames[] = {"no", "ask", "yes"};
  return kNames[static_cast<std::size_t>(answer)];
}

/// `rule` is a stable name for scripts ("sons_age"); `sentence` is plain English for people. A reason of answer `yes`
/// is worth knowing and changes nothing.
struct Reason {
  Answer answer = Answer::yes;
  std::string_view rule;  ///< of static storage
  std::string sentence;
  bool operator==(const Reason&) const = default;
};

/// Collects reasons; its answer is the lowest of theirs.
struct Verdict {
  Answer answer = Answer::yes;
  std::vector<Reason> reasons;  ///< in the order of the rules; `sort` puts those that decide first

  void add(Answer given, std::string_view rule, std::string sentence) {
    answer = std::min(answer, given);
    reasons.push_back({given, rule, std::move(sentence)});
  }
  void bar(std::string_view rule, std::string sentence) { add(Answer::no, rule, std::move(sentence)); }
  void ask(std::string_view rule, std::string sentence) { add(Answer::ask, rule, std::move(sentence)); }
  void note(std::string_view rule, std::string sentence) { add(Answer::yes, rule, std::move(sentence)); }
  void add_all(const Verdict& other) {
    for (const auto& reason : other.reasons) add(reason.answer, reason.rule, reason.sentence);
  }
  void sort() {
    std::stable_sort(reasons.begin(), reasons.end(),
                     [](const Reason& a, const Reason& b) { return a.answer < b.answer; });
  }
};

}  // namespace wayside::casework::rules
