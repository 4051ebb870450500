#pragma once

#include <optional>
#include <string>

#include "platform/env.h"
#include "platform/session_events.h"
#include "ui/app/worker_link.h"

namespace wayside::desktop {

struct RunOptions {
  std::optional<platform::Path> frame_log;  ///< one line for each frame drawn, for tests of idleness and latency
  int width = 1280;
  int height = 800;
};

/// Opens the window and stays until it is closed or the session ends: drafts are sent and the vault is locked before it
/// returns. A screen that is locked, and a machine about to sleep, are a quick exit.
/// The exit code of the program; when not 0, one sentence on stderr says why.
int run_desktop(app::WorkerLink& worker, platform::SessionEvents& session, platform::Clock& clock,
                platform::Files& files, const RunOptions& options);

}  // namespace wayside::desktop
