#pragma once

#include <cstdint>
#include <string>

/// The standard workload: synthetic cases, edits that conflict on purpose, and searches. A pure function of its
/// options, byte for byte, on every machine: 32-bit integers only, no clock, no random device.
namespace wayside::support {

struct CaseloadOptions {
  std::uint32_t cases = 2000;
  std::uint32_t devices = 3;        ///< 1 to 26, called A, B, C …
  std::uint32_t seed = 20250607;
};

/// Files of NDJSON: keys sorted, no blanks, ASCII, each line ended by LF.
struct Caseload {
  std::string cases;      ///< {id, person, notes[10], risk, plan}
  std::string edits;      ///< on a tenth of the cases every device changes one field that all change, and one alone
  std::string queries;    ///< 200 beginnings of surnames, 200 words
  std::string manifest;   ///< counts, sizes and SHA-256 sums of the three, as one JSON document
};

Caseload make_caseload(const CaseloadOptions& options);

}  // namespace wayside::support
