#pragma once

#include <string>

#include "ui/cli/verb.h"

namespace wayside::cli {

/// `devices held DEVICE`: which cases a device holds that was lost or taken away, as far as anybody here can know.
Result<Exit> held(Context& context, const std::string& device);

}  // namespace wayside::cli
