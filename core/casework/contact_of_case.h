#pragma once

#include "core/casework/case_facts.h"
#include "core/casework/rules/safe_contact.h"

/// The card that is read before each contact, from everything that a case says about how to reach her.
namespace wayside::casework {

rules::SafeContactCard contact_card(const CaseFacts& facts, rules::Day on);

}  // namespace wayside::casework
