#include "ui/cli/office_line.h"

#include "sync/reconcile/reconcile.h"

namespace wayside::cli {

Result<std::unique_ptr<enrol::CourierLine>> line_to_office(Context& context, vault::Vault& vault) {
  WAYSIDE_TRY(const auto office, vault.office());
  if (!office) return nullptr;
  const std::string address = context.common().office.empty() ? office->address : context.common().office;
  return std::make_unique<enrol::CourierLine>(context.surroundings().program, enrol::CourierLine::Office{address, office->tls_pin},
                                              vault.keys().courier_seed);
}

Result<void> reconcile_first(Context& context, vault::Vault& vault) {
  WAYSIDE_TRY(const auto office, vault.office());
  if (!office) return {};
  reconcile::Options options;
  options.courier_program = context.surroundings().program;
  options.office_address = context.common().office;
  WAYSIDE_OK(reconcile::reconcile(vault, options));
  return {};
}

}  // namespace wayside::cli
