#include <ostream>

#include "core/schema/display.h"
#include "core/vault/carry_mode.h"
#include "core/vault/solo.h"
#include "sync/enrol/invite.h"
#include "sync/enrol/join.h"
#include "ui/cli/command_line.h"
#include "ui/cli/verb.h"
#include "ui/cli/words.h"

// solo, join, invite, passphrase

namespace wayside::cli {
namespace {

using nlohmann::json;
using vault::Vault;

/// A new vault's owner must know what else her computer keeps for it.
void tell_where_secret_lies(Context& context) {
  if (context.env().keys.is_system_store()) {
    context.err()
        << "The secret of this device lies in the key store of your login. A copy of the vault without it does not open.\n";
    return;
  }
  context.err() << "The secret of this device lies in "
                << platform::default_keys_folder(context.surroundings().environment).string()
                << ". A copy of the vault without it does not open; keep the two apart.\n";
}

json identity_json(const Vault& vault) {
  return {{"device", to_text(vault.identity().device)},
          {"user", vault.user_name(vault.identity().user)},
          {"role", membership::name_of(vault.role())},
          {"home", vault.home().string()}};
}

Result<void> refuse_second_vault(Context& context) {
  if (!context.env().files.exists(context.common().home / "header")) return {};
  return fail(Errc::already_exists, "a vault in " + context.common().home.string());
}

// ---- solo ----

Result<Exit> solo(Context& context, const std::string& device_name, const std::string& user_name) {
  WAYSIDE_OK(check_text("--device-name", device_name));
  WAYSIDE_OK(check_text("--user", user_name));
  WAYSIDE_OK(refuse_second_vault(context));
  WAYSIDE_TRY(const SecretString passphrase, context.new_passphrase(context.common().passphrase_file));
  WAYSIDE_TRY(auto vault, vault::create_solo(context.env(), context.common().home, passphrase,
                                             user_name.empty() ? device_name : user_name, device_name));
  tell_where_secret_lies(context);
  if (context.json()) context.print(identity_json(*vault));
  else context.say("The vault is made. Nothing in it leaves this device.");
  return Exit::done;
}

// ---- join ----

enrol::OpenLine courier_lines(Context& context) {
  return [program = context.surroundings().program](const enrol::CourierLine::Office& office, const SecretBytes& seed) {
    return std::make_unique<enrol::CourierLine>(program, office, seed);
  };
}

/// Before anything has come.
Result<void> carry_assigned(Vault& vault) {
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault::set_carry_mode(vault, writing, vault::CarryMode::assigned));
  return std::move(writing).commit();
}

Result<Exit> join(Context& context, const std::string& ticket, const std::string& device_name, const std::string& carry) {
  if (carry != "all" && carry != "assigned") return fail(Errc::usage, "Say --carry all or --carry assigned");
  WAYSIDE_OK(check_text("--device-name", device_name));
  const platform::Path& home = context.common().home;
  // A ticket that is none should not cost a passphrase typed twice.
  WAYSIDE_OK(enrol::read_ticket(context.env().files, ticket));
  const bool again = context.env().files.exists(home / "header");
  WAYSIDE_TRY(const SecretString passphrase,
              again ? context.passphrase() : context.new_passphrase(context.common().passphrase_file));
  auto joined = enrol::join(context.env(), {home, ticket, device_name, context.common().office}, passphrase,
                            courier_lines(context));
  if (!joined) {
    if (joined.error().code == Errc::unreachable || joined.error().code == Errc::later) {
      context.err() << "The vault is made and waits for the office. Join again with the same ticket and passphrase.\n";
    }
    return std::unexpected(joined.error());
  }
  Vault& vault = **joined;
  const auto set = carry == "assigned" ? carry_assigned(vault) : Result<void>{};
  if (!set && set.error().code != Errc::not_permitted) return std::unexpected(set.error());
  if (!set) context.err() << "--carry assigned has no effect: " << set.error().detail << ".\n";
  tell_where_secret_lies(context);
  if (context.json()) context.print(identity_json(vault));
  else
    context.say("Welcome, " + vault.user_name(vault.identity().user) +
                ". This device belongs to the organisation now. "
                "The ticket is used up and its file is deleted; `sync` fetches your cases.");
  return Exit::done;
}

// ---- invite ----

struct InviteWords {
  std::string role, team, user, out;
};

Result<Exit> invite(Context& context, const InviteWords& words) {
  const auto role = membership::role_from_name(words.role);
  if (!role || *role == membership::Role::none) {
    return fail(Errc::usage, "There is no role " + as_typed(words.role) + ". Roles are advocate, desk, manager and admin");
  }
  WAYSIDE_OK(check_text("--team", words.team));
  WAYSIDE_OK(check_text("--user", words.user));
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto office, vault->office());
  if (!office) return fail(Errc::not_permitted, "this vault was made with `solo` and has no office to invite to");
  const std::string address = context.common().office.empty() ? office->address : context.common().office;
  enrol::CourierLine line(context.surroundings().program, {address, office->tls_pin}, vault->keys().courier_seed);
  auto invited = enrol::invite(*vault, {*role, words.team, words.user, words.out}, line);
  if (!invited && invited.error().code == Errc::already_exists && context.env().files.exists(words.out)) {
    return fail(Errc::already_exists, words.out);
  }
  if (!invited) return std::unexpected(invited.error());
  context.err() << "Whoever holds the file can join as " << invited->user
                << ". Hand it over yourself; it is valid for 7 days and once.\n";
  if (context.json()) {
    context.print({{"file", words.out},
                   {"user", invited->user},
                   {"team", invited->team},
                   {"role", words.role},
                   {"new_team", invited->new_team},
                   {"expires", iso_time(invited->expires_ms)}});
  } else {
    context.say(words.out);
  }
  return Exit::done;
}

