#include "ui/cli/passphrase.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>
#include <zxcvbn.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "platform/atomic_file.h"

namespace wayside::cli {
namespace {

// Guesses in bits. Argon2id at our usual cost allows some ten guesses a second and machine: 2^33 a machine in 27 years.
constexpr double kWeakBits = 40;
// Whoever has the disk, the device's secret with it, may take a thousand machines and years.
constexpr double kWeakBitsOffline = 60;
constexpr std::size_t kMeasuredBytes = 100;  // zxcvbn's time grows with the square of the length

constexpr char kInterrupt = 3, kEndOfInput = 4, kBackspace = 8, kLineFeed = 10, kReturn = 13, kClearLine = 21,
               kDelete = 127;

struct Descriptor {
  int number = -1;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

/// No echo, no line editing (the kernel would keep the line) and no signals while this lives.
class QuietTerminal {
 public:
  explicit QuietTerminal(int terminal) : terminal_(terminal) {
    if (::tcgetattr(terminal, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG);
    quiet.c_cc[VMIN] = 1;
    quiet.c_cc[VTIME] = 0;
    ok_ = ::tcsetattr(terminal, TCSAFLUSH, &quiet) == 0;
  }
  ~QuietTerminal() {
    if (ok_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  int terminal_;
  termios before_{};
  bool ok_ = false;
};

/// Nothing at the end of the input.
std::optional<char> read_byte(int from) {
  char byte = 0;
  for (;;) {
    const ssize_t got = ::read(from, &byte, 1);
    if (got == 1) return byte;
    if (got < 0 && errno == EINTR) continue;
    return std::nullopt;
  }
}

Result<SecretString> read_typed_line(int terminal) {
  SecretString typed;
  for (;;) {
    const auto byte = read_byte(terminal);
    if (!byte || *byte == kEndOfInput || *byte == kInterrupt) return fail(Errc::usage, "No passphrase was given");
    if (*byte == kLineFeed || *byte == kReturn) return typed;
    if (*byte == kBackspace || *byte == kDelete) typed.pop_back_code_point();
    else if (*byte == kClearLine) typed.clear();
    else if (!typed.append({&*byte, 1})) return fail(Errc::too_large, "passphrase");
  }
}

Result<SecretString> read_piped_line(int from) {
  SecretString line;
  for (;;) {
    const auto byte = read_byte(from);
    if (!byte || *byte == kLineFeed) break;
    if (*byte != kReturn && !line.append({&*byte, 1})) return fail(Errc::too_large, "passphrase");
  }
  if (line.empty()) return fail(Errc::usage, "The passphrase on standard input is empty. Give it as its first line");
  return line;
}

void show(int terminal, std::string_view text) {
  if (::write(terminal, text.data(), text.size()) < 0) return;  // a question nobody sees still takes its answer
}

/// In a copy that ends in NUL, as the library wants it. It keeps pieces of it in ordinary memory until this process
/// ends, which is why it is asked for new passphrases only, and in a process that ends with its verb.
double guessing_bits(const SecretString& passphrase) {
  const BytesView measured = passphrase.view().substr(0, kMeasuredBytes);
  SecretBytes text(measured.size() + 1);
  std::memcpy(text.data(), measured.data(), measured.size());
  std::array<const char*, 2> own_words{"wayside", nullptr};
  return ZxcvbnMatch(reinterpret_cast<const char*>(text.data()), own_words.data(), nullptr);
}

}  // namespace

Result<SecretString> passphrase_from_file(platform::Files& files, const platform::Path& file) {
  auto bytes = platform::read_secret(files, file, SecretString::kCapacity + 2);
  if (!bytes && bytes.error().code == Errc::not_found) {
    return fail(Errc::usage,
                "The passphrase file " + file.string() + " is not there. Name another with --passphrase-file");
  }
  if (!bytes) return std::unexpected(bytes.error());
  BytesView line = bytes->view();
  line = line.substr(0, line.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty())
    return fail(Errc::usage,
                "The passphrase file " + file.string() + " begins with an empty line. Write the passphrase there");
  SecretString passphrase;
  if (!passphrase.append(line)) return fail(Errc::too_large, "passphrase");
  return passphrase;
}

Result<SecretString> ask_passphrase(std::string_view question, bool or_first_line) {
  if (or_first_line && ::isatty(STDIN_FILENO) == 0) return read_piped_line(STDIN_FILENO);
  const Descriptor terminal{::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)};
  if (terminal.number < 0) {
    return fail(Errc::usage, "There is no terminal to ask for the passphrase. Name a file with --passphrase-file");
  }
  const QuietTerminal quiet(terminal.number);  // before the question: whoever answers at once is heard and not shown
  if (!quiet.ok())
    return fail(Errc::usage, "The terminal cannot hide what is typed. Name a file with --passphrase-file");
  show(terminal.number, question);
  auto typed = read_typed_line(terminal.number);
  show(terminal.number, "\n");
  return typed;
}

Result<SecretString> ask_new_passphrase(bool or_first_line) {
  WAYSIDE_TRY(SecretString chosen, ask_passphrase("New passphrase: ", or_first_line));
  if (or_first_line && ::isatty(STDIN_FILENO) == 0) return chosen;  // a script does not mistype
  WAYSIDE_TRY(const SecretString again, ask_passphrase("The same again: ", false));
  if (again.view() != chosen.view())
    return fail(Errc::usage, "The two passphrases differ. Nothing has changed. Try again");
  return chosen;
}

std::string passphrase_advice(const SecretString& passphrase, bool guessable_offline) {
  const double bits = guessing_bits(passphrase);
  if (bits < kWeakBits) {
    return "This passphrase is easy to guess. Take six random words instead: `passphrase change` does that at any time.";
  }
  if (guessable_offline && bits < kWeakBitsOffline) {
    return "On this computer the device's secret is only a file, so the passphrase must carry more. Take six random words: "
           "`passphrase change` does that at any time.";
  }
  return {};
}

}  // namespace wayside::cli
