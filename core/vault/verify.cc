#include "core/vault/verify.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/ledger/apply.h"
#include "core/ledger/store_schema.h"
#include "core/ledger/view.h"
#include "core/membership/grant.h"
#include "core/search/search.h"
#include "core/vault/audit.h"
#include "core/vault/branches.h"
#include "core/vault/erasure.h"
#include "core/vault/ingest.h"
#include "core/vault/judging.h"
#include "core/vault/receipts.h"
#include "core/vault/refold.h"
#include "core/vault/snapshot.h"
#include "core/vault/twin.h"

namespace wayside::vault {
namespace {

class Verifier {
 public:
  Verifier(Vault& vault, const std::function<void(std::uint64_t, std::uint64_t)>& progress)
      : vault_(vault), store_(vault.store()), progress_(progress) {}

  Result<Verification> run() {
    if (const auto pages = store_.database().checkpoint(); !pages) fault("the store could not be written back: " + pages.error().detail);
    if (const auto pages = store_.database().check_integrity(); !pages) fault("pages of the store do not fit: " + pages.error().detail);
    WAYSIDE_OK(store_.unfold_all());
    if (const auto ids = store_.check_ids(); !ids) fault("rows are not found by their ids: " + ids.error().detail);
    if (const auto anchor = vault_.check_anchor(); !anchor) fault(anchor.error().detail);
    WAYSIDE_OK(check_chain());
    WAYSIDE_OK(check_erased());
    WAYSIDE_OK(check_snapshot());
    WAYSIDE_OK(check_ledgers());
    WAYSIDE_OK(check_audit());
    if (const auto index = search::check(vault_); !index) fault("the search index differs from the records. Search again after `verify` made it anew");
    WAYSIDE_OK(tell_copies());
    WAYSIDE_OK(tell_contradictions());
    WAYSIDE_TRY(const auto branches, undecided_branches(vault_));
    for (const Branching& each : branches) out_.notes.push_back(sentence_of(vault_, each));
    WAYSIDE_TRY(out_.pending, count("SELECT count(*) FROM pending"));
    WAYSIDE_TRY(out_.quarantined, count("SELECT count(*) FROM quarantine"));
    return std::move(out_);
  }

  Result<std::vector<std::string>> run_one(std::int64_t ledger) {
    WAYSIDE_OK(check_ledger(ledger));
    return std::move(out_.faults);
  }

 private:
  void fault(std::string sentence) { out_.faults.push_back(std::move(sentence)); }

  template <class... Args>
  Result<std::uint64_t> count(std::string_view sql, const Args&... args) {
    store::Query query = store_.database().query(sql, args...);
    WAYSIDE_OK(query.next());
    return static_cast<std::uint64_t>(query.integer(0));
  }

  Result<void> tell_copies() {
    WAYSIDE_TRY(const Copied copied, last_copy(vault_));
    if (copied.how == Copy::put_back) out_.notes.push_back("an older copy of this casebook was put in its place once; it went on under a new name for its changes");
    if (copied.how == Copy::twin) out_.notes.push_back("a second copy of this casebook was at work; this one went on under a new name for its changes");
    if (copied.how == Copy::elsewhere) out_.notes.push_back("a second copy of this casebook was at work");
    return {};
  }

  Result<void> tell_contradictions() {
    WAYSIDE_TRY(const Contradictions found, contradictions(vault_));
    for (const Contradiction& each : found.kept) {
      const bool withheld = each.kind == Contradiction::Kind::withheld;
      out_.notes.push_back("the office " + std::string(withheld ? "kept changes from this device" : "showed two histories") + " of ledger " +
                           to_text(each.ledger) + ": device " + to_text(each.device) + " has signed head " + to_text(each.theirs.head) +
                           " at entry " + std::to_string(each.theirs.lsn) + ", and here stood " + to_text(each.ours.head) + " at entry " +
                           std::to_string(each.ours.lsn));
    }
    if (found.more > 0) out_.notes.push_back("and " + std::to_string(found.more) + " more of the kind");
    return {};
  }

  /// The chain over envelope ids in the order they came: an envelope taken out or put back shows.
  Result<void> check_chain() {
    Digest chain;
    store::Query ids = store_.database().query("SELECT id FROM envelopes ORDER BY n");
    for (;;) {
      WAYSIDE_TRY(const bool row, ids.next());
      if (!row) break;
      chain = Vault::next_chain(chain, ids.id<EnvelopeId>(0));
      ++out_.envelopes;
    }
    if (out_.envelopes != vault_.envelopes() || chain != vault_.chain()) fault("the ledger table is not the one that was written");
    return {};
  }

