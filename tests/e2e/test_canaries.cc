#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <random>

#include "core/vault/drafts.h"
#include "tests/e2e/folder_watch.h"
#include "tests/e2e/needle_search.h"
#include "tests/e2e/opened.h"
#include "tests/e2e/recording_proxy.h"
#include "tests/e2e/stage.h"
#include "tests/support/caseload.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

constexpr std::size_t kCanaries = 40;
constexpr std::size_t kShortestSentence = 12;

/// Twelve small letters, as no language has them.
std::vector<std::string> make_canaries(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::string> all(kCanaries);
  for (std::string& canary : all) {
    for (int i = 0; i < 12; ++i) canary.push_back(static_cast<char>('a' + random() % 26));
  }
  return all;
}

std::vector<std::string> sentences_of(const std::string& text) {
  std::vector<std::string> all;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(". ", begin), text.size());
    if (end - begin >= kShortestSentence) all.push_back(text.substr(begin, end - begin));
    begin = end + 2;
  }
  return all;
}

/// A caseload with canaries in names, addresses and notes; what is written later has canaries of its own.
struct Planted {
  std::vector<std::string> canaries = make_canaries(20260610);
  std::size_t used = 0;
  std::vector<json> cases;
  std::vector<std::string> sentences;
  NeedleSearch search;

  std::string next() { return canaries.at(used++); }

  Planted() {
    cases = json_lines(support::make_caseload({6, 2}).cases);
    for (json& each : cases) {
      each["person"]["forename"] = next();
      each["person"]["surname"] = next();
      each["person"]["address"] = "14 " + next() + " Lane";
      for (std::size_t i = 0; i < 2; ++i) {
        std::string& text = each["notes"][i]["text"].get_ref<std::string&>();
        text += " She named " + next() + " as somebody she trusts.";
      }
      for (const json& note : each["notes"]) {
        for (auto& sentence : sentences_of(note.at("text"))) sentences.push_back(std::move(sentence));
      }
    }
    for (const auto& canary : canaries) search.add(canary);
    for (const auto& sentence : sentences) search.add(sentence);
    search.add("the passphrase", kPassphrase);
    search.add("the organisation's name", "Riverside Advocacy");
  }
  [[nodiscard]] std::string ndjson() const {
    std::string all;
    for (const json& each : cases) all += each.dump() + "\n";
    return all;
  }
};

void check_nothing_in(const Planted& planted, const Stage& stage, const std::vector<const Home*>& homes) {
  std::vector<fs::path> folders{stage.office_data(), stage.keys(), stage.temp(), stage.root() / "user"};
  for (const Home* home : homes) folders.push_back(home->path());
  for (const fs::path& folder : folders) {
    for (const auto& found : planted.search.in_folder(folder)) FAIL_CHECK(folder.filename().string() << "/" << found);
  }
}

vault::Draft draft_with(const std::string& canary, Opened& vault) {
  vault::Draft draft;
  draft.form = vault::FormId::random(vault.env().random);
  draft.record = RecordId::random(vault.env().random);
  draft.type = "note";
  draft.is_new = true;
  draft.fields = {{19, {"She said that " + canary + " will come."}}};
  return draft;
}

}  // namespace

TEST_CASE("the searcher finds a planted needle in every encoding, wherever it stands") {
  const support::TempFolder folder;
  NeedleSearch search;
  for (const auto& canary : make_canaries(7)) search.add(canary);
  search.add("Some Whole Sentence with Capitals, as in a note");
  CHECK(search.in("nothing of the kind stands here, nor there").empty());
  for (const std::string& needle :
       {make_canaries(7).at(11), std::string("Some Whole Sentence with Capitals, as in a note")}) {
    for (const auto& [dress, bytes] : dressed(needle)) {
      INFO(dress << " " << bytes);
      const auto hits = search.in(bytes);
      CHECK(std::any_of(hits.begin(), hits.end(), [&](const auto& hit) { return hit.needle == needle; }));
    }
  }
  write_file(folder / "deep", dressed(make_canaries(7).at(3)).front().second);
  fs::create_directories(folder / "a/b");
  fs::rename(folder / "deep", folder / ("a/b/" + make_canaries(7).at(4)));
  CHECK(search.in_folder(folder.path()).size() == 2);  // one in the file, one in its name
}

