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

/// One page: membership first, since envelopes are judged by it. An own envelope comes back as its id alone: then the
/// office has it.
Result<vault::Ingested> fold_page(vault::Vault& vault, wire::pb::PullAnswer& page) {
  WAYSIDE_TRY(auto writing, vault.begin());
  vault::Ingest ingest(vault, writing);
  const std::vector<Bytes> entries(page.membership().begin(), page.membership().end());
  WAYSIDE_OK(ingest.membership(entries));
  for (wire::pb::Delivery& delivery : *page.mutable_deliveries()) {
    if (delivery.has_parcel()) {
      WAYSIDE_OK(ingest.parcel(to_parcel(*delivery.mutable_parcel())));
    } else if (const auto id = EnvelopeId::from(delivery.id())) {
      WAYSIDE_OK(vault.store().clear_outgoing(writing.transaction(), *id));
    }
  }
  WAYSIDE_OK(std::move(writing).commit());
  return ingest.totals();
}

/// The courier has compared the heads; only the vault holds the membership log that says whose key must have signed.
bool heads_fit(const vault::Vault& vault, const wire::pb::PullAnswer& page) {
  const auto& office = vault.membership().office();
  if (page.heads().empty() || !office) return true;
  const auto heads = wire::verify_heads(page.heads(), office->sign_public);
  return heads && heads->organisation == vault.identity().organisation;
}

}  // namespace

Result<Folding> fold_pages(vault::Vault& vault, const Options& options) {
  Folding out;
  bool heads_are_good = true;
  WAYSIDE_TRY(auto inbox, spool::InboxReader::open(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  for (;;) {
    WAYSIDE_TRY(auto page, inbox.next());
    if (!page) break;
    // Whoever hides the screen in a hurry waits for one page at most.
    out.stopped_early = options.stop_asked();
    if (out.stopped_early) break;
    WAYSIDE_TRY(const vault::Ingested folded, fold_page(vault, page->page));
    // Only after the commit: a crash in between folds the page once more, which changes nothing.
    WAYSIDE_OK(inbox.mark_folded(page->number));
    out.totals.applied += folded.applied;
    out.totals.known += folded.known;
    out.totals.pending += folded.pending;
    out.totals.quarantined += folded.quarantined;
    heads_are_good = heads_are_good && heads_fit(vault, page->page);
    options.progress({Progress::Phase::folding, out.totals.applied, 0});
  }
  // What was verified by its author's signature stays folded; but whoever answered is not the office it should be.
  if (!heads_are_good) return fail(Errc::bad_signature, "the office's statement of its heads");
  return out;
}

}  // namespace wayside::reconcile
