#include "sync/spool/cursors.h"

#include "tests/sync/spool/spool_helpers.h"

using namespace wayside;
using namespace wayside::spool;
using namespace wayside::spool::testing;
using support::FakeFiles;
using wire::pb::CursorFrame;
using wire::pb::Taken;

namespace {

CursorFrame change(std::uint64_t number) {
  CursorFrame frame;
  if (number == 1) frame.set_generation(Bytes(16, 'g'));
  frame.set_position(number * 10);
  frame.set_pushed_up_to(number);
  frame.set_inbox_number(number);
  frame.set_membership(number);
  frame.set_membership_head(Bytes(32, static_cast<char>('a' + number % 20)));
  auto& ledger = *frame.add_ledgers();
  ledger.set_ledger(Bytes(16, static_cast<char>('A' + number % 7)));
  ledger.set_lsn(number);
  ledger.set_head(Bytes(32, static_cast<char>('0' + number % 10)));
  auto& trouble = *frame.add_trouble();
  trouble.set_id(envelope_id(number % 5).str());
  trouble.set_status(number % 3 == 0 ? Taken::known : Taken::fork);
  trouble.set_other(Bytes(32, 'o'));
  if (number % 3 == 1) {
    frame.mutable_sending()->set_incarnation(Bytes(16, 'i'));
    frame.mutable_sending()->set_token(Bytes(16, static_cast<char>('a' + number % 20)));
    if (number > 1) frame.mutable_sending()->set_before(Bytes(16, 'b'));
  }
  frame.set_sending_taken(number % 3 == 2);
  return frame;
}

Cursor after(std::uint64_t changes) {
  Cursor cursor;
  for (std::uint64_t number = 1; number <= changes; ++number) need(apply(cursor, change(number)));
  return cursor;
}

}  // namespace

TEST_CASE("cursors come back as saved, change by change") {
  FakeFiles files;
  CHECK(need(read_cursor(files, kLayout)) == Cursor{});
  for (std::uint64_t number = 1; number <= 30; ++number) {
    auto cursors = need(Cursors::open(files, kLayout));
    CHECK(cursors.now() == after(number - 1));
    need(cursors.save(change(number)));
    CHECK(need(read_cursor(files, kLayout)) == after(number));
  }
}

TEST_CASE("a saved cursor outlives the power, and one under way is there whole or not at all") {
  for (std::uint64_t step = 0; step < 12; ++step) {
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
      FakeFiles files;
      std::uint64_t saved = 0;
      auto cursors = need(Cursors::open(files, kLayout));
      for (; saved < 3; ++saved) need(cursors.save(change(saved + 1)));
      files.power_off_at(step);
      while (saved < 20 && cursors.save(change(saved + 1))) ++saved;
      files.crash(seed);
      const Cursor found = need(Cursors::open(files, kLayout)).now();
      CHECK((found == after(saved) || found == after(saved + 1)));
    }
  }
}

TEST_CASE("a long file is rewritten as one state, and a reader never sees less") {
  FakeFiles files;
  auto cursors = need(Cursors::open(files, kLayout));
  Cursor expected;
  std::uint64_t largest = 0;
  for (std::uint64_t number = 1; number <= 3000; ++number) {
    need(cursors.save(change(number)));
    need(apply(expected, change(number)));
    largest = std::max<std::uint64_t>(largest, files.contents().at(kLayout.cursors().string()).size());
    if (number % 500 == 0) CHECK(need(read_cursor(files, kLayout)) == expected);
  }
  CHECK(largest < 300'000);
  CHECK(cursors.now() == expected);
  CHECK(need(Cursors::open(files, kLayout)).now() == expected);
}

TEST_CASE("a disk too full to rewrite the file costs nothing") {
  FakeFiles files;
  auto cursors = need(Cursors::open(files, kLayout));
  std::uint64_t number = 0;
  while (files.contents().at(kLayout.cursors().string()).size() < 250'000) need(cursors.save(change(++number)));
  files.fail_at(support::FileOperation::rename, 0, Errc::disk_full, true);
  for (int i = 0; i < 200; ++i) need(cursors.save(change(++number)));
  CHECK(need(read_cursor(files, kLayout)) == after(number));
}

TEST_CASE("damage anywhere leaves an older true state, and the next save works") {
  FakeFiles files;
  {
    auto cursors = need(Cursors::open(files, kLayout));
    for (std::uint64_t number = 1; number <= 4; ++number) need(cursors.save(change(number)));
  }
  const Bytes whole = files.contents().at(kLayout.cursors().string());
  for (std::size_t at = 0; at < whole.size(); at += 3) {
    Bytes bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    put(files, kLayout.cursors(), bytes);
    auto cursors = Cursors::open(files, kLayout);
    if (!cursors) {
      CHECK(cursors.error().code == Errc::newer_format);   // the version byte
      continue;
    }
    const Cursor found = cursors->now();
    bool true_once = false;
    for (std::uint64_t number = 0; number <= 4; ++number) true_once = true_once || found == after(number);
    CHECK(true_once);
    CHECK(found != after(4));
    need(cursors->save(change(9)));
    Cursor expected = found;
    need(apply(expected, change(9)));
    CHECK(need(read_cursor(files, kLayout)) == expected);
  }
}

TEST_CASE("a ledger with lsn 0 leaves the cursor, and trouble that was answered well is over") {
  Cursor cursor = after(2);
  REQUIRE(cursor.ledgers.size() == 2);
  REQUIRE(cursor.trouble.size() == 2);
  CursorFrame frame;
  auto& ledger = *frame.add_ledgers();
  ledger.set_ledger(cursor.ledgers.begin()->first.str());
  ledger.set_head(Bytes(32, 'x'));
  auto& trouble = *frame.add_trouble();
  trouble.set_id(envelope_id(1).str());
  trouble.set_status(Taken::stored);
  need(apply(cursor, frame));
  CHECK(cursor.ledgers.size() == 1);
  CHECK(cursor.trouble.size() == 1);
  CHECK(cursor.position == 20);
}

TEST_CASE("a state of many ledgers is written in several frames") {
  Cursor cursor;
  for (std::uint64_t number = 0; number < 45'000; ++number)
    cursor.ledgers[*LedgerId::from(envelope_id(number).view().substr(0, 16))] = {number + 1, id_of<Digest>('h')};
  FakeFiles files;
  auto cursors = need(Cursors::open(files, kLayout));
  need(cursors.replace(cursor));
  CHECK(whole_frames(cursor).size() == 3);
  CHECK(need(read_cursor(files, kLayout)) == cursor);
}