// ---- passphrase ----

Result<Exit> change_passphrase(Context& context, const std::string& new_file) {
  WAYSIDE_TRY(const SecretString old_passphrase, context.passphrase());
  WAYSIDE_TRY(auto vault, Vault::open(context.env(), context.common().home, old_passphrase));
  WAYSIDE_TRY(const SecretString new_passphrase, context.new_passphrase(new_file));
  WAYSIDE_OK(vault->change_passphrase(old_passphrase, new_passphrase));
  context.err() << "A copy of this vault made before now still opens with the old passphrase, on this device.\n";
  if (context.json()) context.print({{"changed", true}});
  else context.say("The passphrase is changed.");
  return Exit::done;
}

}  // namespace

Action declare_solo(CLI::App& app) {
  const auto device = std::make_shared<std::string>();
  const auto user = std::make_shared<std::string>();
  app.add_option("--device-name", *device, "what you call this device")->type_name("NAME")->required();
  app.add_option("--user", *user, "your name; without it the device's")->type_name("NAME");
  return [device, user](Context& context) { return solo(context, *device, *user); };
}

Action declare_join(CLI::App& app) {
  const auto ticket = std::make_shared<std::string>();
  const auto device = std::make_shared<std::string>();
  app.add_option("ticket", *ticket, "the ticket file; it is deleted once used")->required()->type_name("TICKET-FILE");
  app.add_option("--device-name", *device, "what you call this device")->type_name("NAME")->required();
  const auto carry = std::make_shared<std::string>("all");
  app.add_option("--carry", *carry, "all cases of your teams, or those alone that are assigned to you (see `carry mode`)")->type_name("all|assigned");
  return [=](Context& context) { return join(context, *ticket, *device, *carry); };
}

Action declare_invite(CLI::App& app) {
  const auto words = std::make_shared<InviteWords>();
  app.add_option("--role", words->role, "advocate, desk, manager or admin")->required()->type_name("ROLE");
  app.add_option("--team", words->team, "the team; a new name makes one")->type_name("NAME");
  app.add_option("--user", words->user, "whom it is for; a member's name gives her one more device")->type_name("NAME");
  app.add_option("--out", words->out, "file for the ticket")->required()->type_name("FILE");
  return [words](Context& context) { return invite(context, *words); };
}

Action declare_passphrase(CLI::App& app) {
  const auto new_file = std::make_shared<std::string>();
  app.require_subcommand(1);
  CLI::App* const change = app.add_subcommand("change", "--passphrase-file gives the old one");
  change->add_option("--new-passphrase-file", *new_file, "file with the new one; - or nothing asks for it")
      ->type_name("FILE");
  return [new_file](Context& context) { return change_passphrase(context, *new_file); };
}

}  // namespace wayside::cli
