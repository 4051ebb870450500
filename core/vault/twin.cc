#include "core/vault/twin.h"

#include <algorithm>
#include <set>

#include "core/vault/ingest.h"
#include "core/vault/judging.h"
#include "core/vault/refold.h"
#include "core/vault/unsent_parts.h"

namespace wayside::vault {
namespace {

// Meta numbers and values
constexpr std::string_view kNoted = "twin_noted";
constexpr std::string_view kHow = "copy_noticed_as", kWhen = "copy_noticed_ms", kWrittenAnew = "written_anew";
constexpr std::string_view kToTell = "copy_to_tell";
constexpr std::string_view kEarlier = "earlier_incarnations";   // 16 bytes each

Result<bool> was_mine(Vault& vault, const IncarnationId& incarnation) {
  if (incarnation == vault.identity().incarnation) return true;
  WAYSIDE_TRY(const auto earlier, vault.store().meta(kEarlier));
  if (!earlier) return false;
  for (BytesView rest = *earlier; rest.size() >= IncarnationId::size_bytes; rest.remove_prefix(IncarnationId::size_bytes)) {
    if (rest.substr(0, IncarnationId::size_bytes) == incarnation.view()) return true;
  }
  return false;
}

Result<void> tell(Vault& vault, store::Transaction& transaction, Copy how, std::uint64_t written_anew) {
  ledger::LedgerStore& store = vault.store();
  WAYSIDE_OK(store.set_meta_number(transaction, kHow, static_cast<std::int64_t>(how)));
  WAYSIDE_OK(store.set_meta_number(transaction, kWrittenAnew, static_cast<std::int64_t>(written_anew)));
  WAYSIDE_OK(store.set_meta_number(transaction, kToTell, 1));
  return store.set_meta_number(transaction, kWhen, vault.env().clock.wall_ms());
}

struct Unsent {
  std::int64_t n = 0, ledger = 0;
  EnvelopeId id;
  ledger::Header header;
  ledger::ChangeSet change;
  std::vector<Bytes> grants;
};

Result<std::vector<ledger::EnvelopeRow>> own_outgoing(Vault& vault) {
  std::vector<ledger::EnvelopeRow> rows, own;
  WAYSIDE_OK(vault.store().each_outgoing([&rows](const ledger::EnvelopeRow& row) -> Result<void> {
    if (!row.sealed.empty()) rows.push_back(row);
    return {};
  }));
  for (ledger::EnvelopeRow& row : rows) {
    WAYSIDE_TRY(const bool mine, vault.store().database().query("SELECT 1 FROM envelopes WHERE n = ? AND own", row.n).next());
    if (mine) own.push_back(std::move(row));
  }
  return own;
}

/// What was written here and is not known to be held by the office, in the order of writing.
Result<std::vector<Unsent>> unsent(Vault& vault) {
  WAYSIDE_TRY(const auto rows, own_outgoing(vault));
  std::vector<Unsent> out;
  for (const ledger::EnvelopeRow& row : rows) {
    WAYSIDE_TRY(auto opened, open_stored(vault, row));
    WAYSIDE_TRY(auto grants, vault.store().grants_of_envelope(row.n));
    out.push_back({row.n, row.ledger, row.id, std::move(opened.envelope.header), std::move(opened.change), std::move(grants)});
  }
  return out;
}

/// What the twin wrote at places that were taken here.
Result<void> take_in_rivals(Vault& vault, Vault::Writing& writing) {
  std::vector<std::pair<Bytes, Parcel>> rivals;
  store::Database& database = vault.store().database();
  {
    store::Query rows = database.query("SELECT id, sealed, grants FROM quarantine WHERE device = ? AND why = ?",
                                       vault.identity().device, static_cast<std::int64_t>(Errc::fork));
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) break;
      rivals.push_back({Bytes(rows.blob(0)), {Bytes(rows.blob(1)), ledger::unpack_grants(rows.blob(2))}});
    }
  }
  for (const auto& [id, parcel] : rivals) WAYSIDE_OK(database.run("DELETE FROM quarantine WHERE id = ?", id));
  Ingest ingest(vault, writing);
  for (const auto& [id, parcel] : rivals) WAYSIDE_OK(ingest.parcel(parcel));
  return {};
}

