#pragma once

#include <vector>

#include "core/membership/log.h"

namespace wayside::office {

/// Whom an office corresponds with over a stick, as its membership log says.
struct Roster {
  struct Device { DeviceId id; PublicKey courier; };
  OrganisationId organisation;
  PublicKey office;               ///< the key that signs what it states
  std::vector<Device> devices{};  ///< removed ones too: what they bring goes to quarantine
};

/// Errc::corrupt when membership names no office.
Result<Roster> roster_of(const membership::Log& log);

/// organisation 16 ‖ office 32 ‖ of each device: id 16 ‖ courier key 32.
Bytes encode_roster(const Roster& roster);
/// Errc::bad_input.
Result<Roster> decode_roster(BytesView bytes);

}  // namespace wayside::office
