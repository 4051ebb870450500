#include "ui/models/form.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/sample_snapshots.h"

using wayside::models::Commands;
using wayside::models::FormModel;
namespace pb = wayside::app::pb;

namespace {

pb::Form small_form() {
  pb::Form form;
  form.set_form_id("f1");
  form.set_record_id("r1");
  const auto add = [&](unsigned number, pb::FormField::Kind kind, std::initializer_list<const char*> items) {
    auto& field = *form.add_fields();
    field.set_field(number);
    field.set_kind(kind);
    for (const char* item : items) field.add_items(item);
  };
  add(1, pb::FormField::text, {"Priya"});
  add(2, pb::FormField::date, {"14 3 1991"});
  add(3, pb::FormField::list, {"Weaver Street"});
  add(4, pb::FormField::flag, {});
  add(5, pb::FormField::entries, {});
  return form;
}

FormModel opened(const pb::Form& form = small_form()) {
  FormModel model;
  model.take(form);
  return model;
}

void type(FormModel& model, std::size_t field, const char* text, std::int64_t now_ms) {
  model.fields()[field].items[0].insert(text);
  model.edited(model.fields()[field], now_ms);
}

pb::Command only(Commands& commands) {
  const auto all = commands.take();
  REQUIRE(all.size() == 1);
  return all[0];
}

}  // namespace

TEST_CASE("a form that was only opened differs in nothing and keeps no draft") {
  FormModel model = opened();
  Commands out;
  CHECK_FALSE(model.differs());
  CHECK_FALSE(model.draft_due_ms().has_value());
  model.keep_draft(10'000, true, out);
  CHECK(out.take().empty());
}

TEST_CASE("a draft goes 300 ms after the last keystroke and holds what differs") {
  FormModel model = opened();
  Commands out;
  type(model, 0, "n", 1000);
  CHECK(model.draft_due_ms() == 1300);
  model.keep_draft(1299, false, out);
  CHECK(out.take().empty());
  model.keep_draft(1300, false, out);
  const pb::Command command = only(out);
  REQUIRE(command.keep_draft().fields_size() == 1);
  CHECK(command.keep_draft().form_id() == "f1");
  CHECK(command.keep_draft().fields(0).field() == 1);
  CHECK(command.keep_draft().fields(0).items(0) == "Priyan");
  CHECK_FALSE(model.draft_due_ms().has_value());
}

TEST_CASE("somebody who never stops typing has a draft every second at most") {
  FormModel model = opened();
  for (std::int64_t now = 0; now <= 900; now += 100) type(model, 0, "x", now);
  CHECK(model.draft_due_ms() == 1000);
}

TEST_CASE("typing back to the beginning keeps an empty draft, so that the old one goes") {
  FormModel model = opened();
  Commands out;
  type(model, 0, "n", 0);
  model.keep_draft(300, false, out);
  (void)out.take();
  model.fields()[0].items[0].erase_back();
  model.edited(model.fields()[0], 400);
  CHECK_FALSE(model.differs());
  model.keep_draft(700, false, out);
  CHECK(only(out).keep_draft().fields_size() == 0);
}

TEST_CASE("news never overwrites what is being typed") {
  FormModel model = opened();
  type(model, 0, "nka", 0);
  pb::Form news = small_form();
  news.mutable_fields(0)->clear_items();
  news.mutable_fields(0)->add_items("Pia");
  news.mutable_fields(0)->set_error("Too short");
  news.set_draft_kept("08:47");
  model.take(news);
  CHECK(model.fields()[0].items[0].text() == "Priyanka");
  CHECK(model.fields()[0].complaint() == "Too short");
  CHECK(model.draft_line() == "Draft kept 08:47");
}

TEST_CASE("a save makes its own texts the new beginning, and leaves what was typed meanwhile") {
  FormModel model = opened();
  Commands out;
  type(model, 0, "nka", 0);
  model.save(out);
  const auto sent = out.take();
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].has_keep_draft());  // a save that fails has lost nothing
  CHECK(sent[1].save().fields(0).items(0) == "Priyanka");
  type(model, 1, "2", 100);
  pb::Form news = small_form();
  news.set_saved_count(1);
  news.mutable_fields(0)->set_items(0, "Priyanka");
  model.take(news);
  CHECK(model.fields()[0].items[0].text() == "Priyanka");
  CHECK_FALSE(model.fields()[0].differs());
  CHECK(model.fields()[1].items[0].text() == "14 3 19912");
  CHECK(model.fields()[1].differs());
}

