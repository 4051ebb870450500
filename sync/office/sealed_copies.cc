#include "sync/office/sealed_copies.h"

#include "core/ledger/sealed_copy.h"

namespace wayside::office {
namespace {

using wire::pb::Parcel;

Parcel opened(const Parcel& parcel, const SecretBytes& office_seed, const OrganisationId& organisation) {
  if (!parcel.envelope().empty() || parcel.grants_size() > 0) return {};
  auto copied = ledger::open_copy(office_seed, organisation, parcel.sealed_copy());
  if (!copied) return {};
  Parcel out;
  out.set_envelope(std::move(copied->envelope));
  for (Bytes& grant : copied->grants) *out.add_grants() = std::move(grant);
  return out;
}

}  // namespace

void open_sealed_copies(wire::pb::PushRequest& request, const SecretBytes& office_seed, const OrganisationId& organisation) {
  for (Parcel& parcel : *request.mutable_parcels()) {
    if (!parcel.sealed_copy().empty()) parcel = opened(parcel, office_seed, organisation);
  }
}

}  // namespace wayside::office
