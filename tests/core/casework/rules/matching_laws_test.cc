#include <algorithm>
#include <ctime>

#include "tests/core/casework/rules/matching_helpers.h"

using namespace wayside;
using namespace wayside::casework::rules;

namespace {

/// The same sequence in every run: a failure shows itself again.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t limit) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>(state_ >> 33) % limit;
  }
  bool coin() { return below(2) == 0; }
  template <class T>
  T one_of(std::initializer_list<T> all) {
    return *(all.begin() + static_cast<std::ptrdiff_t>(below(all.size())));
  }
  std::optional<bool> perhaps() { return one_of<std::optional<bool>>({std::nullopt, true, false}); }

 private:
  std::uint64_t state_;
};

Service any_service(Chance& chance, unsigned char number) {
  Service out = house();
  out.id = id_number(number);
  out.name = "Service " + std::to_string(chance.below(40));
  out.kind = chance.one_of<std::string>({"accommodation", "accommodation", "support", "sanctuary"});
  out.accepts_sex = chance.one_of<std::string>({"", "female", "male", "any"});
  out.exclusive_to = chance.one_of<std::string>({"", "", "", "Young women", "BME", "LGBT+", "DRUGS"});
  out.largest_family_size = 1 + static_cast<std::int64_t>(chance.below(6));
  out.sons_max_age_certain = static_cast<std::int64_t>(9 + chance.below(6));
  if (chance.coin()) out.sons_max_age_possible = *out.sons_max_age_certain + 2;
  out.pets = chance.one_of<std::string>({"", "yes", "no", "some"});
  out.nrpf = chance.one_of<std::string>({"", "yes", "no", "case_by_case", "if_funded"});
  if (chance.coin()) out.wheelchair_units = static_cast<std::int64_t>(chance.below(2));
  out.overnight_security = chance.perhaps();
  if (chance.coin()) out.safe_zones = {"North", "South"};
  out.area_la = chance.one_of<std::string>({"", "Here", "There"});
  out.accepts_origin =
      chance.one_of<std::string>({"", "any", "residents_first", "in_area_if_distant_and_safe", "out_of_area_only"});
  if (chance.below(4) == 0) out.risk_levels_served = {"HIGH"};
  if (chance.below(4) == 0) out.ethnicities_excluded = {"13", "14"};
  if (chance.below(4) == 0) out.weekly_rent_pence = 10'000;
  if (chance.below(4) == 0) out.tenures_served = {"PRS"};
  return out;
}

Household any_household(Chance& chance) {
  Household out;
  const auto member = [&](std::size_t oldest) {
    return Member{chance.one_of({Sex::female, Sex::male, Sex::not_stated}),
                  chance.below(5) == 0 ? std::optional<int>() : std::optional(static_cast<int>(chance.below(oldest)))};
  };
  for (std::size_t i = chance.below(3); i > 0; --i) out.adults.push_back(member(70));
  for (std::size_t i = chance.below(5); i > 0; --i) out.children.push_back(member(18));
  if (chance.coin()) out.pets = {{"dog", chance.one_of<std::optional<int>>({std::nullopt, 0, 1})}};
  out.nrpf = chance.coin();
  out.wheelchair = chance.coin();
  out.overnight_security = chance.coin();
  if (chance.coin()) out.unsafe_areas = {chance.one_of<std::string>({"North", "There"})};
  if (chance.below(4) == 0) out.perpetrator_areas = {"South"};
  out.origin_la = chance.one_of<std::string>({"", "Here", "There"});
  out.significant_distance = chance.perhaps();
  out.assessed_safe = chance.perhaps();
  out.in_work = chance.perhaps();
  out.risk = chance.one_of<std::string>({"", "medium", "high"});
  out.ethnicity = chance.one_of<std::string>({"", "4", "13"});
  return out;
}

/// Every way to need less: each is one step.
std::vector<Household> loosened(const Household& from) {
  std::vector<Household> out;
  const auto with = [&](auto&& change) {
    auto changed = from;
    change(changed);
    out.push_back(std::move(changed));
  };
  with([](Household& h) { h.nrpf = false; });
  with([](Household& h) { h.wheelchair = false; });
  with([](Household& h) { h.overnight_security = false; });
  with([](Household& h) { h.pets.clear(); });
  with([](Household& h) { h.in_work = false; });
  with([](Household& h) { h.unsafe_areas.clear(); });
  with([](Household& h) { h.perpetrator_areas.clear(); });
  for (std::size_t i = 0; i < from.children.size(); ++i) {
    with([&](Household& h) { h.children.erase(h.children.begin() + static_cast<std::ptrdiff_t>(i)); });
    if (from.children[i].age.value_or(0) > 0) with([&](Household& h) { --*h.children[i].age; });
    with([&](Household& h) { h.children[i].sex = Sex::female; });
  }
  return out;
}

