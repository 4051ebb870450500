#include <catch2/catch_test_macros.hpp>

#include "core/attachments/limits.h"
#include "core/attachments/sealed_file.h"
#include "sync/office/data_folder.h"
#include "sync/wire/codec.h"
#include "tests/sync/office/organisation.h"

using namespace wayside;
using namespace wayside::support;
using wire::pb::AskPartsAnswer;
using wire::pb::PutPartsAnswer;
using wire::pb::Taken;

namespace {

/// Amina and Ben are of one team, Cara of another. A case of the first team names three parts.
struct WithParts : Organisation {
  Member amina = join(founding.first_ticket);
  Member ben = join(invite(membership::Role::advocate, {main_team}));
  TeamId other_team = add_team();
  Member cara = join(invite(membership::Role::advocate, {other_team}));
  LedgerId ledger = new_ledger();
  std::vector<Bytes> chunks{some(20'000), some(16'000), some(attachments::kMaxSealedPartBytes)};

  WithParts() { name_in(amina, ledger, main_team, chunks); }

  Bytes some(std::size_t size) { return crypto::random_bytes(world.random, size); }
  void name_in(Member& member, const LedgerId& where, const TeamId& team, const std::vector<Bytes>& named) {
    Writing writing;
    writing.teams = {team};
    for (const Bytes& each : named) writing.blobs.push_back(attachments::address_of(each));
    REQUIRE(push_one(member, write(member, where, writing)).status() == Taken::stored);
  }
  std::vector<int> put(const Member& member, const std::vector<Bytes>& which,
                       office::Standing standing = office::Standing::device) {
    wire::pb::PutPartsRequest request;
    for (const Bytes& each : which) add(request, attachments::address_of(each), each);
    return put(member, request, standing);
  }
  static void add(wire::pb::PutPartsRequest& request, const Digest& address, const Bytes& chunk) {
    request.add_parts()->set_address(address.str());
    request.mutable_parts()->rbegin()->set_chunk(chunk);
  }
  std::vector<int> put(const Member& member, const wire::pb::PutPartsRequest& request,
                       office::Standing standing = office::Standing::device) {
    office::Caller caller = member.caller();
    caller.standing = standing;
    const auto answer = need(store->put_parts(caller, request));
    return {answer.states().begin(), answer.states().end()};
  }
  std::vector<int> ask(const Member& member, const std::vector<Bytes>& which) {
    wire::pb::AskPartsRequest request;
    for (const Bytes& each : which) request.add_addresses(attachments::address_of(each).str());
    const auto answer = need(store->ask_parts(member.caller(), request));
    return {answer.states().begin(), answer.states().end()};
  }
  /// What comes, all of it, however many answers that takes; empty where nothing does.
  std::vector<Bytes> get(const Member& member, const std::vector<Bytes>& which, std::uint32_t page_bytes = 0) {
    std::vector<Bytes> out;
    while (out.size() < which.size()) {
      wire::pb::GetPartsRequest request;
      request.set_page_bytes(page_bytes);
      for (std::size_t i = out.size(); i < which.size(); ++i)
        request.add_addresses(attachments::address_of(which[i]).str());
      const auto answer = need(store->get_parts(member.id(), request));
      REQUIRE(answer.parts_size() > 0);
      for (const auto& part : answer.parts()) {
        REQUIRE(part.address() == attachments::address_of(which[out.size()]).view());
        out.push_back(part.chunk());
      }
    }
    return out;
  }
  platform::Path file_of(const Bytes& chunk) {
    return attachments::Blobs(world.files, "/office").path_of(attachments::address_of(chunk));
  }
  bool holds(BytesView bytes) {
    for (const auto& [path, content] : world.files.contents()) {
      if (content.find(bytes) != Bytes::npos) return true;
    }
    return false;
  }
};

using States = std::vector<int>;
constexpr int kStored = PutPartsAnswer::stored, kKnown = PutPartsAnswer::known, kUnknown = PutPartsAnswer::unknown;
constexpr int kWanted = AskPartsAnswer::wanted, kHeld = AskPartsAnswer::held;
const Bytes kNothing;

}  // namespace

