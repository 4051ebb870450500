#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/crypto/crypto.h"
#include "core/ledger/change_set.h"
#include "core/membership/log.h"
#include "core/vault/ingest.h"
#include "tests/support/fake_env.h"

/// What the published vectors (tests/data/vectors) are about: an organisation whose ids and keys are made from their
/// labels, so that anybody can see that nothing in them is anybody's.
namespace wayside::vectors {

using Json = nlohmann::ordered_json;

std::string hex(BytesView bytes);
Bytes unhex(const std::string& text);

/// H("wayside/vectors/1", label): 32 bytes, or the first of them.
SecretBytes secret(std::string_view label);
template <class IdType>
IdType named(std::string_view label) {
  return *IdType::from(secret(label).view().substr(0, IdType::size_bytes));
}

/// A device with its user and keys: "amina" has the user "user of amina", the ticket "ticket of amina" …
struct Member {
  std::string name;
  UserId user;
  DeviceId device;
  IncarnationId incarnation;
  TicketId ticket;
  SecretBytes sign_seed, box_secret, courier_seed, ticket_seed;
};
Member member(const std::string& name);

/// Amina is an administrator, Ben an advocate, Cara one who was removed again.
class Organisation {
 public:
  Organisation();

  [[nodiscard]] membership::SignedEntry by_root(membership::EntryKind kind) const;
  [[nodiscard]] membership::SignedEntry by_device(const Member& signer, membership::EntryKind kind) const;
  /// The entry with which `who` redeems a ticket.
  [[nodiscard]] membership::SignedEntry redeeming(const Member& who) const;
  [[nodiscard]] membership::TicketEntry ticket_for(const Member& who, membership::Role role);
  [[nodiscard]] membership::DeviceEntry device_of(const Member& who) const;

  support::FakeRandom random{20'261'122};
  OrganisationId id = named<OrganisationId>("organisation");
  TeamId team = named<TeamId>("team");
  SecretBytes root_seed = secret("root"), member_key = secret("member key"), recovery_secret = secret("recovery"),
              epoch_secret = secret("epoch 1"), office_seed = secret("office signing");
  Member amina = member("amina"), ben = member("ben"), cara = member("cara");

  struct Named {
    std::string name;
    membership::SignedEntry entry;
  };
  std::vector<Named> entries;  ///< from founding to Cara's removal
  membership::Log log;         ///< with all of them

  /// The first `count` entries, for an entry that is to follow them.
  [[nodiscard]] membership::Log log_of(std::size_t count) const;
  [[nodiscard]] const EntryHash& head_after(std::string_view entry) const;

 private:
  [[nodiscard]] membership::SignedEntry sign(membership::EntryKind kind, membership::SignerKind by, Bytes name,
                                             const SecretBytes& seed) const;
  void take(std::string name, const membership::SignedEntry& entry);
  [[nodiscard]] Bytes sealed(std::string_view name);
};

/// An envelope with its grants, and what it must come to.
struct Case {
  std::string name, says;
  vault::Parcel parcel;
  std::vector<std::string> after;  ///< names of those that were delivered before it
  std::string outcome;             ///< applied, known, pending, quarantined
  std::string why;                 ///< the name of the error that keeps it apart, or what it waits for
};

Json operations(const ledger::ChangeSet& change, const DeviceId& device, const EnvelopeId& envelope);

Json notation_vectors(Organisation& organisation);
Json membership_vectors(Organisation& organisation);
Json envelope_vectors(Organisation& organisation);

}  // namespace wayside::vectors
