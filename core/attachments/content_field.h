#pragma once

#include "core/attachments/sealed_file.h"
#include "core/casework/casebook.h"

namespace wayside::attachments {

inline constexpr std::string_view kTypeName = "attachment";
inline constexpr schema::FieldId kContentField = 25;   ///< `content` in core/schema/records/attachment.toml; for ever

/// How the file of a record is opened. Nothing for a record that was saved without a file.
Result<std::optional<Content>> content_of(const ledger::RecordRow& row);

}  // namespace wayside::attachments
