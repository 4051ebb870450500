#include "core/recovery/papers.h"

#include "tests/core/recovery/recovery_samples.h"

using namespace wayside;
using namespace wayside::recovery;
using namespace wayside::recovery::samples;

namespace {

struct Desk {
  support::FakeEnv world;
  platform::Env env = world.env();

  void put(const platform::Path& file, const std::string& text) { REQUIRE(save_page(world.files, file, secret_of(text))); }
  std::string fault(const Papers& papers, Errc code) {
    const auto read = read_papers(env, papers);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == code);
    return read.error().detail;
  }
};

}  // namespace

TEST_CASE("three shares are saved together, and any two of the files are enough") {
  Desk desk;
  REQUIRE(save_shares(desk.world.files, "/safe", shares()));
  const auto files = share_files("/safe");
  for (const auto& [a, b] : {std::pair{0, 1}, {2, 0}, {1, 2}}) {
    const auto read = read_papers(desk.env, {{}, {files[a], files[b]}});
    REQUIRE(read);
    CHECK(read->root_seed.equals(organisation().root_seed));
  }
  const auto again = save_shares(desk.world.files, "/safe", shares());
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Errc::already_exists);
}

TEST_CASE("a disk that fails while shares are saved leaves none of them, and one that loses power no torn promise") {
  for (std::uint64_t n = 0;; ++n) {
    Desk desk;
    REQUIRE(desk.world.files.make_folders("/safe"));
    const auto before = desk.world.files.counts().operations;
    desk.world.files.fail_at(n, Errc::disk_full);
    const bool saved = save_shares(desk.world.files, "/safe", shares()).has_value();
    const bool reached = desk.world.files.counts().operations > before + n;
    desk.world.files.heal();
    INFO("operation " << n);
    for (const auto& file : share_files("/safe")) CHECK(desk.world.files.exists(file) == saved);
    if (!reached) break;
  }
  for (std::uint64_t n = 0;; ++n) {
    Desk desk;
    REQUIRE(desk.world.files.make_folders("/safe"));
    const auto before = desk.world.files.counts().operations;
    desk.world.files.power_off_at(n);
    const bool saved = save_shares(desk.world.files, "/safe", shares()).has_value();
    const bool reached = desk.world.files.counts().operations > before + n;
    desk.world.files.crash(n);
    INFO("operation " << n);
    const auto files = share_files("/safe");
    if (saved) CHECK(read_papers(desk.env, {{}, {files[0], files[2]}}));
    if (!reached) break;
  }
}

TEST_CASE("what is wrong is told by file and line") {
  Desk desk;
  const ShareSet ours = shares(), theirs = shares(8);
  std::string bad = text_of(ours[1]);
  char& letter = bad[line_at(bad, 7) + 4];
  letter = letter == 'A' ? 'B' : 'A';
  desk.put("/one", text_of(ours[0]));
  desk.put("/bad", bad);
  desk.put("/theirs", text_of(theirs[1]));
  desk.put("/page", std::string(page_text(organisation()).view()));
  CHECK(desk.fault({{}, {"/one", "/bad"}}, Errc::bad_input) == "/bad: line 7 has a wrong letter, or is of another page");
  CHECK(desk.fault({{}, {"/one", "/theirs"}}, Errc::bad_input).starts_with("/one and /theirs: the two pages are of two organisations"));
  CHECK(desk.fault({{}, {"/one", "/page"}}, Errc::bad_input).starts_with("/page: this is the whole recovery page"));
  CHECK(desk.fault({"/one", {}}, Errc::bad_input).starts_with("/one: this is no recovery page"));
  CHECK(read_papers(desk.env, {"/page", {}}));
  desk.fault({}, Errc::usage);
  desk.fault({{}, {"/one"}}, Errc::usage);
  desk.fault({"/page", {"/one", "/bad"}}, Errc::usage);
  desk.fault({{}, {"/one", "/one", "/one"}}, Errc::usage);
  CHECK(desk.fault({{}, {"/one", "/none"}}, Errc::not_found).contains("/none"));
  desk.put("/long", std::string(5000, 'x'));
  CHECK(desk.fault({{}, {"/one", "/long"}}, Errc::bad_input).starts_with("/long: "));
}

TEST_CASE("the key of the organisation's names comes from the recovery secret, and is another for another organisation") {
  const SecretBytes key = member_key_of(organisation());
  CHECK(key.size() == 32);
  CHECK(key.equals(member_key_of(organisation())));
  CHECK_FALSE(key.equals(member_key_of(organisation(8))));
  CHECK_FALSE(key.equals(organisation().recovery_secret));
}
