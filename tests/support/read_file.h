#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "platform/bytes.h"

namespace wayside::support {

/// The whole of a real file. Throws when it cannot be read, since a test that needs it cannot go on.
inline Bytes read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.filename().string());
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace wayside::support
