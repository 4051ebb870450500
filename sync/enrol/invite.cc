#include "sync/enrol/invite.h"

#include <algorithm>

#include "core/membership/names.h"
#include "core/membership/ticket.h"
#include "core/vault/newcomers.h"
#include "sync/enrol/log_writer.h"
#include "sync/enrol/tuning.h"

namespace wayside::enrol {
namespace {

using vault::Vault;

constexpr std::uint32_t kFirstEpoch = 1;

// ---- The team ----

struct TeamChoice {
  TeamId team;
  std::string name;
  bool is_new = false;
};

Result<TeamChoice> choose_team(const Vault& vault, const std::string& name) {
  const membership::Log& log = vault.membership();
  const auto own = log.teams_of(vault.identity().user);
  if (name.empty()) {
    if (own.size() == 1) return TeamChoice{own.front(), vault.team_name(own.front())};
    std::string names;
    for (const TeamId& team : own) names += (names.empty() ? "" : ", ") + vault.team_name(team);
    return fail(Errc::usage, "Name the team of the new device with --team: " + names);
  }
  for (const auto& [id, team] : log.teams()) {
    if (vault.team_name(id) == name) return TeamChoice{id, name};
  }
  return TeamChoice{{}, name, true};
}

membership::Epoch first_epoch(const Vault& vault, const TeamId& team) {
  const SecretBytes& secret = *vault.epoch_secret(team, kFirstEpoch);
  membership::Epoch epoch{team, kFirstEpoch, crypto::box_public(secret), {}, {}, {}};
  for (const auto& [id, device] : vault.membership().devices()) {
    if (device.entry.user != vault.identity().user || device.removed) continue;
    epoch.wraps.push_back({id, crypto::seal_to(device.entry.box_public, secret.view())});
  }
  return epoch;
}

/// Makes the team, or what a crash left out when it was made: its first epoch, and the inviter in it.
Result<void> complete_team(Vault& vault, LogWriter& writer, TeamChoice& choice) {
  if (choice.is_new) {
    choice.team = TeamId::random(vault.env().random);
    WAYSIDE_TRY(Bytes sealed, membership::seal_name(vault.keys().member_key.view(), choice.name, vault.env().random));
    WAYSIDE_OK(writer.append(membership::Team{choice.team, std::move(sealed), LedgerId::random(vault.env().random)}));
  }
  if (vault.membership().newest_epoch(choice.team) == nullptr) {
    // Kept before it is promised: an epoch in the log whose secret nobody holds would lock everybody out.
    if (vault.epoch_secret(choice.team, kFirstEpoch) == nullptr) {
      WAYSIDE_OK(vault.add_epoch_secret({choice.team, kFirstEpoch, crypto::new_box_pair(vault.env().random).secret}));
    }
    WAYSIDE_OK(writer.append(first_epoch(vault, choice.team)));
  }
  const auto own = vault.membership().teams_of(vault.identity().user);
  const auto* epoch = vault.membership().newest_epoch(choice.team);
  if (std::ranges::find(own, choice.team) != own.end()) return {};
  if (vault.epoch_secret(choice.team, epoch->number) == nullptr) {
    return fail(Errc::not_permitted, "you are not in the team " + choice.name + "; a member of it invites");
  }
  return writer.append(membership::RoleEntry{vault.identity().user, vault.role(), choice.team, false, {}});
}

// ---- The user ----

struct UserChoice {
  UserId user;
  std::string name;
  bool known = false;
};

Result<UserChoice> choose_user(Vault& vault, const InviteRequest& request) {
  const membership::Log& log = vault.membership();
  if (request.user.empty()) {
    const UserId user = UserId::random(vault.env().random);
    return UserChoice{user, std::string(membership::name_of(request.role)) + " " + to_hex(user.view().substr(0, 2))};
  }
  for (const auto& [id, user] : log.users()) {
    if (vault.user_name(id) != request.user) continue;
    // A new device must not raise or lower the rights of its worker in passing.
    const membership::Role role = log.role_at(id, log.size());
    if (role == request.role) return UserChoice{id, request.user, true};
    return fail(Errc::usage, request.user + " has the role " + std::string(membership::name_of(role)) +
                                 ". Name that role, or another name for somebody new");
  }
  // Somebody may have two tickets before she has used one.
  for (const auto& [id, ticket] : log.tickets()) {
    const auto name = membership::open_name(vault.keys().member_key.view(), ticket.entry.sealed_name);
    if (name && *name == request.user) return UserChoice{ticket.entry.user, request.user, true};
  }
  return UserChoice{UserId::random(vault.env().random), request.user};
}

// ---- The ticket ----

Result<membership::Ticket> make_ticket(Vault& vault, const TeamChoice& team, const UserId& user) {
  const auto* epoch = vault.membership().newest_epoch(team.team);
  const SecretBytes* secret = epoch == nullptr ? nullptr : vault.epoch_secret(team.team, epoch->number);
  if (secret == nullptr) return fail(Errc::no_key, "team " + team.name);
  WAYSIDE_TRY(const auto office, vault.office());
  if (!office) return fail(Errc::not_permitted, "this vault has no office");
  membership::Ticket ticket;
  ticket.organisation = vault.identity().organisation;
  ticket.root_public = vault.membership().found()->root_public;
  ticket.ticket = TicketId::random(vault.env().random);
  ticket.user = user;
  ticket.seed = crypto::random_secret(vault.env().random, crypto::kKeyBytes);
  ticket.office_pin = office->tls_pin;
  ticket.expires_ms = vault.env().clock.wall_ms() + kTicketLifetime_ms;
  ticket.teams.push_back({team.team, epoch->number});
  ticket.office_address = office->address;
  membership::TicketSecrets secrets{vault.keys().member_key.clone(), {}};
  secrets.epoch_secrets.push_back(secret->clone());
  ticket.sealed = membership::seal_ticket_secrets(ticket.seed, secrets);
  return ticket;
}

/// The file that the ticket goes to. Made first, so that nobody is promised a ticket that cannot be written; taken away
/// again unless it was filled.
class TicketFile {
 public:
  static Result<TicketFile> reserve(platform::Files& files, const platform::Path& path) {
    WAYSIDE_TRY(auto file, files.open(path, platform::OpenMode::create_new));
    return TicketFile(files, path, std::move(file));
  }
  ~TicketFile() {
    if (file_ != nullptr && !filled_) (void)files_->remove(path_);
  }
  TicketFile(TicketFile&&) = default;
  TicketFile& operator=(TicketFile&&) = delete;

