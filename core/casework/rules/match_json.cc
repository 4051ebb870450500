#include "core/casework/rules/match_json.h"

#include <algorithm>

namespace wayside::casework::rules {
namespace {

constexpr std::int64_t kOldestAge = 150;
constexpr std::int64_t kMostPets = 1'000;

std::vector<Member> members(JsonReader& in, std::string_view key) {
  std::vector<Member> out;
  for (auto& each : in.objects(key)) {
    Member member;
    member.sex = sex_from(each.text("sex"));
    if (const auto age = each.number("age", 0, kOldestAge)) member.age = static_cast<int>(*age);
    in.take(each);
    out.push_back(member);
  }
  return out;
}

std::vector<Pets> pets_of(JsonReader& in) {
  std::vector<Pets> out;
  for (auto& each : in.objects("pets")) {
    Pets pets{each.text("kind"), std::nullopt};
    if (const auto count = each.number("count", 0, kMostPets)) pets.count = static_cast<int>(*count);
    in.take(each);
    out.push_back(std::move(pets));
  }
  return out;
}

Value value_of(const json& item) {
  if (item.is_boolean()) return item.get<bool>();
  if (item.is_number_integer()) return item.get<std::int64_t>();
  return Text{item.get<std::string>()};
}

bool is_value(const json& item) {
  return item.is_boolean() || item.is_number_integer() ||
         (item.is_string() && is_clean_utf8(item.get_ref<const std::string&>()));
}

RecordId id_of(JsonReader& in) {
  const auto id = record_id_from(in.text("id"));
  if (!id) in.complain("id", "needs a UUID, or a name of up to 16 bytes");
  return id.value_or(RecordId{});
}

/// Every key has to be a field of the record type, or one of `besides`.
Result<RecordFields> fields_of(JsonReader& in, std::string_view type_name,
                               std::initializer_list<std::string_view> besides) {
  const auto* type = schema::current().type(type_name);
  RecordFields out;
  for (const auto& [key, value] : in.whole().items()) {
    const bool known = std::ranges::find(besides, key) != besides.end() || type->field(key);
    if (!known)
      in.complain(key.size() > 100 ? "a key" : key, "is no field of the record type " + std::string(type_name));
    std::vector<Value> values;
    for (const auto& item : value.is_array() ? value : json::array({value})) {
      if (item.is_null()) continue;
      if (is_value(item)) values.push_back(value_of(item));
      else in.complain(key, "needs a text, a whole number, true or false");
    }
    out.set(key, std::move(values));
  }
  WAYSIDE_OK(in.done());
  return out;
}

/// A date or an amount that does not read would otherwise count as not stated.
Result<void> check_kinds(const RecordFields& fields, const json& input, std::string_view type_name) {
  for (const auto& field : schema::current().type(type_name)->fields) {
    const auto given = input.find(field.name);
    if (given == input.end() || given->is_null() || given->is_array()) continue;
    const auto refuse = [&](std::string_view what) {
      return fail(Errc::bad_input, field.name + ": needs " + std::string(what));
    };
    using schema::FieldKind;
    const auto kind = field.kind;
    if (kind == FieldKind::date && !fields.day(field.name)) return refuse("a day such as 2026-06-10");
    if (kind == FieldKind::flag && !given->is_boolean()) return refuse("true or false");
    if ((kind == FieldKind::integer || kind == FieldKind::pence) && fields.number(field.name).value_or(-1) < 0)
      return refuse("a whole number, 0 or more");
    if ((kind == FieldKind::text || kind == FieldKind::code) && !given->is_string()) return refuse("a text");
  }
  return {};
}

json optional_number(const std::optional<std::int64_t>& number) { return number ? json(*number) : json(nullptr); }

}  // namespace

Result<Household> household_from_json(const json& input) {
  JsonReader in(input, "");
  Household out;
  out.adults = members(in, "adults");
  out.children = members(in, "children");
  out.pets = pets_of(in);
  out.nrpf = in.flag("nrpf").value_or(false);
  out.wheelchair = in.flag("wheelchair").value_or(false);
  out.overnight_security = in.flag("overnight_security").value_or(false);
  out.needs = in.texts("needs");
  out.unsafe_areas = in.texts("unsafe_areas");
  out.perpetrator_areas = in.texts("perpetrator_areas");
  auto origin = in.object("origin");
  out.origin_la = origin.text("la");
  out.significant_distance = origin.flag("significant_distance");
  out.assessed_safe = origin.flag("assessed_safe");
  in.take(origin);
  out.tenure = in.text("tenure");
  out.landlord = in.text("landlord");
  out.in_work = in.flag("in_work");
  out.ethnicity = in.text("ethnicity");
  out.country_of_birth = in.text("country_of_birth");
  out.languages = in.texts("languages");
  out.risk = in.text("risk");
  out.specialist_case = in.flag("specialist_case");
  out.on_date = in.day("on_date");
  WAYSIDE_OK(in.done());
  return out;
}

Result<Service> service_from_json(const json& input) {
  JsonReader in(input, "service");
  const auto id = id_of(in);
  WAYSIDE_TRY(const auto fields, fields_of(in, "service", {"id"}));
  WAYSIDE_OK(check_kinds(fields, input, "service"));
  return service_from(id, fields);
}

Result<Unit> unit_from_json(const json& input) {
  JsonReader in(input, "unit");
  const auto id = id_of(in);
  WAYSIDE_TRY(auto fields, fields_of(in, "unit", {"id", "as_at"}));
  WAYSIDE_OK(check_kinds(fields, input, "unit"));
  return unit_from(id, fields);
}

json sentences(const std::vector<Reason>& reasons) {
  auto out = json::array();
  for (const auto& reason : reasons) out.push_back(reason.sentence);
  return out;
}

json to_json(const std::vector<Match>& matches) {
  auto services = json::array();
  for (const auto& match : matches) {
    auto vacancies = json::array();
    for (const auto& vacancy : match.vacancies) {
      vacancies.push_back({{"unit", to_text(vacancy.unit)},
                           {"answer", name_of(vacancy.answer)},
                           {"age_hours", optional_number(vacancy.age_hours)},
                           {"stale", vacancy.stale}});
    }
    services.push_back({{"id", to_text(match.service)},
                        {"name", match.name},
                        {"answer", name_of(match.answer)},
                        {"reasons", sentences(match.reasons)},
                        {"vacancy_age_hours", optional_number(match.vacancy_age_hours)},
                        {"vacancy_stale", match.vacancy_stale},
                        {"vacancies", std::move(vacancies)}});
  }
  return {{"services", std::move(services)}};
}

}  // namespace wayside::casework::rules