  /// Of an erased case nothing is left, only such a case lacks its envelopes, and a certificate stands for it.
  Result<void> check_erased() {
    constexpr std::string_view kLeft =
        "SELECT (SELECT count(*) FROM envelopes e JOIN ledgers l ON l.n = e.ledger WHERE l.kind = ?1 AND (e.sealed != x'' OR e.grants != x'')) + "
        "(SELECT count(*) FROM ledgers l WHERE l.kind = ?1 AND l.keys != x'') + "
        "(SELECT count(*) FROM records r JOIN ledgers l ON l.n = r.ledger WHERE l.kind = ?1)";
    WAYSIDE_TRY(const std::uint64_t left, count(kLeft, ledger::kErasedKind));
    if (left > 0) fault("something of an erased case is still in the store");
    WAYSIDE_TRY(const std::uint64_t bare, count("SELECT count(*) FROM envelopes e JOIN ledgers l ON l.n = e.ledger JOIN authors a ON a.n = e.author "
                                                "WHERE l.kind != ? AND (e.sealed = x'') != (a.device IN (?, ?))", ledger::kErasedKind, kNobody, kElsewhere));
    if (bare > 0) fault("envelopes without content stand in a case that was not erased, and were not written anew");
    // Of a case that was put down nothing is left either, and of one that is here nothing is elsewhere but what is kept apart.
    constexpr std::string_view kPutDown =
        "SELECT (SELECT count(*) FROM envelopes e JOIN ledgers l ON l.n = e.ledger WHERE l.kind BETWEEN ?2 AND ?1 AND (e.sealed != x'' OR e.grants != x'')) + "
        "(SELECT count(*) FROM ledgers l WHERE l.kind BETWEEN ?2 AND ?1 AND l.keys != x'') + "
        "(SELECT count(*) FROM records r JOIN ledgers l ON l.n = r.ledger WHERE l.kind BETWEEN ?2 AND ?1)";
    WAYSIDE_TRY(const std::uint64_t kept, count(kPutDown, ledger::kPutDownKinds, ledger::kAwaitedKinds + 1));
    if (kept > 0) fault("something of a case that was put down is still in the store");
    WAYSIDE_TRY(const std::uint64_t gone, count("SELECT count(*) FROM envelopes e JOIN ledgers l ON l.n = e.ledger JOIN authors a ON a.n = e.author "
                                                "WHERE l.kind > 0 AND a.device = ? AND e.id NOT IN (SELECT id FROM quarantine)", kElsewhere));
    if (gone > 0) fault("something of a case that is carried is not here");
    WAYSIDE_TRY(const auto unfinished, erasures_not_carried_out(vault_));
    if (!unfinished.empty()) fault("a case that was erased is still here");
    store::Query erased = store_.database().query("SELECT id, parent FROM ledgers WHERE kind = ?", ledger::kErasedKind);
    for (;;) {
      WAYSIDE_TRY(const bool row, erased.next());
      if (!row) return {};
      ++out_.erased;
      const auto parent = LedgerId::from(erased.blob(1));
      const membership::Log& log = vault_.membership();
      if (!log.erased(erased.id<LedgerId>(0)) && !(parent && log.erased(*parent))) fault("a case was erased without a certificate");
    }
  }

  /// It goes on being told who published a false one, though nothing of it is left.
  Result<void> check_snapshot() {
    WAYSIDE_TRY(const auto use, snapshot_use(vault_));
    if (!use || use->trust != Trust::false_) return {};
    fault("the snapshot that " + vault_.device_name(use->publisher) +
          " published is not what the envelopes say. It was discarded; nothing of it is shown");
    return {};
  }

  Result<void> check_audit() {
    WAYSIDE_TRY(const auto found, audit_faults(vault_));
    for (const std::string& each : found) fault(each);
    return {};
  }

  Result<void> check_ledgers() {
    std::vector<std::int64_t> all;
    {
      store::Query ledgers = store_.database().query("SELECT n FROM ledgers ORDER BY n");
      for (;;) {
        WAYSIDE_TRY(const bool row, ledgers.next());
        if (!row) break;
        all.push_back(ledgers.integer(0));
      }
    }
    for (const std::int64_t ledger : all) {
      WAYSIDE_OK(check_ledger(ledger));
      if (progress_) progress_(++out_.ledgers, all.size());
      else ++out_.ledgers;
    }
    return {};
  }

  /// Folds the ledger again from its sealed envelopes and compares with what the store shows.
  Result<void> check_ledger(std::int64_t ledger) {
    WAYSIDE_TRY(const bool unchecked, is_unchecked(vault_, ledger));
    if (unchecked) {
      ++out_.unverified;
      return {};
    }
    Folded folded;
    Places places;
    WAYSIDE_TRY(const auto row_of_ledger, store_.ledger(ledger));
    WAYSIDE_TRY(apart_, kept_apart(vault_, row_of_ledger->id));
    WAYSIDE_OK(store_.each_envelope(ledger, [&](const ledger::EnvelopeRow& each) -> Result<void> {
      if (const auto good = refold(*row_of_ledger, each, folded, places); !good) {
        fault("envelope " + to_text(each.id).substr(0, 12) + " does not fit: " + good.error().detail);
      }
      return {};
    }));
    WAYSIDE_OK(check_places(places));
    WAYSIDE_TRY(const auto rows, store_.records_in(ledger));
    std::size_t matched = 0;
    for (const ledger::RecordRow& row : rows) {
      const auto found = folded.find(row.id);
      if (found != folded.end() && found->second.type == row.state.type && encode(found->second) == encode(row.state)) ++matched;
      else fault("record " + to_text(row.id) + " is not what its ledger says");
      WAYSIDE_OK(check_reviews(row));
    }
    if (matched != folded.size()) fault("a record is missing from the store");
    out_.records += rows.size();
    return {};
  }

