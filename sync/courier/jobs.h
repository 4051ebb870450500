#pragma once

#include "sync/courier/courier.h"
#include "sync/courier/exchange.h"
#include "sync/spool/cursors.h"
#include "sync/spool/inbox.h"

/// The kinds of job, each filling in what it has to tell. Used by courier.cc.
namespace wayside::courier {

Result<void> run_sync(const wire::pb::CourierJob& job, platform::Env env, const Controls& controls,
                      wire::pb::CourierDone& done);

Result<void> run_membership(const wire::pb::CourierJob& job, platform::Env env, const SecretBytes* key,
                            wire::pb::CourierDone& done);

Result<void> run_parts(const wire::pb::CourierJob& job, platform::Env env, const Controls& controls,
                       wire::pb::CourierDone& done);

/// The last step of a reconcile: sends what spool/parts lists and the office wants, out of `home`. Notes in the cursor
/// when the office holds all of it. Nothing listed, or all of it noted: no request.
Result<void> send_parts(Exchange& exchange, platform::Files& files, const spool::Layout& layout, const platform::Path& home,
                        spool::Cursors& cursors, const Controls& controls, wire::pb::CourierDone& done);

// ---- Snapshots (snapshot_job.cc) ----

/// What the office answers goes to the vault with `done`: only there is the key. An office of an earlier version: nothing.
Result<void> find_snapshots(Exchange& exchange, wire::pb::CourierDone& done);
/// What a snapshot in use covers counts as held, where nothing is held yet.
Result<void> take_over(const wire::pb::Covered& covered, spool::Cursors& cursors);
/// The envelopes that it covers, page by page into the inbox, once all that is newer is here. Each page is durable before the
/// cursor says so. `most_pages` of the whole job, 0: to the end. `carry_list`: digest of which cases it carries.
struct HistoryLimits { std::uint64_t most_pages = 0; Bytes carry_list; };
Result<void> fetch_history(Exchange& exchange, spool::Cursors& cursors, spool::InboxWriter& inbox, const HistoryLimits& limits,
                           const Controls& controls, wire::pb::CourierDone& done);

// ---- Over a folder (stick_job.cc) ----

/// As run_sync, in files: takes what the office answered, then writes what it is asked. Errors beside those of session.h:
/// stick, and those of this machine's disk.
Result<void> run_stick(const wire::pb::CourierJob& job, platform::Env env, const Controls& controls, wire::pb::CourierDone& done);

// ---- What both ways of travelling share (sync_job.cc) ----

/// Where a session begins, as the spool says.
Result<session::Begin> begin_from(platform::Files& files, const spool::Layout& layout, const spool::Cursors& cursors,
                                  const spool::InboxWriter& inbox);
/// The inbox first: a cursor never claims what the inbox does not hold.
Result<void> store_gain(const session::Store& gain, spool::Cursors& cursors, spool::InboxWriter& inbox);
void tell_session(const session::State& end, wire::pb::CourierDone& done);

/// Where this spool's office is, or where the job says. `key` outlives it.
Peer peer_of(const spool::Office& office, const wire::pb::CourierJob& job, const SecretBytes& key);

void tell_traffic(const Traffic& traffic, wire::pb::CourierDone& done);

}  // namespace wayside::courier
