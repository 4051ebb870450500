#include <algorithm>

#include "core/search/search.h"
#include "core/vault/verify.h"
#include "sync/reconcile/reconcile.h"
#include "tests/simulation/values.h"
#include "tests/simulation/world.h"

namespace wayside::simulation {

using casework::FieldChange;
using casework::NewRecordRequest;
using State = ModelSave::State;

void World::work(Seat& seat, const Step& step) try {
  const Dice dice(step.dice);
  if (step.deed == Deed::courier_alone) {
    count(step.deed);
    return courier_alone(seat);
  }
  if (step.deed == Deed::close) {
    count(step.deed);
    tell(seat.name + " closes the vault.");
    if (seat.vault) (void)wayside::reconcile::hand_over(*seat.vault);
    seat.vault.reset();
    return;
  }
  if (!open(seat) || seat.files().is_off()) return;
  const bool only_when_done = is_administrators(step.deed) || step.deed == Deed::publish || step.deed == Deed::put_down || step.deed == Deed::take_up ||
                              step.deed == Deed::assign || step.deed == Deed::change_mode;
  if (!only_when_done) count(step.deed);
  switch (step.deed) {
    case Deed::new_case: return new_case(seat, dice);
    case Deed::new_record: return new_record(seat, dice);
    case Deed::edit: return edit(seat, dice);
    case Deed::open_form: return open_form(seat, dice);
    case Deed::save_form: return save_form(seat, dice);
    case Deed::archive: return archive(seat, dice, false);
    case Deed::bring_back: return archive(seat, dice, true);
    case Deed::decide: return decide(seat, dice);
    case Deed::newer_version: return newer_version(seat, dice);
    case Deed::search: return search(seat, dice);
    case Deed::verify: tell(seat.name + " verifies."); return verify(seat);
    case Deed::change_role: return change_role(seat, dice);
    case Deed::appoint: return appoint(seat);
    case Deed::set_role: return set_role(seat, dice);
    case Deed::remove_device: return remove(seat, dice, false);
    case Deed::remove_member: return remove(seat, dice, true);
    case Deed::leave_team: return leave_team(seat, dice);
    case Deed::attach: return attach(seat, dice);
    case Deed::fetch_file: return fetch_files(seat, false);
    case Deed::erase: return erase(seat, dice);
    case Deed::publish: return publish(seat);
    case Deed::put_down: return put_down(seat, dice);
    case Deed::take_up: return take_up(seat, dice);
    case Deed::assign: return assign(seat, dice);
    case Deed::change_mode: return change_mode(seat);
    case Deed::invite: return invite(seat, dice);
    case Deed::accept_late: return decide_late(seat, dice, true);
    case Deed::decline_late: return decide_late(seat, dice, false);
    case Deed::reconcile: (void)reconcile(seat, false); return;
    case Deed::fold: {
      tell(seat.name + " folds what a courier brought.");
      const auto folded = wayside::reconcile::fold_inbox(*seat.vault, {});
      if (!folded) judge_trouble(seat, "fold", folded.error(), excused(seat));
      return;
    }
    default: return lie_as_member(seat, step);
  }
} catch (const NeedFailed& failed) {
  // Nobody can work on what cannot be read.
  if (!excused(seat)) throw;
  tell(seat.name + " cannot read the vault: " + failed.what() + ".");
}

// ---- Whether it was saved ----

void World::attempt(Seat& seat, ModelSave model, const std::function<Result<void>()>& act) {
  model.author = seat.number;
  const std::string words = model.words;
  const std::size_t save = oracle_.add(std::move(model));
  const Result<void> done = act();
  const bool can_look = !seat.files().is_off();
  if (can_look)
    seat.files().forget_faults();  // what is looked at now is not to meet them; the power fails all the same
  if (done) {
    tell(seat.name + ": " + words + " (save " + std::to_string(save) + ").");
    oracle_.save(save).state = State::accepted;
    // With the power gone it is looked for when the vault is open again.
    if (can_look && !look_for(seat, save)) violate("save lost", seat.name + " saved, and it is not there: " + words);
    return;
  }
  tell(seat.name + ": " + words + " (save " + std::to_string(save) +
       ") is not taken: " + std::string(name_of(done.error().code)) + ".");
  const Errc code = done.error().code;
  const bool by_rule = code == Errc::bad_input || code == Errc::not_permitted ||
                       (code == Errc::not_a_member && stands_outside(seat)) ||   // she is in no team
                       code == Errc::not_carried;                                // not all of it has come yet
  if (!by_rule && !excused(seat))
    violate("save refused", seat.name + ": " + words + ": " + std::string(name_of(code)) + " " + done.error().detail);
  if (!can_look) return;
  if (!look_for(seat, save)) oracle_.save(save).state = State::refused;
}

bool World::look_for(Seat& seat, std::size_t number) {
  ModelSave& save = oracle_.save(number);
  const std::set<EnvelopeId> present = written_in(seat);
  std::vector<std::optional<EnvelopeId>> found(save.writes.size());
  std::map<RecordId, EnvelopeId> of_record;
  std::size_t valued = 0;
  std::size_t there = 0;
  for (std::size_t i = 0; i < save.writes.size(); ++i) {
    const ModelWrite& write = save.writes[i];
    if (write.value.empty()) continue;
    ++valued;
    const auto row = need(seat.vault->store().record(write.record));
    const ledger::FieldState* state = row ? row->state.field(write.field) : nullptr;
    if (state == nullptr) continue;
    for (const ledger::Held& held : state->held) {
      if (held.value != write.value || held.dot.device != seat.vault->identity().device ||
          oracle_.knows(held.dot.envelope))
        continue;
      const auto id = std::ranges::find_if(
          present, [&](const EnvelopeId& each) { return ledger::stem_of(each) == held.dot.envelope; });
      if (id == present.end()) continue;  // its copy wrote the same
      found[i] = *id;
      of_record.insert_or_assign(write.record, *id);
    }
    there += found[i] ? 1 : 0;
  }
  if (valued == 0) return look_for_newest(seat, number);
  if (there == 0) return false;
  if (there < valued) violate("partial save", seat.name + " has a part of a save: " + save.words);
  std::vector<EnvelopeId> envelopes;
  for (std::size_t i = 0; i < found.size(); ++i)
    envelopes.push_back(found[i] ? *found[i] : of_record.at(save.writes[i].record));
  oracle_.accept(number, envelopes);
  note_written(seat, oracle_.saves()[number]);
  return true;
}

/// A save without a value, done without any fault: its envelope is the newest.
bool World::look_for_newest(Seat& seat, std::size_t number) {
  store::Query newest = seat.vault->store().database().query("SELECT id FROM envelopes ORDER BY n DESC LIMIT 1");
  if (!need(newest.next()) || oracle_.knows(ledger::stem_of(newest.id<EnvelopeId>(0)))) return false;
  oracle_.accept(number, std::vector(oracle_.save(number).writes.size(), newest.id<EnvelopeId>(0)));
  note_written(seat, oracle_.saves()[number]);
  return true;
}

/// After a vault was opened: what had no answer is there as a whole, or not at all. What was answered is there.
void World::look_for_all(Seat& seat) {
  for (std::size_t number = 0; number < oracle_.saves().size(); ++number) {
    const ModelSave& save = oracle_.saves()[number];
    if (save.author != seat.number) continue;
    const bool located = !Oracle::envelopes_of(save).empty();
    if (located) continue;
    const bool promised = save.state == State::accepted;
    const bool unnamed = save.writes.empty() && files_.contains(number);
    if (unnamed ? look_for_file(seat, number) : look_for(seat, number)) continue;
    if (promised) violate("save lost", seat.name + " lost a save that it had taken: " + save.words);
    oracle_.save(number).state = State::refused;
  }
}

// ---- New things ----

namespace {

/// Adds what `request` will write to the model.
void model_new(ModelSave& model, const RecordId& id, const NewRecordRequest& request) {
  for (const FieldChange& change : request.fields) {
    for (const Value& value : change.set)
      model.writes.push_back({id, request.type->id, change.field->id, encode(value), {}, {}});
  }
}

}  // namespace

void World::new_case(Seat& seat, Dice dice) {
  const auto number = oracle_.saves().size();
  const RecordId id = RecordId::random(seat.machine->random);
  names_[id] = "case " + std::to_string(number);
  std::vector<NewRecordRequest> requests{new_request("case", id, number, dice)};
  if (dice.one_in(2)) {
    requests.push_back(new_request("person", RecordId::random(seat.machine->random), number, dice));
    names_[*requests.back().id] = "person " + std::to_string(number);
  }
  ModelSave model;
  model.words = "opens " + names_[id];
  for (const auto& request : requests) model_new(model, *request.id, request);
  attempt(seat, std::move(model), [&]() -> Result<void> {
    WAYSIDE_TRY(const auto ids, casework::put(*seat.vault, std::nullopt, std::nullopt, requests, "put"));
    (void)ids;
    return {};
  });
}

void World::new_record(Seat& seat, Dice dice) {
  const auto number = oracle_.saves().size();
  const auto of_case =
      some_record(seat, dice, [](const schema::RecordType* type) { return type != nullptr && type->name == "case"; });
  const bool organisation = !of_case || dice.one_in(8);
  std::vector<NewRecordRequest> requests;
  for (std::uint64_t left = organisation ? 1 : 1 + dice.below(3); left > 0; --left) {
    const std::string_view type = organisation ? "organisation" : kTypesInCase[dice.below(kTypesInCase.size())];
    requests.push_back(new_request(type, RecordId::random(seat.machine->random), number, dice));
    names_[*requests.back().id] = std::string(type) + " " + std::to_string(number) +
                                  (left > 1 ? std::string(1, static_cast<char>('a' + left)) : "");
  }
  ModelSave model;
  model.words = "writes";
  for (const auto& request : requests) {
    model.words += " " + names_[*request.id];
    model_new(model, *request.id, request);
  }
  if (of_case && !organisation) model.words += " in " + names_[of_case->id];
  attempt(seat, std::move(model), [&]() -> Result<void> {
    const auto place = organisation ? std::nullopt : std::optional(of_case->id);
    WAYSIDE_TRY(const auto ids, casework::put(*seat.vault, place, std::nullopt, requests, "put"));
    (void)ids;
    return {};
  });
}

std::optional<ledger::RecordRow> World::some_record(Seat& seat, Dice& dice,
                                                    const std::function<bool(const schema::RecordType*)>& wanted) {
  std::vector<ledger::RecordRow> here;
  for (const Oracle::Record& record : oracle_.records()) {
    if (!wanted(schema::current().type(record.type))) continue;
    auto row = need(seat.vault->store().record(record.id));
    if (row) here.push_back(*std::move(row));
  }
  if (here.empty()) return std::nullopt;
  // The first ones oftener: that is where people meet.
  const std::uint64_t at =
      dice.one_in(2) ? dice.below(std::min<std::uint64_t>(here.size(), 3)) : dice.below(here.size());
  return here[at];
}

// ---- Forms ----

}  // namespace wayside::simulation
