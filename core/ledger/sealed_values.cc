#include "core/ledger/sealed_values.h"

#include "core/crypto/crypto.h"
#include "core/ledger/formats.pb.h"

namespace wayside::ledger {
namespace {

constexpr std::string_view kLedgerDomain = "wayside/values-of-ledger/1";
constexpr std::string_view kBlockDomain = "wayside/sealed-values/1";
constexpr std::size_t kPadTo = 64;

/// In two steps, so that the values of one case can be shown to somebody without those of all others.
crypto::Committed key_of_block(const SealedValues& block, const LedgerId& ledger, BytesView key) {
  Bytes compartment;
  for (int shift = 0; shift < 32; shift += 8) compartment.push_back(static_cast<char>(block.compartment >> shift));
  const crypto::Committed of_ledger = crypto::derive_committed(key, kLedgerDomain, {ledger.view()});
  return crypto::derive_committed(of_ledger.key.view(), kBlockDomain, {compartment, block.generation.view(), block.nonce});
}

std::vector<Write*> writes_of(ChangeSet& change) {
  std::vector<Write*> out;
  for (RecordWrites& record : change.records) {
    for (Write& write : record.writes) out.push_back(&write);
  }
  return out;
}

}  // namespace

void seal_values(ChangeSet& change, const LedgerId& ledger, std::uint32_t compartment, std::vector<std::uint32_t> writes,
                 const KeyGenerationId& generation, BytesView key, platform::Random& random) {
  SealedValues block{compartment, std::move(writes), generation, crypto::random_bytes(random, crypto::kNonceBytes), {}, {}};
  pb::ValueList list;
  const std::vector<Write*> all = writes_of(change);
  for (const std::uint32_t index : block.writes) list.add_values(all.at(index)->value);
  const crypto::Committed committed = key_of_block(block, ledger, key);
  block.commit = committed.commit;
  block.sealed = crypto::aead_seal(committed.key.view(), block.nonce, {}, crypto::pad(list.SerializeAsString(), kPadTo));
  change.sealed.push_back(std::move(block));
}

bool open_values(ChangeSet& change, const SealedValues& block, const LedgerId& ledger, BytesView key) {
  const crypto::Committed committed = key_of_block(block, ledger, key);
  if (committed.commit != block.commit) return false;
  const auto padded = crypto::aead_open(committed.key.view(), block.nonce, {}, block.sealed);
  const auto plain = padded ? crypto::unpad(*padded, kPadTo) : std::nullopt;
  pb::ValueList list;
  if (!plain || !list.ParseFromString(*plain) || static_cast<std::size_t>(list.values_size()) != block.writes.size()) return false;
  for (const Bytes& value : list.values()) {
    if (value.empty() || value == kSealedValue) return false;
  }
  const std::vector<Write*> all = writes_of(change);
  for (int i = 0; i < list.values_size(); ++i) all.at(block.writes[static_cast<std::size_t>(i)])->value = std::move(*list.mutable_values(i));
  return true;
}

}  // namespace wayside::ledger
