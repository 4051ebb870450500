#include <algorithm>

#include "sync/enrol/erase_case.h"
#include "sync/reconcile/reconcile.h"
#include "tests/simulation/world.h"

// A case is erased while others write in it, some of them offline for weeks. In the end nothing of it is anywhere.

namespace wayside::simulation {

void World::erase(Seat& admin, Dice dice) {
  if (!membership::administers(admin.vault->role())) return;
  const auto target =
      some_record(admin, dice, [](const schema::RecordType* type) { return type != nullptr && type->name == "case"; });
  // The first case is where people meet: it mostly stays.
  const bool first = target && target->id == oracle_.records().front().id;
  if (!target || (first && !dice.one_in(3)) || !reconcile(admin, false)) return;
  if (!need(admin.vault->store().record(target->id))) return;   // by a try that was cut off
  administer(admin, "erasure", "erases " + names_[target->id], [&](enrol::MembershipLine& line) -> Result<void> {
    WAYSIDE_TRY(const auto ledgers, enrol::erase_case(*admin.vault, {target->id, "she asked", true}, &line));
    (void)ledgers;
    return wayside::reconcile::let_go_of_erased(*admin.vault, nullptr);
  });
}

/// By a certificate of its own, or with its case.
bool World::is_erased(const Law& law, const EnvelopeId& id) const {
  const auto found = written_.find(id);
  if (found == written_.end()) return false;
  const auto parent = parents_.find(found->second.ledger);
  return law.erased(found->second.ledger) || (parent != parents_.end() && law.erased(parent->second));
}

namespace {

bool holds(const Bytes& file, const Bytes& piece) { return file.find(piece) != Bytes::npos; }

}  // namespace

/// No record, no sealed byte in the store, in what waits, in what is kept apart, or in a file of the spool.
void World::check_nothing_is_left(Seat& seat) {
  const Law& law = law_of(seat);
  std::set<RecordId> lives, gone;
  std::vector<Bytes> pieces;
  for (const ModelSave& save : oracle_.saves()) {
    for (const ModelWrite& write : save.writes) {
      if (write.envelope) (is_erased(law, *write.envelope) ? gone : lives).insert(write.record);
    }
  }
  if (gone.empty()) return;
  for (const RecordId& id : gone) {
    if (!lives.contains(id) && need(seat.vault->store().record(id))) violate("not erased", seat.name + " still has " + names_[id]);
  }
  store::Query rows = seat.vault->store().database().query(
      "SELECT sealed FROM envelopes WHERE sealed != x'' UNION ALL SELECT sealed FROM pending UNION ALL "
      "SELECT sealed FROM quarantine WHERE sealed != x''");
  while (need(rows.next())) {
    const auto envelope = ledger::parse_envelope(rows.blob(0));
    if (envelope && is_erased(law, envelope->id)) violate("not erased", seat.name + " still has an envelope of an erased case");
  }
  const auto files = seat.files().contents();
  const std::string spool = wayside::reconcile::spool_folder(kHome).string();
  for (const auto& [id, written] : written_) {
    if (!is_erased(law, id)) continue;
    for (const auto& [name, bytes] : files) {
      if (name.starts_with(spool) && holds(bytes, written.piece)) violate("not erased", seat.name + " has a piece of an erased case in " + name);
    }
  }
}

/// The office lets go of what a certificate names. A compartment that nobody knew of then it keeps, until somebody signs for that.
void World::check_office_forgot() {
  const auto files = office_.machine().files->contents();
  for (const auto& [id, written] : written_) {
    if (!law_.erased(written.ledger)) continue;
    for (const auto& [name, bytes] : files) {
      const bool own = name.starts_with(kOfficeData.string());   // what lies in a backup is the operator's to delete
      if (own && holds(bytes, written.piece)) violate("not erased", "the office has a piece of an erased case in " + name);
    }
  }
}

}  // namespace wayside::simulation
