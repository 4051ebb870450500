#include "core/crypto/crypto.h"
#include "sync/courier/courier_child.h"
#include "sync/reconcile/parts.h"
#include "sync/spool/cursors.h"
#include "sync/spool/layout.h"

namespace wayside::reconcile {
namespace {

Progress::Phase phase_of(std::uint32_t of_courier) {
  switch (of_courier) {
    case 1: return Progress::Phase::sending;
    case 3: return Progress::Phase::sending_files;
    case 4: return Progress::Phase::fetching_files;
    default: return Progress::Phase::fetching;
  }
}

}  // namespace

platform::Path spool_folder(const platform::Path& home) { return home / "spool"; }

Result<void> write_courier_files(vault::Vault& vault) {
  WAYSIDE_TRY(const auto place, vault.office());
  if (!place) return fail(Errc::not_found, "this vault has no office");
  platform::Files& files = vault.env().files;
  const spool::Layout layout(spool_folder(vault.home()));
  WAYSIDE_OK(files.make_folders(layout.root));
  const spool::Office office{place->address, place->tls_pin, vault.identity().organisation, vault.identity().device,
                             crypto::sign_public(vault.keys().courier_seed),
                             vault.membership().office() ? std::optional(vault.membership().office()->sign_public) : std::nullopt};
  WAYSIDE_OK(spool::write_office(files, layout, office));
  return spool::write_courier_key(files, layout, vault.keys().courier_seed);
}

Result<wire::pb::CourierDone> carry(const platform::Path& home, wire::pb::CourierJob job, const Options& options) {
  job.set_address(options.office_address);
  job.set_spool(spool_folder(home).string());
  job.set_home(home.string());
  job.set_bytes_per_s(options.bytes_per_s);
  if (options.carry) return options.carry(job);
  WAYSIDE_TRY(auto child, courier::CourierChild::start(options.courier_program, job));
  return child.finish(
      [&options](const wire::pb::CourierProgress& at) { options.progress({phase_of(at.phase()), at.done(), at.total()}); },
      options.stop_asked);
}

}  // namespace wayside::reconcile
