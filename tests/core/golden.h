#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "tests/support/read_file.h"

/// Formats that were shipped, as files. A test reads them; with WAYSIDE_WRITE_GOLDEN set it writes them first, which is
/// right only for a new version of a format, or before its first release.
namespace wayside::test {

inline std::filesystem::path data_folder() { return WAYSIDE_TEST_DATA; }
inline bool writes_golden() { return std::getenv("WAYSIDE_WRITE_GOLDEN") != nullptr; }

inline void write_file(const std::filesystem::path& path, BytesView bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// The golden file tests/data/golden/core_NAME.
inline Bytes golden(const std::string& name, BytesView current) {
  const auto path = data_folder() / "golden" / ("core_" + name);
  if (writes_golden()) write_file(path, current);
  return support::read_file(path);
}

}  // namespace wayside::test
