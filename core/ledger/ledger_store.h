#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "core/ledger/bundle.h"
#include "core/ledger/change_set.h"
#include "core/ledger/envelope.h"
#include "core/ledger/record_state.h"
#include "core/store/database.h"
#include "core/store/late_index.h"

/// The ledger table and what is folded from it, as SQL. Every writing function takes the transaction it belongs to.
namespace wayside::ledger {

struct LedgerRow {
  std::int64_t n = 0;
  LedgerId id;
  LedgerKind kind = LedgerKind::unknown;
  Bytes subject;
  std::optional<TeamId> team;
  std::uint32_t compartment = 0;      ///< schema::Compartment, of kind compartment
  bool erased = false;                ///< nothing is left but the ids of its envelopes; its kind is unknown then
  /// Not here: put down (its kind reads unknown then), or awaited (store_schema.h). `kind_elsewhere` says what it is.
  enum class Presence { here, put_down, awaited } presence = Presence::here;
  LedgerKind kind_elsewhere = LedgerKind::unknown;
  std::optional<LedgerId> parent{};   ///< compartments: their case's ledger
};

struct RecordRow {
  std::int64_t n = 0;
  RecordId id;
  std::int64_t ledger = 0;
  RecordState state;
};

struct EnvelopeRow { std::int64_t n = 0; EnvelopeId id; std::int64_t ledger = 0; Bytes sealed; };

/// Meta number: records up to this row are in the search index and the index of types; later ones are not yet.
inline constexpr std::string_view kIndexedUpTo = "indexed_up_to";

/// Grants of one envelope, as one BLOB: u32le length ‖ bytes, for each.
Bytes pack_grants(const std::vector<Bytes>& grants);
std::vector<Bytes> unpack_grants(BytesView packed);

class LedgerStore {
 public:
  explicit LedgerStore(store::Database& database);

  // ---- Ledgers ----
  Result<std::optional<LedgerRow>> ledger(const LedgerId& id);
  Result<std::optional<LedgerRow>> ledger(std::int64_t n);
  /// The first ledger made for that subject (a case's id, a team's); two devices never make one for the same case.
  Result<std::optional<LedgerRow>> ledger_of(LedgerKind kind, BytesView subject);
  Result<LedgerRow> ensure_ledger(store::Transaction&, const LedgerId& id);
  /// Every ledger that holds a part of the case: its own first, then its compartments, in the order they came.
  Result<std::vector<LedgerRow>> ledgers_of_case(const RecordId& case_id);
  /// Ledgers of a team that hold the keys of a compartment's single fields (core/vault/sealed_fields.h).
  Result<std::vector<LedgerRow>> compartments_of_team(const TeamId& team);
  /// Ledgers in which a value waits for a key of its own.
  Result<std::vector<LedgerRow>> ledgers_with_sealed_values();
  Result<void> open_ledger(store::Transaction&, std::int64_t n, const Opening& opening, std::uint32_t compartment = 0);
  /// After very many rows were put into `ledgers` at once.
  Result<void> index_new_ledgers(store::Transaction&);

  /// Takes away what a ledger holds: records with reviews and search words, keys, wraps, sealed bytes, whose it was. What
  /// stays is a row without a kind, and the ids and places of its envelopes: the vault's chain goes over them.
  Result<void> erase(store::Transaction&, std::int64_t n);
  /// The same of one that may come back: its subject and kind stay, and so does where its envelopes stood, under an author that
  /// no envelope names, so that each place is free for what comes. `nobody`: such an author for each incarnation.
  using Nobody = std::function<Result<std::int64_t>(const IncarnationId&)>;
  Result<void> put_down(store::Transaction&, const LedgerRow& row, const Nobody& nobody, LedgerRow::Presence presence);
  /// From now on what comes of it is taken in.
  Result<void> await(store::Transaction&, const LedgerRow& row);
  /// It is whole: a ledger like any other.
  Result<void> settle(store::Transaction&, const LedgerRow& row);
  /// Whether the content of an envelope that was here once has not come again; `nobody`: the device id of such authors.
  Result<bool> lacks_content(std::int64_t n, const DeviceId& nobody);
  Result<std::vector<LedgerRow>> ledgers_elsewhere();
  /// That subject's ledger of this kind, be it here or not.
  Result<std::optional<LedgerRow>> ledger_anywhere(LedgerKind kind, BytesView subject);
  /// Ledgers of which `parent` is the case's, erased ones too.
  Result<std::vector<LedgerRow>> compartments_of(const LedgerId& parent);

