#pragma once

#include "sync/spool/layout.h"
#include "sync/wire/wire.pb.h"

/// What this device asked over sticks and was not answered yet. Its writer is the courier. Only what stands here is taken off a
/// stick: without it an old answer, or one that was meant for another question, would look like any other. Losing it costs
/// one more journey of the stick.
///
///     u8 version = 1 ‖ StickNote (wire.proto)
namespace wayside::spool {

/// Letters that wait at once: sticks that travel by post overlap, and a courier forgets the oldest beyond these.
inline constexpr int kMostLetters = 8;

/// Durable when it returns; a reader finds the old one or the new, whole.
Result<void> write_stick_note(platform::Files& files, const Layout& layout, const wire::pb::StickNote& note);
/// An empty one when there is none, or when it cannot be read. Errors: newer_format, those of Files.
Result<wire::pb::StickNote> read_stick_note(platform::Files& files, const Layout& layout);

}  // namespace wayside::spool
