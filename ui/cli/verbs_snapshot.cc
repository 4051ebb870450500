#include "core/vault/audit.h"
#include "core/vault/snapshot.h"
#include "sync/reconcile/reconcile.h"
#include "ui/cli/amounts.h"
#include "ui/cli/verb.h"
#include "ui/cli/words.h"

// snapshot publish | status: what a newcomer's first sync begins with

namespace wayside::cli {
namespace {

using nlohmann::json;

struct SnapshotWords { std::string team; };

/// The named one, or the only one.
Result<TeamId> team_of(const vault::Vault& vault, const std::string& name) {
  const auto own = vault.membership().teams_of(vault.identity().user);
  if (name.empty() && own.size() == 1) return own.front();
  if (name.empty()) return fail(Errc::usage, own.empty() ? "You are in no team" : "You are in several teams. Say which with --team");
  for (const TeamId& team : own) {
    if (vault.team_name(team) == name) return team;
  }
  return fail(Errc::not_found, "a team of yours called " + name);
}

Result<Exit> publish(Context& context, const SnapshotWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const TeamId team, team_of(*vault, words.team));
  const auto made = reconcile::publish_snapshot(*vault, team);
  if (!made && made.error().code == Errc::busy) {
    context.err() << "A snapshot holds what the office has. Run `sync` until nothing waits here, then try again.\n";
  }
  if (!made) return std::unexpected(made.error());
  WAYSIDE_OK(vault::note(*vault, {.what = vault::AuditWhat::snapshot_published, .count = made->records}));
  if (context.json()) {
    context.print({{"team", vault->team_name(team)}, {"ledgers", made->ledgers}, {"records", made->records}, {"bytes", made->bytes}});
    return Exit::done;
  }
  context.say(count_of(made->records, "record", "records") + " of " + vault->team_name(team) + (made->records == 1 ? " is" : " are") +
              " sealed for newcomers of the team. The next `sync` sends the snapshot.");
  return Exit::done;
}

std::string_view name_of(vault::Trust trust) {
  switch (trust) {
    case vault::Trust::unverified: return "unverified";
    case vault::Trust::verified: return "verified";
    case vault::Trust::false_: return "false";
    case vault::Trust::let_go: return "let_go";
  }
  return "";
}

Result<Exit> status(Context& context) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto use, vault::snapshot_use(*vault));
  if (context.json()) {
    json answer{{"state", nullptr}};
    if (use) {
      answer = {{"state", name_of(use->trust)}, {"publisher", vault->device_name(use->publisher)}, {"loaded_ms", use->loaded_ms},
                {"ledgers", use->ledgers}, {"records", use->records}, {"unverified_ledgers", use->unchecked}};
    }
    context.print(answer);
  } else if (!use) {
    context.say("This device began with every change itself. Nothing here rests on a colleague's snapshot.");
  } else {
    const std::string who = vault->device_name(use->publisher);
    switch (use->trust) {
      case vault::Trust::unverified:
        context.say("This device began with a snapshot from " + who + ". " + std::to_string(use->unchecked) + " of " +
                    count_of(use->ledgers, "case", "cases") + (use->unchecked == 1 ? " is" : " are") +
                    " not verified yet; each `sync` goes on with that.");
        break;
      case vault::Trust::verified:
        context.say("This device began with a snapshot from " + who + ". All of it is what the changes themselves say.");
        break;
      case vault::Trust::false_:
        context.say("The snapshot from " + who + " was not what the changes themselves say. It was discarded. Tell your administrator.");
        break;
      case vault::Trust::let_go:
        context.say("This device began with a snapshot from " + who + ". The office was set up again since, so all of it comes as the changes themselves.");
        break;
    }
  }
  return use && use->trust == vault::Trust::false_ ? Exit::waits : Exit::done;
}

}  // namespace

Action declare_snapshot(CLI::App& app) {
  const auto words = std::make_shared<SnapshotWords>();
  app.require_subcommand(1);
  CLI::App* const publish_verb = app.add_subcommand("publish", "seal what the team's cases hold, for newcomers to begin with");
  publish_verb->add_option("--team", words->team, "which team's; nothing: the only one you are in")->type_name("TEAM");
  app.add_subcommand("status", "whether this device began with one, and how much of it is verified");
  return [words, publish_verb](Context& context) { return publish_verb->parsed() ? publish(context, *words) : status(context); };
}

}  // namespace wayside::cli
