#pragma once

#include "core/vault/vault.h"
#include "ui/app/messages.pb.h"

/// The files of a case as the screen shows them.
namespace wayside::app {

/// Rows and what a file can be; the rest of `out` stays.
Result<void> read_files(vault::Vault& vault, const RecordId& case_id, pb::Files& out);

/// The file as it is shown when it is opened: with a small picture of it, made in memory, or with why there is none.
pb::OpenedFile read_opened(vault::Vault& vault, const RecordId& file);

/// Takes the file that a person named into the case and says in `out.notice` what came of it. The name that was kept.
void add_file(vault::Vault& vault, const pb::AddFile& command, const platform::Path& user_home, pb::Files& out);

/// Writes the copy that a person asked for, and says what came of it.
void export_file(vault::Vault& vault, const pb::ExportFile& command, const platform::Path& user_home, pb::Files& out);

/// "2.4 MB", "310 kB", "12 bytes".
std::string size_words(std::uint64_t bytes);

}  // namespace wayside::app
