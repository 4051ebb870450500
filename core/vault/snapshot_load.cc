#include <algorithm>

#include "core/attachments/sealed_file.h"
#include "core/membership/grant.h"
#include "core/membership/rights.h"
#include "core/vault/restricting.h"
#include "core/vault/snapshot.h"
#include "core/vault/snapshot_volume.h"

namespace wayside::vault {
namespace {

/// Made with the first snapshot that is loaded; most vaults never have them.
constexpr std::string_view kTables = R"sql(
  CREATE TABLE IF NOT EXISTS snapshot_ledgers(ledger INTEGER PRIMARY KEY REFERENCES ledgers(n), lsn INTEGER NOT NULL,
    head BLOB NOT NULL, grants BLOB NOT NULL, seen INTEGER NOT NULL DEFAULT 0,
    seen_head BLOB NOT NULL DEFAULT x'');
  CREATE TABLE IF NOT EXISTS snapshot_seen(id BLOB PRIMARY KEY, ledger INTEGER NOT NULL) WITHOUT ROWID;
)sql";

std::optional<TeamId> team_of_ledger(const membership::Log& log, const LedgerId& ledger) {
  for (const auto& [id, team] : log.teams()) {
    if (team.entry.ledger == ledger) return id;
  }
  return std::nullopt;
}

/// Signed by a device whose worker was in the team under the head it names, and not kept apart since.
bool is_good(const membership::Log& log, const OrganisationId& organisation, const ledger::ParsedEnvelope& envelope) {
  const ledger::Header& header = envelope.header;
  const auto head = log.number_of(header.membership_head);
  const membership::DeviceInfo* device = log.device(header.device);
  const auto place = membership::named_place(log, header.ledger);
  return header.organisation == organisation && head && device != nullptr && log.member_at(header.device, *head) && place &&
         membership::may(log, membership::Right::make_key, *place, device->entry.user, *head) && !log.objection(place_of(envelope), *head) && ledger::signed_by(envelope, device->entry.sign_public);
}

/// What its parts are called, in order; nothing when the manifest is not one that this version reads.
std::optional<std::vector<Digest>> parts_of(const pb::SnapshotManifest& manifest) {
  std::vector<Digest> out;
  if (manifest.version() != kSnapshotVersion) return std::nullopt;
  for (const std::string& volume : manifest.volumes()) {
    const auto content = attachments::parse_content(volume);
    if (!content) return std::nullopt;
    out.insert(out.end(), content->chunks.begin(), content->chunks.end());
  }
  return out;
}

std::unexpected<Error> damaged() { return fail(Errc::corrupt, "a ledger of the snapshot"); }

/// Puts ledgers into a store that holds few. Their records stay bundled, until somebody looks at one of them.
class Loader {
 public:
  Loader(Vault& vault, Vault::Writing& writing, const Offer& offer)
      : vault_(vault), database_(vault.store().database()), writing_(writing), offer_(offer), now_ms_(vault.env().clock.wall_ms()) {}

  Result<void> load(const pb::SnapshotManifest& manifest, const std::function<Result<Bytes>(const Digest&)>& next) {
    WAYSIDE_OK(database_.run_script(kTables));
    WAYSIDE_OK(find_known());
    for (const std::string& text : manifest.volumes()) {
      WAYSIDE_TRY(const auto content, attachments::parse_content(text));
      WAYSIDE_TRY(const Bytes file, attachments::open_file(content, next));
      WAYSIDE_TRY(const pb::SnapshotVolume volume, read_volume(file));
      WAYSIDE_OK(add(volume));
    }
    WAYSIDE_OK(vault_.store().index_new_ledgers(writing_.transaction()));
    pb::SnapshotUse use;
    use.set_publisher(offer_.publisher.str());
    use.set_generation(manifest.generation());
    use.set_position(manifest.position());
    use.set_loaded_ms(now_ms_);
    use.set_state(static_cast<std::uint32_t>(Trust::unverified));
    use.set_ledgers(ledgers_);
    use.set_records(records_);
    return vault_.store().set_meta(writing_.transaction(), "snapshot", use.SerializeAsString());
  }

 private:
  Result<void> find_known() {
    store::Query rows = database_.query("SELECT id FROM ledgers");
    for (;;) {
      WAYSIDE_TRY(const bool row, rows.next());
      if (!row) return {};
      known_.insert(rows.id<LedgerId>(0));
    }
  }

  Result<void> add(const pb::SnapshotVolume& volume) {
    int at = 0;
    for (const pb::SnapshotBundle& bundle : volume.bundles()) {
      std::vector<std::int64_t> rows;
      for (int i = 0; i < bundle.counts_size(); ++i) {
        if (at >= volume.ledgers_size()) return damaged();
        WAYSIDE_TRY(const std::int64_t row, add(volume.ledgers(at++)));
        rows.push_back(row);
      }
      WAYSIDE_OK(vault_.store().put_bundle(writing_.transaction(), {bundle.ids(), bundle.content(), {bundle.counts().begin(), bundle.counts().end()}, bundle.reviews()}, rows, now_ms_));
      records_ += bundle.ids().size() / RecordId::size_bytes;
    }
    return at == volume.ledgers_size() ? Result<void>{} : damaged();
  }

