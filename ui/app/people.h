#pragma once

#include "core/casework/casebook.h"
#include "ui/app/messages.pb.h"

/// Who wrote what, and when, as a screen says it.
namespace wayside::app {

/// "You", or the name that membership has for that user.
std::string author_name(const vault::Vault& vault, const ledger::Author& author);

/// One value with its author, device and time. `field` null: a field of a newer version, shown raw.
pb::HeldValue held_value(vault::Vault& vault, const schema::Field* field, const ledger::Shown& shown,
                         std::int64_t now_ms);

/// The value that counts now: of an append field its newest entry, else the first on show. Null when there is none.
const ledger::Shown* current(const casework::ShownField& shown);

/// "Ben changed this on 10 June" when the newest of these values came from another user and is news: not in `seen`,
/// or written within the last 14 days. Empty when the newest is one's own.
std::string changed_by(const vault::Vault& vault, const ledger::FieldView& view, const std::vector<ledger::Dot>& seen,
                       std::int64_t now_ms);

/// low, medium, high of a risk level's code; an unknown code protects most, so it counts as high.
pb::Risk risk_of(const Value& level);

}  // namespace wayside::app
