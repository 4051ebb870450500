#pragma once

#include "ui/app/open_form.h"

namespace wayside::app {

enum class SaveEnd {
  saved,
  unchanged,     ///< the record holds all of it already
  not_valid,     ///< fields say what is wrong; nothing was saved
  needs_reason,  ///< the form asks why; nothing was saved
};

/// Reads what was typed and saves it as one change-set: only the fields that differ, each naming the dots that were on
/// the screen. After `saved` the caller lets the form show the record as it is now. An error saved nothing.
Result<SaveEnd> save_form(vault::Vault& vault, OpenForm& form, const pb::Save& save, std::int64_t now_ms);

/// What a person reads when typed text could not be kept as a draft.
std::string draft_lost_sentence(const Error& error);
/// What a person reads when saving failed. `draft_is_safe`: whether the typed text is durable as a draft.
std::string save_failed_sentence(const OpenForm& form, const Error& error, bool draft_is_safe);

}  // namespace wayside::app
