#include <algorithm>
#include <set>

#include "core/ledger/view.h"
#include "core/search/search.h"
#include "core/vault/audit.h"
#include "core/vault/save.h"
#include "tests/simulation/values.h"
#include "tests/simulation/world.h"

namespace wayside::simulation {

using casework::FieldChange;

namespace {

constexpr std::uint32_t kNewerType = 900;
constexpr std::uint32_t kNewerField = 901;

std::vector<ledger::Dot> dots_of(const ledger::RecordState& state, std::uint32_t field) {
  std::vector<ledger::Dot> out;
  if (const ledger::FieldState* held = state.field(field)) {
    for (const ledger::Held& each : held->held) out.push_back(each.dot);
  }
  return out;
}

bool is_known(const schema::RecordType* type) { return type != nullptr && !is_attachment(*type); }

/// Some fields of a record as they are on the screen now.
Seat::Form form_of(const ledger::RecordRow& row, Dice& dice) {
  Seat::Form form{row.id, {}, dice.next()};
  for (const schema::Field* field : some_fields(*schema::current().type(row.state.type), dice)) {
    form.shown.emplace_back(field->id, dots_of(row.state, field->id));
  }
  return form;
}

}  // namespace

void World::edit(Seat& seat, Dice dice) {
  const auto row = some_record(seat, dice, is_known);
  if (row) save(seat, form_of(*row, dice), dice);
}

std::size_t reads_of(vault::Vault& reader, const DeviceId& device, vault::AuditWhat what) {
  std::set<std::uint64_t> numbers;   // where a device lived twice, one may stand for two
  for (const vault::AuditLine& line : need(vault::read_audit(reader)).lines) {
    if (line.device == device && line.entry.what == what) numbers.insert(line.number);
  }
  return numbers.size();
}

void World::open_form(Seat& seat, Dice dice) {
  const auto row = some_record(seat, dice, is_known);
  if (!row) return;
  if (!look_at(seat, *row)) return;
  tell(seat.name + " opens a form of " + names_[row->id] + ".");
  seat.forms.push_back(form_of(*row, dice));
}

/// The log of reads says so first. That the lease is spent keeps nobody from saving; here she goes on with what is on the screen.
bool World::look_at(Seat& seat, const ledger::RecordRow& row) {
  const auto of_case = need(casework::case_of(*seat.vault, row));
  const auto noted = vault::note_opened(*seat.vault, of_case, row.id);
  const auto front = vault::AuditWhat::opened;
  if (noted && !seat.files().is_off()) seat.looked = std::max(seat.looked, reads_of(*seat.vault, *seat.device, front));
  if (noted || noted.error().code == Errc::lease_spent) return true;
  if (noted.error().code != Errc::not_recorded || !excused(seat))
    violate("opening refused", seat.name + " cannot open " + names_[row.id] + ": " + std::string(name_of(noted.error().code)));
  tell(seat.name + " does not see " + names_[row.id] + ": it could not be recorded.");
  return false;
}

void World::save_form(Seat& seat, Dice dice) {
  if (seat.forms.empty()) return;
  const std::uint64_t at = dice.below(seat.forms.size());
  const Seat::Form form = seat.forms[at];
  seat.forms.erase(seat.forms.begin() + static_cast<std::ptrdiff_t>(at));
  save(seat, form, dice);
}

/// Supersedes what the form was opened with, whatever has come since.
void World::save(Seat& seat, const Seat::Form& form, Dice dice) {
  const auto row = need(seat.vault->store().record(form.record));
  if (!row || ledger::archived(row->state).archived) return;
  const schema::RecordType& type = *schema::current().type(row->state.type);
  const auto number = oracle_.saves().size();
  const bool decides_desk_fields = membership::writes_desk_fields(seat.vault->role());
  ModelSave model;
  model.words = "saves a form of " + names_[form.record] + ", fields";
  std::vector<FieldChange> changes;
  for (const auto& [field_id, dots] : form.shown) {
    FieldChange change;
    change.field = type.field(field_id);
    change.shown = dots;
    const Value value = value_for(*change.field, number, dice);
    const auto shown = oracle_.writes_at({form.record, field_id}, dots);
    ModelWrite write{form.record, type.id, field_id, encode(value), {}, {}};
    switch (change.field->policy) {
      case schema::Policy::union_set: {
        change.add = {value};
        if (shown.empty() || dice.one_in(2)) break;
        const WriteId& gone = shown[dice.below(shown.size())];
        const Bytes old = oracle_.saves()[gone.save].writes[gone.index].value;
        // An item that is on the screen alone can be taken away; what is gone by now is not there to be named.
        const auto* state = row->state.field(field_id);
        const bool still_there = state != nullptr && std::ranges::any_of(state->held, [&](const ledger::Held& held) {
                                   return held.value == old && std::ranges::find(dots, held.dot) != dots.end();
                                 });
        if (!still_there || old == write.value) break;
        change.remove = {decode_value(old)};
        std::vector<ledger::Dot> live;
        for (const ledger::Held& held : state->held) {
          if (std::ranges::find(dots, held.dot) != dots.end()) live.push_back(held.dot);
        }
        model.writes.push_back(
            {form.record, type.id, field_id, {}, oracle_.writes_at({form.record, field_id}, live, old), {}});
        break;
      }
      case schema::Policy::append:
        change.set = {value};
        change.sets = true;
        break;
      case schema::Policy::desk:
        if (decides_desk_fields) write.shown = shown;
        change.set = {value};
        change.sets = true;
        break;
      default:
        write.shown = shown;
        change.set = {value};
        change.sets = true;
    }
    // An item of a list that is on the screen already is not written again.
    if (change.field->policy == schema::Policy::union_set) {
      const auto* state = row->state.field(field_id);
      const bool there = state != nullptr && std::ranges::any_of(state->held, [&](const ledger::Held& held) {
                           return held.value == write.value && std::ranges::find(dots, held.dot) != dots.end();
                         });
      if (there) write.value.clear();
    }
    if (!write.value.empty() || !write.shown.empty()) model.writes.push_back(std::move(write));
    model.words += " " + std::to_string(field_id);
    changes.push_back(std::move(change));
  }
  attempt(seat, std::move(model), [&] { return casework::edit(*seat.vault, form.record, changes, "because", "edit"); });
}

void World::archive(Seat& seat, Dice dice, bool undo) {
  const auto row =
      some_record(seat, dice, [](const schema::RecordType* type) { return type != nullptr && type->name != "case"; });
  if (!row || ledger::archived(row->state).archived != undo) return;
  ModelSave model;
  model.words = (undo ? "brings back " : "archives ") + names_[row->id];
  const Place place{row->id, ledger::kArchivedFieldId};
  const auto shown = oracle_.writes_at(place, dots_of(row->state, ledger::kArchivedFieldId));
  model.writes.push_back({row->id, row->state.type, place.field, undo ? Bytes{} : encode(Value(true)), shown, {}});
  // Bringing back writes no value by which it could be found after a fault, so it is done in good weather only.
  if (undo && excused(seat)) return;
  attempt(seat, std::move(model), [&] { return casework::archive(*seat.vault, row->id, undo, "because"); });
}

void World::decide(Seat& seat, Dice dice) {
  std::vector<casework::ReviewItem> open;
  for (auto& item : need(casework::reviews(*seat.vault))) {
    if (item.kind == casework::ReviewKind::values) open.push_back(std::move(item));
  }
  if (open.empty()) return;
  const casework::ReviewItem& item = open[dice.below(open.size())];
  const auto row = need(seat.vault->store().record(item.record));
  const ledger::FieldState* state = row ? row->state.field(item.field) : nullptr;
  if (state == nullptr || state->held.empty()) return;
  const ledger::Held kept = state->held[dice.below(state->held.size())];
  ModelSave model;
  model.words = "decides field " + std::to_string(item.field) + " of " + names_[item.record];
  const Place place{item.record, item.field};
  model.writes.push_back({item.record,
                          row->state.type,
                          item.field,
                          kept.value,
                          oracle_.writes_at(place, dots_of(row->state, item.field)),
                          {}});
  attempt(seat, std::move(model), [&] { return casework::resolve_keep(*seat.vault, item.id, kept.dot, "because"); });
}

/// A device of a newer version writes fields, kinds of values and record types that nobody else knows yet.
void World::newer_version(Seat& seat, Dice dice) {
  const auto of_case =
      some_record(seat, dice, [](const schema::RecordType* type) { return type != nullptr && type->name == "case"; });
  if (!of_case) return;
  const auto known = some_record(seat, dice, [](const schema::RecordType* type) { return type == nullptr; });
  const auto number = oracle_.saves().size();
  vault::Save what;
  what.case_id = of_case->id;
  what.form = "newer";
  ModelSave model;
  model.words = "writes what a newer version knows";
  const auto add = [&](const RecordId& record, std::uint32_t type, const ledger::RecordState* state) {
    ledger::Write write;
    write.field = kNewerField + static_cast<std::uint32_t>(dice.below(2));
    write.value = (dice.one_in(2) ? Bytes("\x63", 1) : Bytes("\x01", 1)) + "n" + std::to_string(number);
    std::vector<WriteId> shown;
    if (state != nullptr) {
      write.supersedes = dots_of(*state, write.field);
      shown = oracle_.writes_at({record, write.field}, write.supersedes);
    }
    model.writes.push_back({record, type, write.field, write.value, std::move(shown), {}});
    what.records.push_back({record, type, {std::move(write)}});
  };
  if (known && dice.one_in(2) && need(casework::case_of(*seat.vault, *known)) == of_case->id) {
    add(known->id, known->state.type, &known->state);
  } else {
    const RecordId fresh = RecordId::random(seat.machine->random);
    names_[fresh] = "unknown " + std::to_string(number);
    add(fresh, kNewerType, nullptr);
  }
  add(of_case->id, of_case->state.type, &of_case->state);
  attempt(seat, std::move(model), [&]() -> Result<void> {
    WAYSIDE_TRY(auto writing, seat.vault->begin());
    WAYSIDE_OK(vault::save(*seat.vault, writing, what));
    return std::move(writing).commit();
  });
}

void World::search(Seat& seat, Dice dice) {
  tell(seat.name + " searches.");
  const auto hits = search::find(*seat.vault, {"w" + std::to_string(dice.below(oracle_.saves().size() + 1)), {}, 50});
  if (!hits && !excused(seat)) violate("search", seat.name + " cannot search: " + hits.error().detail);
}

}  // namespace wayside::simulation
