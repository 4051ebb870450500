#include "tests/support/made_records.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/casework/save_rules.h"
#include "core/schema/display.h"

namespace wayside::support {
namespace {

using schema::Field;
using schema::FieldKind;
using schema::RecordType;
using schema::Required;

constexpr std::int64_t kInstantMs = 1'770'000'000'000;   // 2 February 2026
constexpr std::int64_t kDayMs = 86'400'000;

bool points_to_itself(const RecordType& type, const Field& field) {
  return field.kind == FieldKind::reference && std::ranges::find(field.to, type.name) != field.to.end();
}

std::vector<ledger::Write> writes_of(const MadeFields& fields) {
  std::vector<ledger::Write> out;
  for (const auto& [field, values] : fields) {
    for (const Value& value : values) {
      ledger::Write write;
      write.field = field->id;
      write.value = encode(value);
      out.push_back(std::move(write));
    }
  }
  return out;
}

bool is_unmet(const RecordType& type, const MadeFields& fields, const Field& field) {
  const auto writes = writes_of(fields);
  const auto needs = casework::unmet_needs(casework::content_of(type, writes));
  return std::ranges::find(needs, &field, &casework::Need::field) != needs.end();
}

bool is_complete(const RecordType& type, const MadeFields& fields) {
  const auto writes = writes_of(fields);
  return casework::unmet_needs(casework::content_of(type, writes)).empty();
}

/// The record with one code after the other, until taking `field` away is refused.
std::optional<MadeFields> sent(const RecordType& type, const MadeFields& base, const Field& field, const Field* instead) {
  const auto lacking = [&](const MadeFields& from) {
    MadeFields out = without(from, field);
    return instead == nullptr ? out : without(std::move(out), *instead);
  };
  if (is_complete(type, base) && is_unmet(type, lacking(base), field)) return base;
  for (std::size_t i = 0; i < base.size(); ++i) {
    const Field& code = *base[i].first;
    if (code.kind != FieldKind::code || &code == &field) continue;
    for (const auto& entry : code.list->entries) {
      MadeFields tried = base;
      tried[i].second = {Code{entry.code}};
      if (is_complete(type, tried) && is_unmet(type, lacking(tried), field)) return tried;
    }
  }
  return std::nullopt;
}

}  // namespace

Value made_value(const Field& field, std::uint64_t n) {
  const auto small = static_cast<std::int64_t>(n % 20);
  switch (field.kind) {
    case FieldKind::text: return Text{field.label + " " + std::to_string(n)};
    case FieldKind::long_text: return Text{field.label + " " + std::to_string(n) + ": what was said, in a sentence or two of the usual length."};
    case FieldKind::integer:
    case FieldKind::pence: {
      const std::int64_t low = field.min.value_or(1);
      return std::min(field.max.value_or(low + small), low + small);
    }
    case FieldKind::flag: return n % 2 == 0;
    case FieldKind::date: return Date{iso_time(kInstantMs - small * kDayMs).substr(0, 10)};
    case FieldKind::time: return Instant{kInstantMs - small * kDayMs};
    case FieldKind::code: return Code{field.list->entries[n % field.list->entries.size()].code};
    case FieldKind::reference: break;
  }
  return RecordId{};
}

std::optional<MadeFields> made_fields(const RecordType& type, Fill fill, const FindRecord& find, std::uint64_t n) {
  MadeFields out;
  for (const Field& field : type.fields) {
    const bool needed = field.required == Required::to_save;
    if (!needed && (fill == Fill::needed_to_save || field.rows == 0 || points_to_itself(type, field))) continue;
    if (field.kind == FieldKind::reference) {
      const auto to = find(field);
      if (!to && needed) return std::nullopt;
      if (to) out.emplace_back(&field, std::vector<Value>{*to});
    } else if (field.list_name == "case_status") {
      out.emplace_back(&field, std::vector<Value>{Code{"open"}});
    } else {
      out.emplace_back(&field, std::vector<Value>{made_value(field, n)});
    }
  }
  return out;
}

std::vector<const RecordType*> types_in_order() {
  std::vector<const RecordType*> out;
  std::set<std::string> made;
  bool more = true;
  while (more) {
    more = false;
    for (const RecordType& type : schema::current().types()) {
      if (made.contains(type.name) || type.in_team) continue;
      const auto find = [&](const Field& field) -> std::optional<RecordId> {
        const bool any = std::ranges::any_of(field.to, [&](const auto& name) { return made.contains(name); });
        return any ? std::optional(RecordId{}) : std::nullopt;
      };
      if (!made_fields(type, Fill::needed_to_save, find)) continue;
      out.push_back(&type);
      made.insert(type.name);
      more = true;
    }
  }
  return out;
}

nlohmann::json to_json(const MadeFields& fields) {
  auto out = nlohmann::json::object();
  for (const auto& [field, values] : fields) {
    if (!field->several) {
      out[field->name] = schema::to_json(values.front());
      continue;
    }
    auto all = nlohmann::json::array();
    for (const Value& value : values) all.push_back(schema::to_json(value));
    out[field->name] = std::move(all);
  }
  return out;
}

MadeFields without(MadeFields fields, const Field& field) {
  std::erase_if(fields, [&](const auto& each) { return each.first == &field; });
  return fields;
}

std::vector<NeededField> needed_fields(const RecordType& type, const FindRecord& find) {
  std::vector<NeededField> out;
  const auto base = made_fields(type, Fill::everything, find);
  if (!base) return out;
  for (const Field& field : type.fields) {
    if (field.required != Required::to_save && field.required != Required::to_send) continue;
    const Field* instead = field.or_field.empty() ? nullptr : type.field(field.or_field);
    NeededField needed{&field, {}, {}};
    if (auto complete = sent(type, *base, field, instead)) {
      needed.complete = *std::move(complete);
      needed.lacking = without(needed.complete, field);
      if (instead != nullptr) needed.lacking = without(std::move(needed.lacking), *instead);
    }
    out.push_back(std::move(needed));
  }
  return out;
}

}  // namespace wayside::support
