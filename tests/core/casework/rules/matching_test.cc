#include "core/casework/rules/groups.h"
#include "tests/core/casework/rules/matching_helpers.h"

using namespace wayside;
using namespace wayside::casework::rules;
namespace rules = wayside::casework::rules;

namespace {
constexpr auto kYes = Answer::yes;
constexpr auto kAsk = Answer::ask;
constexpr auto kNo = Answer::no;
}  // namespace

TEST_CASE("a match always carries a reason, also when nothing stands against it") {
  const auto match = match_one(woman_alone(), house());
  CHECK(match.answer == kYes);
  REQUIRE(match.reasons.size() == 1);
  CHECK(match.reasons[0].rule == "fits");
}

TEST_CASE("family size counts adults unless the service says otherwise") {
  auto service = house();
  service.largest_family_size = 3;
  auto household = woman_alone();
  household.children = {daughter(3), daughter(4)};
  CHECK(answer(household, service) == kYes);
  household.children.push_back(daughter(5));
  CHECK(answer(household, service) == kNo);
  CHECK(says(match_one(household, service), "up to 3, adults counted; this one has 4"));
  service.family_size_counts_adults = false;
  CHECK(answer(household, service) == kYes);
  household.adults.clear();
  service.family_size_counts_adults = true;
  CHECK(answer(household, service) == kNo);  // somebody asks: there is one adult
}

TEST_CASE("sons are taken up to the certain age, asked about up to the possible one, and barred above") {
  auto service = house();
  service.sons_max_age_certain = 14;
  service.sons_max_age_possible = 16;
  const auto with = [&](const Member& child) {
    auto household = woman_alone();
    household.children = {child};
    return answer(household, service);
  };
  CHECK(with(son(14)) == kYes);
  CHECK(with(son(15)) == kAsk);
  CHECK(with(son(16)) == kAsk);
  CHECK(with(son(17)) == kNo);
  CHECK(with(daughter(17)) == kYes);
  CHECK(with(son(std::nullopt)) == kAsk);
  CHECK(with({Sex::not_stated, 17}) == kAsk);
  CHECK(with({Sex::not_stated, 14}) == kYes);
  service.sons_max_age_possible.reset();
  CHECK(with(son(15)) == kNo);
  service.sons_max_age_certain = kNoAgeLimit;
  CHECK(with(son(std::nullopt)) == kYes);
  service.sons_max_age_certain.reset();
  CHECK(with(son(17)) == kYes);  // no limit printed
}

TEST_CASE("a service for one sex bars the other and asks where the sex is not stated") {
  auto service = house();
  service.accepts_sex = "female";
  Household household;
  CHECK(answer(household, service) == kAsk);
  household.adults = {woman()};
  CHECK(answer(household, service) == kYes);
  household.adults = {woman(), man(19)};
  CHECK(answer(household, service) == kNo);
  household.adults = {woman()};
  household.children = {son(19)};
  CHECK(answer(household, service) == kNo);  // grown up, and no limit for sons is printed
  service.sons_max_age_certain = kNoAgeLimit;
  CHECK(answer(household, service) == kYes);
  service.accepts_sex = "male";
  CHECK(answer(household, service) == kNo);
  service.accepts_sex = "any";
  CHECK(answer(household, service) == kYes);
}

TEST_CASE("no recourse to public funds: if somebody pays is ask, and names who") {
  auto service = house();
  auto household = woman_alone();
  household.nrpf = true;
  service.nrpf = "if_funded";
  service.nrpf_funder = "Children's Services";
  CHECK(answer(household, service) == kAsk);
  CHECK(says(match_one(household, service), "Children's Services. Draft a funding request"));
  service.nrpf = "case_by_case";
  CHECK(answer(household, service) == kAsk);
  service.nrpf = "no";
  CHECK(answer(household, service) == kNo);
  service.nrpf = "yes";
  CHECK(answer(household, service) == kYes);
  service.nrpf.clear();
  CHECK(answer(household, service) == kAsk);
  service.kind = "support";
  CHECK(answer(household, service) == kYes);
}

