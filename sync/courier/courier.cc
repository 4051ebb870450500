#include "sync/courier/courier.h"

#include "sync/courier/jobs.h"

namespace wayside::courier {
namespace {

/// CourierDone is bounded on the pipe; a detail is a sentence at most.
constexpr std::size_t kMaxDetailBytes = 1024;

}  // namespace

void tell_traffic(const Traffic& traffic, wire::pb::CourierDone& done) {
  done.set_round_trips(traffic.round_trips);
  done.set_handshakes(traffic.handshakes);
  done.set_bytes_up(traffic.bytes_up);
  done.set_bytes_down(traffic.bytes_down);
}

wire::pb::CourierDone run_job(const wire::pb::CourierJob& job, platform::Env env, const SecretBytes* key,
                              const Controls& controls) {
  const std::int64_t began_ms = env.clock.monotonic_ms();
  wire::pb::CourierDone done;
  Result<void> outcome;
  switch (job.of_case()) {
    case wire::pb::CourierJob::kSync: outcome = run_sync(job, env, controls, done); break;
    case wire::pb::CourierJob::kMembership: outcome = run_membership(job, env, key, done); break;
    case wire::pb::CourierJob::kParts: outcome = run_parts(job, env, controls, done); break;
    case wire::pb::CourierJob::OF_NOT_SET: outcome = fail(Errc::bad_input, "a courier without a job"); break;
  }
  if (!outcome) {
    done.set_error(static_cast<std::uint32_t>(outcome.error().code));
    done.set_detail(outcome.error().detail.substr(0, kMaxDetailBytes));
  }
  done.set_elapsed_ms(env.clock.monotonic_ms() - began_ms);
  return done;
}

}  // namespace wayside::courier
