#include "tests/simulation/step.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <stdexcept>

namespace wayside::simulation {
namespace {

/// How often a deed is drawn, in the seeds of each kind. Lies of an office that leave a mark for good, an office that
/// was rolled back or restored, devices that live twice and one that lies stand in seeds of their own: what they do must not
/// hide what the others find. So do cases that a device does not carry.
struct Weight {
  Deed deed;
  unsigned everyday, rolled_back, altered, liar, restored, copied, people, carrying;
};
// clang-format off
constexpr std::array kWeights{
    Weight{Deed::new_case,              5,  5,  5,  5,  5,  5,  5,  5},
    Weight{Deed::new_record,           10, 10, 10, 10, 10, 10, 10, 10},
    Weight{Deed::edit,                 20, 20, 20, 20, 20, 20, 20, 20},
    Weight{Deed::open_form,             9,  6,  6,  6,  9,  9,  9,  9},
    Weight{Deed::save_form,             9,  6,  6,  6,  9,  9,  9,  9},
    Weight{Deed::archive,               2,  1,  1,  1,  2,  2,  2,  2},
    Weight{Deed::bring_back,            1,  1,  1,  1,  1,  1,  1,  1},
    Weight{Deed::decide,                5,  3,  3,  3,  5,  5,  5,  5},
    Weight{Deed::newer_version,         4,  2,  2,  2,  4,  4,  4,  4},
    Weight{Deed::search,                2,  1,  1,  1,  2,  2,  2,  2},
    Weight{Deed::close,                 4,  3,  3,  3,  4,  4,  4,  4},
    Weight{Deed::verify,                1,  1,  1,  1,  1,  1,  1,  1},
    Weight{Deed::change_role,           2,  1,  1,  2,  2,  2,  0,  2},
    Weight{Deed::appoint,               0,  0,  0,  0,  0,  0,  0,  0},
    Weight{Deed::set_role,              0,  0,  0,  0,  0,  0,  3,  0},
    Weight{Deed::remove_device,         0,  0,  0,  0,  0,  0,  5,  0},
    Weight{Deed::remove_member,         0,  0,  0,  0,  0,  0,  2,  0},
    Weight{Deed::leave_team,            0,  0,  0,  0,  0,  0,  1,  0},
    Weight{Deed::accept_late,           0,  0,  0,  0,  0,  0,  4,  0},
    Weight{Deed::decline_late,          0,  0,  0,  0,  0,  0,  4,  0},
    Weight{Deed::erase,                 0,  0,  0,  0,  0,  0,  4,  0},
    Weight{Deed::invite,                0,  0,  0,  0,  0,  0,  3,  0},
    Weight{Deed::join,                  0,  0,  0,  0,  0,  0,  4,  0},
    Weight{Deed::attach,                0,  0,  0,  0,  0,  0,  4,  0},
    Weight{Deed::fetch_file,            0,  0,  0,  0,  0,  0,  3,  0},
    Weight{Deed::publish,               0,  0,  0,  0,  0,  0,  5,  0},
    Weight{Deed::put_down,              0,  0,  0,  0,  0,  0,  0, 18},
    Weight{Deed::take_up,               0,  0,  0,  0,  0,  0,  0,  8},
    Weight{Deed::assign,                0,  0,  0,  0,  0,  0,  0, 40},
    Weight{Deed::change_mode,           0,  0,  0,  0,  0,  0,  0, 16},
    Weight{Deed::reconcile,            30, 30, 30, 30, 30, 30, 34, 30},
    Weight{Deed::courier_alone,         5,  4,  4,  4,  5,  5,  5,  5},
    Weight{Deed::fold,                  3,  2,  2,  2,  3,  3,  3,  3},
    Weight{Deed::time_passes,           3,  3,  3,  3,  3,  3,  3,  3},
    Weight{Deed::leave_for_30_days,     2,  1,  1,  1,  2,  2,  2,  2},
    Weight{Deed::come_back,             2,  2,  2,  2,  2,  2,  2,  2},
    Weight{Deed::clock_jumps,           3,  2,  2,  2,  3,  3,  3,  3},
    Weight{Deed::power_fails,           6,  3,  3,  3,  6,  6,  6,  6},
    Weight{Deed::disk_error,            3,  1,  1,  1,  3,  3,  3,  3},
    Weight{Deed::disk_fills,            2,  1,  1,  1,  2,  2,  2,  2},
    Weight{Deed::disk_has_room,         2,  1,  1,  1,  2,  2,  2,  2},
    Weight{Deed::courier_killed,        4,  2,  8,  8,  4,  4,  4,  4},
    Weight{Deed::old_store_put_back,    0,  6,  0,  0,  0,  0,  0,  0},
    Weight{Deed::device_cloned,         0,  0,  0,  0,  0,  2,  0,  0},
    Weight{Deed::device_restored,       0,  0,  0,  0,  0,  6,  0,  0},
    Weight{Deed::office_power_fails,    5,  3,  3,  3,  5,  5,  5,  5},
    Weight{Deed::office_disk_error,     2,  1,  1,  1,  2,  2,  2,  2},
    Weight{Deed::office_disk_fills,     1,  1,  1,  1,  1,  1,  1,  1},
    Weight{Deed::office_disk_has_room,  1,  1,  1,  1,  1,  1,  1,  1},
    Weight{Deed::request_lost,          2,  1,  1,  1,  2,  2,  2,  2},
    Weight{Deed::answer_lost,           4,  2,  2,  2,  4,  4,  4,  4},
    Weight{Deed::line_cut,              3,  1,  1,  1,  3,  3,  3,  3},
    Weight{Deed::request_repeated,      3,  1,  1,  1,  3,  3,  3,  3},
    Weight{Deed::request_delayed,       3,  1,  1,  1,  3,  3,  3,  3},
    Weight{Deed::request_cut_short,     1,  1,  1,  1,  1,  1,  1,  1},
    Weight{Deed::answer_cut_short,      2,  1,  1,  1,  2,  2,  2,  2},
    Weight{Deed::office_withholds,      4,  2,  2,  2,  4,  4,  4,  4},
    Weight{Deed::office_shuffles,       3,  1,  1,  1,  3,  3,  3,  3},
    Weight{Deed::office_repeats,        3,  1,  1,  1,  3,  3,  3,  3},
    Weight{Deed::office_replays,        3,  1,  1,  1,  2,  3,  3, 10},
    Weight{Deed::office_says_later,     2,  1,  1,  1,  2,  2,  2,  2},
    Weight{Deed::office_misorders,      0,  0,  4,  0,  0,  0,  0,  0},
    Weight{Deed::office_alters,         0,  0,  6,  0,  0,  0,  0,  0},
    Weight{Deed::office_rolled_back,    0,  4,  0,  0,  0,  0,  0,  0},
    Weight{Deed::office_restored,       0,  0,  0,  0, 12,  0,  0,  0},
    Weight{Deed::liar_bad_signature,    0,  0,  0,  3,  0,  0,  0,  0},
    Weight{Deed::liar_skips_sequence,   0,  0,  0,  3,  0,  0,  0,  0},
    Weight{Deed::liar_forks,            0,  0,  0,  4,  0,  0,  0,  0},
    Weight{Deed::liar_seals_nonsense,   0,  0,  0,  3,  0,  0,  0,  0},
    Weight{Deed::liar_names_another,    0,  0,  0,  3,  0,  0,  0,  0},
    Weight{Deed::liar_writes_elsewhere, 0,  0,  0,  3,  0,  0,  0,  0},
};

constexpr std::array kTraits{
    DeedTraits{Deed::new_case, "case opened", false},
    DeedTraits{Deed::new_record, "records put", false},
    DeedTraits{Deed::edit, "record edited", false},
    DeedTraits{Deed::open_form, "form opened", false},
    DeedTraits{Deed::save_form, "form saved", false},
    DeedTraits{Deed::archive, "record archived", false},
    DeedTraits{Deed::bring_back, "record brought back", false},
    DeedTraits{Deed::decide, "review decided", false},
    DeedTraits{Deed::newer_version, "write of a newer version", true},
    DeedTraits{Deed::search, "search", false},
    DeedTraits{Deed::close, "vault closed", false},
    DeedTraits{Deed::verify, "verify", false},
    DeedTraits{Deed::change_role, "role changed", false},
    DeedTraits{Deed::appoint, "second administrator", false},
    DeedTraits{Deed::set_role, "role taken or given, with a pin", true},
    DeedTraits{Deed::remove_device, "device removed", true},
    DeedTraits{Deed::remove_member, "member removed", true},
    DeedTraits{Deed::leave_team, "member left her team", true},
    DeedTraits{Deed::accept_late, "late work accepted", true},
    DeedTraits{Deed::decline_late, "late work declined", true},
    DeedTraits{Deed::erase, "case erased", true},
    DeedTraits{Deed::invite, "ticket made", true},
    DeedTraits{Deed::join, "newcomer joined", true},
    DeedTraits{Deed::attach, "file attached", false},
    DeedTraits{Deed::fetch_file, "colleague's file fetched", false},
    DeedTraits{Deed::publish, "snapshot published", false},
    DeedTraits{Deed::put_down, "case put down", false},
    DeedTraits{Deed::take_up, "case taken up again", false},
    DeedTraits{Deed::assign, "case assigned, or not any more", false},
    DeedTraits{Deed::change_mode, "device carries assigned cases, or all", false},
    DeedTraits{Deed::reconcile, "reconcile", false},
    DeedTraits{Deed::courier_alone, "courier while locked", false},
    DeedTraits{Deed::fold, "inbox folded", false},
    DeedTraits{Deed::time_passes, "time passes", false},
    DeedTraits{Deed::leave_for_30_days, "partition of 30 days", true},
    DeedTraits{Deed::come_back, "partition over", false},
    DeedTraits{Deed::clock_jumps, "clock jumped, up to 10 years", true},
    DeedTraits{Deed::power_fails, "device lost power", true},
    DeedTraits{Deed::disk_error, "device disk error", true},
    DeedTraits{Deed::disk_fills, "device disk full", true},
    DeedTraits{Deed::disk_has_room, "disk has room again", false},
    DeedTraits{Deed::courier_killed, "courier killed", true},
    DeedTraits{Deed::old_store_put_back, "an old store put back", true},
    DeedTraits{Deed::device_cloned, "device copied, both used", true},
    DeedTraits{Deed::device_restored, "device put back from a backup", true},
    DeedTraits{Deed::office_power_fails, "office lost power", true},
    DeedTraits{Deed::office_disk_error, "office disk error", true},
    DeedTraits{Deed::office_disk_fills, "office disk full", true},
    DeedTraits{Deed::office_disk_has_room, "office disk has room again", false},
    DeedTraits{Deed::request_lost, "request lost", true},
    DeedTraits{Deed::answer_lost, "answer lost", true},
    DeedTraits{Deed::line_cut, "line cut", true},
    DeedTraits{Deed::request_repeated, "request repeated", true},
    DeedTraits{Deed::request_delayed, "request delayed", true},
    DeedTraits{Deed::request_cut_short, "request cut short", true},
    DeedTraits{Deed::answer_cut_short, "answer cut short", true},
    DeedTraits{Deed::office_withholds, "office withholds", true},
    DeedTraits{Deed::office_shuffles, "office shuffles", true},
    DeedTraits{Deed::office_repeats, "office repeats", true},
    DeedTraits{Deed::office_replays, "office replays an old answer", true},
    DeedTraits{Deed::office_says_later, "office says later", true},
    DeedTraits{Deed::office_misorders, "office orders a ledger falsely", true},
    DeedTraits{Deed::office_alters, "office alters an envelope", true},
    DeedTraits{Deed::office_rolled_back, "office rolled back", true},
    DeedTraits{Deed::office_restored, "office restored from a backup", true},
    DeedTraits{Deed::liar_bad_signature, "liar: bad signature", true},
    DeedTraits{Deed::liar_skips_sequence, "liar: skips a sequence number", true},
    DeedTraits{Deed::liar_forks, "liar: two envelopes for one place", true},
    DeedTraits{Deed::liar_seals_nonsense, "liar: seals nonsense", true},
    DeedTraits{Deed::liar_names_another, "liar: names another author", true},
    DeedTraits{Deed::liar_writes_elsewhere, "liar: an unknown ledger", true},
};
// clang-format on
static_assert(kTraits.size() == static_cast<std::size_t>(Deed::count_));

constexpr unsigned kFewestDevices = 3;
constexpr unsigned kMostDevices = 6;
constexpr std::size_t kFewestSteps = 30;
constexpr std::size_t kMostSteps = 80;

enum class Kind { everyday, rolled_back, altered, liar, restored, copied, people, carrying };

Kind kind_of(std::uint64_t seed) {
  switch (seed % 10) {
    case 1:
    case 2:
    case 4: return Kind::people;
    case 3: return Kind::rolled_back;
    case 5: return Kind::restored;
    case 6: return Kind::altered;
    case 7: return Kind::copied;
    case 8: return Kind::carrying;
    case 9: return Kind::liar;
    default: return Kind::everyday;
  }
}

unsigned weight_in(const Weight& weight, Kind kind) {
  switch (kind) {
    case Kind::everyday: return weight.everyday;
    case Kind::rolled_back: return weight.rolled_back;
    case Kind::altered: return weight.altered;
    case Kind::liar: return weight.liar;
    case Kind::restored: return weight.restored;
    case Kind::copied: return weight.copied;
    case Kind::people: return weight.people;
    case Kind::carrying: return weight.carrying;
  }
  return 0;
}

/// What is drawn in one seed: of one kind, or of two at once.
struct Theme {
  Kind kind;
  bool with_people = false;            ///< and people come, go and are removed besides
  bool second_administrator = false;   ///< who does what the first one does, to her too
  bool snapshots = false;              ///< that colleagues publish, for newcomers to begin with
  bool assigned = false;               ///< devices carry assigned cases alone, for a while
  bool office_is_lost = false;         ///< and set up again from a backup, which may know nothing of what everybody has put down since
};

Theme theme_of(std::uint64_t seed) {
  const Kind kind = kind_of(seed);
  const std::uint64_t of_three = seed / 10 % 3;
  const bool with_people = kind == Kind::carrying ? seed / 10 % 6 < 2 : kind != Kind::everyday && kind != Kind::people && of_three == 1;
  const std::uint64_t of_twelve = kind == Kind::carrying ? seed / 10 % 12 : 0;
  const bool assigned = of_twelve == 1 || of_twelve == 10 || of_twelve == 11;
  const bool office_is_lost = of_twelve == 5 || of_twelve == 9 || of_twelve == 11;
  return {kind, with_people, kind == Kind::people && seed % 10 != 4 && of_three == 2, kind == Kind::people && of_three == 1, assigned, office_is_lost};
}

unsigned weight_in(const Weight& weight, const Theme& theme) {
  if (weight.deed == Deed::publish && !theme.snapshots) return 0;
  if ((weight.deed == Deed::assign || weight.deed == Deed::change_mode) && !theme.assigned) return 0;
  const unsigned own = weight_in(weight, theme.kind);
  // What is kept of a case that was put down is kept for 35 days.
  if (theme.office_is_lost && weight.deed == Deed::leave_for_30_days) return 0;
  if (theme.office_is_lost && weight.deed == Deed::office_restored) return weight.restored;
  if (!theme.with_people) return own;
  if (weight.deed == Deed::change_role) return weight.people;   // a role that is taken there is taken with a pin
  // What was erased by a log that the root refuses stays erased where that was known.
  if (weight.deed == Deed::erase && theme.kind == Kind::rolled_back) return 0;
  return std::max(own, weight.people);
}

Deed draw(Dice& dice, const Theme& theme) {
  unsigned total = 0;
  for (const Weight& each : kWeights) total += weight_in(each, theme);
  auto left = static_cast<unsigned>(dice.below(total));
  for (const Weight& each : kWeights) {
    const unsigned weight = weight_in(each, theme);
    if (left < weight) return each.deed;
    left -= weight;
  }
  throw std::logic_error("weights");
}

}  // namespace

std::uint64_t Dice::next() {  // SplitMix64 (Steele, Lea, Flood 2014)
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

const DeedTraits& traits_of(Deed deed) {
  const DeedTraits& found = kTraits.at(static_cast<std::size_t>(deed));
  if (found.deed != deed) throw std::logic_error("the table of deeds is out of order");
  return found;
}

Plan make_plan(std::uint64_t seed) {
  Dice dice(seed * 2'654'435'761 + 1);
  Plan plan{.seed = seed, .devices = kFewestDevices + static_cast<unsigned>(dice.below(kMostDevices - kFewestDevices + 1)), .steps = {}};
  const Theme theme = theme_of(seed);
  if (theme.kind == Kind::liar) plan.devices = std::min(plan.devices, kMostDevices - 1);  // the sixth is hers
  const std::size_t steps = kFewestSteps + dice.below(kMostSteps - kFewestSteps + 1);
  // Something to work on, known to everybody.
  for (unsigned i = 0; i < 3; ++i) {
    plan.steps.push_back(
        {static_cast<std::uint32_t>(plan.steps.size()), i == 0 ? Deed::new_case : Deed::new_record, 0, dice.next()});
  }
  for (unsigned device = 0; device < plan.devices; ++device) {
    plan.steps.push_back({static_cast<std::uint32_t>(plan.steps.size()), Deed::reconcile, device, dice.next()});
  }
  if (theme.second_administrator) {
    plan.steps.push_back({static_cast<std::uint32_t>(plan.steps.size()), Deed::appoint, 0, dice.next()});
    plan.administrators = 2;
  }
  while (plan.steps.size() < steps) {
    const Deed deed = draw(dice, theme);
    const auto drawn = static_cast<unsigned>(dice.below(plan.devices));
    const unsigned device = is_administrators(deed) ? drawn % plan.administrators : drawn;
    plan.steps.push_back({static_cast<std::uint32_t>(plan.steps.size()), deed, device, dice.next()});
  }
  return plan;
}

std::string numbers_text(const std::vector<Step>& steps) {
  std::string out;
  for (std::size_t at = 0; at < steps.size();) {
    std::size_t end = at;
    while (end + 1 < steps.size() && steps[end + 1].number == steps[end].number + 1) ++end;
    out += (out.empty() ? "" : ",") + std::to_string(steps[at].number);
    if (end > at) out += "-" + std::to_string(steps[end].number);
    at = end + 1;
  }
  return out.empty() ? "none" : out;
}

bool keep_only(Plan& plan, std::string_view numbers) {
  std::set<std::uint32_t> kept;
  const char* at = numbers.data();
  const char* const end = at + numbers.size();
  while (numbers != "none" && at != end) {
    std::uint32_t first = 0;
    auto read = std::from_chars(at, end, first);
    if (read.ec != std::errc{}) return false;
    std::uint32_t last = first;
    if (read.ptr != end && *read.ptr == '-') read = std::from_chars(read.ptr + 1, end, last);
    if (read.ec != std::errc{} || last < first || last >= 1'000'000) return false;
    for (std::uint32_t number = first; number <= last; ++number) kept.insert(number);
    at = read.ptr;
    if (at != end && *at++ != ',') return false;
  }
  std::erase_if(plan.steps, [&](const Step& step) { return !kept.contains(step.number); });
  return true;
}

}  // namespace wayside::simulation
