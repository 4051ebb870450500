#include "core/ledger/bundle.h"

#include <google/protobuf/arena.h>
#include <zstd.h>

#include <algorithm>
#include <functional>

#include "core/crypto/crypto.h"
#include "core/ledger/bundle.pb.h"

namespace wayside::ledger {
namespace {

constexpr int kLevel = 3;

void put_u32(Bytes& out, std::uint64_t value) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(value >> shift));
}

Result<Bytes> decompress(BytesView frame) {
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kMostBundleBytes) return fail(Errc::corrupt, "a bundle of records");
  Bytes out(size, '\0');
  if (ZSTD_decompress(out.data(), out.size(), frame.data(), frame.size()) != size) return fail(Errc::corrupt, "a bundle of records");
  return out;
}

/// The records of one ledger, of which `ids` holds the ids from its beginning.
BundledLedger read(const pb::BundledLedger& in, BytesView ids) {
  BundledLedger out;
  const std::size_t count = std::min<std::size_t>({static_cast<std::size_t>(in.types_size()), static_cast<std::size_t>(in.states_size()),
                                                   ids.size() / RecordId::size_bytes});
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto id = *RecordId::from(ids.substr(i * RecordId::size_bytes, RecordId::size_bytes));
    if (!out.empty() && !(out.back().id < id)) continue;
    auto state = decode_record_state(in.states(static_cast<int>(i)), in.types(static_cast<int>(i)));
    if (!state) continue;
    Bytes encoded = encode(*state);
    out.push_back({id, *std::move(state), std::move(encoded)});
  }
  return out;
}

/// `visit`: the place of a ledger, its records, and the ids from its first on.
Result<void> each_ledger(BytesView ids, BytesView content,
                         const std::function<void(std::size_t, const pb::BundledLedger&, BytesView)>& visit) {
  WAYSIDE_TRY(const Bytes plain, decompress(content));
  google::protobuf::Arena arena;
  auto& all = *google::protobuf::Arena::CreateMessage<pb::Bundle>(&arena);
  if (!all.ParseFromArray(plain.data(), static_cast<int>(plain.size()))) return fail(Errc::corrupt, "a bundle of records");
  for (int i = 0; i < all.ledgers_size(); ++i) {
    visit(static_cast<std::size_t>(i), all.ledgers(i), ids);
    ids.remove_prefix(std::min<std::size_t>(ids.size(), static_cast<std::size_t>(all.ledgers(i).types_size()) * RecordId::size_bytes));
  }
  return {};
}

}  // namespace

bool BundleWriter::add(const BundledLedger& ledger, std::uint32_t reviews) {
  Encoded out;
  std::size_t bytes = 0;
  for (const BundledRecord& record : ledger) {
    out.types.push_back(record.state.type);
    bytes += out.states.emplace_back(record.encoded).size() + RecordId::size_bytes;
  }
  if (bytes > kMostBundleBytes / 2) return false;
  for (const BundledRecord& record : ledger) ids_.append(record.id.view());
  ledgers_.push_back(std::move(out));
  bytes_ += bytes;
  reviews_ += reviews;
  return true;
}

Bundle BundleWriter::take() {
  google::protobuf::Arena arena;
  auto& all = *google::protobuf::Arena::CreateMessage<pb::Bundle>(&arena);
  for (Encoded& each : ledgers_) {
    pb::BundledLedger& out = *all.add_ledgers();
    for (const std::uint32_t type : each.types) out.add_types(type);
    for (Bytes& state : each.states) out.add_states(std::move(state));
  }
  const Bytes plain = all.SerializeAsString();
  Bundle out{std::move(ids_), {}, {}, reviews_};
  for (const Encoded& each : ledgers_) out.counts.push_back(static_cast<std::uint32_t>(each.types.size()));
  out.content.resize(ZSTD_compressBound(plain.size()));
  out.content.resize(ZSTD_compress(out.content.data(), out.content.size(), plain.data(), plain.size(), kLevel));
  *this = {};
  return out;
}

Result<std::vector<BundledLedger>> unfold_bundle(BytesView ids, BytesView content) {
  std::vector<BundledLedger> out;
  WAYSIDE_OK(each_ledger(ids, content, [&](std::size_t, const pb::BundledLedger& ledger, BytesView its_ids) {
    out.push_back(read(ledger, its_ids));
  }));
  return out;
}

Result<BundledLedger> unfold_bundle(BytesView ids, BytesView content, std::size_t place) {
  BundledLedger out;
  WAYSIDE_OK(each_ledger(ids, content, [&](std::size_t at, const pb::BundledLedger& ledger, BytesView its_ids) {
    if (at == place) out = read(ledger, its_ids);
  }));
  return out;
}

Digest digest_of(const BundledLedger& ledger) {
  Bytes all;
  for (const BundledRecord& record : ledger) {
    all.append(record.id.view());
    put_u32(all, record.state.type);
    put_u32(all, record.encoded.size());
    all.append(record.encoded);
  }
  return crypto::hash("wayside/bundled-ledger/1", {all});
}

}  // namespace wayside::ledger
