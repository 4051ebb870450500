#include <zstd.h>

#include <catch2/catch_test_macros.hpp>

#include "core/crypto/crypto.h"
#include "core/ledger/envelope.h"
#include "core/vault/refold.h"
#include "tests/core/golden.h"
#include "tests/support/fleet.h"
#include "tests/vectors/organisation.h"

using namespace wayside;
using support::need;
using vectors::hex;
using vectors::Json;
using vectors::unhex;

namespace {

/// What is published. With WAYSIDE_WRITE_GOLDEN set it is written first: right only while a format is new.
Json published(const std::string& name, const Json& made) {
  const auto path = test::data_folder() / "vectors" / (name + ".json");
  if (test::writes_golden()) test::write_file(path, made.dump(1) + "\n");
  return Json::parse(support::read_file(path));
}

std::vector<Bytes> entries_of(const Json& membership) {
  std::vector<Bytes> out;
  for (const Json& each : membership["entries"]) out.push_back(unhex(each["bytes"]));
  return out;
}

vault::Parcel parcel_of(const Json& json) {
  vault::Parcel out;
  if (json.contains("envelope_is")) {
    out.envelope = Bytes(json["envelope_is"]["times"].get<std::size_t>(), json["envelope_is"]["byte"].get<char>());
  } else {
    out.envelope = unhex(json["envelope"]);
  }
  for (const Json& grant : json["grants"]) out.grants.push_back(unhex(grant));
  return out;
}

/// Ben's vault, with the keys of the vectors and the whole membership log.
struct Reader {
  Reader(const vectors::Organisation& org, const std::vector<Bytes>& membership) {
    vault::NewVault fresh;
    fresh.identity = {org.id, org.ben.user, org.ben.device, org.ben.incarnation};
    fresh.keys = {org.ben.sign_seed.clone(),
                  org.ben.box_secret.clone(),
                  org.ben.courier_seed.clone(),
                  org.member_key.clone(),
                  crypto::random_secret(world.random, crypto::kKeyBytes),
                  {}};
    fresh.keys.epochs.push_back({org.team, 1, org.epoch_secret.clone()});
    fresh.label = "ben's laptop";
    platform::Env env = world.env();
    vault = need(
        vault::Vault::create(env, "/ben", support::typed("six words that nobody here can guess"), std::move(fresh)));
    auto writing = need(vault->begin());
    need(vault::Ingest(*vault, writing).membership(membership));
    need(std::move(writing).commit());
  }

  vault::Outcome take(const vault::Parcel& parcel) {
    auto writing = need(vault->begin());
    vault::Ingest ingest(*vault, writing);
    const auto outcome = need(ingest.parcel(parcel));
    need(std::move(writing).commit());
    return outcome;
  }
  /// The number beside the only row of `quarantine` or `pending`.
  std::int64_t why(const std::string& table) {
    store::Query query = vault->store().database().query("SELECT why FROM " + table);
    REQUIRE(need(query.next()));
    const std::int64_t out = query.integer(0);
    REQUIRE_FALSE(need(query.next()));
    return out;
  }

  support::FakeEnv world{7};
  std::unique_ptr<vault::Vault> vault;
};

constexpr std::array<std::string_view, 4> kOutcomes{"applied", "known", "pending", "quarantined"};
constexpr std::array<std::string_view, 5> kWaits{"", "membership", "previous", "dependency", "key"};

}  // namespace

TEST_CASE("the published notation is ours") {
  vectors::Organisation org;
  const Json made = vectors::notation_vectors(org);
  CHECK(published("notation", made) == made);
}

TEST_CASE("a log takes every published membership entry, and refuses each attempt for the reason that is named") {
  vectors::Organisation org;
  const Json made = vectors::membership_vectors(org);
  const Json kept = published("membership", made);
  CHECK(kept == made);
  for (const Json& each : kept["attempts"]) {
    INFO(each["name"]);
    membership::Log log = org.log_of(each["after"]);
    const auto entry = membership::parse_entry(unhex(each["bytes"]));
    const auto taken = entry ? log.append(*entry) : Result<void>(std::unexpected(entry.error()));
    CHECK((taken ? "" : std::string(name_of(taken.error().code))) == each["why"]);
    CHECK((taken ? "taken" : "refused") == each["outcome"]);
    CHECK(log.size() == each["after"].get<std::size_t>() + (taken ? 1 : 0));
  }
}

TEST_CASE("a vault takes the published envelopes, and each attempt comes to what is published") {
  vectors::Organisation org;
  const std::vector<Bytes> membership = entries_of(published("membership", vectors::membership_vectors(org)));
  vectors::Organisation fresh;
  const Json made = vectors::envelope_vectors(fresh);
  const Json kept = published("envelopes", made);
  // Another version of zstd may compress otherwise; what it reads is the same.
  if (kept["zstd"] == ZSTD_versionString()) CHECK(kept == made);

  Reader ben(org, membership);
  std::map<std::string, vault::Parcel> good;
  for (const Json& each : kept["envelopes"]) {
    INFO(each["name"]);
    const vault::Parcel parcel = parcel_of(each);
    good.emplace(each["name"], parcel);
    CHECK(ben.take(parcel) == vault::Outcome::applied);
    const auto envelope = need(ledger::parse_envelope(parcel.envelope));
    CHECK(hex(envelope.id.view()) == each["id"]);
    const Bytes plain = need(ledger::open_envelope(envelope, unhex(each["case_key"])));
    CHECK(hex(plain) == each["change_set"]);
    // As the vault reads it, sealed values among the rest.
    const auto opened = need(vault::open_stored(*ben.vault, *need(ben.vault->store().envelope(envelope.id))));
    CHECK(vectors::operations(opened.change, envelope.header.device, envelope.id) == each["operations"]);
  }
  for (const Json& each : kept["attempts"]) {
    INFO(each["name"]);
    Reader reader(org, membership);
    for (const Json& before : each["after"]) CHECK(reader.take(good.at(before)) == vault::Outcome::applied);
    const std::string outcome(kOutcomes.at(static_cast<std::size_t>(reader.take(parcel_of(each)))));
    CHECK(outcome == each["outcome"]);
    if (outcome == "quarantined") CHECK(name_of(static_cast<Errc>(reader.why("quarantine"))) == each["why"]);
    if (outcome == "pending") CHECK(kWaits.at(static_cast<std::size_t>(reader.why("pending"))) == each["why"]);
  }
}