std::vector<Unit> any_units(Chance& chance, const std::vector<Service>& services) {
  std::vector<Unit> out;
  for (unsigned char number = 100; number < 140; ++number) {
    Unit unit;
    unit.id = id_number(number);
    unit.service = services[chance.below(services.size())].id;
    unit.state = chance.one_of<std::string>({"free", "free", "occupied", "out_of_use"});
    unit.wheelchair = chance.perhaps();
    unit.pets = chance.perhaps();
    unit.shares_access_with = {id_number(static_cast<unsigned char>(100 + chance.below(40)))};
    unit.occupant_sex = chance.one_of<std::string>({"", "female", "male"});
    out.push_back(std::move(unit));
  }
  return out;
}

template <class T>
void shuffle(std::vector<T>& all, Chance& chance) {
  for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[chance.below(i)]);
}

std::vector<Service> services_of(Chance& chance, std::size_t count) {
  std::vector<Service> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(any_service(chance, static_cast<unsigned char>(1 + i)));
  return out;
}

}  // namespace

TEST_CASE("needing less never turns a yes into a no, nor any answer into a worse one") {
  Chance chance(7);
  std::size_t yes = 0;
  for (int round = 0; round < 6'000; ++round) {
    const auto service = any_service(chance, 1);
    const auto household = any_household(chance);
    const auto before = answer(household, service);
    yes += before == Answer::yes;
    for (const auto& less : loosened(household)) {
      INFO("before:\n" << why(match_one(household, service)) << "after:\n" << why(match_one(less, service)));
      REQUIRE(answer(less, service) >= before);
    }
  }
  CHECK(yes > 20);  // else there was nothing to lose
}

TEST_CASE("the order of services, units, people and areas does not change a single answer or reason") {
  Chance chance(11);
  for (int round = 0; round < 200; ++round) {
    auto services = services_of(chance, 30);
    auto units = any_units(chance, services);
    auto household = any_household(chance);
    household.languages = {"Polish", "PNTS", "English"};
    household.unsafe_areas = {"North", "East"};
    const auto before = match_all(household, services, units, 5);
    shuffle(services, chance);
    shuffle(units, chance);
    shuffle(household.adults, chance);
    shuffle(household.children, chance);
    shuffle(household.languages, chance);
    shuffle(household.unsafe_areas, chance);
    const auto after = match_all(household, services, units, 5);
    REQUIRE(before.size() == after.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
      CHECK(before[i].service == after[i].service);
      CHECK(before[i].answer == after[i].answer);
      CHECK(before[i].reasons == after[i].reasons);
    }
  }
}

TEST_CASE("no service disappears, and what bars stands before what is only worth knowing") {
  Chance chance(13);
  const auto services = services_of(chance, 60);
  for (int round = 0; round < 100; ++round) {
    const auto all = match_all(any_household(chance), services, any_units(chance, services), 0);
    REQUIRE(all.size() == services.size());
    for (const auto& match : all) {
      REQUIRE_FALSE(match.reasons.empty());
      CHECK(match.reasons.front().answer == match.answer);
    }
    CHECK(std::ranges::is_sorted(all, std::greater(), &Match::answer));
  }
}

TEST_CASE("matching a household against 2,000 services", "[.][measure]") {
  Chance chance(17);
  auto services = services_of(chance, 2'000);
  auto household = any_household(chance);
  std::vector<double> spent_ms;
  for (int run = 0; run < 41; ++run) {
    const auto begin = std::clock();  // of the processor: a busy machine is not what is measured
    CHECK(match_all(household, services, {}, 0).size() == services.size());
    spent_ms.push_back(1'000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  }
  std::ranges::sort(spent_ms);
  WARN(services.size() << " services in " << spent_ms[20] << " ms (median), " << spent_ms.back() << " ms (slowest)");
  CHECK(spent_ms[20] <= 20);
}
