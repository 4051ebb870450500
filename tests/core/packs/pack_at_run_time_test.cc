#include <nlohmann/json.hpp>

#include "core/casework/import_table.h"
#include "core/schema/describe.h"
#include "core/schema/display.h"
#include "core/schema/document.h"
#include "core/schema/validate.h"
#include "core/search/search.h"
#include "core/vault/pack_records.h"
#include "tests/core/packs/pack_helpers.h"
#include "ui/app/open_form.h"

using namespace wayside;
using namespace wayside::support;
using packs::Listed;

namespace {

constexpr std::string_view kCard = "lad_library_card";
constexpr std::string_view kDoorCode = "lad_door_code_known";

/// Two advocates of one organisation; a case with a person in it.
struct Office {
  Fleet fleet;
  SchemaAsBefore after;
  Device& amina = fleet.add("Amina", membership::Role::admin);
  Device& ben = fleet.add("Ben");
  RecordId case_id = put_case(amina, "C-1");
  RecordId person = put(amina, case_id, "person", {{"forename", Text{"Rosa"}}, {"surname", Text{"Keller"}}});

  void install(const Files& files) {
    fleet.append(sealed_entry(amina, files));
    fleet.share_membership();
  }
};

std::vector<RecordId> found(Device& device, std::string text) {
  need(search::catch_up_all(*device));
  std::vector<RecordId> out;
  for (const auto& hit : need(search::find(*device, {std::move(text), std::nullopt}))) out.push_back(hit.record);
  return out;
}

casework::Imported import(Device& device, std::string_view type, std::string_view text, bool csv) {
  const auto file = need(device.world->files.open("/table", platform::OpenMode::create));
  need(file->truncate(0));
  need(file->write_at(0, text));
  const casework::MakeId make_id = [&] { return new_record_id(device.world->random, device.world->clock); };
  return csv ? casework::import_csv(type_named(type), {}, *file, make_id)
             : casework::import_ndjson(type_named(type), {}, *file, make_id);
}

}  // namespace

TEST_CASE("one line of a pack's TOML, at run time, is a field in form, check, search, import, export and documentation") {
  Office office;
  Device& amina = office.amina;
  REQUIRE(schema::current().type("person")->field(kCard) == nullptr);
  office.install(lad_files());
  const schema::Field& card = field_named("person", kCard);

  SECTION("in the form") {
    auto form = need(app::OpenForm::of_record(*amina, office.person, nullptr));
    const auto* box = form.find(kCard);
    REQUIRE(box != nullptr);
    CHECK(box->field == &card);
    bool told = false;
    const auto message = form.message(*amina, 0);
    for (const auto& field : message.fields()) told = told || field.label() == "Library card";
    CHECK(told);
    auto pass = app::OpenForm::of_new_record(*amina, office.case_id, type_named("lad_bus_pass"), {}, nullptr);
    CHECK(pass.message(*amina, 0).fields_size() == 3);
  }
  SECTION("checked") {
    CHECK_FALSE(schema::parse_field(field_named("lad_bus_pass", "weeks"), "60").has_value());
    CHECK_FALSE(schema::parse_field(field_named("lad_bus_pass", "state"), "LOST").has_value());
    // Needed to save, whatever the way in.
    const casework::NewRecordRequest empty{std::nullopt, &type_named("lad_bus_pass"), {change("lad_bus_pass", "weeks", {std::int64_t{4}})}};
    CHECK(code_of(casework::put(*amina, office.case_id, std::nullopt, {empty}, "put")) == Errc::bad_input);
  }
  SECTION("searched") {
    edit(amina, office.person, kCard, Text{"Wigston 4411"});
    CHECK(found(amina, "wigst") == std::vector{office.person});
    const RecordId pass = put(amina, office.case_id, "lad_bus_pass", {{"number", Text{"Zebra-77"}}});
    CHECK(found(amina, "zebra") == std::vector{pass});
    need(search::check(*amina));
  }
  SECTION("imported and exported") {
    const std::string case_text = to_text(office.case_id);
    auto table = import(amina, "lad_bus_pass", "case,number,state,weeks\n" + case_text + ",A-1,Given,4\n", true);
    REQUIRE(table.has_value());
    const auto outcome = need(casework::import_all(*amina, *table, std::nullopt, {}));
    REQUIRE(outcome.problems.empty());
    const auto shown = need(casework::get(*amina, outcome.ids.at(0)));
    CHECK(shown.text("state") == "Given");
    // What `export` writes of it, read again, is the same record: it is skipped.
    nlohmann::json line{{"id", to_text(shown.row.id)}, {"case", case_text}};
    for (const auto& field : shown.fields) line[field.field->name] = schema::to_json(field.view.values.at(0).value);
    CHECK(line["state"] == "GIVEN");
    auto again = import(amina, "lad_bus_pass", line.dump() + "\n", false);
    REQUIRE(again.has_value());
    CHECK(need(casework::import_all(*amina, *again, std::nullopt, {})).skipped == 1);

    CHECK_FALSE(import(amina, "lad_bus_pass", "case,number,state\n" + case_text + ",A-1,LOST\n", true).has_value());
    auto nameless = import(amina, "lad_bus_pass", "case,weeks\n" + case_text + ",4\n", true);
    CHECK((!nameless || !need(casework::import_all(*amina, *nameless, std::nullopt, {})).problems.empty()));
  }
  SECTION("documented") {
    const std::string page = schema::document(schema::current());
    CHECK(page.find("| `lad_library_card` | Library card | text | review |") != std::string::npos);
    CHECK(page.find("### Bus pass") != std::string::npos);
    CHECK(page.find("USED") != std::string::npos);
    CHECK(schema::describe(schema::current(), &type_named("person")).dump().find(kCard) != std::string::npos);
  }
}