TEST_CASE("parts that a case names are put by one of its team, known the second time, and fetched by a colleague") {
  WithParts org;
  CHECK(org.ask(org.amina, org.chunks) == States{kWanted, kWanted, kWanted});
  CHECK(org.put(org.amina, {org.chunks[0], org.chunks[2]}) == States{kStored, kStored});
  CHECK(org.ask(org.amina, org.chunks) == States{kHeld, kWanted, kHeld});
  CHECK(org.put(org.amina, org.chunks) == States{kKnown, kStored, kKnown});
  CHECK(org.get(org.ben, org.chunks) == org.chunks);
  CHECK(org.get(org.ben, org.chunks, 1) == org.chunks);  // one a page
  const auto figures = need(org.store->figures());
  CHECK(figures.attachment_parts == 3);
  CHECK(figures.attachment_bytes == 36'000 + attachments::kMaxSealedPartBytes);
  CHECK(office::figures_json(figures, 0).contains("\"attachment_parts\":3"));
  org.reopen();
  CHECK(org.get(org.ben, org.chunks) == org.chunks);
}

TEST_CASE("who may not read the case learns nothing of its parts, and can neither put nor fetch one") {
  WithParts org;
  const Bytes nobodys = org.some(16'000);
  CHECK(org.put(org.cara, {org.chunks[0]}) == States{kUnknown});
  CHECK(org.put(org.amina, {org.chunks[0], nobodys}) == States{kStored, kUnknown});
  CHECK(org.ask(org.cara, {org.chunks[0], org.chunks[1], nobodys}) == States{kUnknown, kUnknown, kUnknown});
  CHECK(org.get(org.cara, {org.chunks[0], nobodys}) == std::vector{kNothing, kNothing});
  CHECK(org.get(org.ben, {org.chunks[1], nobodys}) == std::vector{kNothing, kNothing});
  CHECK_FALSE(org.holds(nobodys));
}

TEST_CASE("who left the team puts what an envelope of hers names, as a removed device does, and fetches nothing") {
  WithParts org;
  org.append_by_root(membership::Removal{org.amina.id(), std::nullopt, {}, {}});
  CHECK(org.put(org.amina, {org.chunks[0]}, office::Standing::removed_device) == States{kStored});
  CHECK(org.get(org.amina, {org.chunks[0]}) == std::vector{kNothing});
  CHECK(org.get(org.ben, {org.chunks[0]}) == std::vector{org.chunks[0]});
}

TEST_CASE("a chunk under another's address, or larger than any is, is refused by itself") {
  WithParts org;
  wire::pb::PutPartsRequest request;
  WithParts::add(request, attachments::address_of(org.chunks[0]), org.chunks[1]);
  WithParts::add(request, attachments::address_of(org.chunks[0]), org.chunks[0].substr(1));
  WithParts::add(request, attachments::address_of(org.chunks[0]), org.some(attachments::kMaxSealedPartBytes + 1));
  WithParts::add(request, attachments::address_of(org.chunks[1]), org.chunks[1]);
  CHECK(org.put(org.amina, request) ==
        States{PutPartsAnswer::false_address, PutPartsAnswer::false_address, PutPartsAnswer::too_large, kStored});
  CHECK(org.ask(org.amina, org.chunks) == States{kWanted, kHeld, kWanted});
}

TEST_CASE("a device fills its share and no more; a colleague has her own") {
  WithParts org;
  org.store->set_part_share(37'000);
  wire::pb::AskPartsRequest request;
  request.add_addresses(attachments::address_of(org.chunks[0]).str());
  CHECK(need(org.store->ask_parts(org.amina.caller(), request)).room_bytes() == 37'000);
  CHECK(org.put(org.amina, {org.chunks[0], org.chunks[2], org.chunks[1]}) ==
        States{kStored, PutPartsAnswer::no_room, kStored});
  CHECK(need(org.store->ask_parts(org.amina.caller(), request)).room_bytes() == 1'000);
  CHECK(need(org.store->ask_parts(org.ben.caller(), request)).room_bytes() == 37'000);
  org.store->set_part_share(2 << 20);
  CHECK(org.put(org.ben, {org.chunks[2]}) == States{kStored});
}

TEST_CASE("an erased case takes its parts from the office, but for what another case names too") {
  WithParts org;
  const LedgerId stays = org.new_ledger();
  org.name_in(org.amina, stays, org.main_team, {org.chunks[1]});
  REQUIRE(org.put(org.amina, org.chunks) == States{kStored, kStored, kStored});
  org.append_by_root(membership::Erase{org.ledger, {}});
  CHECK_FALSE(org.holds(org.chunks[0]));
  CHECK(org.holds(org.chunks[1]));
  CHECK_FALSE(org.holds(org.chunks[2]));
  CHECK(org.get(org.ben, org.chunks) == std::vector{kNothing, org.chunks[1], kNothing});
  CHECK(org.put(org.amina, {org.chunks[0]}) == States{kUnknown});  // the author, who has not heard of it yet
  CHECK(need(org.store->figures()).attachment_parts == 1);
  org.append_by_root(membership::Erase{stays, {}});
  CHECK_FALSE(org.holds(org.chunks[1]));
}

TEST_CASE("what the disk has spoilt or lost is given to nobody, and taken once more from whoever has it") {
  WithParts org;
  REQUIRE(org.put(org.amina, org.chunks) == States{kStored, kStored, kStored});
  {
    const auto file = need(org.world.files.open(org.file_of(org.chunks[0]), platform::OpenMode::read_write));
    REQUIRE(file->write_at(100, "spoilt"));
  }
  REQUIRE(org.world.files.remove(org.file_of(org.chunks[1])));
  CHECK(org.get(org.ben, org.chunks) == std::vector{kNothing, kNothing, org.chunks[2]});
  CHECK(org.ask(org.amina, org.chunks) == States{kWanted, kWanted, kHeld});
  CHECK(org.put(org.amina, org.chunks) == States{kStored, kStored, kKnown});
  CHECK(org.get(org.ben, org.chunks) == org.chunks);
}

TEST_CASE("whatever write of a put or of an erasure the power takes, a part is there whole or not at all") {
  for (const bool erases : {false, true}) {
    for (std::uint64_t n = 0; n < 60; ++n) {
      WithParts org;
      const auto before = org.chunks[0];
      REQUIRE(org.put(org.amina, {before}) == States{kStored});
      const auto entry = org.root_signed(membership::Erase{org.ledger, {}});
      org.world.files.power_off_at(n);
      Result<void> done;
      if (erases) {
        done = org.store->append(org.amina.caller(), entry, org.world.clock.wall_ms());
      } else {
        wire::pb::PutPartsRequest request;
        WithParts::add(request, attachments::address_of(org.chunks[1]), org.chunks[1]);
        const auto answer = org.store->put_parts(org.amina.caller(), request);
        if (!answer) done = std::unexpected(answer.error());
      }
      org.store.reset();
      org.world.files.crash(n);
      org.reopen();
      INFO((erases ? "erasure, operation " : "put, operation ") << n);
      if (erases) {
        const bool gone = org.store->log().erased(org.ledger);
        if (done) CHECK(gone);
        CHECK(org.holds(before) != gone);
      } else {
        const bool held = org.ask(org.amina, {org.chunks[1]}) == States{kHeld};
        if (done) CHECK(held);
        CHECK(org.holds(org.chunks[1]) == held);  // no stray stays
        CHECK(org.get(org.ben, {before, org.chunks[1]}) == std::vector{before, held ? org.chunks[1] : kNothing});
        CHECK(org.put(org.amina, {org.chunks[1]}) == States{held ? kKnown : kStored});
      }
    }
  }
}

TEST_CASE("a put that the disk refuses asks the courier to come back, and takes nothing") {
  WithParts org;
  office::Service service{
      org.world.clock, *org.store, {org.founding.keys.tls_seed.clone(), org.founding.keys.sign_seed.clone()}};
  wire::pb::PutPartsRequest request;
  WithParts::add(request, attachments::address_of(org.chunks[0]), org.chunks[0]);
  org.world.files.fail_at(FileOperation::write, 0, Errc::disk_full);
  const auto refused = service.answer(org.amina.entry.courier_public, "/v1/parts/put", wire::encode(request));
  CHECK(refused.status == 503);
  CHECK(org.ask(org.amina, {org.chunks[0]}) == States{kWanted});
  const auto taken = service.answer(org.amina.entry.courier_public, "/v1/parts/put", wire::encode(request));
  CHECK(taken.status == 200);
  CHECK(org.get(org.ben, {org.chunks[0]}) == std::vector{org.chunks[0]});
}

TEST_CASE("strangers and tickets get no word about parts, and rubbish is refused") {
  WithParts org;
  office::Service service{
      org.world.clock, *org.store, {org.founding.keys.tls_seed.clone(), org.founding.keys.sign_seed.clone()}};
  const membership::Ticket ticket = org.invite(membership::Role::advocate, {org.main_team});
  for (const char* path : {"/v1/parts/ask", "/v1/parts/put", "/v1/parts/get"}) {
    INFO(path);
    CHECK(service.answer(PublicKey::random(org.world.random), path, "\1").status == 403);
    CHECK(service.answer(crypto::sign_public(ticket.seed), path, "\1").status == 403);
    CHECK(service.answer(org.ben.entry.courier_public, path, "\2").status == 400);
    CHECK(service.answer(org.ben.entry.courier_public, path, "\1\x0a\x03xxx").status == 400);
  }
  org.append_by_root(membership::Removal{org.ben.id(), std::nullopt, {}, {}});
  CHECK(service.answer(org.ben.entry.courier_public, "/v1/parts/get", "\1").status == 403);
}
