#include "core/casework/waiting_changes.h"

#include <array>

#include "core/ledger/envelope.h"

namespace wayside::casework {
namespace {

using vault::WaitsFor;

struct Need { WaitsFor what; std::string_view name, words; };
constexpr std::array kNeeds{
    Need{WaitsFor::membership, "membership", "the entry of the membership log that it was written under"},
    Need{WaitsFor::previous, "previous", "the change that its device wrote before it"},
    Need{WaitsFor::dependency, "dependency", "a change that it builds on"},
    Need{WaitsFor::key, "key", "a key of its case"},
};
constexpr bool is_total() {
  for (std::size_t i = 0; i < kNeeds.size(); ++i) {
    if (static_cast<std::size_t>(kNeeds[i].what) != i + 1) return false;
  }
  return kNeeds.back().what == WaitsFor::key;
}
static_assert(is_total());

/// What a later version waits for is most of all a key.
const Need& need(WaitsFor what) {
  const std::size_t place = static_cast<std::size_t>(what) - 1;
  return place < kNeeds.size() ? kNeeds[place] : kNeeds.back();
}

}  // namespace

Result<std::vector<WaitingChange>> waiting_too_long(vault::Vault& vault) {
  std::vector<WaitingChange> out;
  store::Query rows = vault.store().database().query("SELECT id, why, since_ms, sealed FROM pending WHERE since_ms <= ? ORDER BY since_ms, id",
                                                     vault.env().clock.wall_ms() - kWaitsTooLong_ms);
  for (;;) {
    WAYSIDE_TRY(const bool row, rows.next());
    if (!row) return out;
    const auto envelope = ledger::parse_envelope(rows.blob(3));
    out.push_back({Bytes(rows.blob(0)), static_cast<WaitsFor>(rows.integer(1)), rows.integer(2),
                   envelope ? std::optional(envelope->header.device) : std::nullopt});
  }
}

std::string_view name_of(WaitsFor what) { return need(what).name; }
std::string_view in_words(WaitsFor what) { return need(what).words; }

}  // namespace wayside::casework
