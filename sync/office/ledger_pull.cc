#include <algorithm>

#include "sync/office/ledger_store.h"
#include "sync/wire/frontier.h"
#include "sync/wire/tuning.h"

namespace wayside::office {

using store::Database;
using store::Query;
using wire::pb::Delivery;
using wire::pb::PullAnswer;

/// Fills one page, up to its size but with at least one delivery.
class LedgerStore::PageWriter {
 public:
  PageWriter(Database& database, const DeviceId& device, std::size_t room_bytes, PullAnswer& answer)
      : database_(database), device_(device), room_bytes_(room_bytes), answer_(answer) {}

  /// False when the page was full before the end.
  Result<bool> add_want(const wire::pb::Want& want);
  /// Of the asking device's own: those of `incarnation` as ids (empty: all of them), or none.
  struct Own { bool whole = false; BytesView incarnation; };
  Result<bool> add_after(std::uint64_t position, std::uint64_t up_to, const Own& own);

 private:
  // Columns of both queries below.
  enum Column : int { kPosition, kLedger, kLsn, kId, kGrants, kEnvelope };

  Result<bool> add_rows(Query rows);
  bool fits(std::size_t bytes);
  Result<void> add_grants(BytesView hashes, wire::pb::Parcel& parcel);

  Database& database_;
  const DeviceId& device_;
  std::size_t room_bytes_;
  PullAnswer& answer_;
};

namespace {

/// What a delivery costs beside its envelope and its grants.
constexpr std::size_t kDeliveryBytes = 64;
constexpr std::size_t kGrantBytes = 200;

std::vector<wire::LedgerHead> heads_of(const auto& subscribed) {
  std::vector<wire::LedgerHead> heads;
  heads.reserve(subscribed.size() + 1);
  for (const auto& each : subscribed) heads.push_back(each.head);
  return heads;
}

void sort_by_ledger(std::vector<wire::LedgerHead>& heads) {
  std::sort(heads.begin(), heads.end(),
            [](const wire::LedgerHead& a, const wire::LedgerHead& b) { return a.ledger < b.ledger; });
}

}  // namespace

Result<LedgerStore::Page> LedgerStore::pull(const DeviceId& device, const wire::pb::PullRequest& request) {
  Page page;
  PullAnswer& answer = page.answer;
  answer.set_generation(generation_.str());
  answer.set_position(request.position());
  const std::size_t wished = request.page_bytes() == 0 ? wire::kDefaultPageBytes : request.page_bytes();
  const std::size_t page_bytes = std::min<std::size_t>(wished, wire::kMaxPageBytes);

  WAYSIDE_TRY(const bool more_membership, add_membership(request.membership(), page_bytes, answer));
  answer.set_more(more_membership);
  if (more_membership) return page;

  WAYSIDE_TRY(const bool knows, knows_carry_list(device, request.carry_list()));
  answer.set_carry_list_unknown(!knows);
  if (!knows) return page;

  WAYSIDE_TRY(const auto subscriptions, subscribed(device));
  std::vector<wire::LedgerHead> heads = heads_of(subscriptions);
  if (const auto members = wire::membership_head(log_.organisation(), log_.size(), log_.head()))
    heads.push_back(*members);
  const Digest frontier = wire::frontier_digest(heads);
  WAYSIDE_TRY(const std::uint64_t newest, newest_position());

  const std::uint64_t up_to = request.up_to() == 0 ? UINT64_MAX : request.up_to();
  PageWriter writer(*database_, device, page_bytes, answer);
  bool all = true;
  for (int i = 0; all && i < request.wants_size(); ++i) {
    WAYSIDE_TRY(all, writer.add_want(request.wants(i)));
  }
  answer.set_equal(request.wants_size() == 0 && frontier.view() == request.frontier());
  if (all && !answer.equal()) {
    WAYSIDE_TRY(all, writer.add_after(request.position(), up_to, {request.whole(), request.incarnation()}));
  }
  answer.set_more(!all);
  if (!all) return page;
  // What a snapshot covers: the heads of that time are known, and were compared.
  if (request.up_to() != 0) {
    answer.set_position(std::min(newest, up_to));
    return page;
  }

  answer.set_position(newest);
  const bool unexplained = !answer.equal() && answer.deliveries_size() == 0 && answer.membership_size() == 0;
  page.heads = wire::Heads{log_.organisation(), generation_, newest, 0, frontier, {}};
  if (unexplained) {
    page.heads->changed = std::move(heads);
  } else {
    for (const Subscribed& each : subscriptions) {
      const bool shared_since = !answer.equal() && each.since >= request.position();
      if (each.newest > request.position() || shared_since) page.heads->changed.push_back(each.head);
    }
    if (answer.membership_size() > 0) page.heads->changed.push_back(heads.back());
  }
  sort_by_ledger(page.heads->changed);
  WAYSIDE_OK(add_receipts(device, request.receipts(), answer));
  return page;
}

Result<std::vector<LedgerStore::Subscribed>> LedgerStore::subscribed(const DeviceId& device) {
  Query rows = database_->query(
      "SELECT l.ledger, l.lsn, l.head, l.newest, s.since FROM subscriptions s CROSS JOIN ledgers l ON l.number = "
      "s.ledger "
      "WHERE s.device = ? AND s.carried",
      device);
  std::vector<Subscribed> found;
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return found;
    found.push_back({{rows.id<LedgerId>(0), static_cast<std::uint64_t>(rows.integer(1)), rows.id<Digest>(2)},
                     static_cast<std::uint64_t>(rows.integer(3)),
                     static_cast<std::uint64_t>(rows.integer(4))});
  }
}