TEST_CASE("pets, a wheelchair and overnight staff: a printed no bars, silence is asked, no need needs nothing") {
  auto service = house();
  auto household = woman_alone();
  CHECK(answer(household, service) == kYes);
  household.pets = {{"dog", 0}};
  CHECK(answer(household, service) == kYes);
  household.pets = {{"dog", {}}};
  CHECK(answer(household, service) == kAsk);
  service.pets = "no";
  CHECK(answer(household, service) == kNo);
  service.pets = "yes";
  household.wheelchair = true;
  CHECK(answer(household, service) == kAsk);
  service.wheelchair_units = 0;
  CHECK(answer(household, service) == kNo);
  service.wheelchair_units = 1;
  household.overnight_security = true;
  CHECK(answer(household, service) == kAsk);
  service.overnight_security = false;
  CHECK(answer(household, service) == kNo);
  service.overnight_security = true;
  CHECK(answer(household, service) == kYes);
}

TEST_CASE("exclusive_to bars who does not belong and asks where her own answer is missing") {
  auto service = house();
  auto household = woman_alone();
  service.exclusive_to = "BME";
  CHECK(answer(household, service) == kAsk);
  household.ethnicity = "4";
  CHECK(answer(household, service) == kYes);
  household.ethnicity = "Black African";
  CHECK(answer(household, service) == kYes);
  household.ethnicity = "13";
  CHECK(answer(household, service) == kNo);
  household.ethnicity = "17";
  CHECK(answer(household, service) == kAsk);
  service.exclusive_to = "\xD0\x92\xD0\x9C\xD0\x95";  // BME in Cyrillic letters
  household.ethnicity = "White British";
  CHECK(answer(household, service) == kNo);
  service.exclusive_to = "Young women";
  CHECK(answer(household, service) == kNo);
  household.adults = {woman(24)};
  CHECK(answer(household, service) == kYes);
  household.adults = {woman(std::nullopt)};
  CHECK(answer(household, service) == kAsk);
  household.adults = {man(20)};
  CHECK(answer(household, service) == kNo);
  service.exclusive_to = "Women";
  CHECK(answer(household, service) == kNo);
  service.exclusive_to = "LGBT+";
  CHECK(answer(household, service) == kAsk);
  service.exclusive_to = "MENTAL_HEALTH";
  CHECK(answer(household, service) == kAsk);
  household.needs = {"DRUGS"};
  CHECK(answer(household, service) == kNo);
  household.needs = {"DRUGS", "MENTAL_HEALTH"};
  CHECK(answer(household, service) == kYes);
}

TEST_CASE("Peterborough's Ethnic Minority IDVA goes by ethnicity and not by country, its A8 IDVA by country") {
  auto minority = house();
  minority.kind = "support";
  minority.ethnicities_excluded = {"13", "14", "15", "16", "17"};
  auto a8 = house();
  a8.kind = "support";
  a8.origins_served = {"CZ", "EE", "HU", "LV", "LT", "PL", "SK", "SI"};
  auto household = woman_alone();
  CHECK(answer(household, minority) == kAsk);
  CHECK(answer(household, a8) == kAsk);
  household.ethnicity = "17";
  household.country_of_birth = "Lithuania";
  CHECK(answer(household, minority) == kNo);
  CHECK(answer(household, a8) == kYes);
  household.country_of_birth = "IN";
  household.ethnicity = "Indian";
  CHECK(answer(household, minority) == kYes);
  CHECK(answer(household, a8) == kNo);
  household.ethnicity = "PNTS";
  CHECK(answer(household, minority) == kAsk);
  a8.origins_served = {"A8"};
  household.country_of_birth = "LTU";
  CHECK(answer(household, a8) == kYes);
}

TEST_CASE("an ethnic group that may mean several is asked about when only some are served") {
  auto service = house();
  service.ethnicities_served = {"9"};
  auto household = woman_alone();
  household.ethnicity = "Mixed";
  CHECK(answer(household, service) == kAsk);
  household.ethnicity = "9";
  CHECK(answer(household, service) == kYes);
  service.ethnicities_excluded = {"9"};
  CHECK(answer(household, service) == kNo);
}

