#include "sync/office/desk.h"

#include <chrono>
#include <thread>

#include "platform/atomic_file.h"
#include "sync/office/tuning.h"

namespace wayside::office {
namespace {

using platform::Files;
using platform::Path;

struct Desk {
  explicit Desk(const Path& data) : copy_asked(data / "copy.asked"), copy_part(data / "copy.part"), copy(data / "copy.db"),
                                    copy_failed(data / "copy.failed"), confirm_asked(data / "confirm.asked"), lock(data / "desk.lock") {}
  Path copy_asked, copy_part, copy, copy_failed, confirm_asked, lock;
};

/// A copy takes as long as the disk needs; only an office that does not look is given up on.
Result<void> ask(platform::Env& env, const Path& data, const Path& question) {
  WAYSIDE_OK(platform::write_atomically(env.files, question, "\n"));
  const std::int64_t asked_ms = env.clock.monotonic_ms();
  while (env.files.exists(question)) {
    const bool served = !DataFolder::use(env.files, data).has_value();
    const bool given_up = env.clock.monotonic_ms() - asked_ms > kDeskPatience_ms;
    if (!served || given_up) {
      WAYSIDE_OK(env.files.remove(question));
      return fail(served ? Errc::later : Errc::busy, data.string());
    }
    std::this_thread::sleep_for(kDeskPause);
  }
  return {};
}

Errc code_of(std::string_view name) {
  for (const Errc code : {Errc::disk_full, Errc::read_only, Errc::corrupt, Errc::not_a_vault}) {
    if (name == name_of(code)) return code;
  }
  return Errc::io;
}

Result<void> copy(Files& files, LedgerStore& store, const Desk& desk) {
  WAYSIDE_OK(files.remove(desk.copy_part));
  WAYSIDE_OK(store.copy_to(desk.copy_part));
  return files.rename(desk.copy_part, desk.copy);
}

}  // namespace

Result<Path> ask_for_copy(platform::Env& env, const Path& data) {
  const Desk desk(data);
  WAYSIDE_TRY(const auto alone, env.files.lock(desk.lock));
  for (const Path& old : {desk.copy, desk.copy_failed}) WAYSIDE_OK(env.files.remove(old));
  WAYSIDE_OK(ask(env, data, desk.copy_asked));
  if (env.files.exists(desk.copy)) return desk.copy;
  const auto why = platform::read_all(env.files, desk.copy_failed, 4096);
  (void)env.files.remove(desk.copy_failed);
  return fail(why ? code_of(*why) : Errc::io, "the office could not copy its store");
}

Result<void> ask_to_confirm(platform::Env& env, const Path& data) {
  const Desk desk(data);
  WAYSIDE_TRY(const auto alone, env.files.lock(desk.lock));
  return ask(env, data, desk.confirm_asked);
}

bool look_at_desk(platform::Env& env, const Path& data, LedgerStore& store) {
  const Desk desk(data);
  Files& files = env.files;
  if (files.exists(desk.copy_asked)) {
    const auto copied = copy(files, store, desk);
    if (!copied) {
      (void)files.remove(desk.copy_part);
      (void)platform::write_atomically(files, desk.copy_failed, std::string(name_of(copied.error().code)));
    }
    (void)files.remove(desk.copy_asked);
  }
  if (!files.exists(desk.confirm_asked)) return false;
  const auto ended = store.end_wait();
  if (ended) (void)files.remove(desk.confirm_asked);
  return ended.has_value();
}

}  // namespace wayside::office
