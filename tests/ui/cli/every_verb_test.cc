#include <CLI/CLI.hpp>

#include "core/base/value.h"
#include "core/schema/display.h"
#include "core/schema/validate.h"
#include "tests/support/made_records.h"
#include "tests/ui/cli/cli_helpers.h"
#include "ui/cli/verb.h"

using namespace wayside;
using namespace wayside::cli::testing;
namespace fs = std::filesystem;

// Rubbish in every word of every verb. Verbs, words and their kinds are read from the program's own table, and record types
// and fields from the schema, so that what is added later takes part by itself.

namespace {

const std::string kHuge(10'000'000, 'x');

struct Rubbish {
  std::string what, text;
  bool unclean = false;   ///< may be saved nowhere, and shown by no message
};

const std::vector<Rubbish>& rubbish() {
  static const std::vector<Rubbish> all{
      {"nothing", ""},
      {"ten megabytes", kHuge, true},
      {"no UTF-8", "\xff\xfe rubbish", true},
      {"a NUL", std::string("a\0b", 3), true},
      {"a right-to-left override", "abc\xe2\x80\xae" "def", true},
      {"an isolate", "abc\xe2\x81\xa6" "def", true},
      {"an escape sequence", "\x1b[31mred", true},
      {"year 0", "0000-01-01"},
      {"year 9999", "9999-12-31"},
      {"30 February", "2026-02-30"},
      {"a negative number", "-5"},
      {"a huge number", "99999999999999999999"},
      {"broken JSON", "{\"a\":"},
      {"an id of nothing", "0192f0c0-0000-7000-8000-000000000000"},
      {"a path of nothing", "../no/such/file"}};
  return all;
}

/// Every character that a terminal shows as it stands.
bool is_clean(const std::string& text) { return schema::text_fault(text).empty(); }

/// A verb with its words, as the program declares them.
struct Line {
  const cli::Verb* verb = nullptr;
  Words path;   ///< "attach", "add"
  struct Word {
    std::string flag;   ///< empty: by its place
    std::string name, kind;
    bool required = false;
  };
  std::vector<Word> words;
};

void collect(const cli::Verb& verb, CLI::App& app, Words path, std::vector<Line>& out) {
  Line line{&verb, path, {}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_items_expected_max() == 0) continue;   // a flag takes nothing
    const std::string name = option->get_single_name();
    line.words.push_back({option->get_positional() ? "" : "--" + name, name, option->get_type_name(), option->get_required()});
  }
  const auto parts = app.get_subcommands([](CLI::App*) { return true; });
  if (parts.empty() || !line.words.empty()) out.push_back(line);
  for (CLI::App* part : parts) {
    Words longer = path;
    longer.push_back(part->get_name());
    collect(verb, *part, longer, out);
  }
}

std::vector<Line> every_line() {
  std::vector<Line> out;
  for (const cli::Verb& verb : cli::verbs()) {
    CLI::App app;
    app.set_help_flag();
    const auto action = verb.declare(app);
    const auto before = out.size();
    collect(verb, app, {std::string(verb.name)}, out);
    CHECK(out.size() > before);
  }
  return out;
}

bool is_file(const Line::Word& word) { return word.kind.contains("FILE") || word.name == "file"; }

/// Words that do what they say, for the places that are not tried.
struct Good {
  std::string case_id, record;
  std::string operator()(Home& home, const Line& line, const Line::Word& word) const {
    if (word.name == "case" || word.name == "case_id") return case_id;
    if (word.name == "id") return record;
    if (word.name == "type") return "person";
    if (word.kind.contains("field=")) return "forename=Ada";
    if (word.kind == "DATE") return "2026-06-10";
    if (word.kind == "TIME") return "2026-06-10T10:00:00Z";
    if (word.kind == "DIR" || word.name == "out") return home.path("out").string() + std::to_string(count++);
    if (word.name == "pack") return WAYSIDE_DEMONSTRATION_PACK;
    if (word.name == "kind") return "PHOTO";
    if (word.kind == "FOLDER") return home.path("folder").string();
    if (is_file(word)) return home.write("good", line.path.front() == "batch" ? "" : "{}");
    if (word.kind.contains("INT")) return "1";
    return "words";
  }
  mutable int count = 0;
};

