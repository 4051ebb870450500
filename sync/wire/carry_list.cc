#include "sync/wire/carry_list.h"

#include <algorithm>

#include "core/crypto/crypto.h"

namespace wayside::wire {
namespace {

Bytes packed(const std::vector<LedgerId>& ledgers) {
  Bytes out;
  out.reserve(ledgers.size() * LedgerId::size_bytes);
  for (const LedgerId& each : ledgers) out += each.view();
  return out;
}

}  // namespace

bool CarryList::carries(const LedgerId& ledger) const { return std::ranges::binary_search(ledgers, ledger) == only; }

Bytes CarryList::digest() const {
  if (carries_all()) return {};
  return crypto::hash(only ? "wayside/carried/1" : "wayside/put-down/1", {packed(ledgers)}).str();
}

pb::CarryList carry_list_message(CarryList list) {
  std::ranges::sort(list.ledgers);
  const auto again = std::ranges::unique(list.ledgers);
  list.ledgers.erase(again.begin(), again.end());
  pb::CarryList out;
  out.set_ledgers(packed(list.ledgers));
  out.set_only(list.only);
  return out;
}

Result<CarryList> carry_list(const pb::CarryList& message) {
  BytesView rest = message.ledgers();
  if (rest.size() % LedgerId::size_bytes != 0) return fail(Errc::bad_input, "CarryList: length");
  CarryList out{message.only()};
  for (; !rest.empty(); rest.remove_prefix(LedgerId::size_bytes)) {
    const LedgerId id = *LedgerId::from(rest.substr(0, LedgerId::size_bytes));
    if (!out.ledgers.empty() && !(out.ledgers.back() < id)) return fail(Errc::bad_input, "CarryList: order");
    out.ledgers.push_back(id);
  }
  return out;
}

}  // namespace wayside::wire
