#pragma once

#include "sync/courier/courier.h"
#include "sync/courier/exchange.h"
#include "sync/spool/cursors.h"

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

/// Where this spool's office is, or where the job says. `key` outlives it.
Peer peer_of(const spool::Office& office, const wire::pb::CourierJob& job, const SecretBytes& key);

void tell_traffic(const Traffic& traffic, wire::pb::CourierDone& done);

}  // namespace wayside::courier
