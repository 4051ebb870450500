#include "core/recovery/typed_lines.h"

#include <cctype>

#include "tests/core/recovery/recovery_samples.h"

using namespace wayside;
using namespace wayside::recovery;
using namespace wayside::recovery::samples;

namespace {

constexpr std::size_t kLines = 4;

SecretBytes sample() {
  support::FakeRandom random(5);
  return crypto::random_secret(random, kLines * kLineBytes);
}

std::string typed() { return "\n" + std::string(typed_lines(sample()).view()); }

bool reads_back(const std::string& text) {
  const auto read = read_typed_lines(text, kLines);
  return read && read->equals(sample());
}

std::string fault_of(const std::string& text) {
  const auto read = read_typed_lines(text, kLines);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == Errc::bad_input);
  return read.error().detail;
}

}  // namespace

TEST_CASE("typed lines are read back, whatever the typist does with case, spaces and order") {
  const std::string text = typed();
  CHECK(reads_back(text));
  std::string lower = text;
  for (char& each : lower) each = static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
  CHECK(reads_back(lower));
  std::string hyphens = text;
  for (std::size_t i = 6; i < hyphens.size(); ++i) {
    if (hyphens[i] == ' ' && std::isalnum(static_cast<unsigned char>(hyphens[i - 1]))) hyphens[i] = '-';
  }
  CHECK(reads_back(hyphens));
  const std::size_t third = line_at(text, 3), fourth = line_at(text, 4);
  CHECK(reads_back(text.substr(0, third) + text.substr(fourth) + text.substr(third, fourth - third)));
  std::string dots = text;
  dots.replace(line_at(text, 2), 4, "2. ");
  CHECK(reads_back("Found in the safe on 3 May,\nby two of us.\n" + dots + "\r\nEND\r\n"));
  std::string look_alikes = text;
  for (std::size_t i = line_at(text, 1) + 4; i < look_alikes.size(); ++i) {
    const bool begins_line = look_alikes[i - 1] == '\n' || look_alikes[i - 2] == '\n';
    if (!begins_line && look_alikes[i] == '0') look_alikes[i] = 'o';
    if (!begins_line && look_alikes[i] == '1') look_alikes[i] = i % 2 == 0 ? 'l' : 'I';
  }
  CHECK(reads_back(look_alikes));
}

TEST_CASE("any one letter that is wrong is told by its line") {
  const std::string text = typed();
  std::size_t tried = 0;
  for (std::size_t number = 1; number <= kLines; ++number) {
    const std::size_t begin = line_at(text, number) + 4, end = text.find('\n', begin);
    for (std::size_t at = begin; at < end; ++at) {
      if (text[at] == ' ') continue;
      for (const char other : std::string("0123456789ABCDEFGHJKMNPQRSTVWXYZ")) {
        if (other == text[at]) continue;
        std::string wrong = text;
        wrong[at] = other;
        const auto read = read_typed_lines(wrong, kLines);
        if (read || !read.error().detail.starts_with("line " + std::to_string(number) + " has a wrong letter")) FAIL("line " << number << " at " << at);
        ++tried;
      }
    }
  }
  CHECK(tried == kLines * 20 * 31);
}

TEST_CASE("letters that changed places are told by their line") {
  const std::string text = typed();
  for (std::size_t number = 1; number <= kLines; ++number) {
    const std::size_t begin = line_at(text, number) + 4, end = text.find('\n', begin);
    for (std::size_t at = begin; at + 1 < end; ++at) {
      if (text[at] == ' ' || text[at + 1] == ' ' || text[at] == text[at + 1]) continue;
      std::string wrong = text;
      std::swap(wrong[at], wrong[at + 1]);
      CHECK(fault_of(wrong).starts_with("line " + std::to_string(number) + " "));
    }
  }
}

TEST_CASE("lines that are missing, too short, doubled or swapped are each named, all in one sentence") {
  const std::string text = typed();
  const std::size_t second = line_at(text, 2), third = line_at(text, 3), fourth = line_at(text, 4);
  CHECK(fault_of(text.substr(0, second) + text.substr(third)) == "line 2 is missing");
  CHECK(fault_of(text + text.substr(fourth)) == "line 4 is there twice");
  std::string shorter = text;
  shorter.erase(third + 4, 1);
  CHECK(fault_of(shorter) == "line 3 has 19 letters instead of 20");
  std::string sign = text;
  sign[third + 4] = '?';
  CHECK(fault_of(sign) == "line 3 has a sign that is none of its letters");
  std::string swapped = text;
  swapped[second + 1] = '3';
  swapped[third + 1] = '2';
  const std::string both = fault_of(swapped);
  CHECK(both.contains("line 2 has a wrong letter"));
  CHECK(both.contains("line 3 has a wrong letter"));
  CHECK(fault_of("") == "line 1 is missing; line 2 is missing; line 3 is missing; line 4 is missing");
  CHECK(fault_of(text + "\n1  \n").starts_with("line 1 is there twice"));
}

TEST_CASE("a line of another page is told, although it is right in itself") {
  const std::string text = typed();
  support::FakeRandom random(6);
  const std::string other = "\n" + std::string(typed_lines(crypto::random_secret(random, kLines * kLineBytes)).view());
  std::string mixed = text;
  mixed.replace(line_at(text, 3), 30, other.substr(line_at(other, 3), 30));
  CHECK(fault_of(mixed) == "line 3 has a wrong letter, or is of another page");
}

TEST_CASE("a sentence about wrong lines stays short, whatever was pasted") {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "1 ??\n";
  CHECK(fault_of(text).size() < 1000);
}
