#include "core/ledger/view.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/membership/role.h"
#include "core/schema/validate.h"

namespace wayside::ledger {
namespace {

using schema::Field;
using schema::Policy;

bool earlier(const Held& a, const Held& b) {
  return std::tie(a.author.time, a.dot) < std::tie(b.author.time, b.dot);
}
bool newest_first(const Shown& a, const Shown& b) { return earlier(*b.held, *a.held); }
bool oldest_first(const Shown& a, const Shown& b) { return earlier(*a.held, *b.held); }

/// One Shown per distinct value, oldest first.
std::vector<Shown> collapsed(const std::vector<const Held*>& held) {
  std::vector<const Held*> ordered = held;
  std::sort(ordered.begin(), ordered.end(), [](const Held* a, const Held* b) { return earlier(*a, *b); });
  std::vector<Shown> out;
  std::unordered_map<BytesView, std::size_t> place;
  for (const Held* each : ordered) {
    const auto [at, made] = place.try_emplace(each->value, out.size());
    if (made) out.push_back({each, {}, decode_value(each->value)});
    out[at->second].dots.push_back(each->dot);
  }
  return out;
}

std::vector<const Held*> all_of(const FieldState& state) {
  std::vector<const Held*> out;
  for (const Held& held : state.held) out.push_back(&held);
  return out;
}

bool fits(const Field& field, const Shown& shown) { return schema::check(field, shown.value).has_value(); }

/// A value that does not fit its kind (a pack's, or a newer version's) is kept, shown raw and put in review.
bool any_misfit(const Field& field, const std::vector<Shown>& values) {
  return std::any_of(values.begin(), values.end(), [&](const Shown& shown) { return !fits(field, shown); });
}

void sort_by_rank(const Field& field, std::vector<Shown>& values) {
  std::stable_sort(values.begin(), values.end(), [&](const Shown& a, const Shown& b) {
    const auto rank_a = schema::rank_of(field, a.value);
    const auto rank_b = schema::rank_of(field, b.value);
    return rank_a != rank_b ? rank_a > rank_b : newest_first(a, b);
  });
}

FieldView view_review(const Field& field, const FieldState& state) {
  FieldView out;
  out.values = collapsed(all_of(state));
  std::sort(out.values.begin(), out.values.end(), newest_first);
  out.current = out.values.size();
  out.needs_review = out.values.size() > 1 || any_misfit(field, out.values);
  return out;
}

FieldView view_protective(const Field& field, const FieldState& state) {
  FieldView out;
  out.values = collapsed(all_of(state));
  sort_by_rank(field, out.values);
  out.current = std::min<std::size_t>(1, out.values.size());
  out.needs_review = out.values.size() > 1 || any_misfit(field, out.values);
  return out;
}

FieldView view_union(const Field& field, const FieldState& state) {
  FieldView out;
  out.values = collapsed(all_of(state));
  std::sort(out.values.begin(), out.values.end(),
            [](const Shown& a, const Shown& b) { return a.held->value < b.held->value; });
  out.current = out.values.size();
  out.needs_review = any_misfit(field, out.values);
  return out;
}

/// Entries do not collapse: two equal notes are two notes.
FieldView view_append(const Field& field, const FieldState& state) {
  FieldView out;
  for (const Held& held : state.held) out.values.push_back({&held, {held.dot}, decode_value(held.value)});
  // Hybrid time respects causality, so this order does too.
  std::sort(out.values.begin(), out.values.end(), oldest_first);
  out.current = std::min<std::size_t>(1, out.values.size());
  out.needs_review = any_misfit(field, out.values);
  return out;
}

FieldView view_steps(const Field& field, const FieldState& state) {
  FieldView out;
  out.values = collapsed(all_of(state));
  sort_by_rank(field, out.values);
  out.current = std::min<std::size_t>(1, out.values.size());
  // Rivals are different states equally far along; a state that the other led to is no rival.
  const bool rivals = out.values.size() > 1 && schema::rank_of(field, out.values[0].value) ==
                                                   schema::rank_of(field, out.values[1].value);
  out.needs_review = rivals || any_misfit(field, out.values);
  return out;
}

FieldView view_desk(const Field& field, const FieldState& state) {
  std::vector<const Held*> decided;
  std::vector<const Held*> asked;
  for (const Held& held : state.held) {
    const bool by_desk = membership::writes_desk_fields(static_cast<membership::Role>(held.author.role));
    (by_desk && !held.request ? decided : asked).push_back(&held);
  }
  FieldView out;
  out.values = collapsed(decided);
  std::sort(out.values.begin(), out.values.end(), newest_first);
  std::vector<Shown> requests = collapsed(asked);
  out.requests = requests.size();
  // A set of values that a desk wrote together (needs accepted, standards met) is no conflict.
  out.current = field.several ? out.values.size() : std::min<std::size_t>(1, out.values.size());
  out.needs_review = (!field.several && out.values.size() > 1) || !requests.empty() || any_misfit(field, out.values);
  std::move(requests.begin(), requests.end(), std::back_inserter(out.values));
  return out;
}

FieldView view_latest(const Field&, const FieldState& state) {
  FieldView out;
  out.values = collapsed(all_of(state));
  // The last writer is the newest of all holders of a value, not of the first who wrote it.
  std::sort(out.values.begin(), out.values.end(), [&](const Shown& a, const Shown& b) {
    const auto newest = [&](const Shown& shown) {
      std::pair<std::uint64_t, Dot> best{0, {}};
      for (const Held& held : state.held) {
        if (held.value == shown.held->value) best = std::max(best, {held.author.time, held.dot});
      }
      return best;
    };
    return newest(b) < newest(a);
  });
  out.current = std::min<std::size_t>(1, out.values.size());
  return out;
}

using ViewOf = FieldView (*)(const Field&, const FieldState&);
struct PolicyView { Policy policy; ViewOf view; };

/// In the order of the enum, so that a look-up is an index.
constexpr std::array<PolicyView, 7> kViews{{{Policy::review, view_review},
                                            {Policy::protective, view_protective},
                                            {Policy::union_set, view_union},
                                            {Policy::append, view_append},
                                            {Policy::steps, view_steps},
                                            {Policy::desk, view_desk},
                                            {Policy::latest, view_latest}}};
consteval bool total() {
  for (std::size_t i = 0; i < kViews.size(); ++i) {
    if (static_cast<std::size_t>(kViews[i].policy) != i) return false;
  }
  return kViews.back().policy == Policy::latest;
}
static_assert(total(), "one view for every policy, in the order of the enum");

}  // namespace

std::vector<Dot> FieldView::dots() const {
  std::vector<Dot> out;
  for (const Shown& shown : values) out.insert(out.end(), shown.dots.begin(), shown.dots.end());
  return out;
}

namespace {

FieldView view_of_open(const schema::Field* field, const FieldState& state) {
  if (field != nullptr) return kViews[static_cast<std::size_t>(field->policy)].view(*field, state);
  FieldView out;
  out.values = collapsed(all_of(state));
  out.current = out.values.size();
  return out;
}

}  // namespace

FieldView view(const schema::Field* field, const FieldState& state) {
  FieldState open;
  std::ranges::copy_if(state.held, std::back_inserter(open.held), [](const Held& held) { return held.value != kSealedValue; });
  if (open.held.size() == state.held.size()) return view_of_open(field, state);
  FieldView out = view_of_open(field, open);
  // What `out` points to lies in `open`, which ends here.
  for (Shown& shown : out.values) shown.held = &*std::ranges::find(state.held, shown.held->dot, &Held::dot);
  out.sealed = state.held.size() - open.held.size();
  return out;
}

bool needs_review(const Field* field, const FieldState& state) {
  const bool alone = field != nullptr && state.held.size() == 1;
  // Not so under `desk`, where one request alone waits, nor under `latest`, where nothing does.
  if (!alone || field->policy == Policy::desk || field->policy == Policy::latest) return view(field, state).needs_review;
  const Bytes& value = state.held.front().value;
  return value != kSealedValue && !schema::check(*field, decode_value(value));
}

ArchivedView archived(const RecordState& state) {
  ArchivedView out;
  const FieldState* field = state.field(kArchivedFieldId);
  if (field == nullptr) return out;
  std::set<Dot> covered;
  for (const Held& held : field->held) {
    if (const auto value = decode_value(held.value); value == Value(true)) out.archived = true;
    covered.insert(held.covers.begin(), held.covers.end());
  }
  if (!out.archived) return out;
  for (const Dot& dot : state.live_dots()) out.needs_review = out.needs_review || !covered.contains(dot);
  return out;
}

bool lowers_protection(const schema::Field& field, const FieldView& shown, const Value& value) {
  if (field.policy != Policy::protective || shown.values.empty()) return false;
  return schema::rank_of(field, value) < schema::rank_of(field, shown.values.front().value);
}

}  // namespace wayside::ledger
