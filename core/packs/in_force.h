#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/membership/log.h"
#include "core/packs/pack.h"
#include "core/schema/schema.h"

/// Which packs of an organisation count, and the schema that follows: a pure function of its membership log, so that
/// every device of one version answers alike.
namespace wayside::packs {

struct Listed {
  enum class State {
    in_force,
    replaced,      ///< by a later version of the same pack
    not_usable,    ///< kept and passed on; `fault` says why this version makes nothing of it
  };
  State state = State::in_force;
  Pack pack;                          ///< empty when it does not open
  std::uint64_t number = 0;           ///< of the membership entry
  std::optional<DeviceId> signer;
  std::string fault;
};

struct InForce {
  std::vector<Listed> listed;             ///< in the order of the log
  std::optional<schema::Schema> schema;   ///< what was embedded with all that is in force; nothing: no pack is
};

InForce in_force(const membership::Log& log, BytesView member_key);

/// The schema with `added` in place of an older version of it. Errors, with file and line: all that the linter finds;
/// ids and names of others; an older or equal version; and what no version may change: a field or code
/// that is gone, another name, kind, policy, order, list or compartment of an id, a lower sensitivity.
Result<schema::Schema> schema_with(const std::vector<Listed>& listed, const Pack& added);

/// The questionnaires of all packs in force: id of a pack's file ("lad/dash" of questionnaires/dash.toml) and its text.
struct Questionnaire { std::string name; std::string_view toml; };
std::vector<Questionnaire> questionnaires(const std::vector<Listed>& listed);

}  // namespace wayside::packs
