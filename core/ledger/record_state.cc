#include "core/ledger/record_state.h"

#include <google/protobuf/arena.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "core/crypto/crypto.h"
#include "core/ledger/formats.pb.h"

namespace wayside::ledger {
namespace {

bool before(const Held& held, const Dot& dot) { return held.dot < dot; }

void remove(std::vector<Held>& held, const Dot& dot) {
  const auto at = std::lower_bound(held.begin(), held.end(), dot, before);
  if (at != held.end() && at->dot == dot) held.erase(at);
}

/// Two writes of one dot are one write that came twice, one that was authored again after a restore, or a lie. Every
/// device keeps the same one, whichever came first: the earliest, then the least in every other respect.
bool wins(const Held& a, const Held& b) {
  return std::tie(a.author.time, a.value, a.author.user, a.author.role, a.request, a.corrects, a.covers) <
         std::tie(b.author.time, b.value, b.author.user, b.author.role, b.request, b.corrects, b.covers);
}

void put_number(Bytes& out, std::uint64_t value, int width) {
  for (int i = 0; i < width; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

/// Envelopes named by a state, each once: a dot takes two small numbers instead of 36 bytes.
class Origins {
 public:
  explicit Origins(pb::RecordState& out) : out_(out) {}

  std::uint32_t of(const Dot& dot) { return of(dot, nullptr); }
  std::uint32_t of(const Dot& dot, const Author* author) {
    const auto [at, made] = known_.try_emplace({dot.device, dot.envelope}, static_cast<std::uint32_t>(known_.size()));
    if (made) {
      pb::Origin& origin = *out_.add_origins();
      origin.set_device(dot.device.str());
      origin.set_envelope(dot.envelope.str());
    }
    if (author != nullptr) {
      pb::Origin& origin = *out_.mutable_origins(static_cast<int>(at->second));
      origin.set_author(author->user.str());
      origin.set_time(author->time);
      origin.set_role(author->role);
    }
    return at->second;
  }

 private:
  pb::RecordState& out_;
  std::map<std::pair<DeviceId, EnvelopeStem>, std::uint32_t> known_;
};

/// Looks dots up again; remembers whether every look-up was good.
class Dots {
 public:
  explicit Dots(const pb::RecordState& in) : in_(in) {}

  Dot dot(std::uint32_t origin, std::uint32_t index) {
    if (origin >= static_cast<std::uint32_t>(in_.origins_size())) return good_ = false, Dot{};
    const pb::Origin& from = in_.origins(static_cast<int>(origin));
    const auto device = DeviceId::from(from.device());
    const auto envelope = EnvelopeStem::from(from.envelope());
    if (!device || !envelope) return good_ = false, Dot{};
    return {*device, *envelope, index};
  }
  Author author(std::uint32_t origin) {
    if (origin >= static_cast<std::uint32_t>(in_.origins_size())) return good_ = false, Author{};
    const pb::Origin& from = in_.origins(static_cast<int>(origin));
    const auto user = UserId::from(from.author());
    if (!user) return good_ = false, Author{};
    return {*user, from.time(), from.role()};
  }
  template <class Pairs>
  std::vector<Dot> dots(const Pairs& pairs) {
    std::vector<Dot> out;
    if (pairs.size() % 2 != 0) good_ = false;
    for (int i = 0; i + 1 < pairs.size(); i += 2) out.push_back(dot(pairs.Get(i), pairs.Get(i + 1)));
    return out;
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  const pb::RecordState& in_;
  bool good_ = true;
};

}  // namespace

const FieldState* RecordState::field(std::uint32_t id) const {
  const auto found = fields.find(id);
  return found == fields.end() ? nullptr : &found->second;
}

std::vector<Dot> RecordState::live_dots() const {
  std::vector<Dot> dots;
  for (const auto& [id, field] : fields) {
    if (id == kArchivedFieldId) continue;
    for (const Held& held : field.held) dots.push_back(held.dot);
  }
  return dots;
}

Dot dot_of(const Write& write, const Dot& place) {
  return write.original && write.original->device == place.device ? *write.original : place;
}

bool holds_sealed_value(const RecordState& state) {
  return std::ranges::any_of(state.fields, [](const auto& field) {
    return std::ranges::any_of(field.second.held, [](const Held& held) { return held.value == kSealedValue; });
  });
}

void fold(RecordState& state, const Write& write, const Dot& dot, const Author& author) {
  FieldState& field = state.fields[write.field];
  const Dot own = dot_of(write, dot);
  for (const Dot& superseded : write.supersedes) {
    field.superseded.insert(superseded);
    remove(field.held, superseded);
  }
  if (write.value.empty() || field.superseded.contains(own)) return;
  const auto at = std::lower_bound(field.held.begin(), field.held.end(), own, before);
  Held held{own, author, write.value, write.request, write.corrects, write.covers};
  if (at == field.held.end() || at->dot != own) field.held.insert(at, std::move(held));
  else if (wins(held, *at)) *at = std::move(held);
}

Bytes encode(const RecordState& state) {
  google::protobuf::Arena arena;   // hundreds of small messages, gone together
  auto& out = *google::protobuf::Arena::CreateMessage<pb::RecordState>(&arena);
  Origins origins(out);
  for (const auto& [id, field] : state.fields) {
    pb::FieldState& each = *out.add_fields();
    each.set_field(id);
    for (const Held& held : field.held) {
      pb::HeldValue& value = *each.add_held();
      value.set_origin(origins.of(held.dot, &held.author));
      value.set_index(held.dot.index);
      value.set_value(held.value);
      value.set_request(held.request);
      if (held.corrects) {
        value.add_corrects(origins.of(*held.corrects));
        value.add_corrects(held.corrects->index);
      }
      for (const Dot& dot : held.covers) {
        value.add_covers(origins.of(dot));
        value.add_covers(dot.index);
      }
    }
    for (const Dot& dot : field.superseded) {
      each.add_superseded(origins.of(dot));
      each.add_superseded(dot.index);
    }
  }
  return out.SerializeAsString();
}

Result<RecordState> decode_record_state(BytesView bytes, std::uint32_t type) {
  google::protobuf::Arena arena;
  auto& in = *google::protobuf::Arena::CreateMessage<pb::RecordState>(&arena);
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return fail(Errc::corrupt, "record state");
  Dots dots(in);
  RecordState out;
  out.type = type;
  for (auto& each : *in.mutable_fields()) {
    FieldState& field = out.fields[each.field()];
    field.held.reserve(each.held_size());
    for (auto& value : *each.mutable_held()) {
      Held held{dots.dot(value.origin(), value.index()), dots.author(value.origin()), std::move(*value.mutable_value()),
                value.request(), std::nullopt, dots.dots(value.covers())};
      if (const auto corrects = dots.dots(value.corrects()); !corrects.empty()) held.corrects = corrects.front();
      field.held.push_back(std::move(held));
    }
    for (const Dot& dot : dots.dots(each.superseded())) field.superseded.insert(dot);
  }
  if (!dots.good()) return fail(Errc::corrupt, "record state dot");
  return out;
}

Digest digest_of(const RecordId& record, const RecordState& state) {
  Bytes all;
  for (const auto& [id, field] : state.fields) {
    for (const Held& held : field.held) {
      put_number(all, id, 4);
      all.append(to_bytes(held.dot));
      put_number(all, held.value.size(), 8);
      all.append(held.value);
      put_number(all, held.covers.size(), 4);
      for (const Dot& dot : held.covers) all.append(to_bytes(dot));
    }
  }
  Bytes type;
  put_number(type, state.type, 4);
  return crypto::hash("wayside/record-digest/1", {record.view(), type, all});
}

}  // namespace wayside::ledger
