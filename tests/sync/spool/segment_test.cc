#include "sync/spool/segment.h"

#include <catch2/catch_test_macros.hpp>

#include "sync/spool/segment_folder.h"
#include "tests/sync/spool/spool_helpers.h"

using namespace wayside;
using namespace wayside::spool;
using namespace wayside::spool::testing;
using support::FakeFiles;

namespace {

/// A payload as every numbered one begins.
Bytes payload(char number, std::size_t bytes) { return Bytes("\x08") + number + Bytes(bytes, static_cast<char>('A' + number)); }

const std::vector<Bytes> kPayloads{payload(1, 3), payload(2, 700), payload(3, 40), payload(4, 1), payload(5, 90)};

Bytes segment_of(const std::vector<Bytes>& payloads) {
  Bytes bytes = segment_header();
  for (const Bytes& each : payloads) bytes += encode_frame(each);
  return bytes;
}

std::vector<Bytes> owned(const Scan& scan) { return {scan.payloads.begin(), scan.payloads.end()}; }

}  // namespace

TEST_CASE("a segment returns the frames that were appended, also when it is opened again") {
  FakeFiles files;
  const platform::Path path = "/s/00000001.seg";
  need(files.make_folders("/s"));
  {
    auto segment = need(SegmentFile::open(files, path, [](BytesView) -> Result<void> { return {}; }));
    for (const Bytes& each : kPayloads) need(segment.append(each));
    need(segment.sync());
  }
  std::vector<Bytes> seen;
  auto segment = need(SegmentFile::open(files, path, [&](BytesView each) -> Result<void> {
    seen.emplace_back(each);
    return {};
  }));
  CHECK(seen == kPayloads);
  CHECK(segment.damage().empty());
  need(segment.append(payload(6, 5)));
  CHECK(owned(need(scan_segment(need(read_segment(files, path))))).size() == 6);
}

TEST_CASE("a tail torn at any byte costs the last frame only, and is cut off by the writer") {
  const Bytes whole = segment_of(kPayloads);
  const std::size_t last = whole.size() - encode_frame(kPayloads.back()).size();
  for (std::size_t size = last; size < whole.size(); ++size) {
    FakeFiles files;
    need(files.make_folders("/s"));
    put(files, "/s/a.seg", whole.substr(0, size));
    const Scan scan = need(scan_segment(whole.substr(0, size)));
    CHECK(scan.torn == (size > last));
    CHECK(scan.damage.empty());
    std::size_t seen = 0;
    auto segment = need(SegmentFile::open(files, "/s/a.seg", [&](BytesView) -> Result<void> {
      ++seen;
      return {};
    }));
    CHECK(seen == kPayloads.size() - 1);
    CHECK(segment.size_bytes() == last);
    need(segment.append(payload(9, 2)));
    CHECK(owned(need(scan_segment(need(read_segment(files, "/s/a.seg"))))).back() == payload(9, 2));
  }
}

TEST_CASE("a header torn at any byte is an empty segment") {
  for (std::size_t size = 0; size < kSegmentHeaderBytes; ++size) {
    FakeFiles files;
    need(files.make_folders("/s"));
    put(files, "/s/a.seg", segment_header().substr(0, size));
    auto segment = need(SegmentFile::open(files, "/s/a.seg", [](BytesView) -> Result<void> { return {}; }));
    CHECK(segment.appendable());
    need(segment.append(payload(1, 1)));
    CHECK(need(scan_segment(need(read_segment(files, "/s/a.seg")))).payloads.size() == 1);
  }
}

TEST_CASE("a flipped bit anywhere yields no wrong frame, loses one frame at most, and is told") {
  const Bytes whole = segment_of(kPayloads);
  for (std::size_t at = kSegmentHeaderBytes; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
      const Scan scan = need(scan_segment(bytes));
      const std::vector<Bytes> found = owned(scan);
      CHECK(found.size() == kPayloads.size() - 1);
      CHECK(std::ranges::all_of(found, [](const Bytes& each) { return std::ranges::count(kPayloads, each) == 1; }));
      CHECK((scan.torn || scan.damage.size() == 1));
    }
  }
}

