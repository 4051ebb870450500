#include <algorithm>

#include "core/attachments/blobs.h"
#include "core/attachments/sealed_file.h"
#include "core/membership/grant.h"
#include "core/vault/erasure.h"
#include "core/vault/restricting.h"
#include "core/vault/save.h"
#include "core/vault/snapshot.h"
#include "core/vault/snapshot_volume.h"
#include "core/vault/unsent_parts.h"

namespace wayside::vault {
namespace {

/// Meta: envelope 32 ‖ u64le entries of the membership log then ‖ addresses 32 each.
constexpr std::string_view kPublished = "published_snapshot";

/// Ledgers of which something waits or was kept apart here: what others make of it may differ.
Result<std::set<LedgerId>> undecided_ledgers(Vault& vault) {
  std::set<LedgerId> out;
  store::Query apart = vault.store().database().query("SELECT DISTINCT ledger FROM quarantine WHERE ledger IS NOT NULL");
  for (;;) {
    WAYSIDE_TRY(const bool row, apart.next());
    if (!row) break;
    out.insert(apart.id<LedgerId>(0));
  }
  store::Query waiting = vault.store().database().query("SELECT sealed FROM pending");
  for (;;) {
    WAYSIDE_TRY(const bool row, waiting.next());
    if (!row) return out;
    if (const auto envelope = ledger::parse_envelope(waiting.blob(0))) out.insert(envelope->header.ledger);
  }
}

/// The grants by which the team as a whole reads every key of the ledger; nothing when there is a key that it does not.
Result<std::optional<std::vector<Bytes>>> grants_for(Vault& vault, std::int64_t ledger, const TeamId& team) {
  WAYSIDE_TRY(const auto all, vault.store().grants_of_ledger(ledger));
  std::vector<Bytes> out;
  std::set<KeyGenerationId> granted;
  for (const Bytes& bytes : all) {
    const auto grant = membership::parse_grant(bytes);
    if (!grant || grant->reader_kind != membership::ReaderKind::team_epoch || grant->reader != team.view()) continue;
    if (granted.insert(grant->key_generation).second) out.push_back(bytes);
  }
  WAYSIDE_TRY(const auto keys, vault.store().case_keys(ledger));
  const bool every = std::ranges::all_of(keys, [&](const auto& key) { return granted.contains(key.generation); });
  if (!every || out.empty()) return std::nullopt;
  return out;
}

/// How many fields of each ledger's records wait for a person.
Result<std::map<std::int64_t, std::uint32_t>> reviews_by_ledger(Vault& vault) {
  std::map<std::int64_t, std::uint32_t> out;
  store::Query rows = vault.store().database().query(
      "SELECT records.ledger, count(*) FROM reviews JOIN records ON records.n = reviews.record GROUP BY records.ledger");
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    out[rows.integer(0)] = static_cast<std::uint32_t>(rows.integer(1));
  }
}

class Maker {
 public:
  Maker(Vault& vault, const TeamId& team, const Frontier& frontier)
      : vault_(vault), team_(team), frontier_(frontier), blobs_(vault.env().files, vault.home()) {}

  Result<MadeSnapshot> make() {
    WAYSIDE_TRY(const auto undecided, undecided_ledgers(vault_));
    WAYSIDE_TRY(reviews_, reviews_by_ledger(vault_));
    for (const LedgerPoint& point : frontier_.ledgers) {
      if (!undecided.contains(point.ledger)) WAYSIDE_OK(add(point));
    }
    end_bundle();
    WAYSIDE_OK(end_volume());
    manifest_.set_version(kSnapshotVersion);
    manifest_.set_team(team_.str());
    manifest_.set_generation(frontier_.generation);
    manifest_.set_position(frontier_.position);
    manifest_.set_ledgers(made_.ledgers);
    manifest_.set_records(made_.records);
    manifest_.set_bytes(made_.bytes);
    made_.manifest = manifest_.SerializeAsString();
    return std::move(made_);
  }

