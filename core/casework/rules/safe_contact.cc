#include "core/casework/rules/safe_contact.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "core/casework/rules/wording.h"

namespace wayside::casework::rules {
namespace {

struct RuleRow {
  std::string_view code, sentence;
};
constexpr std::array kRules{RuleRow{"OK", "Safe."},
                            RuleRow{"NO_MESSAGE", "Safe to call. Leave no message."},
                            RuleRow{"OK_TIMES", "Safe only at the times stated."},
                            RuleRow{"TEXT_CODEWORD", "Text only, with the code word."},
                            RuleRow{"VIA_THIRD_PARTY", "Only through the person or agency named."},
                            RuleRow{"NEVER", "Never use."}};
static_assert(kRules.size() == static_cast<std::size_t>(ContactRule::never) + 1);

/// The stricter first; of equal rules the one that says more, so that no order of rows decides.
bool stricter(const ContactMethod& a, const ContactMethod& b) {
  return std::tie(a.rule, a.times, a.code_word) > std::tie(b.rule, b.times, b.code_word);
}

std::string words_for(const ContactMethod& method) {
  std::string out(kRules[static_cast<std::size_t>(method.rule)].sentence);
  if (method.rule == ContactRule::ok_times && method.times.empty()) out += " None is recorded: ask before you use it.";
  if (method.rule == ContactRule::text_codeword && method.code_word.empty())
    out += " None is recorded: ask before you use it.";
  return out;
}

}  // namespace

ContactRule contact_rule_from(std::string_view code) {
  const auto found = std::ranges::find(kRules, code, &RuleRow::code);
  return found == kRules.end() ? ContactRule::never : static_cast<ContactRule>(found - kRules.begin());
}

SafeContactCard safe_contact_card(const SafeContactFacts& facts, Day on, const SafeContactSettings& settings) {
  SafeContactCard out;
  std::map<std::string, ContactMethod> strictest;  // by address: a number is one number whatever way it is used
  for (const auto& method : facts.methods) {
    const auto key = folded(method.address.empty() ? method.method : method.address);
    const auto [seen, first] = strictest.emplace(key, method);
    if (first) continue;
    const auto oldest = std::min(seen->second.checked.value_or(Day::min()), method.checked.value_or(Day::min()));
    if (stricter(method, seen->second)) seen->second = method;
    seen->second.checked = oldest == Day::min() ? std::nullopt : std::optional(oldest);
  }
  for (const auto& [key, method] : strictest) {
    const bool old = !method.checked || days_between(*method.checked, on) > settings.check_again_after_days;
    out.lines.push_back(
        {method.method, method.address, words_for(method), method.rule, method.times, method.code_word, old});
    out.any_way = out.any_way || method.rule != ContactRule::never;
  }
  std::ranges::stable_sort(out.lines, {}, &ContactLine::rule);
  if (!out.any_way) out.warnings.emplace_back("No safe way to reach her is known. Do not try; ask the case lead.");
  if (facts.visit_warning) out.warnings.emplace_back("There is a warning for visiting staff. Read it before you go.");
  if (facts.self_harm_alert)
    out.warnings.push_back("At risk of self-harm or suicide. Crisis plan: " +
                           (facts.crisis_plan.empty() ? "none is recorded." : facts.crisis_plan));
  if (facts.confidential_address) out.warnings.emplace_back("The address is confidential. Tell it to nobody.");
  const bool again = std::ranges::any_of(
      out.lines, [](const ContactLine& line) { return line.check_again && line.rule != ContactRule::never; });
  if (again) out.warnings.emplace_back("Ask her again whether these ways are safe: that was not done lately.");
  return out;
}

}  // namespace wayside::casework::rules
