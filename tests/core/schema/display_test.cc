#include "core/schema/display.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "core/schema/validate.h"

using namespace wayside;
using namespace wayside::schema;

namespace {

const Field& field(std::string_view type, std::string_view name) {
  const auto* found = current().type(type)->field(name);
  REQUIRE(found != nullptr);
  return *found;
}

}  // namespace

TEST_CASE("values are shown as a person reads them") {
  CHECK(display(field("person", "forename"), Text{"Zoe"}) == "Zoe");
  CHECK(display(field("person", "dob"), Date{"2026-06-10"}) == "10 June 2026");
  CHECK(display(field("person", "language"), Code{"BSL"}) == "British Sign Language");
  CHECK(display(field("risk_assessment", "debt"), true) == "Yes");
  CHECK(display(field("risk_assessment", "debt"), false) == "No");
  CHECK(display(field("service", "sons_max_age_certain"), std::int64_t{14}) == "14 years");
  CHECK(display(field("service", "weekly_rent_pence"), std::int64_t{12'050}) == "£120.50");
  CHECK(display(field("service", "weekly_rent_pence"), std::int64_t{-5}) == "-£0.05");
}

TEST_CASE("moments are shown in the time of the United Kingdom") {
  const auto shown = [](std::string_view iso) { return display_time(parse_iso_time(iso).value()); };
  CHECK(shown("2026-06-10T16:20:00Z") == "10 June 2026, 17:20");
  CHECK(shown("2026-01-10T16:20:00Z") == "10 January 2026, 16:20");
  CHECK(shown("2026-06-10T23:30:00Z") == "11 June 2026, 00:30");
  CHECK(shown("2026-03-29T00:59:59Z") == "29 March 2026, 00:59");
  CHECK(shown("2026-03-29T01:00:00Z") == "29 March 2026, 02:00");
  CHECK(shown("2026-10-25T00:59:59Z") == "25 October 2026, 01:59");
  CHECK(shown("2026-10-25T01:00:00Z") == "25 October 2026, 01:00");
  CHECK(shown("1965-02-01T09:05:00Z") == "1 February 1965, 09:05");
}

TEST_CASE("what does not fit is shown as it stands") {
  CHECK(display(field("person", "gender"), Code{"from a newer list"}) == "from a newer list");
  CHECK(display(field("person", "dob"), Text{"spring"}) == "spring");
  CHECK(display(field("person", "dob"), Date{"spring"}) == "spring");
  CHECK(display(field("person", "dob"), RawValue{"\x63\x01"}) == "6301");
  CHECK(display_time(std::numeric_limits<std::int64_t>::max()) == "9223372036854775807 ms");
  CHECK(display_time(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808 ms");
}

TEST_CASE("values as JSON have the type that their kind has") {
  CHECK(to_json(Text{"a"}) == "a");
  CHECK(to_json(std::int64_t{7}) == 7);
  CHECK(to_json(true) == true);
  CHECK(to_json(Code{"HIGH"}) == "HIGH");
  CHECK(to_json(Date{"2026-06-10"}) == "2026-06-10");
  CHECK(to_json(Instant{0}) == "1970-01-01T00:00:00Z");
  CHECK(to_json(*id_from_text<RecordId>("019420a7-0000-7000-8000-000000000001")) ==
        "019420a7-0000-7000-8000-000000000001");
  CHECK(to_json(RawValue{"\x63"}) == nlohmann::json{{"raw", "63"}});
}

TEST_CASE("what a form's box holds is read back as the same value") {
  const std::vector<std::pair<const Field*, Value>> values{
      {&field("person", "forename"), Text{" Zoë "}},
      {&field("person", "dob"), Date{"1984-03-21"}},
      {&field("person", "gender"), Code{"prefers not to say"}},
      {&field("note", "at"), Instant{1'750'000'000'123}},
      {&field("risk_assessment", "debt"), false},
      {&field("risk_assessment", "score"), std::int64_t{31}},
      {&field("service", "weekly_rent_pence"), std::int64_t{1'203'305}},
  };
  for (const auto& [where, value] : values) {
    const auto read = parse_field(*where, form_text(*where, value));
    REQUIRE(read.has_value());
    CHECK(*read == value);
  }
}
