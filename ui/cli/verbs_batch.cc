#include <istream>
#include <ostream>
#include <sstream>

#include "ui/cli/command_line.h"
#include "ui/cli/run.h"
#include "ui/cli/words.h"

// batch

namespace wayside::cli {
namespace {

bool failed(const Result<Exit>& outcome) { return !outcome || (*outcome != Exit::done && *outcome != Exit::waits); }

/// Scripts read an answer a line, so a line that failed has one too.
void answer_failure(Context& context, std::size_t line, std::string_view code, std::string_view message) {
  if (context.json()) context.print({{"error", {{"line", line}, {"code", code}, {"message", message}}}});
}

void report(Context& context, std::size_t line, const Result<Exit>& outcome, bool answered) {
  if (outcome) {
    // It has said on stderr what is wrong; a verify has answered besides.
    if (!answered) answer_failure(context, line, *outcome == Exit::bad_input ? "bad_input" : "failed", "Nothing has changed.");
    return;
  }
  const std::string words = printable(app::sentence(outcome.error()), kLongestMessage);
  context.err() << "line " << line << ": " << words << '\n';
  answer_failure(context, line, name_of(outcome.error().code), words);
}

Exit exit_of(const Result<Exit>& outcome) { return outcome ? *outcome : app::exit_of(outcome.error().code); }

Result<Exit> run_lines(Context& context, std::istream& script, bool keep_going) {
  Exit worst = Exit::done;
  bool any_failed = false;
  std::string line;
  for (std::size_t number = 1; std::getline(script, line); ++number) {
    const auto words = split_words(line);
    if (words && words->empty()) continue;
    const std::size_t before = context.printed();
    const Result<Exit> outcome = words ? run_verb(*words, context) : Result<Exit>(std::unexpected(words.error()));
    if (failed(outcome)) report(context, number, outcome, context.printed() > before);
    if (failed(outcome) && !any_failed) worst = exit_of(outcome);  // the first failure says how the batch ends
    else if (!any_failed && *outcome == Exit::waits) worst = Exit::waits;
    any_failed = any_failed || failed(outcome);
    if (any_failed && !keep_going) {
      context.err() << "Stopped at line " << number << ". The lines before it are done, those after it are not.\n";
      return worst;
    }
    if (!context.surroundings().out)
      return fail(Errc::io, "standard output; the lines up to " + std::to_string(number) + " are done");
  }
  return worst;
}

Result<Exit> batch(Context& context, const std::string& file, bool keep_going) {
  WAYSIDE_OK(context.vault());
  if (file == "-") {
    context.take_standard_input();
    return run_lines(context, context.surroundings().in, keep_going);
  }
  WAYSIDE_TRY(std::string text, text_of(context, file));
  std::istringstream script(std::move(text));
  return run_lines(context, script, keep_going);
}

}  // namespace

Action declare_batch(CLI::App& app) {
  const auto file = std::make_shared<std::string>();
  const auto keep_going = std::make_shared<bool>(false);
  app.add_option("file", *file, "one verb a line, quoted as in a shell; - reads standard input")
      ->required()
      ->type_name("FILE");
  app.add_flag("--keep-going", *keep_going, "go on after a line that failed");
  return [file, keep_going](Context& context) { return batch(context, *file, *keep_going); };
}

}  // namespace wayside::cli
