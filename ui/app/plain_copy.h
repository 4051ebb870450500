#pragma once

#include <string_view>

#include "platform/env.h"

/// Files that leave the vault on purpose, and paths as a person types them.
namespace wayside::app {

/// The whole file under its name, durable, or nothing. Errc::already_exists: nothing is ever overwritten.
Result<void> write_plain_copy(platform::Files& files, const platform::Path& path, BytesView bytes);

/// What a person typed, pasted or dropped: blanks and quotes around it go, `~/` is her own folder, and the address that a
/// file manager copies ("file:///home/amina/My%20photo.jpg") is a path again.
/// Errc::bad_input with a sentence when it is empty or not a whole path.
Result<platform::Path> typed_path(std::string_view text, const platform::Path& user_home);

}  // namespace wayside::app
