#pragma once

#include <string>
#include <vector>

#include "core/casework/casebook.h"
#include "core/casework/case_facts.h"

/// To whom an export goes, and whether every case in it may go there.
namespace wayside::cli {

/// A case that may not go there, and why: "C-1 (ID), to Harbour Homes: The person who causes harm works there."
struct Obstacle {
  RecordId case_id;
  std::string sentence;
};

/// `recipient` is an organisation's id, or "landlord": of each case its own landlord. Empty: nothing stands in the way.
/// Errors: usage (no id, no organisation), not_found.
Result<std::vector<Obstacle>> obstacles(vault::Vault& vault, const std::string& recipient, const std::vector<RecordId>& cases);

}  // namespace wayside::cli
