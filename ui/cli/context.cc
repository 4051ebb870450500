#include "ui/cli/context.h"

#include <ostream>

#include "core/vault/erasure.h"
#include "sync/reconcile/reconcile.h"
#include "ui/app/recovery_notices.h"
#include "ui/app/sentences.h"
#include "ui/cli/command_line.h"
#include "ui/cli/passphrase.h"
#include "ui/cli/progress.h"

namespace wayside::cli {

Result<vault::Vault*> Context::vault(Inbox inbox) {
  if (vault_) return vault_.get();
  const auto header = vault::read_header(env(), common_.home);  // asks for nothing when there is nothing to open
  if (!header && header.error().code == Errc::not_a_vault && !env().files.exists(common_.home / "header")) {
    // Where a vault was, making another would bury what is left of it.
    const bool anything = !env().files.list(common_.home).value_or(std::vector<std::string>{}).empty();
    return fail(Errc::not_a_vault,
                common_.home.string() +
                    (anything ? ": its header is missing" : " is empty; `join` or `solo` makes a vault there"));
  }
  if (!header) return std::unexpected(header.error());
  WAYSIDE_TRY(const SecretString secret, passphrase());
  WAYSIDE_TRY(vault_, vault::Vault::open(env(), common_.home, secret));
  WAYSIDE_OK(vault::finish_erasures(*vault_, nullptr));   // what a crash left of them
  // What cannot be taken in now keeps nobody from her work.
  if (const auto taken = inbox == Inbox::taken_in ? take_in() : Result<void>{}; !taken) {
    err() << printable(app::sentence(taken.error()), kLongestMessage) << '\n';
  }
  for (const std::string& each : app::recovery_notices(*vault_)) err() << printable(each, each.size()) << '\n';
  return vault_.get();
}

/// It may say, too, that the office was heard since.
Result<void> Context::take_in() {
  WAYSIDE_TRY(const bool waits, reconcile::inbox_waits(*vault_));
  if (!waits) return {};
  Progress progress(err(), surroundings_.err_is_terminal, "Taking in what came");
  reconcile::Options options;
  options.progress = [&progress](const reconcile::Progress& at) { progress.at(at.done, at.total); };
  WAYSIDE_OK(reconcile::fold_inbox(*vault_, options));
  return {};
}

void Context::hand_over() {
  if (vault_) (void)reconcile::hand_over(*vault_);   // the next reconcile does it too
}

Result<SecretString> Context::passphrase() {
  const std::string& file = common_.passphrase_file;
  if (!file.empty() && file != "-") return passphrase_from_file(env().files, file);
  return ask_passphrase("Passphrase: ", file == "-");
}

Result<SecretString> Context::new_passphrase(const std::string& file) {
  const bool from_file = !file.empty() && file != "-";
  WAYSIDE_TRY(SecretString chosen,
              from_file ? passphrase_from_file(env().files, file) : ask_new_passphrase(file == "-"));
  if (chosen.size() < kShortestPassphraseBytes) {
    return fail(Errc::usage, "A passphrase has at least " + std::to_string(kShortestPassphraseBytes) +
                                 " characters, better six words. Nothing has changed. Choose a longer one");
  }
  if (const std::string advice = passphrase_advice(chosen, !env().keys.is_system_store()); !advice.empty()) {
    err() << advice << '\n';
  }
  return chosen;
}

void Context::print(const nlohmann::json& answer) {
  // A value of a newer version may hold what is no UTF-8; the document stays one all the same.
  surroundings_.out << answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n' << std::flush;
  ++printed_;
}

void Context::say(std::string_view line) { surroundings_.out << printable(line, line.size()) << '\n' << std::flush; }

}  // namespace wayside::cli
