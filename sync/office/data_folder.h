#pragma once

#include <memory>

#include "platform/env.h"
#include "sync/office/ledger_store.h"

namespace wayside::office {

/// What lies in `--data`, and who may use it: one program at a time.
///
///     ledgers.db    envelopes and membership (ledger_schema.h)
///     blobs/        parts of attachments, sealed, by address (core/attachments/blobs.h)
///     office.keys   the office's own two keys (keys.h)
///     figures.json  what a serving office last told `status`
///     lock          held while a program uses the folder
///     unfinished    there while `init` or `restore` is at work: one that was cut short is recognised by it
///     copy.*, confirm.asked, desk.lock   what an operator asks of an office that is served (desk.h)
///     stick.*       what devices ask of it over a stick (stick_desk.h)
///     backup.json   in a backup alone (backup.h): that folder is not served
class DataFolder {
 public:
  /// Makes the folder and its `unfinished` mark. Errc::already_exists when it holds an office, or what an init that
  /// was cut short has left (`detail` is then the mark's path); Errc::busy.
  static Result<DataFolder> begin(platform::Files& files, const platform::Path& folder);
  /// After this the office is whole.
  Result<void> finish();
  /// Removes what `begin` and its successors have made.
  void abandon();

  /// Errors: not_found (no office there), already_exists (an init or restore was cut short), not_permitted (a backup), busy
  /// (another program serves it).
  static Result<DataFolder> use(platform::Files& files, const platform::Path& folder);

  static platform::Path store_in(const platform::Path& folder) { return folder / "ledgers.db"; }
  static platform::Path keys_in(const platform::Path& folder) { return folder / "office.keys"; }
  static platform::Path figures_in(const platform::Path& folder) { return folder / "figures.json"; }
  static platform::Path backup_mark_in(const platform::Path& folder) { return folder / "backup.json"; }
  static platform::Path mark_in(const platform::Path& folder) { return folder / "unfinished"; }

  [[nodiscard]] const platform::Path& folder() const { return folder_; }
  [[nodiscard]] platform::Path store() const { return store_in(folder_); }
  [[nodiscard]] platform::Path keys() const { return keys_in(folder_); }
  [[nodiscard]] platform::Path figures() const { return figures_in(folder_); }

 private:
  DataFolder(platform::Files& files, platform::Path folder, std::unique_ptr<platform::File> lock)
      : files_(&files), folder_(std::move(folder)), lock_(std::move(lock)) {}
  static platform::Path lock_in(const platform::Path& folder) { return folder / "lock"; }

  platform::Files* files_;
  platform::Path folder_;
  std::unique_ptr<platform::File> lock_;
};

/// Figures as the JSON document of `status`. `as_of_ms`: when they were counted.
std::string figures_json(const Figures& figures, std::int64_t as_of_ms);

}  // namespace wayside::office
