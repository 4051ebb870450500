#pragma once

namespace wayside::platform {

/// First line of every program's main: no core dump and no debugger sees our memory, OpenSSL keeps its private keys in
/// locked memory, what we make is ours alone (umask), and a peer that goes away is an error and not our death (SIGPIPE).
/// There is no way back within the process, and a failure of any part is no reason not to start.
/// A sanitizer build stays dumpable, since the leak checker is a debugger.
void harden_process();

}  // namespace wayside::platform
