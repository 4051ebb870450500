#pragma once

#include <map>
#include <string>

#include "platform/env.h"

namespace wayside::platform {

/// Makes the folder `path` with these files (name → content) in it: all of them, durable, or none. They are written to a
/// folder beside it, `.NAME.part`, which then takes the name; an empty folder that is there already is replaced.
/// Errc::already_exists when something stands in it. After a failure nothing of it is left; after a crash at most
/// `.NAME.part`, which the next try empties.
Result<void> write_folder(Files& files, const Path& path, const std::map<std::string, std::string>& contents);

}  // namespace wayside::platform
