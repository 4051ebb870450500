#include <catch2/catch_test_macros.hpp>

#include "tests/support/made_records.h"
#include "tests/ui/app/clerk_desk.h"
#include "ui/app/typed.h"

namespace wayside::app::tests {
namespace {

struct EveryForm : AtWork {
  EveryForm() {
    case_id = priya();
    ids["case"] = case_id;
    ids["person"] = person;
    for (const auto* type : support::types_in_order()) {
      if (type->name == "case" || type->name == "person") continue;
      const auto fields = support::made_fields(*type, support::Fill::everything, find());
      casework::NewRecordRequest request;
      request.type = type;
      for (const auto& [field, values] : *fields) request.fields.push_back({field, values, {}, {}, true, {}, {}});
      const auto made = casework::put(*amina, type->in_case ? std::optional(case_id) : std::nullopt, std::nullopt, {request}, "put");
      INFO(type->name << ": " << (made ? "" : made.error().detail));
      REQUIRE(made.has_value());
      ids[type->name] = made->front();
    }
    start();
    open_case(case_id);
  }

  support::FindRecord find() {
    return [this](const schema::Field& field) -> std::optional<RecordId> {
      for (const auto& name : field.to) {
        if (const auto found = ids.find(name); found != ids.end()) return found->second;
      }
      return std::nullopt;
    };
  }

  /// What a person would type: every box of the form, those that the form fills by itself among them.
  static Typed boxes(const pb::Form& form, const support::MadeFields& fields) {
    Typed out;
    for (const auto& shown : form.fields()) {
      std::vector<std::string> items;
      for (const auto& [field, values] : fields) {
        if (field->name != shown.name()) continue;
        for (const auto& value : values) items.push_back(typed_text(*field, value));
      }
      out.emplace_back(shown.name(), std::move(items));
    }
    return out;
  }

  RecordId case_id;
  std::map<std::string, RecordId> ids;
};

bool has_field(const pb::Form& form, const std::string& name) {
  return std::any_of(form.fields().begin(), form.fields().end(), [&](const auto& each) { return each.name() == name; });
}

}  // namespace

TEST_CASE("every form asks for what its record needs to be saved or sent, and saves nothing without it") {
  EveryForm desk;
  std::size_t asked = 0;
  for (const auto* type : support::types_in_order()) {
    if (!type->in_case || type->name == "case" || type->name == "person" || type->name == "attachment") continue;   // forms of their own
    for (const auto& needed : support::needed_fields(*type, desk.find())) {
      INFO(type->name << "." << needed.field->name);
      REQUIRE_FALSE(needed.complete.empty());
      desk.new_record(desk.case_id, type->name);
      const pb::Form opened = desk.form();
      REQUIRE(opened.is_new());
      REQUIRE(has_field(opened, needed.field->name));
      const auto waiting = desk.now().reconcile().waiting();
      desk.save(opened, EveryForm::boxes(opened, needed.lacking));
      const pb::Form after = desk.form();
      INFO(after.notice().text());
      CHECK(after.saved_count() == opened.saved_count());
      CHECK_FALSE(desk.field(after, needed.field->name).error().empty());
      CHECK(desk.now().reconcile().waiting() == waiting);
      desk.discard(after);
      ++asked;
    }
  }
  CHECK(asked > 100);
}

}  // namespace wayside::app::tests