/// Writes change-sets anew in the present incarnation, one after the other.
class Rewriter {
 public:
  Rewriter(Vault& vault, Vault::Writing& writing) : vault_(vault), writing_(writing) {}

  Result<void> write(Unsent& each) {
    std::vector<EnvelopeId> builds_on;
    for (const EnvelopeId& dep : each.change.deps) builds_on.push_back(renamed(dep));
    if (each.header.prev) builds_on.push_back(renamed(*each.header.prev));
    ledger::ChangeSet with_dots = each.change;
    keep_dots(with_dots, each);
    auto made = seal(each, with_dots, builds_on);
    // Its dots may make the largest of change-sets too large. Then its values count as new beside those they stood for.
    if (!made && made.error().code == Errc::too_large) made = seal(each, each.change, builds_on);
    WAYSIDE_TRY(new_names_[each.id], made);
    return {};
  }

 private:
  /// Each write stands where it stood: whoever was shown it, or superseded it, means this one.
  static void keep_dots(ledger::ChangeSet& change, const Unsent& each) {
    std::uint32_t index = 0;
    for (ledger::RecordWrites& record : change.records) {
      for (ledger::Write& write : record.writes) {
        write.original = ledger::dot_of(write, {each.header.device, ledger::stem_of(each.id), index++});
      }
    }
  }

  [[nodiscard]] EnvelopeId renamed(const EnvelopeId& id) const {
    const auto found = new_names_.find(id);
    return found == new_names_.end() ? id : found->second;
  }

  /// Judged by the same membership as before: a right that was taken meanwhile makes it late work, as it was.
  Result<EnvelopeId> seal(const Unsent& each, ledger::ChangeSet change, std::vector<EnvelopeId> builds_on) {
    ledger::LedgerStore& store = vault_.store();
    const IncarnationId& incarnation = vault_.identity().incarnation;
    WAYSIDE_TRY(const std::int64_t author, store.author_number(writing_.transaction(), each.header.device, incarnation));
    WAYSIDE_TRY(const auto last, store.last_of(each.ledger, author));
    ledger::Header header = each.header;
    header.incarnation = incarnation;
    header.seq = last.seq + 1;
    header.prev = last.id;
    std::erase_if(builds_on, [&](const EnvelopeId& id) { return id == last.id; });
    change.deps = builds_on;
    if (last.id) builds_on.push_back(*last.id);
    WAYSIDE_TRY(const SecretBytes key, store.case_key(each.ledger, header.key_generation));
    WAYSIDE_TRY(const ledger::Sealed sealed,
                ledger::seal_envelope(header, ledger::encode(change), key.view(), vault_.signer(), vault_.env().random));
    WAYSIDE_OK(store.append(writing_.transaction(),
                            {.ledger = each.ledger, .author = author, .seq = header.seq, .own = true, .id = sealed.id,
                             .sealed = sealed.bytes, .grants = each.grants, .totals = writing_.totals_with(sealed.id)}, builds_on));
    if (!header.blobs.empty()) {
      WAYSIDE_OK(clear_unsent_parts(vault_, writing_.transaction(), each.id));
      WAYSIDE_OK(note_unsent_parts(vault_, writing_.transaction(), {sealed.id, header.ledger, header.blobs}));
    }
    return keep_apart_if_late(each, header, sealed.id);
  }

  Result<EnvelopeId> keep_apart_if_late(const Unsent& each, const ledger::Header& header, const EnvelopeId& id) {
    const auto head = vault_.membership().number_of(header.membership_head);
    WAYSIDE_TRY(const auto row, vault_.store().ledger(header.ledger));
    if (!row) return id;
    WAYSIDE_TRY(const auto objection, vault::objection(vault_, *row, {header.device, header.incarnation, header.ledger, header.seq, id},
                                                       head.value_or(0)));
    if (objection != Errc::removed) return id;
    store::Database& database = vault_.store().database();
    WAYSIDE_OK(database.run("DELETE FROM quarantine WHERE id = ?", each.id));
    WAYSIDE_OK(database.run("INSERT INTO quarantine(id, why, since_ms, device, ledger, sealed, grants) VALUES(?, ?, ?, ?, ?, x'', x'')",
                            id, static_cast<std::int64_t>(Errc::removed), vault_.env().clock.wall_ms(), header.device, header.ledger));
    return id;
  }

