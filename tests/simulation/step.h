#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What happens in one simulated stretch of time, as a list that is made from the seed alone and before anything runs.
/// So a story can be told with any of its steps left out, and the others mean the same as before.
namespace wayside::simulation {

/// A small generator for decisions: the same seed draws the same, on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }  ///< `bound` > 0
  bool one_in(std::uint64_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

enum class Deed {
  // What people do on a device. From appoint to invite it is an administrator's
  new_case,
  new_record,
  edit,
  open_form,
  save_form,
  archive,
  bring_back,
  decide,
  newer_version,
  search,
  close,
  verify,
  change_role,
  appoint,
  set_role,
  remove_device,
  remove_member,
  leave_team,
  accept_late,
  decline_late,
  erase,
  invite,
  join,
  attach,
  fetch_file,
  publish,
  put_down,
  take_up,
  assign,
  change_mode,
  reconcile,
  courier_alone,
  fold,
  // The world
  time_passes,
  leave_for_30_days,
  come_back,
  clock_jumps,
  // Faults of a device's machine; the next thing that is done there meets them
  power_fails,
  disk_error,
  disk_fills,
  disk_has_room,
  courier_killed,
  old_store_put_back,
  device_cloned,
  device_restored,
  // Faults of the office's machine
  office_power_fails,
  office_disk_error,
  office_disk_fills,
  office_disk_has_room,
  // Faults of the line; the device's next reconcile meets them
  request_lost,
  answer_lost,
  line_cut,
  request_repeated,
  request_delayed,
  request_cut_short,
  answer_cut_short,
  // An office that lies; the device's next reconcile meets it
  office_withholds,
  office_shuffles,
  office_repeats,
  office_replays,
  office_says_later,
  office_misorders,
  office_alters,
  office_rolled_back,
  office_restored,
  // A device that lies: a member, with keys of its own
  liar_bad_signature,
  liar_skips_sequence,
  liar_forks,
  liar_seals_nonsense,
  liar_names_another,
  liar_writes_elsewhere,
  count_
};

struct DeedTraits {
  Deed deed;
  std::string_view name;  ///< as the tables of figures name it
  bool fault;
};
const DeedTraits& traits_of(Deed deed);
/// Only an administrator's device does it; the first device of every plan is hers.
inline bool is_administrators(Deed deed) { return deed >= Deed::appoint && deed <= Deed::invite; }

struct Step {
  std::uint32_t number = 0;  ///< place in the whole plan; it keeps it when others are left out
  Deed deed = Deed::time_passes;
  unsigned device = 0;
  std::uint64_t dice = 0;  ///< everything else that is to be decided
};

struct Plan {
  std::uint64_t seed = 0;
  unsigned devices = 3;
  unsigned administrators = 1;   ///< the first devices, as many as are asked to do what is an administrator's
  std::vector<Step> steps;
};

/// Three to six devices and some dozens of steps.
Plan make_plan(std::uint64_t seed);

/// "0-3,7,9-12" and back. An empty optional text keeps all.
std::string numbers_text(const std::vector<Step>& steps);
/// Keeps the steps that `numbers` names. False when it is no such text.
bool keep_only(Plan& plan, std::string_view numbers);

}  // namespace wayside::simulation
