#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <span>
#include <string_view>

#include "ui/app/sentences.h"
#include "ui/cli/context.h"

/// The verbs of `wayside-cli`, as one table. docs/COMMAND_LINE.md is what scripts rely on.
namespace wayside::cli {

using app::Exit;

/// What a verb does once its words are read: prints its answer, and says how the program ends. An error becomes a
/// sentence on stderr and the exit code that belongs to it.
using Action = std::function<Result<Exit>(Context&)>;

struct Verb {
  std::string_view name;
  std::string_view help;
  Action (*declare)(CLI::App& app);  ///< names its words; the action holds what they were
  enum class Place { everywhere, alone, hidden } place = Place::everywhere;  ///< alone: not in a batch
};

std::span<const Verb> verbs();
const Verb* find_verb(std::string_view name);

// One source file for each group.
Action declare_solo(CLI::App& app);
Action declare_join(CLI::App& app);
Action declare_invite(CLI::App& app);
Action declare_devices(CLI::App& app);
Action declare_users(CLI::App& app);
Action declare_passphrase(CLI::App& app);
Action declare_recovery(CLI::App& app);
Action declare_pack(CLI::App& app);

Action declare_types(CLI::App& app);
Action declare_put(CLI::App& app);
Action declare_edit(CLI::App& app);
Action declare_archive(CLI::App& app);

Action declare_get(CLI::App& app);
Action declare_history(CLI::App& app);
Action declare_list(CLI::App& app);
Action declare_find(CLI::App& app);

Action declare_match(CLI::App& app);
Action declare_rule(CLI::App& app);

Action declare_risk(CLI::App& app);
Action declare_journey(CLI::App& app);
Action declare_household(CLI::App& app);
Action declare_counts(CLI::App& app);
Action declare_contact(CLI::App& app);

Action declare_waiting_list(CLI::App& app);
Action declare_duplicates(CLI::App& app);
Action declare_due(CLI::App& app);

Action declare_fund(CLI::App& app);
Action declare_consent(CLI::App& app);

Action declare_close(CLI::App& app);
Action declare_hold(CLI::App& app);
Action declare_erase(CLI::App& app);
Action declare_share(CLI::App& app);
Action declare_restrict(CLI::App& app);
Action declare_assign(CLI::App& app);
Action declare_carry(CLI::App& app);

Action declare_drafts(CLI::App& app);
Action declare_review(CLI::App& app);
Action declare_import(CLI::App& app);
Action declare_attach(CLI::App& app);
Action declare_export(CLI::App& app);

Action declare_sync(CLI::App& app);
Action declare_night(CLI::App& app);
Action declare_snapshot(CLI::App& app);
Action declare_courier(CLI::App& app);
Action declare_digest(CLI::App& app);
Action declare_verify(CLI::App& app);
Action declare_audit(CLI::App& app);
Action declare_batch(CLI::App& app);

}  // namespace wayside::cli
