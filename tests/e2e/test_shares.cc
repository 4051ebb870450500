#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/stage.h"

// An office whose operator gives each device a small share of a day, and a device that saves more than that.

using namespace wayside;
using namespace wayside::e2e;

namespace {

/// Text that does not compress to much less than half.
std::string noise(std::size_t size, std::uint32_t seed) {
  std::string out;
  while (out.size() < size) {
    seed = seed * 1'664'525 + 1'013'904'223;
    out += "0123456789abcdef"[seed >> 28];
  }
  return out;
}

}  // namespace

TEST_CASE("a device that has filled its share of the day is told so, keeps its work, goes on fetching, and sends the rest later") {
  Stage stage{Cli::cheap};
  stage.found();
  const Home& amina = stage.join("amina", stage.ticket("first"));
  const Home& ben = stage.invite_and_join(amina, "ben", "advocate");
  const std::string case_id = amina.ask({"put", "case", "--set", "reference=W-1", "--set", "status=open"}).at("ids").at(0);
  (void)amina.sync();
  (void)ben.sync();
  stage.stop_office();
  stage.serve_with({"--envelopes-per-day", "1"});
  stage.serve();

  std::vector<std::string> lines;
  constexpr std::uint32_t kNotes = 60;
  for (std::uint32_t i = 0; i < kNotes; ++i) {
    lines.push_back("put note --case " + case_id + " --set at=2026-03-01T10:00:00Z --set \"kind=phone call\" --set text=" + noise(50'000, i));
  }
  (void)amina.batch(lines);
  const std::string of_ben = ben.ask({"put", "note", "--case", case_id, "--set", "at=2026-03-01T10:00:00Z", "--set", "kind=phone call", "--set", "text=short"}).at("ids").at(0);
  (void)ben.sync();
  for (int round = 0; round < 2; ++round) {
    const Outcome told = amina.run({"--json", "sync"});
    INFO(told.err);
    CHECK(told.code == 0);
    CHECK(told.err.find("The office takes no more from this device for now") != std::string::npos);
    CHECK(told.answer().at("uncovered").at("only_here") > 0);
    CHECK(told.answer().at("uncovered").at("only_here") < kNotes);
  }
  CHECK(amina.ask({"get", of_ben}).at("id") == of_ben);
  CHECK(ben.sync().at("pulled").at("envelopes") > 0);

  stage.stop_office();
  stage.serve_with({"--envelopes-per-day", "100"});
  stage.serve();
  const Outcome rest = amina.run({"--json", "sync"});
  INFO(rest.err);
  CHECK(rest.code == 0);
  CHECK(rest.answer().at("uncovered").at("only_here") == 0);
  (void)ben.sync();
  CHECK(ben.ask({"digest"}) == amina.ask({"digest"}));
}
