#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/base/hybrid_time.h"
#include "core/ledger/ledger_store.h"
#include "core/membership/log.h"
#include "core/packs/in_force.h"
#include "core/recovery/pages.h"
#include "core/vault/header.h"

namespace wayside::vault {

/// Who this vault is. One vault is one device; a second vault of the same worker has the same user.
struct Identity {
  OrganisationId organisation;
  UserId user;
  DeviceId device;
  IncarnationId incarnation;
};

struct EpochSecret { TeamId team; std::uint32_t number = 0; SecretBytes secret; };

/// Keys that live as long as the vault is open. The store holds them; the courier key stands beside the spool too.
struct DeviceKeys {
  SecretBytes sign_seed;       ///< Ed25519
  SecretBytes box_secret;      ///< X25519
  SecretBytes courier_seed;    ///< Ed25519: TLS client certificate
  SecretBytes member_key;      ///< opens the organisation's names
  SecretBytes draft_secret;    ///< X25519: opens drafts
  std::list<EpochSecret> epochs;   ///< a list: box readers point to the secrets
};

struct OfficePlace { std::string address; Digest tls_pin; };   ///< nothing of it is secret

struct NewVault {
  Identity identity;
  DeviceKeys keys;
  std::string label;                         ///< this device's name
  std::optional<OfficePlace> office;         ///< nothing: solo
  std::optional<TicketId> ticket;            ///< what it was made with, until it is admitted
  std::optional<SecretBytes> root_seed;      ///< solo: the organisation of one
  std::optional<SecretBytes> recovery_secret;
  std::vector<membership::SignedEntry> founding;   ///< solo: its membership log, there from the first moment on
};

/// An open, unlocked store. One thread owns it (the worker; never the window's).
class Vault {
 public:
  /// Refuses a folder that holds a vault. A crash half-way leaves no header, and a second try starts anew.
  /// Errors: already_exists, busy, disk_full, read_only, out_of_memory, no_cipher.
  static Result<std::unique_ptr<Vault>> create(platform::Env& env, const platform::Path& home,
                                               const SecretString& passphrase, NewVault made);
  /// Errors: wrong_passphrase (may be retried), no_device_secret, not_a_vault, newer_format, busy, weak_parameters,
  /// corrupt, no_cipher.
  static Result<std::unique_ptr<Vault>> open(platform::Env& env, const platform::Path& home, const SecretString& passphrase);
  /// With a recovery kit: opens without passphrase and device secret, and sets new ones. Recorded first
  /// (core/vault/recovery_kit.h). Errors: those of open; bad_input (a kit of another vault, or one that a newer has replaced).
  static Result<std::unique_ptr<Vault>> recover(platform::Env& env, const platform::Path& home, const recovery::Kit& kit,
                                                const SecretString& new_passphrase);
  ~Vault();                                  ///< anchors the heads, closes the store, wipes the keys

  /// The old header opens with the old passphrase wherever a copy of it was kept: whoever calls must say so.
  Result<void> change_passphrase(const SecretString& old_passphrase, const SecretString& new_passphrase);

  /// A new kit in place of the last one. `hand_over` has it durably on paper or a file before it counts; its error ends it.
  Result<void> make_kit(const SecretString& passphrase, const std::function<Result<void>(const recovery::Kit&)>& hand_over);

  [[nodiscard]] const Identity& identity() const { return identity_; }
  [[nodiscard]] const DeviceKeys& keys() const { return keys_; }
  [[nodiscard]] const crypto::Signer& signer() const { return *signer_; }
  [[nodiscard]] const Header& header() const { return header_; }
  [[nodiscard]] const platform::Path& home() const { return home_; }
  [[nodiscard]] platform::Env& env() { return env_; }
  [[nodiscard]] ledger::LedgerStore& store() { return store_; }
  [[nodiscard]] HybridClock& clock() { return clock_; }
  [[nodiscard]] bool has_system_key_store() const { return env_.keys.is_system_store(); }

