#include <catch2/catch_test_macros.hpp>

#include <array>
#include <set>

#include "sync/stick/tuning.h"
#include "tests/sync/stick/stick_helpers.h"

using namespace wayside;
using namespace wayside::support;
using stick::Direction;
using stick::Label;

namespace {

Label label(std::uint8_t kind = 1) { return {kind, 7, crypto::hash("wayside/test/1", {"about"})}; }

Bytes sealed_by(const stick::Seals& seals, Ends& ends, BytesView message, Direction direction = Direction::to_office) {
  return *seals.seal(direction, label(), message, ends.random);
}

BytesView head_of(const Bytes& file) { return BytesView(file).substr(0, stick::kHeadBytes); }

}  // namespace

TEST_CASE("either end reads what the other sealed, with its label, and only in its direction") {
  Ends ends;
  for (const Direction direction : {Direction::to_office, Direction::to_device}) {
    const bool there = direction == Direction::to_office;
    for (const Bytes& message : {Bytes(), Bytes("a question"), Bytes(300'000, 'x')}) {
      const Bytes file = sealed_by(there ? ends.device() : ends.office(), ends, message, direction);
      const auto head = (there ? ends.office() : ends.device()).open_head(direction, head_of(file));
      REQUIRE(head);
      CHECK(head->label == label());
      CHECK(head->file_bytes() == file.size());
      CHECK((*stick::open_message(*head, file) == message));
      CHECK_FALSE(ends.office().open_head(there ? Direction::to_device : Direction::to_office, head_of(file)));
    }
  }
}

TEST_CASE("a colleague, another office and another organisation read nothing of a file") {
  Ends ends, others(2);
  const Bytes file = sealed_by(ends.device(), ends, "a question");
  stick::Pair colleague = ends.pair, elsewhere = ends.pair;
  colleague.courier = others.pair.courier;
  colleague.device = others.pair.device;
  elsewhere.organisation = others.pair.organisation;
  const auto of_colleague = *stick::Seals::between(colleague, others.courier_seed);
  const auto of_elsewhere = *stick::Seals::between(elsewhere, ends.office_seed);
  const auto of_others = others.office();
  for (const stick::Seals* seals : {&of_colleague, &of_elsewhere, &of_others})
    for (const Direction direction : {Direction::to_office, Direction::to_device}) CHECK_FALSE(seals->open_head(direction, head_of(file)));
}

TEST_CASE("a file that is cut short or changed anywhere is not read") {
  Ends ends;
  const Bytes file = sealed_by(ends.device(), ends, "a question");
  const stick::Seals office = ends.office();
  const auto head = office.open_head(Direction::to_office, head_of(file));
  REQUIRE(head);
  for (std::size_t keep = 0; keep < file.size(); keep += keep < 200 ? 1 : 97) {
    const Bytes cut = file.substr(0, keep);
    if (keep < stick::kHeadBytes) CHECK_FALSE(office.open_head(Direction::to_office, head_of(cut)));
    CHECK_FALSE(stick::open_message(*head, cut));
  }
  CHECK_FALSE(stick::open_message(*head, file + '\0'));
  for (std::size_t at = 0; at < file.size(); at += at < 200 ? 1 : 97) {
    Bytes changed = file;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    if (at < stick::kHeadBytes) CHECK_FALSE(office.open_head(Direction::to_office, head_of(changed)));
    CHECK_FALSE(stick::open_message(*head, changed));
  }
}

TEST_CASE("a file is no longer than anybody may have to read, and a message over the limit is not sealed") {
  Ends ends;
  const Bytes longest(wire::kMaxStickMessageBytes, 'x');
  for (int i = 0; i < 3; ++i) {
    const Bytes file = sealed_by(ends.device(), ends, longest);
    CHECK(file.size() <= stick::kMostFileBytes);
    CHECK(ends.office().open_head(Direction::to_office, head_of(file)).has_value());
  }
  const auto over = ends.device().seal(Direction::to_office, label(), longest + 'x', ends.random);
  CHECK((!over && over.error().code == Errc::too_large));
}

TEST_CASE("whoever lacks the keys sees random bytes: no bit of any place leans, no byte comes oftener, no size returns") {
  constexpr int kFiles = 1000;
  constexpr std::size_t kPlaces = 256;
  Ends ends;
  const stick::Seals device = ends.device(), office = ends.office();
  std::array<int, kPlaces * 8> at_begin{}, at_end{};
  std::array<double, 256> bytes{};
  std::set<std::size_t> sizes;
  double all = 0;
  for (int i = 0; i < kFiles; ++i) {
    // One device's letters in a row, and the answers to them: what a lost stick shows.
    const Bytes file = i % 2 == 0 ? sealed_by(device, ends, "a question") : sealed_by(office, ends, "an answer", Direction::to_device);
    sizes.insert(file.size());
    for (std::size_t at = 0; at < kPlaces; ++at) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        at_begin[at * 8 + bit] += (static_cast<unsigned char>(file[at]) >> bit) & 1;
        at_end[at * 8 + bit] += (static_cast<unsigned char>(file[file.size() - 1 - at]) >> bit) & 1;
      }
    }
    for (const char byte : file) ++bytes[static_cast<unsigned char>(byte)];
    all += static_cast<double>(file.size());
  }
  // Six standard deviations of fair coins; of 4,096 places one goes beyond in a hundred thousand such tests.
  constexpr double kSigma = 15.8, kMost = 6 * kSigma;
  for (const auto& ends_of : {at_begin, at_end})
    for (const int ones : ends_of) REQUIRE(std::abs(ones - kFiles / 2.0) < kMost);
  double chi_square = 0;
  for (const double count : bytes) chi_square += (count - all / 256) * (count - all / 256) / (all / 256);
  CHECK(chi_square < 255 + 6 * 22.6);   // 255 degrees of freedom
  CHECK(sizes.size() > kFiles / 2);
  CHECK(*sizes.begin() > stick::kLeastPadded);
}
