#include "core/casework/rules/duplicates.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <chrono>

#include "core/casework/rules/text_key.h"

using namespace wayside::casework::rules;

namespace {
Day day(std::string_view text) { return day_of(text).value(); }

PersonCard card(std::string id, std::string forename, std::string surname, std::string_view dob = "") {
  PersonCard out;
  out.id = std::move(id);
  out.forename = std::move(forename);
  out.surname = std::move(surname);
  out.dob = day_of(dob);
  return out;
}
int score(const PersonCard& a, const PersonCard& b) {
  CHECK(compare(a, b).score == compare(b, a).score);
  return compare(a, b).score;
}
bool suggested(const PersonCard& a, const PersonCard& b) {
  DuplicateIndex index;
  index.add(b);
  const auto found = index.find(a);
  CHECK((found.size() == 1) == (score(a, b) >= DuplicateSettings{}.suggest_from));  // the blocks hide nothing
  return found.size() == 1;
}
}  // namespace

TEST_CASE("marks, scripts, case and punctuation do not tell names apart") {
  CHECK(latin_key("Żółć  O'Brien-Šimić") == "zolc obrien simic");
  CHECK(latin_key("ЖУКОВА") == "zukova");
  CHECK(sound_key(latin_key("Жукова")) == sound_key("zhukova"));
  CHECK(sound_key(latin_key("محمد")) == sound_key("mohammed"));
  CHECK(sound_key("muhamad") == sound_key("mohammed"));
  CHECK(sound_key("oksana") == sound_key("oxana"));
  CHECK(latin_key("\xFF\xFE").empty());
  CHECK(latin_key(" - ").empty());
}

TEST_CASE("letters are counted that have to change, and neighbours that are swapped count once") {
  CHECK(edit_distance("amina", "amina", 2) == 0);
  CHECK(edit_distance("amina", "amnia", 2) == 1);
  CHECK(edit_distance("amina", "aminah", 2) == 1);
  CHECK(edit_distance("kitten", "sitting", 3) == 3);
  CHECK(edit_distance("kitten", "sitting", 2) == 3);  // more than the limit
  CHECK(edit_distance("", "ab", 2) == 2);
}

TEST_CASE("the same name alone suggests nobody; with one thing more it does") {
  const auto her = card("a", "Amina", "Khan");
  CHECK_FALSE(suggested(her, card("b", "Amina", "Khan")));
  auto born = her;
  born.dob = day("1990-05-04");
  CHECK(suggested(born, card("b", "Amina", "Khan", "1990-05-04")));
  auto called = her;
  called.phones = {"07700 900123"};
  auto other = card("b", "Amina", "Khan");
  other.phones = {"+44 7700 900123"};
  CHECK(suggested(called, other));
  auto lives = her;
  lives.address = "12 Mill Lane";
  lives.postcode = "LE1 1AA";
  other = card("b", "Amina", "Khan");
  other.address = "12, Mill Lane, Leicester";
  other.postcode = "le11aa";
  CHECK(suggested(lives, other));
}

TEST_CASE("spellings, transliterations and swapped names are found by the day of birth") {
  const auto dob = "1990-05-04";
  CHECK(suggested(card("a", "Mohammed", "Hussain", dob), card("b", "Muhamad", "Husein", dob)));
  CHECK(suggested(card("a", "Оксана", "Жукова", dob), card("b", "Oxana", "Zhukova", dob)));
  CHECK(suggested(card("a", "Zoë", "Müller", dob), card("b", "Zoe", "Muller", dob)));
  CHECK(suggested(card("a", "Khan", "Amina", dob), card("b", "Amina", "Khan", dob)));
  CHECK(suggested(card("a", "Amnia", "Khan", dob), card("b", "Amina", "Khan", dob)));
  CHECK(suggested(card("a", "Amina Bibi", "Khan", dob), card("b", "Amina", "Khan", dob)));
}

TEST_CASE("a day of birth typed wrongly still suggests, a different one speaks against") {
  CHECK(suggested(card("a", "Amina", "Khan", "1990-05-04"), card("b", "Amina", "Khan", "1990-04-05")));
  CHECK(suggested(card("a", "Amina", "Khan", "1990-05-04"), card("b", "Amina", "Khan", "1991-05-04")));
  CHECK_FALSE(suggested(card("a", "Amina", "Khan", "1990-05-04"), card("b", "Amina", "Khan", "1972-11-30")));
}

