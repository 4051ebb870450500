#include <catch2/generators/catch_generators.hpp>

#include "core/vault/unsent_parts.h"
#include "sync/enrol/taking_away.h"
#include "tests/sync/enrol/stick_journey.h"

using namespace wayside;
using namespace wayside::support;

namespace {

constexpr std::string_view kCanary = "canary: she moved to Orchard Way";

Bytes large() {
  Bytes file;
  while (file.size() < (std::size_t{3} << 20)) file += kCanary;
  return file;
}

}  // namespace

TEST_CASE("two devices without a line exchange a case and its attachment over one stick") {
  Journey world;
  const RecordId case_id = Journey::new_case(world.amina, "W-1");
  const RecordId letter = Journey::attach(world.amina, case_id, large());

  const auto asked = need(world.amina.sync(world.stick));
  REQUIRE(asked.stick);
  CHECK_FALSE(asked.stick->taken);
  CHECK(asked.stick->wrote);
  CHECK(asked.stick->envelopes > 0);
  CHECK(asked.stick->parts == 4);
  need(world.ben.sync(world.stick));

  const auto visited = world.visit(world.stick);
  CHECK(visited.devices == 2);
  CHECK(visited.envelopes == asked.stick->envelopes);
  CHECK(visited.parts == 4);
  CHECK(visited.spoilt == 0);
  CHECK(visited.left == 0);
  CHECK(visited.refused == 0);

  // One journey: what Amina gave is at Ben's when he plugs the stick in.
  const auto sent = need(world.amina.sync(world.stick));
  CHECK(sent.stick->taken);
  CHECK(sent.stick->whole);
  CHECK(sent.pushed.envelopes == visited.envelopes);
  CHECK(sent.waiting == 0);
  CHECK(need(vault::unsent_parts(*world.amina.vault)).empty());
  const auto fetched = need(world.ben.sync(world.stick));
  CHECK(fetched.stick->whole);
  CHECK(fetched.applied_change_sets > 0);
  const auto missing = need(attachments::missing_parts(*world.ben.vault, letter));
  CHECK(missing.size() == 4);

  world.ben.options.wanted = [missing]() -> Result<std::vector<Digest>> { return missing; };
  CHECK(need(world.ben.sync(world.stick)).stick->wanted == 4);
  world.visit(world.stick);
  CHECK(need(world.ben.sync(world.stick)).stick->parts_fetched == 4);
  CHECK((need(attachments::open(*world.ben.vault, letter)) == large()));
}

TEST_CASE("nothing on a stick shows what it is: no clear text, no two files that begin alike, and names that say nothing") {
  Journey world;
  const RecordId case_id = Journey::new_case(world.amina, "reference-77");
  Journey::attach(world.amina, case_id, large());
  need(world.amina.sync(world.stick));
  need(world.ben.sync(world.stick));
  Content all = world.stick;
  world.visit(world.stick);
  all.insert(world.stick.begin(), world.stick.end());
  REQUIRE(all.size() > 6);
  const Bytes organisation = world.office.store->log().organisation().str(), device = world.amina.vault->identity().device.str();
  std::set<Bytes> beginnings;
  for (const auto& [name, bytes] : all) {
    CHECK(name.size() == 32);
    CHECK(beginnings.insert(bytes.substr(0, 4)).second);
    for (const Bytes& trap : {Bytes(kCanary), organisation, device, Bytes("WAYSIDE"), Bytes("wayside"), Bytes("reference-77")})
      CHECK(bytes.find(trap) == Bytes::npos);
  }
}

TEST_CASE("an office that visits twice, and a stick that comes back from before, change nothing") {
  Journey world;
  Journey::new_case(world.amina, "W-1");
  const auto asked = need(world.amina.sync(world.stick));
  Content before = world.stick, again = world.stick;
  const auto first = world.visit(world.stick);
  const auto second = world.visit(again);   // a copy of the stick
  CHECK(first.envelopes == asked.stick->envelopes);
  CHECK(second.envelopes == 0);
  CHECK(second.questions == first.questions);
  const auto idle = world.visit(world.stick);
  CHECK(idle.questions == 0);
  need(world.amina.sync(world.stick));
  const auto replayed = need(world.amina.sync(again));
  CHECK_FALSE(replayed.stick->taken);
  CHECK(replayed.stick->put_aside > 0);
  CHECK(replayed.pulled.envelopes == 0);
}

