#include "sync/office/keep_branch.h"

#include <algorithm>

#include "sync/office/root_writer.h"

namespace wayside::office {

Result<std::size_t> keep_branch(platform::Env& env, LedgerStore& store, const recovery::OrganisationSecrets& secrets, std::uint64_t entry,
                                const std::vector<EntryHash>& refused) {
  const membership::Log& log = store.log();
  WAYSIDE_OK(check_pages(log, secrets));
  wire::pb::PullAnswer answer;
  if (entry == 0 || entry >= log.size()) return fail(Errc::not_found, "entry " + std::to_string(entry));
  WAYSIDE_OK(store.add_membership(entry, 1, answer));
  if (answer.membership_size() == 0) return fail(Errc::not_found, "entry " + std::to_string(entry));
  WAYSIDE_TRY(const auto kept, membership::parse_entry(answer.membership(0)));
  const auto is_ours = [&](const EntryHash& each) { return log.number_of(each) && !log.refused().contains(each); };
  if (std::ranges::any_of(refused, is_ours)) return fail(Errc::already_exists, "this office holds that entry itself");
  RootWriter writer(env, store, secrets.root_seed);
  std::size_t out = 0;
  for (const EntryHash& each : refused) {
    if (log.refused().contains(each)) continue;
    WAYSIDE_OK(writer.append(membership::Branch{kept.hash, each}));
    ++out;
  }
  return out;
}

}  // namespace wayside::office
