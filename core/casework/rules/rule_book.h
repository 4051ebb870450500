#pragma once

#include <string_view>
#include <vector>

#include "core/casework/rules/json_reader.h"

/// Every rule by name, from JSON to JSON: what `rule list` and `rule NAME` show.
namespace wayside::casework::rules {

struct RuleEntry {
  std::string_view name;               ///< "who_counts"
  std::string_view source;             ///< which strategy or law
  std::vector<std::string_view> keys;  ///< of the input; a "*" behind a key: needed
  /// {"answer", "reasons": [sentence …]} and what else the rule computes. Errc::bad_input names the key that is wrong.
  Result<json> (*run)(JsonReader& input);
};

const std::vector<RuleEntry>& rule_book();  ///< by name
const RuleEntry* rule_named(std::string_view name);

/// Runs a rule and refuses keys that it does not know. Errc::not_found: no rule of that name.
Result<json> run_rule(std::string_view name, const json& input);

}  // namespace wayside::casework::rules
