#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "core/ledger/record_state.h"
#include "tests/core/ledger/ledger_helpers.h"

/// Three devices write twice each. Every write may have seen any of those made before it, and supersedes any subset of
/// them: 2^15 histories. For each one the outcome of every subset of the writes is worked out along every last step, so
/// that every delivery order, causal or not, complete or with writes missing, is covered.

using namespace wayside;
using namespace wayside::ledger;
using wayside::test::same;

namespace {

constexpr std::size_t kWrites = 6;
constexpr std::uint32_t kField = 16;

struct History {
  std::array<Dot, kWrites> dots;
  std::array<Write, kWrites> writes;
  std::array<Author, kWrites> authors;
};

/// `edges` has one bit for each pair (earlier, later): the later one supersedes the earlier one.
/// `names` decides which dots sort first, so that the order of dots and the order of writing are independent.
History history_of(std::uint32_t edges, std::size_t names) {
  History out;
  std::array<std::size_t, kWrites> place{0, 1, 2, 3, 4, 5};
  for (std::size_t i = 0; i < names % 720; ++i) std::next_permutation(place.begin(), place.end());
  std::size_t bit = 0;
  for (std::size_t w = 0; w < kWrites; ++w) {
    out.dots[w] = test::dot(static_cast<char>(place[w] % 3), static_cast<char>(place[w]), static_cast<std::uint32_t>(place[w] / 3));
    out.authors[w] = {UserId{}, w + 1, 1};
    out.writes[w].field = kField;
    out.writes[w].value = encode(Value(static_cast<std::int64_t>(w)));
    for (std::size_t seen = 0; seen < w; ++seen, ++bit) {
      if ((edges >> bit & 1) != 0) out.writes[w].supersedes.push_back(out.dots[seen]);
    }
  }
  return out;
}

RecordState after(const RecordState& state, const History& history, std::size_t w) {
  RecordState next = state;
  fold(next, history.writes[w], history.dots[w], history.authors[w]);
  return next;
}

/// What must be live: every write of `present` that none of `present` supersedes.
bool holds_exactly_what_nobody_superseded(const RecordState& state, const History& history, std::uint32_t present) {
  const FieldState* field = state.field(kField);
  std::size_t live = 0;
  for (std::size_t w = 0; w < kWrites; ++w) {
    if ((present >> w & 1) == 0) continue;
    bool superseded = false;
    for (std::size_t by = 0; by < kWrites; ++by) {
      const auto& names = history.writes[by].supersedes;
      superseded = superseded || ((present >> by & 1) != 0 && std::find(names.begin(), names.end(), history.dots[w]) != names.end());
    }
    const bool held = std::any_of(field->held.begin(), field->held.end(), [&](const Held& each) {
      return each.dot == history.dots[w] && each.value == history.writes[w].value && each.author == history.authors[w];
    });
    if (held == superseded) return false;
    live += held ? 1 : 0;
  }
  return live == field->held.size();
}

}  // namespace

