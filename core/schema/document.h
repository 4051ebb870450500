#pragma once

#include <string>

#include "core/schema/schema.h"

namespace wayside::schema {

/// docs/records.md: every record type with its fields, and every code list with its sources, as Markdown.
std::string document(const Schema& schema);

}  // namespace wayside::schema
