#pragma once

#include <memory>

#include "platform/bytes.h"
#include "platform/result.h"
#include "ui/app/messages.pb.h"

/// The one encoding of what passes between window and worker.
namespace wayside::app {

inline constexpr std::size_t kCommandLimitBytes = std::size_t{4} << 20;  ///< a save holds 1 MiB at most

Bytes encode(const pb::Command& command);
/// Errc::bad_input for bytes that are no command, or an id of the wrong length; too_large. Nothing of it is acted upon.
Result<pb::Command> decode_command(BytesView bytes);

/// Bytes that are overwritten before they are freed: a snapshot holds what the screen shows.
std::shared_ptr<const Bytes> encode_wiping(const pb::Snapshot& snapshot);
/// Errc::bad_input for bytes that are no snapshot.
Result<pb::Snapshot> decode_snapshot(BytesView bytes);

/// Overwrites all text and bytes in `message`, at every depth, then clears it.
void wipe(google::protobuf::Message& message);
void wipe(std::string& text);

}  // namespace wayside::app