TEST_CASE("folding gives one outcome whatever the order of delivery, for every history of 3 devices with 2 writes each") {
  constexpr std::uint32_t kHistories = 1u << 15;
  std::size_t wrong = 0;
  std::vector<RecordState> outcome(1u << kWrites);
  for (std::uint32_t edges = 0; edges < kHistories; ++edges) {
    const History history = history_of(edges, edges * 7919u);
    for (std::uint32_t present = 1; present < outcome.size(); ++present) {
      bool first = true;
      for (std::size_t last = 0; last < kWrites; ++last) {
        if ((present >> last & 1) == 0) continue;
        RecordState reached = after(outcome[present & ~(1u << last)], history, last);
        if (first) outcome[present] = std::move(reached);
        else if (!same(outcome[present], reached)) ++wrong;
        first = false;
      }
      if (!holds_exactly_what_nobody_superseded(outcome[present], history, present)) ++wrong;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("a write that is folded again changes nothing, for every history of 3 devices with 2 writes each") {
  std::size_t wrong = 0;
  for (std::uint32_t edges = 0; edges < 1u << 15; edges += 1) {
    const History history = history_of(edges, edges * 104729u);
    RecordState state;
    for (std::size_t w = 0; w < kWrites; ++w) {
      state = after(state, history, w);
      for (std::size_t again = 0; again <= w; ++again) {
        if (!same(state, after(state, history, again))) ++wrong;
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("records that folded the same have the same digest and the same stored form") {
  std::size_t wrong = 0;
  for (std::uint32_t edges = 0; edges < 1u << 15; edges += 331) {
    const History history = history_of(edges, edges);
    std::array<std::size_t, kWrites> order{0, 1, 2, 3, 4, 5};
    RecordState in_order;
    for (const std::size_t w : order) in_order = after(in_order, history, w);
    const Digest digest = digest_of(RecordId{}, in_order);
    const Bytes stored = encode(in_order);
    while (std::next_permutation(order.begin(), order.end())) {
      RecordState other;
      for (const std::size_t w : order) fold(other, history.writes[w], history.dots[w], history.authors[w]);
      if (digest_of(RecordId{}, other) != digest || encode(other) != stored) ++wrong;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("a dot known as superseded never returns, even when its write comes last") {
  RecordState state;
  const Dot first = test::dot(1, 1, 0);
  Write later{kField, encode(Value(std::int64_t{2})), {first}, {}, {}, false, {}};
  fold(state, later, test::dot(2, 2, 0), {});
  fold(state, {kField, encode(Value(std::int64_t{1})), {}, {}, {}, false, {}}, first, {});
  REQUIRE(state.field(kField)->held.size() == 1);
  CHECK(state.field(kField)->held[0].value == later.value);
}

TEST_CASE("a re-authored write keeps its first dot when that names the same device, and counts as new otherwise") {
  const Dot old = test::dot(1, 1, 4);
  Write again{kField, encode(Value(std::int64_t{1})), {}, {}, {}, false, old};
  RecordState state;
  fold(state, again, test::dot(1, 9, 0), {});
  CHECK(state.field(kField)->held.at(0).dot == old);

  RecordState foreign;
  fold(foreign, again, test::dot(2, 9, 0), {});
  CHECK(foreign.field(kField)->held.at(0).dot == test::dot(2, 9, 0));
}

TEST_CASE("two writes that claim one dot fold alike in either order") {
  const Dot dot = test::dot(1, 1, 0);
  const Write honest{kField, encode(Value(std::int64_t{1})), {}, {}, {}, false, {}};
  Write again = honest;
  again.original = dot;
  Write lie{kField, encode(Value(std::int64_t{2})), {}, {}, {}, true, dot};
  struct Arrival { Write write; Dot dot; Author author; };
  std::vector<Arrival> arrivals{{honest, dot, {UserId{}, 100, 1}},
                                {again, test::dot(1, 7, 0), {UserId{}, 300, 2}},
                                {lie, test::dot(1, 8, 3), {UserId{}, 100, 1}}};
  std::array<std::size_t, 3> order{0, 1, 2};
  std::vector<RecordState> outcomes;
  do {
    RecordState& state = outcomes.emplace_back();
    for (const std::size_t i : order) fold(state, arrivals[i].write, arrivals[i].dot, arrivals[i].author);
  } while (std::next_permutation(order.begin(), order.end()));
  for (const RecordState& each : outcomes) CHECK(same(each, outcomes.front()));
  CHECK(outcomes.front().field(kField)->held.at(0).author.time == 100);
}

TEST_CASE("fields do not touch each other: a dot is superseded in the field that says so") {
  RecordState state;
  const Dot dot = test::dot(1, 1, 0);
  fold(state, {16, encode(Value(true)), {}, {}, {}, false, {}}, dot, {});
  fold(state, {17, encode(Value(true)), {dot}, {}, {}, false, {}}, test::dot(1, 2, 0), {});
  CHECK(state.field(16)->held.size() == 1);
}

TEST_CASE("a field and a record type of a version to come fold like any other") {
  RecordState state{999'999, {}};
  fold(state, {4'000'000'000u, Bytes("\xff whatever", 10), {}, {}, {}, false, {}}, test::dot(1, 1, 0), {});
  REQUIRE(state.field(4'000'000'000u) != nullptr);
  CHECK(state.field(4'000'000'000u)->held.size() == 1);
}
