#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/recovery/papers.h"
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
  std::optional<std::uint64_t> envelopes_gib;         ///< of each device in all; else kEnvelopeShareBytes
  std::optional<std::uint64_t> envelopes_a_day_mib;   ///< of each device; else kEnvelopeDayShareBytes
  std::optional<std::uint64_t> requests_a_minute;     ///< of each device; else kRequestsPerMinute
  std::optional<std::uint64_t> attachments_gib;   ///< that each device may put here; else kPartShareBytes
};
/// Serves until SIGTERM or SIGINT.
int run_serve(const ServeCommand& command, platform::Env& env);

struct SharesCommand {
  recovery::Papers papers;
  platform::Path out;  ///< a folder
};
/// Three pages of which any two open what the given ones do. Earlier sets go on to open it.
int run_shares(const SharesCommand& command, platform::Env& env);

struct CombineCommand {
  recovery::Papers papers;
  platform::Path out;  ///< a file
};
/// The whole recovery page, from two shares.
int run_combine(const CombineCommand& command, platform::Env& env);

struct AdmitCommand {
  platform::Path data;
  recovery::Papers papers;
  std::string admin = "Administrator";
};
/// A ticket on stdout for an administrator, when there is none left (admit.h). The office must not be serving.
int run_admit(const AdmitCommand& command, platform::Env& env);

struct BranchCommand {
  platform::Path data;
  recovery::Papers papers;
  std::uint64_t entry = 0;
  std::vector<std::string> refuse;   ///< hashes, as a device's alarm names them
};
/// Of two membership logs this office's is kept (keep_branch.h). The office must not be serving.
int run_branch(const BranchCommand& command, platform::Env& env);

struct BackupCommand {
  platform::Path data;
  platform::Path to;  ///< a folder that is not there yet
};
/// Also while another process serves. The folder appears whole or not at all.
int run_backup(const BackupCommand& command, platform::Env& env);

struct RestoreCommand {
  platform::Path data;  ///< holds no office yet
  platform::Path from;
};
int run_restore(const RestoreCommand& command, platform::Env& env);

struct ConfirmCommand {
  platform::Path data;
};
/// Ends the wait of a restored office. Also while another process serves.
int run_confirm(const ConfirmCommand& command, platform::Env& env);

struct StickCommand {
  platform::Path data;
  platform::Path path;   ///< a folder that holds what devices ask
  bool json = false;
};
/// Answers what devices ask in the files of a folder (stick_visit.h), also while another process serves. Run again, it goes on
/// where it was cut short. Shares and rates are those of the `serve` that is at work, else what that has when told nothing.
int run_stick(const StickCommand& command, platform::Env& env);

struct StatusCommand {
  platform::Path data;
  bool json = false;
};
/// Also while another process serves: then with the figures it wrote last.
int run_status(const StatusCommand& command, platform::Env& env);

}  // namespace wayside::office
