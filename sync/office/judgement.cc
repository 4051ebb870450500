#include "sync/office/judgement.h"

#include <algorithm>

#include "sync/wire/tuning.h"

namespace wayside::office {
namespace {

constexpr std::size_t kMaxParcelBytes =
    ledger::kMaxEnvelopeBytes + wire::kMaxGrantsPerParcel * (membership::kMaxGrantBytes + 8) + 16;

bool grants_match_header(const ReadParcel& parcel) {
  std::vector<GrantHash> named = parcel.envelope.header.grants;
  std::vector<GrantHash> came;
  for (const HeldGrant& held : parcel.grants) {
    if (held.grant.ledger != parcel.envelope.header.ledger) return false;
    came.push_back(held.hash);
  }
  std::sort(named.begin(), named.end());
  std::sort(came.begin(), came.end());
  return named == came && std::adjacent_find(came.begin(), came.end()) == came.end();
}

}  // namespace

Result<ReadParcel> read_parcel(const wire::pb::Parcel& parcel) {
  // Before all else: what is of a newer version is kept unread, so its size is all that bounds it.
  if (parcel.ByteSizeLong() > kMaxParcelBytes) return fail(Errc::too_large, "parcel");
  ReadParcel read;
  WAYSIDE_TRY(read.envelope, ledger::parse_envelope(parcel.envelope()));
  if (read.envelope.header.seq == 0 || read.envelope.header.seq > std::uint64_t{INT64_MAX}) {
    return fail(Errc::bad_input, "sequence number");
  }
  if (static_cast<std::size_t>(parcel.grants_size()) > wire::kMaxGrantsPerParcel)
    return fail(Errc::bad_input, "grants");
  for (const Bytes& bytes : parcel.grants()) {
    WAYSIDE_TRY(membership::Grant grant, membership::parse_grant(bytes));
    read.grants.push_back({membership::hash_of_grant(bytes), std::move(grant), bytes});
  }
  return read;
}

Result<void> verify_parcel(const ReadParcel& parcel, const membership::Log& log) {
  const ledger::Header& header = parcel.envelope.header;
  if (header.organisation != log.organisation()) return fail(Errc::bad_input, "another organisation");
  const membership::DeviceInfo* author = log.device(header.device);
  if (author == nullptr) return fail(Errc::not_a_member, "author");
  const auto head = log.number_of(header.membership_head);
  if (!head) return fail(Errc::not_a_member, "membership head");
  if (!log.member_at(header.device, *head)) return fail(Errc::not_a_member, "author at that head");
  // Without a pin nobody can tell what counted by then.
  if (author->removed && author->cuts.empty()) return fail(Errc::not_a_member, "a removed author");
  if (!ledger::signed_by(parcel.envelope, author->entry.sign_public)) return fail(Errc::bad_signature, "envelope");
  if (!grants_match_header(parcel)) return fail(Errc::bad_input, "grants do not fit the header");
  return {};
}

bool is_late(const ReadParcel& parcel, const membership::Log& log) {
  const ledger::Header& header = parcel.envelope.header;
  const auto head = log.number_of(header.membership_head);
  return head && log.objection({header.device, header.incarnation, header.ledger, header.seq, parcel.envelope.id}, *head) == Errc::removed;
}

}  // namespace wayside::office
