#include <algorithm>
#include <ostream>

#include "core/schema/display.h"
#include "core/vault/restricting.h"
#include "core/vault/twin.h"
#include "sync/enrol/taking_away.h"
#include "ui/cli/held.h"
#include "ui/cli/office_line.h"
#include "ui/cli/verb.h"
#include "ui/cli/words.h"

// devices list | held | remove, users role | leave

namespace wayside::cli {
namespace {

using nlohmann::json;
using vault::Vault;

json teams_json(const Vault& vault, const std::vector<TeamId>& teams) {
  auto out = json::array();
  for (const TeamId& team : teams) out.push_back(vault.team_name(team));
  return out;
}

Result<TeamId> team_named(const Vault& vault, const std::string& name) {
  for (const auto& [id, team] : vault.membership().teams()) {
    if (vault.team_name(id) == name) return id;
  }
  return fail(Errc::not_found, "a team called " + name);
}

/// What is pinned is what this vault has accepted: so it hears first what there is.
Result<std::unique_ptr<enrol::CourierLine>> ready_line(Context& context, Vault& vault) {
  if (!membership::administers(vault.role())) return fail(Errc::not_permitted, "only an administrator may");
  WAYSIDE_TRY(auto line, line_to_office(context, vault));
  if (line == nullptr) return fail(Errc::not_permitted, "this vault was made with `solo` and has no colleagues");
  WAYSIDE_OK(reconcile_first(context, vault));
  return line;
}

// ---- devices ----

/// `copies`: how many incarnations of it have written.
json device_json(const Vault& vault, const membership::DeviceInfo& device, std::uint64_t copies) {
  const membership::Log& log = vault.membership();
  const UserId& user = device.entry.user;
  const bool removed = device.removed.has_value();
  return {{"id", to_text(device.entry.device)},
          {"name", vault.device_name(device.entry.device)},
          {"user", vault.user_name(user)},
          {"user_id", to_text(user)},
          {"role", membership::name_of(log.role_at(user, log.size()))},
          {"teams", teams_json(vault, log.teams_of(user))},
          {"since", iso_time(device.admitted_ms)},
          {"removed", removed},
          {"removed_at", removed ? json(iso_time(device.removed_ms)) : json()},
          {"copies", copies},
          {"this", device.entry.device == vault.identity().device}};
}

Result<Exit> list_devices(Context& context) {
  WAYSIDE_TRY(auto* vault, context.vault());
  auto all = json::array();
  WAYSIDE_TRY(const auto copies, vault::copies_by_device(*vault));
  for (const auto& [id, device] : vault->membership().devices()) {
    const auto several = copies.find(id);
    all.push_back(device_json(*vault, device, several == copies.end() ? 1 : several->second));
  }
  if (context.json()) {
    context.print({{"devices", std::move(all)}});
    return Exit::done;
  }
  for (const json& each : all) {
    std::string teams;
    for (const json& team : each.at("teams")) teams += (teams.empty() ? "" : ", ") + team.get<std::string>();
    context.say(each.at("id").get<std::string>() + "   " + each.at("name").get<std::string>() + "   " +
                each.at("user").get<std::string>() + ", " + each.at("role").get<std::string>() + " (" + teams + ") since " +
                each.at("since").get<std::string>() +
                (each.at("removed") ? ", removed " + each.at("removed_at").get<std::string>() : "") +
                (each.at("copies") > 1 ? ", " + to_string(each.at("copies")) + " copies have written: put back from a backup, or copied" : "") +
                (each.at("this") ? ", this device" : ""));
  }
  return Exit::done;
}

json taken_json(const Vault& vault, const enrol::RightsTaken& taken) {
  auto devices = json::array();
  for (const DeviceId& device : taken.devices) devices.push_back(to_text(device));
  return {{"devices", std::move(devices)}, {"renewed_teams", teams_json(vault, taken.renewed)}, {"pinned_ledgers", taken.pinned},
          {"cases_left_to_nobody", vault::left_to_nobody(vault.membership())}};
}

/// Nobody who reads them can say so any more.
void warn_of_cases_left_to_nobody(Context& context, const Vault& vault) {
  const std::size_t count = vault::left_to_nobody(vault.membership());
  if (count == 0) return;
  context.err() << (count == 1 ? "One case is left to workers of whom nobody has a device any more" :
                                 std::to_string(count) + " cases are left to workers of whom nobody has a device any more")
                << ". The organisation's recovery pages open it: `wayside-office admit`, `join`, `recovery cases`, then `restrict`.\n";
}

struct RemoveWords {
  std::string device, user, reason;
};

Result<Exit> remove(Context& context, const RemoveWords& words) {
  if (words.device.empty() == words.user.empty()) return fail(Errc::usage, "Name one device by its id, or a member with --user");
  WAYSIDE_TRY(auto* vault, context.vault());
  const auto device = id_from_text<DeviceId>(words.device);
  if (!words.device.empty() && (!device || vault->membership().device(*device) == nullptr)) {
    return fail(Errc::not_found, "device " + words.device + "; `devices list` has the ids");
  }
  UserId user;
  if (!words.user.empty()) {
    WAYSIDE_TRY(user, user_named(*vault, words.user));
  }
  WAYSIDE_TRY(const auto line, ready_line(context, *vault));
  WAYSIDE_TRY(const auto taken, device ? enrol::remove_device(*vault, *device, words.reason, *line)
                                       : enrol::remove_user(*vault, user, words.reason, *line));
  warn_of_cases_left_to_nobody(context, *vault);
  if (context.json()) {
    context.print(taken_json(*vault, taken));
    return Exit::done;
  }
  context.say("Removed. It reads nothing that is written from now on; what it holds already, it holds.");
  context.say("Work that it still brings is kept apart until an administrator decides: `review list`.");
  return Exit::done;
}

// ---- users ----

Result<Exit> set_role(Context& context, const std::string& name, const std::string& role_word) {
  const auto role = membership::role_from_name(role_word);
  if (!role) return fail(Errc::usage, "There is no role \"" + role_word + "\". Roles are advocate, desk, manager and admin");
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const UserId user, user_named(*vault, name));
  WAYSIDE_TRY(const auto line, ready_line(context, *vault));
  WAYSIDE_TRY(const auto taken, enrol::change_role(*vault, user, *role, *line));
  warn_of_cases_left_to_nobody(context, *vault);
  if (context.json()) context.print(taken_json(*vault, taken));
  else context.say(vault->user_name(user) + " is " + std::string(membership::name_of(*role)) + " now.");
  return Exit::done;
}

Result<Exit> leave(Context& context, const std::string& name, const std::string& team_name) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const UserId user, user_named(*vault, name));
  WAYSIDE_TRY(const TeamId team, team_named(*vault, team_name));
  WAYSIDE_TRY(const auto line, ready_line(context, *vault));
  WAYSIDE_TRY(const auto taken, enrol::leave_team(*vault, user, team, *line));
  warn_of_cases_left_to_nobody(context, *vault);
  if (context.json()) context.print(taken_json(*vault, taken));
  else context.say(vault->user_name(user) + " has left " + team_name + ", and reads nothing that is written there from now on.");
  return Exit::done;
}

}  // namespace

