#include "tests/vectors/organisation.h"

#include <cstring>

#include "core/membership/names.h"
#include "tests/support/fleet.h"

namespace wayside::vectors {

using membership::SignedEntry;
using membership::SignerKind;
using support::need;

namespace {
constexpr std::int64_t kFounded_ms = 1'750'000'000'000;
constexpr std::int64_t kWeek_ms = std::int64_t{7} * 86'400'000;
}  // namespace

std::string hex(BytesView bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char byte : bytes) {
    out += kDigits[static_cast<unsigned char>(byte) >> 4];
    out += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return out;
}

Bytes unhex(const std::string& text) {
  Bytes out;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2)
    out += static_cast<char>(std::stoi(text.substr(at, 2), nullptr, 16));
  return out;
}

SecretBytes secret(std::string_view label) {
  const Digest digest = crypto::hash("wayside/vectors/1", {label});
  SecretBytes out(Digest::size_bytes);
  std::memcpy(out.data(), digest.bytes.data(), out.size());
  return out;
}

Member member(const std::string& name) {
  return {name,
          named<UserId>("user of " + name),
          named<DeviceId>("device of " + name),
          named<IncarnationId>("incarnation of " + name),
          named<TicketId>("ticket of " + name),
          secret("signing of " + name),
          secret("box of " + name),
          secret("courier of " + name),
          secret("ticket seed of " + name)};
}

Organisation::Organisation() {
  need(schema::load_builtin());
  take("found", by_root(membership::Found{crypto::sign_public(root_seed), crypto::box_public(recovery_secret),
                                          named<LedgerId>("organisation ledger"), sealed("Mill Lane Project")}));
  take("office key", by_root(membership::OfficeKey{*Digest::from(secret("office pin").view()),
                                                   crypto::sign_public(office_seed), "office.example:8443"}));
  take("team", by_root(membership::Team{team, sealed("main"), named<LedgerId>("team ledger")}));
  take("epoch 1", by_root(membership::Epoch{team, 1, crypto::box_public(epoch_secret), {}, {}, {}}));
  take("ticket of amina", by_root(ticket_for(amina, membership::Role::admin)));
  take("device of amina", redeeming(amina));
  take("ticket of ben", by_device(amina, ticket_for(ben, membership::Role::advocate)));
  take("device of ben", redeeming(ben));
  take("ticket of cara", by_device(amina, ticket_for(cara, membership::Role::advocate)));
  take("device of cara", redeeming(cara));
  take("ben at the desk",
       by_device(amina, membership::RoleEntry{ben.user, membership::Role::desk, std::nullopt, false, {}}));
  take("removal of cara", by_root(membership::Removal{cara.device, std::nullopt, {}, {}}));
}

Bytes Organisation::sealed(std::string_view name) {
  return need(membership::seal_name(member_key.view(), name, random));
}

SignedEntry Organisation::sign(membership::EntryKind kind, SignerKind by, Bytes name, const SecretBytes& seed) const {
  const auto time_ms = kFounded_ms + static_cast<std::int64_t>(log.size());
  return membership::sign_entry({id, log.size(), log.head(), time_ms, by, std::move(name), std::move(kind)}, seed);
}

SignedEntry Organisation::by_root(membership::EntryKind kind) const {
  return sign(std::move(kind), SignerKind::root, {}, root_seed);
}

SignedEntry Organisation::by_device(const Member& signer, membership::EntryKind kind) const {
  return sign(std::move(kind), SignerKind::device, signer.device.str(), signer.sign_seed);
}

SignedEntry Organisation::redeeming(const Member& who) const {
  return sign(device_of(who), SignerKind::ticket, who.ticket.str(), who.ticket_seed);
}

membership::TicketEntry Organisation::ticket_for(const Member& who, membership::Role role) {
  return {who.ticket,
          crypto::sign_public(who.ticket_seed),
          who.user,
          sealed(who.name),
          role,
          {team},
          kFounded_ms + kWeek_ms};
}

membership::DeviceEntry Organisation::device_of(const Member& who) const {
  membership::DeviceEntry entry;
  entry.device = who.device;
  entry.incarnation = who.incarnation;
  entry.sign_public = crypto::sign_public(who.sign_seed);
  entry.box_public = crypto::box_public(who.box_secret);
  entry.courier_public = crypto::sign_public(who.courier_seed);
  entry.user = who.user;
  entry.ticket = who.ticket;
  support::FakeRandom nonces(
      entry.device.bytes[0]);  // its own, so that a device's entry is the same whenever it is made
  entry.sealed_name = need(membership::seal_name(member_key.view(), who.name + "'s laptop", nonces));
  entry.proof = crypto::sign(who.sign_seed, membership::device_proof_message(id, entry));
  return entry;
}

void Organisation::take(std::string name, const SignedEntry& entry) {
  need(log.append(entry));
  entries.push_back({std::move(name), entry});
}

membership::Log Organisation::log_of(std::size_t count) const {
  membership::Log out;
  for (std::size_t i = 0; i < count; ++i) need(out.append(entries.at(i).entry));
  return out;
}

const EntryHash& Organisation::head_after(std::string_view entry) const {
  for (const Named& each : entries) {
    if (each.name == entry) return each.entry.hash;
  }
  throw std::logic_error("no entry " + std::string(entry));
}

}  // namespace wayside::vectors
