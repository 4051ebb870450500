#pragma once

#include <string>
#include <vector>

#include "core/casework/rules/answer.h"

/// Whether an organisation that is to be given a case has somebody in it, or is somebody, who causes harm in that case.
///
/// Sources: domain reference (never to a recipient linked to the perpetrator); domestic homicide reviews, where an
/// employer's or a landlord's file told the perpetrator the new address. A likeness counts as a link: a person looks at it,
/// and what left the house cannot be called back.
namespace wayside::casework::rules {

/// What is known of one who causes harm; every value that stands, not only the newest.
struct HarmerCard {
  std::vector<std::string> forenames, surnames, other_names;
  std::vector<std::string> work, places;    ///< employers; addresses and known places
  std::vector<std::string> phones, emails;
};

struct RecipientCard {
  std::vector<std::string> names, contact_names, phones, emails;
  bool private_landlord = false;   ///< then a surname alone is enough: "Reed Lettings"
};

/// One reason for each link, of answer `no`; `rule` is work, place, name, contact, phone or email. Empty: none is known.
std::vector<Reason> links(const HarmerCard& harmer, const RecipientCard& recipient);

}  // namespace wayside::casework::rules
