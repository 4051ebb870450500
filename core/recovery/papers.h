#pragma once

#include <vector>

#include "core/recovery/shares.h"

/// The pages as files, on the way to a printer or typed in from paper.
namespace wayside::recovery {

/// share-1.txt to share-3.txt.
std::vector<platform::Path> share_files(const platform::Path& folder);
/// Makes the folder when it is missing. All three, durable, or none. Errc::already_exists rather than replacing one.
Result<void> save_shares(platform::Files& files, const platform::Path& folder, const ShareSet& shares);

/// What somebody brings: the whole page, or two shares.
struct Papers {
  platform::Path page{};
  std::vector<platform::Path> shares{};
};
/// Errc::usage when it is neither; bad_input and newer_format name the file, then the line.
Result<OrganisationSecrets> read_papers(platform::Env& env, const Papers& papers);
/// One kit. Errors as above.
Result<Kit> read_kit(platform::Files& files, const platform::Path& file);

}  // namespace wayside::recovery
