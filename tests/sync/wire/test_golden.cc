#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <fstream>

#include "core/crypto/crypto.h"
#include "sync/wire/codec.h"
#include "tests/support/read_file.h"
#include "tests/sync/wire/samples.h"

using namespace wayside;
using namespace wayside::support;

namespace {

/// The bytes of a golden file. With WAYSIDE_WRITE_GOLDEN set, writes them first: only ever for a new version.
Bytes golden(const std::string& name, const Bytes& current) {
  const std::string path = std::string(WAYSIDE_GOLDEN_FOLDER) + "/" + name;
  if (std::getenv("WAYSIDE_WRITE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << current;
  return wayside::support::read_file(path);
}

}  // namespace

TEST_CASE("signed heads of version 1 are written as ever, and read") {
  const Bytes now = wire::sign_heads(sample_heads(), sample_seed());
  const Bytes kept = golden("wire_signed_heads.v1.bin", now);
  CHECK(kept == now);
  const auto heads = wire::verify_heads(kept, crypto::sign_public(sample_seed()));
  REQUIRE(heads);
  CHECK(*heads == sample_heads());
}

TEST_CASE("a pull answer of version 1 is written as ever, and read") {
  const Bytes now = wire::encode(sample_pull_answer());
  const Bytes kept = golden("wire_pull_answer.v1.bin", now);
  CHECK(kept == now);
  const auto answer = wire::decode<wire::pb::PullAnswer>(kept);
  REQUIRE(answer);
  CHECK(answer->SerializeAsString() == sample_pull_answer().SerializeAsString());
}

TEST_CASE("a push request of version 1 is written as ever, and read") {
  const Bytes kept = golden("wire_push_request.v1.bin", wire::encode(sample_push_request()));
  CHECK(kept == wire::encode(sample_push_request()));
  CHECK(wire::decode<wire::pb::PushRequest>(kept));
}

TEST_CASE("messages about parts of attachments of version 1 are written as ever, and read") {
  const auto as_ever = [](const char* name, const auto& sample) {
    INFO(name);
    const Bytes now = wire::encode(sample);
    const Bytes kept = golden(name, now);
    CHECK(kept == now);
    CHECK(wire::decode<std::remove_cvref_t<decltype(sample)>>(kept));
  };
  as_ever("wire_ask_parts_answer.v1.bin", sample_ask_parts_answer());
  as_ever("wire_put_parts_request.v1.bin", sample_put_parts_request());
  as_ever("wire_get_parts_answer.v1.bin", sample_get_parts_answer());
}