TEST_CASE("a damaged header hides no frame, and nothing is written behind it") {
  for (std::size_t at = 0; at + 1 < kSegmentHeaderBytes; ++at) {
    Bytes bytes = segment_of(kPayloads);
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    FakeFiles files;
    need(files.make_folders("/s"));
    put(files, "/s/00000001.seg", bytes);
    CHECK(owned(need(scan_segment(bytes))) == kPayloads);
    auto writer = need(SegmentWriter::open(files, "/s", [](BytesView) -> Result<void> { return {}; }));
    CHECK(writer.damage().size() == 1);
    need(writer.append(payload(9, 2)));
    CHECK(need(list_segments(files, "/s")) == std::vector<std::uint32_t>{1, 2});
    CHECK(files.contents().at("/s/00000001.seg") == bytes);
  }
}

TEST_CASE("a segment of a newer version is refused, not guessed at") {
  Bytes bytes = segment_of(kPayloads);
  bytes[kSegmentHeaderBytes - 1] = 2;
  CHECK(scan_segment(bytes).error().code == Errc::newer_format);
}

TEST_CASE("random bytes are no frames") {
  support::FakeRandom random(7);
  for (int round = 0; round < 300; ++round) {
    Bytes bytes(random.below(4000), '\0');
    random.fill({as_uchar(bytes), bytes.size()});
    if (round % 2 == 0) bytes = segment_header() + bytes;
    const auto scan = scan_segment(bytes);
    if (scan) CHECK(scan->payloads.empty());
  }
}

TEST_CASE("a write that fails leaves the segment as it was, and the next one joins on") {
  FakeFiles files;
  need(files.make_folders("/s"));
  auto segment = need(SegmentFile::open(files, "/s/a.seg", [](BytesView) -> Result<void> { return {}; }));
  need(segment.append(payload(1, 10)));
  files.limit_growth(5);
  CHECK(segment.append(payload(2, 10)).error().code == Errc::disk_full);
  files.heal();
  files.limit_growth(std::nullopt);
  need(segment.append(payload(3, 10)));
  CHECK(owned(need(scan_segment(need(read_segment(files, "/s/a.seg"))))) == std::vector{payload(1, 10), payload(3, 10)});
}

TEST_CASE("a frame that is too large is refused") {
  FakeFiles files;
  need(files.make_folders("/s"));
  auto segment = need(SegmentFile::open(files, "/s/a.seg", [](BytesView) -> Result<void> { return {}; }));
  CHECK(segment.append(Bytes(kMaxFrameBytes + 1, '\x08')).error().code == Errc::too_large);
  CHECK(segment.append({}).error().code == Errc::too_large);
}

TEST_CASE("a folder rolls to a new segment, and a reader follows while the writer goes on") {
  FakeFiles files;
  auto writer = need(SegmentWriter::open(files, "/s", [](BytesView) -> Result<void> { return {}; }));
  SegmentReader reader(files, "/s", 0);
  std::uint64_t read = 0;
  for (char number = 1; number <= 20; ++number) {
    need(writer.append(payload(number, 500'000)));
    if (number % 3 != 0) continue;
    while (auto each = need(reader.next())) CHECK(*each == payload(static_cast<char>(++read), 500'000));
    CHECK(read == static_cast<std::uint64_t>(number));
  }
  while (auto each = need(reader.next())) ++read;
  CHECK(read == 20);
  CHECK(need(list_segments(files, "/s")).size() == 3);
  CHECK(need(writer.drop_up_to(15)) == 8);
  CHECK(need(list_segments(files, "/s")) == std::vector<std::uint32_t>{2, 3});
  CHECK(need(writer.drop_up_to(20)) == 16);
  CHECK(need(list_segments(files, "/s")) == std::vector<std::uint32_t>{3});   // the newest stays
}

TEST_CASE("a reader steps over damage, names its place, and returns what stands behind") {
  FakeFiles files;
  need(files.make_folders("/s"));
  Bytes bytes = segment_of(kPayloads);
  bytes[kSegmentHeaderBytes + kFrameHeaderBytes] = 'x';
  put(files, "/s/00000001.seg", bytes);
  put(files, "/s/00000002.seg", segment_of({payload(6, 1)}));
  SegmentReader reader(files, "/s", 0);
  std::vector<std::uint64_t> numbers;
  while (auto each = need(reader.next())) numbers.push_back(frame_number(*each));
  CHECK(numbers == std::vector<std::uint64_t>{2, 3, 4, 5, 6});
  REQUIRE(reader.damage().size() == 1);
  CHECK(reader.damage().front() == "/s/00000001.seg, byte 8");
}
