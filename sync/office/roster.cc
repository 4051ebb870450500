#include "sync/office/roster.h"

namespace wayside::office {
namespace {

constexpr std::size_t kDeviceBytes = DeviceId::size_bytes + PublicKey::size_bytes;

/// The next id or key of `bytes`; the caller has seen that there are enough.
template <class Id>
Id cut(BytesView& bytes) {
  const Id id = *Id::from(bytes.substr(0, Id::size_bytes));
  bytes.remove_prefix(Id::size_bytes);
  return id;
}

}  // namespace

Result<Roster> roster_of(const membership::Log& log) {
  if (!log.office()) return fail(Errc::corrupt, "membership names no office");
  Roster out{log.organisation(), log.office()->sign_public};
  for (const auto& [id, device] : log.devices()) out.devices.push_back({id, device.entry.courier_public});
  return out;
}

Bytes encode_roster(const Roster& roster) {
  Bytes out = roster.organisation.str() + roster.office.str();
  for (const Roster::Device& each : roster.devices) (out += each.id.view()) += each.courier.view();
  return out;
}

Result<Roster> decode_roster(BytesView bytes) {
  constexpr std::size_t kBeginning = OrganisationId::size_bytes + PublicKey::size_bytes;
  if (bytes.size() < kBeginning || (bytes.size() - kBeginning) % kDeviceBytes != 0) return fail(Errc::bad_input, "a list of devices");
  Roster out;
  out.organisation = cut<OrganisationId>(bytes);
  out.office = cut<PublicKey>(bytes);
  while (!bytes.empty()) {
    Roster::Device& device = out.devices.emplace_back();
    device.id = cut<DeviceId>(bytes);
    device.courier = cut<PublicKey>(bytes);
  }
  return out;
}

}  // namespace wayside::office
