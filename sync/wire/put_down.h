#pragma once

#include <vector>

#include "core/base/ids.h"
#include "platform/result.h"
#include "sync/wire/wire.pb.h"

/// Which ledgers a device does not carry, though it may: a list that both sides name by its digest, so that it crosses the wire
/// only when it has changed.
namespace wayside::wire {

/// Sorted, each once.
pb::PutDown put_down_message(std::vector<LedgerId> ledgers);
/// Errc::bad_input unless it is sorted, each once.
Result<std::vector<LedgerId>> put_down_ledgers(const pb::PutDown& message);
/// BLAKE2b-256("wayside/put-down/1" ‖ the ids, sorted); empty when there are none.
Bytes put_down_digest(const std::vector<LedgerId>& sorted);

}  // namespace wayside::wire
