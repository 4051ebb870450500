#include <catch2/catch_test_macros.hpp>

#include <set>

#include "tests/e2e/needle_search.h"
#include "tests/e2e/stage.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

const std::string kCanary = "qvexjmolbratui";
constexpr std::size_t kLargeBytes = 2'500'000;
constexpr std::size_t kLargeParts = 3;

std::string a_file(std::size_t size) {
  std::string out;
  for (std::size_t i = 0; out.size() < size; ++i) out += kCanary + std::to_string(i);
  return out;
}

/// Amina and Ben have joined over a line. Since then they have none: what they exchange goes over one stick.
struct Town {
  Stage stage{Cli::cheap};
  Home *amina = nullptr, *ben = nullptr;
  fs::path stick = stage.root() / "usb";

  Town() {
    fs::create_directory(stick);
    stage.found();
    amina = &stage.join("amina", stage.ticket("first"));
    ben = &stage.invite_and_join(*amina, "ben", "advocate");
    for (const Home* each : {amina, ben, amina, ben}) (void)each->sync();
    stage.stop_office();
    stage.send_devices_to("127.0.0.1:9");
  }

  [[nodiscard]] Words over_stick(const Words& more = {}) const {
    Words words{"sync", "--courier", "folder", "--path", stick.string()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  [[nodiscard]] json carry(const Home& home, const Words& more = {}) const { return home.ask(over_stick(more)); }
  [[nodiscard]] Outcome visit() const {
    return stage.office({"stick", "--data", stage.office_data().string(), "--path", stick.string(), "--json"});
  }
  [[nodiscard]] json visited() const {
    const Outcome outcome = visit();
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    return outcome.answer();
  }
  /// One journey: from either device to the office and back.
  json journey() const {
    for (const Home* each : {amina, ben}) (void)carry(*each, {"--attachments"});
    json at_office = visited();
    for (const Home* each : {amina, ben}) (void)carry(*each, {"--attachments"});
    return at_office;
  }

  [[nodiscard]] std::string new_case(const Home& home, const std::string& reference) const {
    return first_id(home.ask({"put", "case", "--set", "status=open", "--set", "reference=" + reference}));
  }
  [[nodiscard]] std::string attach(const Home& home, const std::string& case_id, const std::string& bytes) const {
    const fs::path file = stage.root() / "letter.bin";
    write_file(file, bytes);
    const std::string id = home.ask({"attach", "add", case_id, file, "--kind", "letter"}).at("id");
    fs::remove(file);
    return id;
  }
  [[nodiscard]] std::string exported(const Home& home, const std::string& id) const {
    const fs::path out = stage.root() / "copy.bin";
    fs::remove(out);
    const Outcome outcome = home.run({"attach", "export", id, "--out", out.string()});
    INFO(outcome.err);
    return outcome.code == 0 ? read_file(out) : std::string();
  }
  [[nodiscard]] bool agree() const { return amina->ask({"digest"}).at("digest") == ben->ask({"digest"}).at("digest"); }
  [[nodiscard]] json office_status() const { return stage.office({"status", "--data", stage.office_data().string(), "--json"}).answer(); }
  [[nodiscard]] std::vector<fs::path> files() const {
    std::vector<fs::path> out;
    for (const auto& each : fs::directory_iterator(stick)) out.push_back(each.path());
    return out;
  }
};

}  // namespace

TEST_CASE("two devices without a line exchange cases and a file over one stick, and nothing on it is readable") {
  Town town;
  const std::string case_id = town.new_case(*town.amina, kCanary);
  const std::string large = a_file(kLargeBytes);
  const std::string letter = town.attach(*town.amina, case_id, large);
  const std::string of_ben = town.new_case(*town.ben, "W-2");

  const json asked = town.carry(*town.amina);
  CHECK_FALSE(asked.at("stick").at("taken"));
  CHECK(asked.at("stick").at("envelopes").at("written") > 0);
  CHECK(asked.at("stick").at("parts").at("written") == kLargeParts);
  (void)town.carry(*town.ben);
  NeedleSearch search;
  for (const std::string& needle : {kCanary, std::string("wayside/"), std::string("WAYSIDE "), std::string("Riverside")}) search.add(needle);
  CHECK(search.in_folder(town.stick).empty());

  const json visited = town.visited();
  CHECK(visited.at("devices") == 2);
  CHECK(visited.at("envelopes") > 0);
  CHECK(visited.at("parts") == kLargeParts);
  CHECK(visited.at("refused") == 0);
  CHECK(search.in_folder(town.stick).empty());

  const json home = town.carry(*town.amina);
  CHECK(home.at("stick").at("whole"));
  CHECK(home.at("pushed").at("envelopes") == asked.at("stick").at("envelopes").at("written"));
  CHECK(home.at("uncovered").at("only_here") == 0);
  CHECK(town.amina->ask({"get", of_ben}).at("fields").at("reference").at("shown") == "W-2");

  // Ben has the case at once, and asks for its file with the next letter.
  const json came = town.carry(*town.ben, {"--attachments"});
  CHECK(came.at("applied_change_sets") > 0);
  CHECK(came.at("stick").at("wanted") == kLargeParts);
  (void)town.visited();
  CHECK(town.carry(*town.ben).at("stick").at("fetched") == kLargeParts);
  CHECK((town.exported(*town.ben, letter) == large));
  (void)town.journey();
  CHECK(town.agree());
}

TEST_CASE("an office that is being served answers a stick as well, and a line meanwhile") {
  Town town;
  town.stage.serve();
  town.stage.send_devices_to("");
  const std::string case_id = town.new_case(*town.amina, "W-1");
  const std::string letter = town.attach(*town.amina, case_id, a_file(kLargeBytes));
  (void)town.carry(*town.amina);
  const json visited = town.visited();
  CHECK(visited.at("envelopes") > 0);
  CHECK(visited.at("parts") == kLargeParts);
  for (const char* left : {"stick.asked", "stick.answer"}) CHECK_FALSE(fs::exists(town.stage.office_data() / left));
  (void)town.ben->ask({"sync", "--attachments"});   // over the line
  CHECK((town.exported(*town.ben, letter) == a_file(kLargeBytes)));
  const json home = town.carry(*town.amina);
  CHECK(home.at("stick").at("whole"));
  CHECK(home.at("uncovered").at("only_here") == 0);
  for (const Home* each : {town.amina, town.ben, town.amina, town.ben}) (void)each->sync();
  CHECK(town.agree());
}

TEST_CASE("a locked vault's stick carries sealed envelopes both ways") {
  Town town;
  (void)town.new_case(*town.ben, "W-2");
  (void)town.carry(*town.ben);
  const std::string case_id = town.new_case(*town.amina, "W-1");
  const Outcome locked = town.amina->run(town.over_stick({"--locked", "--json"}));
  INFO(locked.err);
  REQUIRE(locked.code == 0);
  CHECK(locked.answer().at("stick").at("envelopes").at("written") > 0);
  CHECK(town.visited().at("devices") == 2);
  const Outcome again = town.amina->run(town.over_stick({"--locked"}));
  CHECK(again.code == 0);
  CHECK(again.out.contains("Taken off the stick: all that the office had"));
  CHECK(again.out.contains("opened at the next unlock"));
  CHECK(town.carry(*town.amina).at("applied_change_sets") > 0);
  CHECK(town.amina->ask({"list", "case"}).at("count") == 2);
  (void)town.carry(*town.ben);
  CHECK(town.ben->ask({"get", case_id}).at("fields").at("reference").at("shown") == "W-1");
}

TEST_CASE("a stick pulled out at any byte, either way, costs a journey and loses nothing") {
  Town town;
  const std::string case_id = town.new_case(*town.amina, "W-1");
  const std::string letter = town.attach(*town.amina, case_id, a_file(kLargeBytes));
  int number = 0;
  struct Cut { std::uint64_t keep; bool on_the_way_back; };
  for (const auto [keep, back] : {Cut{0, false}, Cut{60, true}, Cut{88, false}, Cut{5000, true}, Cut{UINT64_MAX, false}}) {
    (void)town.new_case(*town.ben, "B-" + std::to_string(++number));
    for (const Home* each : {town.amina, town.ben}) (void)town.carry(*each);
    if (back) (void)town.visited();
    for (const fs::path& file : town.files()) fs::resize_file(file, std::min<std::uint64_t>(keep, fs::file_size(file) - 1));
    INFO("cut after " << keep << " bytes, " << (back ? "on the way back" : "on the way there"));
    if (!back) CHECK(town.visited().at("envelopes") == 0);
    for (const Home* each : {town.amina, town.ben}) CHECK_FALSE(town.carry(*each).at("stick").at("whole"));
  }
  for (int journeys = 0; journeys < 2; ++journeys) (void)town.journey();
  CHECK(town.agree());
  CHECK(town.amina->ask({"list", "case"}).at("count") == 6);
  CHECK((town.exported(*town.ben, letter) == a_file(kLargeBytes)));
  const json status = town.office_status();
  CHECK(status.at("quarantined") == 0);
  CHECK(town.carry(*town.amina).at("uncovered").at("only_here") == 0);
}

TEST_CASE("a stick that is used twice, and an old copy of it that comes after a line was used, change nothing") {
  Town town;
  const std::string case_id = town.new_case(*town.amina, "W-1");
  (void)town.carry(*town.amina);
  const fs::path old = town.stage.root() / "old";
  fs::copy(town.stick, old);
  const json first = town.visited();
  const json second = town.visited();
  CHECK(second.at("questions") == 0);
  const fs::path answered = town.stage.root() / "answered";
  fs::copy(town.stick, answered);
  town.stage.serve();
  town.stage.send_devices_to("");
  (void)town.new_case(*town.amina, "W-3");
  for (const Home* each : {town.amina, town.ben, town.amina, town.ben}) (void)each->sync();
  town.stage.stop_office();
  const json before = town.office_status();

  const json replayed = town.stage.office({"stick", "--data", town.stage.office_data(), "--path", old, "--json"}).answer();
  CHECK(replayed.at("envelopes") == 0);
  CHECK(town.office_status().at("envelopes") == before.at("envelopes"));
  for (const fs::path& folder : {answered, old}) {
    const json late = town.amina->ask({"sync", "--courier", "folder", "--path", folder.string()});
    CHECK(late.at("applied_change_sets") == 0);
    CHECK(late.at("quarantined") == 0);
  }
  CHECK(town.amina->ask({"verify"}).is_object());
  town.stage.serve();
  for (const Home* each : {town.amina, town.ben, town.amina, town.ben}) (void)each->sync();
  CHECK(town.agree());
  CHECK(town.ben->ask({"list", "case"}).at("count") == 2);
}

TEST_CASE("files that are somebody else's stay as they are, and a folder that cannot be used is named") {
  Town town;
  write_file(town.stick / "holiday.jpg", "a picture");
  write_file(town.stick / std::string(32, 'a'), "of the right name and no letter of ours");
  write_file(town.stick / std::string(30, 'b'), "half of something");
  fs::create_directory(town.stick / std::string(32, 'c'));
  fs::create_symlink(town.stick / "holiday.jpg", town.stick / std::string(32, 'd'));
  (void)town.new_case(*town.amina, "W-1");
  (void)town.carry(*town.amina);
  const json visited = town.visited();
  CHECK(visited.at("devices") == 1);
  CHECK(visited.at("foreign") == 3);
  CHECK(town.carry(*town.amina).at("stick").at("whole"));
  CHECK(read_file(town.stick / "holiday.jpg") == "a picture");
  CHECK(read_file(town.stick / std::string(32, 'a')) == "of the right name and no letter of ours");
  CHECK(read_file(town.stick / std::string(30, 'b')) == "half of something");
  CHECK(fs::is_symlink(town.stick / std::string(32, 'd')));

  const Outcome missing = town.amina->run({"sync", "--courier", "folder", "--path", (town.stage.root() / "nowhere").string()});
  CHECK(missing.code == 5);
  CHECK(missing.out.empty());
  CHECK(missing.err.contains("That folder is not there. Plug the stick in"));
  const Outcome no_folder = town.amina->run({"sync", "--courier", "folder", "--path", (town.stick / "holiday.jpg").string(), "--locked"});
  CHECK(no_folder.code == 5);
  CHECK(no_folder.err.contains("That is no folder"));
  const Outcome at_office = town.stage.office({"stick", "--data", town.stage.office_data(), "--path", town.stage.root() / "nowhere"});
  CHECK(at_office.code == 1);
  CHECK(at_office.err.contains("That folder is not there"));
  CHECK(town.amina->run({"sync"}).code == 5);   // the office is not served; the vault is whole
}

TEST_CASE("an office that was restored from a backup is given back over a stick what it had lost") {
  Town town;
  town.stage.back_up_office();
  (void)town.new_case(*town.amina, "W-1");
  (void)town.journey();
  const auto lost = town.office_status().at("envelopes").get<int>();
  town.stage.restore_office();
  CHECK(town.office_status().at("envelopes").get<int>() < lost);
  std::string told;
  for (int journeys = 0; journeys < 4; ++journeys) {
    for (const Home* each : {town.amina, town.ben}) told += each->run(town.over_stick()).err;
    (void)town.visited();
  }
  CHECK(told.contains("The office was set up again from a backup"));
  for (const Home* each : {town.amina, town.ben}) CHECK(town.carry(*each).at("stick").at("whole"));
  CHECK(town.office_status().at("envelopes").get<int>() >= lost);
  CHECK(town.agree());
  CHECK(town.ben->ask({"list", "case"}).at("count") == 1);
}

TEST_CASE("a case that everybody has put down comes back to an office that lost it over a stick too") {
  Town town;
  town.stage.back_up_office();
  const std::string id = town.new_case(*town.amina, "W-1");
  for (int journeys = 0; journeys < 4; ++journeys) (void)town.journey();   // until Ben has said that he holds it
  const json digest = town.amina->ask({"digest"}).at("digest");
  for (const Home* each : {town.amina, town.ben}) (void)each->ask({"carry", "drop", id});
  (void)town.journey();
  const auto ledgers = town.office_status().at("ledgers").get<int>();
  town.stage.restore_office();
  REQUIRE(town.office_status().at("ledgers").get<int>() < ledgers);
  for (int journeys = 0; journeys < 4; ++journeys) {
    for (const Home* each : {town.amina, town.ben}) (void)each->run(town.over_stick());
    (void)town.visited();
  }
  CHECK(town.office_status().at("ledgers").get<int>() >= ledgers);
  town.stage.serve();
  town.stage.send_devices_to("");
  for (const Home* each : {town.ben, town.amina}) {
    INFO(each->name());
    CHECK(each->ask({"carry", "add", id}).at("cases").at(0).at("on_this_device") == true);
    CHECK(each->ask({"digest"}).at("digest") == digest);
    CHECK(each->ask({"verify"}).at("ok") == true);
  }
}
