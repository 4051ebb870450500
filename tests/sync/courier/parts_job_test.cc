#include <algorithm>

#include "core/attachments/blobs.h"
#include "core/attachments/limits.h"
#include "core/attachments/sealed_file.h"
#include "sync/spool/parts_list.h"
#include "sync/wire/codec.h"
#include "tests/sync/courier/courier_helpers.h"
#include "tests/sync/office/organisation.h"

using namespace wayside;
using namespace wayside::courier;
using namespace wayside::courier::testing;
using support::Member;
using support::Organisation;

namespace {

/// The real office without a socket.
struct Served : Organisation {
  Member amina = join(founding.first_ticket);
  Member ben = join(invite(membership::Role::advocate, {main_team}));
  Member cara = join(invite(membership::Role::advocate, {add_team()}));
  office::Service service{world.clock, *store, {founding.keys.tls_seed.clone(), founding.keys.sign_seed.clone()}};
};

/// A device: its disk, its spool and its sealed chunks.
struct Desk {
  support::FakeEnv world;
  Controls controls;
  std::vector<std::string> paths;  ///< of its requests
  /// Asked before each request; true: the line is cut, the request never arrives.
  std::function<bool(const platform::HttpCall&)> cut = [](const auto&) { return false; };
  /// What an office that lies does to an answer.
  std::function<void(const platform::HttpCall&, platform::HttpAnswer&)> twist = [](const auto&, auto&) {};

  Desk(Served& office, const Member& member, std::uint64_t seed) : world(seed) {
    need(spool::write_office(world.files, kLayout,
                             {"office.example:8443", office.founding.keys.tls_pin(), office.store->log().organisation(),
                              member.id(), member.entry.courier_public}));
    need(spool::write_courier_key(world.files, kLayout, member.courier_seed));
    world.network.answer_with([this, &office, key = member.entry.courier_public](
                                  const platform::HttpCall& call) -> Result<platform::HttpAnswer> {
      if (cut(call)) return fail(Errc::unreachable, "cut");
      paths.push_back(call.path);
      office::Reply reply = office.service.answer(key, call.path, call.body);
      platform::HttpAnswer answer{reply.status, std::move(reply.body), call.body.size(), 0, false};
      twist(call, answer);
      answer.bytes_down = answer.body.size();
      return answer;
    });
  }
  attachments::Blobs blobs() { return attachments::Blobs(world.files, "/home"); }
  Digest keep(const Bytes& chunk) { return need(blobs().put(chunk)); }
  void put_in_outbox(const wire::pb::Parcel& parcel) {
    auto outbox = need(spool::Outbox::open(world.files, kLayout));
    need(outbox.append(support::id_of(parcel), parcel));
    need(outbox.flush_sync());
  }
  void list(const std::vector<Digest>& addresses) {
    need(spool::write_parts_list(world.files, kLayout, spool::make_parts_list(addresses)));
  }
  wire::pb::CourierDone run(wire::pb::CourierJob job) {
    job.set_home("/home");
    paths.clear();
    return run_job(job, world.env(), nullptr, controls);
  }
  wire::pb::CourierDone sync() { return run(sync_job()); }
  wire::pb::CourierDone fetch(const std::vector<Digest>& addresses) {
    wire::pb::CourierJob job;
    job.set_spool(kLayout.root.string());
    for (const Digest& each : addresses) job.mutable_parts()->add_addresses(each.str());
    return run(job);
  }
  std::size_t held(const std::vector<Digest>& addresses) {
    return static_cast<std::size_t>(
        std::ranges::count_if(addresses, [&](const Digest& each) { return blobs().get(each).has_value(); }));
  }
};

Errc error_of_get(const Result<Bytes>& got) { return got ? Errc{} : got.error().code; }

/// Amina has written a case whose envelope names five chunks; nothing is at the office yet.
struct WithParts : Served {
  Desk at_amina{*this, amina, 11}, at_ben{*this, ben, 12}, at_cara{*this, cara, 13};
  std::vector<Digest> parts;

  WithParts() {
    Writing writing;
    writing.teams = {main_team};
    // Three of full size, each a request of its own, and two that share one.
    for (const std::size_t size : {attachments::kMaxSealedPartBytes, attachments::kMaxSealedPartBytes - 24,
                                   attachments::kMaxSealedPartBytes - 24, std::size_t{16'400}, std::size_t{16'500}})
      parts.push_back(at_amina.keep(crypto::random_bytes(world.random, size)));
    writing.blobs = parts;
    at_amina.put_in_outbox(write(amina, new_ledger(), writing));
    at_amina.list(parts);
  }
};

}  // namespace

