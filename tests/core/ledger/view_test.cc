#include "core/ledger/view.h"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <set>

#include "core/membership/role.h"
#include "core/schema/validate.h"
#include "tests/core/ledger/ledger_helpers.h"

/// Every policy's view over every set of up to three live values that 3 devices × 2 writes can leave: each from four
/// values (one that no version here knows, one of a wrong kind), two times, two roles, asked for or decided. What a
/// policy promises is written down once more, from SYNC.md's table, and compared.

using namespace wayside;
using namespace wayside::ledger;
using schema::Field;
using schema::Policy;

namespace {

const Field& field_of(std::string_view type, std::string_view name) {
  return *schema::current().type(type)->field(name);
}

struct Subject {
  const Field* field;
  std::array<Value, 4> values;     ///< the last two: unknown to this version, and of a wrong kind
};

std::vector<Subject> subjects() {
  return {{&field_of("person", "address"), {Text{"Flat 2"}, Text{"9 Orchard Way"}, Text{""}, Value(std::int64_t{3})}},
          {&field_of("person", "safe_contact"), {Code{"NEVER"}, Code{"OK"}, Code{"FROM_A_LATER_VERSION"}, Value(true)}},
          {&field_of("risk_assessment", "level"), {Code{"HIGH"}, Code{"STANDARD"}, Code{"EXTREME"}, Text{"high"}}},
          {&field_of("person", "language"), {Code{"Gujarati"}, Code{"English"}, Code{"not a language"}, Text{"Gujarati"}}},
          {&field_of("note", "text"), {Text{"seen today"}, Text{"not seen"}, Text{"\xc3\xa9"}, Value(false)}},
          {&field_of("case", "status"), {Code{"closed"}, Code{"open"}, Code{"dormant"}, Value(std::int64_t{1})}},
          {&field_of("case", "lead_worker"), {Text{"Amina"}, Text{"Ben"}, Text{"Desk"}, Value(true)}},
          {&field_of("service", "languages_served"), {Code{"Gujarati"}, Code{"English"}, Code{"xx-later"}, Value(true)}},
          {&field_of("case", "area_of_origin"), {Text{"Leicester"}, Text{"Oadby"}, Text{"Wigston"}, Value(true)}}};
}

/// One live value: 4 values × 2 times × 2 roles × asked or decided.
constexpr std::size_t kKinds = 4 * 2 * 2 * 2;

Held held_of(const Subject& subject, std::size_t kind, std::size_t place) {
  UserId user;
  user.bytes.fill(static_cast<char>(place));
  const auto role = (kind / 8) % 2 == 0 ? membership::Role::advocate : membership::Role::desk;
  // Two devices, two envelopes: dots sort otherwise than times.
  return Held{test::dot(static_cast<char>(3 - place), static_cast<char>(place * 5 % 3), static_cast<std::uint32_t>(place)),
              {user, 10 + (kind / 4) % 2, static_cast<std::uint32_t>(role)},
              encode(subject.values[kind % 4]), (kind / 16) % 2 == 1, {}, {}};
}

FieldState state_of(const Subject& subject, const std::vector<std::size_t>& kinds) {
  FieldState state;
  for (std::size_t i = 0; i < kinds.size(); ++i) state.held.push_back(held_of(subject, kinds[i], i));
  std::sort(state.held.begin(), state.held.end(), [](const Held& a, const Held& b) { return a.dot < b.dot; });
  return state;
}

void for_each_state(const Subject& subject, const std::function<void(const FieldState&)>& visit) {
  visit({});
  for (std::size_t a = 0; a < kKinds; ++a) {
    visit(state_of(subject, {a}));
    for (std::size_t b = 0; b < kKinds; ++b) {
      visit(state_of(subject, {a, b}));
      for (std::size_t c = 0; c < kKinds; ++c) visit(state_of(subject, {a, b, c}));
    }
  }
}

std::set<Bytes> distinct(const FieldState& state) {
  std::set<Bytes> out;
  for (const Held& held : state.held) out.insert(held.value);
  return out;
}

bool misfit(const Field& field, const Bytes& value) { return !schema::check(field, decode_value(value)); }
bool any_misfit(const Field& field, const FieldState& state) {
  return std::any_of(state.held.begin(), state.held.end(), [&](const Held& held) { return misfit(field, held.value); });
}
bool decided(const Held& held) { return !held.request && held.author.role >= 2; }

/// What every policy promises.
bool is_total(const FieldState& state, const FieldView& view) {
  std::set<Bytes> shown;
  for (const Shown& each : view.values) {
    shown.insert(each.held->value);
    if (each.value != decode_value(each.held->value) || each.dots.empty()) return false;
  }
  std::vector<Dot> dots = view.dots();
  std::sort(dots.begin(), dots.end());
  const bool each_once = std::adjacent_find(dots.begin(), dots.end()) == dots.end();
  return shown == distinct(state) && each_once && dots.size() == state.held.size() && view.current <= view.values.size() &&
         (view.current > 0 || view.values.size() == view.requests);
}

bool keeps_its_promise(const Field& field, const FieldState& state, const FieldView& view) {
  const std::size_t values = distinct(state).size();
  const auto rank = [&](const Shown& shown) { return schema::rank_of(field, shown.value); };
  switch (field.policy) {
    case Policy::review:
      return view.current == values && view.needs_review == (values > 1 || any_misfit(field, state));
    case Policy::protective: {
      const bool sorted = std::is_sorted(view.values.begin(), view.values.end(),
                                         [&](const Shown& a, const Shown& b) { return rank(a) > rank(b); });
      return sorted && view.needs_review == (values > 1 || any_misfit(field, state));
    }
    case Policy::union_set:
      return view.current == values && view.needs_review == any_misfit(field, state);
    case Policy::append:
      return view.values.size() == state.held.size() && view.needs_review == any_misfit(field, state) &&
             std::is_sorted(view.values.begin(), view.values.end(), [](const Shown& a, const Shown& b) {
               return std::tie(a.held->author.time, a.held->dot) < std::tie(b.held->author.time, b.held->dot);
             });
    case Policy::steps: {
      if (view.values.empty()) return !view.needs_review;
      const auto furthest = std::max_element(view.values.begin(), view.values.end(),
                                             [&](const Shown& a, const Shown& b) { return rank(a) < rank(b); });
      const auto rivals = std::count_if(view.values.begin(), view.values.end(), [&](const Shown& each) { return rank(each) == rank(*furthest); });
      return rank(view.values[0]) == rank(*furthest) && view.needs_review == (rivals > 1 || any_misfit(field, state));
    }
    case Policy::desk: {
      std::set<Bytes> by_desk, asked;
      for (const Held& held : state.held) (decided(held) ? by_desk : asked).insert(held.value);
      for (std::size_t i = 0; i < view.values.size(); ++i) {
        if (decided(*view.values[i].held) != (i < by_desk.size())) return false;
      }
      const bool conflict = by_desk.size() > 1 && !field.several;
      return view.requests == asked.size() && view.values.size() == by_desk.size() + asked.size() &&
             view.needs_review == (conflict || !asked.empty() || any_misfit(field, state));
    }
    case Policy::latest: {
      if (view.values.empty()) return true;
      const auto newest = std::max_element(state.held.begin(), state.held.end(), [](const Held& a, const Held& b) {
        return std::tie(a.author.time, a.dot) < std::tie(b.author.time, b.dot);
      });
      return view.current == 1 && view.values[0].held->value == newest->value;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("every policy shows every live value and keeps its promise, for every outcome of up to three live values") {
  REQUIRE(schema::load_builtin());
  for (const Subject& subject : subjects()) REQUIRE_FALSE(misfit(*subject.field, encode(subject.values[1])));
  for (const Subject& subject : subjects()) {
    std::size_t wrong = 0;
    for_each_state(subject, [&](const FieldState& state) {
      const FieldView shown = view(subject.field, state);
      if (!is_total(state, shown) || !keeps_its_promise(*subject.field, state, shown)) ++wrong;
    });
    INFO(subject.field->name);
    CHECK(wrong == 0);
  }
}

TEST_CASE("a field that this version does not know is shown raw and whole, and asks nobody to decide") {
  const Subject subject{nullptr, {Text{"a"}, Code{"b"}, RawValue{"\x77rest"}, Value(true)}};
  std::size_t wrong = 0;
  for_each_state(subject, [&](const FieldState& state) {
    const FieldView shown = view(nullptr, state);
    if (!is_total(state, shown) || shown.current != shown.values.size() || shown.needs_review) ++wrong;
  });
  CHECK(wrong == 0);
}

TEST_CASE("under every order the protective value comes first, and what has no place in the order comes before all") {
  struct Case { schema::FieldKind kind; schema::Order order; Value careful, careless; };
  const std::vector<Case> cases{
      {schema::FieldKind::flag, schema::Order::true_first, Value(true), Value(false)},
      {schema::FieldKind::flag, schema::Order::false_first, Value(false), Value(true)},
      {schema::FieldKind::integer, schema::Order::highest, Value(std::int64_t{9}), Value(std::int64_t{-9})},
      {schema::FieldKind::date, schema::Order::earliest, Date{"2026-01-01"}, Date{"2026-01-02"}},
      {schema::FieldKind::time, schema::Order::earliest, Instant{5}, Instant{6}}};
  for (const Case& each : cases) {
    Field field;
    field.kind = each.kind;
    field.policy = Policy::protective;
    field.order = each.order;
    const Subject subject{&field, {each.careful, each.careless, Text{"?"}, RawValue{"\x77"}}};
    const FieldView two = view(&field, state_of(subject, {1, 0}));
    REQUIRE(two.values.size() == 2);
    CHECK(two.values[0].value == each.careful);
    CHECK(two.current == 1);
    CHECK(two.needs_review);
    CHECK(view(&field, state_of(subject, {0, 2, 1})).values[0].value == Value(Text{"?"}));
    CHECK(lowers_protection(field, two, each.careless));
    CHECK_FALSE(lowers_protection(field, two, each.careful));
  }
}

TEST_CASE("an archived record asks for a person only while something live lies outside what was shown") {
  RecordState state;
  const Dot first = test::dot(1, 1, 0);
  fold(state, {16, encode(Value(Text{"a"})), {}, {}, {}, false, {}}, first, {});
  CHECK_FALSE(archived(state).archived);
  fold(state, {kArchivedFieldId, encode(Value(true)), {}, {}, {first}, false, {}}, test::dot(1, 2, 0), {});
  CHECK(archived(state).archived);
  CHECK_FALSE(archived(state).needs_review);
  fold(state, {16, encode(Value(Text{"b"})), {first}, {}, {}, false, {}}, test::dot(2, 1, 0), {});
  CHECK(archived(state).needs_review);
  fold(state, {kArchivedFieldId, {}, {test::dot(1, 2, 0)}, {}, {}, false, {}}, test::dot(2, 3, 0), {});
  CHECK_FALSE(archived(state).archived);
  CHECK_FALSE(archived(state).needs_review);
}

TEST_CASE("two archivings that each saw a part cover the whole together") {
  RecordState state;
  fold(state, {16, encode(Value(Text{"a"})), {}, {}, {}, false, {}}, test::dot(1, 1, 0), {});
  fold(state, {17, encode(Value(Text{"b"})), {}, {}, {}, false, {}}, test::dot(2, 1, 0), {});
  fold(state, {kArchivedFieldId, encode(Value(true)), {}, {}, {test::dot(1, 1, 0)}, false, {}}, test::dot(1, 2, 0), {});
  CHECK(archived(state).needs_review);
  fold(state, {kArchivedFieldId, encode(Value(true)), {}, {}, {test::dot(2, 1, 0)}, false, {}}, test::dot(2, 2, 0), {});
  CHECK_FALSE(archived(state).needs_review);
}
