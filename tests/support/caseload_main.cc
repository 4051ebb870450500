// wayside-caseload --n N --out DIR [--d DEVICES] [--seed SEED]: writes the standard workload as files.

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "tests/support/caseload.h"

namespace {

constexpr int kUsage = 2;

int usage() {
  std::fputs("Usage: wayside-caseload --n CASES --out FOLDER [--d DEVICES (1 to 26)] [--seed SEED]\n", stderr);
  return kUsage;
}

bool read_number(std::string_view text, std::uint32_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

bool write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (file) return true;
  std::fprintf(stderr, "%s cannot be written. Check the folder and the space on the disk.\n", path.c_str());
  return false;
}

}  // namespace

int main(int count, char** arguments) {
  wayside::support::CaseloadOptions options;
  std::filesystem::path folder;
  for (int i = 1; i < count; i += 2) {
    const std::string_view name = arguments[i];
    if (i + 1 == count) return usage();
    const std::string_view value = arguments[i + 1];
    const bool fine = name == "--out"    ? (folder = value, true)
                      : name == "--n"    ? read_number(value, options.cases)
                      : name == "--d"    ? read_number(value, options.devices)
                      : name == "--seed" ? read_number(value, options.seed)
                                         : false;
    if (!fine) return usage();
  }
  if (folder.empty() || options.devices < 1 || options.devices > 26) return usage();
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  const auto made = wayside::support::make_caseload(options);
  const bool written = write(folder / "cases.ndjson", made.cases) && write(folder / "edits.ndjson", made.edits) &&
                       write(folder / "queries.ndjson", made.queries) && write(folder / "manifest.json", made.manifest);
  return written ? 0 : 1;
}
