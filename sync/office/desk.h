#pragma once

#include "sync/office/data_folder.h"

/// What an operator asks of an office that is being served, whose store no second program may open: by files in its folder,
/// which only the office's own user may write. The office looks for them every kFiguresInterval.
///
///     copy.asked       write a copy of the store; it goes when that is done
///     copy.db          the copy; whoever asked takes it away
///     copy.failed      in place of it: the name of an error
///     confirm.asked    end the wait of a restored office; it goes when that is done
///     desk.lock        held by whoever asks: one at a time
namespace wayside::office {

/// Asks, and waits for the copy; its path. Errors: busy (somebody else asks), later (nobody answers), and the copy's own.
Result<platform::Path> ask_for_copy(platform::Env& env, const platform::Path& data);
/// The same for the operator's word after a restore.
Result<void> ask_to_confirm(platform::Env& env, const platform::Path& data);

/// In the office that is served. True when something was asked: its figures may have changed.
bool look_at_desk(platform::Env& env, const platform::Path& data, LedgerStore& store);

}  // namespace wayside::office
