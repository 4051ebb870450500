#include "core/schema/schema.h"
#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;

namespace {

constexpr const char* kField =
    "  { id = 10001, name = \"lad_card\", label = \"Library card\", kind = \"text\", policy = \"review\", sensitivity = \"S1\", "
    "search = true },\n";

/// A pack's folder beside the vault; its path.
std::string write_pack(Home& home, int version, const std::string& fields = kField) {
  std::filesystem::create_directories(home.path("lad/fields"));
  std::filesystem::create_directories(home.path("lad/questionnaires"));
  home.write("lad/pack.toml", "name = \"lad\"\nversion = " + std::to_string(version) + "\ntitle = \"Additions\"\n");
  home.write("lad/fields/person.toml", "[[section]]\nheading = \"Contact\"\nfields = [\n" + fields + "]\n");
  home.write("lad/questionnaires/weekly.toml",
             "id = \"weekly\"\nversion = \"1\"\ntitle = \"Weekly\"\nsource = \"ours\"\nmedium_from = 1\nhigh_from = 2\n"
             "[[question]]\nid = \"a\"\ntext = \"One?\"\n[[question]]\nid = \"b\"\ntext = \"Two?\"\n");
  return home.path("lad").string();
}

struct NoPacksAfterwards {
  ~NoPacksAfterwards() { schema::make_current(std::nullopt); }
};

}  // namespace

TEST_CASE("a pack is signed, installed and listed; its field is put, found, imported and exported at once") {
  const NoPacksAfterwards after;
  Home home;
  home.solo();
  const std::string out = home.path("lad.pack").string();
  const json made = home.ask({"pack", "sign", write_pack(home, 1), "--out", out});
  CHECK(made.at("name") == "lad");
  CHECK(home.run({"types", "person", "--json", "--packs"}).out.find("lad_card") == std::string::npos);
  CHECK(home.ask({"pack", "install", out}).at("version") == 1);
  CHECK(home.ask({"pack", "install", out}).at("version") == 1);   // once more is not twice
  const json all = home.ask({"pack", "list"});
  REQUIRE(all.at("packs").size() == 1);
  CHECK(all.at("packs")[0].at("state") == "in_force");
  CHECK(all.at("questionnaires") == json{"lad/weekly"});
  CHECK(home.run({"types", "person", "--json", "--packs"}).out.find("lad_card") != std::string::npos);

  const std::string case_id = home.new_case();
  schema::make_current(std::nullopt);   // as in a process that has not opened the vault yet
  const std::string person = home.put("person", case_id, {"forename=Rosa", "lad_card=Wigston 44"});
  CHECK(home.ask({"find", "wigston"}).at("count") == 1);
  schema::make_current(std::nullopt);
  home.run({"export", "--out", home.path("out").string(), "--fields", "lad_card"});
  schema::make_current(std::nullopt);
  CHECK(home.ask({"list", "person", "--where", "lad_card=Wigston 44"}).at("count") == 1);
  const std::string table = home.write("person.csv", "case,forename,lad_card\n" + case_id + ",Mina,Oadby 7\n");
  schema::make_current(std::nullopt);
  CHECK(home.ask({"import", table}).at("records") == 1);
  CHECK(home.ask({"get", person}).at("fields").at("lad_card").at("shown") == "Wigston 44");
}

TEST_CASE("an installed questionnaire scores the assessments that name it, wherever risk counts") {
  const NoPacksAfterwards after;
  Home home;
  home.solo();
  const std::string out = home.path("lad.pack").string();
  home.ask({"pack", "sign", write_pack(home, 1), "--out", out});
  const std::string case_id = home.new_case();
  const std::string assessment = home.put("risk_assessment", case_id, {"questionnaire=weekly", "level=STANDARD"});
  home.put("risk_answer", case_id, {"assessment=" + assessment, "item=a", "answer=YES"});
  home.put("risk_answer", case_id, {"assessment=" + assessment, "item=b", "answer=YES"});
  CHECK(home.ask({"risk", case_id}).at("level") == "STANDARD");   // nobody has it yet
  home.ask({"pack", "install", out});

  const json found = home.ask({"risk", case_id});
  CHECK(found.at("level") == "HIGH");
  CHECK(found.at("assessments")[0].at("score").at("ticks") == 2);
  CHECK(found.at("assessments")[0].at("not_scored").is_null());
  CHECK(home.ask({"risk", case_id, "--pack", "lad/weekly"}).at("level") == "HIGH");
  CHECK(home.ask({"risk", case_id, "--pack", "weekly"}).at("level") == "HIGH");
  const json scored = home.ask({"risk", "score", "--pack", "lad/weekly", "--answers", "-"}, R"({"answers": {"a": "YES"}})");
  CHECK(scored.at("level") == "MEDIUM");
  const auto unknown = home.run({"risk", case_id, "--pack", "lad/monthly"});
  CHECK(unknown.code == 1);
  CHECK(unknown.err.contains("lad/weekly"));

  // Answers to what it does not ask are of another version: what is written counts, and why it was not scored is said.
  home.put("risk_answer", case_id, {"assessment=" + assessment, "item=z", "answer=YES"});
  const json other = home.ask({"risk", case_id});
  CHECK(other.at("level") == "STANDARD");
  CHECK(other.at("assessments")[0].at("score").is_null());
  CHECK_FALSE(other.at("assessments")[0].at("not_scored").get<std::string>().empty());
}

TEST_CASE("a faulty pack is refused with file and line, and nothing is written") {
  const NoPacksAfterwards after;
  Home home;
  home.solo();
  const std::string out = home.path("lad.pack").string();
  std::string faulty = kField;
  faulty.replace(faulty.find("10001"), 5, "900");
  const auto refused = home.run({"pack", "sign", write_pack(home, 1, faulty), "--out", out});
  CHECK(refused.code == 6);
  CHECK(refused.err.find("fields/person.toml line 4") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(out));
  const std::string folder = write_pack(home, 1);
  home.write("lad/questionnaires/weekly.toml", "id = 7\n");
  CHECK(home.run({"pack", "sign", folder, "--out", out}).err.find("questionnaires/weekly.toml line 1") != std::string::npos);
  CHECK(home.run({"pack", "sign", home.path("nowhere").string(), "--out", out}).code == 1);
  CHECK(home.run({"pack", "install", home.write("rubbish", std::string(300, '\0'))}).code == 6);
  CHECK(home.run({"pack"}).code == 2);
  CHECK(home.ask({"pack", "list"}).at("packs").empty());
}
