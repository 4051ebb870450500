#include "core/casework/rules/managed_move.h"

#include <catch2/catch_test_macros.hpp>

using namespace wayside;
using namespace wayside::casework::rules;

namespace {
const Identifying kHer{{"Zoë O'Brien", "Li Na", "Оксана"}, {"07700 900123", "LE1 1AA"}, {"12 Mill Lane", "LE1 1AA"}};

bool goes_out(const std::string& words) {
  PropertyRequest request;
  request.words = words;
  const auto out = property_request(request, kHer);
  if (!out) CHECK(out.error().code == Errc::bad_input);
  return out.has_value();
}
}  // namespace

TEST_CASE("a property request says what is wanted and has no place for a name") {
  PropertyRequest request{"Near a school", 3, "ground", "level shower", {"South", "East"}, {"North"}};
  const auto out = property_request(request, kHer);
  REQUIRE(out.has_value());
  CHECK(*out ==
        "Wanted: Near a school\nBedrooms: 3\nFloor: ground\nAdaptations: level shower\nAreas wanted: East and South\n"
        "Areas that are not safe: North\n");
  request.bedrooms = -1;
  CHECK_FALSE(property_request(request, kHer).has_value());
}

TEST_CASE("a name in any spelling, script or place keeps the request back") {
  CHECK(goes_out("A home for a woman and two children"));
  CHECK_FALSE(goes_out("A home for Zoe and two children"));
  CHECK_FALSE(goes_out("mrs OBRIEN needs a home"));
  CHECK_FALSE(goes_out("for Li Na"));
  CHECK(goes_out("ground floor, near the na centre"));  // too short to be a name alone
  CHECK_FALSE(goes_out("for Oksana"));
  PropertyRequest request;
  request.areas_wanted = {"close to Zoë's mother"};
  CHECK_FALSE(property_request(request, {{"Zoë O'Brien"}, {}, {}}).has_value());
}

TEST_CASE("numbers and addresses keep the request back, however they are spaced") {
  CHECK_FALSE(goes_out("ring 0770-0900 123"));
  CHECK_FALSE(goes_out("ring 01162 555 777"));
  CHECK_FALSE(goes_out("not 12, mill LANE please"));
  CHECK_FALSE(goes_out("now at le11aa"));
  CHECK_FALSE(goes_out("write to a@b.example"));
  CHECK(goes_out("3 bedrooms, 2 children aged 4 and 12"));
}

TEST_CASE("reciprocals are for social tenancies, and the tenancy is not given up meanwhile") {
  ManagedMove move{"RECIPROCAL", "LA_SECURE_LIFE", "given", true, false};
  CHECK(managed_move_standing(move).answer == Answer::yes);
  CHECK(managed_move_standing(move).reasons[0].sentence == "Do not give up the tenancy meanwhile.");
  move.tenancy_kept = false;
  CHECK(managed_move_standing(move).answer == Answer::ask);
  move.tenancy_kept = true;
  move.landlord_approval = "asked";
  CHECK(managed_move_standing(move).answer == Answer::ask);
  move.landlord_approval = "refused";
  CHECK(managed_move_standing(move).answer == Answer::no);
  move.landlord_approval = "given";
  move.tenure = "PRS";
  CHECK(managed_move_standing(move).answer == Answer::no);
  move.tenure = "NOT_KNOWN";
  CHECK(managed_move_standing(move).answer == Answer::ask);
  move.kind = "HOMELESS_APP";
  move.tenure = "PRS";
  CHECK(managed_move_standing(move).answer == Answer::yes);
}

TEST_CASE("homes owed between landlords are counted once each, in any order") {
  const std::vector<PropertyOwed> all{{"1", "Council", true, false},
                                      {"2", "Council", true, false},
                                      {"3", "Trust", false, false},
                                      {"4", "Trust", true, true},
                                      {"1", "Council", true, false}};
  const auto owed = properties_owed(all);
  REQUIRE(owed.size() == 2);
  CHECK(owed[0] == std::pair<std::string, std::int64_t>("Council", 2));
  CHECK(owed[1] == std::pair<std::string, std::int64_t>("Trust", -1));
}
