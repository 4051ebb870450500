#include "core/membership/grant.h"

#include <algorithm>

#include "core/ledger/formats.pb.h"

namespace wayside::membership {
namespace {
constexpr char kVersion = 1;
constexpr std::string_view kHashDomain = "wayside/grant/1";
constexpr std::string_view kListDomain = "wayside/grants/1";
}  // namespace

Bytes make_grant(const Grant& without_wrap, const PublicKey& reader_public, BytesView case_key, crypto::SessionBox& box) {
  ledger::pb::Grant out;
  out.set_suite(1);
  out.set_ledger(without_wrap.ledger.str());
  out.set_key_generation(without_wrap.key_generation.str());
  out.set_reader_kind(static_cast<ledger::pb::Grant::Reader>(without_wrap.reader_kind));
  out.set_reader(without_wrap.reader);
  out.set_epoch(without_wrap.epoch);
  out.set_wrap(box.seal_to(reader_public, case_key));
  return Bytes(1, kVersion) + out.SerializeAsString();
}

Result<Grant> parse_grant(BytesView bytes) {
  if (bytes.empty() || bytes.size() > kMaxGrantBytes) return fail(Errc::bad_input, "grant length");
  if (bytes[0] != kVersion) return fail(Errc::newer_format, "grant version");
  ledger::pb::Grant in;
  if (!in.ParseFromArray(bytes.data() + 1, static_cast<int>(bytes.size() - 1))) return fail(Errc::bad_input, "grant");
  if (in.suite() != 1) return fail(Errc::newer_format, "grant suite");
  const auto ledger_id = LedgerId::from(in.ledger());
  const auto generation = KeyGenerationId::from(in.key_generation());
  if (!ledger_id || !generation || in.reader().size() != 16) return fail(Errc::bad_input, "grant id");
  if (in.wrap().size() != crypto::kKeyBytes + crypto::kSessionBoxOverheadBytes) return fail(Errc::bad_input, "grant wrap");
  return Grant{*ledger_id, *generation, static_cast<ReaderKind>(in.reader_kind()), in.reader(), in.epoch(), in.wrap()};
}

GrantHash hash_of_grant(BytesView bytes) { return *GrantHash::from(crypto::hash(kHashDomain, {bytes}).view()); }

Digest grants_digest(std::vector<GrantHash> hashes) {
  std::sort(hashes.begin(), hashes.end());
  Bytes all;
  for (const GrantHash& hash : hashes) all.append(hash.view());
  return crypto::hash(kListDomain, {all});
}

}  // namespace wayside::membership
