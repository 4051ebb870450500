#include "tests/e2e/stage.h"

#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <fstream>

namespace wayside::e2e {
namespace {

using platform::ChildOptions;
using platform::ChildProcess;

constexpr std::int64_t kListen_ms = 5;

ChildProcess started(const ChildOptions& options) {
  auto child = ChildProcess::start(options);
  if (!child) FAIL(options.program.string() << " does not start: " << child.error().detail);
  return *std::move(child);
}

void require_code(const Outcome& outcome, const Words& words, std::initializer_list<int> codes) {
  if (std::find(codes.begin(), codes.end(), outcome.code) != codes.end()) return;
  std::string line;
  for (const auto& word : words) line += word.substr(0, 100) + " ";
  FAIL(line << "ended with " << outcome.code << " (signal " << outcome.signal << "): " << outcome.err
            << outcome.out.substr(0, 2000));
}

}  // namespace

Outcome run_program(ChildOptions options, const std::string& input) {
  const auto outcome = platform::run_child(options, input, kPatience_ms);
  if (!outcome) FAIL(options.program.string() << " " << options.arguments.back() << ": " << outcome.error().detail);
  return {outcome->exit.code, outcome->exit.signal, outcome->output, outcome->errors};
}

std::vector<json> json_lines(const std::string& out) {
  std::vector<json> all;
  for (std::size_t begin = 0;;) {
    const auto end = out.find('\n', begin);
    if (end == std::string::npos) return all;
    const std::string line = out.substr(begin, end - begin);
    all.push_back(json::parse(line, nullptr, false));
    if (all.back().is_discarded()) FAIL("not JSON: " << line.substr(0, 500));
    begin = end + 1;
  }
}

std::vector<json> Outcome::answers() const { return json_lines(out); }

json Outcome::answer() const {
  const auto all = answers();
  if (all.size() != 1) FAIL(all.size() << " documents instead of one: " << out.substr(0, 2000) << err);
  return all.front();
}

void write_file(const fs::path& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary);
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  out << text;
  out.close();
  if (!out) FAIL("cannot write " << path);
}

// ---- Home ----

Home::Home(Stage& stage, std::string name) : stage_(stage), name_(std::move(name)), path_(stage.root() / name_) {}

ChildOptions Home::options(const Words& verb) const {
  ChildOptions options;
  options.program = stage_.cli_program();
  options.arguments = {"--home",
                       path_.string(),
                       "--passphrase-file",
                       stage_.passphrase_file().string(),
                       "--office",
                       stage_.address_for_devices()};
  options.arguments.insert(options.arguments.end(), verb.begin(), verb.end());
  options.environment = stage_.environment();
  options.capture_errors = true;
  return options;
}

Outcome Home::run(const Words& verb, const std::string& input) const { return run_program(options(verb), input); }

json Home::ask(Words verb) const {
  verb.emplace_back("--json");
  const Outcome outcome = run(verb);
  require_code(outcome, verb, {0, 4});
  return outcome.answer();
}

std::vector<json> Home::batch(const std::vector<std::string>& lines) const {
  std::string script;
  for (const auto& line : lines) script += line + "\n";
  const Outcome outcome = run({"batch", "-", "--json"}, script);
  require_code(outcome, {name_, "batch"}, {0, 4});
  const auto answers = outcome.answers();
  if (answers.size() != lines.size()) FAIL(answers.size() << " answers to " << lines.size() << " lines");
  return answers;
}

ChildProcess Home::start(const Words& verb) const { return started(options(verb)); }

// ---- Stage ----

Stage::Stage(Cli cli) : cli_(cli) {
  for (const char* name : {"tmp", "user", "keys"}) {
    fs::create_directory(folder_ / name);
    fs::permissions(folder_ / name, fs::perms::owner_all);
  }
  write_file(passphrase_file(), std::string(kPassphrase) + "\n");
}

