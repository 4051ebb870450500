#include "sync/courier/courier_child.h"

#include <signal.h>

#include "sync/wire/codec.h"

namespace wayside::courier {
namespace {

using platform::ChildProcess;
using wire::pb::CourierDone;
using wire::pb::CourierEvent;

constexpr std::int64_t kStart_ms = 10'000;

}  // namespace

Result<CourierChild> CourierChild::start(const platform::Path& program, const wire::pb::CourierJob& job,
                                         const SecretBytes* key) {
  if (job.membership().key_follows() != (key != nullptr)) return fail(Errc::bad_input, "a job and its key");
  platform::ChildOptions options;
  options.program = program;
  options.arguments = {"courier"};
  WAYSIDE_TRY(ChildProcess child, ChildProcess::start(options));
  WAYSIDE_OK(child.write_frame(wire::encode_plain(job), kStart_ms));
  if (key != nullptr) WAYSIDE_OK(child.write(key->view(), kStart_ms));
  return CourierChild(std::move(child));
}

Result<std::optional<CourierEvent>> CourierChild::next(std::int64_t patience_ms) {
  auto frame = child_.read_frame(kMaxEventBytes, patience_ms);
  if (!frame && frame.error().code == Errc::unreachable) {
    if (!child_.wait(0)) return std::optional<CourierEvent>{};   // it lives and says nothing
    frame = child_.read_frame(kMaxEventBytes, 0);
  }
  if (!frame || !*frame) return fail(Errc::io, "the courier ended early");
  WAYSIDE_TRY(CourierEvent event, wire::decode_plain<CourierEvent>(**frame));
  return event;
}

Result<CourierDone> CourierChild::finish(const std::function<void(const wire::pb::CourierProgress&)>& progress,
                                         const std::function<bool()>& stop_asked, std::int64_t stop_patience_ms) {
  CourierDone stopped;
  stopped.set_stopped_early(true);
  bool stopping = false;
  while (true) {
    if (!stopping && stop_asked()) {
      stop();
      stopping = true;
    }
    auto event = next(kListen_ms);
    if (!event && stopping) return stopped;   // it ended before it could hear the signal out
    if (!event) return std::unexpected(event.error());
    if (!*event && stopping && (stop_patience_ms -= kListen_ms) <= 0) {
      child_.kill();
      return stopped;
    }
    if (!*event) continue;
    if ((*event)->has_progress()) progress((*event)->progress());
    if (!(*event)->has_done()) continue;
    (void)child_.wait(kStopPatience_ms);
    return std::move(*(*event)->mutable_done());
  }
}

void CourierChild::stop() {
  if (child_.pid() > 0) ::kill(child_.pid(), SIGTERM);
}

}  // namespace wayside::courier
