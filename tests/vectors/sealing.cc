#include "tests/vectors/sealing.h"

#include "tests/support/fleet.h"

namespace wayside::vectors {

using membership::ReaderKind;
using support::need;
using vault::Parcel;

namespace {

constexpr std::size_t kCommitFieldBytes = 34;

Bytes u32(std::size_t value) {
  Bytes out;
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xff);
  return out;
}

crypto::Committed committed(BytesView without_commit) {
  // The ledger's id is the second field of 18 bytes, behind suite and organisation: our own headers are written so.
  const auto ledger = *LedgerId::from(without_commit.substr(2 + 18 + 2, LedgerId::size_bytes));
  return crypto::derive_committed(case_key(ledger).view(), "wayside/envelope-key/1", {without_commit});
}

Bytes assemble(BytesView header, BytesView ciphertext, const Member& author) {
  const Digest id = crypto::hash("wayside/envelope-id/1", {u32(header.size()), header, ciphertext});
  return Bytes(1, '\1') + u32(header.size()) + Bytes(header) + u32(ciphertext.size()) + Bytes(ciphertext) +
         crypto::sign(author.sign_seed, id.view()).str();
}

Bytes without_commit(BytesView header) { return Bytes(header.substr(0, header.size() - kCommitFieldBytes)); }

/// Commits, encrypts and signs.
Parcel made(BytesView header_without_commit, BytesView padded, std::vector<Bytes> grants, const Member& author,
            BytesView behind) {
  const crypto::Committed keys = committed(header_without_commit);
  const Bytes header = Bytes(header_without_commit) + "\x7a\x20" + keys.commit.str() + Bytes(behind);
  const BytesView nonce = header_without_commit.substr(header_without_commit.size() - crypto::kNonceBytes);
  return {assemble(header, crypto::aead_seal(keys.key.view(), nonce, header, padded), author), std::move(grants)};
}

}  // namespace

SecretBytes case_key(const LedgerId& ledger) { return secret("case key of " + hex(ledger.view())); }
KeyGenerationId generation_of(const LedgerId& ledger) {
  return named<KeyGenerationId>("generation of " + hex(ledger.view()));
}
EnvelopeId id_of(const Parcel& parcel) { return need(ledger::parse_envelope(parcel.envelope)).id; }

ledger::Header Sealing::header(const Member& author, const LedgerId& ledger, std::uint64_t seq,
                               const std::optional<EnvelopeId>& prev, std::string_view membership_head) const {
  ledger::Header out;
  out.organisation = org_.id;
  out.ledger = ledger;
  out.device = author.device;
  out.incarnation = author.incarnation;
  out.seq = seq;
  out.prev = prev;
  out.key_generation = generation_of(ledger);
  out.membership_head = org_.head_after(membership_head);
  return out;
}

Bytes Sealing::grant(const LedgerId& ledger, ReaderKind kind, BytesView reader, const PublicKey& key) {
  const std::uint32_t epoch = kind == ReaderKind::team_epoch ? 1 : 0;
  return membership::make_grant({ledger, generation_of(ledger), kind, Bytes(reader), epoch, {}}, key,
                                case_key(ledger).view(), box_);
}
Bytes Sealing::team_grant(const LedgerId& ledger) {
  return grant(ledger, ReaderKind::team_epoch, org_.team.view(), crypto::box_public(org_.epoch_secret));
}
Bytes Sealing::recovery_grant(const LedgerId& ledger) {
  return grant(ledger, ReaderKind::recovery, org_.id.view(), crypto::box_public(org_.recovery_secret));
}
Bytes Sealing::device_grant(const LedgerId& ledger, const Member& reader) {
  return grant(ledger, ReaderKind::device, reader.device.view(), crypto::box_public(reader.box_secret));
}

Parcel Sealing::seal(ledger::Header header, const ledger::ChangeSet& change, const Member& author,
                     std::vector<Bytes> grants) {
  return seal_plain(header, ledger::encode(change), case_key(header.ledger).view(), author, std::move(grants));
}

Parcel Sealing::seal_plain(const ledger::Header& header, BytesView change_set, BytesView key, const Member& author,
                           std::vector<Bytes> grants) {
  ledger::Header named = header;
  for (const Bytes& each : grants) named.grants.push_back(membership::hash_of_grant(each));
  auto sealed = need(ledger::seal_envelope(named, change_set, key, crypto::Signer(author.sign_seed), org_.random));
  return {std::move(sealed.bytes), std::move(grants)};
}

Bytes Sealing::padded_of(const Parcel& parcel) {
  const auto parsed = need(ledger::parse_envelope(parcel.envelope));
  const crypto::Committed keys = committed(without_commit(parsed.header_bytes));
  return need(crypto::aead_open(keys.key.view(), parsed.nonce, parsed.header_bytes, parsed.ciphertext));
}

Parcel Sealing::with_padded(const Parcel& parcel, BytesView padded, const Member& author) {
  const auto parsed = need(ledger::parse_envelope(parcel.envelope));
  return made(without_commit(parsed.header_bytes), padded, parcel.grants, author, {});
}

Parcel Sealing::with_header(const Parcel& parcel, const std::function<void(Bytes&)>& change, const Member& author,
                            BytesView behind_commit) {
  const auto parsed = need(ledger::parse_envelope(parcel.envelope));
  Bytes header = without_commit(parsed.header_bytes);
  change(header);
  return made(header, padded_of(parcel), parcel.grants, author, behind_commit);
}

Parcel Sealing::with_ciphertext(const Parcel& parcel, const std::function<void(Bytes&)>& change, const Member& author) {
  const auto parsed = need(ledger::parse_envelope(parcel.envelope));
  Bytes ciphertext(parsed.ciphertext);
  change(ciphertext);
  return {assemble(parsed.header_bytes, ciphertext, author), parcel.grants};
}

}  // namespace wayside::vectors
