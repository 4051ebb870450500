#pragma once

#include <string_view>

#include "platform/env.h"

namespace wayside::platform {

/// What the system answered, as an Error; `error_number` is an errno. The detail names the path and what was tried.
enum class Access { reading, writing };
[[nodiscard]] std::unexpected<Error> system_failure(int error_number, Access access, std::string_view doing,
                                                    const Path& path);

}  // namespace wayside::platform
