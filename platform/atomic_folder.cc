#include "platform/atomic_folder.h"

namespace wayside::platform {
namespace {

Result<void> write_all(Files& files, const Path& folder, const std::map<std::string, std::string>& contents) {
  WAYSIDE_OK(files.make_folders(folder));
  for (const auto& [name, text] : contents) {
    WAYSIDE_TRY(const auto file, files.open(folder / name, OpenMode::create_new));
    WAYSIDE_OK(file->write_at(0, text));
    WAYSIDE_OK(file->sync());
  }
  return files.sync_folder(folder);
}

/// Only files: what we made, or what a crash left of it.
Result<void> remove_part(Files& files, const Path& folder) {
  if (!files.exists(folder)) return {};
  WAYSIDE_TRY(const auto names, files.list(folder));
  for (const auto& name : names) WAYSIDE_OK(files.remove(folder / name));
  return files.remove(folder);
}

}  // namespace

Result<void> write_folder(Files& files, const Path& path, const std::map<std::string, std::string>& contents) {
  const Path target = path.has_filename() ? path : path.parent_path();   // "a/b/" names the folder "a/b"
  const Path parent = target.parent_path();
  WAYSIDE_OK(files.make_folders(parent));
  if (files.exists(target)) {
    WAYSIDE_TRY(const auto there, files.list(target));
    if (!there.empty()) return fail(Errc::already_exists, target.string() + " is not empty");
  }
  const Path part = parent / ("." + target.filename().string() + ".part");
  WAYSIDE_OK(remove_part(files, part));
  auto done = write_all(files, part, contents);
  if (done) done = files.rename(part, target);
  if (!done) {
    (void)remove_part(files, part);   // the first failure is the one to tell
    return done;
  }
  return files.sync_folder(parent);
}

}  // namespace wayside::platform
