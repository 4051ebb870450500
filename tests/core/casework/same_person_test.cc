#include "core/casework/same_person.h"

#include <catch2/catch_test_macros.hpp>

#include "core/casework/duplicates_of_vault.h"
#include "core/vault/verify.h"
#include "tests/support/fleet.h"

using namespace wayside;
using casework::PersonLinks;
using casework::SamePerson;
using support::code_of;
using support::Device;
using support::Fleet;
using support::need;

namespace {

/// One woman, written down twice, in two cases, and on two devices.
struct Town {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  Device& ben = fleet.add("Ben");
  RecordId a = person_in(support::put_case(amina, "W-1"));
  RecordId b = person_in(support::put_case(amina, "W-2"));

  Town() { fleet.reconcile(); }
  RecordId person_in(const RecordId& case_id) {
    return support::put(amina, case_id, "person", {{"forename", Text{"Priya"}}, {"surname", Text{"Shah"}}, {"dob", Date{"1988-04-02"}}});
  }
  static SamePerson verdict(Device& device, const RecordId& a, const RecordId& b) { return need(PersonLinks::read(*device)).verdict(a, b); }
  static std::size_t suggestions(Device& device) { return need(casework::PeopleIndex::read(*device)).pairs().size(); }
  Bytes states() {
    Bytes out;
    for (const RecordId& id : {a, b}) out += encode(need(amina->store().record(id))->state);
    return out;
  }
};

}  // namespace

TEST_CASE("two records are linked, shown as one person and no longer suggested; taking it back restores exactly what was") {
  Town town;
  REQUIRE(Town::suggestions(town.amina) == 1);
  const Bytes before = town.states();
  const auto link = need(casework::decide_same_person(*town.amina, town.b, town.a, true, "she said so"));
  CHECK(link.verdict == SamePerson::same);
  CHECK(link.why == "she said so");
  CHECK(Town::suggestions(town.amina) == 0);
  CHECK(need(PersonLinks::read(*town.amina)).same_as(town.a) == std::vector{town.b});
  town.fleet.reconcile();
  CHECK(Town::verdict(town.ben, town.a, town.b) == SamePerson::same);

  need(casework::undo_same_person(*town.ben, town.a, town.b, "another date of birth"));
  town.fleet.reconcile();
  CHECK(Town::verdict(town.amina, town.a, town.b) == SamePerson::undecided);
  CHECK(need(PersonLinks::read(*town.amina)).of(town.a).empty());
  CHECK(Town::suggestions(town.amina) == 1);
  CHECK(town.states() == before);
  CHECK(town.fleet.converged());
  CHECK(support::faults(town.amina).empty());
}

TEST_CASE("who is known to be somebody else is not suggested again, also after a link that was taken back") {
  Town town;
  need(casework::decide_same_person(*town.amina, town.a, town.b, false, "sisters-in-law"));
  CHECK(Town::suggestions(town.amina) == 0);
  need(casework::decide_same_person(*town.amina, town.a, town.b, true, "her mother says they are one"));
  need(casework::undo_same_person(*town.amina, town.a, town.b, "she says no"));
  CHECK(Town::verdict(town.amina, town.a, town.b) == SamePerson::not_same);
  need(casework::undo_same_person(*town.amina, town.a, town.b, "nobody knows"));
  CHECK(Town::verdict(town.amina, town.a, town.b) == SamePerson::undecided);
  CHECK(Town::suggestions(town.amina) == 1);
}

SCENARIO("two advocates decide on the same pair offline: both decisions wait for a person, in one review") {
  Town town;
  need(casework::decide_same_person(*town.amina, town.a, town.b, true, "same phone"));
  need(casework::decide_same_person(*town.ben, town.b, town.a, false, "I met both"));
  town.fleet.reconcile();
  CHECK(town.fleet.converged());
  for (Device* each : {&town.amina, &town.ben}) {
    CHECK(Town::verdict(*each, town.a, town.b) == SamePerson::in_review);
    CHECK(Town::suggestions(*each) == 1);
    CHECK(need(PersonLinks::read(**each)).same_as(town.a).empty());
    CHECK(need(casework::reviews(**each)).size() == 1);
    CHECK(code_of(casework::decide_same_person(**each, town.a, town.b, true, "again")) == Errc::bad_input);
    CHECK(code_of(casework::undo_same_person(**each, town.a, town.b, "again")) == Errc::bad_input);
    CHECK(support::faults(*each).empty());
  }
  const auto review = need(casework::reviews(*town.ben)).front();
  need(casework::resolve_set(*town.ben, review.id, Code{"not_same"}, "asked her"));
  town.fleet.reconcile();
  CHECK(Town::verdict(town.amina, town.a, town.b) == SamePerson::not_same);
  CHECK(Town::suggestions(town.amina) == 0);
}

SCENARIO("one takes a link back while another one keeps to it: that waits for a person too") {
  Town town;
  need(casework::decide_same_person(*town.amina, town.a, town.b, true, "same phone"));
  town.fleet.reconcile();
  need(casework::undo_same_person(*town.ben, town.a, town.b, "mistaken"));
  need(casework::decide_same_person(*town.amina, town.a, town.b, false, "two sisters"));
  town.fleet.reconcile();
  CHECK(Town::verdict(town.amina, town.a, town.b) == SamePerson::in_review);
  CHECK(town.fleet.converged());
}

TEST_CASE("over several links everybody who is one person is found, and nobody else") {
  Town town;
  const RecordId c = town.person_in(support::put_case(town.amina, "W-3"));
  const RecordId d = town.person_in(support::put_case(town.amina, "W-4"));
  need(casework::decide_same_person(*town.amina, town.a, town.b, true, "x"));
  need(casework::decide_same_person(*town.amina, town.b, c, true, "x"));
  need(casework::decide_same_person(*town.amina, c, d, false, "x"));
  const auto links = need(PersonLinks::read(*town.amina));
  CHECK(links.same_as(c).size() == 2);
  CHECK(links.same_as(d).empty());
}

TEST_CASE("what cannot be one person is refused, and nothing is written") {
  Town town;
  const auto before = town.amina->envelopes();
  const RecordId case_id = *need(casework::get(*town.amina, town.a)).case_id;
  CHECK(code_of(casework::decide_same_person(*town.amina, town.a, town.a, true, "x")) == Errc::bad_input);
  CHECK(code_of(casework::decide_same_person(*town.amina, town.a, case_id, true, "x")) == Errc::bad_input);
  CHECK(code_of(casework::decide_same_person(*town.amina, town.a, RecordId{}, true, "x")) == Errc::not_found);
  CHECK(code_of(casework::decide_same_person(*town.amina, town.a, town.b, true, "")) == Errc::bad_input);
  CHECK(code_of(casework::undo_same_person(*town.amina, town.a, town.b, "x")) == Errc::bad_input);
  CHECK(town.amina->envelopes() == before);
  need(casework::decide_same_person(*town.amina, town.a, town.b, true, "x"));
  CHECK(code_of(casework::decide_same_person(*town.amina, town.a, town.b, true, "x")) == Errc::bad_input);
}
