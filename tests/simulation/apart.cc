#include <algorithm>

#include "core/membership/grant.h"
#include "tests/simulation/world.h"

// Which envelopes count, who is out, and what is kept apart where: by the simulator's own reading of the membership log.

namespace wayside::simulation {

/// By the log as this vault holds it.
const Law& World::law_of(Seat& seat) {
  const membership::Log& log = seat.vault->membership();
  if (seat.law.newest() == log.head()) return seat.law;
  const bool goes_on = seat.law.newest() && log.number_of(*seat.law.newest()) == seat.law.size() - 1;
  if (!goes_on) seat.law = Law{};   // an older store was put back, or the root kept the other log
  store::Query entries = seat.vault->store().database().query("SELECT entry FROM membership WHERE number >= ? ORDER BY number",
                                                              static_cast<std::int64_t>(seat.law.size()));
  while (need(entries.next())) seat.law.take(entries.blob(0));
  return seat.law;
}

/// By the log as the office holds it.
void World::learn_from_office() {
  if (!office_.is_up()) return;
  const membership::Log& log = office_.store().log();
  if (law_.newest() == log.head()) return;
  const bool goes_on = law_.newest() && log.number_of(*law_.newest()) == law_.size() - 1;
  if (!goes_on) law_ = Law{};
  while (log.size() > law_.size()) {
    wire::pb::PullAnswer answer;
    need(office_.store().add_membership(law_.size(), 1 << 20, answer));
    for (const auto& entry : answer.membership()) law_.take(entry);
  }
}

bool World::is_out(Seat& seat) {
  learn_from_office();
  return seat.device && law_.removed(*seat.device);
}

/// Removed, in no team any more, or admitted by a log that an office lost.
bool World::stands_outside(Seat& seat) { return is_out(seat) || (seat.device && (law_.left(*seat.device) || !law_.knows(*seat.device))); }

void World::note_written(Seat& seat, const ModelSave& save) {
  for (const EnvelopeId& id : Oracle::envelopes_of(save)) {
    if (written_.contains(id)) continue;
    const auto row = need(seat.vault->store().envelope(id));
    if (!row || row->sealed.empty()) continue;
    const Law::Written& written = written_[id] = Law::read(row->sealed);
    store::Query parent = seat.vault->store().database().query("SELECT parent FROM ledgers WHERE n = ?", row->ledger);
    if (!need(parent.next())) continue;
    if (const auto of_case = LedgerId::from(parent.blob(0))) parents_[written.ledger] = *of_case;
  }
}

/// Itself, or what its author wrote in its place.
bool World::counts(const Law& law, const EnvelopeId& id) const {
  const auto found = written_.find(id);
  return found == written_.end() || law.counts(found->second) || std::ranges::any_of(written_anew_, [&](const auto& each) {
           return each.second.stems.contains(ledger::stem_of(id)) && law.counts(each.second.written);
         });
}

std::set<EnvelopeId> World::counting(Seat& seat, const std::set<EnvelopeId>& present) {
  const Law& law = law_of(seat);
  if (!law.judges()) return present;
  std::set<EnvelopeId> out;
  for (const EnvelopeId& id : present) {
    if (counts(law, id)) out.insert(id);
  }
  return out;
}

/// Kept apart is what is late, all of it, and nothing else: the program's own envelopes too.
void World::check_apart(Seat& seat) {
  const Law& law = law_of(seat);
  if (!law.judges()) return;
  store::Query rows = seat.vault->store().database().query(
      "SELECT sealed, id IN (SELECT id FROM quarantine WHERE why = ?1) FROM envelopes WHERE sealed != x'' "
      "UNION ALL SELECT sealed, 1 FROM quarantine WHERE why = ?1 AND sealed != x''",
      static_cast<std::int64_t>(Errc::removed));
  while (need(rows.next())) {
    const Law::Written written = Law::read(rows.blob(0));
    const bool apart = rows.integer(1) != 0;
    if (law.counts(written) != apart) continue;
    violate("judged wrongly", seat.name + (apart ? " keeps apart what counts" : " counts what is late work that nobody accepted"));
  }
}

/// A device that was removed or left, with every key that it has: of what was written by those who knew it opens nothing, wherever it got it.
void World::check_reads_nothing_new(Seat& out, Seat& reader) {
  const auto removed = law_.removed(*out.device);
  const auto since = removed ? removed : law_.left(*out.device);
  if (!since) return;
  store::Query rows = reader.vault->store().database().query(
      "SELECT e.sealed, e.grants, l.id FROM envelopes e JOIN ledgers l ON l.n = e.ledger WHERE e.sealed != x''");
  while (need(rows.next())) {
    const auto envelope = need(ledger::parse_envelope(rows.blob(0)));
    const auto head = law_.number_of(envelope.header.membership_head);
    if (!head || *head < *since || envelope.header.device == *out.device) continue;
    if (need(out.vault->store().has_envelope(envelope.id))) violate("reads on", out.name + " is out, and was given what was written since");
    const auto ledger = need(out.vault->store().ledger(rows.id<LedgerId>(2)));
    const bool has_key = ledger && out.vault->store().case_key(ledger->n, envelope.header.key_generation).has_value();
    bool opens = false;
    for (const Bytes& bytes : ledger::unpack_grants(rows.blob(1))) {
      opens = opens || out.vault->open_grant(need(membership::parse_grant(bytes))).has_value();
    }
    if (has_key || opens) violate("reads on", out.name + " is out, and could read what was written since");
  }
}

}  // namespace wayside::simulation