Action declare_devices(CLI::App& app) {
  const auto words = std::make_shared<RemoveWords>();
  const auto held_device = std::make_shared<std::string>();
  app.require_subcommand(1);
  app.add_subcommand("list", "all devices that ever joined");
  CLI::App* const remove_verb = app.add_subcommand("remove", "takes every right from a device, or from a member with all hers (online)");
  remove_verb->add_option("device", words->device, "the device")->type_name("ID");
  remove_verb->add_option("--user", words->user, "a member, with all her devices")->type_name("NAME");
  remove_verb->add_option("--reason", words->reason, "why; members can read it")->type_name("TEXT")->required();
  CLI::App* const held_verb = app.add_subcommand("held", "which cases a device holds that was lost or taken away, as far as is known here");
  held_verb->add_option("device", *held_device, "the device")->type_name("ID")->required();
  return [words, remove_verb, held_device, held_verb](Context& context) {
    if (held_verb->parsed()) return held(context, *held_device);
    return remove_verb->parsed() ? remove(context, *words) : list_devices(context);
  };
}

Action declare_users(CLI::App& app) {
  struct Words { std::string user, role, team; };
  const auto words = std::make_shared<Words>();
  app.require_subcommand(1);
  CLI::App* const role_verb = app.add_subcommand("role", "gives a member another role (online)");
  CLI::App* const leave_verb = app.add_subcommand("leave", "takes a member out of a team (online)");
  for (CLI::App* const each : {role_verb, leave_verb}) each->add_option("user", words->user, "the member")->type_name("NAME")->required();
  role_verb->add_option("role", words->role, "advocate, desk, manager or admin")->type_name("ROLE")->required();
  leave_verb->add_option("team", words->team, "the team")->type_name("TEAM")->required();
  return [words, role_verb](Context& context) {
    return role_verb->parsed() ? set_role(context, words->user, words->role) : leave(context, words->user, words->team);
  };
}

}  // namespace wayside::cli