TEST_CASE("after a save an entry's box is empty again and the form says that it is saved") {
  FormModel model = opened();
  Commands out;
  type(model, 4, "She rang again.", 0);
  model.save(out);
  pb::Form news = small_form();
  news.set_saved_count(1);
  model.take(news);
  CHECK(model.fields()[4].items[0].empty());
  CHECK_FALSE(model.differs());
  CHECK(model.draft_line() == "Saved");
}

TEST_CASE("another opening of a form starts from its own items") {
  FormModel model = opened();
  type(model, 0, "nka", 0);
  pb::Form other = small_form();
  other.set_form_id("f2");
  model.take(other);
  CHECK(model.fields()[0].items[0].text() == "Priya");
  CHECK_FALSE(model.draft_due_ms().has_value());
}

TEST_CASE("a restored draft differs from the record until it is saved or undone") {
  pb::Form form = small_form();
  form.set_restored_draft(true);
  form.mutable_fields(0)->set_items(0, "Priyanka");
  form.mutable_fields(0)->set_from_draft(true);
  FormModel model = opened(form);
  Commands out;
  CHECK(model.differs());
  model.save(out);
  CHECK(only(out).save().fields(0).items(0) == "Priyanka");
  model.undo_changes(out);
  CHECK(only(out).discard_draft().form_id() == "f1");
  model.take(small_form());  // the worker has discarded it
  CHECK(model.fields()[0].items[0].text() == "Priya");
  CHECK_FALSE(model.differs());
}

TEST_CASE("undo brings every box back") {
  FormModel model = opened();
  Commands out;
  type(model, 0, "x", 0);
  model.add_item(model.fields()[2], "Market Place", 0);
  model.set_single(model.fields()[3], "yes", 0);
  model.undo_changes(out);
  CHECK_FALSE(model.differs());
  CHECK(model.fields()[2].items.size() == 1);
  CHECK(model.fields()[3].items[0].empty());
}

TEST_CASE("a list takes an item once, gives it back, and counts one that was typed and not added") {
  FormModel model = opened();
  auto& list = model.fields()[2];
  model.add_item(list, " Weaver Street ", 0);
  CHECK(list.items.size() == 1);
  list.adding.insert("Market Place");
  CHECK(list.texts() == std::vector<std::string>{"Weaver Street", "Market Place"});
  model.add_item(list, "Market Place", 0);
  CHECK(list.adding.empty());
  model.remove_item(list, 0, 0);
  CHECK(list.texts() == std::vector<std::string>{"Market Place"});
  CHECK(list.differs());
}

TEST_CASE("a field with two values is sent only when a third is written") {
  FormModel model = opened(wayside::support::sample_case().case_().form());
  auto& address = model.fields()[2];
  REQUIRE(address.shown.two_values());
  CHECK_FALSE(address.differs());
  model.write_another(address);
  address.items[0].insert("12 Castle Street");
  CHECK(address.differs());
  CHECK(address.texts() == std::vector<std::string>{"12 Castle Street"});
}

TEST_CASE("a hint comes when the box is left, goes when it reads well, and the worker's word wins") {
  FormModel model = opened();
  auto& date = model.fields()[1];
  date.items[0].set_text("31 2 1991");
  model.edited(date, 0);
  CHECK(date.complaint().empty());
  model.left(date);
  CHECK_FALSE(date.complaint().empty());
  date.items[0].set_text("28 2 1991");
  model.edited(date, 0);
  CHECK(date.complaint().empty());
}

TEST_CASE("an error goes when its field is answered, and comes again when a save still finds it") {
  pb::Form form = small_form();
  form.mutable_fields(1)->set_error("2991 is in the future. Check the year.");
  FormModel model = opened(form);
  auto& date = model.fields()[1];
  CHECK(date.complaint() == form.fields(1).error());
  type(model, 1, "2", 0);
  CHECK(date.complaint().empty());
  model.take(form);  // news of the draft carries the old error along
  CHECK(date.complaint().empty());
  Commands out;
  model.save(out);
  CHECK(date.complaint() == form.fields(1).error());
}

TEST_CASE("after a save that found errors the first of them is shown once") {
  FormModel model = opened();
  Commands out;
  CHECK_FALSE(model.take_first_error().has_value());
  model.save(out);
  pb::Form news = small_form();
  news.mutable_fields(1)->set_error("2991 is in the future. Check the year.");
  model.take(news);
  CHECK(model.take_first_error() == 1);
  CHECK_FALSE(model.take_first_error().has_value());
}
