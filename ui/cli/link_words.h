#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/casework/same_person.h"

/// How verbs show that two records are one person, or are not.
namespace wayside::cli {

/// A person or a child: whom links are about.
bool is_person(const casework::ShownRecord& record);
/// What was decided about this record; nothing for records of other types.
Result<std::vector<casework::PersonLink>> links_of(vault::Vault& vault, const casework::ShownRecord& record);

/// {"with", "verdict": "same" | "not_same" | "in_review" | "undecided", "why", "link"}
nlohmann::json link_json(const casework::PersonLink& link, const RecordId& of);
nlohmann::json links_json(const std::vector<casework::PersonLink>& links, const RecordId& of);
/// "The same person as Priya Shah (ID): she said so."
std::vector<std::string> link_lines(vault::Vault& vault, const std::vector<casework::PersonLink>& links, const RecordId& of);

}  // namespace wayside::cli
