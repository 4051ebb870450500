#include "sync/spool/outbox.h"

#include "sync/spool/cursors.h"
#include "tests/sync/spool/spool_helpers.h"

using namespace wayside;
using namespace wayside::spool;
using namespace wayside::spool::testing;
using support::FakeFiles;

namespace {

std::vector<std::uint64_t> numbers_of(OutboxReader& reader, std::size_t parcels, std::size_t bytes) {
  std::vector<std::uint64_t> numbers;
  for (const auto& frame : need(reader.next(parcels, bytes))) numbers.push_back(frame.number());
  return numbers;
}

void answer_up_to(FakeFiles& files, std::uint64_t number) {
  auto cursors = need(Cursors::open(files, kLayout));
  wire::pb::CursorFrame change;
  change.set_pushed_up_to(number);
  need(cursors.save(change));
}

}  // namespace

TEST_CASE("the courier reads what the vault appended, in batches bounded by number and size") {
  FakeFiles files;
  auto outbox = need(Outbox::open(files, kLayout));
  for (std::uint64_t number = 1; number <= 5; ++number) CHECK(need(outbox.append(envelope_id(number), parcel(number))) == number);
  OutboxReader reader(files, kLayout, 0);
  CHECK(numbers_of(reader, 2, 1 << 20) == std::vector<std::uint64_t>{1, 2});
  CHECK(numbers_of(reader, 9, 700) == std::vector<std::uint64_t>{3});   // at least one, and no more than fit
  CHECK(numbers_of(reader, 9, 1 << 20) == std::vector<std::uint64_t>{4, 5});
  CHECK(numbers_of(reader, 9, 1 << 20).empty());
  need(outbox.append(envelope_id(6), parcel(6)));
  CHECK(numbers_of(reader, 9, 1 << 20) == std::vector<std::uint64_t>{6});
  CHECK(need(newest_outbox_frame(files, kLayout)) == 6);
}

TEST_CASE("a sealed copy stands in the outbox like an envelope, and its size counts in a batch") {
  FakeFiles files;
  auto outbox = need(Outbox::open(files, kLayout));
  for (std::uint64_t number = 1; number <= 3; ++number) CHECK(need(outbox.append_copy(envelope_id(number), Bytes(400, 'c'))) == number);
  CHECK(need(outbox.append_copy(envelope_id(1), "another")) == 1);
  OutboxReader reader(files, kLayout, 0);
  const auto frames = need(reader.next(9, 1000));
  REQUIRE(frames.size() == 2);
  CHECK(frames[0].id() == envelope_id(1).view());
  CHECK(frames[0].sealed_copy() == Bytes(400, 'c'));
  CHECK_FALSE(frames[0].has_parcel());
  CHECK(numbers_of(reader, 9, 1000) == std::vector<std::uint64_t>{3});
}

TEST_CASE("an envelope is in the outbox once, however often it is appended") {
  FakeFiles files;
  auto outbox = need(Outbox::open(files, kLayout));
  CHECK(need(outbox.append(envelope_id(1), parcel(1))) == 1);
  CHECK(need(outbox.append(envelope_id(1), parcel(1))) == 1);
  CHECK(outbox.highest() == 1);
  auto again = need(Outbox::open(files, kLayout));
  CHECK(again.contains(envelope_id(1)));
  CHECK(need(again.append(envelope_id(1), parcel(1))) == 1);
}

TEST_CASE("frames that the power took are filled in again under numbers that were never answered") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    FakeFiles files;
    {
      auto outbox = need(Outbox::open(files, kLayout));
      for (std::uint64_t number = 1; number <= 6; ++number) need(outbox.append(envelope_id(number), parcel(number)));
      answer_up_to(files, 4);   // the courier saw them in memory and the office has them
    }
    files.crash(seed);
    auto outbox = need(Outbox::open(files, kLayout));
    for (std::uint64_t number = 1; number <= 7; ++number) {
      const bool there = outbox.contains(envelope_id(number));
      const std::uint64_t at = need(outbox.append(envelope_id(number), parcel(number)));
      if (!there) CHECK(at > 4);
    }
    std::size_t unsent = 0;
    OutboxReader reader(files, kLayout, 4);
    std::vector<Bytes> ids;
    for (const auto& frame : need(reader.next(100, 1 << 20))) ids.push_back(frame.id()), ++unsent;
    for (std::uint64_t number = 5; number <= 7; ++number)
      CHECK(std::ranges::count(ids, envelope_id(number).str()) == 1);
  }
}

