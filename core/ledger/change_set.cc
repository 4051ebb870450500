#include "core/ledger/change_set.h"

#include "core/ledger/formats.pb.h"

namespace wayside::ledger {
namespace {

void put(pb::Dot& out, const Dot& dot) {
  out.set_device(dot.device.str());
  out.set_envelope(dot.envelope.str());
  out.set_index(dot.index);
}

bool says_more(const Write& write) {
  return !write.supersedes.empty() || write.corrects || !write.covers.empty() || write.request || write.original;
}

void put(pb::Beside& out, const Write& write, std::uint32_t index) {
  out.set_write(index);
  for (const Dot& dot : write.supersedes) put(*out.add_supersedes(), dot);
  if (write.corrects) put(*out.mutable_corrects(), *write.corrects);
  for (const Dot& dot : write.covers) put(*out.add_covers(), dot);
  out.set_request(write.request);
  if (write.original) put(*out.mutable_original(), *write.original);
}

/// Which writes have their values in a sealed block.
std::vector<bool> sealed_writes(const ChangeSet& change) {
  std::vector<bool> out;
  for (const SealedValues& block : change.sealed) {
    for (const std::uint32_t index : block.writes) {
      if (index >= out.size()) out.resize(index + std::size_t{1});
      out[index] = true;
    }
  }
  return out;
}

void put_columns(pb::ChangeSet& out, const ChangeSet& change) {
  const std::vector<bool> sealed = sealed_writes(change);
  std::uint32_t index = 0;
  for (const RecordWrites& record : change.records) {
    out.mutable_record_ids()->append(record.record.view());
    out.add_types(record.type);
    out.add_counts(static_cast<std::uint32_t>(record.writes.size()));
    for (const Write& write : record.writes) {
      const BytesView value = index < sealed.size() && sealed[index] ? kSealedValue : BytesView(write.value);
      out.add_fields(write.field);
      out.mutable_kinds()->push_back(value.empty() ? '\0' : value[0]);
      out.add_lengths(static_cast<std::uint32_t>(value.empty() ? 0 : value.size() - 1));
      if (!value.empty()) out.mutable_values()->append(value.substr(1));
      if (says_more(write)) put(*out.add_beside(), write, index);
      ++index;
    }
  }
}

void put(pb::SealedValues& out, const SealedValues& block) {
  out.set_compartment(block.compartment);
  for (const std::uint32_t index : block.writes) out.add_writes(index);
  out.set_generation(block.generation.str());
  out.set_nonce(block.nonce);
  out.set_commit(block.commit.str());
  out.set_sealed(block.sealed);
}

void put(pb::Opening& out, const Opening& opening) {
  out.set_kind(static_cast<pb::Opening::Kind>(opening.kind));
  out.set_subject(opening.subject);
  if (opening.parent) out.set_parent(opening.parent->str());
  if (opening.team) out.set_team(opening.team->str());
}

}  // namespace

Bytes encode(const ChangeSet& change) {
  google::protobuf::Arena arena;
  auto& out = *google::protobuf::Arena::CreateMessage<pb::ChangeSet>(&arena);
  out.set_author(change.author.str());
  out.set_time(change.time);
  out.set_clock_quality(change.clock_quality);
  out.set_schema_version(change.schema_version);
  out.set_form(change.form);
  for (const EnvelopeId& dep : change.deps) out.add_deps(dep.str());
  put_columns(out, change);
  for (const SealedValues& block : change.sealed) put(*out.add_sealed(), block);
  if (change.group) {
    out.mutable_group()->set_id(change.group->id.str());
    for (const LedgerId& ledger : change.group->ledgers) out.mutable_group()->add_ledgers(ledger.str());
  }
  if (change.opening) put(*out.mutable_opening(), *change.opening);
  for (const Announcement& announcement : change.announcements) {
    pb::Announcement& each = *out.add_announcements();
    each.set_ledger(announcement.ledger.str());
    each.set_grants_hash(announcement.grants.str());
    each.set_kind(static_cast<std::uint32_t>(announcement.kind));
  }
  for (const Compartment& compartment : change.compartments) {
    pb::Compartment& each = *out.add_compartments();
    each.set_ledger(compartment.ledger.str());
    each.set_number(compartment.number);
  }
  out.set_reason(change.reason);
  out.set_snapshot(change.snapshot);
  out.set_audit(change.audit);
  for (const UserId& user : change.named) out.add_named(user.str());
  return out.SerializeAsString();
}

}  // namespace wayside::ledger
