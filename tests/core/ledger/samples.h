#pragma once

#include "core/base/value.h"
#include "core/ledger/change_set.h"
#include "core/ledger/envelope.h"
#include "tests/support/fake_env.h"

/// One of each format with every field filled, the same in every run: for round trips and golden files.
namespace wayside::test {

template <class IdType>
IdType filled(char byte) {
  IdType id;
  id.bytes.fill(byte);
  return id;
}

inline ledger::ChangeSet full_change_set() {
  using ledger::Dot;
  const Dot seen{filled<DeviceId>(2), filled<ledger::EnvelopeStem>(3), 4};
  ledger::ChangeSet change;
  change.author = filled<UserId>(1);
  change.time = 0x0123'4567'89ab'cdefULL;
  change.clock_quality = 2;
  change.schema_version = 1;
  change.form = "edit";
  change.deps = {filled<EnvelopeId>(5), filled<EnvelopeId>(6)};
  ledger::Write everything;
  everything.field = 16;
  everything.value = encode(Value(Text{"Flat 2, Mill Lane"}));
  everything.supersedes = {seen, {filled<DeviceId>(7), filled<ledger::EnvelopeStem>(8), 0}};
  everything.corrects = Dot{filled<DeviceId>(9), filled<ledger::EnvelopeStem>(10), 11};
  everything.covers = {seen};
  everything.request = true;
  everything.original = Dot{filled<DeviceId>(12), filled<ledger::EnvelopeStem>(13), 14};
  ledger::Write cleared;
  cleared.field = 17;
  cleared.supersedes = {seen};
  change.records = {{filled<RecordId>(15), 2, {everything, cleared}}, {filled<RecordId>(16), 3'000'000, {cleared}}};
  change.group = ledger::Group{filled<GroupId>(17), {filled<LedgerId>(18), filled<LedgerId>(19)}};
  change.opening = ledger::Opening{ledger::LedgerKind::compartment, filled<RecordId>(20).str(), filled<LedgerId>(21), filled<TeamId>(22)};
  change.announcements = {{filled<LedgerId>(23), filled<Digest>(24), ledger::LedgerKind::case_ledger}};
  change.compartments = {{filled<LedgerId>(25), 4}};
  change.reason = "she moved";
  return change;
}

inline ledger::Header full_header() {
  ledger::Header header;
  header.organisation = filled<OrganisationId>(1);
  header.ledger = filled<LedgerId>(2);
  header.device = filled<DeviceId>(3);
  header.incarnation = filled<IncarnationId>(4);
  header.seq = 300;
  header.prev = filled<EnvelopeId>(5);
  header.key_generation = filled<KeyGenerationId>(6);
  header.membership_head = filled<EntryHash>(7);
  header.blobs = {filled<Digest>(8), filled<Digest>(9)};
  header.grants = {filled<GrantHash>(10)};
  return header;
}

/// 32 bytes that count up from `first`.
inline SecretBytes counting_secret(unsigned char first) {
  SecretBytes secret(32);
  for (std::size_t i = 0; i < secret.size(); ++i) secret.data()[i] = static_cast<unsigned char>(first + i);
  return secret;
}

}  // namespace wayside::test
