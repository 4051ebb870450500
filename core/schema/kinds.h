#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

/// The closed choices that a record type's TOML makes for each field. One table each: enum ↔ name ↔ meaning.
namespace wayside::schema {

enum class FieldKind { text, long_text, integer, pence, flag, date, time, code, reference };

/// How concurrent values of a field are shown. Fixed per field id: another policy needs another id.
/// `union_set` is called "union" in TOML, JSON and documents; C++ keeps that word for itself.
enum class Policy { review, protective, union_set, append, steps, desk, latest };

/// S0 public, S1 personal, S2 special category, S3 safety critical, S4 criminal and perpetrator data.
enum class Sensitivity { s0, s1, s2, s3, s4 };

/// Up to when a field may stay empty. Each stage needs what the stages before it need.
enum class Required { no, to_save, to_send, to_close };

/// Whose key seals a field: the case's own, or one that fewer people hold.
enum class Compartment { none, perpetrator, location };

/// Which of two values protects more (protective) or lies further (steps).
enum class Order { none, rank, true_first, false_first, highest, earliest };

template <class E>
struct Named {
  E value;
  std::string_view name;    ///< in TOML and JSON; for ever
  std::string_view means;   ///< for `types` and the documentation
};

inline constexpr std::array kKinds{
    Named{FieldKind::text, "text", "a line of text, at most 64 KiB"},
    Named{FieldKind::long_text, "long_text", "text of several lines, at most 512 KiB"},
    Named{FieldKind::integer, "integer", "a whole number"},
    Named{FieldKind::pence, "pence", "an amount of money in pence"},
    Named{FieldKind::flag, "flag", "yes or no"},
    Named{FieldKind::date, "date", "a day, YYYY-MM-DD"},
    Named{FieldKind::time, "time", "a moment, ISO 8601 with its zone"},
    Named{FieldKind::code, "code", "one entry of a code list"},
    Named{FieldKind::reference, "reference", "the id of another record"},
};

inline constexpr std::array kPolicies{
    Named{Policy::review, "review", "all values kept and shown; a person decides"},
    Named{Policy::protective, "protective", "all values kept; the most protective counts at once, a person decides"},
    Named{Policy::union_set, "union", "a set: every item that nobody removed knowingly"},
    Named{Policy::append, "append", "entries that never change; a correction is a new entry"},
    Named{Policy::steps, "steps", "the further state counts; rival end states go to review"},
    Named{Policy::desk, "desk", "only a desk decides; others send requests"},
    Named{Policy::latest, "latest", "the newest value counts; the others stay in the history"},
};

inline constexpr std::array kSensitivities{
    Named{Sensitivity::s0, "S0", "public reference"},
    Named{Sensitivity::s1, "S1", "personal"},
    Named{Sensitivity::s2, "S2", "special category (health, ethnicity, orientation, religion)"},
    Named{Sensitivity::s3, "S3", "safety critical (safe address, safe contact, plan, movements)"},
    Named{Sensitivity::s4, "S4", "criminal offence data and perpetrator data"},
};

inline constexpr std::array kRequired{
    Named{Required::no, "no", "may stay empty"},
    Named{Required::to_save, "to_save", "needed before the record can be saved"},
    Named{Required::to_send, "to_send", "needed before the request is sent, the form signed or the case opened fully"},
    Named{Required::to_close, "to_close", "needed before the record is finished and the case can be closed"},
};

inline constexpr std::array kCompartments{
    Named{Compartment::none, "none", "read by everybody who may read the record"},
    Named{Compartment::perpetrator, "perpetrator", "data on the person who causes harm"},
    Named{Compartment::location, "location", "where somebody lives, hides, learns or is handed over"},
};

inline constexpr std::array kOrders{
    Named{Order::none, "none", "no order"},
    Named{Order::rank, "rank", "the rank of the code list; an unknown code ranks above all"},
    Named{Order::true_first, "true>false", "yes protects more than no"},
    Named{Order::false_first, "false>true", "no protects more than yes"},
    Named{Order::highest, "highest", "the highest number protects most"},
    Named{Order::earliest, "earliest", "the earliest moment protects most"},
};

/// True when entry i names enumerator i, and the last enumerator is there: then a lookup is an index.
template <class E, std::size_t n>
consteval bool is_total(const std::array<Named<E>, n>& table, E last) {
  for (std::size_t i = 0; i < n; ++i) {
    if (static_cast<std::size_t>(table[i].value) != i) return false;
  }
  return static_cast<std::size_t>(last) + 1 == n;
}
static_assert(is_total(kKinds, FieldKind::reference));
static_assert(is_total(kPolicies, Policy::latest));
static_assert(is_total(kSensitivities, Sensitivity::s4));
static_assert(is_total(kRequired, Required::to_close));
static_assert(is_total(kCompartments, Compartment::location));
static_assert(is_total(kOrders, Order::earliest));

constexpr std::string_view name_of(FieldKind kind) { return kKinds[static_cast<std::size_t>(kind)].name; }
constexpr std::string_view name_of(Policy policy) { return kPolicies[static_cast<std::size_t>(policy)].name; }
constexpr std::string_view name_of(Sensitivity level) { return kSensitivities[static_cast<std::size_t>(level)].name; }
constexpr std::string_view name_of(Required required) { return kRequired[static_cast<std::size_t>(required)].name; }
constexpr std::string_view name_of(Compartment part) { return kCompartments[static_cast<std::size_t>(part)].name; }
constexpr std::string_view name_of(Order order) { return kOrders[static_cast<std::size_t>(order)].name; }

/// The enumerator that a table calls `name`.
template <class E, std::size_t n>
constexpr std::optional<E> named(const std::array<Named<E>, n>& table, std::string_view name) {
  for (const auto& entry : table) {
    if (entry.name == name) return entry.value;
  }
  return std::nullopt;
}

}  // namespace wayside::schema
