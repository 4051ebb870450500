#include "core/vault/drafts.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/fleet.h"

using namespace wayside;
using namespace wayside::support;
using vault::Draft;
using vault::Drafts;
using vault::FormId;

namespace {

FormId form(char name) {
  FormId id;
  id.bytes.fill(name);
  return id;
}

Draft draft(char name, std::string text) {
  Draft out;
  out.form = form(name);
  out.record.bytes.fill(name);
  out.case_id = RecordId{};
  out.type = "note";
  out.is_new = true;
  out.time_ms = 1'750'000'000'000;
  out.fields = {{19, {std::move(text)}}, {30, {"guj", "eng", ""}}};
  ledger::Dot dot;
  dot.device.bytes.fill(name);
  dot.index = 7;
  out.shown = {{19, {dot, ledger::Dot{}}}, {20, {}}};
  return out;
}

/// One device, its drafts opened.
struct Desk {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  platform::Path file = amina.home / "drafts";

  Drafts open() { return need(Drafts::open(*amina)); }
  FakeFiles& files() { return amina.world->files; }
  Bytes bytes() { return files().contents().at(file.string()); }
};

std::string text_of(const Drafts& drafts, char name) {
  const Draft* found = drafts.find(form(name));
  return found == nullptr ? "(none)" : found->fields.at(0).items.at(0);
}

}  // namespace

TEST_CASE("a draft comes back as it was typed, with what the form showed when it opened") {
  Desk desk;
  {
    Drafts drafts = desk.open();
    CHECK(drafts.all().empty());
    need(drafts.keep(draft('a', "half a sentence")));
  }
  const Drafts drafts = desk.open();
  REQUIRE(drafts.all().size() == 1);
  const Draft& back = drafts.all()[0];
  const Draft expected = draft('a', "half a sentence");
  CHECK(back.form == expected.form);
  CHECK(back.record == expected.record);
  CHECK(back.case_id == expected.case_id);
  CHECK(back.type == "note");
  CHECK(back.is_new);
  CHECK(back.time_ms == expected.time_ms);
  REQUIRE(back.fields.size() == 2);
  CHECK(back.fields[1].items == expected.fields[1].items);
  REQUIRE(back.shown.size() == 2);
  CHECK(back.shown[0].dots == expected.shown[0].dots);
  CHECK(drafts.of_record(expected.record) == &back);
  CHECK(drafts.of_record(RecordId{}) == nullptr);
}

TEST_CASE("a draft replaces the one of the same form, and a discarded one stays away") {
  Desk desk;
  {
    Drafts drafts = desk.open();
    need(drafts.keep(draft('a', "one")));
    need(drafts.keep(draft('b', "other form")));
    need(drafts.keep(draft('a', "two")));
    CHECK(text_of(drafts, 'a') == "two");
    CHECK(drafts.all().size() == 2);
    need(drafts.discard(form('b')));
    need(drafts.discard(form('x')));   // never kept: nothing to do
  }
  Drafts drafts = desk.open();
  CHECK(drafts.all().size() == 1);
  CHECK(text_of(drafts, 'a') == "two");
  CHECK(text_of(drafts, 'b') == "(none)");
}

TEST_CASE("opening drafts leaves only the newest of each form on the disk") {
  Desk desk;
  {
    Drafts drafts = desk.open();
    for (int i = 0; i < 100; ++i) need(drafts.keep(draft('a', "version " + std::to_string(i))));
  }
  const std::size_t before = desk.bytes().size();
  CHECK(text_of(desk.open(), 'a') == "version 99");
  CHECK(desk.bytes().size() * 20 < before);
}

