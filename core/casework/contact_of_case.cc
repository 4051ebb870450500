#include "core/casework/contact_of_case.h"

#include <algorithm>

#include "core/casework/rules/adapters.h"

namespace wayside::casework {
namespace {

/// A number that stands with the person alone has the person's own rule; without one nobody may use it.
void add_own_numbers(const Fact& person, std::vector<rules::ContactMethod>& methods) {
  for (const auto& [field, method] : {std::pair{"phone", "phone"}, {"email", "email"}}) {
    for (const auto& address : person.fields.texts(field)) {
      if (std::ranges::find(methods, address, &rules::ContactMethod::address) != methods.end()) continue;
      rules::ContactMethod own{method, address, rules::contact_rule_from(person.fields.text("safe_contact")), {}, {}, {}};
      own.times = person.fields.text("safe_contact_words");
      own.checked = person.fields.day("safe_contact_checked");
      methods.push_back(std::move(own));
    }
  }
}

}  // namespace

rules::SafeContactCard contact_card(const CaseFacts& facts, rules::Day on) {
  rules::SafeContactFacts asked;
  for (const Fact& method : facts.of("contact_method")) asked.methods.push_back(rules::contact_method_from(method.fields));
  for (const Fact& person : facts.of("person")) {
    add_own_numbers(person, asked.methods);
    asked.confidential_address = asked.confidential_address || person.fields.flag("confidential_address").value_or(false);
  }
  for (const Fact& alert : facts.of("self_harm_alert")) {
    if (!alert.fields.flag("alert").value_or(true)) continue;
    asked.self_harm_alert = true;
    for (const auto& step : alert.all_texts("crisis_plan")) asked.crisis_plan += (asked.crisis_plan.empty() ? "" : "; ") + step;
  }
  for (const Fact& perpetrator : facts.of("perpetrator")) {
    asked.visit_warning = asked.visit_warning || perpetrator.fields.flag("visit_warning").value_or(false);
  }
  return rules::safe_contact_card(asked, on);
}

}  // namespace wayside::casework
