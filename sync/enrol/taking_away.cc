#include "sync/enrol/taking_away.h"

#include <algorithm>
#include <set>

#include "core/membership/names.h"
#include "core/vault/ingest.h"
#include "core/vault/pins.h"
#include "core/vault/writing_key.h"
#include "sync/enrol/log_writer.h"
#include "sync/enrol/tuning.h"

namespace wayside::enrol {
namespace {

using membership::Role;
using vault::Vault;
using Devices = std::set<DeviceId>;

constexpr std::size_t kMostIdsAnEntry = 1000;   // 34 bytes each, of 64 KiB

bool contains(const auto& list, const auto& item) { return std::ranges::find(list, item) != list.end(); }

Devices devices_of(const membership::Log& log, const UserId& user) {
  Devices out;
  for (const auto& [id, device] : log.devices()) {
    if (device.entry.user == user && !device.removed) out.insert(id);
  }
  return out;
}

Result<Bytes> sealed(Vault& vault, const std::string& reason) {
  if (reason.empty()) return fail(Errc::usage, "Say why, in a few words");
  if (reason.size() > membership::kMaxNameBytes) return fail(Errc::too_large, "the reason: at most 190 bytes");
  return membership::seal_name(vault.keys().member_key.view(), reason, vault.env().random);
}

/// Whether an administrator is left, in the organisation or in one team, when these devices are not counted.
bool keeps_admin(const membership::Log& log, const std::optional<TeamId>& team, const Devices& without) {
  return std::ranges::any_of(log.devices(), [&](const auto& each) {
    const UserId& user = each.second.entry.user;
    return !each.second.removed && !without.contains(each.first) && membership::administers(log.role_at(user, log.size())) &&
           (!team || contains(log.teams_of(user), *team));
  });
}

Result<void> check_admins(const Vault& vault, const std::vector<TeamId>& teams, const Devices& without) {
  const membership::Log& log = vault.membership();
  if (!keeps_admin(log, std::nullopt, without)) return fail(Errc::usage, "An organisation needs an administrator. Name another one first");
  for (const TeamId& team : teams) {
    if (keeps_admin(log, team, {}) && !keeps_admin(log, team, without)) {
      return fail(Errc::usage, "The team " + vault.team_name(team) + " needs an administrator. Invite another one to it first");
    }
  }
  return {};
}

/// Signs one entry or several against heads that must not move under it.
class Taker {
 public:
  Taker(Vault& vault, MembershipLine& line) : vault_(vault), log_(vault.membership()), writer_(vault, &line) {}

  Result<void> begin() {
    WAYSIDE_OK(writer_.fetch());
    return membership::administers(vault_.role()) ? Result<void>{} : fail(Errc::not_permitted, "only an administrator may");
  }

  /// A new epoch for the devices of the team other than `leaving`.
  Result<void> renew(const TeamId& team, const Devices& leaving) {
    return again([&]() -> Result<void> {
      const membership::Epoch* before = log_.newest_epoch(team);
      const SecretBytes* secret = before == nullptr ? nullptr : vault_.epoch_secret(team, before->number);
      if (secret == nullptr) {
        return fail(Errc::not_permitted, "you are not in the team " + vault_.team_name(team) + "; an administrator of it may");
      }
      const crypto::BoxPair pair = crypto::new_box_pair(vault_.env().random);
      membership::Epoch epoch{team, before->number + 1, pair.public_key, {}, crypto::seal_to(pair.public_key, secret->view()), tickets_since(team)};
      for (const DeviceId& device : vault::devices_of_team(log_, team)) {
        if (leaving.contains(device)) continue;
        epoch.wraps.push_back({device, crypto::seal_to(log_.device(device)->entry.box_public, pair.secret.view())});
      }
      return append(epoch);
    });
  }

