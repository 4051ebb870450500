#include "sync/spool/inbox.h"

#include "tests/sync/spool/spool_helpers.h"

using namespace wayside;
using namespace wayside::spool;
using namespace wayside::spool::testing;
using support::FakeFiles;

namespace {

/// A courier's visit: stores `pages` pages, each with its cursor.
void deliver(FakeFiles& files, std::uint64_t first, std::uint64_t pages, std::size_t bytes = 600) {
  auto cursors = need(Cursors::open(files, kLayout));
  auto inbox = need(InboxWriter::open(files, kLayout, cursors));
  for (std::uint64_t number = first; number < first + pages; ++number)
    need(cursors.save(containing(need(inbox.append(page(number, bytes))))));
}

std::vector<std::uint64_t> positions(InboxReader& reader) {
  std::vector<std::uint64_t> found;
  while (auto each = need(reader.next())) found.push_back(each->page.position());
  return found;
}

bool starts_over(FakeFiles& files) {
  auto cursors = need(Cursors::open(files, kLayout));
  const bool over = need(InboxWriter::open(files, kLayout, cursors)).started_over();
  if (over) {
    CHECK(cursors.now().ledgers.empty());
    CHECK(cursors.now().position == 0);
    CHECK(cursors.now().generation == Bytes(16, 'g'));
  }
  return over;
}

void damage_frame(FakeFiles& files, std::uint32_t segment, BytesView inside) {
  const platform::Path path = segment_path(kLayout.inbox(), segment);
  Bytes bytes = files.contents().at(path.string());
  const std::size_t at = bytes.find(inside);
  REQUIRE(at != Bytes::npos);
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  put(files, path, bytes);
}

}  // namespace

TEST_CASE("the vault reads pages in order, from where it marked them as folded") {
  FakeFiles files;
  deliver(files, 1, 3);
  {
    auto reader = need(InboxReader::open(files, kLayout));
    CHECK(need(reader.next())->page.SerializeAsString() == page(1).SerializeAsString());
    need(reader.mark_folded(1));
    CHECK(positions(reader) == std::vector<std::uint64_t>{2, 3});
  }
  auto reader = need(InboxReader::open(files, kLayout));
  CHECK(positions(reader) == std::vector<std::uint64_t>{2, 3});
  deliver(files, 4, 1);
  CHECK(positions(reader) == std::vector<std::uint64_t>{4});
  need(reader.mark_folded(4));
  CHECK(need(read_folded(files, kLayout)).number == 4);
  CHECK(reader.damage().empty());
}

TEST_CASE("folded segments are deleted by the next courier, and numbers go on") {
  FakeFiles files;
  deliver(files, 1, 6, 1'000'000);
  const std::size_t segments = need(list_segments(files, kLayout.inbox())).size();
  REQUIRE(segments > 1);
  auto reader = need(InboxReader::open(files, kLayout));
  CHECK(positions(reader).size() == 6);
  need(reader.mark_folded(6));
  deliver(files, 7, 1);
  CHECK(need(list_segments(files, kLayout.inbox())).size() < segments);
  CHECK(positions(reader) == std::vector<std::uint64_t>{7});
  CHECK_FALSE(starts_over(files));
}

TEST_CASE("power that fails at any moment leaves no cursor ahead of the inbox") {
  for (std::uint64_t step = 0; step < 25; ++step) {
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      FakeFiles files;
      deliver(files, 1, 2);
      files.power_off_at(step);
      auto cursors = Cursors::open(files, kLayout);
      if (cursors) {
        auto inbox = InboxWriter::open(files, kLayout, *cursors);
        for (std::uint64_t number = 3; inbox && number < 6; ++number) {
          const auto stored = inbox->append(page(number));
          if (!stored || !cursors->save(containing(*stored))) break;
        }
      }
      files.crash(seed);
      CHECK_FALSE(starts_over(files));
      const Cursor cursor = need(read_cursor(files, kLayout));
      auto reader = need(InboxReader::open(files, kLayout));
      CHECK(positions(reader).size() >= cursor.inbox_number);
    }
  }
}

