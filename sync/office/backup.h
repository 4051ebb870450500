#pragma once

#include "sync/office/data_folder.h"

/// A backup of an office: a folder that holds all of it as of one moment.
///
///     ledgers.db    a copy of the store, whole and checked
///     office.keys   as in the data folder: whoever has a backup can pose as the office
///     blobs/        parts of attachments
///     backup.json   when it was made, and how much it holds. Written last; with it no office serves this folder
///
/// An office is set up again from it as a new generation (LedgerStore::begin_generation), never as if nothing had happened:
/// devices then know that something may be lost, and give it back.
namespace wayside::office {

struct BackupFacts {
  std::int64_t made_ms = 0;
  Figures figures;
  std::uint64_t damaged_parts = 0;   ///< of attachments: not what their address says, so left out
};

/// Fills `to`, a folder that is not there yet or empty, from an office that nobody serves or, through its desk (desk.h),
/// from one that is being served. Durable and checked when it returns; on an error it is
/// removed. Errors: already_exists, and those of DataFolder::use;
/// later: it is served by a program that does not answer at its desk.
Result<BackupFacts> make_backup(platform::Env& env, const platform::Path& data, const platform::Path& to);

/// Makes `data` an office of a new generation with what `from` holds: a backup, or a copy of a data folder that was made
/// while nobody served it. `from` stays as it is. On an error nothing is left in `data`.
/// Errors: not_found (no backup there), corrupt, newer_format, those of DataFolder::begin.
Result<BackupFacts> restore_office(platform::Env& env, const platform::Path& from, const platform::Path& data);

}  // namespace wayside::office
