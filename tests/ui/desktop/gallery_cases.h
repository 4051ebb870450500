#pragma once

#include <string>

#include "ui/app/messages.pb.h"

/// Snapshots as a real clerk makes them from a real vault of invented people, so that pictures show what the schema of
/// this build really asks.
namespace wayside::desktop::gallery {

app::pb::Snapshot case_with(bool many_types, bool add_list = false);
/// A new record of `type` in a case with many types in use.
app::pb::Snapshot new_record_of(const std::string& type);

/// A case with files: a photo, a letter, and one that is not on this device. `opened`: which of them is open ("photo",
/// "letter", "away"), or "" for none. `refused`: the last file could not be added as it was.
app::pb::Snapshot case_with_files(const std::string& opened, bool refused = false);
app::pb::Snapshot case_without_files();

/// Where a case stands by the rules; `much`: with something to say in every part.
app::pb::Snapshot case_standing(bool much);
/// Every service against the household of a case; `services`: there are some. `opened`: the second is open.
app::pb::Snapshot places(bool services, bool opened = false);
app::pb::Snapshot today(bool something);

}  // namespace wayside::desktop::gallery
