#include "sync/enrol/open_cases.h"

#include "core/vault/ingest.h"
#include "core/vault/recovery_kit.h"
#include "core/vault/granting.h"

namespace wayside::enrol {
namespace {

Result<std::uint64_t> without_key(vault::Vault& vault) {
  store::Query count = vault.store().database().query("SELECT count(*) FROM pending");
  WAYSIDE_OK(count.next());
  return static_cast<std::uint64_t>(count.integer(0));
}

}  // namespace

Result<OpenedCases> open_cases(vault::Vault& vault, const recovery::OrganisationSecrets& secrets,
                               const reconcile::Options& options) {
  WAYSIDE_TRY(const auto office, vault.office());
  if (!office) return fail(Errc::not_permitted, "this vault was made with `solo`, holds every key, and has no office");
  if (secrets.organisation != vault.identity().organisation) {
    return fail(Errc::bad_input, "these recovery pages are of another organisation, " + to_text(secrets.organisation));
  }
  WAYSIDE_OK(vault.hold_recovery_secret(secrets.recovery_secret.clone()));
  WAYSIDE_OK(vault::record_pages_used(vault));
  OpenedCases out;
  {
    // What an earlier `sync` brought and could not open.
    WAYSIDE_TRY(auto writing, vault.begin());
    vault::Ingest ingest(vault, writing);
    WAYSIDE_OK(ingest.retry_keys());
    out.change_sets = ingest.totals().applied;
    WAYSIDE_OK(std::move(writing).commit());
  }
  WAYSIDE_TRY(const auto fetched, reconcile::reconcile(vault, options));
  out.change_sets += fetched.applied_change_sets;
  {
    WAYSIDE_TRY(auto writing, vault.begin());
    WAYSIDE_TRY(out.granted, vault::grant_after_recovery(vault, writing));
    WAYSIDE_TRY(const std::size_t compartments, vault::grant_compartments(vault, writing));
    out.granted += compartments;
    WAYSIDE_OK(std::move(writing).commit());
  }
  if (out.granted > 0) WAYSIDE_OK(reconcile::reconcile(vault, options));
  WAYSIDE_TRY(out.waiting, without_key(vault));
  return out;
}

}  // namespace wayside::enrol
