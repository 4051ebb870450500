#include "core/ledger/change_set.h"

#include "core/ledger/formats.pb.h"

namespace wayside::ledger {
namespace {

void put(pb::Dot& out, const Dot& dot) {
  out.set_device(dot.device.str());
  out.set_envelope(dot.envelope.str());
  out.set_index(dot.index);
}

void put(pb::Write& out, const Write& write) {
  out.set_field(write.field);
  out.set_value(write.value);
  for (const Dot& dot : write.supersedes) put(*out.add_supersedes(), dot);
  if (write.corrects) put(*out.mutable_corrects(), *write.corrects);
  for (const Dot& dot : write.covers) put(*out.add_covers(), dot);
  out.set_request(write.request);
  if (write.original) put(*out.mutable_original(), *write.original);
}

/// Decoding collects the first fault instead of throwing; the caller looks once at the end.
class Reader {
 public:
  explicit Reader(const DeviceId& author_device) : author_device_(author_device) {}

  template <class IdType>
  IdType id(const std::string& bytes, const char* what) {
    const auto value = IdType::from(bytes);
    if (!value) fault_ = what;
    return value.value_or(IdType{});
  }

  Dot dot(const pb::Dot& in) {
    return {in.device().empty() ? author_device_ : id<DeviceId>(in.device(), "dot device"),
            id<EnvelopeStem>(in.envelope(), "dot envelope"), in.index()};
  }

  Write write(pb::Write& in) {
    Write out;
    out.field = in.field();
    out.value = std::move(*in.mutable_value());
    out.supersedes.reserve(in.supersedes_size());
    for (const auto& each : in.supersedes()) out.supersedes.push_back(dot(each));
    if (in.has_corrects()) out.corrects = dot(in.corrects());
    for (const auto& each : in.covers()) out.covers.push_back(dot(each));
    out.request = in.request();
    if (in.has_original()) out.original = dot(in.original());
    return out;
  }

  RecordWrites record(pb::RecordWrites& in) {
    RecordWrites out{id<RecordId>(in.record(), "record id"), in.type(), {}};
    out.writes.reserve(in.writes_size());
    for (auto& each : *in.mutable_writes()) out.writes.push_back(write(each));
    return out;
  }

  Opening opening(const pb::Opening& in) {
    Opening out{static_cast<LedgerKind>(in.kind()), in.subject(), std::nullopt, std::nullopt};
    if (in.subject().size() != 16) fault_ = "opening subject";
    if (!in.parent().empty()) out.parent = id<LedgerId>(in.parent(), "opening parent");
    if (!in.team().empty()) out.team = id<TeamId>(in.team(), "opening team");
    return out;
  }

  [[nodiscard]] const char* fault() const { return fault_; }

 private:
  DeviceId author_device_;
  const char* fault_ = nullptr;
};

}  // namespace

Bytes encode(const ChangeSet& change) {
  google::protobuf::Arena arena;   // hundreds of small messages, gone together
  auto& out = *google::protobuf::Arena::CreateMessage<pb::ChangeSet>(&arena);
  out.set_author(change.author.str());
  out.set_time(change.time);
  out.set_clock_quality(change.clock_quality);
  out.set_schema_version(change.schema_version);
  out.set_form(change.form);
  for (const EnvelopeId& dep : change.deps) out.add_deps(dep.str());
  for (const RecordWrites& record : change.records) {
    pb::RecordWrites& each = *out.add_records();
    each.set_record(record.record.str());
    each.set_type(record.type);
    for (const Write& write : record.writes) put(*each.add_writes(), write);
  }
  if (change.group) {
    out.mutable_group()->set_id(change.group->id.str());
    for (const LedgerId& ledger : change.group->ledgers) out.mutable_group()->add_ledgers(ledger.str());
  }
  if (change.opening) {
    pb::Opening& opening = *out.mutable_opening();
    opening.set_kind(static_cast<pb::Opening::Kind>(change.opening->kind));
    opening.set_subject(change.opening->subject);
    if (change.opening->parent) opening.set_parent(change.opening->parent->str());
    if (change.opening->team) opening.set_team(change.opening->team->str());
  }
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
  return out.SerializeAsString();
}

Result<ChangeSet> decode_change_set(BytesView bytes, const DeviceId& author_device) {
  google::protobuf::Arena arena;
  auto& in = *google::protobuf::Arena::CreateMessage<pb::ChangeSet>(&arena);
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return fail(Errc::bad_input, "change-set");
  Reader reader(author_device);
  ChangeSet out;
  out.author = reader.id<UserId>(in.author(), "author");
  out.time = in.time();
  out.clock_quality = in.clock_quality();
  out.schema_version = in.schema_version();
  out.form = in.form();
  for (const auto& dep : in.deps()) out.deps.push_back(reader.id<EnvelopeId>(dep, "dep"));
  out.records.reserve(in.records_size());
  for (auto& each : *in.mutable_records()) out.records.push_back(reader.record(each));
  if (in.has_group()) {
    out.group = Group{reader.id<GroupId>(in.group().id(), "group"), {}};
    for (const auto& ledger : in.group().ledgers()) out.group->ledgers.push_back(reader.id<LedgerId>(ledger, "group ledger"));
  }
  if (in.has_opening()) out.opening = reader.opening(in.opening());
  for (const auto& each : in.announcements()) {
    out.announcements.push_back({reader.id<LedgerId>(each.ledger(), "announced ledger"),
                                 reader.id<Digest>(each.grants_hash(), "announced grants"),
                                 static_cast<LedgerKind>(each.kind())});
  }
  for (const auto& each : in.compartments()) {
    out.compartments.push_back({reader.id<LedgerId>(each.ledger(), "compartment"), each.number()});
  }
  out.reason = in.reason();
  if (reader.fault() != nullptr) return fail(Errc::bad_input, reader.fault());
  return out;
}

}  // namespace wayside::ledger
