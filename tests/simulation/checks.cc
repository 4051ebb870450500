#include <algorithm>

#include "core/ledger/view.h"
#include "core/search/search.h"
#include "core/vault/ingest.h"
#include "core/vault/verify.h"
#include "tests/simulation/world.h"

namespace wayside::simulation {
namespace {

constexpr int kMostRounds = 12;

std::string shown(const std::vector<Bytes>& values) {
  std::string out;
  for (const Bytes& value : values) {
    out += out.empty() ? "" : ", ";
    if (const Value decoded = decode_value(value); std::holds_alternative<Text>(decoded))
      out += std::get<Text>(decoded).utf8;
    else out += "0x" + to_hex(value);
  }
  return "{" + out + "}";
}

std::uint64_t number(vault::Vault& vault, std::string_view sql) {
  store::Query query = vault.store().database().query(sql);
  if (!need(query.next())) return 0;
  return static_cast<std::uint64_t>(query.integer(0));
}

/// Where an envelope lies that is not where it should be.
std::string place_of(vault::Vault& vault, const EnvelopeId& id) {
  const auto any = [&](std::string_view sql) {
    store::Query row = vault.store().database().query(sql, id);
    return need(row.next());
  };
  if (any("SELECT 1 FROM pending WHERE id = ?")) return " (it waits for something)";
  if (any("SELECT 1 FROM quarantine WHERE id = ? AND sealed != x''")) return " (it is kept apart)";
  if (any("SELECT 1 FROM quarantine WHERE id = ?")) return " (its id is kept apart)";
  return any("SELECT 1 FROM envelopes WHERE id = ?") ? " (it is in its ledger)" : " (nothing of it is there)";
}

}  // namespace

namespace {

/// What `held` says, where a value whose key has not come yet may stand for any that was written.
bool fits(std::vector<Bytes> held, const std::vector<Bytes>& written) {
  if (held.size() != written.size()) return false;
  std::erase(held, Bytes(ledger::kSealedValue));
  return std::includes(written.begin(), written.end(), held.begin(), held.end());
}

/// Which of `written` a value stands for whose key has not come.
std::vector<Bytes> sealed_of(const std::vector<Bytes>& held, const std::vector<Bytes>& written) {
  std::vector<Bytes> out;
  std::ranges::set_difference(written, held, std::back_inserter(out));
  return out;
}

}  // namespace

std::set<EnvelopeId> World::envelopes_in(Seat& seat) {
  std::set<EnvelopeId> out;
  store::Query ids = seat.vault->store().database().query("SELECT id FROM envelopes WHERE sealed != x''");
  while (need(ids.next())) out.insert(ids.id<EnvelopeId>(0));
  add_written_anew(seat, out);
  return out;
}

std::set<EnvelopeId> World::written_in(Seat& seat) {
  std::set<EnvelopeId> out;
  store::Query ids = seat.vault->store().database().query("SELECT id FROM envelopes WHERE own");
  while (need(ids.next())) out.insert(ids.id<EnvelopeId>(0));
  return out;
}

/// After every deed on a device, without any fault: what it took is there, and every field holds what it has to.
void World::check(Seat& seat) {
  const Law& law = law_of(seat);
  const std::set<EnvelopeId> present = envelopes_in(seat);
  for (const ModelSave& save : oracle_.saves()) {
    if (save.author != seat.number || save.state != ModelSave::State::accepted || save.gone || save.at_risk) continue;
    for (const EnvelopeId& id : Oracle::envelopes_of(save)) {
      if (is_erased(law, id)) continue;
      if (!present.contains(id) && is_elsewhere(seat, id)) continue;
      if (!present.contains(id)) violate("save lost", seat.name + " lost a save that it had taken: " + save.words);
    }
  }
  if (!shows_what_is_unverified(seat)) check_values(seat, present, Keys::may_come);
  check_put_down(seat);
}

void World::check_values(Seat& seat, const std::set<EnvelopeId>& present, Keys keys) {
  std::map<RecordId, std::optional<ledger::RecordRow>> rows;
  for (const auto& [place, values] : oracle_.expected(counting(seat, present))) {
    const auto [at, fresh] = rows.try_emplace(place.record);
    if (fresh) at->second = need(seat.vault->store().record(place.record));
    const ledger::FieldState* state = at->second ? at->second->state.field(place.field) : nullptr;
    std::vector<Bytes> held;
    if (state != nullptr) {
      for (const ledger::Held& each : state->held) held.push_back(each.value);
    }
    std::sort(held.begin(), held.end());
    const std::string where = names_[place.record] + ", field " + std::to_string(place.field) + " on " + seat.name;
    const bool may_be_sealed = keys == Keys::may_come || may_stay_sealed(place, sealed_of(held, values));
    if (held != values && !(may_be_sealed && fits(held, values)))
      violate("values",
              where + " holds " + shown(held) + " where " + shown(values) + " was written and not superseded");
    if (values.size() < 2 || values.front() == values.back() || held != values) continue;   // nobody decides about what is sealed
    const schema::Field* field = schema::current().field(at->second->state.type, place.field);
    if (field == nullptr || field->policy != schema::Policy::review || field->several) continue;
    store::Query review = seat.vault->store().database().query("SELECT 1 FROM reviews WHERE record = ? AND field = ?",
                                                               at->second->n, static_cast<std::int64_t>(place.field));
    if (!need(review.next()))
      violate("no review", where + " holds " + shown(values) + " and nobody is asked to decide");
  }
}

/// An address that somebody wrote whose right was taken: of her late work it may have been accepted without its key.
bool World::may_stay_sealed(const Place& place, const std::vector<Bytes>& values) {
  return std::ranges::all_of(values, [&](const Bytes& value) {
    return std::ranges::any_of(oracle_.saves(), [&](const ModelSave& save) {
      const bool wrote = std::ranges::any_of(save.writes, [&](const ModelWrite& write) {
        return write.record == place.record && write.field == place.field && write.value == value;
      });
      return wrote && stands_outside(*seats_.at(save.author));
    });
  });
}

void World::verify(Seat& seat) {
  const auto verified = vault::verify(*seat.vault, {});
  if (!verified) {
    if (!excused(seat)) violate("verify", seat.name + " cannot verify: " + verified.error().detail);
    return;
  }
  if (!verified->faults.empty() && !excused(seat))
    violate("verify", "verify on " + seat.name + ": " + verified->faults.front());
}

/// What the office acknowledged is durable there.
void World::check_office() {
  const std::set<EnvelopeId> held = held_by_office();
  for (const auto& seat : seats_) {
    // Whom the office shows nothing does not see that it was put back in secret: what she alone has of it stays with her.
    if (seat->alarmed || (office_went_back_ && stands_outside(*seat))) continue;
    std::set<EnvelopeId> waiting;
    need(seat->vault->store().each_outgoing([&waiting](const ledger::EnvelopeRow& row) -> Result<void> {
      waiting.insert(row.id);
      return {};
    }));
    add_written_anew(*seat, waiting);
    for (const ModelSave& save : oracle_.saves()) {
      if (save.author != seat->number || save.state != ModelSave::State::accepted || is_excused(save)) continue;
      for (const EnvelopeId& id : Oracle::envelopes_of(save)) {
        if (is_erased(law_, id)) continue;
        if (!waiting.contains(id) && !held.contains(id)) {
          violate("office lost", "the office acknowledged and lost a save of " + seat->name + ": " + save.words);
        }
      }
    }
  }
}

/// Faults end, everybody is there, and all reconcile until nothing moves any more.
void World::come_to_rest() {
  tell("All faults end; everybody reconciles.");
  office_trouble_ = line_trouble_ = false;
  office_limited_ = false;
  office_power_fails_after_.reset();
  office_disk_error_after_.reset();
  office_.machine().files->heal();
  deliver_late_requests(true);
  for (const auto& seat : seats_) {
    seat->away = seat->disk_limited = false;
    seat->line_faults.clear();
    seat->power_fails_after.reset();
    seat->disk_error_after.reset();
    seat->courier_killed_after.reset();
    seat->files().heal();
    (void)open(*seat);
    take_all_up(*seat);
  }
  all_join();
  Bytes before;
  bool alarms = false;
  for (int round = 0; round < kMostRounds; ++round) {
    Bytes standing;
    alarms = false;
    for (const auto& seat : seats_) {
      seat->alarmed = false;   // an alarm is told once, and then mended
      reconcile(*seat, true);
      alarms = alarms || seat->alarmed;
      check(*seat);
      // What is still to be sent makes no difference to its own records, but will to everybody else's.
      std::uint64_t unsent = 0;
      need(seat->vault->store().each_outgoing([&unsent](const ledger::EnvelopeRow&) -> Result<void> { return ++unsent, Result<void>{}; }));
      standing += need(casework::standing(*seat->vault)).digest.str() + std::to_string(seat->vault->envelopes()) + "-" +
                  std::to_string(unsent) + "-" + std::to_string(seat->vault->membership().size()) + "-" +
                  std::to_string(number(*seat->vault, "SELECT count(*) FROM quarantine")) + ";";
    }
    const bool decided = round > 0 && office_went_back_ && decide_branches();
    if (standing == before && !alarms && !decided) return;
    before = std::move(standing);
  }
  violate("no rest", "after " + std::to_string(kMostRounds) + " rounds of reconciling something still changes");
}

/// Whoever has a ticket joins. An office that was restored admits nobody before all devices of administrators have reconciled.
void World::all_join() {
  for (int round = 0; !newcomers_.empty(); ++round) {
    if (round == kMostRounds) violate("no rest", newcomers_.front()->name + " has a ticket, and cannot join in peace");
    std::vector<Seat*> waiting;
    for (const auto& seat : newcomers_) waiting.push_back(seat.get());
    for (Seat* seat : waiting) {
      seat->line_faults.clear();
      seat->files().heal();
      try_to_join(*seat, true);
    }
    if (newcomers_.empty()) return;
    for (const auto& seat : seats_) reconcile(*seat, true);
    confirm_restored_office();
    if (round > 0 && office_went_back_) {
      (void)decide_branches();
      for (Seat* seat : waiting) leave_unknown(*seat);
    }
  }
}

/// Whatever counts is there, and late work lies apart, wherever it reached the office.
void World::check_delivered(Seat& seat, const std::set<EnvelopeId>& at_office) {
  const std::set<EnvelopeId> present = envelopes_in(seat);
  std::set<EnvelopeId> apart;
  store::Query late = seat.vault->store().database().query("SELECT id FROM quarantine WHERE why = ?", static_cast<std::int64_t>(Errc::removed));
  while (need(late.next())) apart.insert(late.id<EnvelopeId>(0));
  add_what_they_stand_for(apart);
  for (const ModelSave& save : oracle_.saves()) {
    if (save.state != ModelSave::State::accepted || seats_.at(save.author)->alarmed || is_excused(save)) continue;
    for (const EnvelopeId& id : Oracle::envelopes_of(save)) {
      const auto written = written_.find(id);
      const bool is_late = written != written_.end() && !counts(law_, id);
      // The office may not take it; and to whom a ledger of late work was never granted, it does not give that.
      const bool is_given = !is_late || need(seat.vault->store().ledger(written->second.ledger)).has_value();
      if (!is_given) continue;
      const bool need_not_come = is_late || stands_outside(*seats_.at(save.author));
      if (is_erased(law_, id) || (need_not_come && !at_office.contains(id))) continue;
      if (!(is_late ? apart : present).contains(id)) {
        violate("not delivered", seat.name + " never got a save of " + seats_.at(save.author)->name + ": " + save.words +
                                     place_of(*seat.vault, id));
      }
    }
  }
}

/// Whoever looked is told of: every opening that was recorded stands in her own log, and in what an administrator reads of it who
/// always was one. Not where a store was put back or lived twice, since what was not sealed yet went with it; nor where the office
/// altered what it was given.
void World::check_reads_are_told() {
  const auto loses = [](const Step& step) {
    return step.deed == Deed::old_store_put_back || step.deed == Deed::device_restored || step.deed == Deed::device_cloned ||
           step.deed == Deed::office_alters;
  };
  if (std::ranges::any_of(plan_.steps, loses)) return;
  Seat& admin = *seats_.front();
  const auto& users = admin.vault->membership().users();
  const auto self = users.find(admin.vault->identity().user);
  const bool reads = self != users.end() && self->second.roles.size() == 1 && admin.vault->role() == membership::Role::admin &&
                     !stands_outside(admin) && !admin.alarmed && !admin.lied_to;
  for (const auto& seat : seats_) {
    if (!seat->vault || seat->alarmed || stands_outside(*seat)) continue;
    const std::size_t own = reads_of(*seat->vault, *seat->device, vault::AuditWhat::opened);
    if (own < seat->looked)
      violate("reading lost", seat->name + " opened " + std::to_string(seat->looked) + " times, and her log tells of " + std::to_string(own));
    // Sealed before she heard that a right was taken from her, it is late work like any other.
    const bool late = reads && !need(vault::late_work(*admin.vault, *seat->device)).empty();
    const std::size_t told = reads && !late ? reads_of(*admin.vault, *seat->device, vault::AuditWhat::opened) : own;
    if (told < own)
      violate("reading hidden", admin.name + " reads of " + std::to_string(told) + " openings of " + seat->name + ", who tells of " + std::to_string(own));
  }
}

void World::check_at_rest() {
  Seat* first = nullptr;
  learn_from_office();
  for (const auto& seat : seats_) {
    if (!files_.empty() && !stands_outside(*seat) && !seat->alarmed) fetch_files(*seat, true);
  }
  const std::set<EnvelopeId> at_office = held_by_office();
  for (const auto& seat : seats_) {
    verify(*seat);
    // What does not bear its author's signature any more is kept apart, and its worker asked to look at it.
    if (seat->lied_to && number(*seat->vault, "SELECT count(*) FROM quarantine") > 0) seat->alarmed = true;
    if (seat->alarmed) continue;  // it said so, keeps what it has, and takes nothing more
    if (stands_outside(*seat)) continue;  // it keeps what it has, and is told nothing more
    if (shows_what_is_unverified(*seat)) violate("not verified", seat->name + " began with a snapshot, and does not know yet whether it is true");
    check_values(*seat, envelopes_in(*seat), Keys::all_there);
    check_delivered(*seat, at_office);
    check_apart(*seat);
    check_nothing_is_left(*seat);
    check_files(*seat, Parts::all_there);
    const std::uint64_t pending = number(*seat->vault, "SELECT count(*) FROM pending");
    store::Query kept_apart = seat->vault->store().database().query("SELECT count(*) FROM quarantine WHERE why NOT IN (?, ?)",
                                                                    static_cast<std::int64_t>(Errc::removed), static_cast<std::int64_t>(Errc::erased));
    const std::uint64_t apart = need(kept_apart.next()) ? static_cast<std::uint64_t>(kept_apart.integer(0)) : 0;
    const std::uint64_t waiting = need(seat->vault->store().outgoing_count());
    const std::uint64_t missing =
        number(*seat->vault, "SELECT count(*) FROM announced WHERE ledger NOT IN (SELECT id FROM ledgers)");
    const bool kept_apart_is_right = liar_ != nullptr;
    // A copy that the office altered may name what never comes.
    if ((kept_apart_is_right || seat->lied_to ? 0 : pending + apart) + waiting + missing > 0) {
      violate("left over", seat->name + " has " + std::to_string(pending) + " waiting, " + std::to_string(apart) +
                               " kept apart, " + std::to_string(waiting) + " unsent, " + std::to_string(missing) +
                               " ledgers missing");
    }
    const Digest digest = need(casework::standing(*seat->vault)).digest;
    if (first == nullptr) {
      first = seat.get();
      outcome_.digest = digest;
    } else if (digest != outcome_.digest) {
      violate("digests differ",
              first->name + " and " + seat->name + " have taken in all there is and hold different things");
    }
  }
  check_reads_are_told();
  for (const auto& seat : seats_) {
    if (first != nullptr && stands_outside(*seat)) check_reads_nothing_new(*seat, *first);
  }
  if (office_was_restored_) {
    if (!office_.is_up()) need(office_.start());
    confirm_restored_office();
    const auto waits = need(office_.store().restoration());
    if (waits) violate("office waits", "all have reconciled, and the office waits for " + std::to_string(waits->devices.size()) + " devices of administrators");
  }
  office_.stop();
  check_office();
  check_office_forgot();
  check_files_erased();
}

}  // namespace wayside::simulation
