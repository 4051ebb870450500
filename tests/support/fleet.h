#pragma once

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/casework/casebook.h"
#include "core/vault/ingest.h"
#include "core/vault/vault.h"
#include "tests/support/fake_env.h"

/// An organisation in memory: a root, teams with epoch keys, users with roles, and real vaults. What one vault sealed is
/// handed to another directly; there is no sync layer, so a test decides what arrives where, when and how often.
namespace wayside::support {

/// The value of a result; a failure is a bug in the test, and ends it.
template <class T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(std::string(name_of(result.error().code)) + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

/// The code of a failure; nothing when all went well.
template <class T>
std::optional<Errc> code_of(const Result<T>& result) {
  return result ? std::nullopt : std::optional(result.error().code);
}

SecretString typed(std::string_view text);

/// One vault on a machine of its own.
struct Device {
  std::string name;
  std::unique_ptr<FakeEnv> world;
  platform::Path home;
  std::unique_ptr<vault::Vault> vault;
  std::uint64_t handed_over = 0;             ///< what `Fleet::news` has given out of this vault

  vault::Vault& operator*() const { return *vault; }
  vault::Vault* operator->() const { return vault.get(); }
};

class Fleet {
 public:
  static constexpr std::string_view kPassphrase = "six words that nobody here can guess";

  /// Founds the organisation and its team `main`.
  explicit Fleet(std::uint64_t seed = 1);

  TeamId main_team() const { return main_team_; }
  TeamId add_team(std::string_view name);
  /// A new epoch of the team, given to its devices but these.
  void renew_epoch(const TeamId& team, const std::vector<DeviceId>& without);
  /// Removes a device as an administrator who holds what `witness` holds would: a new epoch of its team, then the entry
  /// with its pin. Nobody hears of it yet.
  void remove(Device& device, Device& witness);
  /// A new vault, admitted by a ticket. `user`: a second vault of somebody who is there already.
  /// Every vault then holds the membership log as it stands; `hold_back` leaves the others without the new entries.
  Device& add(std::string name, membership::Role role = membership::Role::advocate, std::vector<TeamId> teams = {},
              std::optional<UserId> user = std::nullopt, bool hold_back = false);
  Device& device(std::string_view name);
  std::vector<std::unique_ptr<Device>>& devices() { return devices_; }
  /// Closes and opens the vault, as a restart of the program does.
  void reopen(Device& device);

  // ---- Membership ----
  /// Appends an entry signed by the root. Vaults get it with `share_membership`.
  membership::SignedEntry append(membership::EntryKind kind);
  membership::SignedEntry sign(membership::EntryKind kind, membership::SignerKind signer, Bytes name, const SecretBytes& seed) const;
  void append(const membership::SignedEntry& entry);
  void share_membership();
  void share_membership(Device& device);
  [[nodiscard]] const std::vector<Bytes>& entries() const { return entries_; }
  [[nodiscard]] const membership::Log& log() const { return log_; }
  [[nodiscard]] const SecretBytes& root_seed() const { return root_seed_; }

  // ---- Parcels ----
  /// Everything that the vault holds in its ledgers, in the order in which it came there: of erased ones nothing.
  static std::vector<vault::Parcel> all_of(Device& device);
  /// What `device` itself has written since the last call.
  static std::vector<vault::Parcel> news(Device& device);
  /// In one transaction. Throws when the store fails.
  static vault::Ingested give(Device& to, const std::vector<vault::Parcel>& parcels);
  static vault::Outcome give(Device& to, const vault::Parcel& parcel);
  /// Everybody gets what everybody has, until nothing is new.
  void reconcile();
  /// Equal standing digests on all devices.
  bool converged();

 private:
  platform::Env env_of(Device& device) { return device.world->env(); }

  std::uint64_t seed_;
  FakeEnv world_;
  OrganisationId organisation_;
  SecretBytes root_seed_, member_key_;
  TeamId main_team_;
  struct Secret { std::uint32_t number; SecretBytes secret; };
  std::map<TeamId, Secret> epochs_;
  std::vector<Bytes> entries_;
  membership::Log log_;
  std::vector<std::unique_ptr<Device>> devices_;
};

// ---- What people do, in the words of forms ----

using Fields = std::vector<std::pair<std::string_view, Value>>;

const schema::RecordType& type_named(std::string_view name);
const schema::Field& field_named(std::string_view type, std::string_view name);
casework::FieldChange change(std::string_view type, std::string_view field, std::vector<Value> values);

/// A case with a reference of that name; its id.
RecordId put_case(Device& device, std::string_view reference, std::optional<TeamId> team = std::nullopt);
/// A record in `case_id` (nothing: of the organisation).
RecordId put(Device& device, std::optional<RecordId> case_id, std::string_view type, const Fields& fields);
void edit(Device& device, const RecordId& id, std::string_view field, Value value, std::string reason = "");
/// Every value of a field that nobody has superseded, in the order of its policy.
std::vector<Value> values(Device& device, const RecordId& id, std::string_view field);
/// The same of a field of texts, sorted.
using Texts = std::vector<std::string>;
Texts texts(Device& device, const RecordId& id, std::string_view field);
/// The ledger in which a record stands.
ledger::LedgerRow ledger_of_record(Device& device, const RecordId& id);
/// The one number that a query gives.
std::uint64_t count(Device& device, std::string_view sql);
Digest digest(Device& device);
std::vector<std::string> faults(Device& device);

}  // namespace wayside::support
