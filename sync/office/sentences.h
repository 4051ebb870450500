#pragma once

#include <string>

#include "platform/result.h"

namespace wayside::office {

enum class Doing { init, recovery_file, papers, serve, listen, status, backup, restore };

/// One plain sentence for the operator: what failed, and the remedy. `Error::detail` names the place.
std::string sentence(Doing doing, const Error& error);

}  // namespace wayside::office