TEST_CASE("a frame that the vault can no longer read is fetched again, once") {
  FakeFiles files;
  deliver(files, 1, 4);
  damage_frame(files, 1, "2cccc");   // page 2
  SECTION("found by the courier") { CHECK(starts_over(files)); }
  SECTION("found by the vault, which folds the rest") {
    auto reader = need(InboxReader::open(files, kLayout));
    CHECK(positions(reader) == std::vector<std::uint64_t>{1, 3, 4});
    CHECK(reader.damage().size() == 2);   // the place, and which frame
    need(reader.mark_folded(4));
    CHECK(starts_over(files));
  }
  CHECK_FALSE(starts_over(files));
  auto reader = need(InboxReader::open(files, kLayout));
  positions(reader);
  deliver(files, 1, 4);
  CHECK(positions(reader) == std::vector<std::uint64_t>{1, 2, 3, 4});
  need(reader.mark_folded(reader.folded() + 8));
  CHECK_FALSE(starts_over(files));
}

TEST_CASE("an inbox that was taken away is fetched again, and new frames do not reuse its numbers") {
  FakeFiles files;
  deliver(files, 1, 3);
  need(files.remove(segment_path(kLayout.inbox(), 1)));
  CHECK(starts_over(files));
  deliver(files, 1, 1);
  auto reader = need(InboxReader::open(files, kLayout));
  CHECK(need(reader.next())->number == 4);
  CHECK(reader.damage().empty());   // the courier knows
}

TEST_CASE("a page over the frame's limit becomes several, with the heads in the last") {
  wire::pb::PullAnswer large = page(1, 900'000);
  for (std::uint64_t number = 2; number <= 9; ++number) large.add_deliveries()->CopyFrom(page(number, 900'000).deliveries(0));
  large.set_heads(Bytes(1'000'000, 'h'));
  const auto parts = split_page(large);
  REQUIRE(parts.size() > 2);
  int deliveries = 0;
  for (const auto& part : parts) {
    CHECK(part.ByteSizeLong() < kMaxFrameBytes);
    deliveries += part.deliveries_size();
    CHECK(part.heads().empty() == (&part != &parts.back()));
    CHECK(part.more() == (&part != &parts.back()));
  }
  CHECK(deliveries == 9);
  CHECK(parts.back().position() == 1);

  FakeFiles files;
  auto cursors = need(Cursors::open(files, kLayout));
  auto inbox = need(InboxWriter::open(files, kLayout, cursors));
  CHECK(need(inbox.append(large)) == parts.size());
  auto reader = need(InboxReader::open(files, kLayout));
  CHECK(positions(reader).size() == parts.size());
}

TEST_CASE("thousands of marks keep folded.seg short") {
  FakeFiles files;
  auto reader = need(InboxReader::open(files, kLayout));
  for (std::uint64_t number = 1; number <= 10'000; ++number) need(reader.mark_folded(number));
  CHECK(files.contents().at(kLayout.folded().string()).size() < 70'000);
  files.crash(0);
  CHECK(need(InboxReader::open(files, kLayout)).folded() == 10'000);
}

TEST_CASE("in a new generation of the office the courier begins anew, with nothing of what the old one answered") {
  FakeFiles files;
  deliver(files, 1, 2);
  {
    auto cursors = need(Cursors::open(files, kLayout));
    wire::pb::CursorFrame change;
    change.set_parts_sent(Bytes(32, 'p'));
    change.set_pushed_up_to(7);
    change.set_accepted(Bytes(16, 'g'));
    auto& trouble = *change.add_trouble();
    trouble.set_id(Bytes(32, 'e'));
    trouble.set_status(wire::pb::Taken::quarantined);
    need(cursors.save(change));
  }
  {
    auto reader = need(InboxReader::open(files, kLayout));
    CHECK(positions(reader).size() == 2);
    need(reader.mark_folded(2));
    need(reader.ask_for_all(Bytes(16, 'n')));
  }
  {
    auto cursors = need(Cursors::open(files, kLayout));
    const auto inbox = need(InboxWriter::open(files, kLayout, cursors));
    CHECK(inbox.started_over());
    CHECK_FALSE(inbox.accepted());
    CHECK(cursors.now().generation == Bytes(16, 'n'));
    CHECK(cursors.now().anew);
    CHECK(cursors.now().pushed_up_to == 7);
    CHECK(cursors.now().trouble.empty());
    CHECK(cursors.now().parts_sent.empty());
    CHECK(cursors.now().accepted.empty());
  }
  {
    auto reader = need(InboxReader::open(files, kLayout));
    need(reader.accept(Bytes(16, 'n')));
  }
  auto cursors = need(Cursors::open(files, kLayout));
  const auto inbox = need(InboxWriter::open(files, kLayout, cursors));
  CHECK_FALSE(inbox.started_over());
  CHECK(inbox.accepted());
}
