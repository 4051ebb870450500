#pragma once

#include <functional>

#include "platform/env.h"
#include "sync/session/tuning.h"
#include "sync/wire/wire.pb.h"

/// Carries envelopes between a spool and the office. It holds the spool, the courier key and the network, and no key that
/// opens a case. One at a time per spool: courier.lock.
namespace wayside::courier {

struct Controls {
  /// Asked between steps. Once true, what is under way is finished and stored, and the job ends with `stopped_early`.
  std::function<bool()> stop_asked = [] { return false; };
  std::function<void(const wire::pb::CourierProgress&)> progress = [](const wire::pb::CourierProgress&) {};
  session::Tuning tuning;
};

/// Does the job and tells how it went; `error` is 0 or an Errc, and what was taken before an error stays taken.
///
/// SyncJob: pushes the outbox, pulls what is new into the inbox, then sends parts of attachments (jobs.h). Errors beside
/// those of session.h: not_found (this spool has no office or no key), busy (another courier is at work), disk_full, io,
/// unreachable, wrong_office.
///
/// MembershipJob: the log's entries after `have` in `membership`; then, when `entry` stands, its append:
/// `append_status` taken (it is then the last of `membership`), stale (fetch, sign against the new head and ask again)
/// or refused with the name of an Errc in `append_reason`. It keeps nothing and needs no lock. With `tls_pin` it needs no
/// spool either: then `key` is the ticket's seed. When the line was cut after an append with a ticket, the office may
/// have admitted the device and now refuses the ticket as used: ask again with the device's own courier key.
///
/// PartsJob: fetches parts of attachments into the folder `blobs` of `home`. Each is held against its address first: one
/// that the office has changed is not kept, the others are, and the job ends with bad_signature. What the office does not
/// have is counted, and no error. Each part is durable by itself: after a cut the next job asks for fewer. No lock.
wire::pb::CourierDone run_job(const wire::pb::CourierJob& job, platform::Env env, const SecretBytes* key,
                              const Controls& controls);

/// The body of the hidden verb `wayside-cli courier`: reads one CourierJob frame (u32le length ‖ message; then 32 raw
/// bytes when `key_follows`) from `in`, writes CourierEvent frames to `out`, the last of them CourierDone.
/// SIGTERM, SIGINT, SIGHUP, or nobody reading `out` any more: it finishes the step under way and ends. It dies with its
/// parent. Returns the exit code: 0 when the outcome was told, whatever it is.
int courier_main(platform::Env env, int in, int out);

}  // namespace wayside::courier