TEST_CASE("a pack's fields merge by their policies on two vaults") {
  Office office;
  office.install(lad_files());
  office.fleet.reconcile();
  const RecordId pass = put(office.amina, office.case_id, "lad_bus_pass", {{"number", Text{"1"}}, {"state", Code{"GIVEN"}}});
  office.fleet.reconcile();
  edit(office.amina, office.person, kCard, Text{"one"});
  edit(office.ben, office.person, kCard, Text{"two"});
  edit(office.amina, office.person, kDoorCode, false);
  edit(office.ben, office.person, kDoorCode, true);
  edit(office.ben, pass, "state", Code{"USED"});
  edit(office.amina, pass, "weeks", std::int64_t{4});
  edit(office.ben, pass, "weeks", std::int64_t{6});
  office.fleet.reconcile();
  REQUIRE(office.fleet.converged());
  for (Device* device : {&office.amina, &office.ben}) {
    CHECK(values(*device, office.person, kCard).size() == 2);
    CHECK(values(*device, office.person, kDoorCode).at(0) == Value(true));
    CHECK(values(*device, pass, "state").at(0) == Value(Code{"USED"}));
    CHECK(faults(*device).empty());
    // review and protective wait for a person; steps and latest do not.
    CHECK(need(casework::open_reviews(**device)) == 2);
  }
}

TEST_CASE("a device without the pack keeps, passes on and shows raw what it does not know, and learns it later") {
  Office office;
  office.fleet.reconcile();
  const auto pack = sealed_entry(office.amina, lad_files());
  // Ben's device does not hear of the pack yet.
  office.fleet.append(pack);
  office.fleet.share_membership(office.amina);
  const RecordId pass = put(office.amina, office.case_id, "lad_bus_pass", {{"number", Text{"Zebra-77"}}});
  edit(office.amina, office.person, kCard, Text{"Wigston"});
  edit(office.amina, office.person, kDoorCode, false);
  const auto news = Fleet::all_of(office.amina);

  schema::make_current(std::nullopt);   // as in Ben's process
  auto waits = Fleet::give(office.ben, news);
  // Written under a membership head that names the pack: they wait for it, and count as soon as it is there.
  CHECK(waits.pending > 0);
  office.fleet.share_membership(office.ben);
  CHECK(office.ben->packs().at(0).state == Listed::State::in_force);
  CHECK(values(office.ben, office.person, kCard) == std::vector<Value>{Text{"Wigston"}});
  CHECK(found(office.ben, "zebra") == std::vector{pass});
  CHECK(office.fleet.converged());
}

