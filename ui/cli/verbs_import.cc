#include <ostream>

#include "core/casework/import_leicester.h"
#include "core/casework/import_standard.h"
#include "core/casework/import_table.h"
#include "core/casework/import_trial.h"
#include "platform/atomic_file.h"
#include "ui/cli/amounts.h"
#include "ui/cli/assignments.h"
#include "ui/cli/command_line.h"
#include "ui/cli/progress.h"
#include "ui/cli/verb.h"
#include "ui/cli/words.h"

// import

namespace wayside::cli {
namespace {

using casework::Imported;
using casework::ImportProblem;
using casework::NewCase;
using nlohmann::json;

constexpr std::uint64_t kMapLimitBytes = std::uint64_t{1} << 20;

struct ImportWords {
  std::string file, type, map, team;
  bool dry_run = false;
};

/// What is wrong with a map, in the place of what is wrong with the file that it maps.
std::vector<ImportProblem> in_map(const std::string& map, std::vector<ImportProblem> faults) {
  for (ImportProblem& each : faults) {
    const std::string where = each.line > 0 ? "line " + std::to_string(each.line) + ", " : "";
    each.what = where + (each.field.empty() ? "" : "column " + each.field + ": ") + each.what;
    each.line = 0;
    each.field = map;
  }
  return faults;
}

Exit refuse(Context& context, const ImportWords& words, const std::vector<ImportProblem>& problems) {
  std::ostream& err = context.err();
  for (const ImportProblem& problem : problems) {
    std::string place = problem.line > 0 ? "line " + std::to_string(problem.line) : "";
    const bool of_map = problem.line == 0 && problem.field == words.map && !words.map.empty();
    if (!problem.field.empty()) place += (of_map ? "map " : place.empty() ? "field " : ", field ") + problem.field;
    err << printable((place.empty() ? words.file : place) + ": " + problem.what, kLongestMessage) << '\n';
  }
  if (words.dry_run && context.json()) {
    auto all = json::array();
    for (const ImportProblem& each : problems) all.push_back({{"line", each.line}, {"field", each.field}, {"what", each.what}});
    context.print({{"dry_run", true}, {"cases", 0}, {"records", 0}, {"skipped", 0}, {"lines", json::array()}, {"problems", std::move(all)}});
  }
  err << "Nothing was imported. Correct " << (problems.size() == 1 ? "this" : "these")
      << ", then import the file again.\n";
  return Exit::bad_input;
}

bool is_toml(const std::string& name) { return platform::Path(name).extension() == ".toml"; }

/// The type of a table: as named, or as its file is named (`export` names its files so).
Result<const schema::RecordType*> table_type(const ImportWords& words) {
  if (!words.type.empty()) return type_named(words.type);
  if (const auto* type = schema::current().type(platform::Path(words.file).stem().string())) return type;
  return fail(Errc::usage, "Say what the rows are with --type; `types` lists the types of record");
}

Result<Imported> read_table(Context& context, const ImportWords& words, platform::File& file) {
  WAYSIDE_TRY(const auto* type, table_type(words));
  casework::ColumnMap map;
  if (!words.map.empty()) {
    WAYSIDE_TRY(const Bytes text, platform::read_all(context.env().files, words.map, kMapLimitBytes));
    const auto parsed = casework::parse_column_map(text);
    if (!parsed) return Imported(std::unexpected(in_map(words.map, {{0, {}, parsed.error().detail}})));
    if (auto faults = casework::faults_of(*parsed, *type); !faults.empty()) return Imported(std::unexpected(in_map(words.map, std::move(faults))));
    map = *parsed;
  }
  const casework::MakeId make_id = [&context] { return new_record_id(context.env().random, context.env().clock); };
  const bool is_csv = platform::Path(words.file).extension() == ".csv";
  return is_csv ? casework::import_csv(*type, map, file, make_id) : casework::import_ndjson(*type, map, file, make_id);
}

Result<Imported> read_file(Context& context, const ImportWords& words) {
  WAYSIDE_TRY(const auto file, context.env().files.open(words.file, platform::OpenMode::read));
  if (words.map.empty() || is_toml(words.map)) return read_table(context, words, *file);
  if (!words.type.empty()) return fail(Errc::usage, "--map " + words.map + " knows its types. Leave --type out");
  if (words.map == "standard") return casework::import_standard(schema::current(), *file);
  if (words.map == "leicester") return casework::import_leicester(schema::current(), *file);
  return fail(Errc::usage, "There is no map \"" + words.map + "\". Maps are standard, leicester, or a file MAP.toml");
}

/// Whether the file makes a case, which then needs to know its team.
Result<bool> makes_a_case(vault::Vault& vault, const std::vector<NewCase>& all) {
  for (const NewCase& each : all) {
    if (!each.case_id) continue;
    WAYSIDE_TRY(const auto ledger, vault.store().ledger_of(ledger::LedgerKind::case_ledger, each.case_id->view()));
    if (!ledger) return true;
  }
  return false;
}

Exit tell_trial(Context& context, const casework::ImportTrial& trial) {
  auto lines = json::array();
  for (const casework::WouldImport& each : trial.records) {
    const auto* type = schema::current().type(each.type);
    auto fields = json::array();
    for (const auto id : each.fields) fields.push_back(type->field(id)->name);
    if (!context.json()) {
      std::string line = "line " + std::to_string(each.line) + ": " +
                         (each.is_new ? "would make a " + type->name + " with" : "the " + type->name + " is here already, equal in");
      for (const auto& name : fields) line += " " + name.get<std::string>();
      context.say(line);
    }
    lines.push_back({{"line", each.line}, {"type", type->name}, {"case", each.case_id ? json(to_text(*each.case_id)) : json()},
                     {"does", each.is_new ? "make" : "skip"}, {"fields", std::move(fields)}});
  }
  const auto& outcome = trial.outcome;
  if (context.json()) {
    context.print({{"dry_run", true}, {"cases", outcome.cases}, {"records", outcome.records}, {"skipped", outcome.skipped},
                   {"lines", std::move(lines)}, {"problems", json::array()}});
  } else {
    context.say(count_of(outcome.records, "record", "records") + " would be imported, " + count_of(outcome.skipped, "is", "are") +
                " here already. Nothing was written.");
  }
  return Exit::done;
}

Result<Exit> import(Context& context, const ImportWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());  // before anything is looked up: its packs add to the schema
  WAYSIDE_TRY(const auto imported, read_file(context, words));
  if (!imported) return refuse(context, words, imported.error());
  WAYSIDE_TRY(const bool any_new, makes_a_case(*vault, *imported));
  WAYSIDE_TRY(const auto team, any_new ? team_for_case(*vault, words.team) : team_named(*vault, words.team));
  casework::ImportOutcome outcome;
  if (words.dry_run) {
    WAYSIDE_TRY(const auto trial, casework::try_import(*vault, *imported, team, {}));
    return trial.outcome.problems.empty() ? tell_trial(context, trial) : refuse(context, words, trial.outcome.problems);
  } else {
    Progress progress(context.err(), context.surroundings().err_is_terminal, "Importing");
    WAYSIDE_TRY(outcome, casework::import_all(*vault, *imported, team,
                                              [&](std::size_t done, std::size_t total) { progress.at(done, total); }));
  }
  if (!outcome.problems.empty()) return refuse(context, words, outcome.problems);
  if (!context.json()) {
    context.say(count_of(outcome.records, "record", "records") + " imported" +
                (outcome.skipped == 0 ? "." : ", " + count_of(outcome.skipped, "was", "were") + " here already."));
    return Exit::done;
  }
  auto ids = json::array();
  for (const RecordId& id : outcome.ids) ids.push_back(to_text(id));
  context.print(
      {{"cases", outcome.cases}, {"records", outcome.records}, {"skipped", outcome.skipped}, {"ids", std::move(ids)}});
  return Exit::done;
}

}  // namespace

Action declare_import(CLI::App& app) {
  const auto words = std::make_shared<ImportWords>();
  app.add_option("file", words->file, "FILE.ndjson or FILE.csv")->required()->type_name("FILE");
  app.add_option("--type", words->type, "what its rows are; without it the file's own name")->type_name("TYPE");
  app.add_option("--map", words->map, "standard, leicester, or a file that maps columns to fields")->type_name("MAP");
  app.add_option("--team", words->team, "the team of new cases")->type_name("NAME");
  app.add_flag("--dry-run", words->dry_run, "say by line and field what would happen, and write nothing");
  return [words](Context& context) { return import(context, *words); };
}

}  // namespace wayside::cli
