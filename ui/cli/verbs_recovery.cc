#include <ostream>

#include "core/base/value.h"
#include "core/recovery/papers.h"
#include "core/vault/recovery_kit.h"
#include "sync/enrol/open_cases.h"
#include "ui/cli/amounts.h"
#include "ui/cli/verb.h"

// recovery kit | unlock | status | cases

namespace wayside::cli {
namespace {

using nlohmann::json;
using vault::Vault;

// ---- A kit for this vault ----

Result<Exit> make_kit(Context& context, const std::string& out) {
  platform::Env& env = context.env();
  if (env.files.exists(out)) return fail(Errc::already_exists, out);
  WAYSIDE_TRY(const SecretString passphrase, context.passphrase());
  WAYSIDE_TRY(auto vault, Vault::open(env, context.common().home, passphrase));
  WAYSIDE_TRY(const auto before, vault::kit_standing(*vault));
  bool written = false;
  const auto made = vault->make_kit(passphrase, [&](const recovery::Kit& kit) -> Result<void> {
    WAYSIDE_OK(
        recovery::save_page(env.files, out, recovery::kit_text(kit, vault->header().label, env.clock.wall_ms())));
    written = true;
    return {};
  });
  if (!made) {
    if (written) (void)env.files.remove(out);
    return std::unexpected(made.error());
  }
  context.err()
      << "Print that page, lock it away from this device, and delete the file. Whoever has it and a copy of the vault "
         "can open it.\n";
  if (before.there)
    context.err()
        << "The kit that was made before opens nothing any more, except copies of the vault from before now.\n";
  if (context.json()) context.print({{"file", out}, {"replaced", before.there}});
  else context.say(out);
  return Exit::done;
}

Result<Exit> unlock(Context& context, const std::string& kit_file, const std::string& new_file) {
  platform::Env& env = context.env();
  WAYSIDE_TRY(const recovery::Kit kit, recovery::read_kit(env.files, kit_file));
  // A vault that is not there should not cost a passphrase typed twice.
  WAYSIDE_OK(vault::read_header(env, context.common().home));
  WAYSIDE_TRY(const SecretString chosen, context.new_passphrase(new_file));
  WAYSIDE_TRY(auto vault, Vault::recover(env, context.common().home, kit, chosen));
  context.err() << "Everybody who opens this vault is told so for 30 days. The kit still opens it; `recovery kit` "
                   "makes a new one.\n";
  if (context.json()) {
    context.print({{"opened", true}, {"device", to_text(vault->identity().device)}, {"home", vault->home().string()}});
  } else {
    context.say("The vault opens with the new passphrase from now on.");
  }
  return Exit::done;
}

// ---- The organisation's pages ----

Result<Exit> open_cases(Context& context, const recovery::Papers& papers) {
  WAYSIDE_TRY(const auto secrets, recovery::read_papers(context.env(), papers));
  WAYSIDE_TRY(auto* vault, context.vault(Context::Inbox::left));
  reconcile::Options options;
  options.courier_program = context.surroundings().program;
  options.office_address = context.common().office;
  WAYSIDE_TRY(const auto opened, enrol::open_cases(*vault, secrets, options));
  if (context.json()) {
    context.print(
        {{"opened_change_sets", opened.change_sets}, {"granted_ledgers", opened.granted}, {"waiting", opened.waiting}});
    return Exit::done;
  }
  context.say(count_of(opened.change_sets, "change was", "changes were") + " opened, and the keys of " +
              count_of(opened.granted, "case or other ledger", "cases and other ledgers") + " granted to the teams anew.");
  if (opened.waiting > 0) {
    context.say(count_of(opened.waiting, "change", "changes") + " could not be opened and " + (opened.waiting == 1 ? "waits." : "wait."));
  }
  return Exit::done;
}

// ---- What was done ----

json moment(std::int64_t time_ms) { return time_ms == 0 ? json() : json(iso_time(time_ms)); }

Result<Exit> status(Context& context) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto standing, vault::kit_standing(*vault));
  auto uses = json::array();
  for (const vault::KitUse& use : standing.uses)
    uses.push_back({{"time", iso_time(use.time_ms)}, {"newest_kit", use.newest_kit}});
  auto pages = json::array();
  for (const std::int64_t each : standing.pages_used_ms) pages.push_back(json::object({{"time", iso_time(each)}}));
  auto admissions = json::array();
  for (const membership::RootUse& use : vault->membership().root_uses()) {
    admissions.push_back({{"entry", use.number}, {"time", iso_time(use.time_ms)}});
  }
  if (context.json()) {
    context.print({{"kit", {{"there", standing.there}, {"made", moment(standing.made_ms)}, {"uses", std::move(uses)}}},
                   {"pages", std::move(pages)},
                   {"root_entries", std::move(admissions)}});
    return Exit::done;
  }
  if (!standing.there) context.say("No recovery kit opens this vault. `recovery kit` makes one.");
  else if (standing.made_ms == 0) context.say("A recovery kit opens this vault.");
  else context.say("A recovery kit opens this vault, made " + iso_time(standing.made_ms) + ".");
  for (const vault::KitUse& use : standing.uses) {
    context.say("Opened with a kit " + iso_time(use.time_ms) +
                (use.newest_kit ? "." : ", one that was replaced since."));
  }
  if (standing.uses.empty()) context.say("No kit was ever used.");
  for (const json& each : pages)
    context.say("Cases were opened here with the organisation's pages " + each.at("time").get<std::string>() + ".");
  for (const json& each : admissions) {
    context.say("The organisation's pages signed entry " + each.at("entry").dump() + " of the membership log " +
                each.at("time").get<std::string>() + ".");
  }
  return Exit::done;
}

}  // namespace

Action declare_recovery(CLI::App& app) {
  struct Words {
    std::string out, kit_file, new_file;
  };
  const auto words = std::make_shared<Words>();
  const auto page = std::make_shared<std::string>();
  const auto shares = std::make_shared<std::vector<std::string>>();
  app.require_subcommand(1);
  CLI::App* const kit =
      app.add_subcommand("kit", "makes a page that opens this vault without passphrase and device secret");
  kit->add_option("--out", words->out, "file for the page; print it, then delete it")->required()->type_name("FILE");
  CLI::App* const open = app.add_subcommand("unlock", "opens this vault with its kit, and sets a new passphrase");
  open->add_option("--kit-file", words->kit_file, "the kit, typed in or as it was written")
      ->required()
      ->type_name("FILE");
  open->add_option("--new-passphrase-file", words->new_file, "file with the new passphrase; - or nothing asks for it")
      ->type_name("FILE");
  app.add_subcommand("status", "when kits were made and used");
  CLI::App* const cases = app.add_subcommand(
      "cases", "opens every case with the organisation's recovery pages, for colleagues too (online)");
  cases->add_option("--recovery", *page, "the whole page, typed in or as it was written")->type_name("FILE");
  cases->add_option("--share", *shares, "one of two shares; give this twice")->type_name("FILE");
  return [words, page, shares, kit, open, cases](Context& context) {
    if (cases->parsed()) return open_cases(context, {*page, {shares->begin(), shares->end()}});
    if (kit->parsed()) return make_kit(context, words->out);
    if (open->parsed()) return unlock(context, words->kit_file, words->new_file);
    return status(context);
  };
}

}  // namespace wayside::cli