TEST_CASE("a changed surname is found by forename, birth and phone; relatives of one house are not") {
  auto her = card("a", "Amina", "Khan", "1990-05-04");
  auto married = card("b", "Amina", "Shah", "1990-05-04");
  CHECK_FALSE(suggested(her, married));
  her.phones = married.phones = {"07700900123"};
  CHECK(suggested(her, married));
  auto daughter = card("b", "Sara", "Khan", "2012-01-02");
  daughter.phones = her.phones;
  her.address = daughter.address = "12 Mill Lane";
  her.postcode = daughter.postcode = "LE1 1AA";
  CHECK_FALSE(suggested(her, daughter));
  auto twin = card("b", "Sara", "Khan", "1990-05-04");
  twin.phones = her.phones;
  twin.address = her.address;
  twin.postcode = her.postcode;
  CHECK_FALSE(suggested(her, twin));
  married = card("b", "Sana", "Shah", "1990-05-04");
  married.also_known_as = {"Amina Khan"};
  CHECK(suggested(card("a", "Amina", "Khan", "1990-05-04"), married));
}

TEST_CASE("every suggestion says why, what speaks for it first") {
  auto a = card("a", "Amina", "Khan", "1990-05-04");
  auto b = card("b", "Amina", "Khan", "1972-11-30");
  a.phones = b.phones = {"07700900123"};
  const auto found = compare(a, b);
  REQUIRE(found.reasons.size() == 3);
  CHECK(found.reasons[0].sentence == "Same name.");
  CHECK(found.reasons[2].points < 0);
  CHECK(compare(card("a", "", ""), card("b", "", "")).score == 0);
}

TEST_CASE("an index forgets who was removed or changed, and never suggests a card to itself") {
  DuplicateIndex index;
  const auto her = card("a", "Amina", "Khan", "1990-05-04");
  index.add(her);
  CHECK(index.find(her).empty());
  auto same = her;
  same.id = "b";
  CHECK(index.find(same).size() == 1);
  index.add(card("a", "Zoe", "Miller", "1980-01-01"));
  CHECK(index.size() == 1);
  CHECK(index.find(same).empty());
  index.add(her);
  index.remove("a");
  index.remove("a");
  CHECK(index.size() == 0);
  CHECK(index.find(same).empty());
  index.add(her);
  CHECK(index.find(same).size() == 1);
}

TEST_CASE("the order in which people were added does not change who is suggested") {
  std::vector<PersonCard> people{card("a", "Amina", "Khan", "1990-05-04"), card("b", "Amnia", "Khan", "1990-05-04"),
                                 card("c", "Aminah", "Kahn", "1990-05-04"), card("d", "Zoe", "Miller", "1990-05-04")};
  std::vector<std::string> first;
  do {
    DuplicateIndex index;
    for (const auto& each : people) index.add(each);
    std::vector<std::string> ids;
    for (const auto& found : index.find(card("new", "Amina", "Khan", "1990-05-04"))) ids.push_back(found.id);
    if (first.empty()) first = ids;
    CHECK(ids == first);
  } while (std::ranges::next_permutation(people, {}, &PersonCard::id).found);
  CHECK(first == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("a new person is compared with 50,000 in 100 ms", "[.][measure]") {
  const std::vector<std::string> forenames{"Amina", "Sara",  "Zoe",   "Mohammed", "Fatima", "Anna",  "Maria",
                                           "Priya", "Grace", "Olena", "Ruta",     "Nadia",  "Sofia", "Ivy",
                                           "Mina",  "Leila", "Hana",  "Ewa",      "Chloe",  "Ruby"};
  const std::vector<std::string> surnames{"Khan",   "Smith", "Patel",  "Jones",   "Begum", "Kowalska", "Petrova",
                                          "Taylor", "Ali",   "Brown",  "Hussain", "Evans", "Kaur",     "Novak",
                                          "Wilson", "Ahmed", "Walker", "Singh",   "Green", "Hall"};
  std::uint64_t state = 5;
  const auto below = [&](std::size_t limit) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>(state >> 33) % limit;
  };
  const auto anybody = [&](std::string id) {
    auto out = card(std::move(id), forenames[below(20)],
                    surnames[below(20)] + std::string(1, static_cast<char>('a' + below(26))));
    out.dob = day("1950-01-01") + std::chrono::days(below(22'000));
    out.phones = {"0770" + std::to_string(1'000'000 + below(8'999'999))};
    out.address = std::to_string(below(200)) + " Mill Lane";
    out.postcode = "LE" + std::to_string(below(9)) + " " + std::to_string(below(9)) + "AA";
    return out;
  };
  const auto ms_of = [](auto&& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  };
  DuplicateIndex index;
  const auto built_ms = ms_of([&] {
    for (int i = 0; i < 50'000; ++i) index.add(anybody(std::to_string(i)));
  });
  std::vector<double> spent;
  std::size_t compared = 0;
  for (int i = 0; i < 500; ++i) {
    const auto her = anybody("new");
    compared += index.candidates(her);
    spent.push_back(ms_of([&] { (void)index.find(her); }));
  }
  std::ranges::sort(spent);
  WARN("built in " << built_ms << " ms; found in " << spent[250] << " ms (median), " << spent.back()
                   << " ms (slowest); compared with " << compared / 500 << " on average");
  CHECK(spent.back() <= 100);
}
