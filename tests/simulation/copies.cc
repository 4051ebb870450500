#include <array>

#include "core/vault/refold.h"
#include "core/vault/twin.h"
#include "tests/simulation/world.h"

// A device that lives twice: its store or its whole disk is put back from a copy, or somebody goes on with a copy on another
// machine. Nobody tells the vault.

namespace wayside::simulation {
namespace {

constexpr std::size_t kMostSeats = 8;

}  // namespace

/// The first time the store is copied; afterwards the copy takes its place, while header and spool stay as they are.
void World::put_old_store_back(Seat& seat) {
  static constexpr std::array kFiles{"store.db", "store.db-wal"};
  support::FakeFiles& files = seat.files();
  if (!open(seat) || excused(seat) || office_limited_) return;
  if (!seat.old_store) {
    tell("Somebody copies the store of " + seat.name + ".");
    seat.old_store.emplace();
    const auto all = files.contents();
    for (const char* name : kFiles) {
      if (const auto found = all.find((kHome / name).string()); found != all.end())
        (*seat.old_store)[name] = found->second;
    }
    return;
  }
  const std::uint64_t before = seat.vault->envelopes();
  seat.vault.reset();
  for (const char* name : kFiles) {
    need(files.remove(kHome / name));
    const auto old = seat.old_store->find(name);
    if (old == seat.old_store->end()) continue;
    const auto file = need(files.open(kHome / name, platform::OpenMode::create));
    need(file->write_at(0, old->second));
    need(file->sync());
  }
  need(files.sync_folder(kHome));
  seat.old_store.reset();
  count(Deed::old_store_put_back);
  tell("Somebody puts the old store of " + seat.name + " back.");
  expect_noticed(seat, before);
}

void World::expect_noticed(Seat& seat, std::uint64_t envelopes_before) {
  seat.forms.clear();
  mark_what_went(seat);
  if (!seat.vault->check_anchor()) violate("not anchored", "an old store was put back on " + seat.name + ", and is not anchored");
  if (seat.vault->envelopes() == envelopes_before) return;  // nothing had been written since
  if (need(vault::last_copy(*seat.vault)).how != vault::Copy::put_back)
    violate("not noticed", "an old store was put back on " + seat.name + ", and nothing tells");
}

/// All of the disk and the key store, on a machine of its own; both go on.
void World::clone(Seat& seat) {
  if (seats_.size() >= kMostSeats || !open(seat) || excused(seat)) return;
  count(Deed::device_cloned);
  auto twin = std::make_unique<Seat>();
  twin->number = static_cast<unsigned>(seats_.size());
  twin->original = seat.original;
  twin->name = seat.name + "'s copy " + std::to_string(twin->number);
  twin->machine = seat.machine->copy();
  twin->contradicted = seat.contradicted;   // it has heard what the other has
  twin->lied_to = seat.lied_to;
  twin->machine->random = support::FakeRandom(now_->dice ^ twin->number);
  twin->machine->network.answer_with([this, at = twin.get()](const platform::HttpCall& call) { return network(*at, call); });
  tell("Somebody copies all of " + seat.name + " to another machine, and goes on with both.");
  seats_.push_back(std::move(twin));
}

/// The first time a backup is made; afterwards it is put back, and the next time there is a new one.
void World::restore(Seat& seat) {
  if (!open(seat) || excused(seat) || office_limited_) return;
  if (!seat.backup) {
    tell("Somebody makes a backup of " + seat.name + ".");
    seat.backup = seat.machine->copy();
    return;
  }
  count(Deed::device_restored);
  tell("The disk of " + seat.name + " is put back from the backup.");
  seat.vault.reset();
  seat.machine->files = std::move(seat.backup->files);
  seat.backup.reset();
  seat.old_store.reset();
  seat.forms.clear();
  mark_what_went(seat);
}

/// Of what was saved since, that which nobody else has is gone for good; what the office has must come back.
void World::mark_what_went(Seat& seat) {
  std::set<EnvelopeId> here;
  platform::Env env = seat.machine->env();
  seat.vault = need(vault::Vault::open(env, kHome, passphrase()));
  here = envelopes_in(seat);
  const std::set<EnvelopeId> there = held_by_office();
  for (std::size_t number = 0; number < oracle_.saves().size(); ++number) {
    ModelSave& save = oracle_.save(number);
    if (save.author != seat.number || save.state != ModelSave::State::accepted) continue;
    for (const EnvelopeId& id : Oracle::envelopes_of(save)) {
      if (here.contains(id)) continue;
      (there.contains(id) ? save.at_risk : save.gone) = true;
    }
  }
}

/// Ids in its log, and of which the content stands there written anew.
std::set<EnvelopeId> World::held_by_office() {
  std::set<EnvelopeId> held;
  office_.stop();
  platform::Env env = office_.machine().env();
  const auto database = need(
      store::Database::open_plain(env, office::DataFolder::store_in(kOfficeData), store::Database::Mode::existing));
  store::Query ids = database->query("SELECT id FROM log");
  while (need(ids.next())) {
    held.insert(ids.id<EnvelopeId>(0));
  }
  add_what_they_stand_for(held);
  return held;
}

/// Envelopes of a later incarnation than a device joined with stand for those whose dots they carry.
void World::add_written_anew(Seat& seat, std::set<EnvelopeId>& present) {
  std::vector<ledger::EnvelopeRow> unread;
  {
    store::Query rows = seat.vault->store().database().query(
        "SELECT e.n, e.id, e.ledger, e.sealed, a.device, a.incarnation FROM envelopes e JOIN authors a ON a.n = e.author WHERE e.sealed != x''");
    while (need(rows.next())) {
      const auto* device = seat.vault->membership().device(rows.id<DeviceId>(4));
      if (device == nullptr || device->entry.incarnation == rows.id<IncarnationId>(5)) continue;
      const auto id = rows.id<EnvelopeId>(1);
      if (!written_anew_.contains(id)) unread.push_back({rows.integer(0), id, rows.integer(2), Bytes(rows.blob(3))});
    }
  }
  for (const ledger::EnvelopeRow& row : unread) {
    WrittenAnew& anew = written_anew_[row.id];
    anew.written = Law::read(row.sealed);
    const auto opened = vault::open_stored(*seat.vault, row);
    if (!opened) continue;
    for (const auto& record : opened->change.records) {
      for (const auto& write : record.writes) {
        if (write.original) anew.stems.insert(write.original->envelope);
      }
    }
  }
  add_what_they_stand_for(present);
}

void World::add_what_they_stand_for(std::set<EnvelopeId>& present) {
  std::set<EnvelopeId> added;
  for (const EnvelopeId& id : present) {
    const auto anew = written_anew_.find(id);
    if (anew == written_anew_.end()) continue;
    for (const auto& stem : anew->second.stems) {
      if (const auto stands_for = oracle_.envelope_of(stem)) added.insert(*stands_for);
    }
  }
  present.merge(added);
}

}  // namespace wayside::simulation