TEST_CASE("no canary and no sentence of a note stands readable in any file, or in the bytes of a reconcile") {
  Planted planted;
  Stage stage(Cli::cheap);
  FolderWatch temp(stage.temp(), kMade);
  stage.found();
  const RecordingProxy proxy(stage.office_address());
  stage.send_devices_to(proxy.address());
  Home& amina = stage.join("amina", stage.ticket("first"));
  Home& ben = stage.invite_and_join(amina, "ben", "advocate");
  const auto check_all = [&] { check_nothing_in(planted, stage, {&amina, &ben}); };

  // The file that is imported lies outside of what is searched, as on a stick.
  const fs::path file = stage.root() / "cases.ndjson";
  write_file(file, planted.ndjson());
  (void)amina.ask({"import", file, "--map", "standard"});
  check_all();
  (void)amina.sync();
  (void)ben.sync();
  check_all();

  // Both edit the same fields; one of them is killed while the store's log is still there.
  const std::string person = planted.cases.at(0).at("person").at("id");
  const std::string note = planted.cases.at(1).at("notes").at(5).at("id");
  for (const Home* home : {&amina, &ben}) {
    auto child = home->start({"batch", "-", "--json"});
    REQUIRE(child.write("edit " + person + " --set 'address=" + planted.next() + " Street' --reason 'Told by " +
                            planted.next() + "'\nedit " + note + " --set 'text=It was " + planted.next() +
                            " who called.'\n",
                        kPatience_ms));
    for (int i = 0; i < 2; ++i) {
      const auto saved = child.read_line(kPatience_ms);
      REQUIRE(saved);
      REQUIRE(*saved);
      CHECK(json::parse(**saved).contains("id"));
    }
    child.kill();
    REQUIRE(child.wait(kPatience_ms));
    check_all();
  }
  {
    Opened vault(stage, amina);
    auto drafts = vault::Drafts::open(*vault);
    REQUIRE(drafts);
    REQUIRE(drafts->keep(draft_with(planted.next(), vault)));
    check_all();
  }
  const json drafts = amina.ask({"drafts", "list"});
  CHECK(drafts.at("drafts").size() == 1);

  for (int round = 0; round < 2; ++round) {
    for (const Home* home : {&amina, &ben}) (void)home->sync();
  }
  CHECK(amina.ask({"digest"}) == ben.ask({"digest"}));
  const auto& canary = planted.canaries.at(1);
  CHECK(ben.ask({"find", canary}).at("count") == 1);
  CHECK(ben.ask({"find", canary.substr(0, 5)}).at("count") == 1);
  (void)ben.run({"find", "nobodysname"});
  while (planted.used < kCanaries) {
    (void)ben.ask({"put", "case", "--set", "status=open", "--set", "reference=" + planted.next()});
  }
  (void)ben.sync();
  (void)amina.sync();
  check_all();
  stage.stop_office();
  check_all();

  // What crossed the line, and what was made in passing.
  CHECK(proxy.sent().size() > 20'000);
  CHECK(proxy.answered().size() > 20'000);
  for (const Bytes& bytes : {proxy.sent(), proxy.answered()}) {
    for (const auto& hit : planted.search.in(bytes))
      FAIL_CHECK("on the line: " << hit.needle << " (" << hit.dress << ")");
  }
  for (const auto& name : temp.seen()) FAIL_CHECK("a file was made in TMPDIR: " << name);

  // Positive control: all of it is there for whoever may read it, reasons and what was superseded included.
  const fs::path exported = stage.root() / "export";
  (void)amina.ask({"export", "--out", exported, "--fields", "all"});
  std::string readable = drafts.dump() + amina.ask({"history", person}).dump();
  for (const auto& each : fs::directory_iterator(exported)) readable += read_file(each.path());
  for (const auto& sentence : planted.sentences) CHECK(readable.find(sentence) != std::string::npos);
  std::size_t found = 0;
  for (const auto& each : planted.canaries) found += readable.find(each) != std::string::npos ? 1U : 0U;
  CHECK(found == kCanaries);
}

TEST_CASE("a vault's folder that was copied without its device's secret does not open with the right passphrase") {
  Stage stage(Cli::cheap);
  Home& solo = stage.home("solo");
  (void)solo.ask({"solo", "--device-name", "Hall computer"});
  const std::string id = solo.ask({"put", "case", "--set", "status=open", "--set", "reference=R-1"}).at("ids").at(0);

  Stage elsewhere(Cli::cheap);  // another login: the same passphrase, and keys of its own
  Home& copy = elsewhere.home("copy");
  fs::copy(solo.path(), copy.path(), fs::copy_options::recursive);
  for (const Words& verb : {Words{"get", id}, Words{"verify"}, Words{"digest"}}) {
    const Outcome refused = copy.run(verb);
    CHECK(refused.code == 3);
    CHECK(refused.out.empty());
    CHECK(refused.err.find("The secret of this device is missing") != std::string::npos);
    CHECK(refused.err.find("put the key folder back") != std::string::npos);
  }
  // Nor with another device's secret under its name.
  (void)elsewhere.home("other").ask({"solo", "--device-name", "Other"});
  const auto only_file = [](const fs::path& folder) { return *fs::directory_iterator(folder); };
  fs::copy(only_file(elsewhere.keys()), elsewhere.keys() / only_file(stage.keys()).path().filename());
  CHECK(copy.run({"get", id}).code == 3);
  fs::copy(only_file(stage.keys()), elsewhere.keys(), fs::copy_options::overwrite_existing);
  CHECK(copy.ask({"get", id}).at("fields").at("reference").at("shown") == "R-1");
}
