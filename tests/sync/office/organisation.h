#pragma once

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "sync/office/founding.h"
#include "sync/office/service.h"
#include "tests/support/fake_env.h"

/// An organisation with a real office store on a disk in memory, and devices that write real envelopes.
namespace wayside::support {

template <class T>
T need(Result<T> result) {
  if (!result) FAIL(name_of(result.error().code) << ": " << result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

template <class T>
std::optional<Errc> code_of(const Result<T>& result) {
  return result ? std::nullopt : std::optional(result.error().code);
}

/// What a device's vault and courier know of themselves.
struct Member {
  membership::DeviceEntry entry;
  SecretBytes sign_seed, courier_seed, box_secret;
  struct Chain {
    std::uint64_t seq = 0;
    std::optional<EnvelopeId> prev;
  };
  std::map<LedgerId, Chain> chains;

  [[nodiscard]] const DeviceId& id() const { return entry.device; }
  [[nodiscard]] office::Caller caller() const { return {office::Standing::device, entry.device, {}, Errc::refused}; }
};

class Organisation {
 public:
  static constexpr std::string_view kStore = "/office/ledgers.db";

  explicit Organisation(std::uint64_t seed = 1);

  // ---- Membership: signed by the root, or by a ticket ----
  membership::SignedEntry root_signed(membership::EntryKind kind);
  /// Signs against the newest head and appends; the test fails when the office refuses.
  void append_by_root(membership::EntryKind kind);
  TeamId add_team();
  membership::Ticket invite(membership::Role role, std::vector<TeamId> teams);
  /// The entry with which a new device redeems a ticket; nothing is appended.
  membership::SignedEntry redeeming(const membership::Ticket& ticket, Member& member);
  Member join(const membership::Ticket& ticket);

  // ---- Envelopes ----
  struct Writing {
    std::vector<TeamId> teams;      ///< grants to their newest epochs
    std::vector<DeviceId> devices;  ///< grants to these devices
    std::size_t bytes = 40;         ///< of change-set, before padding
    std::optional<EntryHash> membership_head;
    std::vector<Digest> blobs;      ///< parts of attachments that it names
  };
  /// The device's next envelope in that ledger, sealed and signed.
  wire::pb::Parcel write(Member& member, const LedgerId& ledger, const Writing& writing);
  wire::pb::Parcel write(Member& member, const LedgerId& ledger);
  /// A new ledger that `team` may read.
  wire::pb::Parcel open_ledger(Member& member, const LedgerId& ledger, const TeamId& team);
  LedgerId new_ledger() { return LedgerId::random(world.random); }

  // ---- Talking to the store ----
  std::vector<wire::pb::Taken> push(const Member& member, const std::vector<wire::pb::Parcel>& parcels);
  wire::pb::Taken push_one(const Member& member, const wire::pb::Parcel& parcel) {
    return push(member, {parcel}).at(0);
  }
  office::LedgerStore::Page pull(const Member& member, const wire::pb::PullRequest& request);
  void reopen();  ///< as after a restart of the office

  FakeEnv world;
  platform::Env env;
  office::Founding founding;
  TeamId main_team;
  std::unique_ptr<office::LedgerStore> store;
};

EnvelopeId id_of(const wire::pb::Parcel& parcel);

/// A courier's memory of what it holds, as far as a test needs one: fetches to the end and checks every page.
struct Holder {
  std::uint64_t position = 0;
  std::uint64_t membership = 0;
  std::map<LedgerId, wire::LedgerHead> ledgers;
  std::vector<wire::pb::Delivery> deliveries;  ///< in the order in which they came
  std::optional<wire::Heads> heads;
  std::size_t pages = 0;

  [[nodiscard]] Digest frontier(const Organisation& organisation) const;
  /// Until the office has no more; the test fails when an lsn is not the next of its ledger.
  void fetch(Organisation& organisation, const Member& member, std::uint32_t page_bytes = 0);
};

}  // namespace wayside::support
