#pragma once

#include <string>
#include <string_view>

#include "ui/models/commands.h"

namespace wayside::models {

/// A sentence when what was typed cannot be read as this kind of field; empty when it can, or nothing is there.
/// Help while typing only: the worker judges every save.
std::string hint_for(pb::FormField::Kind kind, std::string_view typed);

/// Reads a day as people write it: "14 3 1991", "14/3/1991", "14 March 1991", "1991-03-14".
bool reads_as_date(std::string_view typed);

}  // namespace wayside::models
