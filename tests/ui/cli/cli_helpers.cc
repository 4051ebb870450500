#include "tests/ui/cli/cli_helpers.h"

#include <fstream>
#include <sstream>

#include "ui/cli/run.h"

namespace wayside::cli::testing {

json Outcome::answer() const {
  const auto all = answers();
  INFO("stdout: " << out << "stderr: " << err);
  REQUIRE(all.size() == 1);
  return all.front();
}

std::vector<json> Outcome::answers() const {
  std::vector<json> all;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) all.push_back(json::parse(line));
  return all;
}

Home::Home()
    : real_([keys = keys()](const char* name) -> std::optional<std::string> {
        if (std::string_view(name) == "WAYSIDE_KEYS") return keys.string();
        return std::nullopt;
      }),
      env_(real_.env()) {
  environment["WAYSIDE_KEYS"] = keys().string();
  environment["XDG_CONFIG_HOME"] = path("config").string();
  write("passphrase", std::string(kPassphrase) + "\n");
}

void Home::solo() { ask({"solo", "--device-name", "Laptop", "--user", "Amina"}); }

Outcome Home::run(Words words, const std::string& input) {
  words.insert(words.end(), {"--home", home().string(), "--passphrase-file", path("passphrase").string()});
  return run_bare(words, input);
}

Outcome Home::run_bare(const Words& words, const std::string& input) {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  Surroundings surroundings{.env = env_,
                            .environment = [this](const char* name) -> std::optional<std::string> {
                              const auto found = environment.find(name);
                              return found == environment.end() ? std::nullopt : std::optional(found->second);
                            },
                            .program = WAYSIDE_CLI_PROGRAM,
                            .in = in,
                            .out = out,
                            .err = err,
                            .err_is_terminal = false};
  const int code = cli::run(words, surroundings);
  return {code, out.str(), err.str()};
}

json Home::ask(Words words, const std::string& input) {
  words.emplace_back("--json");
  const Outcome outcome = run(words, input);
  INFO(words.front() << ": " << outcome.err);
  REQUIRE(outcome.code == 0);
  return outcome.answer();
}

std::string Home::new_case(const std::string& reference) {
  return ask({"put", "case", "--set", "reference=" + reference, "status=open"}).at("ids").at(0);
}

std::string Home::put(const std::string& type, const std::string& case_id, const Words& fields) {
  Words words{"put", type, "--case", case_id, "--set"};
  words.insert(words.end(), fields.begin(), fields.end());
  return ask(words).at("ids").at(0);
}

std::unique_ptr<vault::Vault> Home::open() {
  SecretString passphrase;
  passphrase.append(kPassphrase);
  auto vault = vault::Vault::open(env_, home(), passphrase);
  REQUIRE(vault.has_value());
  return *std::move(vault);
}

std::string Home::write(const std::string& name, std::string_view text) {
  std::ofstream(path(name), std::ios::binary) << text;
  return path(name).string();
}

}  // namespace wayside::cli::testing
