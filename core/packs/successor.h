#pragma once

#include "core/packs/pack.h"

namespace wayside::packs {

/// What a newer version of a pack may do: other labels and helps, more record types, fields, codes and questionnaires, a
/// higher sensitivity. What was written under the older one stays readable and keeps its meaning: nothing is taken away,
/// and no id gets another name, kind, policy, order, list, unit or compartment, nor a lower sensitivity.
/// Errc::bad_input with file and line of the newer version.
Result<void> check_successor(const Pack& older, const schema::Schema& before, const Pack& newer, const schema::Schema& after);

}  // namespace wayside::packs
