#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/casework/casebook.h"
#include "ui/app/case_list.h"
#include "ui/app/messages.pb.h"

namespace wayside::app {

/// All of a case but the form in front: heading, safe contact, tabs, timeline, preview.
/// `drafted`: types of which a new record of this case waits as a draft.
Result<pb::Case> read_case(vault::Vault& vault, const CaseSummary& summary, const std::set<std::string>& drafted,
                           std::int64_t now_ms);

/// Every type that can be added to a case, group by group.
void add_types(pb::Case& out);

/// What a button says: "Add note", "Save person".
std::string verb_with(std::string_view verb, const schema::RecordType& type);

}  // namespace wayside::app
