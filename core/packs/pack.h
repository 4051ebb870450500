#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/schema/schema.h"
#include "platform/env.h"

/// Packs: what an agency adds to the schema. A folder of text files (docs/PACKS.md):
///
///     pack.toml                 name, version, title, about
///     records/NAME.toml         a record type of its own, as in core/schema/records
///     fields/TYPE.toml          fields added to a record type of every Wayside
///     codelists/NAME.csv        a code list of its own
///     questionnaires/NAME.toml  a questionnaire for risk, as core/casework/rules/risk.h reads it
namespace wayside::packs {

inline constexpr std::size_t kMaxPackBytes = std::size_t{1} << 20;   ///< all files; it travels compressed
inline constexpr std::size_t kMaxFiles = 256;

struct PackFile {
  std::string path;
  std::string text;
  bool operator==(const PackFile&) const = default;
};

/// One version of a pack, as it was written. Whether its files fit a schema is for `in_force.h` to say.
struct Pack {
  std::string name;               ///< lower case; what it adds is named after it
  std::uint32_t version = 0;      ///< 1, 2, 3 …
  std::string title;              ///< for people
  std::string about;
  std::vector<PackFile> files;    ///< sorted by path, pack.toml among them

  [[nodiscard]] const PackFile* file(std::string_view path) const;
  /// For Schema::parse. Views into this pack.
  [[nodiscard]] std::vector<schema::SchemaFile> schema_files() const;
  [[nodiscard]] std::vector<const PackFile*> questionnaires() const;
};

/// Reads pack.toml and checks paths and sizes. Errc::bad_input and too_large name file and line.
Result<Pack> make_pack(std::vector<PackFile> files);

/// The files of a folder; README.md is left out. Errors: those of make_pack, not_found (no pack.toml).
Result<Pack> read_folder(platform::Files& files, const platform::Path& folder);

/// PackFiles (formats.proto), and back: what `decode` gives, make_pack has checked.
Bytes encode(const Pack& pack);
Result<Pack> decode(BytesView bytes);

}  // namespace wayside::packs
