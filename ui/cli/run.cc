#include "ui/cli/run.h"

#include <algorithm>
#include <array>
#include <iostream>
#include <sstream>

#include "core/schema/schema.h"
#include "ui/cli/command_line.h"

namespace wayside::cli {
namespace {

constexpr const char* kWhatItIs = "Records, and the office they reconcile with.";
constexpr const char* kFooter =
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 wrong passphrase or locked, 4 something waits for a person,\n"
    "5 office unreachable (work is kept), 6 bad input, nothing saved or imported.";

using Place = Verb::Place;

constexpr std::array kVerbs{
    Verb{"solo", "make a vault with no office, for one device", declare_solo, Place::alone},
    Verb{"join", "make a vault and enrol it at the office, with a ticket", declare_join, Place::alone},
    Verb{"invite", "make a ticket for a new device (online)", declare_invite},
    Verb{"types", "record types, their fields and codes", declare_types},
    Verb{"put", "save new records", declare_put},
    Verb{"edit", "change fields of a record", declare_edit},
    Verb{"archive", "put a record away, or bring it back", declare_archive},
    Verb{"drafts", "what was typed and not saved", declare_drafts},
    Verb{"batch", "many verbs after one unlock, one a line", declare_batch, Place::alone},
    Verb{"get", "one record, with every value that it holds", declare_get},
    Verb{"history", "every write of a record", declare_history},
    Verb{"list", "all records of a type", declare_list},
    Verb{"find", "search names and notes", declare_find},
    Verb{"match", "which services can take a household, with every reason", declare_match},
    Verb{"risk", "how high the risk of a case is, and why", declare_risk},
    Verb{"journey", "where a household has lived, with gaps and overlaps", declare_journey},
    Verb{"household", "who lives together in a case on a day", declare_household},
    Verb{"counts", "whose case this is in law, with the reasons", declare_counts},
    Verb{"contact", "the card before each contact: which way is safe", declare_contact},
    Verb{"waiting-list", "who waits for a place or support on a day", declare_waiting_list},
    Verb{"duplicates", "people who may be one person", declare_duplicates},
    Verb{"due", "what falls due: tasks, reviews, orders, clocks, checks", declare_due},
    Verb{"fund", "money in pence: ask, grant, pay, count", declare_fund},
    Verb{"consent", "what may be shared with whom", declare_consent},
    Verb{"close", "end work on a case, with its follow-ups", declare_close},
    Verb{"hold", "keep a case from being erased, or lift that", declare_hold},
    Verb{"erase", "erase a case for ever, with a certificate (online)", declare_erase},
    Verb{"share", "share one case with another team, or withdraw it", declare_share},
    Verb{"restrict", "leave one case to named workers, or give it back to its team", declare_restrict},
    Verb{"assign", "who works on a case", declare_assign},
    Verb{"carry", "which cases are on this device", declare_carry},
    Verb{"rule", "any rule alone, from JSON to JSON", declare_rule},
    Verb{"attach", "files of a case: add, list, export, check", declare_attach},
    Verb{"import", "take in a file: all of it or nothing", declare_import},
    Verb{"export", "write records as files, not encrypted", declare_export},
    Verb{"sync", "reconcile with the office", declare_sync},
    Verb{"night", "reconcile by itself every night", declare_night, Place::alone},
    Verb{"snapshot", "what a newcomer's first sync begins with", declare_snapshot},
    Verb{"review", "decisions only a person can take", declare_review},
    Verb{"pack", "what your agency adds: record types, fields, code lists", declare_pack},
    Verb{"devices", "who belongs, with which devices; taking a device's rights away", declare_devices},
    Verb{"users", "roles and teams of members", declare_users},
    Verb{"digest", "one number over all records, equal on devices that hold the same", declare_digest},
    Verb{"verify", "check the store, the signatures and the search index", declare_verify},
    Verb{"audit", "the log of reads: who opened which case, and what left it", declare_audit},
    Verb{"passphrase", "change the passphrase", declare_passphrase, Place::alone},
    Verb{"recovery", "printed pages, for what is forgotten or lost", declare_recovery, Place::alone},
    Verb{"courier", "", declare_courier, Place::hidden},
};

struct Words {
  std::string home, passphrase_file, office;
  bool json = false;
};

void declare_common(CLI::App& app, Words& words) {
  app.add_option("--home", words.home, "folder of this device's vault (or WAYSIDE_HOME)")->type_name("DIR");
  app.add_option("--passphrase-file", words.passphrase_file, "file with the passphrase; - asks for it")
      ->type_name("FILE");
  app.add_option("--office", words.office, "where the office is found now (or WAYSIDE_OFFICE)")->type_name("HOST:PORT");
  app.add_flag("--json", words.json, "one JSON document on standard output");
}

Common common_of(const Words& words, const platform::Environment& environment) {
  Common common;
  common.home = words.home.empty() ? platform::default_home(environment) : platform::Path(words.home);
  common.passphrase_file = words.passphrase_file;
  common.office = words.office.empty() ? environment("WAYSIDE_OFFICE").value_or("") : words.office;
  common.json = words.json;
  return common;
}

int report(std::ostream& err, const Error& error) {
  err << printable(app::sentence(error), kLongestMessage) << '\n' << std::flush;
  return app::to_int(app::exit_of(error.code));
}

/// CLI11 takes its words in reverse order.
void parse(CLI::App& app, const std::vector<std::string>& words) {
  app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
}

/// Help goes to `out`, what is wrong with the words to `err`.
int explain(CLI::App& app, const CLI::ParseError& error, Surroundings& surroundings) {
  std::ostringstream wrong;   // what was typed stands in it, whatever it was
  const bool asked = app.exit(error, surroundings.out, wrong) == 0;
  surroundings.err << printable(wrong.str(), kLongestMessage);
  return app::to_int(asked ? Exit::done : Exit::usage);
}

}  // namespace

std::span<const Verb> verbs() { return kVerbs; }

const Verb* find_verb(std::string_view name) {
  const auto* found = std::ranges::find(kVerbs, name, &Verb::name);
  return found == kVerbs.end() ? nullptr : found;
}

int run(const std::vector<std::string>& words, Surroundings& surroundings) {
  if (const auto loaded = schema::load_builtin(); !loaded) return report(surroundings.err, loaded.error());
  CLI::App app(kWhatItIs, "wayside-cli");
  app.require_subcommand(1)->footer(kFooter);
  app.fallthrough();
  app.set_version_flag("--version", std::string(WAYSIDE_VERSION));
  Words common;
  declare_common(app, common);
  std::vector<std::pair<CLI::App*, Action>> actions;
  for (const Verb& verb : kVerbs) {
    CLI::App* const sub = app.add_subcommand(std::string(verb.name), std::string(verb.help));
    if (verb.place == Place::hidden) sub->group("");
    actions.emplace_back(sub, verb.declare(*sub));
  }
  try {
    parse(app, words);
  } catch (const CLI::ParseError& error) {
    return explain(app, error, surroundings);
  }
  Context context(surroundings, common_of(common, surroundings.environment));
  const auto chosen = std::ranges::find_if(actions, [](const auto& each) { return each.first->parsed(); });
  auto outcome = chosen->second(context);
  context.hand_over();
  if (!outcome) return report(surroundings.err, outcome.error());
  if (!surroundings.out.flush()) {
    return report(surroundings.err, {Errc::io, "standard output; what was asked for is done"});
  }
  return app::to_int(*outcome);
}

Result<Exit> run_verb(const std::vector<std::string>& words, Context& context) {
  const Verb* const verb = find_verb(words.front());
  if (verb == nullptr)
    return fail(Errc::usage, "There is no verb " + as_typed(words.front()) + ". `wayside-cli --help` lists them");
  if (verb->place != Place::everywhere)
    return fail(Errc::usage, words.front() + " cannot stand in a batch. Use it alone");
  CLI::App app(std::string(verb->help), std::string(verb->name));
  app.fallthrough();  // verbs of two words take --json behind both
  bool json = false;
  app.add_flag("--json", json, "");  // the batch decides; scripts may write it all the same
  const Action action = verb->declare(app);
  try {
    parse(app, {words.begin() + 1, words.end()});
  } catch (const CLI::ParseError& error) {
    return fail(Errc::usage, printable(words.front() + ": " + error.what(), kLongestMessage));
  }
  return action(context);
}

}  // namespace wayside::cli
