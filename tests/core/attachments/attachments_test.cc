#include "core/attachments/attachments.h"

#include <catch2/catch_test_macros.hpp>

#include "core/attachments/blobs.h"
#include "core/attachments/content_field.h"
#include "core/attachments/limits.h"
#include "core/ledger/envelope.h"
#include "tests/support/fleet.h"

using namespace wayside;
using namespace wayside::attachments;
using namespace wayside::support;

namespace {

constexpr std::string_view kCanary = "canary: she moved to Orchard Way";

struct Office {
  Fleet fleet;
  Device& amina = fleet.add("Amina");
  RecordId case_id = put_case(amina, "W-1");

  NewAttachment letter(std::string name = "letter.txt") { return {case_id, std::move(name), "letter", {}, {}, false, {}}; }
  Attached kept(Bytes file) { return need(add(*amina, letter("letter.bin"), std::move(file))); }
  platform::Path file_of(const RecordId& id, std::size_t part) {
    const auto content = need(content_of(*need(amina->store().record(id))));
    return Blobs(amina.world->files, amina.home).path_of(content->chunks.at(part));
  }
  std::size_t blob_files() {
    std::size_t count = 0;
    for (const auto& [path, bytes] : amina.world->files.contents()) count += path.find("/blobs/") != std::string::npos ? 1 : 0;
    return count;
  }
};

Bytes large() {
  Bytes file;
  while (file.size() < (std::size_t{3} << 20)) file += kCanary;
  return file;
}

}  // namespace

TEST_CASE("a file that was attached is listed, and opened as it was") {
  Office office;
  const Bytes file = large();
  const Attached added = office.kept(file);
  CHECK_FALSE(added.stripped);
  CHECK(added.bytes == file.size());
  CHECK(added.parts == 4);
  CHECK(need(open(*office.amina, added.id)) == file);
  const auto all = need(list(*office.amina, office.case_id));
  REQUIRE(all.size() == 1);
  CHECK(all[0].id == added.id);
  CHECK(all[0].digest == added.digest);
  CHECK(all[0].parts_here == 4);
  office.fleet.reopen(office.amina);
  CHECK(need(open(*office.amina, added.id)) == file);
  CHECK(need(open(*office.amina, office.kept("").id)).empty());
  CHECK(faults(office.amina).empty());
}

TEST_CASE("the envelope's header tells the office which parts belong to the ledger, and an ordinary save names none") {
  Office office;
  const auto named = [&]() -> std::vector<Digest> {
    store::Query newest = office.amina->store().database().query("SELECT sealed FROM envelopes ORDER BY n DESC LIMIT 1");
    REQUIRE(need(newest.next()));
    return need(ledger::parse_envelope(newest.blob(0))).header.blobs;
  };
  CHECK(named().empty());
  const Attached added = office.kept(large());
  const auto content = need(content_of(*need(office.amina->store().record(added.id))));
  CHECK(content->chunks.size() == 4);
  CHECK(named() == content->chunks);
}

TEST_CASE("what is not here is named part by part, for one file and for all") {
  Office office;
  const Attached whole = office.kept("short");
  const Attached added = office.kept(large());
  CHECK(need(all_missing_parts(*office.amina)).empty());
  const auto content = need(content_of(*need(office.amina->store().record(added.id))));
  for (const std::size_t part : {std::size_t{1}, std::size_t{3}}) need(office.amina.world->files.remove(office.file_of(added.id, part)));
  const std::vector<Digest> missing{content->chunks[1], content->chunks[3]};
  CHECK(need(missing_parts(*office.amina, added.id)) == missing);
  CHECK(need(missing_parts(*office.amina, whole.id)).empty());
  CHECK(need(all_missing_parts(*office.amina)) == missing);
  CHECK(need(get(*office.amina, added.id)).parts_here == 2);
}

