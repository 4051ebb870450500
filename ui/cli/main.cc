#include <unistd.h>

#include <iostream>

#include "core/base/quiet_protobuf.h"
#include "platform/hardening.h"
#include "platform/real_env.h"
#include "ui/cli/run.h"

int main(int argc, char** argv) {
  wayside::platform::harden_process();
  wayside::quiet_protobuf();
  const auto environment = wayside::platform::process_environment();
  wayside::platform::RealEnv real(environment);
  wayside::cli::Surroundings surroundings{.env = real.env(),
                                          .environment = environment,
                                          .program = wayside::platform::this_program(),
                                          .in = std::cin,
                                          .out = std::cout,
                                          .err = std::cerr,
                                          .err_is_terminal = ::isatty(STDERR_FILENO) != 0};
  return wayside::cli::run({argv + 1, argv + argc}, surroundings);
}