/// The line with `bad` in the place of one word.
Words with(Home& home, const Good& good, const Line& line, std::size_t tried, const std::string& bad) {
  Words out = line.path;
  for (std::size_t i = 0; i < line.words.size(); ++i) {
    const auto& word = line.words[i];
    // What stands before a place has to be there for it to be this place.
    const bool before = word.flag.empty() && i < tried && line.words[tried].flag.empty();
    if (i != tried && !word.required && !before) continue;
    if (!word.flag.empty()) out.push_back(word.flag);
    out.push_back(i == tried ? bad : good(home, line, word));
  }
  return out;
}

class Trial {
 public:
  Trial() {
    home_.solo();
    good_.case_id = home_.new_case();
    good_.record = home_.put("person", good_.case_id, {"forename=Ada"});
    fs::create_directories(home_.path("folder"));
    digest_ = home_.ask({"digest"});
    back_ = fs::current_path();
    fs::current_path(home_.path("folder"));   // a word may be taken for the name of a file
  }
  ~Trial() { fs::current_path(back_); }

  void run(const Line& line, std::size_t tried, const Rubbish& bad, const std::string& text) {
    std::string said;
    for (const auto& part : line.path) said += part + " ";
    INFO(said << "with " << bad.what << " as " << line.words[tried].flag << line.words[tried].name);
    const bool alone = line.verb->place == cli::Verb::Place::alone && line.verb->name != "batch";
    if (alone) return run_alone(line, tried, bad, text);
    const auto outcome = home_.run(with(home_, good_, line, tried, text));
    check(outcome, bad);
    if (outcome.code != 0) return;   // checked once for the whole word
    const json now = home_.ask({"digest"});
    if (bad.unclean) CHECK(now == digest_);
    digest_ = now;
  }

  void nothing_was_saved() {
    CHECK(home_.ask({"digest"}) == digest_);
  }

  /// A file beside the vault that holds it.
  std::string file_of(const Rubbish& bad) { return home_.write("rubbish", bad.text); }

 private:
  static void check(const Outcome& outcome, const Rubbish& bad) {
    INFO("ended with " << outcome.code << "; out: " << outcome.out.substr(0, 200) << "; err: " << outcome.err.substr(0, 300));
    CHECK((outcome.code >= 0 && outcome.code <= 6));
    CHECK(is_clean(outcome.err));
    CHECK(outcome.err.size() < 5000);
    if (outcome.code != 0 && outcome.code != 4) {
      CHECK(outcome.err.size() > 10);
      CHECK(outcome.out.empty());
    }
    if (bad.unclean) CHECK(is_clean(outcome.out));
  }

  /// Verbs that make a vault, or change how it is opened: each time on one of its own.
  void run_alone(const Line& line, std::size_t tried, const Rubbish& bad, const std::string& text) {
    if (text.empty() || text == "-") return;   // asks on the terminal
    Home home;
    const bool makes = line.verb->name == "solo" || line.verb->name == "join";
    if (!makes) home.solo();
    const auto outcome = home.run(with(home, good_, line, tried, text));
    check(outcome, bad);
    if (makes && outcome.code != 0) CHECK_FALSE(fs::exists(home.home() / "header"));
    if (!makes && outcome.code != 0) CHECK(home.run({"digest"}).code == 0);
    if (outcome.code == 0 && bad.unclean) CHECK(is_file(line.words[tried]));   // a passphrase may be any bytes
  }

  Home home_;
  Good good_;
  json digest_;
  fs::path back_;
};

}  // namespace

TEST_CASE("rubbish in any word of any verb is a clear error or harmless, and never half saved") {
  Trial trial;
  std::size_t tried = 0;
  for (const Line& line : every_line()) {
    for (std::size_t i = 0; i < line.words.size(); ++i) {
      for (const Rubbish& bad : rubbish()) {
        trial.run(line, i, bad, bad.text);
        if (is_file(line.words[i]) && &bad != &rubbish().front()) trial.run(line, i, bad, trial.file_of(bad));
        ++tried;
      }
    }
    trial.nothing_was_saved();
  }
  CHECK(tried > 1000);
}