TEST_CASE("what is saved while a stick is under way goes with the next letter, and nothing is sent or taken twice") {
  Journey world;
  Journey::new_case(world.amina, "W-1");
  need(world.amina.sync(world.stick));
  need(world.ben.sync(world.stick));
  Journey::new_case(world.amina, "W-2");
  Journey::new_case(world.ben, "W-3");
  std::uint64_t taken = world.visit(world.stick).envelopes;
  for (int journeys = 0; journeys < 2; ++journeys) {
    need(world.amina.sync(world.stick));
    need(world.ben.sync(world.stick));
    taken += world.visit(world.stick).envelopes;
  }
  const auto amina = need(world.amina.sync(world.stick)), ben = need(world.ben.sync(world.stick));
  for (const auto& each : {amina, ben}) {
    CHECK(each.stick->whole);
    CHECK(each.waiting == 0);
    CHECK(each.missing_ledgers == 0);
    CHECK(each.stick->put_aside == 0);
  }
  const auto held = need(world.office.store->figures());
  CHECK(held.envelopes == taken);
  CHECK(held.quarantined == 0);
}

TEST_CASE("a file cut short at either end of the journey costs one more journey and loses nothing") {
  const bool of_question = GENERATE(true, false);
  for (const std::size_t keep : {std::size_t{0}, std::size_t{87}, std::size_t{88}, std::size_t{4096}, SIZE_MAX}) {
    for (std::size_t which = 0;; ++which) {
      Journey world;
      const RecordId case_id = Journey::new_case(world.amina, "W-1");
      Journey::attach(world.amina, case_id, "a letter");
      need(world.amina.sync(world.stick));
      if (!of_question) world.visit(world.stick);
      if (which >= world.stick.size()) break;
      INFO("file " << which << ", cut after " << keep << " bytes, " << (of_question ? "a question" : "an answer"));
      Bytes& file = std::next(world.stick.begin(), static_cast<std::ptrdiff_t>(which))->second;
      file.resize(std::min(keep, file.size() - 1));
      if (of_question) world.visit(world.stick);
      for (int journeys = 0; journeys < 2; ++journeys) {
        need(world.amina.sync(world.stick));
        world.visit(world.stick);
      }
      const auto last = need(world.amina.sync(world.stick));
      CHECK(last.stick->whole);
      CHECK(last.waiting == 0);
      CHECK(need(vault::unsent_parts(*world.amina.vault)).empty());
      CHECK(need(world.office.store->figures()).quarantined == 0);
    }
  }
}

TEST_CASE("a removed device's letter goes to quarantine, and it is given nothing but the refusal") {
  Journey world;
  Journey::new_case(world.ben, "W-1");
  const auto asked = need(world.ben.sync(world.stick));
  const auto line = world.office.line(world.amina.vault->keys().courier_seed);
  need(enrol::remove_device(*world.amina.vault, world.ben.vault->identity().device, "left", *line));
  const auto visited = world.visit(world.stick);
  CHECK(visited.envelopes == 0);
  CHECK(visited.refused == 1);
  CHECK(need(world.office.store->figures()).quarantined == asked.stick->envelopes);
  CHECK(code_of(world.ben.sync(world.stick)) == Errc::refused);
}

TEST_CASE("answers for a colleague, or in a file that somebody changed are not taken") {
  Journey world;
  Journey::new_case(world.amina, "W-1");
  need(world.amina.sync(world.stick));
  world.visit(world.stick);
  Content at_ben = world.stick;
  CHECK_FALSE(need(world.ben.sync(at_ben)).stick->taken);
  for (auto& [name, bytes] : world.stick) bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  const auto spoilt = need(world.amina.sync(world.stick));
  CHECK_FALSE(spoilt.stick->whole);
  CHECK(spoilt.pushed.envelopes == 0);
  CHECK(spoilt.stick->spoilt > 0);
}

