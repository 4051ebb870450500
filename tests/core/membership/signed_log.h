#pragma once

#include <catch2/catch_test_macros.hpp>

#include "core/membership/log.h"
#include "tests/core/membership/membership_samples.h"

/// A membership log in which every device and ticket is named by a character, from which its keys follow.
namespace wayside::test {

inline const OrganisationId kOrganisation = filled<OrganisationId>(9);
inline const TeamId kTeam = filled<TeamId>(8);
inline const LedgerId kTeamsOwn = filled<LedgerId>(4);

inline SecretBytes seed_of(char name) { return counting_secret(static_cast<unsigned char>(name)); }

struct Signer { membership::SignerKind kind = membership::SignerKind::root; Bytes name; SecretBytes seed; };
inline Signer root() { return {membership::SignerKind::root, {}, counting_secret(1)}; }
inline Signer by_device(char device) { return {membership::SignerKind::device, filled<DeviceId>(device).str(), seed_of(device)}; }
inline Signer by_ticket(char ticket) { return {membership::SignerKind::ticket, filled<TicketId>(ticket).str(), seed_of(ticket)}; }

inline membership::EntryKind founding() {
  return membership::Found{crypto::sign_public(counting_secret(1)), filled<PublicKey>(2), filled<LedgerId>(3), "name"};
}
inline membership::EntryKind ticket(char name, const UserId& user, membership::Role role) {
  return membership::TicketEntry{filled<TicketId>(name), crypto::sign_public(seed_of(name)), user, "sealed", role, {kTeam}, 0};
}
inline membership::DeviceEntry device(char name, const UserId& user, std::optional<char> with_ticket) {
  membership::DeviceEntry entry;
  entry.device = filled<DeviceId>(name);
  entry.incarnation = filled<IncarnationId>(name);
  entry.user = user;
  entry.sign_public = crypto::sign_public(seed_of(name));
  entry.courier_public = filled<PublicKey>(name);
  if (with_ticket) entry.ticket = filled<TicketId>(*with_ticket);
  entry.sealed_name = "sealed device";
  entry.proof = crypto::sign(seed_of(name), device_proof_message(kOrganisation, entry));
  return entry;
}

/// Signed against the log as it stands.
inline membership::SignedEntry next(const membership::Log& log, membership::EntryKind kind, const Signer& signer) {
  return membership::sign_entry({kOrganisation, log.size(), log.head(), 0, signer.kind, signer.name, std::move(kind)}, signer.seed);
}

/// What is in the way, if anything: then the log is as it was.
inline std::optional<Errc> append(membership::Log& log, const membership::SignedEntry& entry) {
  const std::uint64_t before = log.size();
  const auto done = log.append(entry);
  if (done) return std::nullopt;
  CHECK(log.size() == before);
  return done.error().code;
}
inline std::optional<Errc> append(membership::Log& log, membership::EntryKind kind, const Signer& signer) {
  return append(log, next(log, std::move(kind), signer));
}

/// A founding, and a team in its first epoch.
inline membership::Log with_a_team() {
  membership::Log log;
  REQUIRE_FALSE(append(log, founding(), root()));
  REQUIRE_FALSE(append(log, membership::Team{kTeam, "team", kTeamsOwn}, root()));
  REQUIRE_FALSE(append(log, membership::Epoch{kTeam, 1, filled<PublicKey>(5), {}, {}, {}}, root()));
  return log;
}

}  // namespace wayside::test
