#pragma once

#include <functional>
#include <optional>
#include <string>

#include "platform/env.h"

/// Where things lie when nobody says otherwise (XDG base directories).
namespace wayside::platform {

/// Answers for one environment variable; an empty one counts as not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;
Environment process_environment();

/// WAYSIDE_HOME, else `wayside` in the user's data folder: the vault of a device.
Path default_home(const Environment& environment);

/// WAYSIDE_KEYS, else `wayside/keys` in the user's state folder: outside the vault, so that a copy of it opens nothing.
Path default_keys_folder(const Environment& environment);

/// The user's configuration folder.
Path config_folder(const Environment& environment);

/// True when WAYSIDE_KEYS asks for files in place of the operating system's key store.
bool keys_are_files(const Environment& environment);

/// The program that runs, for starting it once more as a child.
Path this_program();

}  // namespace wayside::platform
