#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <array>
#include <cerrno>
#include <csignal>

#include "sync/courier/courier.h"
#include "sync/courier/tuning.h"
#include "sync/wire/codec.h"

namespace wayside::courier {
namespace {

using wire::pb::CourierDone;
using wire::pb::CourierEvent;
using wire::pb::CourierJob;

constexpr std::size_t kKeyBytes = 32;

volatile std::sig_atomic_t stop_signalled = 0;

void on_stop_signal(int) { stop_signalled = 1; }

void take_signals() {
  struct sigaction action {};
  action.sa_handler = on_stop_signal;
  action.sa_flags = SA_RESTART;   // the request under way goes on
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) ::sigaction(number, &action, nullptr);
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
#ifdef __linux__
  // A killed parent must not leave a courier that holds the spool's lock. A kill costs a repeat and nothing else.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
}

/// True once nobody reads the other end of `out`.
bool reader_gone(int out) {
  pollfd wanted{out, 0, 0};
  return ::poll(&wanted, 1, 0) > 0 && (wanted.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

Result<void> read_exactly(int in, char* to, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::read(in, to, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail(Errc::bad_input, "the job ended early");
    to += got;
    size -= static_cast<std::size_t>(got);
  }
  return {};
}

Result<void> write_all(int out, BytesView bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(out, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return fail(Errc::io, "nobody listens");
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

Result<void> write_event(int out, const CourierEvent& event) {
  const Bytes payload = wire::encode_plain(event);
  Bytes frame;
  for (unsigned shift = 0; shift < 32; shift += 8) frame += static_cast<char>(payload.size() >> shift);
  return write_all(out, frame += payload);
}

Result<CourierJob> read_job(int in) {
  std::array<char, 4> head{};
  WAYSIDE_OK(read_exactly(in, head.data(), head.size()));
  std::size_t size = 0;
  for (std::size_t i = 0; i < head.size(); ++i) size |= std::size_t{static_cast<unsigned char>(head[i])} << (8 * i);
  if (size > kMaxJobBytes) return fail(Errc::too_large, "a job");
  Bytes payload(size, '\0');
  WAYSIDE_OK(read_exactly(in, payload.data(), payload.size()));
  return wire::decode_plain<CourierJob>(payload);
}

Result<SecretBytes> read_key(int in) {
  SecretBytes key(kKeyBytes);
  WAYSIDE_OK(read_exactly(in, reinterpret_cast<char*>(key.data()), key.size()));
  return key;
}

Result<CourierDone> work(platform::Env env, int in, int out) {
  WAYSIDE_TRY(const CourierJob job, read_job(in));
  SecretBytes key;
  if (job.membership().key_follows()) {
    WAYSIDE_TRY(key, read_key(in));
  }
  Controls controls;
  controls.stop_asked = [out] { return stop_signalled != 0 || reader_gone(out); };
  controls.progress = [out](const wire::pb::CourierProgress& progress) {
    CourierEvent event;
    *event.mutable_progress() = progress;
    (void)write_event(out, event);   // stop_asked notices when nobody listens
  };
  return run_job(job, env, key.empty() ? nullptr : &key, controls);
}

}  // namespace

int courier_main(platform::Env env, int in, int out) {
  take_signals();
  auto done = work(env, in, out);
  CourierEvent event;
  if (done) {
    *event.mutable_done() = *std::move(done);
  } else {
    event.mutable_done()->set_error(static_cast<std::uint32_t>(done.error().code));
    event.mutable_done()->set_detail(done.error().detail);
  }
  return write_event(out, event) ? 0 : 1;
}

}  // namespace wayside::courier
