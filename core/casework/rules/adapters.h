#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/casework/rules/consent.h"
#include "core/casework/rules/duplicates.h"
#include "core/casework/rules/household_at.h"
#include "core/casework/rules/journey.h"
#include "core/casework/rules/managed_move.h"
#include "core/casework/rules/money.h"
#include "core/casework/rules/nrpf.h"
#include "core/casework/rules/orders.h"
#include "core/casework/rules/record_fields.h"
#include "core/casework/rules/referral.h"
#include "core/casework/rules/safe_contact.h"
#include "core/casework/rules/sanctuary.h"

/// From what a record says to the plain struct of a rule. `id` is the record's, as text. Where a field holds several
/// values that nobody has decided between, a rule that protects gets them all.
namespace wayside::casework::rules {

/// Nothing without a start.
std::optional<Stay> stay_from(std::string id, const RecordFields& stay);
CourtOrder order_from(std::string id, const RecordFields& order);
FundPot fund_pot_from(const RecordFields& pot);
FundRequest fund_request_from(const RecordFields& request);
Loan loan_from(std::string id, const RecordFields& loan);
SanctuaryMeasure sanctuary_measure_from(const RecordFields& measure);
/// `household`: the case's, whose tenure_holder counts. Measures and checks are the caller's.
SanctuaryRequest sanctuary_request_from(const RecordFields& request, const RecordFields& household);
ImmigrationFacts immigration_from(const RecordFields& status);
ManagedMove managed_move_from(const RecordFields& move, const RecordFields& household);
PropertyRequest property_request_from(const RecordFields& move);
ContactMethod contact_method_from(const RecordFields& method);
/// `has_seen` is the caller's: which entries stood when this one was written.
Consent consent_from(std::string id, const RecordFields& consent);
/// Nothing without a household and a person.
std::optional<HouseholdMember> household_member_from(const RecordFields& member);
PersonCard person_card_from(std::string id, const RecordFields& person);

/// The steps that a referral's dates tell: asked on, waiting since, answered on. Nothing while nobody has asked: a
/// draft. A state whose day is not recorded stands on the latest day that is.
Referral referral_from(std::string id, const RecordFields& referral, Day written_on);

}  // namespace wayside::casework::rules
