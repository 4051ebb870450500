#include "core/casework/save_rules.h"
#include "core/schema/csv.h"
#include "core/schema/display.h"
#include "core/schema/schema.h"
#include "tests/support/made_records.h"
#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;
using schema::Required;

namespace {

/// A type of its own, and a field for a type that every Wayside has.
constexpr const char* kBusPass = R"(id = 10001
name = "lad_bus_pass"
label = "Bus pass"
plural = "Bus passes"
group = "Housing"
help = "A pass for the bus."
in_case = true
title = ["number"]
[[section]]
heading = "Pass"
fields = [
  { id = 10001, name = "number", label = "Number", kind = "text", policy = "review", sensitivity = "S1", required = "to_save" },
  { id = 10002, name = "whose", label = "Whose", kind = "reference", policy = "review", sensitivity = "S1", to = ["person"], required = "to_save" },
  { id = 10003, name = "reason", label = "Reason", kind = "long_text", policy = "review", sensitivity = "S1", required = "to_send" },
  { id = 10004, name = "sent_on", label = "Sent on", kind = "date", policy = "review", sensitivity = "S1" },
]
)";
constexpr const char* kReferralField = R"([[section]]
heading = "Referral"
fields = [
  { id = 10011, name = "lad_worker", label = "Link worker", kind = "text", policy = "review", sensitivity = "S1", required = "to_send" },
]
)";

struct NoPacksAfterwards {
  ~NoPacksAfterwards() { schema::make_current(std::nullopt); }
};

/// A case with a record of every type.
struct Casebook : Home {
  enum class Packs { none, one };
  explicit Casebook(Packs packs) {
    solo();
    if (packs == Packs::one) install();
    for (const auto* type : support::types_in_order()) make(*type);
  }

  void install() {
    for (const char* folder : {"lad/records", "lad/fields"}) std::filesystem::create_directories(path(folder));
    write("lad/pack.toml", "name = \"lad\"\nversion = 1\ntitle = \"Additions\"\n");
    write("lad/records/lad_bus_pass.toml", kBusPass);
    write("lad/fields/referral.toml", kReferralField);
    ask({"pack", "sign", path("lad").string(), "--out", path("lad.pack").string()});
    ask({"pack", "install", path("lad.pack").string()});
  }

  void make(const schema::RecordType& type) {
    const auto fields = support::made_fields(type, support::Fill::everything, find());
    REQUIRE(fields.has_value());
    ids[type.name] = put_json(type, *fields).answer().at("ids").at(0);
    if (type.name == "case") case_id = ids[type.name];
  }

  support::FindRecord find() {
    return [this](const schema::Field& field) -> std::optional<RecordId> {
      for (const auto& name : field.to) {
        if (const auto found = ids.find(name); found != ids.end()) return id_from_text<RecordId>(found->second);
      }
      return std::nullopt;
    };
  }

  Words words_for(std::string verb, const schema::RecordType& type) {
    Words words{std::move(verb), type.name};
    if (type.in_case && type.name != "case") words.insert(words.end(), {"--case", case_id});
    words.emplace_back("--json");
    return words;
  }

  Outcome put_json(const schema::RecordType& type, const support::MadeFields& fields) {
    Words words = words_for("put", type);
    words.insert(words.end(), {"--from-json", write("fields.json", support::to_json(fields).dump())});
    auto outcome = run(words);
    INFO(type.name << ": " << outcome.err);
    return outcome;
  }

  Outcome put_set(const schema::RecordType& type, const support::MadeFields& fields) {
    Words words = words_for("put", type);
    words.emplace_back("--set");
    for (const auto& [field, values] : fields) {
      for (const auto& value : values) words.push_back(field->name + "=" + schema::form_text(*field, value));
    }
    return run(words);
  }

  Outcome batch(const schema::RecordType& type, const support::MadeFields& fields) {
    put_json_file(fields);
    std::string line;
    for (const auto& word : words_for("put", type)) line += word + " ";
    return run({"batch", "-"}, line + "--from-json '" + path("fields.json").string() + "'\n");
  }
  void put_json_file(const support::MadeFields& fields) { write("fields.json", support::to_json(fields).dump()); }

  Outcome import_ndjson(const schema::RecordType& type, const support::MadeFields& fields) {
    json row = support::to_json(fields);
    if (type.in_case && type.name != "case") row["case"] = case_id;
    return run({"import", write("rows.ndjson", row.dump() + "\n"), "--type", type.name});
  }

  Outcome import_csv(const schema::RecordType& type, const support::MadeFields& fields) {
    std::vector<std::string> heads, cells;
    if (type.in_case && type.name != "case") heads.emplace_back("case"), cells.push_back(case_id);
    for (const auto& [field, values] : fields) {
      heads.push_back(field->name);
      cells.push_back(schema::form_text(*field, values.front()));
    }
    return run({"import", write("rows.csv", schema::csv_row(heads) + schema::csv_row(cells)), "--type", type.name});
  }

