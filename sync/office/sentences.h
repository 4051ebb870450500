#pragma once

#include <string>

#include "platform/result.h"

namespace wayside::office {

enum class Doing { init, recovery_file, papers, serve, listen, status, backup, restore, stick };

/// One plain sentence for the operator: what failed, and the remedy. `Error::detail` names the place.
std::string sentence(Doing doing, const Error& error);

// What a verb returns to the system.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
/// Prints that sentence on stderr; kFailed.
int report(Doing doing, const Error& error);

}  // namespace wayside::office
