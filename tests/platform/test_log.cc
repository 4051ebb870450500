#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>
#include <regex>
#include <string>
#include <type_traits>

#include "core/base/ids.h"
#include "platform/atomic_file.h"
#include "platform/files_posix.h"
#include "platform/log.h"
#include "tests/support/temp_folder.h"

using namespace wayside;
using namespace wayside::platform;

// Nothing that could hold case data or a secret can be handed to the log.
static_assert(!std::is_constructible_v<LogField, Word, std::string>);
static_assert(!std::is_constructible_v<LogField, Word, std::string_view>);
static_assert(!std::is_constructible_v<LogField, Word, const char*>);
static_assert(!std::is_constructible_v<LogField, Word, char>);
static_assert(!std::is_constructible_v<LogField, Word, const SecretBytes&>);
static_assert(!std::is_constructible_v<LogField, Word, const Error&>);
static_assert(!std::is_constructible_v<LogField, std::string, int>);
static_assert(!std::is_constructible_v<Word, std::string>);
static_assert(!std::is_constructible_v<Word, const char*>);
static_assert(!std::is_constructible_v<LogField, Word, Signature>);
static_assert(std::is_constructible_v<LogField, Word, LedgerId>);
static_assert(std::is_constructible_v<LogField, Word, Errc>);

TEST_CASE("a line says when, how bad, what, and its numbers, codes and ids") {
  const support::TempFolder folder;
  PosixFiles files;
  const Path path = folder / "log";
  {
    auto log = Log::to_file(path);
    REQUIRE(log);
    log->info("pushed", {{"envelopes", 12}, {"ledger", *LedgerId::from(Bytes(16, '\x5f'))}, {"whole", true}});
    log->warn("later", {{"code", Errc::unreachable}, {"kind", "pull"}, {"bytes", std::uint64_t{1} << 40}});
    log->error("ended");
  }
  const auto text = read_all(files, path, 10'000);
  REQUIRE(text);
  const std::string when = R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3} )";
  CHECK(std::regex_match(
      *text, std::regex(when + "info pushed envelopes=12 ledger=(5f){16} whole=yes\n" + when +
                        "warning later code=unreachable kind=pull bytes=1099511627776\n" + when + "error ended\n")));
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
}

TEST_CASE("a log file keeps to two files of 1 MiB") {
  const support::TempFolder folder;
  PosixFiles files;
  const auto log = Log::to_file(folder / "log");
  REQUIRE(log);
  for (int i = 0; i < 60'000; ++i) log->info("a_rather_long_word_so_that_the_file_fills_up_sooner", {{"number", i}});
  CHECK(files.list(folder.path())->size() == 2);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) CHECK(entry.file_size() <= 1 << 20);
}

TEST_CASE("a log that cannot be written says so, and one to nowhere is silent") {
  const auto log = Log::to_file("/proc/none/log");
  CHECK_FALSE(log);
  Log::to_nowhere().info("nothing");
}
