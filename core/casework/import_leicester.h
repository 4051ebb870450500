#pragma once

#include "core/casework/imported.h"
#include "platform/env.h"

namespace wayside::casework {

/// Leicester's table 5.3 of accommodation services (strategy 2022-25), columns as they stand, as records of the
/// organisation. A service's id is made of its name, so that two devices that import the table make the same records.
/// A cell that can be read in more than one way keeps its printed words beside what we made of it; the text that
/// scanning spoiled is mended (BME in Cyrillic letters, "lmkaan").
Imported import_leicester(const schema::Schema& schema, platform::File& file);

/// The id of the service of that name.
RecordId leicester_service_id(std::string_view service_name);

}  // namespace wayside::casework
