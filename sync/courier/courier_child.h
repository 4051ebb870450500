#pragma once

#include <functional>
#include <optional>

#include "platform/child_process.h"
#include "sync/courier/tuning.h"
#include "sync/wire/wire.pb.h"

namespace wayside::courier {

/// The parent's end: a courier as a process of its own, which never sees a vault key. One thread; that thread must live
/// as long as this does, since the child dies with the thread that started it.
class CourierChild {
 public:
  /// Starts `program courier` (wayside-cli; courier_main is its body) and hands it the job. `key`: the 32 bytes that
  /// follow a job with `key_follows`; they travel on the pipe alone. Errors: not_found, io, bad_input.
  static Result<CourierChild> start(const platform::Path& program, const wire::pb::CourierJob& job,
                                    const SecretBytes* key = nullptr);

  /// The next event, or nothing when `patience_ms` passed without one. After CourierDone none comes.
  /// Errc::io when the child ended without telling the outcome (killed); a new one goes on where it stopped.
  Result<std::optional<wire::pb::CourierEvent>> next(std::int64_t patience_ms);

  /// To the end: hands on progress, and asks the child to stop as soon as `stop_asked`. One that does not end within
  /// `stop_patience_ms` is killed; what it has stored stays, and the outcome is `stopped_early` and nothing else.
  Result<wire::pb::CourierDone> finish(
      const std::function<void(const wire::pb::CourierProgress&)>& progress = [](const auto&) {},
      const std::function<bool()>& stop_asked = [] { return false; }, std::int64_t stop_patience_ms = kStopPatience_ms);

  /// Asks it to finish the step under way and end; `next` goes on until CourierDone.
  void stop();
  /// SIGKILL. Whatever it had stored stays; `next` then tells Errc::io.
  void kill() { child_.kill(); }

 private:
  explicit CourierChild(platform::ChildProcess child) : child_(std::move(child)) {}
  platform::ChildProcess child_;
};

}  // namespace wayside::courier