  /// `entry_with` makes the entry that carries a piece of the pin. The epochs come first.
  template <class EntryWith>
  Result<RightsTaken> take(const Devices& devices, const std::vector<TeamId>& teams, const EntryWith& entry_with) {
    RightsTaken out{{devices.begin(), devices.end()}, {}, 0};
    std::vector<Bytes> pieces;
    const Result<void> appended = again([&]() -> Result<void> {
      for (const TeamId& team : teams) {
        if (!is_held(team, devices)) continue;
        WAYSIDE_OK(renew(team, devices));
        if (!contains(out.renewed, team)) out.renewed.push_back(team);
      }
      WAYSIDE_TRY(const membership::Pin pin, vault::last_accepted(vault_, devices));
      out.pinned = 0;
      for (const auto& [author, ledgers] : pin) out.pinned += ledgers.size();
      pieces = membership::encode_pin(pin);
      return append(entry_with(pieces.front()));
    });
    WAYSIDE_OK(appended);
    for (std::size_t i = 1; i < pieces.size(); ++i) WAYSIDE_OK(writer_.append(entry_with(pieces[i])));
    return out;
  }

  /// Nothing depends on what stands before it.
  Result<void> append_anyhow(const membership::EntryKind& kind) { return writer_.append(kind); }

 private:
  [[nodiscard]] bool is_held(const TeamId& team, const Devices& devices) const {
    return std::ranges::any_of(devices, [&](const DeviceId& each) { return log_.holds_newest_epoch(each, team); });
  }

  [[nodiscard]] std::vector<TicketId> tickets_since(const TeamId& team) const {
    std::vector<TicketId> out;
    const auto& entries = log_.teams().at(team).epoch_entries;
    const std::uint64_t since = entries.empty() ? 0 : entries.back();
    for (const auto& [id, ticket] : log_.tickets()) {
      const bool is_over = ticket.used ? *ticket.used > since : ticket.entry.expires_ms < vault_.env().clock.wall_ms();
      if (is_over && contains(ticket.entry.teams, team)) out.push_back(id);
    }
    return out;
  }

  Result<void> append(const membership::EntryKind& kind) {
    const std::uint64_t at = log_.size();
    return writer_.append(kind, [this, at]() -> Result<void> {
      return log_.size() == at ? Result<void>{} : fail(Errc::stale_head, "membership log");
    });
  }

  /// Somebody else was quicker: then everything is looked at once more.
  template <class Step>
  Result<void> again(const Step& step) {
    Result<void> done;
    for (int tries = 0; tries < kAppendTries; ++tries) {
      done = step();
      if (done || done.error().code != Errc::stale_head) return done;
    }
    return done;
  }