 private:
  Result<void> add(const LedgerPoint& point) {
    ledger::LedgerStore& store = vault_.store();
    WAYSIDE_TRY(const auto row, store.ledger(point.ledger));
    // Of a case that is being fetched again this vault holds a part, and of one that was put down nothing.
    if (!row || row->erased || row->presence != ledger::LedgerRow::Presence::here) return {};
    const bool of_case = row->kind == ledger::LedgerKind::case_ledger && row->team == team_;
    if (!of_case && row->kind != ledger::LedgerKind::organisation) return {};
    WAYSIDE_TRY(const auto circle, circle_of(vault_, *row));
    if (!circle.empty()) return {};   // keys from before may have been granted to the team
    WAYSIDE_TRY(const auto grants, grants_for(vault_, row->n, team_));
    if (!grants) return {};
    WAYSIDE_TRY(const auto records, records_of(*row));
    if (!records || !bundle_.add(*records, reviews_[row->n])) return {};

    pb::SnapshotLedger& out = *volume_.add_ledgers();
    out.set_ledger(point.ledger.str());
    out.set_kind(static_cast<std::uint32_t>(row->kind));
    out.set_subject(row->subject);
    if (row->team) out.set_team(row->team->str());
    out.set_lsn(point.lsn);
    out.set_head(point.head.str());
    for (const Bytes& grant : *grants) out.add_grants(grant);
    WAYSIDE_TRY(const auto heads, store.heads(row->n));
    for (const EnvelopeId& head : heads) out.add_heads(head.str());
    ++made_.ledgers;
    made_.records += records->size();
    if (bundle_.full()) end_bundle();
    return volume_.ByteSizeLong() < kVolumeBytes || !bundle_.empty() ? Result<void>{} : end_volume();
  }

  /// In the order of their ids. Nothing when this device itself cannot read all of it: a newcomer may.
  Result<std::optional<ledger::BundledLedger>> records_of(const ledger::LedgerRow& row) {
    WAYSIDE_TRY(auto records, vault_.store().records_in(row.n));
    std::ranges::sort(records, {}, &ledger::RecordRow::id);
    ledger::BundledLedger out;
    out.reserve(records.size());
    for (ledger::RecordRow& record : records) {
      if (ledger::holds_sealed_value(record.state)) return std::nullopt;
      Bytes encoded = ledger::encode(record.state);
      out.push_back({record.id, std::move(record.state), std::move(encoded)});
    }
    return out;
  }

  void end_bundle() {
    if (bundle_.empty()) return;
    ledger::Bundle made = bundle_.take();
    pb::SnapshotBundle& out = *volume_.add_bundles();
    for (const std::uint32_t count : made.counts) out.add_counts(count);
    out.set_ids(std::move(made.ids));
    out.set_content(std::move(made.content));
    out.set_reviews(made.reviews);
  }

  Result<void> end_volume() {
    if (volume_.ledgers_size() == 0) return {};
    attachments::Content content{crypto::Key::random(vault_.env().random), {}};
    WAYSIDE_OK(attachments::seal_file(content.key, volume_.SerializeAsString(), [&](BytesView chunk) -> Result<void> {
      WAYSIDE_TRY(const Digest address, blobs_.put(chunk));
      content.chunks.push_back(address);
      made_.bytes += chunk.size();
      return {};
    }));
    made_.parts.insert(made_.parts.end(), content.chunks.begin(), content.chunks.end());
    manifest_.add_volumes(attachments::content_text(content));
    volume_.Clear();
    return made_.parts.size() <= kMostSnapshotParts ? Result<void>{} : fail(Errc::too_large, "a snapshot of so many cases");
  }

