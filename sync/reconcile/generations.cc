#include <algorithm>

#include "core/vault/kept_copies.h"
#include "sync/reconcile/parts.h"
#include "sync/spool/cursors.h"
#include "sync/spool/inbox.h"
#include "sync/spool/layout.h"

namespace wayside::reconcile {
namespace {

/// Meta names. The office's generations that this vault has accepted, oldest first, 16 bytes each. The first one ever met counts
/// as accepted. An administrator's device accepts it like any other: it may be that of an office which was restored before this
/// device first asked it, and which waits for her.
constexpr std::string_view kAccepted = "office_generations";
/// One that is not accepted yet, and in force all the same.
constexpr std::string_view kMet = "office_generation_met";

struct Generations {
  std::vector<GenerationId> accepted;
  std::optional<GenerationId> met;
  [[nodiscard]] std::optional<GenerationId> in_force() const {
    return met || accepted.empty() ? met : std::optional(accepted.back());
  }
  [[nodiscard]] bool has_left(const GenerationId& id) const {
    return !accepted.empty() && std::find(accepted.begin(), accepted.end() - 1, id) != accepted.end() - 1;
  }
};

Result<Generations> generations(vault::Vault& vault) {
  WAYSIDE_TRY(const auto stored, vault.store().meta(kAccepted));
  WAYSIDE_TRY(const auto met, vault.store().meta(kMet));
  Generations out;
  for (BytesView rest = stored ? BytesView(*stored) : BytesView(); rest.size() >= GenerationId::size_bytes;
       rest.remove_prefix(GenerationId::size_bytes)) {
    out.accepted.push_back(*GenerationId::from(rest.substr(0, GenerationId::size_bytes)));
  }
  if (met) out.met = GenerationId::from(*met);
  return out;
}

Result<void> write(vault::Vault& vault, vault::Vault::Writing& writing, const Generations& generations) {
  Bytes accepted;
  for (const GenerationId& each : generations.accepted) accepted += each.view();
  WAYSIDE_OK(vault.store().set_meta(writing.transaction(), kAccepted, accepted));
  return vault.store().set_meta(writing.transaction(), kMet, generations.met ? generations.met->view() : BytesView());
}

Result<std::optional<GenerationId>> of_the_courier(vault::Vault& vault) {
  WAYSIDE_TRY(const auto cursor, spool::read_cursor(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  return GenerationId::from(cursor.generation);
}

}  // namespace

Result<std::optional<GenerationId>> generation_in_force(vault::Vault& vault) {
  WAYSIDE_TRY(const Generations known, generations(vault));
  return known.in_force();
}

Result<Met> meet_generation(vault::Vault& vault, BytesView named) {
  WAYSIDE_TRY(Generations known, generations(vault));
  WAYSIDE_TRY(const auto couriers, of_the_courier(vault));
  const bool first_contact = !known.in_force() && couriers;
  if (first_contact && membership::administers(vault.role())) known.met = *couriers;
  else if (first_contact) known.accepted.push_back(*couriers);
  // A courier whose cursor was lost takes the generation that it finds.
  const auto now = named.empty() ? couriers : GenerationId::from(named);
  if (!known.in_force()) return Met::same;   // nothing was ever taken from an office
  const bool same = !now || now == known.in_force();
  if (same && !first_contact) return Met::same;
  if (!same && known.has_left(*now)) return Met::left_before;
  WAYSIDE_TRY(auto writing, vault.begin());
  if (!same) {
    if (known.accepted.empty()) known.accepted.push_back(*known.met);
    // Back to the one that was accepted last: then the office takes the other back, and nothing says that it lost nothing.
    known.met = *now == known.accepted.back() ? std::nullopt : now;
    WAYSIDE_OK(note_doubt(vault, writing));
  }
  WAYSIDE_OK(write(vault, writing, known));
  WAYSIDE_OK(std::move(writing).commit());
  return same ? Met::same : Met::fresh;
}

Result<bool> has_to_accept(vault::Vault& vault) {
  WAYSIDE_TRY(const Generations known, generations(vault));
  return known.met.has_value();
}

Result<bool> was_restored(vault::Vault& vault) {
  WAYSIDE_TRY(const Generations known, generations(vault));
  return known.met && !known.accepted.empty();
}

Result<void> let_go_of_copies(vault::Vault& vault) {
  WAYSIDE_TRY(const Doubt doubt, doubt_of(vault));
  WAYSIDE_TRY(const bool to_accept, has_to_accept(vault));
  return doubt == Doubt::none && !to_accept ? vault::let_go_of_copies(vault) : Result<void>{};
}

Result<void> accept_generation(vault::Vault& vault) {
  WAYSIDE_TRY(Generations known, generations(vault));
  WAYSIDE_TRY(auto inbox, spool::InboxReader::open(vault.env().files, spool::Layout(spool_folder(vault.home()))));
  const auto generation = known.in_force();
  if (!generation) return {};
  WAYSIDE_OK(inbox.accept(generation->str()));
  if (known.met) known.accepted.push_back(*known.met);
  known.met.reset();
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(write(vault, writing, known));
  return std::move(writing).commit();
}

}  // namespace wayside::reconcile
