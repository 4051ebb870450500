#pragma once

#include <map>
#include <utility>
#include <vector>

#include "core/base/ids.h"
#include "platform/result.h"

/// What counted of somebody's work when a right was taken from her: the last envelope that was accepted of each device
/// in each ledger. It stands in the entry that takes the right away, since what is valid must follow from envelopes
/// and membership alone, whatever arrives first.
///
///     u8 version = 1 ‖ u16le authors ‖ authors × (device 16 ‖ incarnation 16 ‖ u32le count ‖
///                                                 count × (ledger 16 ‖ u64le seq ‖ envelope id 32))
namespace wayside::membership {

struct PinnedPlace { std::uint64_t seq = 0; EnvelopeId id; };
using PinAuthor = std::pair<DeviceId, IncarnationId>;
using Pin = std::map<PinAuthor, std::map<LedgerId, PinnedPlace>>;

/// The pin in as many pieces as entries need: one at least, though nothing be pinned.
std::vector<Bytes> encode_pin(const Pin& pin);
/// One piece. Errc::bad_input, newer_format.
Result<Pin> decode_pin(BytesView bytes);

}  // namespace wayside::membership