  Vault& vault_;
  Vault::Writing& writing_;
  std::map<EnvelopeId, EnvelopeId> new_names_;
};

Result<void> remember_incarnation(Vault& vault, Vault::Writing& writing) {
  ledger::LedgerStore& store = vault.store();
  WAYSIDE_TRY(auto earlier, store.meta(kEarlier));
  return store.set_meta(writing.transaction(), kEarlier, earlier.value_or(Bytes{}).append(vault.identity().incarnation.view()));
}

}  // namespace

Result<void> heed_own_key(Vault& vault, Vault::Writing& writing, const ledger::Header& header) {
  const Identity& me = vault.identity();
  if (header.device != me.device) return {};
  if (header.incarnation == me.incarnation) return vault.store().set_meta_number(writing.transaction(), kNoted, 1);
  WAYSIDE_TRY(const bool mine, was_mine(vault, header.incarnation));
  return mine ? Result<void>{} : tell(vault, writing.transaction(), Copy::elsewhere, 0);
}

Result<bool> twin_noted(Vault& vault) {
  WAYSIDE_TRY(const std::int64_t noted, vault.store().meta_number(kNoted));
  return noted != 0;
}

Result<void> begin_incarnation(Vault& vault, Copy how) {
  ledger::LedgerStore& store = vault.store();
  WAYSIDE_TRY(auto writing, vault.begin());
  store::Transaction& transaction = writing.transaction();
  WAYSIDE_OK(remember_incarnation(vault, writing));
  WAYSIDE_TRY(auto waiting, unsent(vault));
  std::set<std::int64_t> touched;
  for (const Unsent& each : waiting) {
    WAYSIDE_TRY(const std::int64_t nobody, store.author_number(transaction, kNobody, each.header.incarnation));
    WAYSIDE_OK(store.set_aside(transaction, each.n, nobody));
    touched.insert(each.ledger);
  }
  WAYSIDE_OK(take_in_rivals(vault, writing));
  WAYSIDE_OK(writing.take_incarnation(IncarnationId::random(vault.env().random)));
  Rewriter rewriter(vault, writing);
  for (Unsent& each : waiting) WAYSIDE_OK(rewriter.write(each));
  for (const std::int64_t ledger : touched) WAYSIDE_OK(refold(vault, writing, ledger));
  if (how == Copy::put_back) WAYSIDE_OK(store.set_meta_number(transaction, kStorePutBack, 1));
  WAYSIDE_OK(store.set_meta_number(transaction, kNoted, 0));
  WAYSIDE_OK(tell(vault, transaction, how, waiting.size()));
  return std::move(writing).commit();
}

Result<Copied> last_copy(Vault& vault) {
  Copied out;
  WAYSIDE_TRY(const std::int64_t how, vault.store().meta_number(kHow));
  out.how = static_cast<Copy>(how);
  WAYSIDE_TRY(out.noticed_ms, vault.store().meta_number(kWhen));
  WAYSIDE_TRY(const std::int64_t anew, vault.store().meta_number(kWrittenAnew));
  out.written_anew = static_cast<std::uint64_t>(anew);
  return out;
}

Result<Copied> untold_copy(Vault& vault) {
  WAYSIDE_TRY(const std::int64_t to_tell, vault.store().meta_number(kToTell));
  return to_tell != 0 ? last_copy(vault) : Copied{};
}

Result<void> note_told(Vault& vault, Vault::Writing& writing) {
  WAYSIDE_TRY(const std::int64_t to_tell, vault.store().meta_number(kToTell));
  return to_tell != 0 ? vault.store().set_meta_number(writing.transaction(), kToTell, 0) : Result<void>{};
}

Result<std::map<DeviceId, std::uint64_t>> copies_by_device(Vault& vault) {
  std::map<DeviceId, std::uint64_t> out;
  store::Query rows = vault.store().database().query(
      "SELECT device, count(*) FROM authors WHERE n IN (SELECT author FROM envelopes) GROUP BY device HAVING count(*) > 1");
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    if (const auto device = rows.id<DeviceId>(0); device != kNobody && device != kElsewhere) out[rows.id<DeviceId>(0)] = static_cast<std::uint64_t>(rows.integer(1));
  }
}

}  // namespace wayside::vault
