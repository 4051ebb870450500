#pragma once

#include "sync/courier/courier.h"
#include "sync/courier/exchange.h"

/// The two kinds of job, each filling in what it has to tell. Used by courier.cc.
namespace wayside::courier {

Result<void> run_sync(const wire::pb::CourierJob& job, platform::Env env, const Controls& controls,
                      wire::pb::CourierDone& done);

Result<void> run_membership(const wire::pb::CourierJob& job, platform::Env env, const SecretBytes* key,
                            wire::pb::CourierDone& done);

void tell_traffic(const Traffic& traffic, wire::pb::CourierDone& done);

}  // namespace wayside::courier