TEST_CASE("risk tiers, languages and an open specialist case decide offers of support") {
  auto idva = house();
  idva.kind = "support";
  idva.risk_levels_served = {"HIGH"};
  auto household = woman_alone();
  CHECK(answer(household, idva) == kAsk);
  household.risk = "NOT_ASSESSED";
  CHECK(answer(household, idva) == kAsk);
  household.risk = "medium";
  CHECK(answer(household, idva) == kNo);
  household.risk = "high";
  CHECK(answer(household, idva) == kYes);
  idva.languages_served = {"Polish", "Lithuanian"};
  CHECK(answer(household, idva) == kAsk);
  household.languages = {"English"};
  CHECK(answer(household, idva) == kNo);
  household.languages = {"English", "polish"};
  CHECK(answer(household, idva) == kYes);
  idva.needs_specialist_case = true;
  CHECK(answer(household, idva) == kAsk);
  household.specialist_case = false;
  CHECK(answer(household, idva) == kNo);
  household.specialist_case = true;
  CHECK(answer(household, idva) == kYes);
}

TEST_CASE("where she comes from: out of area, distant and safe, residents first") {
  auto service = house();
  service.area_la = "Peterborough";
  auto household = woman_alone();
  const auto from = [&](std::string la, std::optional<bool> distance, std::optional<bool> safe) {
    household.origin_la = std::move(la);
    household.significant_distance = distance;
    household.assessed_safe = safe;
    return answer(household, service);
  };
  CHECK(from("Peterborough", {}, {}) == kYes);
  service.accepts_origin = "in_area_if_distant_and_safe";
  CHECK(from("Leicester", {}, {}) == kYes);
  CHECK(from("Leicester", false, false) == kYes);
  CHECK(from("Peterborough", true, true) == kYes);
  CHECK(from("Peterborough", true, false) == kNo);
  CHECK(from("Peterborough", false, {}) == kNo);
  CHECK(from("Peterborough", {}, {}) == kAsk);
  CHECK(from("Peterborough", true, {}) == kAsk);
  CHECK(from("", {}, {}) == kAsk);
  CHECK(from("", true, true) == kYes);
  service.accepts_origin = "residents_first";
  CHECK(from("peterborough", {}, {}) == kYes);
  CHECK(from("Leicester", {}, {}) == kAsk);
  CHECK(from("", {}, {}) == kAsk);
  service.accepts_origin = "out_of_area_only";
  CHECK(from("Peterborough", true, true) == kNo);
  CHECK(from("Leicester", {}, {}) == kYes);
  CHECK(from("", {}, {}) == kAsk);
}

TEST_CASE("unsafe areas bar a service when they cover all of its zones and ask when they cover some") {
  auto service = house();
  service.area_la = "Southampton";
  service.safe_zones = {"North", "East"};
  auto household = woman_alone();
  household.unsafe_areas = {"West"};
  CHECK(answer(household, service) == kYes);
  household.unsafe_areas = {"west", "north"};
  CHECK(answer(household, service) == kAsk);
  household.perpetrator_areas = {"East"};
  CHECK(answer(household, service) == kNo);
  household = woman_alone();
  household.perpetrator_areas = {"Southampton"};
  CHECK(answer(household, service) == kNo);
  household.perpetrator_areas = {"Leicester"};
  CHECK(answer(household, service) == kYes);
}

TEST_CASE("a service is matched as at the day that is asked for") {
  auto service = house();
  service.open_from = day("2026-04-01");
  service.open_until = day("2027-03-31");
  auto household = woman_alone();
  const auto on = [&](std::string_view text) {
    household.on_date = day(text);
    return match_one(household, service);
  };
  CHECK(answer(household, service) == kAsk);
  CHECK(on("2026-03-31").answer == kNo);
  CHECK(says(on("2026-03-31"), "Not open before 2026-04-01"));
  CHECK(on("2026-04-01").answer == kYes);
  CHECK(on("2027-03-31").answer == kYes);
  CHECK(says(on("2027-04-01"), "Closed after 2027-03-31"));
}

TEST_CASE("who is in work is shown the weekly figure and asks") {
  auto service = house();
  auto household = woman_alone();
  household.in_work = true;
  CHECK(answer(household, service) == kYes);
  service.weekly_rent_pence = 18'000;
  service.service_charge_pence = 2'005;
  const auto match = match_one(household, service);
  CHECK(match.answer == kAsk);
  CHECK(says(match, "£200.05 a week (rent £180.00 and service charge £20.05)"));
  household.in_work = false;
  CHECK(answer(household, service) == kYes);
  service.weekly_rent_pence = 0;
  service.service_charge_pence = 0;
  service.personal_contribution_pence = 3'000;
  household.in_work = true;
  CHECK(answer(household, service) == kAsk);
}