  std::map<std::string, std::string> ids;   ///< by type
  std::string case_id;
};

struct Asked {
  std::size_t to_save = 0, to_send = 0;
};

/// Without a field that it needs, a record is refused by every way in, the field is named and nothing is saved.
Asked every_way_asks(Casebook& book, const std::vector<const schema::RecordType*>& types) {
  Asked asked;
  for (const auto* type : types) {
    for (const auto& needed : support::needed_fields(*type, book.find())) {
      const std::string& field = needed.field->name;
      INFO(type->name << "." << field);
      if (type->name == "person" && needed.field->required == Required::to_send) continue;   // asked for when its case is opened
      ++(needed.field->required == Required::to_save ? asked.to_save : asked.to_send);
      REQUIRE_FALSE(needed.complete.empty());   // else nothing would ever ask for it
      const json before = book.ask({"digest"});
      const auto refused = [&](std::string_view way, const Outcome& outcome) {
        INFO(way << ": " << outcome.err);
        CHECK(outcome.code == 6);
        CHECK(outcome.err.contains(field));
      };
      refused("put --from-json", book.put_json(*type, needed.lacking));
      refused("batch", book.batch(*type, needed.lacking));
      if (!needed.lacking.empty()) refused("put --set", book.put_set(*type, needed.lacking));
      refused("import of NDJSON", book.import_ndjson(*type, needed.lacking));
      refused("import of CSV", book.import_csv(*type, needed.lacking));
      CHECK(book.ask({"digest"}) == before);
    }
  }
  return asked;
}

}  // namespace

TEST_CASE("what a record needs to be saved or sent is asked for whatever the way in, of every type") {
  Casebook book(Casebook::Packs::none);
  const Asked asked = every_way_asks(book, support::types_in_order());
  CHECK(asked.to_save > 100);
  CHECK(asked.to_send > 20);
}

TEST_CASE("what a pack says that a record needs is asked for in the same ways") {
  const NoPacksAfterwards after;
  Casebook book(Casebook::Packs::one);
  const Asked asked = every_way_asks(book, {schema::current().type("lad_bus_pass"), schema::current().type("referral")});
  CHECK(asked.to_save == 5);
  CHECK(asked.to_send == 5);
}

TEST_CASE("what a record needs stays with it: an edit that takes it away is refused") {
  Casebook book(Casebook::Packs::none);
  for (const auto* type : support::types_in_order()) {
    for (const auto& needed : support::needed_fields(*type, book.find())) {
      if (needed.complete.empty() || needed.field->policy == schema::Policy::append) continue;   // an entry is never taken away
      const std::string& field = needed.field->name;
      INFO(type->name << "." << field);
      // One more of a case's own record would be one more case.
      const auto made = type->name == "case" ? json{{"ids", {book.case_id}}} : book.put_json(*type, needed.complete).answer();
      const json before = book.ask({"digest"});
      Words words{"edit", made.at("ids").at(0), "--reason", "because", "--set", field + "="};
      if (!needed.field->or_field.empty()) words.push_back(needed.field->or_field + "=");
      const auto refused = book.run(words);
      INFO(refused.err);
      CHECK(refused.code == 6);
      CHECK(refused.err.contains(field));
      CHECK(book.ask({"digest"}) == before);
    }
  }
}

TEST_CASE("a case is closed by no way in while a record of any type lacks what closing needs") {
  Casebook book(Casebook::Packs::none);
  std::size_t asked = 0;
  for (const auto* type : support::types_in_order()) {
    for (const auto& field : type->fields) {
      if (field.required != Required::to_close || !type->in_case) continue;
      INFO(type->name << "." << field.name);
      const auto made = support::made_fields(*type, support::Fill::everything, book.find());
      REQUIRE(made.has_value());
      if (type->name == "case") continue;   // below
      auto fields = support::without(*made, field);
      if (const auto* instead = type->field(field.or_field)) fields = support::without(std::move(fields), *instead);
      const std::string lacking = book.put_json(*type, fields).answer().at("ids").at(0);
      const Outcome edited = book.run({"edit", book.case_id, "--set", "status=closed"});
      CHECK(edited.code == 6);
      CHECK(edited.err.contains(field.name));
      const Outcome closed = book.run({"close", book.case_id, "--reason", "Safe and settled", "--anyway"});
      CHECK(closed.code != 0);
      CHECK((closed.err + closed.out).contains(field.name));
      book.ask({"archive", lacking, "--reason", "tried"});
      ++asked;
    }
  }
  CHECK(asked > 10);
  CHECK(book.ask({"get", book.case_id}).at("fields").at("status").at("shown") == "open");
}