TEST_CASE("parts go last, once, and cost nothing afterwards") {
  WithParts org;
  const auto done = org.at_amina.sync();
  CHECK(done.error() == 0);
  CHECK(done.parts_sent() == 5);
  CHECK(done.parts_sent_bytes() == 3 * attachments::kMaxSealedPartBytes - 48 + 32'900);
  CHECK(done.parts_waiting() == 0);
  CHECK(org.at_amina.paths == std::vector<std::string>{"/v1/push", "/v1/pull", "/v1/parts/ask", "/v1/parts/put",
                                                       "/v1/parts/put", "/v1/parts/put", "/v1/parts/put"});
  const auto again = org.at_amina.sync();  // the list still lies there: the vault has not been opened since
  CHECK(again.round_trips() == 1);
  CHECK(org.at_amina.paths == std::vector<std::string>{"/v1/pull"});
  CHECK(org.at_ben.sync().error() == 0);
  CHECK(org.at_ben.paths == std::vector<std::string>{"/v1/pull"});
}

TEST_CASE("whichever request of it the line cuts, sending goes on behind the chunks that arrived") {
  for (int cut_at = 0; cut_at < 7; ++cut_at) {
    WithParts org;
    int requests = 0;
    org.at_amina.cut = [&](const auto&) { return requests++ >= cut_at; };  // the second attempt, too
    const auto first = org.at_amina.sync();
    INFO("cut at " << cut_at);
    CHECK(error_of(first) == Errc::unreachable);
    org.at_amina.cut = [](const auto&) { return false; };
    const auto second = org.at_amina.sync();
    CHECK(second.error() == 0);
    CHECK(first.parts_sent() + second.parts_sent() == 5);  // none twice
    CHECK(second.parts_waiting() == 0);
  }
}

TEST_CASE("an answer that was lost costs a question and no chunk twice") {
  WithParts org;
  bool lost = false;
  org.at_amina.cut = [&](const platform::HttpCall& call) {
    if (lost || call.path != "/v1/parts/put") return lost;
    (void)org.service.answer(org.amina.entry.courier_public, call.path, call.body);
    return lost = true;
  };
  CHECK(error_of(org.at_amina.sync()) == Errc::unreachable);
  org.at_amina.cut = [](const auto&) { return false; };
  const auto done = org.at_amina.sync();
  CHECK(done.error() == 0);
  CHECK(done.parts_sent() == 4);
}

TEST_CASE("the power may go at any operation of a reconcile with parts: the next one sends what is left") {
  std::size_t cut_short = 0;
  for (std::uint64_t n = 0; n < 90; n += 3) {
    WithParts org;
    org.at_amina.world.files.power_off_at(n);
    const auto first = org.at_amina.sync();
    cut_short += first.error() != 0 ? 1 : 0;
    org.at_amina.world.files.crash(n);
    INFO("operation " << n);
    CHECK(org.at_amina.held(org.parts) == 5);
    CHECK(org.at_amina.sync().error() == 0);
    CHECK(org.at_ben.fetch(org.parts).parts_fetched() == 5);
  }
  CHECK(cut_short > 5);
}

TEST_CASE("a colleague fetches what she asks for, and after a cut only the rest of it") {
  WithParts org;
  CHECK(org.at_amina.sync().error() == 0);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> progress;
  org.at_ben.controls.progress = [&](const auto& at) { progress.emplace_back(at.done(), at.total()); };
  int requests = 0;
  org.at_ben.cut = [&](const auto&) { return requests++ >= 2; };
  CHECK(error_of(org.at_ben.fetch(org.parts)) == Errc::unreachable);
  CHECK(org.at_ben.held(org.parts) == 2);
  org.at_ben.cut = [](const auto&) { return false; };
  const auto rest = org.at_ben.fetch({org.parts.begin() + 2, org.parts.end()});
  CHECK(rest.error() == 0);
  CHECK(rest.parts_fetched() == 3);
  CHECK(org.at_ben.held(org.parts) == 5);
  CHECK(progress.front() == std::pair<std::uint64_t, std::uint64_t>{1, 5});
  CHECK(progress.back() == std::pair<std::uint64_t, std::uint64_t>{3, 3});
}

TEST_CASE("what the office does not have yet is counted, and what a device may not read is not there for it") {
  WithParts org;
  auto nothing_yet = org.at_ben.fetch(org.parts);
  CHECK(nothing_yet.error() == 0);
  CHECK(nothing_yet.parts_not_there() == 5);
  CHECK(org.at_amina.sync().error() == 0);
  const auto stranger = org.at_cara.fetch(org.parts);
  CHECK(stranger.error() == 0);
  CHECK(stranger.parts_not_there() == 5);
  CHECK(org.at_cara.held(org.parts) == 0);
}

TEST_CASE("a chunk that the office changed is not kept and is told; the true ones are") {
  WithParts org;
  CHECK(org.at_amina.sync().error() == 0);
  const auto lies = [&](const std::function<void(wire::pb::GetPartsAnswer&)>& lie) {
    org.at_ben.twist = [lie](const platform::HttpCall& call, platform::HttpAnswer& answer) {
      if (call.path != "/v1/parts/get") return;
      auto parts = need(wire::decode<wire::pb::GetPartsAnswer>(answer.body));
      lie(parts);
      answer.body = wire::encode(parts);
    };
    const auto done = org.at_ben.fetch(org.parts);
    for (const Digest& each : org.parts) CHECK(error_of_get(org.at_ben.blobs().get(each)) != Errc::corrupt);
    return error_of(done);
  };
  SECTION("one bit") {
    CHECK(lies([](auto& parts) { parts.mutable_parts(0)->mutable_chunk()->back() ^= 1; }) == Errc::bad_signature);
    CHECK(org.at_ben.held(org.parts) == 1);  // the two small ones share an answer, of which the second is true
  }
  SECTION("another part of the same case under this address") {
    const Bytes other = need(org.at_amina.blobs().get(org.parts[3]));
    CHECK(lies([&](auto& parts) { parts.mutable_parts(0)->set_chunk(other); }) == Errc::bad_signature);
  }
  SECTION("more than any chunk is") {
    CHECK(lies([](auto& parts) { parts.mutable_parts(0)->set_chunk(Bytes(3 << 20, 'x')); }) == Errc::bad_signature);
  }
  SECTION("another address, too many, none") {
    CHECK(lies([](auto& parts) { parts.mutable_parts(0)->set_address(Bytes(32, 'x')); }) == Errc::bad_input);
    CHECK(lies([](auto& parts) {
            for (int i = 0; i < 9; ++i) *parts.add_parts() = parts.parts(0);
          }) == Errc::bad_input);
    CHECK(lies([](auto& parts) { parts.clear_parts(); }) == Errc::bad_input);
  }
  org.at_ben.twist = [](const auto&, auto&) {};
  CHECK(org.at_ben.fetch(org.parts).error() == 0);
  CHECK(org.at_ben.held(org.parts) == 5);
}

TEST_CASE("a full share is told, what fits is sent, and the rest goes when there is room") {
  WithParts org;
  org.store->set_part_share(attachments::kMaxSealedPartBytes + 20'000);
  const auto done = org.at_amina.sync();
  CHECK(done.error() == 0);
  CHECK(done.parts_sent() == 2);
  CHECK(done.parts_no_room() == 3);
  CHECK(done.parts_waiting() == 3);
  org.store->set_part_share(std::uint64_t{1} << 30);
  const auto later = org.at_amina.sync();
  CHECK(later.parts_sent() == 3);
  CHECK(later.parts_waiting() == 0);
}

TEST_CASE("an office of before attachments takes everything else, and the parts wait without an error") {
  WithParts org;
  org.at_amina.twist = [](const platform::HttpCall& call, platform::HttpAnswer& answer) {
    if (call.path.starts_with("/v1/parts")) answer = {404, {}, 0, 0, false};
  };
  const auto done = org.at_amina.sync();
  CHECK(done.error() == 0);
  CHECK(done.pushed_envelopes() == 1);
  CHECK(done.parts_sent() == 0);
  CHECK(done.parts_waiting() == 5);
}

TEST_CASE("a part that is gone or spoilt here is passed over, the others go") {
  WithParts org;
  need(org.at_amina.blobs().remove(org.parts[0]));
  org.at_amina.world.files.tamper(org.at_amina.blobs().path_of(org.parts[1]), "spoilt");
  const auto done = org.at_amina.sync();
  CHECK(done.error() == 0);
  CHECK(done.parts_sent() == 3);
  CHECK(done.parts_waiting() == 2);
}

TEST_CASE("asked to stop, the courier ends between two chunks and goes on the next time") {
  WithParts org;
  org.at_amina.controls.stop_asked = [&] { return org.at_amina.paths.size() >= 5; };
  const auto done = org.at_amina.sync();
  CHECK(done.error() == 0);
  CHECK(done.stopped_early());
  CHECK(done.parts_sent() == 2);
  org.at_amina.controls.stop_asked = [] { return false; };
  CHECK(org.at_amina.sync().parts_sent() == 3);
}
