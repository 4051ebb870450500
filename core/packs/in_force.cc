#include "core/packs/in_force.h"

#include "core/packs/sealed.h"
#include "core/packs/successor.h"

namespace wayside::packs {
namespace {

using State = Listed::State;

const Listed* find_in_force(const std::vector<Listed>& listed, std::string_view name) {
  for (const Listed& each : listed) {
    if (each.state == State::in_force && each.pack.name == name) return &each;
  }
  return nullptr;
}

/// Embedded, then the packs in force except `left_out`, then `added`.
Result<schema::Schema> parse(const std::vector<Listed>& listed, const Listed* left_out, const Pack& added) {
  std::vector<schema::SchemaFile> files = schema::builtin_files();
  const auto take = [&files](const Pack& pack) {
    for (const auto& file : pack.schema_files()) files.push_back(file);
  };
  for (const Listed& each : listed) {
    if (each.state == State::in_force && &each != left_out) take(each.pack);
  }
  take(added);
  return schema::Schema::parse(files);
}

/// `before`: the schema of the packs in force in `listed`.
Result<schema::Schema> succeed(const std::vector<Listed>& listed, const schema::Schema& before, const Pack& added) {
  const Listed* const older = find_in_force(listed, added.name);
  if (older != nullptr && added.version <= older->pack.version) {
    return fail(Errc::bad_input, "pack.toml line 1: version " + std::to_string(older->pack.version) + " of the pack " +
                                     added.name + " is installed; raise the version");
  }
  WAYSIDE_TRY(schema::Schema schema, parse(listed, older, added));
  if (older != nullptr) WAYSIDE_OK(check_successor(older->pack, before, added, schema));
  return schema;
}

}  // namespace

Result<schema::Schema> schema_with(const std::vector<Listed>& listed, const Pack& added) {
  const Listed* const older = find_in_force(listed, added.name);
  if (older == nullptr) return succeed(listed, schema::embedded(), added);
  WAYSIDE_TRY(const schema::Schema before, parse(listed, older, older->pack));
  return succeed(listed, before, added);
}

InForce in_force(const membership::Log& log, BytesView member_key) {
  InForce out;
  for (const membership::PackInfo& entry : log.packs()) {
    Listed listed{State::not_usable, {}, entry.number, entry.signer, {}};
    auto pack = open(member_key, entry.entry.sealed);
    if (!pack) {
      listed.fault = pack.error().detail;
    } else if (auto schema = succeed(out.listed, out.schema ? *out.schema : schema::embedded(), *pack); !schema) {
      listed.pack = *std::move(pack);
      listed.fault = schema.error().detail;
    } else {
      for (Listed& each : out.listed) {
        if (each.state == State::in_force && each.pack.name == pack->name) each.state = State::replaced;
      }
      listed.state = State::in_force;
      listed.pack = *std::move(pack);
      out.schema = *std::move(schema);
    }
    out.listed.push_back(std::move(listed));
  }
  return out;
}

std::vector<Questionnaire> questionnaires(const std::vector<Listed>& listed) {
  std::vector<Questionnaire> out;
  for (const Listed& each : listed) {
    if (each.state != State::in_force) continue;
    for (const PackFile* file : each.pack.questionnaires()) {
      out.push_back({each.pack.name + "/" + platform::Path(file->path).stem().string(), file->text});
    }
  }
  return out;
}

}  // namespace wayside::packs
