#pragma once

#include "core/casework/case_facts.h"
#include "core/casework/rules/recipient.h"

/// What speaks against giving a case to an organisation: its links to whoever causes harm there, and her own no.
namespace wayside::casework {

/// Who causes harm in a case: its perpetrators, and everybody whose part in a relationship is to cause harm, or to be said
/// to. What is archived does not count, every other value that nobody has superseded does.
std::vector<rules::HarmerCard> harmers_of(const CaseFacts& facts);

rules::RecipientCard recipient_card(const Fact& organisation);

/// Every reason, each once, for not giving this case to that organisation; empty when there is none. Besides
/// `rules::links`: it is the landlord of a home that the person who causes harm holds the tenancy of, or consent to sharing
/// with it is refused, withdrawn or was unsafe to ask for (by the organisation's name, or by `also_called`).
std::vector<rules::Reason> against_sharing(const CaseFacts& facts, const Fact& organisation, std::string_view also_called, rules::Day on);

/// The organisations that are a landlord in this case, each once.
std::vector<RecordId> landlords_of(const CaseFacts& facts);

}  // namespace wayside::casework
