#pragma once

#include <string>
#include <vector>

#include "core/crypto/crypto.h"
#include "core/membership/entry.h"
#include "core/membership/grant.h"
#include "core/membership/ticket.h"
#include "tests/core/ledger/samples.h"

/// One entry of every kind, once with every field filled and once with every field empty that may be.
namespace wayside::test {

struct NamedEntry { std::string name; membership::EntryKind kind; };

inline membership::DeviceEntry device_sample(bool with_ticket) {
  membership::DeviceEntry device;
  device.device = filled<DeviceId>(1);
  device.incarnation = filled<IncarnationId>(2);
  device.sign_public = filled<PublicKey>(3);
  device.box_public = filled<PublicKey>(4);
  device.courier_public = filled<PublicKey>(5);
  device.user = filled<UserId>(6);
  if (with_ticket) {
    device.ticket = filled<TicketId>(7);
  } else {
    device.role = membership::Role::admin;
    device.teams = {filled<TeamId>(8)};
  }
  device.sealed_name = "sealed device name";
  device.proof = filled<Signature>(9);
  return device;
}

inline std::vector<NamedEntry> entry_samples() {
  using namespace membership;
  const TeamId team = filled<TeamId>(31);
  return {
      {"found", Found{filled<PublicKey>(1), filled<PublicKey>(2), filled<LedgerId>(3), "sealed name"}},
      {"team", Team{team, "sealed team", filled<LedgerId>(4)}},
      {"epoch", Epoch{team, 3, filled<PublicKey>(5), {{filled<DeviceId>(6), "wrap one"}, {filled<DeviceId>(7), "wrap two"}}, "the epoch before", {filled<TicketId>(8)}}},
      {"epoch_empty", Epoch{team, 1, filled<PublicKey>(5), {}, {}, {}}},
      {"ticket", TicketEntry{filled<TicketId>(9), filled<PublicKey>(10), filled<UserId>(11), "sealed user", Role::manager, {team, filled<TeamId>(32)}, 1'750'000'000'000}},
      {"device", device_sample(true)},
      {"device_solo", device_sample(false)},
      {"role", RoleEntry{filled<UserId>(12), Role::desk, team, false, "pin"}},
      {"role_leaves", RoleEntry{filled<UserId>(12), Role::none, team, true, {}}},
      {"removal_device", Removal{filled<DeviceId>(13), std::nullopt, "sealed reason", "pin"}},
      {"removal_user", Removal{std::nullopt, filled<UserId>(14), {}, {}}},
      {"countersign", Countersign{{filled<EnvelopeId>(15), filled<EnvelopeId>(16)}, true, "sealed reason"}},
      {"countersign_empty", Countersign{}},
      {"branch", Branch{filled<EntryHash>(17), filled<EntryHash>(18)}},
      {"erase", Erase{filled<LedgerId>(19), "sealed reason"}},
      {"erase_empty", Erase{filled<LedgerId>(19), {}}},
      {"office_key", OfficeKey{filled<Digest>(20), filled<PublicKey>(21), "office.example:8443"}},
      {"pack", Pack{"leicester", 2, filled<Digest>(22)}},
      {"pack_empty", Pack{{}, 0, filled<Digest>(22)}},
  };
}

inline membership::SignedEntry signed_sample(const membership::EntryKind& kind) {
  return membership::sign_entry({filled<OrganisationId>(40), 7, filled<EntryHash>(41), 1'750'000'000'123,
                                 membership::SignerKind::device, filled<DeviceId>(42).str(), kind},
                                counting_secret(50));
}

inline membership::Ticket ticket_sample() {
  membership::Ticket ticket;
  ticket.organisation = filled<OrganisationId>(1);
  ticket.root_public = filled<PublicKey>(2);
  ticket.ticket = filled<TicketId>(3);
  ticket.user = filled<UserId>(4);
  ticket.seed = counting_secret(5);
  ticket.office_pin = filled<Digest>(6);
  ticket.expires_ms = 1'750'000'000'000;
  ticket.teams = {{filled<TeamId>(7), 1}, {filled<TeamId>(8), 70'000}};
  ticket.office_address = "office.example:8443";
  membership::TicketSecrets secrets{counting_secret(60), {}};
  secrets.epoch_secrets.push_back(counting_secret(61));
  secrets.epoch_secrets.push_back(counting_secret(62));
  ticket.sealed = membership::seal_ticket_secrets(ticket.seed, secrets);
  return ticket;
}

}  // namespace wayside::test
