#pragma once

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <string>

#include "core/packs/in_force.h"
#include "core/packs/sealed.h"
#include "tests/support/fleet.h"

/// A pack such as an agency writes: two fields of a person, a record type with a code list, a questionnaire.
namespace wayside::support {

using Files = std::map<std::string, std::string>;

inline Files lad_files(int version = 1) {
  return {
      {"pack.toml", "name = \"lad\"\nversion = " + std::to_string(version) + "\ntitle = \"Leicester additions\"\n"},
      {"fields/person.toml",
       "[[section]]\nheading = \"Contact\"\nfields = [\n"
       "  { id = 10001, name = \"lad_library_card\", label = \"Library card\", kind = \"text\", policy = \"review\", "
       "sensitivity = \"S1\", search = true },\n"
       "  { id = 10002, name = \"lad_door_code_known\", label = \"Perpetrator knows the door code\", kind = \"flag\", "
       "policy = \"protective\", order = \"true>false\", sensitivity = \"S3\" },\n"
       "]\n"},
      {"records/lad_bus_pass.toml",
       "id = 10000\nname = \"lad_bus_pass\"\nlabel = \"Bus pass\"\nplural = \"Bus passes\"\ngroup = \"Plan and support\"\n"
       "help = \"A bus pass that was given.\"\ntitle = [\"number\"]\n"
       "[[section]]\nheading = \"Bus pass\"\nfields = [\n"
       "  { id = 16, name = \"number\", label = \"Number\", kind = \"text\", policy = \"review\", sensitivity = \"S1\", required = "
       "\"to_save\", search = true },\n"
       "  { id = 17, name = \"state\", label = \"State\", kind = \"code\", policy = \"steps\", order = \"rank\", sensitivity = "
       "\"S1\", list = \"lad_pass_state\" },\n"
       "  { id = 18, name = \"weeks\", label = \"Weeks\", kind = \"integer\", policy = \"latest\", sensitivity = \"S1\", min = 1, "
       "max = 52 },\n"
       "]\n"},
      {"codelists/lad_pass_state.csv",
       "name,code,label,rank,source\nlad_pass_state,GIVEN,Given,1,Leicester\nlad_pass_state,USED,Used up,2,Leicester\n"},
      {"questionnaires/weekly.toml",
       "id = \"weekly\"\nversion = \"1\"\ntitle = \"Weekly\"\nsource = \"ours\"\nmedium_from = 1\nhigh_from = 1\n"
       "[[question]]\nid = \"well\"\ntext = \"Are you well?\"\n"},
  };
}

inline Result<packs::Pack> pack_of(const Files& files) {
  std::vector<packs::PackFile> all;
  for (const auto& [path, text] : files) all.push_back({path, text});
  return packs::make_pack(std::move(all));
}

/// `files` with one piece of text replaced; a test that names what is not there ends.
inline Files with(Files files, const std::string& path, std::string_view piece, std::string_view instead) {
  std::string& text = files.at(path);
  const auto at = text.find(piece);
  REQUIRE(at != std::string::npos);
  text.replace(at, piece.size(), instead);
  return files;
}

inline membership::Pack sealed_entry(Device& device, const Files& files) {
  const auto sealed = need(packs::seal(device->keys().member_key.view(), need(pack_of(files)), device.world->random));
  return packs::entry_of(sealed);
}

/// Whatever a test made current holds for that test only.
struct SchemaAsBefore {
  ~SchemaAsBefore() { schema::make_current(std::nullopt); }
};

}  // namespace wayside::support