  Vault& vault_;
  const membership::Log& log_;
  LogWriter writer_;
};

}  // namespace

Result<RightsTaken> remove_device(Vault& vault, const DeviceId& device, const std::string& reason, MembershipLine& line) {
  if (device == vault.identity().device) return fail(Errc::usage, "This is the device you work on. Remove it from another one");
  WAYSIDE_TRY(const Bytes sealed_reason, sealed(vault, reason));
  Taker taker(vault, line);
  WAYSIDE_OK(taker.begin());
  const membership::DeviceInfo* info = vault.membership().device(device);
  if (info == nullptr) return fail(Errc::not_found, "device " + to_text(device));
  if (info->removed) return fail(Errc::already_exists, "the removal of device " + to_text(device));
  const std::vector<TeamId> teams = vault.membership().teams_of(info->entry.user);
  WAYSIDE_OK(check_admins(vault, teams, {device}));
  return taker.take({device}, teams,
                    [&](const Bytes& pin) { return membership::Removal{device, std::nullopt, sealed_reason, pin}; });
}

Result<RightsTaken> remove_user(Vault& vault, const UserId& user, const std::string& reason, MembershipLine& line) {
  if (user == vault.identity().user) return fail(Errc::usage, "Nobody removes herself. Ask another administrator");
  WAYSIDE_TRY(const Bytes sealed_reason, sealed(vault, reason));
  Taker taker(vault, line);
  WAYSIDE_OK(taker.begin());
  const Devices devices = devices_of(vault.membership(), user);
  if (devices.empty()) return fail(Errc::not_found, "a device of " + vault.user_name(user));
  const std::vector<TeamId> teams = vault.membership().teams_of(user);
  WAYSIDE_OK(check_admins(vault, teams, devices));
  return taker.take(devices, teams,
                    [&](const Bytes& pin) { return membership::Removal{std::nullopt, user, sealed_reason, pin}; });
}

Result<RightsTaken> change_role(Vault& vault, const UserId& user, Role role, MembershipLine& line) {
  Taker taker(vault, line);
  WAYSIDE_OK(taker.begin());
  const membership::Log& log = vault.membership();
  const Role before = log.role_at(user, log.size());
  if (before == Role::none) return fail(Errc::not_found, "a member " + vault.user_name(user));
  if (role == before) return fail(Errc::usage, vault.user_name(user) + " has that role already");
  const Devices devices = devices_of(log, user);
  if (membership::administers(before)) WAYSIDE_OK(check_admins(vault, log.teams_of(user), devices));
  if (role > before) {
    WAYSIDE_OK(taker.append_anyhow(membership::RoleEntry{user, role, std::nullopt, false, {}}));
    return RightsTaken{{devices.begin(), devices.end()}, {}, 0};
  }
  return taker.take(devices, {}, [&](const Bytes& pin) { return membership::RoleEntry{user, role, std::nullopt, false, pin}; });
}

Result<RightsTaken> leave_team(Vault& vault, const UserId& user, const TeamId& team, MembershipLine& line) {
  Taker taker(vault, line);
  WAYSIDE_OK(taker.begin());
  const membership::Log& log = vault.membership();
  if (!contains(log.teams_of(user), team)) return fail(Errc::not_found, vault.user_name(user) + " in the team " + vault.team_name(team));
  const Devices devices = devices_of(log, user);
  WAYSIDE_OK(check_admins(vault, {team}, {}));
  if (keeps_admin(log, team, {}) && !keeps_admin(log, team, devices)) {
    return fail(Errc::usage, "The team " + vault.team_name(team) + " needs an administrator. Invite another one to it first");
  }
  const Role role = log.role_at(user, log.size());
  return taker.take(devices, {team}, [&](const Bytes& pin) { return membership::RoleEntry{user, role, team, true, pin}; });
}

Result<void> decide(Vault& vault, const DeviceId& device, const std::vector<EnvelopeId>& envelopes, bool accept,
                    const std::string& reason, MembershipLine& line) {
  WAYSIDE_TRY(const Bytes sealed_reason, sealed(vault, reason));
  if (accept) {
    WAYSIDE_TRY(const auto late, vault::late_work(vault, device));
    for (const EnvelopeId& id : envelopes) {
      if (!contains(late, id)) return fail(Errc::usage, "Only late work of a member can be accepted. This could not be checked");
    }
  }
  Taker taker(vault, line);
  WAYSIDE_OK(taker.begin());
  for (std::size_t at = 0; at < envelopes.size(); at += kMostIdsAnEntry) {
    const auto first = envelopes.begin() + static_cast<std::ptrdiff_t>(at);
    const auto last = envelopes.begin() + static_cast<std::ptrdiff_t>(std::min(envelopes.size(), at + kMostIdsAnEntry));
    WAYSIDE_OK(taker.append_anyhow(membership::Countersign{{first, last}, accept, sealed_reason}));
  }
  return {};
}

Result<std::size_t> renew_epochs(Vault& vault, MembershipLine& line) {
  const membership::Log& log = vault.membership();
  if (!membership::administers(vault.role())) return std::size_t{0};
  std::vector<TeamId> teams;
  for (const auto& [team, info] : log.teams()) {
    const membership::Epoch* epoch = log.newest_epoch(team);
    if (epoch == nullptr || vault.epoch_secret(team, epoch->number) == nullptr) continue;
    // The first epoch is in every ticket of its time; whoever made it need not be wrapped to.
    const bool lacks = epoch->number > 1 && std::ranges::any_of(vault::devices_of_team(log, team), [&](const DeviceId& device) {
      return !log.holds_newest_epoch(device, team);
    });
    if (lacks) teams.push_back(team);
  }
  if (teams.empty()) return std::size_t{0};
  Taker taker(vault, line);
  WAYSIDE_OK(taker.begin());
  for (const TeamId& team : teams) WAYSIDE_OK(taker.renew(team, {}));
  return teams.size();
}

}  // namespace wayside::enrol
