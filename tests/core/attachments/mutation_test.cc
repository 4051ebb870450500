#include <catch2/catch_test_macros.hpp>

#include "core/attachments/picture.h"
#include "core/attachments/strip.h"
#include "tests/core/attachments/made_files.h"
#include "tests/support/fake_env.h"

using namespace wayside;
using namespace wayside::attachments;
using namespace wayside::attachments::testing;

namespace {

constexpr std::uint64_t kSeed = 20260504;

/// One to eight changes: a byte, a cut, a doubled or a moved piece.
Bytes mutated(Bytes file, support::FakeRandom& random) {
  for (std::uint64_t changes = 1 + random.below(8); changes > 0 && !file.empty(); --changes) {
    const auto at = static_cast<std::size_t>(random.below(file.size()));
    const auto size = static_cast<std::size_t>(random.below(std::min<std::uint64_t>(64, file.size() - at)) + 1);
    switch (random.below(5)) {
      case 0: file[at] = static_cast<char>(random.below(256)); break;
      case 1: file[at] = static_cast<char>(file[at] ^ (1 << random.below(8))); break;
      case 2: file.erase(at, size); break;
      case 3: file.insert(at, file.substr(at, size)); break;
      default: file.resize(at); break;
    }
  }
  return file;
}

/// Whatever comes in: an error, or a file. A picture is then without its metadata and strips to itself; in a PDF a change
/// may turn metadata into text, which stays.
template <class Strip>
void survives(const Bytes& good, int rounds, Strip strip, bool strips_to_itself = true) {
  support::FakeRandom random(kSeed);
  int taken = 0;
  for (int i = 0; i < rounds; ++i) {
    const Bytes file = mutated(good, random);
    const auto out = strip(file);
    (void)preview(file, 16);
    if (!out) continue;
    ++taken;
    if (!strips_to_itself) continue;
    const auto again = strip(*out);
    REQUIRE(again);
    CHECK((*again == *out));
    CHECK(out->find(kDevice) == Bytes::npos);
    CHECK(out->find("xmpmeta") == Bytes::npos);
  }
  CHECK(taken < rounds);
}

}  // namespace

TEST_CASE("no change to a JPEG brings the stripper down, or metadata through it") {
  survives(tagged(plain_jpeg(pixels()), 6), 4000, strip_jpeg);
  survives(tagged(plain_jpeg(pixels(), true), 6), 2000, strip_jpeg);
}

TEST_CASE("no change to a PNG brings the stripper down, or metadata through it") {
  survives(tagged(plain_png(pixels(), false, true)), 3000, strip_png);
  survives(tagged(plain_png(pixels(), true, true)), 3000, strip_png);
}

TEST_CASE("no change to a PDF brings the stripper down, or metadata through it") {
  survives(pdf(tagged(plain_jpeg(pixels()))), 1500, strip_pdf, false);
}
