#pragma once

#include <vector>

#include "core/membership/entry.h"
#include "core/membership/ticket.h"
#include "platform/env.h"
#include "sync/office/keys.h"
#include "core/recovery/recovery_page.h"

namespace wayside::office {

/// All that a new organisation begins with, in memory. What the office may keep and what it must not is kept apart.
struct Founding {
  // For the data folder.
  GenerationId generation;
  OfficeKeys keys;
  std::vector<membership::SignedEntry> entries;  ///< found, office key, team `main`, its epoch 1, first admin's ticket

  // Never for the data folder: these open cases, or admit people.
  recovery::OrganisationSecrets recovery;
  membership::Ticket first_ticket;
};

/// Errc::bad_input for a name that is empty or no text, or an address that is not HOST:PORT; Errc::too_large for a
/// name over 190 bytes.
Result<Founding> found_organisation(std::string_view name, std::string_view first_user, std::string_view address,
                                    platform::Clock& clock, platform::Random& random);

}  // namespace wayside::office
