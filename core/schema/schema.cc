#include "core/schema/schema.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <limits>
#include <list>
#include <mutex>
#include <variant>

namespace wayside::schema {
namespace {

constexpr std::int64_t kAboveAll = std::numeric_limits<std::int64_t>::max();

std::atomic<const Schema*> current_schema = nullptr;   // nothing: what was embedded

const Result<Schema>& parsed_builtin() {
  static const auto parsed = Schema::parse(builtin_files());
  return parsed;
}

/// "YYYY-MM-DD" as a number that grows with the date.
std::int64_t day_number(const Date& date) {
  std::int64_t number = 0;
  for (const char c : date.iso) {
    if (c != '-') number = number * 10 + (c - '0');
  }
  return number;
}

/// Numbers, moments and days on one scale each; nothing for other kinds.
std::optional<std::int64_t> magnitude(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* instant = std::get_if<Instant>(&value)) return instant->ms;
  if (const auto* date = std::get_if<Date>(&value)) return day_number(*date);
  return std::nullopt;
}

template <class Range, class Key, class Member>
auto* find_by(Range& range, const Key& key, Member member) {
  const auto found = std::ranges::find(range, key, member);
  return found == range.end() ? nullptr : &*found;
}

}  // namespace

const CodeEntry* CodeList::find(std::string_view code) const { return find_by(entries, code, &CodeEntry::code); }

const Field* RecordType::field(FieldId wanted) const { return find_by(fields, wanted, &Field::id); }

/// A field of no rows is the program's own: nobody sets it, imports it or asks for it by its name.
const Field* RecordType::field(std::string_view wanted) const {
  const Field* const found = find_by(fields, wanted, &Field::name);
  return found == nullptr || found->rows == 0 ? nullptr : found;
}

const RecordType* Schema::type(TypeId id) const {
  const auto found = std::ranges::lower_bound(types_, id, {}, &RecordType::id);
  return found == types_.end() || found->id != id ? nullptr : &*found;
}

const RecordType* Schema::type(std::string_view name) const { return find_by(types_, name, &RecordType::name); }

const Field* Schema::field(TypeId type_id, FieldId id) const {
  if (const auto* system = find_by(system_fields_, id, &Field::id)) return system;
  const auto* found = type(type_id);
  return found == nullptr ? nullptr : found->field(id);
}

const Field* Schema::field(const RecordType& type, std::string_view name) const {
  if (const auto* own = type.field(name)) return own;
  return find_by(system_fields_, name, &Field::name);
}

Result<void> load_builtin() {
  if (!parsed_builtin()) return std::unexpected(parsed_builtin().error());
  return {};
}

const Schema& embedded() {
  if (!parsed_builtin()) std::abort();  // load_builtin has told the reason; going on without a schema would be worse
  return *parsed_builtin();
}

const Schema& current() {
  const Schema* const schema = current_schema.load(std::memory_order_acquire);
  return schema == nullptr ? embedded() : *schema;
}

void make_current(std::optional<Schema> schema) {
  if (!schema) return current_schema.store(nullptr, std::memory_order_release);
  static std::mutex adding;
  static std::list<Schema> kept;   // a list: what stands in it never moves
  const std::lock_guard lock(adding);
  current_schema.store(&kept.emplace_back(*std::move(schema)), std::memory_order_release);
}

std::int64_t rank_of(const Field& field, const Value& value) {
  switch (field.order) {
    case Order::none:
      return 0;
    case Order::rank: {
      const auto* code = std::get_if<Code>(&value);
      const auto* entry = code != nullptr && field.list != nullptr ? field.list->find(code->code) : nullptr;
      return entry != nullptr ? entry->rank.value_or(kAboveAll) : kAboveAll;
    }
    case Order::true_first:
    case Order::false_first: {
      const auto* flag = std::get_if<bool>(&value);
      return flag == nullptr ? kAboveAll : *flag == (field.order == Order::true_first);
    }
    case Order::highest:
      return magnitude(value).value_or(kAboveAll);
    case Order::earliest: {
      const auto number = magnitude(value);
      return number ? ~*number : kAboveAll;  // ~n = -n - 1: also defined for the least number
    }
  }
  return kAboveAll;
}

}  // namespace wayside::schema
