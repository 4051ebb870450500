#pragma once

#include "core/vault/vault.h"
#include "ui/app/case_list.h"
#include "ui/app/messages.pb.h"

namespace wayside::app {

/// What is due over all cases, overdue and for a fortnight ahead, the earliest first. Whose each thing is: who its record
/// names, else the case's lead worker; what names nobody is everybody's.
Result<pb::Today> read_today(vault::Vault& vault, const CaseList& cases, std::int64_t now_ms);

}  // namespace wayside::app
