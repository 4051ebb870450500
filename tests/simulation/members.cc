#include <algorithm>

#include "core/vault/branches.h"
#include "core/vault/ingest.h"
#include "platform/atomic_file.h"
#include "sync/enrol/log_writer.h"
#include "sync/enrol/taking_away.h"
#include "sync/office/keep_branch.h"
#include "tests/simulation/line.h"

// What an administrator does, online: roles, removals, her word about late work. All of it goes through the same line as
// everything else, and meets the same faults.

namespace wayside::simulation {
namespace {

constexpr std::array kRoles{membership::Role::advocate, membership::Role::desk, membership::Role::manager};
/// Somebody has to be left whose digests can be compared.
constexpr std::size_t kFewestThatStay = 2;

}  // namespace

/// True when it was done. What came of it when it was cut off, the log tells later.
bool World::administer(Seat& seat, const std::string& doing, const std::string& words,
                       const std::function<Result<void>(enrol::MembershipLine&)>& act) {
  const auto place = need(seat.vault->office());
  if (!place) return false;
  const bool was_excused = excused(seat) || seat.away;
  Line line(*this, seat, *place, seat.vault->keys().courier_seed);
  const auto done = act(line);
  end_of_line_faults(seat);
  tell(seat.name + " " + words + (done ? "." : ": " + std::string(name_of(done.error().code)) + " (" + done.error().detail + ")."));
  // Another administrator took the right from her, and she hears of it only now.
  const bool may_no_more = !membership::administers(seat.vault->role()) || stands_outside(seat);
  if (!done && done.error().code == Errc::not_permitted && may_no_more) return false;
  if (!done) judge_trouble(seat, doing, done.error(), was_excused);
  else if (now_ != nullptr) count(now_->deed);
  return done.has_value();
}

/// As every `sync` of an administrator ends.
void World::renew_epochs(Seat& seat, bool was_excused) {
  const auto place = need(seat.vault->office());
  if (!place) return;
  Line line(*this, seat, *place, seat.vault->keys().courier_seed);
  const auto renewed = enrol::renew_epochs(*seat.vault, line);
  if (!renewed) judge_trouble(seat, "renewing epochs", renewed.error(), was_excused);
  else if (*renewed > 0) tell(seat.name + " gives a team a new epoch.");
}

/// Somebody's role changes while others write: each envelope is judged by the log as its author knew it.
void World::change_role(Seat& seat, Dice dice) {
  if (!membership::administers(seat.vault->role())) return;
  std::vector<UserId> others;
  for (const auto& [id, user] : seat.vault->membership().users()) {
    if (id != seat.vault->identity().user) others.push_back(id);
  }
  if (others.empty()) return;
  const UserId user = others[dice.below(others.size())];
  const membership::Role role = kRoles[dice.below(kRoles.size())];
  administer(seat, "change of a role", "makes " + seat.vault->user_name(user) + " " + std::string(membership::name_of(role)),
             [&](enrol::MembershipLine& line) -> Result<void> {
               enrol::LogWriter writer(*seat.vault, &line);
               WAYSIDE_OK(writer.fetch());
               return writer.append(membership::RoleEntry{user, role, std::nullopt, false, {}});
             });
}

/// Whoever works on the second device does what the first does from now on.
void World::appoint(Seat& admin) {
  const Seat& other = *seats_.at(1);
  const auto* device = other.device ? admin.vault->membership().device(*other.device) : nullptr;
  if (device == nullptr || !membership::administers(admin.vault->role())) return;
  const UserId user = device->entry.user;
  administer(admin, "setting a role", "makes " + admin.vault->user_name(user) + " an administrator", [&](enrol::MembershipLine& line) -> Result<void> {
    const auto given = enrol::change_role(*admin.vault, user, membership::Role::admin, line);
    return given || given.error().code == Errc::usage ? Result<void>{} : Result<void>(std::unexpected(given.error()));
  });
}

/// As `users role` does it: what somebody with a lower role has not sent by then is kept apart.
void World::set_role(Seat& admin, Dice dice) {
  const membership::Log& log = admin.vault->membership();
  std::vector<UserId> others;
  for (const auto& [id, user] : log.users()) {
    if (id != admin.vault->identity().user && log.role_at(id, log.size()) != membership::Role::none) others.push_back(id);
  }
  if (!membership::administers(admin.vault->role()) || others.empty()) return;
  const UserId user = others[dice.below(others.size())];
  const membership::Role role = kRoles[dice.below(kRoles.size())];
  if (role == log.role_at(user, log.size()) || !reconcile(admin, false)) return;
  administer(admin, "setting a role", "makes " + admin.vault->user_name(user) + " " + std::string(membership::name_of(role)),
             [&](enrol::MembershipLine& line) -> Result<void> {
               const auto taken = enrol::change_role(*admin.vault, user, role, line);
               // Done before, by a try that was cut off.
               if (!taken && taken.error().code != Errc::usage && taken.error().code != Errc::not_found) return std::unexpected(taken.error());
               return {};
             });
}

std::set<EnvelopeId> World::counting_here(Seat& seat, const std::set<DeviceId>& authors) {
  std::set<EnvelopeId> out;
  store::Query rows = seat.vault->store().database().query(
      "SELECT e.id, a.device FROM envelopes e JOIN authors a ON a.n = e.author WHERE e.sealed != x'' AND "
      "e.id NOT IN (SELECT id FROM quarantine WHERE why = ?)",
      static_cast<std::int64_t>(Errc::removed));
  while (need(rows.next())) {
    if (authors.contains(rows.id<DeviceId>(1))) out.insert(rows.id<EnvelopeId>(0));
  }
  return out;
}

/// A device, or a member with all hers. What this vault had of their work by then counts for everybody, and no more.
void World::remove(Seat& admin, Dice dice, bool whole_member) {
  if (!membership::administers(admin.vault->role())) return;
  std::vector<Seat*> there;
  for (const auto& seat : seats_) {
    if (seat.get() != &admin && seat->device && !stands_outside(*seat)) there.push_back(seat.get());
  }
  if (there.size() < kFewestThatStay) return;
  const DeviceId device = *there[dice.below(there.size())]->device;
  const membership::DeviceInfo* info = admin.vault->membership().device(device);
  // She has not heard of it yet; or it is a copy of her own.
  if (info == nullptr || info->entry.user == admin.vault->identity().user) return;
  const UserId user = info->entry.user;
  std::set<DeviceId> devices{device};
  for (const auto& [id, each] : admin.vault->membership().devices()) {
    if (whole_member && each.entry.user == user && !each.removed) devices.insert(id);
  }
  if (there.size() + 1 < devices.size() + kFewestThatStay) return;
  // As the program does. Without it what she has not fetched yet is late work.
  if (!dice.one_in(3) && !reconcile(admin, false)) return;
  const auto before = counting_here(admin, devices);
  bool removed_before = false;
  const std::string whom = whole_member ? admin.vault->user_name(user) : admin.vault->user_name(user) + "'s device " + to_text(device).substr(0, 4);
  const bool done = administer(admin, "removal", "removes " + whom, [&](enrol::MembershipLine& line) -> Result<void> {
    const auto taken = whole_member ? enrol::remove_user(*admin.vault, user, "left", line)
                                    : enrol::remove_device(*admin.vault, device, "left", line);
    // By a try that was cut off, and she has heard of it only now.
    removed_before = !taken && (taken.error().code == Errc::already_exists || taken.error().code == Errc::not_found);
    return taken || removed_before ? Result<void>{} : Result<void>(std::unexpected(taken.error()));
  });
  if (!done || removed_before || admin.files().is_off()) return;
  admin.files().forget_faults();
  const Law& law = law_of(admin);
  const auto after = counting_here(admin, devices);
  if (!std::ranges::includes(after, before)) violate("pin", "a removal set apart what had counted on " + admin.name);
  for (const auto& [id, written] : written_) {
    const auto head = law.number_of(written.head);
    const bool of_theirs = devices.contains(written.device) && head && *head < *law.removed(written.device);
    if (!of_theirs || is_erased(law, id)) continue;
    if (law.counts(written) != after.contains(id))
      violate("pin", "what is pinned at a removal is not what " + admin.name + " had accepted by then");
  }
  arm(admin);
}

void World::leave_team(Seat& admin, Dice dice) {
  const membership::Log& log = admin.vault->membership();
  std::vector<Seat*> there;
  for (const auto& seat : seats_) {
    if (seat.get() != &admin && seat->device && !stands_outside(*seat)) there.push_back(seat.get());
  }
  if (!membership::administers(admin.vault->role()) || there.size() < kFewestThatStay + 1) return;
  const auto* info = log.device(*there[dice.below(there.size())]->device);
  if (info == nullptr || log.teams_of(info->entry.user).empty()) return;
  const UserId user = info->entry.user;
  const TeamId team = log.teams_of(user).front();
  if (!reconcile(admin, false)) return;
  administer(admin, "leaving a team", "takes " + admin.vault->user_name(user) + " out of the team", [&](enrol::MembershipLine& line) -> Result<void> {
    const auto taken = enrol::leave_team(*admin.vault, user, team, line);
    return taken || taken.error().code == Errc::not_found ? Result<void>{} : Result<void>(std::unexpected(taken.error()));
  });
}

/// Her word about late work, all of a device's or some of it. It may be another word than the last.
void World::decide_late(Seat& admin, Dice dice, bool accept) {
  if (!membership::administers(admin.vault->role())) return;
  std::vector<std::pair<DeviceId, std::vector<EnvelopeId>>> late;
  for (const auto& [id, device] : admin.vault->membership().devices()) {
    auto envelopes = need(vault::late_work(*admin.vault, id));
    if (!envelopes.empty()) late.emplace_back(id, std::move(envelopes));
  }
  if (late.empty()) return;
  auto& [device, envelopes] = late[dice.below(late.size())];
  std::sort(envelopes.begin(), envelopes.end());
  if (dice.one_in(3)) std::erase_if(envelopes, [&](const EnvelopeId&) { return envelopes.size() > 1 && dice.one_in(2); });
  administer(admin, "word about late work",
             (accept ? "accepts " : "declines ") + std::to_string(envelopes.size()) + " late envelopes of " +
                 admin.vault->user_name(admin.vault->membership().device(device)->entry.user),
             [&](enrol::MembershipLine& line) { return enrol::decide(*admin.vault, device, envelopes, accept, "because", line); });
}

/// Two membership logs, since an office that was put back went on: whoever has the recovery pages keeps the one that it holds.
bool World::decide_branches() {
  if (!office_is_up()) return false;
  const membership::Log& log = office_.store().log();
  std::map<std::uint64_t, std::vector<EntryHash>> refused;   // by the first entry that differs
  for (const auto& seat : seats_) {
    for (const vault::Branching& branching : need(vault::undecided_branches(*seat->vault))) {
      const auto& other = log.number_of(branching.ours.front().hash) ? branching.theirs : branching.ours;
      for (const membership::SignedEntry& each : other) {
        if (!log.number_of(each.hash)) refused[branching.number].push_back(each.hash);
      }
    }
  }
  if (refused.empty()) return false;
  const auto page = need(recovery::parse_page(need(platform::read_secret(*foundation().office->files, kRecoveryPage, 1 << 16))));
  platform::Env env = office_.machine().env();
  for (const auto& [number, entries] : refused) {
    const std::size_t done = need(office::keep_branch(env, office_.store(), page, number, entries));
    tell("Of two membership logs the operator keeps the office's from entry " + std::to_string(number) + ", and refuses " + std::to_string(done) + " entries.");
  }
  return true;
}

/// All is quiet, and somebody's late work lies with everybody: the administrator decides once more. False: there is none.
bool World::settle_late_work() {
  const auto decides = std::ranges::find_if(seats_, [&](const auto& seat) {
    return seat->vault && !stands_outside(*seat) && membership::administers(seat->vault->role());
  });
  if (decides == seats_.end()) return false;
  Seat& admin = **decides;
  std::uint64_t late = 0;
  for (const auto& [id, device] : admin.vault->membership().devices()) late += need(vault::late_work(*admin.vault, id)).size();
  if (late == 0) return false;
  const Dice dice(plan_.seed ^ 0xdec1de);
  decide_late(admin, dice, Dice(plan_.seed).one_in(2));
  return true;
}

}  // namespace wayside::simulation