namespace {

/// What a field of each kind may not be given.
std::vector<std::string> unfit_for(const schema::Field& field, const std::string& wrong_record) {
  using enum schema::FieldKind;
  switch (field.kind) {
    case text:
    case long_text:
      return {"\xff\xfe", std::string("a\0b", 3), "a\xe2\x80\xae" "b", "a\xe2\x80\xaa" "b", "a\xe2\x81\xa6" "b", "\x1b[2J", std::string(600'000, 'x')};
    case integer: return {"many", "1.5", "1e9", "99999999999999999999", "\xff", "٣"};
    case pence: return {"many", "£1.5", "£-1", "99999999999999999999", "1,000"};
    case flag: return {"perhaps", "2", "\xff"};
    case date: return {"0000-01-01", "9999-12-31", "2026-02-30", "10/06/2026", "2026-06-10T00:00:00Z", "tomorrow"};
    case time: return {"0000-01-01T00:00:00Z", "9999-12-31T00:00:00Z", "2026-02-30T00:00:00Z", "2026-06-10", "2026-06-10T10:00:00"};
    case code: return {"no such code", "\xff", "a\xe2\x80\xae" "b"};
    case reference: return {"not-an-id", "0192f0c0-0000-7000-8000-000000000000", wrong_record};
  }
  return {};
}

std::string quoted(const std::string& word) { return "'" + word + "'"; }

}  // namespace

TEST_CASE("every field of every record type refuses what is not of its kind, names itself, and nothing is saved") {
  Home home;
  home.solo();
  std::map<std::string, std::string> ids;
  const auto find = [&](const schema::Field& field) -> std::optional<RecordId> {
    for (const auto& name : field.to) {
      if (const auto found = ids.find(name); found != ids.end()) return id_from_text<RecordId>(found->second);
    }
    return std::nullopt;
  };
  for (const auto* type : support::types_in_order()) {
    Words words{"put", type->name, "--from-json", home.write("made.json", support::to_json(*support::made_fields(*type, support::Fill::everything, find)).dump())};
    if (type->in_case && type->name != "case") words.insert(words.end(), {"--case", ids.at("case")});
    ids[type->name] = home.ask(words).at("ids").at(0);
  }
  const json before = home.ask({"digest"});
  for (const auto* type : support::types_in_order()) {
    std::string script;
    std::vector<const schema::Field*> tried;
    for (const schema::Field& field : type->fields) {
      if (field.rows == 0) continue;
      const bool takes_cases = std::ranges::find(field.to, "case") != field.to.end();
      auto unfit = unfit_for(field, ids.at(takes_cases ? "person" : "case"));
      if ((field.kind == schema::FieldKind::integer || field.kind == schema::FieldKind::pence) && field.min) unfit.push_back(std::to_string(*field.min - 1));
      if (field.kind == schema::FieldKind::integer && field.max) unfit.push_back(std::to_string(*field.max + 1));
      for (const auto& text : unfit) {
        script += "edit " + ids.at(type->name) + " --reason because --set " + quoted(field.name + "=" + text) + "\n";
        tried.push_back(&field);
        if (field.policy == schema::Policy::union_set) {
          script += "edit " + ids.at(type->name) + " --add " + quoted(field.name + "=" + text) + "\n";
          tried.push_back(&field);
        }
      }
    }
    const auto outcome = home.run({"batch", "-", "--keep-going", "--json"}, script);
    CHECK((outcome.code == 6 || tried.empty()));
    const auto answers = outcome.answers();
    REQUIRE(answers.size() == tried.size());
    for (std::size_t i = 0; i < tried.size(); ++i) {
      INFO(type->name << "." << tried[i]->name << ": " << answers[i].dump().substr(0, 300));
      REQUIRE(answers[i].contains("error"));
      const std::string message = answers[i]["error"]["message"];
      CHECK(message.contains(tried[i]->name));
      CHECK(message.size() < 500);
      CHECK(is_clean(message));
    }
  }
  CHECK(home.ask({"digest"}) == before);
}
