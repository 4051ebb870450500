#pragma once

#include <functional>
#include <memory>

#include "platform/result.h"

namespace wayside::platform {

/// What the session tells a program that shows secrets: go out of sight, or end.
class SessionEvents {
 public:
  enum class Event {
    sleeping,  ///< the machine is about to sleep (a closed lid included) and waits a moment for `out_of_sight`
    locked,    ///< the screen is being locked
    ending,    ///< SIGTERM, SIGHUP or SIGINT: end in good order
  };
  using Listener = std::function<void(Event)>;

  virtual ~SessionEvents() = default;
  /// `listener` is called from a thread of its own and must return at once. Once only, before the first event.
  virtual void listen(Listener listener) = 0;
  /// The answer to `sleeping`: nothing secret is in sight or in memory any more, the machine need not wait longer. From
  /// any thread; without a sleep ahead it means nothing.
  virtual void out_of_sight() = 0;
};

/// Signals of the process, and logind's over the system's D-Bus: PrepareForSleep, and Lock of this session. A machine
/// without that bus, or without logind, is no failure: then only signals are told. Made before the program's other
/// threads, so that they inherit the blocked signals; children of ours start with none blocked.
/// While it listens it holds a delay inhibitor of logind's, so that the machine sleeps after `out_of_sight` (or after
/// logind's own patience, 5 s as it comes).
Result<std::unique_ptr<SessionEvents>> make_session_events();

}  // namespace wayside::platform
