#pragma once

#include <stdexcept>
#include <string>

#include "platform/result.h"

namespace wayside::bench {

/// A benchmark has nothing to recover: whatever fails ends it with the code and the place.
template <class T>
T must(Result<T> result, std::string_view doing = "") {
  if (!result) {
    throw std::runtime_error(std::string(doing) + (doing.empty() ? "" : ": ") + std::string(name_of(result.error().code)) + " " + result.error().detail);
  }
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace wayside::bench
