#include "tests/simulation/world.h"

#include "core/schema/schema.h"
#include "tests/simulation/box_randomness.h"

namespace wayside::simulation {
namespace {

constexpr std::int64_t kMinute_ms = 60'000;
constexpr std::int64_t kDay_ms = 24 * 60 * kMinute_ms;

/// Mostly few operations, so that faults fall into the midst of a commit; sometimes many, for a reconcile.
std::uint64_t some_operations(Dice& dice) { return dice.below(std::uint64_t{1} << dice.below(10)); }

/// Faults of the line, and lies of the office.
bool meets_a_reconcile(Deed deed) { return deed >= Deed::request_lost && deed <= Deed::office_alters; }

struct Broken {
  Violation violation;
};

}  // namespace

World::World(const Plan& plan, Tell tell) : plan_(plan), tell_(std::move(tell)), office_(foundation().office->copy()) {
  for (unsigned i = 0; i < plan.devices; ++i) {
    auto seat = std::make_unique<Seat>();
    seat->number = seat->original = i;
    seat->name = foundation().seats.at(i).name;
    seat->machine = foundation().seats.at(i).machine->copy();
    seat->machine->network.answer_with(
        [this, at = seat.get()](const platform::HttpCall& call) { return network(*at, call); });
    seats_.push_back(std::move(seat));
  }
}

World::~World() = default;

Outcome World::run() {
  try {
    for (const Step& step : plan_.steps) perform(step);
    come_to_rest();
    check_at_rest();
    if (settle_late_work()) {
      come_to_rest();
      check_at_rest();
    }
  } catch (Broken& broken) {
    tell("BROKEN: " + broken.violation.text);
    outcome_.violation = std::move(broken.violation);
  }
  for (const auto& seat : seats_) {
    outcome_.lost_writes += seat->files().counts().lost_writes;
    outcome_.torn_writes += seat->files().counts().torn_writes;
  }
  outcome_.lost_writes += office_.machine().files->counts().lost_writes;
  outcome_.torn_writes += office_.machine().files->counts().torn_writes;
  for (const ModelSave& save : oracle_.saves()) outcome_.saves += save.state == ModelSave::State::accepted ? 1 : 0;
  return std::move(outcome_);
}

void World::tell(const std::string& sentence) {
  if (!tell_) return;
  tell_((now_ != nullptr ? std::to_string(now_->number) : std::string("end")) + ". " + sentence);
}

void World::violate(std::string kind, std::string text) { throw Broken{{std::move(kind), std::move(text)}}; }

void World::pass_time(std::int64_t ms) {
  for (const auto& seat : seats_) seat->machine->clock.advance(ms);
  for (const auto& seat : newcomers_) seat->machine->clock.advance(ms);
  office_.machine().clock.advance(ms);
}

/// Random bytes are drawn anew for each step, so that a step that is left out changes none of the others'.
void World::perform(const Step& step) {
  now_ = &step;
  ++outcome_.steps;
  Dice dice(step.dice ^ 0x5eed);
  Dice copies(step.dice ^ 0xc0b1e5);  // however many there are, the others draw the same
  for (const auto& seat : seats_) {
    seat->machine->random = support::FakeRandom(seat->number < plan_.devices ? dice.next() : copies.next());
  }
  office_.machine().random = support::FakeRandom(dice.next());
  pass_time(static_cast<std::int64_t>(dice.below(10 * kMinute_ms)));
  office_trouble_ = line_trouble_ = false;
  deliver_late_requests(false);
  befall(seat_of(step), step, dice);
  now_ = nullptr;
}

/// Of a device that lives twice sometimes one works, sometimes the other. And who has joined works as the others do.
Seat& World::seat_of(const Step& step) {
  std::vector<Seat*> newcomers;
  for (const auto& seat : seats_) {
    if (seat->number >= plan_.devices && seat->original == seat->number) newcomers.push_back(seat.get());
  }
  if (!newcomers.empty() && !is_administrators(step.deed)) {
    Dice dice(step.dice ^ 0x11);
    if (dice.one_in(3)) return *newcomers[dice.below(newcomers.size())];
  }
  std::vector<Seat*> copies;
  for (const auto& seat : seats_) {
    if (seat->original == step.device) copies.push_back(seat.get());
  }
  return *copies.at(copies.size() == 1 ? 0 : Dice(step.dice ^ 0x7).below(copies.size()));
}

/// Weather, faults to come, or a deed.
void World::befall(Seat& seat, const Step& step, Dice dice) {
  switch (step.deed) {
    case Deed::time_passes:
      count(step.deed);
      tell("Some time passes.");
      pass_time(static_cast<std::int64_t>(dice.below(3 * kDay_ms)));
      break;
    case Deed::leave_for_30_days:
      count(step.deed);
      tell(seat.name + " has no network for 30 days.");
      seat.away = true;
      pass_time(30 * kDay_ms);
      break;
    case Deed::come_back:
      if (seat.away) tell(seat.name + " has a network again.");
      seat.away = false;
      break;
    case Deed::clock_jumps: jump_clock(seat, dice); break;
    case Deed::power_fails:
      seat.power_fails_after = some_operations(dice);
      tell("The power of " + seat.name + " will fail at disk operation " + std::to_string(*seat.power_fails_after) +
           " of what is done next.");
      break;
    case Deed::disk_error:
      seat.disk_error_after = some_operations(dice);
      tell("A disk operation of " + seat.name + " will fail: number " + std::to_string(*seat.disk_error_after) +
           " of what is done next.");
      break;
    case Deed::courier_killed:
      seat.courier_killed_after = some_operations(dice);
      tell("The next courier of " + seat.name + " will be killed at its disk operation " +
           std::to_string(*seat.courier_killed_after) + ".");
      break;
    case Deed::disk_fills:
      count(step.deed);
      tell("The disk of " + seat.name + " is nearly full.");
      seat.disk_limited = true;
      seat.files().limit_growth(dice.below(100'000));
      break;
    case Deed::old_store_put_back: put_old_store_back(seat); break;
    case Deed::device_cloned: clone(seat); break;
    case Deed::device_restored: restore(seat); break;
    case Deed::disk_has_room:
      if (seat.disk_limited) tell("The disk of " + seat.name + " has room again.");
      seat.disk_limited = false;
      seat.files().heal();
      break;
    case Deed::join: join(step); break;
    case Deed::office_power_fails:
    case Deed::office_disk_error:
    case Deed::office_disk_fills:
    case Deed::office_disk_has_room:
    case Deed::office_rolled_back:
    case Deed::office_restored: office_deed(step); break;
    default:
      if (!meets_a_reconcile(step.deed)) return perform_on(seat, step);
      seat.line_faults.push_back({step.deed, static_cast<unsigned>(dice.below(3)), dice.next()});
  }
}

void World::jump_clock(Seat& seat, Dice dice) {
  count(Deed::clock_jumps);
  const std::int64_t most = dice.one_in(2) ? 3650 * kDay_ms : 3 * kDay_ms;
  const std::int64_t jump = static_cast<std::int64_t>(dice.below(static_cast<std::uint64_t>(2 * most))) - most;
  tell("The clock of " + seat.name + " jumps by " + std::to_string(jump / kDay_ms) + " days.");
  seat.machine->clock.set_wall(seat.machine->clock.wall_ms() + jump);
}

/// Something is done on a device: what was to befall it befalls it now.
void World::perform_on(Seat& seat, const Step& step) {
  const bool touches_disk = step.deed != Deed::close || seat.vault;
  if (!touches_disk) return;
  if (seat.disk_error_after) count(Deed::disk_error);
  arm(seat);
  work(seat, step);
  after_deed(seat);
}

void World::arm(Seat& seat) {
  if (seat.disk_error_after) seat.files().fail_at(*seat.disk_error_after, Errc::io);
  if (seat.power_fails_after) seat.files().power_off_at(*seat.power_fails_after);
}

bool World::excused(const Seat& seat) const {
  return seat.power_fails_after || seat.disk_error_after || seat.disk_limited || seat.files().is_off();
}

void World::after_deed(Seat& seat) {
  if (seat.power_fails_after) {
    lose_power(seat, now_ == nullptr ? 0 : now_->dice);
  } else if (seat.disk_error_after) {
    seat.files().forget_faults();
    seat.disk_error_after.reset();
  }
  if (!seat.vault) return;
  check(seat);
  if (!files_.empty()) check_files(seat, Parts::may_come);
}

void World::lose_power(Seat& seat, std::uint64_t dice) {
  count(Deed::power_fails);
  tell("The power of " + seat.name + " fails.");
  if (!seat.files().is_off()) seat.files().fail_at(0, Errc::io, true);
  seat.vault.reset();
  seat.files().crash(dice);
  seat.power_fails_after.reset();
  seat.disk_error_after.reset();
}

bool World::open(Seat& seat) {
  if (seat.vault) return true;
  platform::Env env = seat.machine->env();
  auto opened = vault::Vault::open(env, kHome, passphrase());
  if (!opened) {
    if (excused(seat)) {
      tell(seat.name + " cannot open the vault: " + std::string(name_of(opened.error().code)) + ".");
      return false;
    }
    violate("cannot open", seat.name + " cannot open the vault: " + std::string(name_of(opened.error().code)) + " " +
                               opened.error().detail);
  }
  seat.vault = *std::move(opened);
  seat.device = seat.vault->identity().device;
  if (seat.files().is_off()) return true;
  seat.files().forget_faults();
  look_for_all(seat);
  arm(seat);  // and what is done next may meet them too
  return true;
}

Outcome play(const Plan& plan, const World::Tell& tell) {
  draw_boxes_from(plan.seed);
  return World(plan, tell).run();
}

}  // namespace wayside::simulation