  // ---- Envelopes ----
  Result<bool> has_envelope(const EnvelopeId& id);
  Result<std::optional<EnvelopeRow>> envelope(const EnvelopeId& id);
  Result<std::int64_t> author_number(store::Transaction&, const DeviceId& device, const IncarnationId& incarnation);
  struct Last { std::uint64_t seq = 0; std::optional<EnvelopeId> id; };
  Result<Last> last_of(std::int64_t ledger, std::int64_t author);
  /// Another envelope at that place of the sequence, if there is one.
  Result<std::optional<EnvelopeId>> at_place(std::int64_t ledger, std::int64_t author, std::uint64_t seq);
  Result<std::optional<Bytes>> sealed_at_place(std::int64_t ledger, std::int64_t author, std::uint64_t seq);
  Result<std::vector<EnvelopeId>> heads(std::int64_t ledger);
  /// Written here and not yet answered by the office, in the order of writing. The spool's outbox is filled from these
  /// after a crash.
  Result<void> each_outgoing(const std::function<Result<void>(const EnvelopeRow&)>& visit);
  Result<void> clear_outgoing(store::Transaction&, const EnvelopeId& id);
  /// Of these, how many hold what somebody saved: news of ledgers, keys of fields and the log of reads are the program's own.
  Result<std::uint64_t> outgoing_count();
  struct NewEnvelope {
    std::int64_t ledger = 0, author = 0;
    std::uint64_t seq = 0;
    bool own = false;                     ///< written here: outgoing until the office has answered
    EnvelopeId id;
    BytesView sealed;
    const std::vector<Bytes>& grants;     ///< the wraps that travel with it, in the order of its header
    Bytes totals;                         ///< of the vault once this one is in; see `last_totals`
  };
  /// Appends and moves the ledger's heads: `builds_on` (prev and deps) are heads no longer.
  Result<std::int64_t> append(store::Transaction&, const NewEnvelope& envelope, const std::vector<EnvelopeId>& builds_on);
  /// Takes the content away and frees its place; the id stays, since the vault's chain goes over it. `nobody`: an author
  /// whom no envelope names.
  Result<void> set_aside(store::Transaction&, std::int64_t n, std::int64_t nobody);
  /// Gives one that was set aside its content and its place again. Moves the heads as `append` does.
  Result<void> put_again(store::Transaction&, std::int64_t n, const NewEnvelope& envelope, const std::vector<EnvelopeId>& builds_on);
  /// What the newest envelope's row says of the vault's running totals; empty before the first.
  Result<Bytes> last_totals();
  /// Those with their sealed bytes: of an erased ledger none.
  Result<void> each_envelope(std::int64_t ledger, const std::function<Result<void>(const EnvelopeRow&)>& visit);

  // ---- Grants and keys ----
  Result<std::vector<Bytes>> grants_of_envelope(std::int64_t envelope);
  Result<std::vector<Bytes>> grants_of_ledger(std::int64_t ledger);
  /// `made_at` of a key that opens what is there and that nothing new is written under.
  static constexpr std::uint64_t kForOpening = ~std::uint64_t{0};
  /// The key that is held already stays; of two heads it was made under the older one counts.
  Result<void> put_case_key(store::Transaction&, std::int64_t ledger, const KeyGenerationId& generation,
                            BytesView key, std::uint64_t made_at);
  Result<SecretBytes> case_key(std::int64_t ledger, const KeyGenerationId& generation);   ///< Errc::no_key
  struct WritingKey { KeyGenerationId generation; SecretBytes key; std::uint64_t made_at = 0; };   ///< membership head's number
  /// Made under the newest membership head, lowest name first; none that is for opening alone.
  Result<std::optional<WritingKey>> writing_key(std::int64_t ledger);
  Result<std::vector<WritingKey>> case_keys(std::int64_t ledger);   ///< of every generation

