#include "core/recovery/pages.h"

#include <algorithm>

#include "tests/core/golden.h"
#include "tests/core/recovery/recovery_samples.h"

using namespace wayside;
using namespace wayside::recovery;
using namespace wayside::recovery::samples;

namespace {

std::string kit_page() { return std::string(kit_text(kit(), "Amina's laptop", kNow_ms).view()); }

bool is_plain(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

/// What a person copies from paper: the lines, and no more.
std::string lines_of(const std::string& page) {
  const std::size_t begin = page.find("\n 1  ");
  return page.substr(begin, page.find("END") - begin);
}

}  // namespace

TEST_CASE("a share's page is read back, from the whole text or from its lines alone") {
  for (const Share& share : shares()) {
    const std::string text = text_of(share);
    CHECK(is_plain(text));
    CHECK(text.starts_with("WAYSIDE SHARE 1\nPage " + std::to_string(share.number) + " of 3.\n"));
    CHECK(text.contains("made 2026-05-28"));
    CHECK(text.contains(to_text(share.organisation)));
    for (const std::string& typed : {text, lines_of(text)}) {
      const auto read = parse_share(secret_of(typed));
      REQUIRE(read);
      CHECK(read->organisation == share.organisation);
      CHECK(read->set == share.set);
      CHECK(read->number == share.number);
      CHECK(read->day == share.day);
      CHECK(read->part.equals(share.part));
      CHECK(read->proof.equals(share.proof));
    }
  }
}

TEST_CASE("a kit's page is two lines to type, and names the device it is for") {
  const std::string text = kit_page();
  CHECK(is_plain(text));
  CHECK(text.contains("\"Amina's laptop\""));
  for (const std::string& typed : {text, lines_of(text)}) {
    const auto read = parse_kit(secret_of(typed));
    REQUIRE(read);
    CHECK(read->slot == kit().slot);
    CHECK(read->code.equals(kit().code));
  }
  // A name cannot write lines of its own.
  const std::string sly(kit_text(kit(), "x\n 1  0000 0000 0000 0000  0000\n", kNow_ms).view());
  CHECK(parse_kit(secret_of(sly)));
}

TEST_CASE("one page in place of another is told for what it is") {
  const auto fault = [](const auto& parsed) {
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == Errc::bad_input);
    return parsed.error().detail;
  };
  const std::string share = text_of(shares()[0]);
  const std::string whole(page_text(organisation()).view());
  CHECK(fault(parse_share(secret_of(kit_page()))).starts_with("this is the recovery kit of one vault"));
  CHECK(fault(parse_kit(secret_of(share))).starts_with("this is a share"));
  CHECK(fault(parse_kit(secret_of(lines_of(share)))).starts_with("this is a share"));
  CHECK(fault(parse_share(secret_of(whole))).starts_with("this is the whole recovery page"));
  CHECK(fault(parse_page(secret_of(share))) == "this is no recovery page");
  CHECK(fault(parse_share(secret_of("hello"))).contains("line 1 is missing"));
  CHECK(fault(parse_share(SecretBytes())).contains("line 1 is missing"));
  CHECK(fault(parse_share(secret_of(std::string(100'000, 'x')))).contains("too long"));
}

TEST_CASE("a page of a later version is named as such, by its title and by its first line") {
  std::string text = text_of(shares()[0]);
  text.replace(text.find("SHARE 1"), 7, "SHARE 2");
  CHECK(parse_share(secret_of(text)).error().code == Errc::newer_format);
  text.replace(text.find("SHARE 2"), 7, "SHARE 10");
  CHECK(parse_share(secret_of(text)).error().code == Errc::newer_format);
}

TEST_CASE("pages cut at any place give nothing") {
  const std::string share = text_of(shares()[1]), kit = kit_page();
  for (std::size_t size = 0; size < share.find("\n\nEND"); ++size) {
    if (parse_share(secret_of(share.substr(0, size)))) FAIL("share cut at " << size);
  }
  for (std::size_t size = 0; size < kit.find("\n\nEND"); ++size) {
    if (parse_kit(secret_of(kit.substr(0, size)))) FAIL("kit cut at " << size);
  }
}

TEST_CASE("pages that were printed earlier are read, and are printed alike today") {
  const Bytes share = test::golden("recovery_share.v1.txt", text_of(shares()[0]));
  const auto read = parse_share(secret_of(share));
  REQUIRE(read);
  CHECK(read->part.equals(shares()[0].part));
  const Bytes third = test::golden("recovery_share_3.v1.txt", text_of(shares()[2]));
  REQUIRE(parse_share(secret_of(third)));
  const Bytes kept_kit = test::golden("recovery_kit.v1.txt", kit_page());
  REQUIRE(parse_kit(secret_of(kept_kit)));
  const Bytes page = test::golden("recovery_page.v1.txt", page_text(organisation()).view());
  REQUIRE(parse_page(secret_of(page)));
}
