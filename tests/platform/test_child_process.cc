#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <cstdlib>

#include "platform/child_process.h"

using namespace wayside;
using namespace wayside::platform;

namespace {

constexpr std::int64_t kPatienceMs = 30'000;  // never waited for, unless something is broken

ChildProcess must_start(const ChildOptions& options) {
  auto child = ChildProcess::start(options);
  REQUIRE(child);
  return *std::move(child);
}

ChildProcess shell(std::string script) { return must_start({.program = "sh", .arguments = {"-c", std::move(script)}}); }

}  // namespace

TEST_CASE("lines go in and come out, the last one without a newline too") {
  auto child = must_start({.program = "cat"});
  REQUIRE(child.write("one\ntwo\n", kPatienceMs));
  CHECK(*child.read_line(kPatienceMs) == "one");
  REQUIRE(child.write("three", kPatienceMs));
  child.close_input();
  CHECK(*child.read_line(kPatienceMs) == "two");
  CHECK(*child.read_line(kPatienceMs) == "three");
  CHECK(*child.read_line(kPatienceMs) == std::nullopt);
  CHECK(child.wait(kPatienceMs)->ok());
}

TEST_CASE("frames keep their edges, empty ones and large ones too") {
  auto child = must_start({.program = "cat"});
  const Bytes odd("\0\n\xFF", 3);
  REQUIRE(child.write_frame("", kPatienceMs));
  REQUIRE(child.write_frame(odd, kPatienceMs));
  CHECK(*child.read_frame(100, kPatienceMs) == "");
  CHECK(*child.read_frame(100, kPatienceMs) == odd);
  const Bytes large(3'000'000, 'x');  // more than the pipes hold: writing and taking in go on together
  REQUIRE(child.write_frame(large, kPatienceMs));
  CHECK(*child.read_frame(large.size(), kPatienceMs) == large);
  REQUIRE(child.write_frame("12345", kPatienceMs));
  CHECK(child.read_frame(4, kPatienceMs).error().code == Errc::too_large);
}

TEST_CASE("the end of the output is an end between frames and an error within one") {
  auto whole = shell("printf '\\003\\000\\000\\000abc'");
  CHECK(*whole.read_frame(10, kPatienceMs) == "abc");
  CHECK(*whole.read_frame(10, kPatienceMs) == std::nullopt);
  auto cut = shell("printf '\\003\\000\\000\\000ab'");
  CHECK(cut.read_frame(10, kPatienceMs).error().code == Errc::unreachable);
}

TEST_CASE("how a child ended is told: its code, or the signal") {
  CHECK(shell("exit 7").wait(kPatienceMs)->code == 7);
  auto child = shell("kill -TERM $$");
  const auto exit = child.wait(kPatienceMs);
  CHECK(exit->code == -1);
  CHECK(exit->signal == SIGTERM);
  CHECK_FALSE(exit->ok());
  CHECK(child.wait(kPatienceMs)->signal == SIGTERM);
}

TEST_CASE("a child that does not answer costs no more than the time allowed") {
  auto child = must_start({.program = "cat"});
  CHECK(child.read_line(1).error().code == Errc::unreachable);
  CHECK(child.wait(1).error().code == Errc::unreachable);
  child.kill();
  CHECK(child.wait(kPatienceMs)->signal == SIGKILL);
}

TEST_CASE("writing to a child that has gone is an error and kills nobody") {
  auto child = shell("exec 0<&-; echo closed; exec cat /dev/null");
  CHECK(*child.read_line(kPatienceMs) == "closed");
  REQUIRE(child.wait(kPatienceMs));
  CHECK(child.write(std::string(1'000'000, 'x'), kPatienceMs).error().code == Errc::unreachable);
  child.close_input();
  CHECK(child.write("x", kPatienceMs).error().code == Errc::unreachable);
}

TEST_CASE("a child that talks much does not block while it is waited for") {
  const auto outcome = run_child(
      {.program = "sh", .arguments = {"-c", "head -c 1000000 /dev/zero; head -c 300000 /dev/zero >&2; exit 3"}},
      "input that nobody reads", kPatienceMs);
  REQUIRE(outcome);
  CHECK(outcome->output.size() == 1'000'000);
  CHECK(outcome->errors.size() == 300'000);
  CHECK(outcome->exit.code == 3);
}

TEST_CASE("a child that talks without end meets its limit") {
  const auto outcome =
      run_child({.program = "cat", .arguments = {"/dev/zero"}, .output_limit_bytes = 100'000}, "", kPatienceMs);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == Errc::too_large);
}

TEST_CASE("a destroyed child is gone") {
  pid_t pid = -1;
  {
    const auto child = must_start({.program = "cat"});
    pid = child.pid();
    CHECK(::kill(pid, 0) == 0);
  }
  CHECK(::kill(pid, 0) != 0);
}

TEST_CASE("a child sees of our environment what it needs and what it is given, and nothing else") {
  ::setenv("WAYSIDE_TEST_PASSES", "yes", 1);
  ::setenv("SECRET_TOKEN", "no", 1);
  ::setenv("LD_PRELOAD_TEST", "no", 1);
  const auto outcome = run_child(
      {.program = "env", .environment = {{"GIVEN", "a=b"}, {"WAYSIDE_TEST_REPLACED", "new"}}}, "", kPatienceMs);
  REQUIRE(outcome);
  CHECK(outcome->output.find("WAYSIDE_TEST_PASSES=yes\n") != std::string::npos);
  CHECK(outcome->output.find("GIVEN=a=b\n") != std::string::npos);
  CHECK(outcome->output.find("PATH=") != std::string::npos);
  CHECK(outcome->output.find("SECRET_TOKEN") == std::string::npos);
  CHECK(outcome->output.find("LD_PRELOAD") == std::string::npos);
}

TEST_CASE("a child starts with default signals, though we ignore some") {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  const auto outcome =
      run_child({.program = "sh", .arguments = {"-c", "kill -PIPE $$; echo survived"}}, "", kPatienceMs);
  std::signal(SIGPIPE, before);
  REQUIRE(outcome);
  CHECK(outcome->exit.signal == SIGPIPE);
}

TEST_CASE("a program that is not there is not found") {
  const auto child = ChildProcess::start({.program = "/nowhere/program"});
  REQUIRE_FALSE(child);
  CHECK(child.error().code == Errc::not_found);
}
