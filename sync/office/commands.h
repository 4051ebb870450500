#pragma once

#include <optional>
#include <string>

#include "platform/env.h"
#include "sync/office/init.h"

/// The verbs of wayside-office, as the command line calls them. Each returns a process exit code: 0 done, 1 a failure
/// that one sentence on stderr has named.
namespace wayside::office {

/// Ticket on stdout; on a failure nothing is left behind (init.h).
int run_init(const InitCommand& command, platform::Env& env);

struct ServeCommand {
  platform::Path data;
  std::optional<std::string> listen;  ///< HOST:PORT; else the address of init
  std::optional<platform::Path> port_file;
  std::optional<std::uint64_t> attachments_gib;   ///< that each device may put here; else kPartShareBytes
};
/// Serves until SIGTERM or SIGINT.
int run_serve(const ServeCommand& command, platform::Env& env);

struct StatusCommand {
  platform::Path data;
  bool json = false;
};
/// Also while another process serves: then with the figures it wrote last.
int run_status(const StatusCommand& command, platform::Env& env);

}  // namespace wayside::office