TEST_CASE("another organisation's stick tells this office and its devices nothing, and is left as it was") {
  Journey world, elsewhere(2);
  Journey::new_case(elsewhere.amina, "W-1");
  need(elsewhere.amina.sync(elsewhere.stick));
  Content theirs = elsewhere.stick;
  const auto visited = world.visit(theirs);
  CHECK(visited.devices == 0);
  CHECK(visited.foreign == theirs.size());
  CHECK((theirs == elsewhere.stick));
  elsewhere.visit(elsewhere.stick);
  theirs = elsewhere.stick;
  const auto taken = need(world.amina.sync(theirs));
  CHECK_FALSE(taken.stick->taken);
  CHECK(taken.stick->spoilt == 0);
  for (const auto& [name, bytes] : elsewhere.stick) CHECK(theirs.contains(name));

  // Two organisations share one stick.
  world.visit(theirs);
  elsewhere.visit(theirs);
  CHECK(need(world.amina.sync(theirs)).stick->whole);
  CHECK(need(elsewhere.amina.sync(theirs)).stick->whole);
}

TEST_CASE("a stick too small for everything takes what fits, journey after journey, until all has come") {
  Journey world;
  world.stick_bytes = world.amina.stick_bytes = world.ben.stick_bytes = std::uint64_t{5} << 19;   // two parts of an attachment, and letters
  const RecordId case_id = Journey::new_case(world.amina, "W-1");
  const RecordId letter = Journey::attach(world.amina, case_id, large());
  const auto first = need(world.amina.sync(world.stick));
  CHECK(first.stick->full);
  CHECK(first.stick->envelopes_left == 0);
  CHECK(first.stick->parts_left > 0);
  CHECK(first.stick->parts > 0);
  CHECK(first.stick->parts + first.stick->parts_left == 4);

  bool all_here = false;
  for (int journeys = 0; journeys < 12 && !all_here; ++journeys) {
    world.visit(world.stick);
    need(world.amina.sync(world.stick));
    world.ben.options.wanted = [&]() -> Result<std::vector<Digest>> { return attachments::all_missing_parts(*world.ben.vault); };
    need(world.ben.sync(world.stick));
    const auto missing = attachments::missing_parts(*world.ben.vault, letter);
    all_here = missing && missing->empty();
  }
  CHECK(all_here);
  CHECK((need(attachments::open(*world.ben.vault, letter)) == large()));
  CHECK(need(vault::unsent_parts(*world.amina.vault)).empty());
  CHECK(need(world.office.store->figures()).quarantined == 0);
}

TEST_CASE("a stick with no room at all loses nothing, and the next one carries it") {
  Journey world;
  Journey::new_case(world.amina, "W-1");
  world.amina.stick_bytes = 100;
  const auto none = need(world.amina.sync(world.stick));
  CHECK(none.stick->full);
  CHECK(none.stick->files == 0);
  CHECK(none.stick->envelopes_left > 0);
  CHECK(world.stick.empty());
  world.amina.stick_bytes = UINT64_MAX;
  const auto asked = need(world.amina.sync(world.stick));
  CHECK(asked.stick->envelopes == none.stick->envelopes_left);
  CHECK(world.visit(world.stick).envelopes == asked.stick->envelopes);
  CHECK(need(world.amina.sync(world.stick)).waiting == 0);
}

TEST_CASE("one journey is enough from each device to each, whichever of them the office meets first") {
  Journey world;
  Journey::new_case(world.amina, "W-1");
  Journey::new_case(world.ben, "W-2");
  need(world.amina.sync(world.stick));
  need(world.ben.sync(world.stick));
  CHECK(world.visit(world.stick).devices == 2);
  for (Apart* each : {&world.amina, &world.ben}) {
    const auto taken = need(each->sync(world.stick));
    CHECK(taken.stick->whole);
    CHECK(taken.applied_change_sets > 0);
    CHECK(need(casework::list(*each->vault, *schema::current().type("case"))).size() == 2);
  }
}
