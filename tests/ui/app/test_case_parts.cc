#include <catch2/catch_test_macros.hpp>
#include <set>

#include "core/attachments/blobs.h"
#include "core/attachments/sealed_file.h"
#include "tests/ui/app/case_in_use.h"

namespace wayside::app::tests {
namespace {

std::vector<std::string> types(const pb::Case& shown) {
  std::vector<std::string> out;
  for (const auto& tab : shown.tabs()) out.push_back(tab.type());
  return out;
}

std::vector<std::string> options(const pb::FormField& field) {
  std::vector<std::string> out;
  for (const auto& option : field.options()) out.push_back(option.label());
  return out;
}

}  // namespace

TEST_CASE("a case shows the parts that hold records, the person first, then group by group, itself last") {
  CaseInUse desk;
  desk.put_many();
  desk.start();
  desk.open_case(desk.id);
  const pb::Case shown = desk.now().case_();
  CHECK(types(shown) == std::vector<std::string>{"person", "", "child", "household", "note", "task", "attachment",
                                                 "risk_assessment", "safety_plan", "support_plan", "stay", "order", "consent", "case"});
  CHECK(shown.tabs(1).shows() == pb::CaseTab::standing);
  CHECK(shown.tabs(2).group() == "People");
  CHECK(shown.tabs(2).count() == 2);
  CHECK(shown.tabs(6).shows() == pb::CaseTab::files);
  CHECK(shown.types_size() == 0);
}

TEST_CASE("what can be added is told when it is asked for, and no longer than until a form is opened") {
  CaseInUse desk;
  desk.start();
  desk.open_case(desk.id);
  const auto without = desk.now().ByteSizeLong();
  desk.list_types();
  const pb::Case shown = desk.now().case_();
  REQUIRE(shown.types_size() > 40);
  CHECK(shown.types(0).type() == "person");
  std::set<std::string> groups;
  for (int i = 0; i < shown.types_size(); ++i) {
    CHECK_FALSE(shown.types(i).help().empty());
    CHECK(schema::current().type(shown.types(i).type())->in_case);
    const bool begins = i == 0 || shown.types(i).group() != shown.types(i - 1).group();
    if (begins) CHECK(groups.insert(shown.types(i).group()).second);  // a group is never left and begun again
  }
  CHECK(desk.now().ByteSizeLong() - without < 12'000);
  desk.new_record(desk.id, "consent");
  CHECK(desk.now().case_().types_size() == 0);
}

TEST_CASE("an attachment whose file is not on this device says so in plain words, and no more once it is here") {
  CaseInUse desk;
  const schema::RecordType& type = *schema::current().type(attachments::kTypeName);
  const Bytes chunk = "a sealed part";
  casework::NewRecordRequest request{std::nullopt, &type, {}};
  const auto set = [&](const schema::Field* field, Value value) {
    casework::FieldChange change;
    change.field = field;
    change.set.push_back(std::move(value));
    change.sets = true;
    request.fields.push_back(std::move(change));
  };
  set(type.field("name"), Text{"From the court"});
  set(type.field("kind"), Code{"letter"});
  set(type.field("location_stripped"), true);
  set(type.field("digest"), Text{"sha256:00"});
  const attachments::Content content{crypto::Key::random(desk.amina->env().random), {attachments::address_of(chunk)}};
  set(type.field(attachments::kContentField), Text{attachments::content_text(content)});
  support::need(casework::put(*desk.amina, desk.id, std::nullopt, {std::move(request)}, "attach"));
  const auto row = [&] {
    desk.open_case(desk.id);
    const pb::Case shown = desk.now().case_();
    const auto tab = std::ranges::find(shown.tabs(), "attachment", &pb::CaseTab::type);
    REQUIRE(tab != shown.tabs().end());
    return tab->records(0).second();
  };
  desk.start();
  CHECK(row().starts_with("The file is not on this device yet. "));
  support::need(attachments::Blobs(desk.amina.world->files, desk.amina.home).put(chunk));
  CHECK_FALSE(row().contains("not on this device"));
}

TEST_CASE("a draft of a type that the case has not had yet is a part of the case") {
  CaseInUse desk;
  desk.start();
  desk.open_case(desk.id);
  desk.new_record(desk.id, "task");
  desk.keep(desk.form(), {{"what", {"Ring the school"}}});
  desk.restart();
  desk.open_case(desk.id);
  const pb::Case shown = desk.now().case_();
  REQUIRE(shown.tabs(3).type() == "task");
  CHECK(shown.tabs(3).new_label() == "Go on with your draft");
}

TEST_CASE("a snapshot with a case open stays small, whatever the schema knows") {
  CaseInUse desk;
  desk.put_many();
  desk.start();
  const auto closed = desk.now().ByteSizeLong();
  desk.open_case(desk.id);
  const pb::Snapshot open = desk.now();
  INFO("no case " << closed << ", open " << open.ByteSizeLong() << ", form " << open.case_().form().ByteSizeLong());
  CHECK(open.ByteSizeLong() - closed - open.case_().form().ByteSizeLong() < 4'000);
}

TEST_CASE("a field says until when it is needed, and what serves as well") {
  CaseInUse desk;
  desk.start();
  desk.open_case(desk.id);
  desk.new_record(desk.id, "referral");
  const pb::Form form = desk.form();
  CHECK(desk.field(form, "service").needed() == "Needed before it is sent: this or “Service that is not in the directory”.");
  CHECK(desk.field(form, "other_service").needed() == "Needed before it is sent: this or “Service”.");
  desk.new_record(desk.id, "note");
  CHECK(desk.field(desk.form(), "text").needed() == "Needed to save.");
  CHECK(desk.field(desk.form(), "alone").needed() == "Needed before the case is closed.");
  CHECK(desk.field(desk.form(), "place").needed().empty());
}

TEST_CASE("a reference offers the case's records by title, and saves the one that is chosen") {
  CaseInUse desk;
  desk.put_many();
  desk.start();
  desk.open_case(desk.id);
  desk.new_record(desk.id, "contact_method");
  const pb::FormField whose = desk.field(desk.form(), "person");
  CHECK(whose.kind() == pb::FormField::reference);
  CHECK(options(whose) == std::vector<std::string>{"Arun Shah", "Meera Shah", "Priya Shah"});
  desk.save(desk.form(), {{"person", {whose.options(0).code()}},
                          {"method", {desk.field(desk.form(), "method").options(0).code()}},
                          {"address", {"07700 900123"}},
                          {"rule", {"OK"}}});
  const pb::FormField saved = desk.field(desk.form(), "person");
  REQUIRE(saved.values_size() == 1);
  CHECK(saved.values(0).text() == "Arun Shah");
  CHECK(saved.items(0) == to_text(desk.child));
}

TEST_CASE("a reference to a record that is not on this device says so, and keeps it") {
  CaseInUse desk;
  const RecordId elsewhere = RecordId::random(desk.amina.world->random);
  const RecordId referral = RecordId::random(desk.amina.world->random);
  casework::NewRecord record{referral, support::type_named("referral").id, {}, 1};   // of a table, whose services come later
  for (const auto& [name, value] : support::Fields{
           {"service", elsewhere}, {"direction", Code{"out"}}, {"requested_offer", Code{"IDVA"}}, {"asked_on", Date{"2025-06-10"}}}) {
    record.fields.push_back({support::field_named("referral", name).id, {value}});
  }
  REQUIRE(support::need(casework::import_all(*desk.amina, {{desk.id, {record}}}, std::nullopt, {})).problems.empty());
  desk.start();
  desk.open_record(referral);
  const pb::FormField service = desk.field(desk.form(), "service");
  CHECK(service.items(0) == to_text(elsewhere));
  CHECK(options(service) == std::vector<std::string>{"This service is not on this device."});
  CHECK(service.values(0).text() == "This service is not on this device.");
  CHECK(desk.field(desk.form(), "consent").none_here() == "No consent is here yet. Add one to this case first.");
}

}  // namespace wayside::app::tests