  /// Its row; 0 when it is not wanted.
  Result<std::int64_t> add(const pb::SnapshotLedger& in) {
    const auto id = LedgerId::from(in.ledger());
    const auto head = Digest::from(in.head());
    const auto kind = static_cast<ledger::LedgerKind>(in.kind());
    const auto team = TeamId::from(in.team());
    if (!id || !head || in.lsn() == 0 || !RecordId::from(in.subject()) || !met_.insert(*id).second) return damaged();
    const bool of_case = kind == ledger::LedgerKind::case_ledger && team == offer_.team;
    const bool of_organisation = kind == ledger::LedgerKind::organisation && *id == vault_.membership().found()->organisation_ledger;
    if (!of_case && !of_organisation) return damaged();
    Bytes heads;
    for (const std::string& each : in.heads()) {
      if (each.size() != EnvelopeId::size_bytes) return damaged();
      heads.append(each);
    }
    // Of a case that was erased since, or left to others, nothing; and what was begun here stays as it is: its envelopes come as always.
    if (known_.contains(*id) || vault_.membership().erased(*id) || left_to_others(vault_, *id)) return 0;
    WAYSIDE_OK(database_.run("INSERT INTO ledgers(id, kind, subject, team, heads) VALUES(?, ?, ?, ?, ?)", *id,
                             static_cast<std::int64_t>(kind), in.subject(), team, heads));
    const std::int64_t n = database_.last_row();
    WAYSIDE_OK(database_.run("INSERT INTO snapshot_ledgers(ledger, lsn, head, grants) VALUES(?, ?, ?, ?)", n, in.lsn(), *head,
                             ledger::pack_grants({in.grants().begin(), in.grants().end()})));
    ++ledgers_;
    return n;
  }

  Vault& vault_;
  store::Database& database_;
  Vault::Writing& writing_;
  const Offer& offer_;
  std::int64_t now_ms_;
  std::set<LedgerId> known_, met_;
  std::uint64_t ledgers_ = 0, records_ = 0;
};

}  // namespace

Result<std::optional<Offer>> best_offer(Vault& vault, const std::vector<Parcel>& parcels, BytesView generation) {
  const membership::Log& log = vault.membership();
  const auto teams = log.teams_of(vault.identity().user);
  std::map<std::pair<LedgerId, KeyGenerationId>, SecretBytes> keys;
  std::optional<Offer> best;
  std::uint64_t best_position = 0;
  for (const Parcel& parcel : parcels) {
    const auto envelope = ledger::parse_envelope(parcel.envelope);
    if (!envelope || !is_good(log, vault.identity().organisation, *envelope)) continue;
    const ledger::Header& header = envelope->header;
    const auto team = team_of_ledger(log, header.ledger);
    if (!team || std::ranges::find(teams, *team) == teams.end()) continue;
    for (const Bytes& bytes : parcel.grants) {
      const auto grant = membership::parse_grant(bytes);
      if (!grant || grant->ledger != header.ledger) continue;
      auto key = vault.open_grant(*grant);
      if (key) keys.try_emplace({header.ledger, grant->key_generation}, *std::move(key));
    }
    const auto key = keys.find({header.ledger, header.key_generation});
    if (header.blobs.empty() || key == keys.end()) continue;
    const auto plain = ledger::open_envelope(*envelope, key->second.view());
    const auto change = plain ? ledger::decode_change_set(*plain, header.device) : Result<ledger::ChangeSet>(std::unexpected(plain.error()));
    pb::SnapshotManifest manifest;
    if (!change || !manifest.ParseFromString(change->snapshot)) continue;
    const auto parts = parts_of(manifest);
    if (!parts || *parts != header.blobs || manifest.team() != team->view() || manifest.generation() != generation) continue;
    if (best && manifest.position() <= best_position) continue;
    best_position = manifest.position();
    best = Offer{header.device, *team, change->snapshot, *parts};
  }
  return best;
}

Result<void> load_snapshot(Vault& vault, const Offer& offer, const std::function<Result<Bytes>(const Digest&)>& next) {
  WAYSIDE_TRY(const auto before, vault.store().meta("snapshot"));
  if (before) return fail(Errc::already_exists, "a snapshot");
  pb::SnapshotManifest manifest;
  if (!manifest.ParseFromString(offer.manifest)) return fail(Errc::corrupt, "the manifest of a snapshot");
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(Loader(vault, writing, offer).load(manifest, next));
  return std::move(writing).commit();
}

}  // namespace wayside::vault
