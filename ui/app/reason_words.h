#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/casework/rules/answer.h"
#include "ui/app/messages.pb.h"

/// The rules' own sentences, as a screen says them.
namespace wayside::app {

/// A rule's sentence with days as people write them ("12 June"), codes in small letters, and records by the names that
/// `names` gives their ids. Nothing else of it changes.
std::string plain_reason(std::string_view sentence, const std::map<std::string, std::string>& names, std::int64_t now_ms);

pb::Mark mark_of(casework::rules::Answer answer);

}  // namespace wayside::app