  // ---- Membership, as this vault holds it ----
  [[nodiscard]] const membership::Log& membership() const { return log_; }
  [[nodiscard]] bool admitted() const { return log_.device(identity_.device) != nullptr; }
  [[nodiscard]] membership::Role role() const;
  /// "Ben"; short hex when the name cannot be opened.
  [[nodiscard]] std::string user_name(const UserId& user) const;
  [[nodiscard]] std::string device_name(const DeviceId& device) const;
  [[nodiscard]] std::string team_name(const TeamId& team) const;
  Result<void> add_epoch_secret(EpochSecret epoch);
  [[nodiscard]] const SecretBytes* epoch_secret(const TeamId& team, std::uint32_t number) const;
  /// Keys of a compartment's fields that saves were written under: while the membership log is as long as `members`, and no
  /// transaction was rolled back. Each would cost a save three look-ups otherwise.
  struct FieldKey { TeamId team; std::uint32_t compartment = 0; std::size_t members = 0; KeyGenerationId generation; SecretBytes key; };
  [[nodiscard]] std::list<FieldKey>& field_keys() { return field_keys_; }
  /// Teams beside its own that a case was ever shared with, each with the newest head under which it was, by the ledger's row
  /// (core/vault/sharing.h). Nothing until somebody asked, and after a transaction that was rolled back.
  using Shares = std::map<std::int64_t, std::map<TeamId, std::uint64_t>>;
  [[nodiscard]] std::optional<Shares>& shares() { return shares_; }
  /// Workers to whom cases are left by their own envelopes, by the ledger's row (core/vault/restricting.h). As above.
  using Circles = std::map<std::int64_t, std::vector<UserId>>;
  [[nodiscard]] std::optional<Circles>& circles() { return circles_; }
  /// What is remembered from opening to locking, in memory alone (core/vault/audit.h, lease.h, clock_check.h).
  struct Session {
    bool unlock_noted = false;                    ///< the log of reads says that it was opened
    std::optional<RecordId> shown_case;           ///< the last one that was opened for somebody
    std::set<std::uint32_t> listed;               ///< record types of which a list was shown
    std::int64_t counted_up_to_ms = 0;            ///< monotonic: how long it stood open until then is in the store,
    std::int64_t ahead_ms = 0;                    ///< and so much more, written ahead
    struct Clock { std::uint32_t quality = 0; std::int64_t wall_ms = 0, monotonic_ms = 0; };
    std::optional<Clock> clock;                   ///< as it was when it was looked at last (core/vault/clock_check.h)
  };
  [[nodiscard]] Session& session() { return session_; }
  /// Wraps keys for others; its ephemeral secret lives as long as the vault is open.
  [[nodiscard]] crypto::SessionBox& session_box() { return session_box_; }
  /// The case key that a grant holds for this device. Errc::no_key when it is for another reader.
  Result<SecretBytes> open_grant(const membership::Grant& grant);
  /// From here until it is closed, recovery grants open too. Errc::bad_input unless it is this organisation's secret.
  Result<void> hold_recovery_secret(SecretBytes secret);
  Result<SecretBytes> secret(std::string_view name);          ///< "root_seed", "recovery_secret" (solo); Errc::not_found
  Result<void> put_secret(std::string_view name, const SecretBytes& secret);
  Result<std::optional<OfficePlace>> office();
  /// The packs of its membership log. Those in force make up `schema::current()` from the moment a vault is opened or
  /// takes one in; with several vaults in one process, the last one's.
  [[nodiscard]] const std::vector<packs::Listed>& packs() const { return packs_; }