TEST_CASE("the fingerprint is the one that everybody's tools compute") {
  Office office;
  CHECK(office.kept("abc").digest == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("nothing of a file stands on the disk in clear") {
  Office office;
  const Attached added = office.kept(large());
  CHECK(need(open(*office.amina, added.id)).starts_with(kCanary));
  office.fleet.reopen(office.amina);
  const auto files = office.amina.world->files.contents();
  REQUIRE(office.blob_files() == 4);
  for (const auto& [path, bytes] : files) {
    CHECK(bytes.find("canary") == Bytes::npos);
    CHECK(bytes.find("letter.bin") == Bytes::npos);
    CHECK(path.find("letter") == std::string::npos);
  }
}

TEST_CASE("the key of a file is shown by no view, no history and no name") {
  Office office;
  const Attached added = office.kept("x");
  const auto record = need(casework::get(*office.amina, added.id));
  CHECK(record.row.state.field(kContentField) != nullptr);
  for (const auto& field : record.fields) CHECK(field.id != kContentField);
  for (const auto& entry : need(casework::history(*office.amina, added.id, 0))) CHECK(entry.field_id != kContentField);
  CHECK(type_named("attachment").field("content") == nullptr);
}

TEST_CASE("a part that is missing or was changed is named, and nothing of the file is given out") {
  Office office;
  const Attached added = office.kept(large());
  const auto path = office.file_of(added.id, 2);
  const Bytes good = office.amina.world->files.contents().at(path.string());
  office.amina.world->files.tamper(path, good.substr(0, good.size() - 1));
  CHECK(open(*office.amina, added.id).error().code == Errc::corrupt);
  CHECK(need(sweep(*office.amina, false)).damaged.size() == 1);
  need(office.amina.world->files.remove(path));
  CHECK(open(*office.amina, added.id).error().code == Errc::not_found);
  CHECK(need(get(*office.amina, added.id)).parts_here == 3);
  const Sweep found = need(sweep(*office.amina, true));
  REQUIRE(found.missing.size() == 1);
  CHECK(found.missing[0].attachment == added.id);
  CHECK(found.removed == 0);
  need(Blobs(office.amina.world->files, office.amina.home).put(good));
  CHECK(need(sweep(*office.amina, false)).missing.empty());
}

TEST_CASE("a device that has the record and not the parts says so") {
  Office office;
  Device& ben = office.fleet.add("Ben");
  const Attached added = office.kept("x");
  office.fleet.reconcile();
  CHECK(need(get(*ben, added.id)).parts_here == 0);
  CHECK(open(*ben, added.id).error().code == Errc::not_found);
  for (const auto& [path, bytes] : office.amina.world->files.contents()) {   // what carrying them will do
    if (path.find("/blobs/") == std::string::npos) continue;
    need(Blobs(ben.world->files, ben.home).put(bytes));
  }
  CHECK(need(open(*ben, added.id)) == "x");
}

TEST_CASE("what may not be attached leaves neither a record nor a part") {
  Office office;
  const auto refused = [&](NewAttachment what, Bytes file) {
    const auto done = add(*office.amina, what, std::move(file));
    CHECK(need(list(*office.amina, office.case_id)).empty());
    CHECK(office.blob_files() == 0);
    return code_of(done);
  };
  NewAttachment wrong = office.letter();
  wrong.kind = "no such kind";
  CHECK(refused(wrong, "x").has_value());
  wrong = office.letter();
  wrong.about = office.case_id;   // a case is nothing that an attachment belongs to
  CHECK(refused(wrong, "x").has_value());
  wrong = office.letter();
  wrong.case_id = RecordId{};
  CHECK(refused(wrong, "x") == Errc::not_found);
  CHECK(refused(office.letter(std::string("a\0b", 3)), "x").has_value());
  CHECK(refused(office.letter("injury.jpg"), "rubbish") == Errc::bad_input);
  CHECK(refused(office.letter("injury.jpg"), "\xFF\xD8\xFF rubbish") == Errc::bad_input);
  CHECK(refused(office.letter(), Bytes(kMaxFileBytes + 1, 'x')) == Errc::too_large);
}

TEST_CASE("a picture that cannot be read is kept only on purpose, byte for byte, and recorded as not stripped") {
  Office office;
  NewAttachment what = office.letter("injury.jpg");
  what.keep_metadata = true;
  const Attached added = need(add(*office.amina, what, "\xFF\xD8\xFF rubbish"));
  CHECK_FALSE(added.stripped);
  CHECK(need(open(*office.amina, added.id)) == "\xFF\xD8\xFF rubbish");
  CHECK(need(casework::get(*office.amina, added.id)).text("location_stripped") == "No");
}

TEST_CASE("whatever the disk refuses while a file is attached, there is the whole attachment or none") {
  for (const Errc code : {Errc::disk_full, Errc::io}) {
    std::uint64_t failed = 0;
    for (std::uint64_t n = 0;; ++n) {
      Office office;
      const Bytes file(20'000, 'x');
      office.amina.world->files.fail_at(n, code, true);
      const auto done = add(*office.amina, office.letter(), file);
      office.amina.world->files.heal();
      if (done) break;
      ++failed;
      CAPTURE(n);
      office.fleet.reopen(office.amina);
      const auto all = need(list(*office.amina, office.case_id));
      for (const Attached& each : all) CHECK(need(open(*office.amina, each.id)) == file);
      const Sweep swept = need(sweep(*office.amina, true));
      CHECK(swept.missing.empty());
      CHECK(swept.damaged.empty());
      CHECK(office.blob_files() == all.size());
    }
    CHECK(failed > 5);
  }
}

TEST_CASE("a disk that fills up half-way is as free afterwards as before") {
  Office office;
  office.amina.world->files.limit_growth(std::uint64_t{2} << 20);
  CHECK(code_of(add(*office.amina, office.letter(), large())) == Errc::disk_full);
  CHECK(office.blob_files() == 0);
  office.amina.world->files.limit_growth(std::nullopt);
  CHECK(need(open(*office.amina, office.kept("x").id)) == "x");
}

TEST_CASE("a file is durable before its record is") {
  for (std::uint64_t n = 0;; ++n) {
    Office office;
    const Bytes file(20'000, 'x');
    office.amina.world->files.power_off_at(n);
    const bool done = add(*office.amina, office.letter(), file).has_value();
    office.amina.world->files.crash(n + 1);
    office.fleet.reopen(office.amina);
    CAPTURE(n);
    const auto all = need(list(*office.amina, office.case_id));
    CHECK((all.size() == 1 || !done));
    for (const Attached& each : all) CHECK(need(open(*office.amina, each.id)) == file);
    CHECK(need(sweep(*office.amina, true)).missing.empty());
    CHECK(office.blob_files() == all.size());
    if (done) break;
  }
}

TEST_CASE("parts that no record names are named, and removed when asked") {
  Office office;
  office.kept("x");
  const Digest orphan = need(Blobs(office.amina.world->files, office.amina.home).put("an orphan"));
  auto half = Blobs(office.amina.world->files, office.amina.home).path_of(orphan);
  half += ".new";
  need(need(office.amina.world->files.open(half, platform::OpenMode::create))->write_at(0, "half"));
  CHECK(need(sweep(*office.amina, false)).orphans.size() == 2);
  CHECK(need(sweep(*office.amina, true)).removed == 2);
  CHECK(need(sweep(*office.amina, false)).orphans.empty());
  CHECK(office.blob_files() == 1);
}
