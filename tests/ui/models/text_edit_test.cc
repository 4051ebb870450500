#include "ui/models/text_edit.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

using wayside::models::TextEdit;
using wayside::models::TextLayout;
using Move = TextEdit::Move;

namespace {

TextEdit one_line(std::string_view text) { return TextEdit(TextEdit::Shape::one_line, text); }
TextEdit many_lines(std::string_view text) { return TextEdit(TextEdit::Shape::many_lines, text); }
TextLayout ten_wide(const TextEdit& edit) {
  return TextLayout(edit.text(), 100, [](std::uint32_t) { return 10.0f; });
}

}  // namespace

TEST_CASE("typing goes where the caret is and replaces a selection") {
  TextEdit edit = one_line("Flat 2, Mill Lane");
  edit.place_caret(5, false);
  edit.place_caret(6, true);
  CHECK(edit.selected() == "2");
  CHECK(edit.insert("14"));
  CHECK(edit.text() == "Flat 14, Mill Lane");
  CHECK(edit.caret() == 7);
  CHECK_FALSE(edit.has_selection());
}

TEST_CASE("one line takes no line break and no control character") {
  TextEdit edit = one_line("");
  edit.insert("9 Orchard Way\r\nOadby\x01\t\x7F");
  CHECK(edit.text() == "9 Orchard Way Oadby ");
}

TEST_CASE("marks that turn the writing do not come in with what is pasted; those of Arabic and Urdu do") {
  TextEdit edit = one_line("");
  edit.insert("\xE2\x80\xAA" "0116 496 0000" "\xE2\x80\xAC");   // as an address book copies a number
  CHECK(edit.text() == "0116 496 0000");
  TextEdit urdu = one_line("");
  urdu.insert("\xE2\x81\xA7" "زینب" "\xE2\x81\xA9" " \xE2\x80\x8F!");
  CHECK(urdu.text() == "زینب \xE2\x80\x8F!");
}

TEST_CASE("many lines keep line breaks, whatever system wrote them") {
  TextEdit edit = many_lines("");
  edit.insert("one\r\ntwo\rthree\nfour");
  CHECK(edit.text() == "one\ntwo\nthree\nfour");
}

TEST_CASE("the caret never stands inside a character") {
  TextEdit edit = one_line("Zoë e\u0301 ₤");
  edit.move(Move::text_start, false);
  std::string walked;
  for (std::size_t before = 0; before < edit.text().size(); before = edit.caret()) {
    edit.move(Move::right, false);
    REQUIRE(edit.caret() > before);
    walked += "[" + edit.text().substr(before, edit.caret() - before) + "]";
  }
  CHECK(walked == "[Z][o][ë][ ][e\u0301][ ][₤]");
  edit.erase_back();
  edit.erase_back();
  edit.erase_back();
  CHECK(edit.text() == "Zoë ");
}

TEST_CASE("broken UTF-8 stops no walk") {
  TextEdit edit = one_line(std::string("a\xC3", 2));
  edit.insert(std::string("\xFF\x80z", 3));
  for (int i = 0; i < 10; ++i) edit.move(Move::left, false);
  CHECK(edit.caret() == 0);
  for (int i = 0; i < 10; ++i) edit.erase_forward();
  CHECK(edit.empty());
}

TEST_CASE("Ctrl moves by words and erases by words") {
  TextEdit edit = one_line("Don't ring, text her");
  edit.move(Move::word_left, false);
  CHECK(edit.text().substr(edit.caret()) == "her");
  edit.move(Move::word_left, false);
  CHECK(edit.text().substr(edit.caret()) == "text her");
  edit.erase_back(true);
  CHECK(edit.text() == "Don't text her");
  edit.erase_back(true);
  CHECK(edit.text() == "text her");
  edit.erase_forward(true);
  CHECK(edit.text() == " her");
}

TEST_CASE("an arrow without Shift leaves a selection at its side") {
  TextEdit edit = one_line("Oadby");
  edit.select_all();
  edit.move(Move::left, false);
  CHECK(edit.caret() == 0);
  edit.select_all();
  edit.move(Move::right, false);
  CHECK(edit.caret() == 5);
}

TEST_CASE("a double click selects a word") {
  TextEdit edit = one_line("9 Orchard Way");
  edit.select_word(4);
  CHECK(edit.selected() == "Orchard");
  edit.select_word(0);
  CHECK(edit.selected() == "9");
  edit.select_word(edit.text().size());
  CHECK(edit.selected() == "Way");
}

TEST_CASE("undo takes back a word at a time, redo brings it again") {
  TextEdit edit = one_line("");
  for (const char* letter : {"n", "o", " ", "k", "e", "y"}) edit.insert(letter);
  CHECK(edit.undo());
  CHECK(edit.text() == "no ");
  CHECK(edit.undo());
  CHECK(edit.text().empty());
  CHECK_FALSE(edit.undo());
  CHECK(edit.redo());
  CHECK(edit.redo());
  CHECK(edit.text() == "no key");
  CHECK_FALSE(edit.redo());
}

TEST_CASE("typing after undo forgets what was undone") {
  TextEdit edit = one_line("");
  edit.insert("old words");
  edit.undo();
  edit.insert("n");
  CHECK_FALSE(edit.redo());
  CHECK(edit.text() == "n");
}

TEST_CASE("text that comes from outside has no undo behind it") {
  TextEdit edit = one_line("");
  edit.insert("typed");
  edit.set_text("from the worker");
  CHECK_FALSE(edit.undo());
  CHECK(edit.text() == "from the worker");
}

TEST_CASE("undo is bounded in steps") {
  TextEdit edit = one_line("");
  for (std::size_t i = 0; i < TextEdit::kUndoSteps + 50; ++i) edit.insert("word ");
  std::size_t steps = 0;
  while (edit.undo()) ++steps;
  CHECK(steps == TextEdit::kUndoSteps);
}

TEST_CASE("a text never grows over its limit, and is cut between characters") {
  TextEdit edit = many_lines(std::string(TextEdit::kMostBytes - 1, 'x'));
  edit.insert("é");
  CHECK(edit.text().size() == TextEdit::kMostBytes - 1);
  edit.insert("yz");
  CHECK(edit.text().size() == TextEdit::kMostBytes);
}

TEST_CASE("up and down keep the column over shorter lines") {
  TextEdit edit = many_lines("a long line\nab\nanother one");
  edit.place_caret(8, false);
  TextLayout layout(edit.text(), 1000, [](std::uint32_t) { return 10.0f; });
  edit.move_lines(layout, 1, false);
  CHECK(edit.caret() == 14);  // the end of "ab"
  edit.move_lines(layout, 1, false);
  CHECK(edit.caret() == 15 + 8);
  edit.move_lines(layout, 1, false);
  CHECK(edit.caret() == edit.text().size());
  edit.move_lines(layout, -5, true);
  CHECK(edit.caret() == 0);
  CHECK(edit.has_selection());
}

TEST_CASE("Home and End go by the lines on the screen") {
  TextEdit edit = many_lines("wrapped words here");
  edit.place_caret(10, false);
  edit.move_to_line_edge(ten_wide(edit), false, false);
  CHECK(edit.caret() == 8);
  edit.move_to_line_edge(ten_wide(edit), true, true);
  CHECK(edit.selected() == "words here");
}

TEST_CASE("a moved box leaves nothing behind") {
  TextEdit edit = one_line("Text the code word");
  TextEdit other = std::move(edit);
  CHECK(other.text() == "Text the code word");
  edit = one_line("x");
  CHECK(edit.text() == "x");
}
