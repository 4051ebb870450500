#pragma once

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/vault/vault.h"
#include "platform/real_env.h"
#include "tests/support/temp_folder.h"

/// The command line, driven in this process with real files, in a folder that is thrown away.
namespace wayside::cli::testing {

using nlohmann::json;
using Words = std::vector<std::string>;

struct Outcome {
  int code = 0;
  std::string out, err;
  /// The only document on stdout.
  [[nodiscard]] json answer() const;
  /// One a line.
  [[nodiscard]] std::vector<json> answers() const;
};

/// A computer with a place for a vault; `solo()` makes the vault.
class Home {
 public:
  static constexpr const char* kPassphrase = "seven grey herons cross the water meadow";

  Home();
  void solo();

  /// Adds --home and --passphrase-file. `input` is what standard input holds.
  Outcome run(Words words, const std::string& input = {});
  /// The same with --json; must end with 0.
  json ask(Words words, const std::string& input = {});
  /// Nothing is added.
  Outcome run_bare(const Words& words, const std::string& input = {});

  /// A new case; its id.
  std::string new_case(const std::string& reference = "C-1");
  /// A new record of that case; its id.
  std::string put(const std::string& type, const std::string& case_id, const Words& fields);
  /// The vault itself, for what no verb does. No verb works while it is open.
  std::unique_ptr<vault::Vault> open();

  std::string write(const std::string& name, std::string_view text);  ///< a file beside the vault; its path
  [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] std::filesystem::path home() const { return folder_ / "home"; }
  [[nodiscard]] std::filesystem::path keys() const { return folder_ / "keys"; }
  std::map<std::string, std::string> environment;

 private:
  support::TempFolder folder_;
  platform::RealEnv real_;
  platform::Env env_;
};

}  // namespace wayside::cli::testing
