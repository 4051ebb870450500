#pragma once

#include <map>
#include <set>
#include <vector>

#include "core/ledger/change_set.h"
#include "core/ledger/dot.h"

/// The outcome of folding: what a record holds. No policy is known here, no field id, no record type; unknown fields
/// fold like any other. Folding is commutative, associative and idempotent (tests/core/ledger proves it for every
/// order of 3 devices × 2 writes).
namespace wayside::ledger {

/// Who wrote, and when: the same for all writes of one envelope.
struct Author {
  UserId user;
  std::uint64_t time = 0;       ///< hybrid time
  std::uint32_t role = 0;       ///< membership::Role at the envelope's membership head
  bool operator==(const Author&) const = default;
};

/// One value that nobody has superseded.
struct Held {
  Dot dot;
  Author author;
  Bytes value;                  ///< encoded; never empty
  bool request = false;
  std::optional<Dot> corrects;
  std::vector<Dot> covers;
};

/// A field is the set of its values that nobody has superseded.
struct FieldState {
  std::vector<Held> held;       ///< sorted by dot
  std::set<Dot> superseded;     ///< for ever: such a dot never returns
};

struct RecordState {
  std::uint32_t type = 0;
  std::map<std::uint32_t, FieldState> fields;

  [[nodiscard]] const FieldState* field(std::uint32_t id) const;
  /// Every live dot of the record, the `archived` field's own apart.
  [[nodiscard]] std::vector<Dot> live_dots() const;
};

/// The dot of a write that stands at `place`: a re-authored write keeps its original dot when that names the same
/// device, else it counts as new.
Dot dot_of(const Write& write, const Dot& place);

/// Whether a value of it is under a key that is not here: kSealedValue stands for it.
bool holds_sealed_value(const RecordState& state);

/// Folds one write that stands at `dot`.
void fold(RecordState& state, const Write& write, const Dot& dot, const Author& author);

Bytes encode(const RecordState& state);
Result<RecordState> decode_record_state(BytesView bytes, std::uint32_t type);

/// The same on every device that folded the same envelopes: live values with their dots, in order.
Digest digest_of(const RecordId& record, const RecordState& state);

inline constexpr std::uint32_t kArchivedFieldId = 1;

}  // namespace wayside::ledger
