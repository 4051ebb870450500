#include "sync/wire/put_down.h"

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

pb::PutDown put_down_message(std::vector<LedgerId> ledgers) {
  std::ranges::sort(ledgers);
  const auto again = std::ranges::unique(ledgers);
  ledgers.erase(again.begin(), again.end());
  pb::PutDown out;
  out.set_ledgers(packed(ledgers));
  return out;
}

Result<std::vector<LedgerId>> put_down_ledgers(const pb::PutDown& message) {
  BytesView rest = message.ledgers();
  if (rest.size() % LedgerId::size_bytes != 0) return fail(Errc::bad_input, "PutDown: length");
  std::vector<LedgerId> out;
  for (; !rest.empty(); rest.remove_prefix(LedgerId::size_bytes)) {
    const LedgerId id = *LedgerId::from(rest.substr(0, LedgerId::size_bytes));
    if (!out.empty() && !(out.back() < id)) return fail(Errc::bad_input, "PutDown: order");
    out.push_back(id);
  }
  return out;
}

Bytes put_down_digest(const std::vector<LedgerId>& sorted) {
  return sorted.empty() ? Bytes{} : crypto::hash("wayside/put-down/1", {packed(sorted)}).str();
}

}  // namespace wayside::wire
