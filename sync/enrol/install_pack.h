#pragma once

#include <functional>

#include "core/packs/pack.h"
#include "core/vault/vault.h"
#include "sync/enrol/membership_line.h"

namespace wayside::enrol {

/// Whether a questionnaire can be used, by its TOML: the rules that read one stand above this folder.
using CheckQuestionnaire = std::function<Result<void>(std::string_view toml)>;

/// What `pack sign` writes to its file: the folder checked against what this organisation has, sealed for its members, and
/// signed with this administrator's device. Errors: bad_input and too_large with file and line, not_found (no
/// pack.toml), not_permitted.
struct SignedFile {
  packs::Pack pack;
  Bytes bytes;
};
Result<SignedFile> sign_pack(vault::Vault& vault, const platform::Path& folder, const CheckQuestionnaire& check);

/// Appends a signed pack to the membership log; every device learns it when it reconciles, this one at once. Without a
/// line the vault has no office (`solo`). What is refused changes nothing. Errors: those of packs::check_signer,
/// packs::schema_with and LogWriter::append.
Result<packs::Pack> install_pack(vault::Vault& vault, BytesView file, const CheckQuestionnaire& check, MembershipLine* line);

}  // namespace wayside::enrol
