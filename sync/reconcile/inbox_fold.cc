#include "core/vault/branches.h"
#include "core/vault/snapshot.h"
#include "core/vault/twin.h"
#include "core/vault/unconfirmed.h"
#include "sync/reconcile/parts.h"
#include "sync/spool/inbox.h"
#include "sync/spool/layout.h"
#include "sync/wire/heads.h"

namespace wayside::reconcile {
namespace {

vault::Parcel to_parcel(wire::pb::Parcel& in) {
  vault::Parcel out{std::move(*in.mutable_envelope()), {}};
  for (std::string& grant : *in.mutable_grants()) out.grants.push_back(std::move(grant));
  return out;
}

struct Folded {
  vault::Ingested totals;
  bool incomplete = false;    ///< an envelope has to be fetched that came as its id alone
  std::optional<Error> lie;   ///< what shows that the page is not what an honest office holds
};

/// Whether a membership entry that is not taken speaks against the office: not when this machine failed, nor when a later
/// version may well take it.
bool speaks_against_the_office(Errc code) {
  switch (code) {
    case Errc::too_large:
    case Errc::bad_input:
    case Errc::bad_signature:
    case Errc::not_a_member:
    case Errc::not_permitted:
    case Errc::stale_head:
    case Errc::fork:
    case Errc::already_exists:
    case Errc::wrong_office:
    case Errc::ticket_used:
    case Errc::ticket_unknown: return true;
    default: return false;
  }
}

/// What it means that the office shows an envelope.
enum class Shown {
  answered,    ///< it waits for no answer any more: not before, since an office that went back may have lost what it took
  confirmed,   ///< while all is in doubt (doubt.cc): that as well
  before,      ///< by an earlier generation of the office, while all is in doubt: that says nothing of the new one
};

Result<void> note_held(vault::Vault& vault, vault::Vault::Writing& writing, const EnvelopeId& id, Shown shown) {
  if (shown == Shown::before) return {};
  return shown == Shown::confirmed ? vault::confirm(vault, writing, id) : vault.store().clear_outgoing(writing.transaction(), id);
}

/// Late work that is kept apart here is held there as well.
Result<void> note_held(vault::Vault& vault, vault::Vault::Writing& writing, const vault::Parcel& parcel, Shown shown) {
  const auto envelope = ledger::parse_envelope(parcel.envelope);
  return envelope ? note_held(vault, writing, envelope->id, shown) : Result<void>{};
}

Result<Shown> meaning_of(vault::Vault& vault, const wire::pb::PullAnswer& page, Doubt doubt) {
  if (doubt == Doubt::none) return Shown::answered;
  WAYSIDE_TRY(const auto generation, generation_in_force(vault));
  if (generation && generation->view() != page.generation()) return Shown::before;
  return doubt == Doubt::asking ? Shown::confirmed : Shown::answered;
}

/// Ids come without their envelopes for what this device wrote itself, and for what was erased. And pages that came before a case
/// was put down have lost its envelopes (spool/forget.h): it is fetched from the beginning.
Result<bool> is_expected(vault::Vault& vault, const EnvelopeId& id, const LedgerId& ledger) {
  WAYSIDE_TRY(const bool held, vault.store().has_envelope(id));
  if (held || vault.membership().erased(ledger)) return true;
  WAYSIDE_TRY(const auto row, vault.store().ledger(ledger));
  return row && (row->erased || row->presence != ledger::LedgerRow::Presence::here);
}

/// Whose envelope it is, or says to be.
std::optional<EnvelopeId> id_of(const wire::pb::Delivery& delivery) {
  if (!delivery.has_parcel()) return EnvelopeId::from(delivery.id());
  const auto parsed = ledger::parse_envelope(delivery.parcel().envelope());
  return parsed ? std::optional(parsed->id) : EnvelopeId::from(delivery.id());
}

Result<bool> is_covered(vault::SnapshotCheck& snapshot, const wire::pb::Delivery& delivery, const vault::Parcel& parcel) {
  const auto envelope = ledger::parse_envelope(parcel.envelope);
  const auto ledger = LedgerId::from(delivery.ledger());
  if (!envelope || !ledger || envelope->header.ledger != *ledger) return false;
  return snapshot.covers(*ledger, delivery.lsn(), envelope->id);
}

/// The courier lets no gap through. So the vault has fewer than it once told: an older store was put in its place.
Result<bool> lacks_entries_before(const vault::Vault& vault, const std::vector<Bytes>& entries) {
  if (entries.empty()) return false;
  const auto first = membership::parse_entry(entries.front());
  return first && first->entry.number > vault.membership().size();
}

/// One page: membership first, since envelopes are judged by it. An own envelope comes back as its id alone: then the
/// office has it.
Result<Folded> fold_page(vault::Vault& vault, wire::pb::PullAnswer& page, Shown shown) {
  Folded out;
  const std::vector<Bytes> entries(page.membership().begin(), page.membership().end());
  if (!entries.empty()) WAYSIDE_OK(vault::heed_branches(vault, entries));
  WAYSIDE_TRY(const bool lacks_entries, lacks_entries_before(vault, entries));
  WAYSIDE_TRY(auto writing, vault.begin());
  if (lacks_entries) {
    WAYSIDE_OK(note_doubt(vault, writing));
    WAYSIDE_OK(vault.store().set_meta_number(writing.transaction(), vault::kStorePutBack, 1));
    WAYSIDE_OK(std::move(writing).commit());
    out.incomplete = true;
    return out;
  }
  vault::Ingest ingest(vault, writing);
  WAYSIDE_TRY(auto snapshot, vault::SnapshotCheck::open(vault));
  if (auto taken = ingest.membership(entries); !taken) {
    if (!speaks_against_the_office(taken.error().code)) return std::unexpected(taken.error());
    // The transaction ends here with nothing done: no envelope is judged by such a log.
    const bool fork = taken.error().code == Errc::fork;
    out.lie = Error{fork ? Errc::fork : Errc::bad_signature,
                    "an entry of the membership log: " + std::string(name_of(taken.error().code)) + ", " + taken.error().detail};
    return out;
  }
  std::vector<Delivered> delivered;
  for (wire::pb::Delivery& delivery : *page.mutable_deliveries()) {
    if (const auto id = id_of(delivery)) delivered.push_back({*LedgerId::from(delivery.ledger()), delivery.lsn(), *id});
    if (delivery.has_parcel()) {
      vault::Parcel parcel = to_parcel(*delivery.mutable_parcel());
      if (snapshot.in_use()) {
        WAYSIDE_TRY(parcel.covered, is_covered(snapshot, delivery, parcel));
      }
      WAYSIDE_TRY(const vault::Outcome outcome, ingest.parcel(parcel));
      const bool was_here = outcome == vault::Outcome::known || outcome == vault::Outcome::quarantined;
      if (was_here) WAYSIDE_OK(note_held(vault, writing, parcel, shown));
    } else if (const auto id = EnvelopeId::from(delivery.id())) {
      WAYSIDE_OK(note_held(vault, writing, *id, shown));
      WAYSIDE_TRY(const bool expected, is_expected(vault, *id, *LedgerId::from(delivery.ledger())));
      if (expected) continue;
      out.incomplete = true;
      if (shown == Shown::confirmed) out.lie = Error{Errc::bad_signature, "an envelope said to be this device's own, and not held here"};
      else WAYSIDE_OK(note_doubt(vault, writing));   // its bytes are asked for then
    }
  }
  if (snapshot.in_use()) WAYSIDE_OK(snapshot.end_page(writing));
  WAYSIDE_OK(note_places(vault, writing, page, delivered));
  WAYSIDE_OK(std::move(writing).commit());
  out.totals = ingest.totals();
  if (out.totals.unverified > 0) out.lie = Error{Errc::bad_signature, "the office sent what its author did not sign so"};
  return out;
}

/// The courier has compared the heads; only the vault holds the membership log that says whose key must have signed. Nothing
/// when they do not fit, and when there are none to compare.
std::optional<wire::Heads> signed_heads(const vault::Vault& vault, const wire::pb::PullAnswer& page, bool& fit) {
  const auto& office = vault.membership().office();
  fit = true;
  if (page.heads().empty() || !office) return std::nullopt;
  const auto heads = wire::verify_heads(page.heads(), office->sign_public);
  fit = heads && heads->organisation == vault.identity().organisation;
  return fit ? std::optional(*heads) : std::nullopt;
}

}  // namespace

Result<Folding> fold_pages(vault::Vault& vault, const Options& options) {
  Folding out;
  std::optional<Error> lie;
  WAYSIDE_TRY(auto inbox, spool::InboxReader::open(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  for (;;) {
    WAYSIDE_TRY(auto page, inbox.next());
    if (!page) break;
    // Whoever hides the screen in a hurry waits for one page at most.
    out.stopped_early = options.stop_asked();
    if (out.stopped_early) break;
    WAYSIDE_TRY(const Doubt doubt, doubt_of(vault));
    WAYSIDE_TRY(const Shown shown, meaning_of(vault, page->page, doubt));
    WAYSIDE_TRY(Folded result, fold_page(vault, page->page, shown));
    // The courier cannot see it and believes that it holds this page: it must fetch it again, from whoever answers then.
    if (result.lie || result.incomplete) WAYSIDE_OK(inbox.note_false(page->number));
    // Only after the commit: a crash in between folds the page once more, which changes nothing.
    WAYSIDE_OK(inbox.mark_folded(page->number));
    const vault::Ingested& folded = result.totals;
    out.totals.applied += folded.applied;
    out.totals.known += folded.known;
    out.totals.pending += folded.pending;
    out.totals.quarantined += folded.quarantined;
    bool fit = true;
    if (auto heads = signed_heads(vault, page->page, fit)) out.heads = std::move(heads);
    if (!result.lie && !fit)
      result.lie = Error{Errc::bad_signature, "the office's statement of its heads"};
    if (!lie) lie = std::move(result.lie);
    options.progress({Progress::Phase::folding, out.totals.applied, 0});
  }
  // What was verified by its author's signature stays folded; but whoever answered is not the office it should be.
  if (lie) return std::unexpected(*std::move(lie));
  return out;
}

}  // namespace wayside::reconcile