  /// One transaction over the vault: whatever happens before `commit` leaves nothing, in the store or in memory.
  class Writing {
   public:
    Writing(Writing&& other) noexcept;
    Writing& operator=(Writing&&) = delete;
    ~Writing();
    [[nodiscard]] store::Transaction& transaction() { return transaction_; }
    /// Appends an entry to the membership log (checked) and to the store. A pack counts at once; what an
    /// erasure names is gone with the commit (core/vault/erasure.h).
    Result<void> append_membership(const membership::SignedEntry& entry);
    /// The log as it stood before entry `number`, in the store and in memory: the root refused the branch that it begins
    /// (core/vault/branches.h). Epochs that only that branch had are forgotten; the case keys that they opened stay.
    Result<void> cut_membership(std::uint64_t number);
    /// Takes the next envelope into the vault's running totals, its chain among them, and gives them for its row.
    Bytes totals_with(const EnvelopeId& id);
    /// What is written from here on stands in sequences of its own (core/vault/twin.h).
    Result<void> take_incarnation(const IncarnationId& next);
    Result<void> commit() &&;

   private:
    friend class Vault;
    Writing(Vault& vault, store::Transaction transaction);
    Vault* vault_;
    store::Transaction transaction_;
    HybridTime time_before_;
    HybridTime time_stored_;          ///< what a row of this transaction, or an earlier one, says of the clock
    std::uint64_t count_before_;
    Digest chain_before_;
    IncarnationId incarnation_before_;
    std::size_t epochs_before_;
    std::optional<membership::Log> log_before_;
    std::vector<EpochSecret> forgotten_{};   ///< by cut_membership
    bool committed_ = false;
  };
  Result<Writing> begin();

  /// How many envelopes the store has taken in, and the chain over their ids in that order.
  [[nodiscard]] std::uint64_t envelopes() const { return envelopes_; }
  [[nodiscard]] const Digest& chain() const { return chain_; }
  static Digest next_chain(const Digest& chain, const EnvelopeId& id);
  /// Writes what the store holds into the header, so that a store put back later is noticed.
  Result<void> anchor();
  /// Errors: corrupt (another program wrote the header's anchor), fork (the store does not hold, in that order, what the
  /// header has seen: an older copy was put back). On opening the latter begins a new incarnation, is kept for whoever asks
  /// (`last_copy` in core/vault/twin.h), and the store is anchored again; the former stays noticed.
  [[nodiscard]] Result<void> check_anchor() const;

 private:
  Vault(platform::Env& env, platform::Path home, std::unique_ptr<platform::File> lock,
        std::unique_ptr<store::Database> database, Header header);
  static Result<std::unique_ptr<Vault>> open_store(platform::Env& env, const platform::Path& home,
                                                   std::unique_ptr<platform::File> lock, Header header, const SecretBytes& store_key);
  Result<void> put_slot(const KeySlot& slot);
  Result<void> fill(NewVault made);
  Result<void> found(const std::vector<membership::SignedEntry>& entries);
  [[nodiscard]] Result<Digest> chain_after(std::uint64_t envelopes) const;
  Result<void> load();
  void settle_anchor();
  Result<void> load_keys();
  Result<void> load_membership();
  void put_packs_in_force();
  [[nodiscard]] Digest anchor_mac(std::uint64_t envelopes, const Digest& chain) const;
  [[nodiscard]] std::string open_name(BytesView sealed, BytesView id) const;

  platform::Env env_;
  platform::Path home_;
  std::unique_ptr<platform::File> lock_;
  std::unique_ptr<store::Database> database_;
  ledger::LedgerStore store_;
  Header header_;
  Identity identity_;
  DeviceKeys keys_;
  std::optional<crypto::Signer> signer_;   ///< as long as the keys are there
  membership::Log log_;
  std::vector<packs::Listed> packs_;
  SecretBytes recovery_secret_;            ///< empty unless it was brought
  crypto::SessionBox session_box_;
  std::list<FieldKey> field_keys_;
  std::optional<Shares> shares_;
  std::optional<Circles> circles_;
  Session session_;
  std::map<const SecretBytes*, crypto::SessionBoxReader> box_readers_;   // by the reading secret
  HybridClock clock_;
  std::uint64_t envelopes_ = 0;
  Digest chain_;
  bool may_anchor_ = false;      ///< the header is on the disk, and its anchor fits the store
};

}  // namespace wayside::vault
