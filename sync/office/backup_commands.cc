#include <cstdio>

#include "core/base/value.h"
#include "sync/office/backup.h"
#include "sync/office/commands.h"
#include "sync/office/desk.h"
#include "sync/office/sentences.h"

namespace wayside::office {
namespace {

using platform::Path;

Path without_slash(const Path& folder) { return folder.has_filename() ? folder : folder.parent_path(); }

bool lies_within(const Path& inner, const Path& outer) {
  const Path in = std::filesystem::weakly_canonical(std::filesystem::absolute(without_slash(inner)));
  const Path out = std::filesystem::weakly_canonical(std::filesystem::absolute(without_slash(outer)));
  return std::mismatch(out.begin(), out.end(), in.begin(), in.end()).first == out.end();
}

void tell_of_damaged(const BackupFacts& facts) {
  if (facts.damaged_parts == 0) return;
  std::fprintf(stderr, "%llu parts of attachments were damaged and are left out: devices that hold them send them again.\n",
               static_cast<unsigned long long>(facts.damaged_parts));
}

/// Made under another name, so that whoever looks for backups finds whole ones alone.
Result<BackupFacts> backup_to(const Path& data, const Path& to, platform::Env& env) {
  if (env.files.exists(to)) return fail(Errc::already_exists, to.string());
  if (lies_within(to, data)) return fail(Errc::usage, "A backup lies outside the office's own folder");
  const Path part = to.string() + ".unfinished";
  if (env.files.exists(part)) return fail(Errc::usage, "An earlier backup was cut short. Delete " + part.string() + ", then try again");
  WAYSIDE_TRY(const BackupFacts facts, make_backup(env, data, part));
  WAYSIDE_OK(env.files.rename(part, to));
  WAYSIDE_OK(env.files.sync_folder(to.has_parent_path() ? to.parent_path() : Path(".")));
  return facts;
}

}  // namespace

int run_backup(const BackupCommand& command, platform::Env& env) {
  const Path to = without_slash(command.to);
  const auto facts = backup_to(command.data, to, env);
  if (!facts) return report(Doing::backup, facts.error());
  tell_of_damaged(*facts);
  std::fprintf(stderr,
               "%s is a backup of the office as of %s: %llu envelopes, %llu entries of the membership log, %llu parts of attachments.\n"
               "It holds the office's keys: keep it as you keep the office. `wayside-office restore` sets the office up again from it.\n",
               to.c_str(), iso_time(facts->made_ms).c_str(), static_cast<unsigned long long>(facts->figures.envelopes),
               static_cast<unsigned long long>(facts->figures.membership_entries),
               static_cast<unsigned long long>(facts->figures.attachment_parts));
  return kDone;
}

int run_restore(const RestoreCommand& command, platform::Env& env) {
  if (lies_within(command.data, command.from) || lies_within(command.from, command.data)) {
    return report(Doing::restore, {Errc::usage, "The backup and the office's new folder lie apart from each other"});
  }
  const auto facts = restore_office(env, command.from, command.data);
  if (!facts) return report(Doing::restore, facts.error());
  tell_of_damaged(*facts);
  std::fprintf(stderr,
               "The office is set up again as of %s. Serve %s; never serve the old folder again.\n"
               "Devices notice it when they reconcile, tell their people, and give back what the office lost.\n"
               "Until every administrator's device has done so, nobody can be invited, removed or given another role:\n"
               "`wayside-office status` says for whom it waits, and `wayside-office confirm-restore` ends the wait.\n",
               iso_time(facts->made_ms).c_str(), command.data.c_str());
  return kDone;
}

int run_confirm(const ConfirmCommand& command, platform::Env& env) {
  const auto confirm = [&]() -> Result<void> {
    const auto own = DataFolder::use(env.files, command.data);
    if (!own && own.error().code == Errc::busy) return ask_to_confirm(env, command.data);
    if (!own) return std::unexpected(own.error());
    WAYSIDE_TRY(const auto store, LedgerStore::open(env, own->store()));
    return store->end_wait();
  };
  if (const auto confirmed = confirm(); !confirmed) return report(Doing::backup, confirmed.error());
  std::fprintf(stderr,
               "The office takes changes of members again. What it had lost of them and nobody gave back by now stays lost:\n"
               "a device that still holds such a change will say that there are two stories.\n");
  return kDone;
}

}  // namespace wayside::office
