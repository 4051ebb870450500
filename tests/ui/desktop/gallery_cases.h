#pragma once

#include <string>

#include "ui/app/messages.pb.h"

/// Snapshots as a real clerk makes them from a real vault of invented people, so that pictures show what the schema of
/// this build really asks.
namespace wayside::desktop::gallery {

app::pb::Snapshot case_with(bool many_types, bool add_list = false);
/// A new record of `type` in a case with many types in use.
app::pb::Snapshot new_record_of(const std::string& type);

}  // namespace wayside::desktop::gallery
