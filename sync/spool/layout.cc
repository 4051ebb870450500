#include "sync/spool/layout.h"

#include "platform/atomic_file.h"
#include "sync/wire/codec.h"

namespace wayside::spool {
namespace {

constexpr char kVersion = 1;
constexpr std::uint64_t kMaxOfficeBytes = 4096;
constexpr std::uint64_t kKeyBytes = 32;

}  // namespace

Result<void> write_office(platform::Files& files, const Layout& layout, const Office& office) {
  wire::pb::OfficeAddress message;
  message.set_address(office.address);
  message.set_tls_pin(office.tls_pin.str());
  message.set_organisation(office.organisation.str());
  message.set_device(office.device.str());
  message.set_courier_public(office.courier_public.str());
  if (office.sign_public) message.set_sign_public(office.sign_public->str());
  WAYSIDE_OK(files.make_folders(layout.root));
  return platform::write_atomically(files, layout.office(), Bytes(1, kVersion) + message.SerializeAsString());
}

Result<Office> read_office(platform::Files& files, const Layout& layout) {
  WAYSIDE_TRY(const Bytes bytes, platform::read_all(files, layout.office(), kMaxOfficeBytes));
  if (!bytes.empty() && bytes.front() > kVersion) return fail(Errc::newer_format, layout.office().string());
  if (bytes.empty() || bytes.front() != kVersion) return fail(Errc::corrupt, layout.office().string());
  const auto message = wire::decode_plain<wire::pb::OfficeAddress>(BytesView(bytes).substr(1));
  if (!message || message->address().empty()) return fail(Errc::corrupt, layout.office().string());
  return Office{message->address(), *Digest::from(message->tls_pin()), *OrganisationId::from(message->organisation()),
                *DeviceId::from(message->device()), *PublicKey::from(message->courier_public()),
                PublicKey::from(message->sign_public())};
}

Result<void> write_courier_key(platform::Files& files, const Layout& layout, const SecretBytes& seed) {
  if (seed.size() != kKeyBytes) return fail(Errc::bad_input, "courier key length");
  WAYSIDE_OK(files.make_folders(layout.root));
  return platform::write_atomically(files, layout.courier_key(), seed.view());
}

Result<SecretBytes> read_courier_key(platform::Files& files, const Layout& layout) {
  WAYSIDE_TRY(SecretBytes seed, platform::read_secret(files, layout.courier_key(), kKeyBytes));
  if (seed.size() != kKeyBytes) return fail(Errc::corrupt, layout.courier_key().string());
  return seed;
}

}  // namespace wayside::spool
