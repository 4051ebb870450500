#include <CLI/CLI.hpp>

#include "core/base/quiet_protobuf.h"
#include "platform/hardening.h"
#include "platform/real_env.h"
#include "sync/office/address.h"
#include "sync/office/commands.h"

namespace {

constexpr int kWrongUsage = 2;
constexpr std::uint64_t kMostGib = 1 << 20;

std::string check_address(const std::string& text) {
  const auto address = wayside::office::parse_address(text);
  return address ? std::string() : address.error().detail;
}

}  // namespace

int main(int argc, char** argv) {
  wayside::platform::harden_process();
  wayside::quiet_protobuf();
  CLI::App app("The office: keeps sealed envelopes that it cannot read, and hands them on.", "wayside-office");
  app.require_subcommand(1);

  wayside::office::InitCommand init;
  CLI::App* const init_verb =
      app.add_subcommand("init", "make an organisation and its office; prints the first ticket");
  init_verb->add_option("--data", init.data, "folder of the office")->required();
  init_verb->add_option("--admin", init.first_admin, "name of the first administrator, for whom the ticket is")->capture_default_str();
  init_verb->add_option("--org", init.organisation, "name of the organisation; the office cannot read it")->required();
  init_verb->add_option("--address", init.address, "HOST:PORT where devices will find the office")
      ->required()
      ->check(check_address);
  init_verb->add_option("--recovery-out", init.recovery_out, "file for the root and recovery keys")->required();

  wayside::office::ServeCommand serve;
  CLI::App* const serve_verb = app.add_subcommand("serve", "serve devices until SIGTERM or SIGINT");
  serve_verb->add_option("--data", serve.data, "folder of the office")->required();
  serve_verb->add_option("--listen", serve.listen, "HOST:PORT to listen on; port 0 takes a free one")
      ->check(check_address);
  serve_verb->add_option("--port-file", serve.port_file, "file that the port is written to");
  serve_verb
      ->add_option("--attachments-per-device", serve.attachments_gib,
                   "GiB of attachments that each device may put here; 32 unless told")
      ->check(CLI::Range(std::uint64_t{1}, kMostGib));

  wayside::office::StatusCommand status;
  CLI::App* const status_verb = app.add_subcommand("status", "how much the office holds");
  status_verb->add_option("--data", status.data, "folder of the office")->required();
  status_verb->add_flag("--json", status.json, "one JSON document");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kWrongUsage;
  }
  wayside::platform::RealEnv real;
  wayside::platform::Env env = real.env();
  if (*init_verb) return wayside::office::run_init(init, env);
  if (*serve_verb) return wayside::office::run_serve(serve, env);
  return wayside::office::run_status(status, env);
}
