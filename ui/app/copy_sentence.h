#pragma once

#include <string>

#include "core/vault/twin.h"

namespace wayside::app {

/// What the owner of a casebook is told that was copied or put back: what happened, what is safe, what to do. Empty when
/// nothing happened.
std::string copy_sentence(const vault::Copied& copied);

/// "put_back", "twin", "elsewhere": for programs. Empty when nothing happened.
std::string_view copy_name(vault::Copy how);

}  // namespace wayside::app
