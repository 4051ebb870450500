#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>

#include "tests/ui/cli/cli_helpers.h"

using namespace wayside::cli::testing;

namespace {

/// The real program on a terminal of its own, and somebody who types.
class Terminal {
 public:
  Terminal(const Home& home, const Words& words) {
    std::vector<std::string> all{WAYSIDE_CLI_PROGRAM};
    all.insert(all.end(), words.begin(), words.end());
    all.insert(all.end(), {"--home", home.home().string()});
    std::vector<char*> arguments;
    for (auto& word : all) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const std::string keys = home.keys().string();
    child_ = ::forkpty(&screen_, nullptr, nullptr, nullptr);
    REQUIRE(child_ >= 0);
    if (child_ == 0) {
      ::setenv("WAYSIDE_KEYS", keys.c_str(), 1);
      ::execv(arguments.front(), arguments.data());
      ::_exit(127);
    }
  }
  ~Terminal() {
    if (child_ > 0) ::kill(child_, SIGKILL), ::waitpid(child_, nullptr, 0);
    ::close(screen_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void answer(const std::string& question, const std::string& typed) {
    const std::size_t asked_before = seen_.size();
    while (!seen_.substr(asked_before).contains(question)) {
      INFO(seen_);
      REQUIRE(read());
    }
    REQUIRE(::write(screen_, typed.data(), typed.size()) == static_cast<ssize_t>(typed.size()));
  }
  int finish() {
    while (read()) {
    }
    int status = 0;
    REQUIRE(::waitpid(std::exchange(child_, -1), &status, 0) > 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  [[nodiscard]] const std::string& seen() const { return seen_; }

 private:
  bool read() {
    pollfd wanted{screen_, POLLIN, 0};
    constexpr int kPatience_ms = 60'000;
    if (::poll(&wanted, 1, kPatience_ms) <= 0) return false;
    std::array<char, 512> piece{};
    const ssize_t got = ::read(screen_, piece.data(), piece.size());
    if (got <= 0) return false;   // the program has ended
    seen_.append(piece.data(), static_cast<std::size_t>(got));
    return true;
  }

  int screen_ = -1;
  pid_t child_ = -1;
  std::string seen_;
};

}  // namespace

TEST_CASE("a passphrase is asked for on the terminal, a new one twice, and never shown") {
  const Home home;
  Terminal made(home, {"solo", "--device-name", "Laptop"});
  made.answer("New passphrase: ", "seven grey heronsX\x7f cross the meadow\n");   // a mistyped letter taken back
  made.answer("The same again: ", "seven grey herons cross the meadow\n");
  CHECK(made.finish() == 0);
  CHECK_FALSE(made.seen().contains("herons"));

  Terminal opened(home, {"digest"});
  opened.answer("Passphrase: ", "seven grey herons cross the meadow\r");
  CHECK(opened.finish() == 0);
  CHECK_FALSE(opened.seen().contains("herons"));
}

TEST_CASE("two new passphrases that differ make no vault, and Ctrl C gives up") {
  const Home home;
  Terminal differs(home, {"solo", "--device-name", "Laptop"});
  differs.answer("New passphrase: ", "seven grey herons cross the meadow\n");
  differs.answer("The same again: ", "seven grey herons cross the water\n");
  CHECK(differs.finish() == 2);
  Terminal given_up(home, {"solo", "--device-name", "Laptop"});
  given_up.answer("New passphrase: ", "seven grey \x03");
  CHECK(given_up.finish() == 2);
  CHECK_FALSE(std::filesystem::exists(home.home() / "header"));
}
