#include "sync/reconcile/attachments.h"

#include <algorithm>
#include <set>

#include "core/attachments/blobs.h"
#include "core/vault/unsent_parts.h"
#include "sync/reconcile/parts.h"
#include "sync/spool/cursors.h"
#include "sync/spool/parts_list.h"
#include "sync/wire/tuning.h"

namespace wayside::reconcile {
namespace {

spool::Layout layout_of(const vault::Vault& vault) { return spool::Layout(spool_folder(vault.home())); }

/// `for_now`: they are read and removed at once.
Result<Fetched> fetch(vault::Vault& vault, const std::vector<Digest>& addresses, const Options& options, bool for_now) {
  Fetched out;
  if (addresses.empty()) return out;
  WAYSIDE_OK(write_courier_files(vault));
  std::optional<Error> first;
  for (std::size_t at = 0; at < addresses.size() && !out.stopped_early; at += wire::kMaxParts) {
    wire::pb::CourierJob job;
    job.mutable_parts()->set_for_now(for_now);
    const std::size_t end = std::min(addresses.size(), at + wire::kMaxParts);
    for (std::size_t i = at; i < end; ++i) job.mutable_parts()->add_addresses(addresses[i].str());
    Options round = options;
    round.progress = [&](const Progress& now) { options.progress({now.phase, at + now.done, addresses.size()}); };
    WAYSIDE_TRY(const wire::pb::CourierDone done, carry(vault.home(), std::move(job), round));
    out.parts.envelopes += done.parts_fetched();
    out.parts.bytes += done.parts_fetched_bytes();
    out.not_there += done.parts_not_there();
    out.round_trips += done.round_trips();
    out.stopped_early = done.stopped_early();
    if (done.error() == 0) continue;
    const Error error{static_cast<Errc>(done.error()), done.detail()};
    if (error.code != Errc::bad_signature) return std::unexpected(error);   // the others may be true all the same
    if (!first) first = error;
  }
  if (first) return std::unexpected(*std::move(first));
  return out;
}

}  // namespace

Result<void> list_parts(vault::Vault& vault) {
  WAYSIDE_TRY(const auto unsent, vault::unsent_parts(vault));
  attachments::Blobs blobs(vault.env().files, vault.home());
  std::vector<Digest> addresses;
  for (const vault::UnsentParts& each : unsent) {
    if (!std::ranges::all_of(each.addresses, [&](const Digest& part) { return blobs.has(part); })) continue;
    if (addresses.size() + each.addresses.size() > wire::kMaxPartsToSend) break;   // the next list has them
    addresses.insert(addresses.end(), each.addresses.begin(), each.addresses.end());
  }
  return spool::write_parts_list(vault.env().files, layout_of(vault), spool::make_parts_list(std::move(addresses)));
}

Result<void> take_parts_sent(vault::Vault& vault) {
  platform::Files& files = vault.env().files;
  WAYSIDE_TRY(const auto list, spool::read_parts_list(files, layout_of(vault)));
  if (!list) return {};
  WAYSIDE_TRY(const spool::Cursor cursor, spool::read_cursor(files, layout_of(vault)));
  if (cursor.parts_sent != list->digest.view()) return {};
  const std::set<Digest> sent(list->addresses.begin(), list->addresses.end());
  WAYSIDE_TRY(const auto unsent, vault::unsent_parts(vault));
  WAYSIDE_TRY(auto writing, vault.begin());
  for (const vault::UnsentParts& each : unsent) {
    const bool all = std::ranges::all_of(each.addresses, [&](const Digest& part) { return sent.contains(part); });
    if (all) WAYSIDE_OK(vault::clear_unsent_parts(vault, writing.transaction(), each.envelope));
  }
  WAYSIDE_OK(std::move(writing).commit());
  return spool::write_parts_list(files, layout_of(vault), spool::make_parts_list({}));
}

Result<Fetched> fetch_parts(vault::Vault& vault, const std::vector<Digest>& addresses, const Options& options) {
  return fetch(vault, addresses, options, false);
}

Result<Fetched> fetch_parts_for_now(vault::Vault& vault, const std::vector<Digest>& addresses, const Options& options) {
  return fetch(vault, addresses, options, true);
}

}  // namespace wayside::reconcile
