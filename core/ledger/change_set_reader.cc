#include <algorithm>

#include "core/crypto/crypto.h"
#include "core/ledger/change_set.h"
#include "core/ledger/formats.pb.h"

namespace wayside::ledger {
namespace {

constexpr std::size_t kIdBytes = RecordId::size_bytes;

/// Decoding collects the first fault instead of throwing; the caller looks once at the end.
class Reader {
 public:
  explicit Reader(const DeviceId& author_device) : author_device_(author_device) {}

  template <class IdType>
  IdType id(BytesView bytes, const char* what) {
    const auto value = IdType::from(bytes);
    if (!value) fault(what);
    return value.value_or(IdType{});
  }

  Opening opening(const pb::Opening& in) {
    Opening out{static_cast<LedgerKind>(in.kind()), in.subject(), std::nullopt, std::nullopt};
    if (in.subject().size() != kIdBytes) fault("opening subject");
    if (!in.parent().empty()) out.parent = id<LedgerId>(in.parent(), "opening parent");
    if (!in.team().empty()) out.team = id<TeamId>(in.team(), "opening team");
    return out;
  }

  std::vector<RecordWrites> records(pb::ChangeSet& in) {
    if (in.records_size() == 0) return columns(in);
    if (in.types_size() > 0) fault("writes in two forms");
    std::vector<RecordWrites> out;
    out.reserve(in.records_size());
    for (auto& each : *in.mutable_records()) out.push_back(row(each));
    return out;
  }

  /// Each value that stands elsewhere is named by one block, and each block names such values only.
  std::vector<SealedValues> sealed(const pb::ChangeSet& in, const std::vector<RecordWrites>& records) {
    std::vector<SealedValues> out;
    std::vector<bool> open = placeholders(records);
    for (const auto& each : in.sealed()) {
      SealedValues block{each.compartment(), {}, id<KeyGenerationId>(each.generation(), "generation of sealed values"), each.nonce(),
                         id<Digest>(each.commit(), "commitment of sealed values"), each.sealed()};
      if (block.nonce.size() != crypto::kNonceBytes) fault("nonce of sealed values");
      for (const std::uint32_t index : each.writes()) {
        if (index >= open.size() || !open[index] || (!block.writes.empty() && block.writes.back() > index)) fault("writes of sealed values");
        else open[index] = false;
        block.writes.push_back(index);
      }
      out.push_back(std::move(block));
    }
    if (std::find(open.begin(), open.end(), true) != open.end()) fault("a sealed value is nowhere");
    return out;
  }

  [[nodiscard]] const char* fault() const { return fault_; }

 private:
  void fault(const char* what) {
    if (fault_ == nullptr) fault_ = what;
  }

  Dot dot(const pb::Dot& in) {
    return {in.device().empty() ? author_device_ : id<DeviceId>(in.device(), "dot device"),
            id<EnvelopeStem>(in.envelope(), "dot envelope"), in.index()};
  }

  /// Of a write in rows, or of what stands beside one in columns: the same names.
  template <class Message>
  void say_more(Write& out, const Message& in) {
    out.supersedes.reserve(in.supersedes_size());
    for (const auto& each : in.supersedes()) out.supersedes.push_back(dot(each));
    if (in.has_corrects()) out.corrects = dot(in.corrects());
    for (const auto& each : in.covers()) out.covers.push_back(dot(each));
    out.request = in.request();
    if (in.has_original()) out.original = dot(in.original());
  }

  RecordWrites row(pb::RecordWrites& in) {
    RecordWrites out{id<RecordId>(in.record(), "record id"), in.type(), {}};
    out.writes.reserve(in.writes_size());
    for (auto& each : *in.mutable_writes()) {
      Write& write = out.writes.emplace_back();
      write.field = each.field();
      write.value = std::move(*each.mutable_value());
      say_more(write, each);
    }
    return out;
  }

  std::vector<RecordWrites> columns(const pb::ChangeSet& in) {
    const auto records = static_cast<std::size_t>(in.types_size());
    const auto writes = static_cast<std::size_t>(in.fields_size());
    std::uint64_t counted = 0, length = 0;
    for (const std::uint32_t count : in.counts()) counted += count;
    for (const std::uint32_t each : in.lengths()) length += each;
    if (in.record_ids().size() != records * kIdBytes || static_cast<std::size_t>(in.counts_size()) != records || counted != writes ||
        in.kinds().size() != writes || static_cast<std::size_t>(in.lengths_size()) != writes || in.values().size() != length) {
      fault("columns of different lengths");
      return {};
    }
    std::vector<RecordWrites> out;
    std::vector<Write*> by_index;
    out.reserve(records);
    by_index.reserve(writes);
    std::size_t at = 0;
    BytesView ids = in.record_ids(), values = in.values();
    for (std::size_t n = 0; n < records; ++n) {
      RecordWrites& record = out.emplace_back(RecordWrites{*RecordId::from(ids.substr(n * kIdBytes, kIdBytes)), in.types(static_cast<int>(n)), {}});
      record.writes.resize(in.counts(static_cast<int>(n)));
      for (Write& write : record.writes) {
        write.field = in.fields(static_cast<int>(at));
        const std::size_t size = in.lengths(static_cast<int>(at));
        const char kind = in.kinds()[at++];
        if (kind != 0 || size > 0) write.value.assign(1, kind).append(values.substr(0, size));
        values.remove_prefix(size);
        by_index.push_back(&write);
      }
    }
    say_beside(by_index, in);
    return out;
  }

  void say_beside(const std::vector<Write*>& writes, const pb::ChangeSet& in) {
    std::uint64_t next = 0;
    for (const auto& each : in.beside()) {
      if (each.write() >= writes.size() || each.write() < next) return fault("what stands beside a write");
      next = std::uint64_t{each.write()} + 1;
      say_more(*writes[each.write()], each);
    }
  }

  static std::vector<bool> placeholders(const std::vector<RecordWrites>& records) {
    std::vector<bool> out;
    for (const RecordWrites& record : records) {
      for (const Write& write : record.writes) out.push_back(write.value == kSealedValue);
    }
    return out;
  }

  DeviceId author_device_;
  const char* fault_ = nullptr;
};

}  // namespace

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
  out.records = reader.records(in);
  out.sealed = reader.sealed(in, out.records);
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
  out.snapshot = in.snapshot();
  out.audit = in.audit();
  for (const auto& user : in.named()) out.named.push_back(reader.id<UserId>(user, "who is named"));
  if (reader.fault() != nullptr) return fail(Errc::bad_input, reader.fault());
  return out;
}

}  // namespace wayside::ledger
