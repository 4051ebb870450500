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

void declare_papers(CLI::App& verb, wayside::recovery::Papers& papers) {
  verb.add_option("--recovery", papers.page, "the whole recovery page, typed in or as `init` wrote it");
  verb.add_option("--share", papers.shares, "one of two shares; give this twice");
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
  CLI::Option_group* const pages = init_verb->add_option_group("recovery pages, at least one of");
  pages->require_option(1, 2);
  pages->add_option("--recovery-out", init.recovery_out, "file for the root and recovery keys, as one page");
  pages->add_option("--shares-out", init.shares_out, "folder for three pages of which any two give those keys");

  wayside::office::SharesCommand shares;
  CLI::App* const shares_verb = app.add_subcommand("shares", "three recovery pages of which any two are needed");
  declare_papers(*shares_verb, shares.papers);
  shares_verb->add_option("--out", shares.out, "folder for the three pages")->required();

  wayside::office::CombineCommand combine;
  CLI::App* const combine_verb = app.add_subcommand("combine", "the whole recovery page, from two shares");
  declare_papers(*combine_verb, combine.papers);
  combine_verb->add_option("--out", combine.out, "file for the page")->required();

  wayside::office::AdmitCommand admit;
  CLI::App* const admit_verb = app.add_subcommand("admit", "when no administrator is left: a ticket for one, with the recovery pages");
  admit_verb->add_option("--data", admit.data, "folder of the office, which must not be serving")->required();
  declare_papers(*admit_verb, admit.papers);
  admit_verb->add_option("--admin", admit.admin, "name of the administrator, for whom the ticket is")->capture_default_str();

  wayside::office::BranchCommand branch;
  CLI::App* const branch_verb = app.add_subcommand("branch", "of two membership logs keep this office's, with the recovery pages");
  branch_verb->add_option("--data", branch.data, "folder of the office, which must not be serving")->required();
  declare_papers(*branch_verb, branch.papers);
  branch_verb->add_option("--entry", branch.entry, "number of the first entry that differs, as `sync` names it")->required();
  branch_verb->add_option("--refuse", branch.refuse, "hash of an entry of the other log, as `sync` names it; as often as there are some")->required();

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

  serve_verb
      ->add_option("--envelopes-per-device", serve.envelopes_gib,
                   "GiB of envelopes that each device may have stored here in all; 16 unless told")
      ->check(CLI::Range(std::uint64_t{1}, kMostGib));
  serve_verb
      ->add_option("--envelopes-per-day", serve.envelopes_a_day_mib,
                   "MiB of envelopes that each device may have stored here on one day; 2048 unless told")
      ->check(CLI::Range(std::uint64_t{1}, kMostGib));
  serve_verb
      ->add_option("--requests-per-minute", serve.requests_a_minute,
                   "requests of one device on average, before it is told to come back later; 6000 unless told")
      ->check(CLI::Range(std::uint64_t{1}, kMostGib));

  wayside::office::BackupCommand backup;
  CLI::App* const backup_verb = app.add_subcommand("backup", "a whole copy of the office, also while it is served");
  backup_verb->add_option("--data", backup.data, "folder of the office")->required();
  backup_verb->add_option("--to", backup.to, "a new folder for the backup")->required();

  wayside::office::RestoreCommand restore;
  CLI::App* const restore_verb = app.add_subcommand("restore", "set an office up again from a backup; devices give back what it lost");
  restore_verb->add_option("--data", restore.data, "a new folder for the office")->required();
  restore_verb->add_option("--from", restore.from, "folder of the backup")->required();

  wayside::office::ConfirmCommand confirm;
  CLI::App* const confirm_verb = app.add_subcommand(
      "confirm-restore", "after a restore: take changes of members again, though not all administrators' devices have reconciled");
  confirm_verb->add_option("--data", confirm.data, "folder of the office")->required();

  wayside::office::StickCommand stick;
  CLI::App* const stick_verb = app.add_subcommand("stick", "answer devices that ask in files, on a USB stick");
  stick_verb->add_option("--data", stick.data, "folder of the office")->required();
  stick_verb->add_option("--path", stick.path, "folder on the stick")->required();
  stick_verb->add_flag("--json", stick.json, "one JSON document");

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
  if (*shares_verb) return wayside::office::run_shares(shares, env);
  if (*combine_verb) return wayside::office::run_combine(combine, env);
  if (*branch_verb) return wayside::office::run_branch(branch, env);
  if (*admit_verb) return wayside::office::run_admit(admit, env);
  if (*backup_verb) return wayside::office::run_backup(backup, env);
  if (*restore_verb) return wayside::office::run_restore(restore, env);
  if (*confirm_verb) return wayside::office::run_confirm(confirm, env);
  if (*stick_verb) return wayside::office::run_stick(stick, env);
  if (*serve_verb) return wayside::office::run_serve(serve, env);
  return wayside::office::run_status(status, env);
}
