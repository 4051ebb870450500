#pragma once

#include <iosfwd>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "core/vault/vault.h"
#include "platform/env.h"
#include "platform/paths.h"

namespace wayside::cli {

/// Where the command line is used from. Tests give streams and an environment of their own.
struct Surroundings {
  platform::Env env;
  platform::Environment environment;  ///< WAYSIDE_HOME, WAYSIDE_OFFICE …
  platform::Path program;             ///< this program: started once more as the courier
  std::istream& in;
  std::ostream& out;             ///< answers, and nothing else
  std::ostream& err;             ///< messages, questions, progress
  bool err_is_terminal = false;  ///< then a progress bar is drawn
};

/// The words that every verb takes.
struct Common {
  platform::Path home;
  std::string passphrase_file;  ///< "-": asked for; empty: asked for on the terminal
  std::string office;           ///< overrides where the office is found, never whom it must prove to be
  bool json = false;
};

/// What a verb works with. It keeps the vault open for those that come after it in a batch.
class Context {
 public:
  Context(Surroundings& surroundings, Common common) : surroundings_(surroundings), common_(std::move(common)) {}

  [[nodiscard]] platform::Env& env() { return surroundings_.env; }
  [[nodiscard]] Surroundings& surroundings() { return surroundings_; }
  [[nodiscard]] const Common& common() const { return common_; }
  [[nodiscard]] bool json() const { return common_.json; }
  [[nodiscard]] std::ostream& err() { return surroundings_.err; }

  /// What a courier brought while the vault was locked. `left`: for a verb that reconciles, takes it in by itself and counts it.
  enum class Inbox { taken_in, left };
  /// Opens the vault of `home` when it is first asked for.
  Result<vault::Vault*> vault(Inbox inbox = Inbox::taken_in);
  /// As `passphrase_file` says, for a vault that is there.
  Result<SecretString> passphrase();
  /// For a new vault or a new passphrase: asked for twice, not too short. Warns on stderr when it is weak.
  Result<SecretString> new_passphrase(const std::string& file);

  /// Before the program ends: what was saved goes to the outbox, where `sync --locked` finds it.
  void hand_over();

  /// A batch reads its lines there; then no verb may.
  void take_standard_input() { standard_input_is_taken_ = true; }
  [[nodiscard]] bool standard_input_is_taken() const { return standard_input_is_taken_; }

  /// The answer of a verb: one JSON document on a line.
  void print(const nlohmann::json& answer);
  /// How many of them there were. A batch owes one for each line.
  [[nodiscard]] std::size_t printed() const { return printed_; }
  /// The same for a person: a line, with nothing in it that a terminal would obey.
  void say(std::string_view line);

 private:
  Result<void> take_in();

  Surroundings& surroundings_;
  Common common_;
  std::unique_ptr<vault::Vault> vault_;
  bool standard_input_is_taken_ = false;
  std::size_t printed_ = 0;
};

}  // namespace wayside::cli
