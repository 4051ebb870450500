#include <algorithm>

#include "core/vault/snapshot.h"
#include "platform/atomic_file.h"
#include "sync/enrol/invite.h"
#include "sync/reconcile/reconcile.h"
#include "tests/simulation/line.h"

// Somebody joins while all goes on: an administrator makes a ticket, and whoever has it joins, however often that is cut off.

namespace wayside::simulation {
namespace {

constexpr const char* kTicket = "/stick/ticket";
constexpr std::size_t kMostNewcomers = 2;
constexpr std::array kRoles{membership::Role::advocate, membership::Role::desk, membership::Role::manager};

bool is_for_good(Errc code) { return code == Errc::ticket_used || code == Errc::ticket_expired || code == Errc::ticket_unknown; }

}  // namespace

void World::invite(Seat& admin, Dice dice) {
  if (!membership::administers(admin.vault->role()) || invited_ >= kMostNewcomers) return;
  const membership::Log& log = admin.vault->membership();
  enrol::InviteRequest request;
  const std::string number = std::to_string(now_->number);
  request.out = kTicket + number;
  request.role = kRoles[dice.below(kRoles.size())];
  request.user = "Newcomer " + number;
  // Sometimes it is one more device of somebody who is here.
  if (const auto& seat = seats_[dice.below(seats_.size())]; dice.one_in(3) && seat->device && !stands_outside(*seat)) {
    if (const auto* device = log.device(*seat->device)) {
      request.user = admin.vault->user_name(device->entry.user);
      request.role = log.role_at(device->entry.user, log.size());
    }
  }
  const bool made = administer(admin, "invitation", "makes a ticket for " + request.user, [&](enrol::MembershipLine& line) -> Result<void> {
    WAYSIDE_TRY(const auto invited, enrol::invite(*admin.vault, request, line));
    (void)invited;
    return {};
  });
  if (!made || admin.files().is_off()) return;
  ++invited_;
  admin.files().forget_faults();
  const SecretBytes ticket = need(platform::read_secret(admin.files(), request.out, 1 << 16));
  auto seat = std::make_unique<Seat>();
  seat->name = request.user + "'s new device";
  seat->machine = std::make_unique<Machine>();
  seat->machine->random = support::FakeRandom(now_->dice ^ 0x10e3);   // two that join in peace are two
  seat->machine->clock = office_.machine().clock;
  seat->machine->network.answer_with([this, at = seat.get()](const platform::HttpCall& call) { return network(*at, call); });
  need(seat->files().make_folders("/stick"));
  need(platform::write_atomically(seat->files(), kTicket, ticket.view()));
  newcomers_.push_back(std::move(seat));
  arm(admin);
}

/// With faults of its own: they meet a machine that nothing was done on before.
void World::join(const Step& step) {
  if (newcomers_.empty()) return;
  Dice dice(step.dice);
  Seat& seat = *newcomers_[dice.below(newcomers_.size())];
  seat.machine->random = support::FakeRandom(dice.next());
  if (dice.one_in(2)) seat.power_fails_after = dice.below(std::uint64_t{1} << dice.below(10));
  else if (dice.one_in(3)) seat.disk_error_after = dice.below(std::uint64_t{1} << dice.below(9));
  if (dice.one_in(2)) {
    const auto which = static_cast<int>(Deed::request_lost) + static_cast<int>(dice.below(7));
    seat.line_faults.push_back({static_cast<Deed>(which), static_cast<unsigned>(dice.below(3)), dice.next()});
  }
  arm(seat);
  try_to_join(seat, false);
}

void World::try_to_join(Seat& seat, bool in_peace) {
  const bool was_excused = !in_peace && excused(seat);
  platform::Env env = seat.machine->env();
  const enrol::OpenLine lines = [&](const enrol::CourierLine::Office& office, const SecretBytes& key) {
    return std::make_unique<Line>(*this, seat, vault::OfficePlace{office.address, office.tls_pin}, key);
  };
  // It had joined, and the power failed before anybody was told.
  const bool has_joined = !seat.files().exists(kTicket) && seat.files().exists(kHome / "header");
  auto joined = has_joined ? vault::Vault::open(env, kHome, passphrase())
                           : enrol::join(env, {kHome, kTicket, seat.name, ""}, passphrase(), lines);
  end_of_line_faults(seat);
  tell(seat.name + (joined ? " joins." : " cannot join yet: " + std::string(name_of(joined.error().code)) + " (" + joined.error().detail + ")."));
  if (seat.power_fails_after) {
    if (joined) joined->reset();
    lose_power(seat, now_ == nullptr ? 0 : now_->dice);
    return;
  }
  seat.files().forget_faults();
  seat.disk_error_after.reset();
  if (joined) return admit(seat, *std::move(joined));
  if (is_for_good(joined.error().code)) return turn_away(seat, joined.error().code);
  if (!was_excused && (in_peace || !line_trouble_)) judge_trouble(seat, "joining", joined.error(), was_excused);
}

void World::admit(Seat& seat, std::unique_ptr<vault::Vault> vault) {
  count(Deed::join);
  if (!vault->admitted()) violate("joined in part", seat.name + " was told that it has joined, and is no member");
  seat.vault = std::move(vault);
  seat.device = seat.vault->identity().device;
  seat.number = seat.original = static_cast<unsigned>(seats_.size());
  const auto place = std::ranges::find_if(newcomers_, [&](const auto& each) { return each.get() == &seat; });
  seats_.push_back(std::move(*place));
  newcomers_.erase(place);
  check(seat);
}

void World::publish(Seat& seat) {
  const auto teams = seat.vault->membership().teams_of(seat.vault->identity().user);
  if (teams.empty()) return;
  const auto made = wayside::reconcile::publish_snapshot(*seat.vault, teams.front());
  if (made) {
    count(Deed::publish);
    return tell(seat.name + " publishes a snapshot of " + std::to_string(made->records) + " records.");
  }
  tell(seat.name + " publishes no snapshot: " + std::string(name_of(made.error().code)) + ".");
  // Not all of hers is at the office, or she has never reconciled.
  const bool by_rule = made.error().code == Errc::busy || made.error().code == Errc::not_found || stands_outside(seat);
  if (!by_rule && !excused(seat)) violate("unexpected error", seat.name + " publishes a snapshot: " + made.error().detail);
}

bool World::shows_what_is_unverified(Seat& seat) {
  const auto use = need(vault::snapshot_use(*seat.vault));
  return use && use->trust == vault::Trust::unverified;
}

/// Her ticket stood in a log alone that is refused now: she needs another one.
void World::leave_unknown(Seat& seat) {
  const auto place = std::ranges::find_if(newcomers_, [&](const auto& each) { return each.get() == &seat; });
  learn_from_office();
  if (place == newcomers_.end() || !seat.files().exists(kTicket)) return;
  if (!law_.has_ticket(need(enrol::read_ticket(seat.files(), kTicket)).ticket)) newcomers_.erase(place);
}

/// Nobody is turned away whom the office admitted, or whose ticket is good.
void World::turn_away(Seat& seat, Errc why) {
  learn_from_office();
  const auto ticket = need(enrol::read_ticket(seat.files(), kTicket));
  const bool expired = std::max(seat.machine->clock.wall_ms(), office_.machine().clock.wall_ms()) > ticket.expires_ms;
  const auto device = law_.joined_with(ticket.ticket);
  const bool is_right = why == Errc::ticket_used ? law_.is_gone(ticket.user) : why == Errc::ticket_expired && expired;
  if (device && !law_.removed(*device)) violate("shut out", seat.name + " was admitted, and is told: " + std::string(name_of(why)));
  if (!is_right) violate("turned away", seat.name + " has a good ticket, and is told: " + std::string(name_of(why)));
  std::erase_if(newcomers_, [&](const auto& each) { return each.get() == &seat; });
}

}  // namespace wayside::simulation
