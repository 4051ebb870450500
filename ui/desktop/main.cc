// The desktop program. It holds the window and what stands on it; the worker holds the vault.

#include <CLI/CLI.hpp>

#include <cstdio>
#include <string>
#include <utility>

#include "core/base/quiet_protobuf.h"
#include "platform/hardening.h"
#include "platform/real_env.h"
#include "ui/app/worker.h"
#include "ui/desktop/run.h"

int main(int argc, char** argv) {
  using namespace wayside;
  platform::harden_process();
  quiet_protobuf();
  const auto session = platform::make_session_events();  // before any thread: all of them leave the signals to it
  if (!session) {
    std::fprintf(stderr, "wayside: the system has no room for another program. Close one, then start again. (%s)\n",
                 session.error().detail.c_str());
    return 1;
  }
  platform::RealEnv real;
  const platform::Env env = real.env();

  desktop::RunOptions options;
  platform::Path home = platform::default_home(platform::process_environment());
  std::string size;
  std::string frame_log;
  std::string office;
  CLI::App app("Wayside");
  app.add_option("--home", home, "this device's folder (or WAYSIDE_HOME)");
  app.add_option("--office", office, "HOST:PORT where the office is found, when not where it was")
      ->envname("WAYSIDE_OFFICE");
  app.add_option("--size", size, "of the window in pixels, like 1024x600");
  app.add_option("--frame-log", frame_log, "writes a line to this file for each frame drawn");
  CLI11_PARSE(app, argc, argv);
  if (!size.empty() && (std::sscanf(size.c_str(), "%dx%d", &options.width, &options.height) != 2 ||
                        options.width < 320 || options.height < 240)) {
    std::fprintf(stderr, "wayside: write --size like 1024x600, at least 320x240.\n");
    return 2;
  }
  if (!frame_log.empty()) options.frame_log = frame_log;

  // The courier reads no case and this program opens no connection: it is the command line, beside this program.
  app::Setup setup;
  setup.home = std::move(home);
  if (const auto user_home = platform::process_environment()("HOME")) setup.user_home = *user_home;
  setup.courier_program = platform::this_program().parent_path() / "wayside-cli";
  setup.office_address = office;
  setup.environment = platform::process_environment();
  const auto worker = app::make_worker(env, std::move(setup));
  return desktop::run_desktop(*worker, **session, env.clock, env.files, options);
}