TEST_CASE("what was answered is dropped by whole segments, and numbers go on") {
  FakeFiles files;
  auto outbox = need(Outbox::open(files, kLayout));
  for (std::uint64_t number = 1; number <= 12; ++number) need(outbox.append(envelope_id(number), parcel(number, 1'000'000)));
  CHECK(outbox.answered(0).empty());
  CHECK(outbox.answered(3).size() == 3);
  CHECK(outbox.ids().size() == 12);
  const std::size_t segments = need(list_segments(files, kLayout.outbox())).size();
  REQUIRE(segments > 2);
  need(outbox.drop_answered());
  CHECK(need(list_segments(files, kLayout.outbox())).size() == segments);
  answer_up_to(files, 12);
  need(outbox.drop_answered());
  CHECK(need(list_segments(files, kLayout.outbox())).size() == 1);
  CHECK_FALSE(outbox.contains(envelope_id(1)));
  CHECK(outbox.contains(envelope_id(12)));
  CHECK(outbox.ids().size() < 12);
  CHECK(need(outbox.append(envelope_id(13), parcel(13))) == 13);
}

TEST_CASE("a full disk refuses an append and takes the next") {
  FakeFiles files;
  auto outbox = need(Outbox::open(files, kLayout));
  need(outbox.append(envelope_id(1), parcel(1)));
  files.limit_growth(100);
  CHECK(outbox.append(envelope_id(2), parcel(2)).error().code == Errc::disk_full);
  CHECK_FALSE(outbox.contains(envelope_id(2)));
  files.limit_growth(std::nullopt);
  CHECK(need(outbox.append(envelope_id(2), parcel(2))) == 2);
  need(outbox.flush_sync());
  files.crash(0);
  CHECK(need(Outbox::open(files, kLayout)).highest() == 2);
}

TEST_CASE("a damaged frame is told, does not stop those behind it, and is filled in again") {
  FakeFiles files;
  {
    auto outbox = need(Outbox::open(files, kLayout));
    for (std::uint64_t number = 1; number <= 3; ++number) need(outbox.append(envelope_id(number), parcel(number)));
  }
  const platform::Path path = segment_path(kLayout.outbox(), 1);
  Bytes bytes = files.contents().at(path.string());
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  put(files, path, bytes);
  auto outbox = need(Outbox::open(files, kLayout));
  CHECK(outbox.damage().size() == 1);
  CHECK_FALSE(outbox.contains(envelope_id(2)));
  CHECK(need(outbox.append(envelope_id(2), parcel(2))) == 4);
  OutboxReader reader(files, kLayout, 0);
  CHECK(numbers_of(reader, 9, 1 << 20) == std::vector<std::uint64_t>{1, 3, 4});
  CHECK(reader.damage().size() == 1);
}

TEST_CASE("the office's address and the courier's key come back as written, or not at all") {
  FakeFiles files;
  CHECK(read_office(files, kLayout).error().code == Errc::not_found);
  CHECK(read_courier_key(files, kLayout).error().code == Errc::not_found);
  const Office office{"office.example:8443", id_of<Digest>('p'), id_of<OrganisationId>('o'), id_of<DeviceId>('d'),
                      id_of<PublicKey>('k')};
  need(write_office(files, kLayout, office));
  const Office read = need(read_office(files, kLayout));
  CHECK(read.address == office.address);
  CHECK(read.tls_pin == office.tls_pin);
  CHECK(read.organisation == office.organisation);
  CHECK(read.device == office.device);
  CHECK(read.courier_public == office.courier_public);
  SecretBytes key(32);
  key.data()[0] = 7;
  need(write_courier_key(files, kLayout, key));
  CHECK(need(read_courier_key(files, kLayout)).equals(key));

  const Bytes whole = files.contents().at(kLayout.office().string());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    put(files, kLayout.office(), whole.substr(0, size));
    CHECK(read_office(files, kLayout).error().code == Errc::corrupt);
  }
  put(files, kLayout.office(), "\x02" + whole.substr(1));
  CHECK(read_office(files, kLayout).error().code == Errc::newer_format);
  put(files, kLayout.courier_key(), "short");
  CHECK(read_courier_key(files, kLayout).error().code == Errc::corrupt);
}