TEST_CASE("a long day of typing does not grow the file without end") {
  Desk desk;
  Drafts drafts = desk.open();
  const std::string page(200'000, 'p');
  for (int i = 0; i < 400; ++i) need(drafts.keep(draft('a', page + std::to_string(i))));
  CHECK(desk.bytes().size() < 20'000'000);
  CHECK(text_of(desk.open(), 'a') == page + "399");
}

TEST_CASE("a draft too long for its frame is refused, and the ones before and after it stay") {
  Desk desk;
  {
    Drafts drafts = desk.open();
    need(drafts.keep(draft('a', "before")));
    CHECK(code_of(drafts.keep(draft('b', std::string(3 << 20, 'x')))) == Errc::too_large);
    need(drafts.keep(draft('c', "after")));
  }
  const Drafts drafts = desk.open();
  CHECK(text_of(drafts, 'a') == "before");
  CHECK(text_of(drafts, 'c') == "after");
}

TEST_CASE("what is typed need not be clean text to be kept") {
  Desk desk;
  need(desk.open().keep(draft('a', "pasted \xff\xfe bytes")));
  const Drafts drafts = desk.open();
  CHECK(drafts.unreadable() == 0);
  CHECK(text_of(drafts, 'a') == "pasted \xff\xfe bytes");
}

TEST_CASE("a torn tail costs the last draft alone, and what is kept afterwards is found") {
  Desk desk;
  std::size_t whole = 0;
  {
    Drafts drafts = desk.open();
    need(drafts.keep(draft('a', "one")));
    whole = desk.bytes().size();
    need(drafts.keep(draft('b', "two")));
  }
  const Bytes all = desk.bytes();
  for (std::size_t size = whole; size < all.size(); ++size) {
    desk.files().tamper(desk.file, all.substr(0, size));
    {
      Drafts drafts = desk.open();
      if (text_of(drafts, 'a') != "one" || text_of(drafts, 'b') != "(none)") FAIL_CHECK("cut at " << size);
      need(drafts.keep(draft('c', "three")));
    }
    const Drafts drafts = desk.open();
    if (text_of(drafts, 'a') != "one" || text_of(drafts, 'c') != "three") FAIL_CHECK("kept after a cut at " << size);
  }
}

TEST_CASE("an entry that does not open is left on the disk, and hides none of the others, even behind a torn tail") {
  Desk desk;
  Fleet strangers(5);
  Device& ben = strangers.add("Ben");
  need(need(Drafts::open(*ben)).keep(draft('z', "sealed to another vault")));
  const Bytes foreign = ben.world->files.contents().at((ben.home / "drafts").string()).substr(8);
  {
    Drafts drafts = desk.open();
    need(drafts.keep(draft('a', "one")));
  }
  const Bytes mine = desk.bytes();
  desk.files().tamper(desk.file, mine + foreign + mine.substr(8, mine.size() / 2));
  for (int times = 0; times < 3; ++times) {
    Drafts drafts = desk.open();
    CHECK(drafts.unreadable() == (times == 0 ? 1 : 0));
    CHECK(text_of(drafts, 'a') == "one");
    if (times > 0) CHECK(text_of(drafts, static_cast<char>('c' + times - 1)) == "kept");
    need(drafts.keep(draft(static_cast<char>('c' + times), "kept")));
  }
  CHECK(desk.files().contents().at(desk.file.string() + ".unreadable-1").find(foreign) != Bytes::npos);
}

TEST_CASE("a damaged entry hides none of those behind it") {
  Desk desk;
  std::size_t first = 0;
  {
    Drafts drafts = desk.open();
    need(drafts.keep(draft('a', "one")));
    first = desk.bytes().size();
    need(drafts.keep(draft('b', "two")));
  }
  const Bytes good = desk.bytes();
  for (std::size_t at = 12; at < first; ++at) {   // all of the first entry but its length
    Bytes bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 4);
    desk.files().tamper(desk.file, bad);
    const Drafts drafts = desk.open();
    if (drafts.unreadable() != 1 || text_of(drafts, 'b') != "two") FAIL_CHECK("byte " << at);
  }
}

TEST_CASE("a file that is not ours is put aside, not overwritten, and drafts can be kept") {
  Desk desk;
  (void)desk.open();
  const Bytes later = Bytes("WSDRAFT\2", 8) + "of a later version";
  desk.files().tamper(desk.file, later);
  {
    Drafts drafts = desk.open();
    CHECK(drafts.unreadable() == 1);
    need(drafts.keep(draft('a', "one")));
  }
  CHECK(text_of(desk.open(), 'a') == "one");
  bool kept = false;
  for (const auto& [name, content] : desk.files().contents()) kept = kept || content == later;
  CHECK(kept);
}

TEST_CASE("power lost at any operation loses no draft that was kept, and brings none back that was discarded") {
  std::uint64_t points = 0;
  for (const std::uint64_t seed : {0u, 1u, 2u}) {
    for (std::uint64_t n = 0;; ++n) {
      Desk desk;
      std::string a = "(none)";
      bool discarded = false;
      desk.files().power_off_at(n);
      const std::uint64_t before = desk.files().counts().operations;
      {
        auto drafts = Drafts::open(*desk.amina);
        for (int i = 0; drafts && i < 3; ++i) {
          if (drafts->keep(draft('a', std::to_string(i)))) a = std::to_string(i);
          if (i == 1) (void)drafts->keep(draft('b', "to go"));
        }
        discarded = drafts && drafts->discard(form('b')).has_value();
      }
      const bool reached = desk.files().counts().operations > before + n;
      desk.files().crash(seed == 0 ? 0 : seed * 1'000 + n);
      desk.fleet.reopen(desk.amina);
      INFO("operation " << n << ", seed " << seed);
      const Drafts drafts = desk.open();
      CHECK(drafts.unreadable() == 0);
      if (a == "(none)") CHECK((text_of(drafts, 'a') == "(none)" || text_of(drafts, 'a') == "0"));
      else CHECK(text_of(drafts, 'a') >= a);
      if (discarded && reached) CHECK(text_of(drafts, 'b') == "(none)");
      if (!reached) break;
      ++points;
    }
  }
  CHECK(points > 20);
}

TEST_CASE("a full disk keeps the draft that was kept before, and the next one once there is room") {
  Desk desk;
  Drafts drafts = desk.open();
  need(drafts.keep(draft('a', "one")));
  desk.files().limit_growth(10);
  CHECK(code_of(drafts.keep(draft('a', "two"))) == Errc::disk_full);
  CHECK(text_of(drafts, 'a') == "one");
  CHECK(text_of(desk.open(), 'a') == "one");
  desk.files().heal();
  need(drafts.keep(draft('a', "three")));
  CHECK(text_of(desk.open(), 'a') == "three");
}

TEST_CASE("no draft stands readable on the disk") {
  Desk desk;
  Drafts drafts = desk.open();
  need(drafts.keep(draft('a', "draft-canary-RR")));
  for (const auto& [name, content] : desk.files().contents()) CHECK(content.find("canary") == Bytes::npos);
}

TEST_CASE("changing any byte of a drafts file never crashes") {
  Desk desk;
  {
    Drafts drafts = desk.open();
    need(drafts.keep(draft('a', "one")));
  }
  const Bytes good = desk.bytes();
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x41);
    desk.files().tamper(desk.file, bad);
    CHECK(text_of(desk.open(), 'a') == "(none)");
  }
}
