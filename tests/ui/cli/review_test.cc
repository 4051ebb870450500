#include "core/casework/casebook.h"
#include "tests/ui/cli/cli_helpers.h"

using namespace wayside;
using namespace wayside::cli::testing;

namespace {

/// A person with two addresses side by side, as two devices leave them that were apart.
struct TwoAddresses {
  Home home;
  std::string id;

  TwoAddresses() {
    home.solo();
    id = home.put("person", home.new_case(), {"forename=Priya", "address=4 Priory Close"});
    const auto vault = home.open();
    casework::FieldChange change;
    change.field = schema::current().type("person")->field("address");
    change.set = {Text{"9 Orchard Way"}};
    change.sets = true;
    change.shown.emplace();  // its author had seen nothing
    REQUIRE(casework::edit(*vault, *id_from_text<RecordId>(id), {change}, "", "test"));
  }
  json only_review() {
    const auto listed = home.run({"review", "list", "--json"});
    CHECK(listed.code == 4);  // something waits for a person
    const json reviews = listed.answer().at("reviews");
    REQUIRE(reviews.size() == 1);
    return reviews.at(0);
  }
  json address() { return home.ask({"get", id}).at("fields").at("address"); }
};

}  // namespace

TEST_CASE("two values stand side by side until a person keeps one of them") {
  TwoAddresses two;
  CHECK(two.address().at("values").size() == 2);
  const json review = two.only_review();
  CHECK(review.at("kind") == "values");
  CHECK(review.at("record") == two.id);
  CHECK(review.at("type") == "person");
  CHECK(review.at("field") == "address");
  CHECK(two.home.ask({"digest"}).at("open_reviews") == 1);

  const std::string review_id = review.at("id");
  const json shown = two.home.ask({"review", "show", review_id});
  REQUIRE(shown.at("values").size() == 2);
  std::string keep;
  for (const auto& value : shown.at("values")) {
    if (value.at("value") == "4 Priory Close") keep = value.at("dot");
  }
  CHECK(two.home.run({"review", "resolve", review_id, "--keep", keep}).code == 2);  // a reason is needed
  CHECK(two.home.ask({"review", "resolve", review_id, "--keep", keep, "--reason", "she said so"}).at("resolved") ==
        true);
  CHECK(two.address().at("shown") == "4 Priory Close");
  CHECK(two.address().at("values").size() == 1);
  CHECK(two.home.run({"review", "list"}).code == 0);
  // Both are in the history, with the decision's reason.
  CHECK(two.home.ask({"history", two.id, "--field", "address"}).at("entries").back().at("reason") == "she said so");
}

TEST_CASE("a person may write a third value instead") {
  TwoAddresses two;
  const std::string id = two.only_review().at("id");
  two.home.ask({"review", "resolve", id, "--set", "12 Mill Lane", "--reason", "asked her"});
  CHECK(two.address().at("shown") == "12 Mill Lane");
  CHECK(two.address().at("values").size() == 1);
}

TEST_CASE("a decision names one thing that is there") {
  TwoAddresses two;
  const std::string id = two.only_review().at("id");
  CHECK(two.home.run({"review", "resolve", id, "--reason", "why"}).code == 2);
  CHECK(two.home.run({"review", "resolve", id, "--keep", "x", "--set", "y", "--reason", "why"}).code == 2);
  CHECK(two.home.run({"review", "resolve", id, "--keep", "no dot", "--reason", "why"}).code == 2);
  CHECK(two.home.run({"review", "resolve", id, "--accept", "--reason", "why"}).code == 2);
  CHECK(two.home.run({"review", "show", "0123456789abcdef0123456789abcdef"}).code == 1);
  CHECK(two.home.run({"review", "show", ""}).code == 1);
  CHECK(two.address().at("values").size() == 2);
}

TEST_CASE("a record with two values is listed under both, and a person sees who wrote which") {
  TwoAddresses two;
  for (const char* address : {"address=4 Priory Close", "address=9 Orchard Way"}) {
    CHECK(two.home.ask({"list", "person", "--where", address}).at("count") == 1);
  }
  const auto text = two.home.run({"get", two.id}).out;
  CHECK(text.contains("waits for a decision"));
  CHECK(text.contains("9 Orchard Way   (Amina, "));
}