  Result<void> fill(const membership::Ticket& ticket) {
    const SecretBytes text = membership::ticket_text(ticket);
    WAYSIDE_OK(file_->write_at(0, text.view()));
    WAYSIDE_OK(file_->sync());
    filled_ = true;
    const platform::Path folder = path_.parent_path();
    return files_->sync_folder(folder.empty() ? "." : folder);
  }

 private:
  TicketFile(platform::Files& files, platform::Path path, std::unique_ptr<platform::File> file)
      : files_(&files), path_(std::move(path)), file_(std::move(file)) {}
  platform::Files* files_;
  platform::Path path_;
  std::unique_ptr<platform::File> file_;
  bool filled_ = false;
};

}  // namespace

Result<Invited> invite(Vault& vault, const InviteRequest& request, MembershipLine& line) {
  if (request.role == membership::Role::none) return fail(Errc::usage, "Name a role: advocate, desk, manager or admin");
  WAYSIDE_TRY(TicketFile file, TicketFile::reserve(vault.env().files, request.out));
  LogWriter writer(vault, &line);
  WAYSIDE_OK(writer.fetch());
  if (!membership::administers(vault.role())) return fail(Errc::not_permitted, "only an administrator invites");
  WAYSIDE_TRY(TeamChoice team, choose_team(vault, request.team));
  const bool new_team = team.is_new;
  WAYSIDE_TRY(const UserChoice user, choose_user(vault, request));
  WAYSIDE_TRY(Bytes sealed_name, membership::seal_name(vault.keys().member_key.view(), user.name, vault.env().random));
  WAYSIDE_OK(complete_team(vault, writer, team));
  WAYSIDE_TRY(const membership::Ticket ticket, make_ticket(vault, team, user.user));
  WAYSIDE_OK(writer.append(membership::TicketEntry{ticket.ticket,
                                                    crypto::sign_public(ticket.seed),
                                                    user.user,
                                                    std::move(sealed_name),
                                                    request.role,
                                                    {team.team},
                                                    ticket.expires_ms}));
  WAYSIDE_OK(file.fill(ticket));
  WAYSIDE_OK(vault::expect_newcomer(vault, team.team));
  return Invited{user.name, team.name, user.known, new_team, ticket.expires_ms};
}

}  // namespace wayside::enrol