Result<bool> LedgerStore::PageWriter::add_want(const wire::pb::Want& want) {
  return add_rows(
      database_.query("SELECT e.position, l.ledger, e.lsn, e.id, e.grants, e.envelope FROM ledgers l "
                      "CROSS JOIN subscriptions s ON s.device = ?1 AND s.ledger = l.number "
                      "CROSS JOIN log e ON e.ledger = l.number WHERE l.ledger = ?2 AND e.lsn > ?3 ORDER BY e.lsn",
                      device_, BytesView(want.ledger()), std::min<std::uint64_t>(want.after_lsn(), INT64_MAX)));
}

Result<bool> LedgerStore::PageWriter::add_after(std::uint64_t position, std::uint64_t up_to, const Own& own) {
  const int before = answer_.deliveries_size();
  WAYSIDE_TRY(const bool all,
              add_rows(database_.query(
                  "SELECT e.position, l.ledger, e.lsn, e.id, e.grants, "
                  "CASE WHEN a.device = ?1 AND NOT ?3 AND (?4 = x'' OR a.incarnation = ?4) THEN NULL ELSE e.envelope END FROM log e "
                  "CROSS JOIN subscriptions s ON s.device = ?1 AND s.ledger = e.ledger AND s.carried "
                  "CROSS JOIN ledgers l ON l.number = e.ledger CROSS JOIN authors a ON a.number = e.author "
                  "WHERE e.position > ?2 AND e.position <= ?5 ORDER BY e.position",
                  device_, std::min<std::uint64_t>(position, INT64_MAX), std::int64_t{own.whole}, own.incarnation,
                  std::min<std::uint64_t>(up_to, INT64_MAX))));
  if (answer_.deliveries_size() > before) answer_.set_position(answer_.deliveries().rbegin()->position());
  return all;
}

Result<bool> LedgerStore::PageWriter::add_rows(Query rows) {
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return true;
    const bool id_alone = rows.blob(kEnvelope).empty();   // the device's own, or of an erased case
    const std::size_t grants = id_alone ? 0 : rows.blob(kGrants).size() / GrantHash::size_bytes;
    if (!fits(kDeliveryBytes + rows.blob(kEnvelope).size() + grants * kGrantBytes)) return false;
    Delivery& delivery = *answer_.add_deliveries();
    delivery.set_position(static_cast<std::uint64_t>(rows.integer(kPosition)));
    delivery.set_lsn(static_cast<std::uint64_t>(rows.integer(kLsn)));
    delivery.set_ledger(Bytes(rows.blob(kLedger)));
    if (id_alone) {
      delivery.set_id(Bytes(rows.blob(kId)));
      continue;
    }
    delivery.mutable_parcel()->set_envelope(Bytes(rows.blob(kEnvelope)));
    if (grants > 0) WAYSIDE_OK(add_grants(rows.blob(kGrants), *delivery.mutable_parcel()));
  }
}

bool LedgerStore::PageWriter::fits(std::size_t bytes) {
  if (answer_.deliveries_size() > 0 && bytes > room_bytes_) return false;
  room_bytes_ -= std::min(bytes, room_bytes_);
  return true;
}

Result<void> LedgerStore::PageWriter::add_grants(BytesView hashes, wire::pb::Parcel& parcel) {
  for (; !hashes.empty(); hashes.remove_prefix(GrantHash::size_bytes)) {
    Query grant = database_.query("SELECT bytes FROM grants WHERE hash = ?", hashes.substr(0, GrantHash::size_bytes));
    WAYSIDE_TRY(const bool row, grant.next());
    if (row) parcel.add_grants(Bytes(grant.blob(0)));
  }
  return {};
}

}  // namespace wayside::office
