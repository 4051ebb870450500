#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sync/courier/courier.h"
#include "sync/office/service.h"
#include "sync/spool/layout.h"
#include "tests/support/fleet.h"

/// An organisation with a real office and real vaults, stopped at the moment before Ben's reconcile: his disk, the
/// office's as of today and of yesterday, and everything that ever crossed the wire. Each case starts from copies of
/// these.
namespace wayside::hostile {

/// Stands in every record and must never be seen on the wire.
inline constexpr std::string_view kCanary = "CANARY";

/// One request and what the office answered.
struct Exchanged {
  std::string path;
  Bytes request, answer;
};

/// An office on a disk of its own, with its real service and no socket.
class Office {
 public:
  Office(std::unique_ptr<support::FakeFiles> disk, const SecretBytes& tls_seed, const SecretBytes& sign_seed);
  platform::HttpAnswer answer(const PublicKey& client, const platform::HttpCall& call);
  /// Everything that `device` would be given from the beginning on.
  std::vector<wire::pb::Delivery> all_for(const DeviceId& device);
  office::LedgerStore& store() { return *store_; }
  [[nodiscard]] std::unique_ptr<support::FakeFiles> disk_copy() const { return files_->copy(); }

 private:
  std::unique_ptr<support::FakeFiles> files_;
  support::FakeEnv rest_;
  platform::Env env_;
  std::unique_ptr<office::LedgerStore> store_;
  std::unique_ptr<office::Service> service_;
};

/// Ben's machine for one case.
class Machine {
 public:
  Machine(const class World& world, std::unique_ptr<support::FakeFiles> disk);
  using Line = support::FakeNetwork::Handler;
  /// What `wayside-cli sync --locked` does.
  wire::pb::CourierDone carry(Line line);
  [[nodiscard]] bool has_news();  ///< pages in the inbox that were not folded
  /// What unlocking does: folds the inbox. The vault stays open.
  Result<std::uint64_t> fold();
  void fill_outbox();   ///< what a reconcile does before it starts a courier
  void take_answers();  ///< … and after it has folded what that brought
  vault::Vault& vault();
  void close() { vault_.reset(); }

 private:
  const World& world_;
  std::unique_ptr<support::FakeFiles> files_;
  support::FakeClock clock_;
  support::FakeRandom random_{4711};
  support::FakeNetwork network_;
  platform::Env env_;
  std::unique_ptr<vault::Vault> vault_;
};

struct HonestParcel {
  Bytes envelope;
  std::set<Bytes> grants;
};

class World {
 public:
  explicit World(std::uint64_t seed);

  [[nodiscard]] std::unique_ptr<Office> office_of_today() const;
  [[nodiscard]] std::unique_ptr<Office> office_of_yesterday() const;
  [[nodiscard]] std::unique_ptr<Machine> bens_machine() const;

  /// A sentence for everything in the vault that nobody honest wrote: envelopes, grants, keys, membership entries; or a
  /// digest that the envelopes it holds do not have.
  std::vector<std::string> faults_of(vault::Vault& vault);
  std::vector<std::string> faults_of(Office& office) const;
  /// A sentence for each canary or key within what was sent.
  [[nodiscard]] std::vector<std::string> told_by(BytesView sent) const;

  support::Fleet fleet;
  support::Device *amina, *ben, *cara;
  SecretBytes office_tls, office_sign;
  std::vector<Exchanged> bens_night;  ///< Ben's honest reconcile, as a proxy would see it
  std::vector<Exchanged> library;     ///< other nights, his and the others'
  Digest honest_digest;               ///< of Ben's casebook after that night
  std::map<EnvelopeId, HonestParcel> honest;
  PublicKey ben_courier;
  DeviceId ben_device;

 private:
  void send_and_fetch(support::Device& device, Office& office, std::vector<Exchanged>& seen);
  void remember(support::Device& device);
  std::vector<std::string> envelope_faults(vault::Vault& vault, std::set<EnvelopeId>& held) const;
  std::vector<std::string> key_and_membership_faults(vault::Vault& vault) const;
  Digest digest_with(const std::set<EnvelopeId>& held);

  std::unique_ptr<support::FakeFiles> office_today_, office_yesterday_, bens_disk_;
  std::map<std::set<EnvelopeId>, Digest> digests_;
  std::map<std::pair<Bytes, Bytes>, SecretBytes> case_keys_;  ///< by ledger and generation
  std::vector<Bytes> needles_;                                ///< what no request may hold
};

}  // namespace wayside::hostile
