#pragma once

#include <string>

#include "platform/result.h"

/// What a person reads when something failed: what happened, what is safe, what to do. One table for the command line
/// and the window, so that both say the same.
namespace wayside::app {

/// How a program ends (docs/COMMAND_LINE.md). Scripts rely on the numbers.
enum class Exit : int {
  done = 0,
  failed = 1,           ///< named on stderr
  usage = 2,
  locked = 3,           ///< wrong passphrase, or the vault cannot be unlocked here
  waits = 4,            ///< done, but something waits for a person
  unreachable = 5,      ///< the office; work is kept in the outbox
  bad_input = 6,        ///< a value, a line or a file that cannot be used; nothing was saved or imported
};
constexpr int to_int(Exit exit) { return static_cast<int>(exit); }

/// The exit code of a program that failed so.
Exit exit_of(Errc code);

/// Whole sentences, with the place that `detail` names filled in.
std::string sentence(const Error& error);

}  // namespace wayside::app