std::map<std::string, std::string> Stage::environment() const {
  const std::string user = folder_ / "user";
  return {{"HOME", user},
          {"TMPDIR", temp().string()},
          {"XDG_CONFIG_HOME", user + "/config"},
          {"XDG_DATA_HOME", user + "/data"},
          {"XDG_STATE_HOME", user + "/state"},
          {"XDG_CACHE_HOME", user + "/cache"},
          {"XDG_RUNTIME_DIR", user + "/runtime"},
          {"WAYSIDE_KEYS", keys().string()},
          {"WAYSIDE_HOME", ""},
          {"WAYSIDE_OFFICE", ""},
          {"DBUS_SESSION_BUS_ADDRESS", ""},
          {"https_proxy", ""},
          {"HTTPS_PROXY", ""}};
}

fs::path Stage::cli_program() const { return cli_ == Cli::cheap ? WAYSIDE_CLI_CHEAP_PROGRAM : WAYSIDE_CLI_PROGRAM; }

void Stage::back_up_office() {
  const Outcome made = office({"backup", "--data", office_data().string(), "--to", (root() / "backup").string()});
  INFO(made.err);
  REQUIRE(made.code == 0);
}

void Stage::restore_office() {
  kill_office();
  fs::rename(office_data(), root() / "lost");
  const Outcome made = office({"restore", "--data", office_data().string(), "--from", (root() / "backup").string()});
  INFO(made.err);
  REQUIRE(made.code == 0);
}

Outcome Stage::office(const Words& words) const {
  ChildOptions options;
  options.program = WAYSIDE_OFFICE_PROGRAM;
  options.arguments = words;
  options.environment = environment();
  return run_program(options, {});
}

void Stage::found() {
  const Words words{
      "init",        "--data",         office_data().string(),  "--org", "Riverside Advocacy", "--address",
      "127.0.0.1:9", "--recovery-out", recovery_page().string()};
  const Outcome made = office(words);
  require_code(made, words, {0});
  write_file(ticket("first"), made.out);
  serve();
}

void Stage::serve() {
  const fs::path port_file = folder_ / "port";
  ChildOptions options;
  options.program = WAYSIDE_OFFICE_PROGRAM;
  options.arguments = {"serve",       "--data",      office_data().string(), "--listen",
                       "127.0.0.1:0", "--port-file", port_file.string()};
  options.arguments.insert(options.arguments.end(), serve_options_.begin(), serve_options_.end());
  options.environment = environment();
  options.capture_errors = true;
  office_.emplace(started(options));
  while (office_->errors().find('\n') == std::string::npos) {
    const auto line = office_->read_line(kListen_ms);  // its stdout stays empty; meanwhile stderr is taken in
    if (line && !*line) FAIL("the office ended: " << office_->errors());
  }
  std::string port = read_file(port_file);
  while (port.ends_with('\n')) port.pop_back();
  office_address_ = "127.0.0.1:" + port;
}

void Stage::stop_office() {
  if (!office_) return;
  ::kill(office_->pid(), SIGTERM);
  const auto end = office_->wait(kPatience_ms);
  if (!end || end->code != 0) FAIL("the office did not end well: " << office_->errors());
  office_.reset();
}

void Stage::kill_office() {
  if (!office_) return;
  office_->kill();
  if (!office_->wait(kPatience_ms)) FAIL("the office cannot be killed");
  office_.reset();
}

Home& Stage::home(const std::string& name) {
  auto& home = homes_[name];
  if (!home) home = std::make_unique<Home>(*this, name);
  return *home;
}

Home& Stage::join(const std::string& name, const fs::path& ticket) {
  Home& device = home(name);
  (void)device.ask({"join", ticket.string(), "--device-name", name + "'s laptop"});
  return device;
}

Home& Stage::invite_and_join(const Home& admin, const std::string& name, const std::string& role) {
  (void)admin.ask({"invite", "--role", role, "--user", name, "--out", ticket(name).string()});
  return join(name, ticket(name));
}

}  // namespace wayside::e2e
