#pragma once

#include "core/attachments/sealed_file.h"
#include "core/casework/casebook.h"

namespace wayside::attachments {

/// How the file of a record is opened. Nothing for a record that was saved without a file.
Result<std::optional<Content>> content_of(const ledger::RecordRow& row);

}  // namespace wayside::attachments
