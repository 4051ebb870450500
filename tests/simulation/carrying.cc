#include "core/vault/carrying.h"

#include "core/vault/assigning.h"
#include "core/vault/carry_mode.h"
#include "sync/reconcile/reconcile.h"
#include "tests/simulation/world.h"

// Cases that a device does not carry for a while: nothing of them is on it then, nobody loses anything by it, and all of it comes
// back in the end.

namespace wayside::simulation {

using vault::LedgerRow;

void World::put_down(Seat& seat, Dice dice) {
  const auto target =
      some_record(seat, dice, [](const schema::RecordType* type) { return type != nullptr && type->name == "case"; });
  if (target) put_down(seat, target->id);
}

void World::put_down(Seat& seat, const RecordId& id) {
  const auto done = [&]() -> Result<void> {
    WAYSIDE_TRY(auto drafts, vault::Drafts::open(*seat.vault));
    WAYSIDE_TRY(auto writing, seat.vault->begin());
    WAYSIDE_OK(vault::put_down(*seat.vault, writing, id, drafts));
    WAYSIDE_OK(std::move(writing).commit());
    seat.forms.clear();
    return wayside::reconcile::let_go_of_erased(*seat.vault, &drafts);
  }();
  const std::string doing = seat.name + " puts " + names_[id] + " down";
  if (done) {
    count(Deed::put_down);
    return tell(doing + ".");
  }
  const Errc code = done.error().code;
  tell(doing + ", and is told: " + std::string(name_of(code)) + " (" + done.error().detail + ").");
  const bool by_rule = code == Errc::usage || code == Errc::not_carried;   // not covered elsewhere; or it is still coming
  if (!by_rule && !excused(seat)) violate("unexpected error", doing + ": " + std::string(name_of(code)) + " " + done.error().detail);
}

/// Whatever they may, on the evening of a day without faults: of one another they do not know it yet.
void World::all_put_down() {
  constexpr int kUntilAllHaveSaidSo = 3;
  std::vector<Seat*> there;
  for (const auto& seat : seats_) {
    const bool waits_for_a_fault = seat->power_fails_after || seat->disk_error_after;
    if (!seat->away && !waits_for_a_fault && open(*seat)) there.push_back(seat.get());
  }
  for (int round = 0; round < kUntilAllHaveSaidSo; ++round) {
    for (Seat* seat : there) (void)reconcile(*seat, false);
  }
  for (Seat* seat : there) {
    for (const Oracle::Record& record : oracle_.records()) {
      const schema::RecordType* type = schema::current().type(record.type);
      const bool is_case = type != nullptr && type->name == "case";
      if (is_case && need(seat->vault->store().record(record.id))) put_down(*seat, record.id);
    }
  }
}

void World::take_up(Seat& seat, Dice dice) {
  std::vector<vault::Carried> down = need(vault::cases_elsewhere(*seat.vault));
  std::erase_if(down, [](const vault::Carried& each) { return each.presence != LedgerRow::Presence::put_down; });
  if (down.empty()) return;
  const RecordId& id = down[dice.below(down.size())].case_id;
  const auto done = wayside::reconcile::take_up(*seat.vault, id.view());
  if (done) {
    count(Deed::take_up);
    return tell(seat.name + " takes " + names_[id] + " up again.");
  }
  if (!excused(seat)) violate("unexpected error", seat.name + " takes " + names_[id] + " up: " + done.error().detail);
}

void World::assign(Seat& seat, Dice dice) {
  const auto target =
      some_record(seat, dice, [](const schema::RecordType* type) { return type != nullptr && type->name == "case"; });
  Seat& worker = *seats_[dice.below(seats_.size())];
  if (!target || !worker.device) return;
  const membership::DeviceInfo* device = seat.vault->membership().device(*worker.device);
  if (device == nullptr) return;   // she has not heard of her yet
  const bool takes_back = dice.one_in(3);
  const auto done = [&]() -> Result<bool> {
    WAYSIDE_TRY(auto writing, seat.vault->begin());
    WAYSIDE_TRY(const bool changed, takes_back ? vault::unassign(*seat.vault, writing, target->id, device->entry.user, "")
                                               : vault::assign(*seat.vault, writing, target->id, device->entry.user, ""));
    if (changed) WAYSIDE_OK(std::move(writing).commit());
    return changed;
  }();
  const std::string doing = seat.name + (takes_back ? " takes " : " gives ") + names_[target->id] + (takes_back ? " from " : " to ") + worker.name;
  if (done) {
    if (*done) count(Deed::assign);
    return tell(doing + (*done ? "." : ": so it was."));
  }
  const Errc code = done.error().code;
  tell(doing + ", and is told: " + std::string(name_of(code)) + ".");
  const bool by_rule = code == Errc::usage || code == Errc::not_permitted || (code == Errc::not_a_member && stands_outside(seat));
  if (!by_rule && !excused(seat)) violate("unexpected error", doing + ": " + std::string(name_of(code)) + " " + done.error().detail);
}

void World::change_mode(Seat& seat) {
  const auto now = need(vault::carry_mode(*seat.vault));
  const auto next = now == vault::CarryMode::all ? vault::CarryMode::assigned : vault::CarryMode::all;
  const auto done = [&]() -> Result<void> {
    WAYSIDE_TRY(auto writing, seat.vault->begin());
    WAYSIDE_OK(vault::set_carry_mode(*seat.vault, writing, next));
    return std::move(writing).commit();
  }();
  const std::string doing = seat.name + (next == vault::CarryMode::all ? " carries all cases" : " carries assigned cases alone");
  if (done) {
    count(Deed::change_mode);
    return tell(doing + " from now on.");
  }
  const bool by_rule = done.error().code == Errc::not_permitted || done.error().code == Errc::usage;   // she oversees others; no office yet
  if (!by_rule && !excused(seat)) violate("unexpected error", doing + ": " + done.error().detail);
}

void World::take_all_up(Seat& seat) {
  if (!seat.vault) return;
  if (need(vault::has_carry_mode(*seat.vault))) {
    auto writing = need(seat.vault->begin());
    need(vault::set_carry_mode(*seat.vault, writing, vault::CarryMode::all));
    need(std::move(writing).commit());
  }
  const auto down = [&] {
    std::size_t out = 0;
    for (const vault::Carried& each : need(vault::cases_elsewhere(*seat.vault))) out += each.presence == LedgerRow::Presence::put_down ? 1 : 0;
    return out;
  };
  for (std::size_t left = down(); left > 0; left = down()) take_up(seat, Dice(left));
}

bool World::is_elsewhere(Seat& seat, const EnvelopeId& id) {
  const auto found = written_.find(id);
  if (found == written_.end()) return false;
  store::Query row = seat.vault->store().database().query("SELECT kind FROM ledgers WHERE id = ?", found->second.ledger);
  return need(row.next()) && row.integer(0) <= -100;   // docs/FORMATS.md
}

/// No record of what it put down, in a form that somebody could open.
void World::check_put_down(Seat& seat) {
  const auto elsewhere = need(vault::cases_elsewhere(*seat.vault));
  if (elsewhere.empty()) return;
  std::set<LedgerId> down;
  for (const LedgerId& each : need(vault::put_down_ledgers(*seat.vault))) down.insert(each);
  for (const ModelSave& save : oracle_.saves()) {
    for (const ModelWrite& write : save.writes) {
      const auto written = write.envelope ? written_.find(*write.envelope) : written_.end();
      if (written == written_.end() || !down.contains(written->second.ledger)) continue;
      if (need(seat.vault->store().record(write.record))) violate("still carried", seat.name + " has put a case down and still has " + names_[write.record]);
    }
  }
}

}  // namespace wayside::simulation
