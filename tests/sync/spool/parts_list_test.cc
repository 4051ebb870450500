#include "sync/spool/parts_list.h"

#include "sync/spool/cursors.h"
#include "sync/wire/tuning.h"
#include "tests/sync/spool/spool_helpers.h"

using namespace wayside;
using namespace wayside::spool;
using namespace wayside::spool::testing;
using support::FakeFiles;

namespace {

std::vector<Digest> addresses(std::size_t count) {
  std::vector<Digest> out;
  for (std::size_t i = 0; i < count; ++i) {
    Digest each;
    for (std::size_t byte = 0; byte < 8; ++byte) each.bytes[byte] = static_cast<char>(i >> (8 * byte));
    out.push_back(each);
  }
  return out;
}

}  // namespace

TEST_CASE("a list of parts comes back as written, survives the power, and goes when it is empty") {
  FakeFiles files;
  CHECK_FALSE(need(read_parts_list(files, kLayout)));
  const PartsList list = make_parts_list(addresses(3));
  need(write_parts_list(files, kLayout, list));
  files.crash(0);
  const auto back = need(read_parts_list(files, kLayout));
  REQUIRE(back);
  CHECK(back->addresses == list.addresses);
  CHECK(back->digest == list.digest);
  const auto syncs = files.counts().syncs;
  need(write_parts_list(files, kLayout, list));
  CHECK(files.counts().syncs == syncs);   // it stands there already
  need(write_parts_list(files, kLayout, make_parts_list({})));
  CHECK_FALSE(need(read_parts_list(files, kLayout)));
}

TEST_CASE("its digest names just this list") {
  const auto three = addresses(3);
  CHECK(make_parts_list(three).digest != make_parts_list(addresses(2)).digest);
  CHECK(make_parts_list(three).digest != make_parts_list({three[1], three[0], three[2]}).digest);
  CHECK(make_parts_list(addresses(wire::kMaxPartsToSend + 5)).addresses.size() == wire::kMaxPartsToSend);
}

TEST_CASE("a list that cannot be read is none, and is written again; one of a later version is left") {
  FakeFiles files;
  const PartsList list = make_parts_list(addresses(3));
  need(write_parts_list(files, kLayout, list));
  for (const Bytes& spoilt : {Bytes(), Bytes(1, '\0'), Bytes("\1x"), Bytes("\1\x0a\x03xxx")}) {
    files.tamper(kLayout.parts(), spoilt);
    CHECK_FALSE(need(read_parts_list(files, kLayout)));
  }
  need(write_parts_list(files, kLayout, list));
  CHECK(need(read_parts_list(files, kLayout))->digest == list.digest);
  files.tamper(kLayout.parts(), "\2");
  const auto later = read_parts_list(files, kLayout);
  REQUIRE_FALSE(later);
  CHECK(later.error().code == Errc::newer_format);
}

TEST_CASE("the cursor keeps which list was sent, also when it is written anew, and forgets it when it starts over") {
  wire::pb::CursorFrame change;
  change.set_parts_sent(Bytes(32, 'd'));
  Cursor cursor;
  need(apply(cursor, change));
  need(apply(cursor, wire::pb::CursorFrame{}));
  CHECK(cursor.parts_sent == Bytes(32, 'd'));
  Cursor again;
  for (const auto& frame : whole_frames(cursor)) need(apply(again, frame));
  CHECK(again == cursor);
  CHECK(start_over(cursor, 7).parts_sent.empty());   // the office may have lost them
}