  Vault& vault_;
  TeamId team_;
  const Frontier& frontier_;
  attachments::Blobs blobs_;
  std::map<std::int64_t, std::uint32_t> reviews_;
  pb::SnapshotManifest manifest_;
  pb::SnapshotVolume volume_;
  ledger::BundleWriter bundle_;
  MadeSnapshot made_;
};

struct Published { EnvelopeId envelope; std::uint64_t entries = 0; std::vector<Digest> parts; };

Result<std::optional<Published>> published(Vault& vault) {
  WAYSIDE_TRY(const auto value, vault.store().meta(kPublished));
  if (!value || value->size() < EnvelopeId::size_bytes + 8) return std::nullopt;
  Published out{*EnvelopeId::from(BytesView(*value).substr(0, EnvelopeId::size_bytes)), 0, {}};
  BytesView rest = BytesView(*value).substr(EnvelopeId::size_bytes);
  for (std::size_t i = 8; i-- > 0;) out.entries = out.entries << 8 | static_cast<unsigned char>(rest[i]);
  for (rest.remove_prefix(8); rest.size() >= Digest::size_bytes; rest.remove_prefix(Digest::size_bytes)) {
    out.parts.push_back(*Digest::from(rest.substr(0, Digest::size_bytes)));
  }
  return out;
}

Result<void> remove_files(Vault& vault, const Published& one) {
  attachments::Blobs blobs(vault.env().files, vault.home());
  for (const Digest& part : one.parts) {
    if (blobs.has(part)) WAYSIDE_OK(blobs.remove(part));
  }
  return {};
}

Result<void> forget(Vault& vault, Vault::Writing& writing, const Published& one) {
  WAYSIDE_OK(clear_unsent_parts(vault, writing.transaction(), one.envelope));
  return vault.store().database().run("DELETE FROM meta WHERE name = ?", store::SqlText{kPublished});
}

}  // namespace

Result<MadeSnapshot> make_snapshot(Vault& vault, const TeamId& team, const Frontier& frontier) {
  const auto teams = vault.membership().teams_of(vault.identity().user);
  if (std::ranges::find(teams, team) == teams.end()) return fail(Errc::not_a_member, "a snapshot of another team");
  WAYSIDE_TRY(const std::uint64_t waiting, vault.store().outgoing_count());
  if (waiting > 0) return fail(Errc::busy, "something written here is not at the office yet");
  WAYSIDE_TRY(const auto in_use, snapshot_use(vault));
  if (in_use && in_use->trust != Trust::verified && in_use->unchecked > 0) return fail(Errc::busy, "cases here are not verified yet");
  return Maker(vault, team, frontier).make();
}

Result<EnvelopeId> publish_snapshot(Vault& vault, const TeamId& team, const MadeSnapshot& made) {
  WAYSIDE_TRY(const auto before, published(vault));
  WAYSIDE_TRY(auto writing, vault.begin());
  if (before) WAYSIDE_OK(forget(vault, writing, *before));
  Save save;
  save.team_ledger = team;
  save.form = "snapshot";
  save.snapshot = made.manifest;
  save.parts = made.parts;
  WAYSIDE_TRY(const EnvelopeId id, vault::save(vault, writing, save));
  Bytes value = id.str();
  for (int shift = 0; shift < 64; shift += 8) value.push_back(static_cast<char>(vault.membership().size() >> shift));
  for (const Digest& part : made.parts) value.append(part.view());
  WAYSIDE_OK(vault.store().set_meta(writing.transaction(), kPublished, value));
  WAYSIDE_OK(std::move(writing).commit());
  if (before) WAYSIDE_OK(remove_files(vault, *before));
  return id;
}

Result<void> drop_published(Vault& vault, Vault::Writing& writing) {
  WAYSIDE_TRY(const auto one, published(vault));
  if (!one) return {};
  WAYSIDE_OK(forget(vault, writing, *one));
  return note_files_left(vault, writing.transaction(), one->envelope, one->parts);
}

Result<void> let_go_of_published(Vault& vault) {
  WAYSIDE_TRY(const auto one, published(vault));
  if (!one) return {};
  WAYSIDE_TRY(const auto unsent, unsent_parts(vault));
  const bool waits = std::ranges::any_of(unsent, [&](const UnsentParts& each) { return each.envelope == one->envelope; });
  const membership::Log& log = vault.membership();
  const bool erased_since = std::ranges::any_of(log.erasures(), [&](const auto& each) { return each.second.number >= one->entries; });
  const bool restricted_since = std::ranges::any_of(log.restrictions(), [&](const auto& each) { return log.restricted_at(each.first) >= one->entries; });
  if (waits && !erased_since && !restricted_since) return {};
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(forget(vault, writing, *one));
  WAYSIDE_OK(std::move(writing).commit());
  return remove_files(vault, *one);
}

}  // namespace wayside::vault
