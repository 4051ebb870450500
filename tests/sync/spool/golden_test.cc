#include <fstream>
#include <sstream>

#include "tests/sync/spool/spool_helpers.h"

using namespace wayside;
using namespace wayside::spool;
using namespace wayside::spool::testing;
using support::FakeFiles;

namespace {

/// A small spool with something of everything, made by today's code.
void make_spool(FakeFiles& files) {
  need(write_office(files, kLayout, {"office.example:8443", id_of<Digest>('p'), id_of<OrganisationId>('o'),
                                     id_of<DeviceId>('d'), id_of<PublicKey>('k')}));
  auto outbox = need(Outbox::open(files, kLayout));
  need(outbox.append(envelope_id(1), parcel(1, 20)));
  need(outbox.append(envelope_id(2), parcel(2, 20)));
  auto cursors = need(Cursors::open(files, kLayout));
  auto inbox = need(InboxWriter::open(files, kLayout, cursors));
  auto change = containing(need(inbox.append(page(1, 20))));
  change.set_pushed_up_to(1);
  change.set_membership(3);
  change.set_membership_head(Bytes(32, 'm'));
  auto& trouble = *change.add_trouble();
  trouble.set_id(envelope_id(1).str());
  trouble.set_status(wire::pb::Taken::fork);
  trouble.set_other(envelope_id(9).str());
  need(cursors.save(change));
  need(need(InboxReader::open(files, kLayout)).mark_folded(1));
}

const std::vector<std::pair<std::string, platform::Path>> kGolden{
    {"outbox.seg", segment_path(kLayout.outbox(), 1)}, {"inbox.seg", segment_path(kLayout.inbox(), 1)},
    {"cursors.seg", kLayout.cursors()},                {"folded.seg", kLayout.folded()},
    {"office", kLayout.office()}};

platform::Path golden_path(const std::string& name) { return platform::Path(WAYSIDE_GOLDEN) / "v1" / name; }

Bytes read_golden(const std::string& name) {
  std::ifstream in(golden_path(name), std::ios::binary);
  REQUIRE(in);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace

TEST_CASE("a spool of version 1 is written as it always was") {
  FakeFiles files;
  make_spool(files);
  for (const auto& [name, path] : kGolden) {
    INFO(name);
    CHECK(to_hex(files.contents().at(path.string())) == to_hex(read_golden(name)));
  }
}

TEST_CASE("a spool of version 1 is read") {
  FakeFiles files;
  for (const auto& [name, path] : kGolden) put(files, path, read_golden(name));
  CHECK(need(read_office(files, kLayout)).address == "office.example:8443");
  const Cursor cursor = need(read_cursor(files, kLayout));
  CHECK(cursor.membership == 3);
  CHECK(cursor.trouble.at(envelope_id(1)).other == envelope_id(9).str());
  CHECK(cursor.ledgers.at(id_of<LedgerId>('l')).lsn == 1);
  OutboxReader outbox(files, kLayout, cursor.pushed_up_to);
  const auto frames = need(outbox.next(9, 1 << 20));
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].parcel().SerializeAsString() == parcel(2, 20).SerializeAsString());
  CHECK(need(read_folded(files, kLayout)).number == 1);
  SegmentReader inbox(files, kLayout.inbox(), 0);
  CHECK(frame_number(*need(inbox.next())) == 1);
}

// Run by hand, once per format version: test_spool "[.write-golden]"
TEST_CASE("write the golden files anew", "[.write-golden]") {
  FakeFiles files;
  make_spool(files);
  std::filesystem::create_directories(golden_path(""));
  for (const auto& [name, path] : kGolden) std::ofstream(golden_path(name), std::ios::binary) << files.contents().at(path.string());
}
