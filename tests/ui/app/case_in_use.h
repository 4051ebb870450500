#pragma once

#include <algorithm>
#include <string>

#include "tests/ui/app/clerk_desk.h"

namespace wayside::app::tests {

/// Priya's case at Amina's desk, with as much in it as a test or a picture asks for.
struct CaseInUse : AtWork {
  RecordId id = priya();
  RecordId child;

  static Value some_value(const schema::Field& field, const RecordId& person) {
    switch (field.kind) {
      case schema::FieldKind::integer:
      case schema::FieldKind::pence: return std::int64_t{1};
      case schema::FieldKind::flag: return true;
      case schema::FieldKind::date: return Date{"2025-06-10"};
      case schema::FieldKind::time: return Instant{kCall_ms};
      case schema::FieldKind::code: return Code{field.list->entries.front().code};
      case schema::FieldKind::reference: return person;
      default: return Text{"Change the lock of the back door"};
    }
  }
  /// A record of `type` with those fields, and something in every other that a save needs.
  RecordId put_needed(const std::string& type, support::Fields fields = {}) {
    for (const schema::Field& field : schema::current().type(type)->fields) {
      const bool given = std::ranges::any_of(fields, [&](const auto& each) { return each.first == field.name; });
      if (field.required == schema::Required::to_save && !given) fields.emplace_back(field.name, some_value(field, person));
    }
    const auto first = std::ranges::find_if(schema::current().type(type)->fields, [](const schema::Field& field) {
      return field.kind != schema::FieldKind::reference;
    });
    if (fields.empty()) fields.emplace_back(first->name, some_value(*first, person));
    return support::put(amina, id, type, fields);
  }
  void put_standard() {
    support::edit(amina, person, "safe_contact", Code{"TEXT_CODEWORD"});
    support::edit(amina, person, "safe_contact_words", Text{"Not after 15:30. No voicemail"});
    put_note("phone call", "She is staying with her sister in Oadby for now. The landlord is not to be told.");
    put_note("home visit", "Feels able to leave if the school place is kept.");
    put_needed("risk_assessment", {{"level", Code{"HIGH"}}});
    put_needed("support_plan", {{"goal", Text{"A place of her own"}}});
  }
  void put_note(const char* kind, const char* words) {
    support::put(amina, id, "note", {{"at", Instant{kCall_ms}}, {"kind", Code{kind}}, {"text", Text{words}}});
  }
  /// Twelve types in use.
  void put_many() {
    put_standard();
    child = put_needed("child", {{"forename", Text{"Arun"}}, {"surname", Text{"Shah"}}});
    put_needed("child", {{"forename", Text{"Meera"}}, {"surname", Text{"Shah"}}});
    for (const char* type : {"household", "safety_plan", "task", "consent", "stay", "order"}) put_needed(type);
  }
  void list_types() {
    pb::Command command;
    command.mutable_list_types();
    clerk->handle(command);
  }

  /// One service of each answer for her and her son of 15, each with a vacancy; one of them is old news.
  void put_services() {
    Device& desk = fleet.add("Carol", membership::Role::desk);
    const auto service = [&](const char* name, std::int64_t sons_to, const char* sex, std::int64_t hours_ago) {
      const RecordId made = support::put(desk, std::nullopt, "service",
                                         {{"name", Text{name}}, {"kind", Code{"accommodation"}}, {"sons_max_age_certain", sons_to},
                                          {"sons_max_age_possible", sons_to > 12 ? std::int64_t{17} : sons_to}, {"accepts_sex", Code{sex}},
                                          {"provider", Text{"A charity of the county"}}, {"pets", Code{"some"}}});
      support::put(desk, std::nullopt, "vacancy",
                   {{"service", made}, {"state", Code{"free"}}, {"free_units", std::int64_t{1}}, {"source", Text{"by phone"}},
                    {"as_at", Instant{amina.world->clock.wall_ms() - hours_ago * 3'600'000}}});
      services.push_back(made);
    };
    service("Respite Rooms", 17, "female", 3);
    service("Brookes House", 14, "female", 50);
    service("Juno House", 12, "female", 5);
    service("Dispersed homes", 99, "any", 0);
    fleet.reconcile();
  }
  std::vector<RecordId> services;

  /// Her household as the matching reads it, and what falls due in the fortnight around today.
  void put_for_rules() {
    support::edit(amina, person, "gender", Code{"female"});
    put_needed("child", {{"forename", Text{"Arun"}}, {"surname", Text{"Shah"}}, {"sex", Code{"M"}}, {"dob", Date{"2010-02-03"}},
                                      {"relation_to_survivor", Code{"child"}}});
    put_needed("task", {{"what", Text{"Ring the school about a new place"}}, {"due", Date{"2025-06-12"}}, {"who", Text{"Amina"}}, {"status", Code{"open"}}});
    put_needed("task", {{"what", Text{"Ask the landlord for the keys"}}, {"due", Date{"2025-06-18"}}, {"who", Text{"Ben"}}, {"status", Code{"open"}}});
    put_needed("stay", {{"place_type", Code{"OWN_HOME"}}, {"start", Date{"2024-01-10"}}, {"end", Date{"2025-04-02"}}});
    put_needed("stay", {{"place_type", Code{"REFUGE"}}, {"start", Date{"2025-04-20"}}});
    put_needed("referral", {{"direction", Code{"out"}}, {"asked_on", Date{"2025-06-11"}}});
  }

  static constexpr std::int64_t kCall_ms = 1'749'600'000'000;
};

}  // namespace wayside::app::tests
