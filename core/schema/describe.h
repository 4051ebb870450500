#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/schema/schema.h"

namespace wayside::schema {

/// What `types --json` prints: {"types": [{id, name, label, plural, in_case, in_team, title, subtitle, fields: [..]}],
/// "code_lists": {NAME: [{code, label, rank?, help?, source}]}, "system_fields": [..], "policies": {NAME: what it means},
/// "kinds": {..}}.
/// With `only`, that type alone and the code lists that it uses.
nlohmann::json describe(const Schema& schema, const RecordType* only = nullptr);

}  // namespace wayside::schema