  /// Where each envelope of a ledger stands in its device's sequence, and which it names as the one before.
  struct Place { EnvelopeId id; std::optional<EnvelopeId> prev; };
  using Places = std::map<std::tuple<DeviceId, IncarnationId, std::uint64_t>, Place>;

  /// The one before may have been kept apart, or written anew; then its place is empty here.
  Result<void> check_places(const Places& places) {
    for (const auto& [place, envelope] : places) {
      if (!envelope.prev) continue;
      const auto& [device, incarnation, seq] = place;
      const auto before = places.find({device, incarnation, seq - 1});
      bool fits = before != places.end() && before->second.id == *envelope.prev;
      if (before == places.end()) {
        WAYSIDE_TRY(fits, store_.database().query("SELECT 1 FROM quarantine WHERE id = ?1 UNION ALL "
                                              "SELECT 1 FROM envelopes WHERE id = ?1 AND sealed = x''", *envelope.prev).next());
      }
      if (!fits) fault("envelope " + to_text(envelope.id).substr(0, 12) + " does not fit: its chain");
    }
    return {};
  }

  /// The wraps that the header names are there: it could not be handed on otherwise.
  Result<void> check_grants(const ledger::EnvelopeRow& each, const ledger::Header& header) {
    WAYSIDE_TRY(const auto grants, store_.grants_of_envelope(each.n));
    std::vector<GrantHash> named = header.grants;
    std::vector<GrantHash> kept;
    for (const Bytes& grant : grants) kept.push_back(membership::hash_of_grant(grant));
    std::sort(named.begin(), named.end());
    std::sort(kept.begin(), kept.end());
    return named == kept ? Result<void>{} : fail(Errc::corrupt, "its grants");
  }

  Result<void> refold(const ledger::LedgerRow& ledger, const ledger::EnvelopeRow& each, Folded& folded, Places& places) {
    WAYSIDE_TRY(const OpenedEnvelope opened, open_stored(vault_, each));
    const ledger::Header& header = opened.envelope.header;
    places[{header.device, header.incarnation, header.seq}] = {each.id, header.prev};
    const membership::Log& log = vault_.membership();
    WAYSIDE_TRY(const auto objection, vault::objection(vault_, ledger, place_of(opened.envelope), *log.number_of(header.membership_head)));
    const bool apart = apart_.contains(each.id);
    if (objection == Errc::not_a_member) return fail(Errc::not_a_member, "its author");
    if (objection.has_value() != apart) return fail(Errc::removed, "whether it counts");
    if (!ledger::signed_by(opened.envelope, log.device(header.device)->entry.sign_public)) return fail(Errc::bad_signature, "its signature");
    WAYSIDE_OK(check_grants(each, header));
    if (!apart) fold_into(folded, opened);
    return {};
  }

  Result<void> check_reviews(const ledger::RecordRow& row) {
    std::set<std::uint32_t> expected;
    for (const auto& [id, state] : row.state.fields) {
      const bool waits = id == ledger::kArchivedFieldId
                             ? ledger::archived(row.state).needs_review
                             : ledger::view(schema::current().field(row.state.type, id), state).needs_review;
      if (waits) expected.insert(id);
    }
    std::set<std::uint32_t> kept;
    store::Query reviews = store_.database().query("SELECT field FROM reviews WHERE record = ?", row.n);
    for (;;) {
      WAYSIDE_TRY(const bool more, reviews.next());
      if (!more) break;
      kept.insert(static_cast<std::uint32_t>(reviews.integer(0)));
    }
    if (kept != expected) fault("reviews of record " + to_text(row.id) + " are not what its values call for");
    return {};
  }

  Vault& vault_;
  ledger::LedgerStore& store_;
  const std::function<void(std::uint64_t, std::uint64_t)>& progress_;
  std::set<EnvelopeId> apart_;   ///< of the ledger that is looked at
  Verification out_;
};

}  // namespace

Result<std::vector<std::string>> verify_ledger(Vault& vault, std::int64_t ledger) {
  const std::function<void(std::uint64_t, std::uint64_t)> nobody;
  return Verifier(vault, nobody).run_one(ledger);
}

Result<Verification> verify(Vault& vault, const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  return Verifier(vault, progress).run();
}

}  // namespace wayside::vault
