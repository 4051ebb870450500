#include "core/attachments/sealed_file.h"

#include <catch2/catch_test_macros.hpp>

#include "core/attachments/limits.h"
#include "tests/support/fleet.h"

using namespace wayside;
using namespace wayside::attachments;
using namespace wayside::support;

namespace {

struct Sealed {
  Content content;
  std::map<Digest, Bytes> chunks;
  [[nodiscard]] Result<Bytes> open() const {
    return open_file(content, [this](const Digest& address) -> Result<Bytes> { return chunks.at(address); });
  }
};

Sealed seal(BytesView file, std::uint64_t seed = 1) {
  FakeRandom random(seed);
  Sealed out{{crypto::Key::random(random), {}}, {}};
  need(seal_file(out.content.key, file, [&](BytesView chunk) -> Result<void> {
    out.content.chunks.push_back(address_of(chunk));
    out.chunks[address_of(chunk)] = Bytes(chunk);
    return {};
  }));
  return out;
}

Bytes some(std::size_t size) {
  FakeRandom random(7);
  return crypto::random_bytes(random, size);
}

}  // namespace

TEST_CASE("files of every kind of length come back as they were") {
  constexpr std::size_t kMiB = 1 << 20;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{8}, std::size_t{9}, std::size_t{16375},
                                 std::size_t{16376}, std::size_t{16377}, kMiB - 9, kMiB - 8, kMiB - 7, kMiB - 1, kMiB, kMiB + 1, 5 * kMiB}) {
    CAPTURE(size);
    const Bytes file = some(size);
    const Sealed sealed = seal(file);
    CHECK(sealed.chunks.size() == (padded_bytes(size) + kChunkBytes - 1) / kChunkBytes);
    CHECK(need(sealed.open()) == file);
    const Content again = need(parse_content(content_text(sealed.content)));
    CHECK(again.chunks == sealed.content.chunks);
    CHECK(again.key.view() == sealed.content.key.view());
  }
}

TEST_CASE("every byte of a sealed file counts") {
  Sealed sealed = seal("what she said");
  REQUIRE(sealed.chunks.size() == 1);
  const Bytes good = sealed.chunks.begin()->second;
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes& bad = sealed.chunks.begin()->second;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    if (sealed.open()) FAIL("byte " << at << " may change");
    CHECK(address_of(bad) != sealed.content.chunks[0]);
    bad[at] = good[at];
  }
  CHECK(sealed.open());
}

TEST_CASE("parts that are missing, doubled, swapped or of another file do not make a file") {
  const Bytes file = some(3 << 20);
  Sealed sealed = seal(file);
  const std::vector<Digest> good = sealed.content.chunks;
  REQUIRE(good.size() == 4);
  const auto refused = [&](std::vector<Digest> chunks) {
    sealed.content.chunks = std::move(chunks);
    CHECK(sealed.open().error().code == Errc::corrupt);
  };
  refused({});
  refused({good[0], good[1], good[2]});
  refused({good[0], good[2], good[1], good[3]});
  refused({good[0], good[1], good[1], good[3]});
  refused({good[0], good[1], good[2], good[3], good[3]});
  refused({good[1], good[2], good[3]});
  Sealed other = seal(file, 2);
  sealed.chunks.merge(other.chunks);
  refused({good[0], other.content.chunks[1], good[2], good[3]});
}

TEST_CASE("the size of a sealed file tells little about the file") {
  CHECK(padded_bytes(0) == padded_bytes(16376));
  std::set<std::uint64_t> steps;
  for (std::uint64_t size = 1 << 20; size < 2 << 20; size += 1000) steps.insert(padded_bytes(size));
  CHECK(steps.size() <= 33);
  for (std::uint64_t size = 1; size <= kMaxFileBytes; size = size * 5 / 4 + 1) {
    CHECK(padded_bytes(size) >= size + 8);
    CHECK(padded_bytes(size) <= std::max<std::uint64_t>(kLeastPaddedBytes, (size + 8) * 112 / 100 + 1));
  }
  CHECK((padded_bytes(kMaxFileBytes) + kChunkBytes - 1) / kChunkBytes <= kMaxChunks);
}

TEST_CASE("a key and parts that cannot be read are refused") {
  const std::string good = content_text(seal("x").content);
  CHECK(parse_content("").error().code == Errc::corrupt);
  CHECK(parse_content("2:00").error().code == Errc::newer_format);
  CHECK(parse_content("1:").error().code == Errc::corrupt);
  CHECK(parse_content("1:zz").error().code == Errc::corrupt);
  for (std::size_t size = 0; size < good.size(); ++size) CHECK_FALSE(parse_content(BytesView(good).substr(0, size)));
  CHECK(parse_content(good + std::string(64 * kMaxChunks, '0')).error().code == Errc::corrupt);
}
