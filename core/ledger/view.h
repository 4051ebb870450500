#pragma once

#include <vector>

#include "core/ledger/record_state.h"
#include "core/schema/schema.h"

/// The seven merge policies, as total views over the fold's outcome: what is shown, and whether a person must decide.
/// They change nothing, so another version with other policies still folds alike.
namespace wayside::ledger {

/// One value as a person sees it. Equal concurrent values collapse into one; `dots` holds all of theirs.
struct Shown {
  const Held* held;            ///< of the collapsed ones, the earliest by (time, dot)
  std::vector<Dot> dots;
  Value value;
};

struct FieldView {
  /// Everything there is to see, in the order of the policy: most protective, furthest or newest first for the
  /// policies that show one value; causal order for `append`; by value for `union`.
  std::vector<Shown> values;
  /// How many of `values` count as the field's present content: 1 for protective, steps, desk, latest and append
  /// (its newest entry), all for union and review.
  std::size_t current = 0;
  bool needs_review = false;
  /// `desk`: requests that no desk has answered; they stand after the desk's own values.
  std::size_t requests = 0;
  /// Values that this device has no key to: not among `values`, and nobody supersedes what she was not shown.
  std::size_t sealed = 0;

  /// Every dot on show: what a write made from this view supersedes.
  [[nodiscard]] std::vector<Dot> dots() const;
};

/// Under the field's policy. `field` null: this version does not know the field; everything is shown, raw.
FieldView view(const schema::Field* field, const FieldState& state);

/// `view(...).needs_review`, without making the view where one value stands alone: most fields of most saves.
bool needs_review(const schema::Field* field, const FieldState& state);

/// Any live dot that its archiving did not cover: then the record is shown, and a review raised.
struct ArchivedView { bool archived = false; bool needs_review = false; };
ArchivedView archived(const RecordState& state);

/// True when replacing what `shown` holds by `value` lowers protection: then a reason is required.
bool lowers_protection(const schema::Field& field, const FieldView& shown, const Value& value);

}  // namespace wayside::ledger