  // ---- Records ----
  Result<bool> has_record(const RecordId& id);
  Result<std::optional<RecordRow>> record(const RecordId& id);
  Result<std::optional<RecordRow>> record(const RecordId& id, std::int64_t ledger);
  Result<std::optional<RecordRow>> record(std::int64_t n);
  Result<std::vector<RecordRow>> records_in(std::int64_t ledger);
  Result<std::vector<RecordRow>> records_of_type(std::uint32_t type);
  /// Inserts when `row.n` is 0.
  Result<std::int64_t> put_record(store::Transaction&, const RecordRow& row);
  Result<void> queue_for_search(store::Transaction&, std::int64_t record);

  // ---- Records that stand bundled (ledger_store_bundles.cc) ----
  // Every function above that reads records unfolds the bundle it needs; SQL of others over `records` asks for
  // `unfold_all` first. Without bundles none of this costs a query.
  /// `ledgers`: rows of the ledgers in it, in its order; 0: not to be kept, and then all of it is unfolded at once.
  Result<void> put_bundle(store::Transaction&, const Bundle& bundle, const std::vector<std::int64_t>& ledgers, std::int64_t now_ms);
  /// So many bundles at most, in a transaction of its own where none is open. True while there is more to do.
  Result<bool> unfold_some(std::size_t most);
  Result<void> unfold_all();
  /// What the ledger's bundle said that it holds, once it is unfolded; nothing for a ledger that never stood in one.
  Result<std::optional<Digest>> bundled_digest(std::int64_t ledger);
  Result<void> forget_bundled(store::Transaction&, std::int64_t ledger);
  /// Fields that wait for a person, those in bundles by what their writers say.
  Result<std::uint64_t> open_reviews();

  // ---- Folding a ledger anew ----
  /// Takes a record away with its reviews, its words and its places in the indexes.
  Result<void> drop_record(store::Transaction&, const RecordRow& row);
  Result<void> put_heads(store::Transaction&, std::int64_t ledger, const std::vector<EnvelopeId>& heads);

  // ---- Small things by name ----
  Result<std::optional<Bytes>> meta(std::string_view name);
  Result<void> set_meta(store::Transaction&, std::string_view name, BytesView value);
  Result<std::int64_t> meta_number(std::string_view name);   ///< 0 when there is none
  Result<void> set_meta_number(store::Transaction&, std::string_view name, std::int64_t value);

  [[nodiscard]] store::Database& database() { return database_; }
  /// Every row is found by its ids, and nothing else is. Errc::corrupt names the first table where that fails.
  Result<void> check_ids();

 private:
  Result<void> move_heads(std::int64_t ledger, const EnvelopeId& newest, const std::vector<EnvelopeId>& builds_on);
  static Bytes key_of(std::int64_t ledger);   ///< in the index of records by ledger
  Result<std::optional<RecordRow>> record_at(std::int64_t n, const RecordId& id);
  Result<std::optional<std::int64_t>> envelope_row(const EnvelopeId& id);
  Result<SecretBytes> packed_keys(std::int64_t ledger);
  Result<void> erase_record(store::Transaction&, const RecordRow& row);
  Result<void> lower_watermark(store::Transaction&);

  Result<bool> any_bundles();
  Result<void> read_bundled_ids();
  Result<void> unfold_with(const RecordId& id);
  Result<void> unfold_with(std::int64_t ledger);
  Result<void> unfold(const std::vector<std::int64_t>& bundles);
  Result<void> unfold_one(store::Transaction&, std::int64_t bundle, bool many);
  Result<bool> is_bundled(std::int64_t ledger);
  Result<void> put_rows(store::Transaction&, std::int64_t ledger, BundledLedger&& records, std::int64_t since_ms, bool many);
  Result<std::int64_t> put_row(store::Transaction&, BundledRecord&& record, std::int64_t ledger, std::int64_t since_ms, bool many);

  store::Database& database_;
  enum class Bundles { unknown, none, some } bundles_ = Bundles::unknown;
  std::uint64_t bundles_as_of_rollback_ = 0;
  std::optional<std::vector<std::pair<RecordId, std::int64_t>>> bundled_ids_;   // with their ledgers, in order; read when one is first looked for
  store::LateIndex ledgers_by_id_, ledgers_by_subject_, envelopes_by_id_, records_by_id_, records_by_ledger_;
};

}  // namespace wayside::ledger