TEST_CASE("staying put goes by the tenure of the home and by its landlord") {
  auto dove = house();
  dove.kind = "sanctuary";
  dove.tenures_served = {"LA_SECURE_LIFE", "LA_FIXED"};
  auto household = woman_alone();
  CHECK(answer(household, dove) == kAsk);
  household.tenure = "NOT_KNOWN";
  CHECK(answer(household, dove) == kAsk);
  household.tenure = "PRS";
  CHECK(answer(household, dove) == kNo);
  household.tenure = "LA_FIXED";
  CHECK(answer(household, dove) == kYes);
  auto council = house();
  council.kind = "sanctuary";
  council.landlords_served = {"private", "owned"};
  CHECK(answer(household, council) == kNo);  // the tenure says whose home it is
  household.tenure = "OWNER";
  CHECK(answer(household, council) == kYes);
  household.tenure.clear();
  CHECK(answer(household, council) == kAsk);
  household.landlord = "private";
  CHECK(answer(household, council) == kYes);
}

TEST_CASE("a unit that shares its way in with an occupied one takes the same sex only") {
  Unit free;
  free.id = id_number(10);
  free.state = "free";
  Unit taken;
  taken.id = id_number(11);
  taken.state = "occupied";
  taken.shares_access_with = {free.id};  // named on one side only
  const auto with = [&] { return answer(woman_alone(), house(), {free, taken}); };
  CHECK(with() == kAsk);
  taken.occupant_sex = "male";
  CHECK(with() == kNo);
  taken.occupant_sex = "female";
  CHECK(with() == kYes);
  taken.occupant_sex = "male";
  free.single_sex_shared = false;
  CHECK(with() == kYes);
  free.single_sex_shared.reset();
  taken.state = "free";
  CHECK(with() == kYes);
  taken.state = "occupied";
  Unit other = free;
  other.id = id_number(12);
  CHECK(answer(woman_alone(), house(), {free, taken, other}) == kYes);
}

TEST_CASE("free units that do not fit are asked about while others might, and bar when none does") {
  auto service = house();
  service.sons_max_age_certain = 14;
  service.sons_max_age_possible = 16;
  auto household = woman_alone();
  household.wheelchair = true;
  service.wheelchair_units = 1;
  Unit stairs;
  stairs.id = id_number(10);
  stairs.state = "free";
  stairs.wheelchair = false;
  Unit ramp = stairs;
  ramp.id = id_number(11);
  ramp.state = "occupied";
  ramp.wheelchair = true;
  CHECK(answer(household, service, {stairs, ramp}) == kAsk);
  CHECK(answer(household, service, {stairs}) == kNo);
  service.units = 2;
  CHECK(answer(household, service, {stairs}) == kAsk);  // the directory does not list every unit
  ramp.state = "free";
  CHECK(answer(household, service, {stairs, ramp}) == kYes);
}

TEST_CASE("each vacancy shows its age and goes grey after the hours that are set") {
  constexpr std::int64_t kHour = 3'600'000;
  Unit old;
  old.id = id_number(10);
  old.state = "free";
  old.as_at_ms = 0;
  Unit fresh = old;
  fresh.id = id_number(11);
  fresh.as_at_ms = 30 * kHour;
  const auto match = rules::match(woman_alone(), house(), {fresh, old}, 31 * kHour, {.stale_after_hours = 30});
  REQUIRE(match.vacancies.size() == 2);
  CHECK(match.vacancies[0].age_hours == 31);
  CHECK(match.vacancies[0].stale);
  CHECK(match.vacancies[1].age_hours == 1);
  CHECK_FALSE(match.vacancies[1].stale);
  CHECK(match.vacancy_age_hours == 1);
  CHECK_FALSE(match.vacancy_stale);
  CHECK(match.answer == kYes);
  CHECK(rules::match(woman_alone(), house(), {fresh}, 0).vacancy_age_hours == 0);  // noted by a clock that is ahead
  fresh.as_at_ms.reset();
  CHECK(rules::match(woman_alone(), house(), {fresh}, 0).vacancy_stale);
  CHECK_FALSE(match_one(woman_alone(), house()).vacancy_age_hours.has_value());
}
