#pragma once

#include "core/casework/case_facts.h"
#include "core/casework/rules/matching.h"

/// The directory of this vault, and a household or a case against all of it.
namespace wayside::casework {

struct Directory {
  std::vector<rules::Service> services;
  std::vector<rules::Unit> units;      ///< as they were when somebody last looked; a service without units has one for its vacancy
};
Result<Directory> directory(Vault& vault);

std::vector<rules::Match> match_household(const rules::Household& household, const Directory& directory, std::int64_t now_ms);

/// Whether a service is far enough and safe is asked of each service: her referral to it says.
Result<std::vector<rules::Match>> match_case(Vault& vault, const CaseFacts& facts, rules::Day on);

}  // namespace wayside::casework
