#pragma once

#include <string>

#include "core/vault/receipts.h"

namespace wayside::app {

/// What a person is told when a colleague's device has signed another history of a ledger than the office shows here, or more
/// of it: whose device, which ledger, what each of the two has, what is safe, what to do.
std::string contradiction_sentence(const vault::Vault& vault, const vault::Contradiction& found);

/// "another_history", "withheld": for programs.
std::string_view contradiction_name(vault::Contradiction::Kind kind);

}  // namespace wayside::app
