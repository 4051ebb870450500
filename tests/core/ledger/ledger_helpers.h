#pragma once

#include "core/base/value.h"
#include "core/ledger/record_state.h"

namespace wayside::test {

inline ledger::Dot dot(char device, char envelope, std::uint32_t index) {
  ledger::Dot out;
  out.device.bytes.fill(device);
  out.envelope.bytes.fill(envelope);
  out.index = index;
  return out;
}

inline bool same(const ledger::Held& a, const ledger::Held& b) {
  return a.dot == b.dot && a.author == b.author && a.value == b.value && a.request == b.request &&
         a.corrects == b.corrects && a.covers == b.covers;
}

inline bool same(const ledger::RecordState& a, const ledger::RecordState& b) {
  if (a.type != b.type || a.fields.size() != b.fields.size()) return false;
  for (const auto& [id, field] : a.fields) {
    const ledger::FieldState* other = b.field(id);
    if (other == nullptr || field.superseded != other->superseded || field.held.size() != other->held.size()) return false;
    for (std::size_t i = 0; i < field.held.size(); ++i) {
      if (!same(field.held[i], other->held[i])) return false;
    }
  }
  return true;
}

}  // namespace wayside::test