TEST_CASE("an older app that makes nothing of a pack keeps its values; a newer one finds them, with their conflicts") {
  Office office;
  office.fleet.reconcile();
  // A pack that this version cannot read, as one of a later format is to an older app.
  auto later = sealed_entry(office.amina, lad_files());
  later.sealed[0] = 2;
  office.fleet.append(later);
  office.fleet.share_membership();
  REQUIRE(office.ben->packs().size() == 1);
  CHECK(office.ben->packs().at(0).state == Listed::State::not_usable);
  CHECK_FALSE(office.ben->packs().at(0).fault.empty());
  CHECK(schema::current().type("lad_bus_pass") == nullptr);

  // Two newer apps write in the fields of the pack.
  schema::make_current(need(packs::schema_with({}, need(pack_of(lad_files())))));
  edit(office.amina, office.person, kDoorCode, false);
  Fleet::give(office.ben, Fleet::all_of(office.amina));
  const auto before = values(office.ben, office.person, kDoorCode);
  edit(office.amina, office.person, kCard, Text{"Wigston"});
  edit(office.ben, office.person, kCard, Text{"Oadby"});
  const auto from_amina = Fleet::all_of(office.amina);

  schema::make_current(std::nullopt);   // and an older one takes them in
  Fleet::give(office.ben, from_amina);
  const auto shown = need(casework::get(*office.ben, office.person));
  std::size_t unknown = 0;
  for (const auto& field : shown.fields) unknown += field.field == nullptr ? field.view.values.size() : 0;
  CHECK(unknown == 3);
  CHECK(found(office.ben, "oadby").empty());
  Fleet::give(office.amina, Fleet::all_of(office.ben));
  CHECK(digest(office.amina) == digest(office.ben));
  need(office.ben->store().database().run("DELETE FROM reviews"));

  // The upgrade: the pack comes into force, and its records are looked at again.
  office.install(lad_files());
  CHECK(values(office.ben, office.person, kDoorCode) == before);
  CHECK(need(casework::open_reviews(*office.ben)) == 1);
  CHECK(found(office.ben, "oadby") == std::vector{office.person});
  CHECK(faults(office.ben).empty());
}

TEST_CASE("a pack counts after a restart, and not for a vault of another organisation") {
  Office office;
  office.install(lad_files());
  office.fleet.reopen(office.amina);
  CHECK(schema::current().type("lad_bus_pass") != nullptr);
  CHECK(need(vault::looked_at_pack_records(*office.amina)));
  Fleet other(7);
  other.add("Zoe");
  CHECK(schema::current().type("lad_bus_pass") == nullptr);
}

TEST_CASE("a newer version takes the place of the older; one that takes something away changes nothing") {
  Office office;
  office.install(lad_files());
  edit(office.amina, office.person, kCard, Text{"Wigston"});
  office.install(with(lad_files(2), "fields/person.toml", "Library card", "Card of the library"));
  CHECK(field_named("person", kCard).label == "Card of the library");
  office.install(with(lad_files(3), "fields/person.toml", "10001", "10005"));
  CHECK(field_named("person", kCard).id == 10001);
  const auto& listed = office.amina->packs();
  REQUIRE(listed.size() == 3);
  CHECK(listed.at(0).state == Listed::State::replaced);
  CHECK(listed.at(1).state == Listed::State::in_force);
  CHECK(listed.at(2).state == Listed::State::not_usable);
  CHECK(listed.at(2).fault.find("is gone") != std::string::npos);
  CHECK(values(office.amina, office.person, kCard) == std::vector<Value>{Text{"Wigston"}});
}

TEST_CASE("a pack in a transaction that fails was never there") {
  Office office;
  const auto entry = office.fleet.sign(sealed_entry(office.amina, lad_files()), membership::SignerKind::root, {}, office.fleet.root_seed());
  {
    auto writing = need(office.amina->begin());
    need(writing.append_membership(entry));
    CHECK(schema::current().type("lad_bus_pass") != nullptr);
  }
  CHECK(schema::current().type("lad_bus_pass") == nullptr);
  CHECK(office.amina->packs().empty());
}

TEST_CASE("the questionnaires of packs in force are there by name") {
  Office office;
  office.install(lad_files());
  const auto all = packs::questionnaires(office.amina->packs());
  REQUIRE(all.size() == 1);
  CHECK(all.at(0).name == "lad/weekly");
  CHECK(all.at(0).toml.find("Are you well?") != std::string_view::npos);
}
