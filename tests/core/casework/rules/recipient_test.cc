#include "core/casework/rules/recipient.h"

#include <catch2/catch_test_macros.hpp>

using namespace wayside::casework::rules;

namespace {

HarmerCard karl() {
  HarmerCard out;
  out.forenames = {"Karl"};
  out.surnames = {"Reed"};
  out.other_names = {"Bulldog"};
  out.work = {"Harbour Homes, night desk"};
  out.places = {"The gym behind Mill Lane Library"};
  out.phones = {"07700 900123"};
  out.emails = {"Karl.Reed@example.org"};
  return out;
}

RecipientCard named(const std::string& name) {
  RecipientCard out;
  out.names = {name};
  return out;
}

std::vector<std::string> rules_of(const RecipientCard& recipient) {
  std::vector<std::string> out;
  for (const auto& reason : links(karl(), recipient)) {
    CHECK(reason.answer == Answer::no);
    CHECK(reason.sentence.ends_with("."));
    out.emplace_back(reason.rule);
  }
  return out;
}

using Rules = std::vector<std::string>;

}  // namespace

TEST_CASE("who works for an organisation is linked to it, however its name is written") {
  CHECK(rules_of(named("Harbour Homes")) == Rules{"work"});
  CHECK(rules_of(named("The HARBOUR HOMES Group Ltd.")).front() == "work");
  CHECK(rules_of(named("Harbor Homes")) == Rules{"work"});          // a letter less
  CHECK(rules_of(named("Orchard Homes")).empty());
  CHECK(rules_of(named("Harbour Legal")).empty());
  CHECK(rules_of(named("Ltd")).empty());                            // what says nothing links nobody
  CHECK(rules_of(named("")).empty());
}

TEST_CASE("a place that somebody is known to go to is linked") {
  CHECK(rules_of(named("Mill Lane Library")) == Rules{"place"});
  CHECK(rules_of(named("Mill Lane Surgery")).empty());
}

TEST_CASE("a name links: of a landlord the surname alone, of others the whole name") {
  auto lettings = named("Reed Lettings");
  CHECK(rules_of(lettings).empty());
  lettings.private_landlord = true;
  CHECK(rules_of(lettings) == Rules{"name"});
  CHECK(rules_of(named("K. Reed & Sons")) == Rules{"name"});
  CHECK(rules_of(named("Bulldog Security")) == Rules{"name"});
}

TEST_CASE("whom one speaks to, a phone and an email link") {
  auto council = named("Leicester City Council");
  council.contact_names = {"Carl Reed"};
  CHECK(rules_of(council) == Rules{"contact"});
  council.contact_names = {"Anna Reed"};
  CHECK(rules_of(council).empty());
  council.phones = {"+44 7700 900 123"};
  CHECK(rules_of(council) == Rules{"phone"});
  council.phones = {"0"};
  council.emails = {"karl.reed@EXAMPLE.org"};
  CHECK(rules_of(council) == Rules{"email"});
}

TEST_CASE("other scripts and marks make no difference, and nothing known links nothing") {
  auto harmer = karl();
  harmer.surnames = {"Жуков"};
  harmer.forenames = {"Сергей"};
  auto agency = named("Somewhere");
  agency.contact_names = {"Sergey Zhukov"};
  CHECK_FALSE(links(harmer, agency).empty());
  CHECK(links(HarmerCard{}, named("Anybody")).empty());
  CHECK(links(HarmerCard{}, RecipientCard{}).empty());
}
