#pragma once

#include "core/vault/vault.h"
#include "ui/app/messages.pb.h"

namespace wayside::app {

/// The household of a case against every service of the directory: yes, ask or no, each with its reasons; none is left out.
/// Records of the household that cannot be true together: no rows, and a notice that names them.
Result<pb::Places> read_places(vault::Vault& vault, const RecordId& case_id, std::string_view case_name, std::int64_t now_ms);

/// Everything that the directory says about a service, as it is shown. Errc::not_found.
Result<pb::ServiceDetail> read_service(vault::Vault& vault, const RecordId& service, std::int64_t now_ms);

/// "just now", "40 minutes ago", "3 hours ago", "2 days ago".
std::string age_words(std::int64_t hours);

}  // namespace wayside::app
