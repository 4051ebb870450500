#include "sync/wire/heads.h"

#include "core/crypto/crypto.h"
#include "sync/wire/codec.h"

namespace wayside::wire {
namespace {

constexpr std::string_view kDomain = "wayside/office-heads/1";
constexpr char kVersion = 1;
constexpr std::size_t kPrefixBytes = 1 + 4;

/// The HeadsBody within the statement, by its outline alone.
Result<BytesView> body_of(BytesView bytes) {
  if (bytes.size() < kPrefixBytes + Signature::size_bytes) return fail(Errc::bad_input, "heads are truncated");
  if (bytes[0] != kVersion) return fail(Errc::newer_format, "heads of a later version");
  std::size_t length = 0;
  for (std::size_t i = 4; i > 0; --i) length = length << 8 | static_cast<unsigned char>(bytes[i]);
  if (bytes.size() != kPrefixBytes + length + Signature::size_bytes) return fail(Errc::bad_input, "length of heads");
  return bytes.substr(kPrefixBytes, length);
}

}  // namespace

Bytes sign_heads(const Heads& heads, const SecretBytes& office_seed) {
  pb::HeadsBody body;
  body.set_organisation(heads.organisation.str());
  body.set_generation(heads.generation.str());
  body.set_position(heads.position);
  body.set_time_ms(heads.time_ms);
  body.set_frontier(heads.frontier.str());
  for (const LedgerHead& each : heads.changed) {
    pb::LedgerHead& out = *body.add_changed();
    out.set_ledger(each.ledger.str());
    out.set_lsn(each.lsn);
    out.set_head(each.head.str());
  }
  const Bytes encoded = encode_plain(body);
  Bytes bytes(1, kVersion);
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(encoded.size() >> shift & 0xff);
  bytes += encoded;
  bytes += crypto::sign(office_seed, crypto::hash(kDomain, {encoded}).view()).view();
  return bytes;
}

Result<Heads> parse_heads(BytesView bytes) {
  WAYSIDE_TRY(const BytesView encoded, body_of(bytes));
  WAYSIDE_TRY(const pb::HeadsBody body, decode_plain<pb::HeadsBody>(encoded));
  Heads heads{*OrganisationId::from(body.organisation()),
              *GenerationId::from(body.generation()),
              body.position(),
              body.time_ms(),
              *Digest::from(body.frontier()),
              {}};
  heads.changed.reserve(static_cast<std::size_t>(body.changed_size()));
  for (const pb::LedgerHead& each : body.changed()) {
    heads.changed.push_back({*LedgerId::from(each.ledger()), each.lsn(), *Digest::from(each.head())});
  }
  return heads;
}

Result<Heads> verify_heads(BytesView bytes, const PublicKey& office) {
  WAYSIDE_TRY(const BytesView encoded, body_of(bytes));
  const auto signature = Signature::from(bytes.substr(kPrefixBytes + encoded.size()));
  if (!crypto::verify(office, crypto::hash(kDomain, {encoded}).view(), *signature))
    return fail(Errc::bad_signature, "heads are not signed by the office");
  return parse_heads(bytes);
}

}  // namespace wayside::wire
