#include "sync/spool/forget.h"

#include "core/crypto/crypto.h"
#include "core/ledger/envelope.h"
#include "sync/wire/codec.h"
#include "tests/sync/spool/spool_helpers.h"

using namespace wayside;
using namespace wayside::spool;
using namespace wayside::spool::testing;

namespace {

/// A spool with envelopes of two ledgers in both directions.
struct Night {
  support::FakeEnv world;
  LedgerId goes = LedgerId::random(world.random), stays = LedgerId::random(world.random);
  std::vector<wire::pb::Parcel> parcels;

  Night() {
    Cursors cursors = need(Cursors::open(world.files, kLayout));
    InboxWriter inbox = need(InboxWriter::open(world.files, kLayout, cursors));
    Outbox outbox = need(Outbox::open(world.files, kLayout));
    for (int i = 0; i < 6; ++i) {
      const LedgerId& ledger = i % 2 == 0 ? goes : stays;
      const auto sealed = seal(ledger);
      wire::pb::Parcel parcel;
      parcel.set_envelope(sealed.bytes);
      parcel.add_grants("a wrap of ledger number " + std::to_string(i));
      wire::pb::PullAnswer page;
      page.set_generation(Bytes(16, 'g'));
      page.set_position(static_cast<std::uint64_t>(i + 1));
      auto& delivery = *page.add_deliveries();
      delivery.set_ledger(ledger.str());
      delivery.set_lsn(static_cast<std::uint64_t>(i / 2 + 1));
      *delivery.mutable_parcel() = parcel;
      need(inbox.append(page));
      need(outbox.append(sealed.id, parcel));
      parcels.push_back(std::move(parcel));
    }
    need(outbox.flush_sync());
  }
  ledger::Sealed seal(const LedgerId& ledger) {
    ledger::Header header;
    header.organisation = OrganisationId::random(world.random);
    header.ledger = ledger;
    header.device = DeviceId::random(world.random);
    header.incarnation = IncarnationId::random(world.random);
    header.seq = 1;
    header.key_generation = KeyGenerationId::random(world.random);
    header.membership_head = *EntryHash::from(Bytes(EntryHash::size_bytes, 'h'));
    const SecretBytes key = crypto::random_secret(world.random, crypto::kKeyBytes);
    const crypto::Signer signer(crypto::random_secret(world.random, crypto::kKeyBytes));
    return need(ledger::seal_envelope(header, "words", key.view(), signer, world.random));
  }
  bool holds(BytesView bytes) {
    for (const auto& [path, content] : world.files.contents()) {
      if (content.find(bytes) != Bytes::npos) return true;
    }
    return false;
  }
};

}  // namespace

TEST_CASE("sealed bytes and wraps of an erased ledger go from the spool, the rest is read on as before") {
  Night night;
  need(forget_ledgers(night.world.files, kLayout, {night.goes}));
  for (std::size_t i = 0; i < night.parcels.size(); ++i) {
    CHECK(night.holds(night.parcels[i].envelope()) == (i % 2 == 1));
    CHECK(night.holds(night.parcels[i].grants(0)) == (i % 2 == 1));
  }
  InboxReader inbox = need(InboxReader::open(night.world.files, kLayout));
  for (std::uint64_t number = 1; number <= 6; ++number) {
    const auto page = need(inbox.next());
    REQUIRE(page);
    CHECK(page->number == number);
    const auto& delivery = page->page.deliveries(0);
    CHECK(delivery.has_parcel() == (number % 2 == 0));
    CHECK(delivery.id().empty() == (number % 2 == 0));
  }
  CHECK(inbox.damage().empty());
  OutboxReader outbox(night.world.files, kLayout, 0);
  CHECK(need(outbox.next(10, 1'000'000)).size() == 3);
  // What is written next goes on from there.
  Outbox writer = need(Outbox::open(night.world.files, kLayout));
  CHECK(writer.highest() == 6);
  const auto more = night.seal(night.stays);
  wire::pb::Parcel parcel;
  parcel.set_envelope(more.bytes);
  CHECK(need(writer.append(more.id, parcel)) == 7);
}

TEST_CASE("sealed copies go whatever their ledger, since nobody here can tell it, and may be appended again") {
  Night night;
  const EnvelopeId id = EnvelopeId::random(night.world.random);
  {
    Outbox outbox = need(Outbox::open(night.world.files, kLayout));
    need(outbox.append_copy(id, "a copy that is sealed to the office"));
    need(outbox.flush_sync());
  }
  need(forget_ledgers(night.world.files, kLayout, {night.goes}));
  CHECK_FALSE(night.holds("a copy that is sealed to the office"));
  Outbox outbox = need(Outbox::open(night.world.files, kLayout));
  CHECK_FALSE(outbox.contains(id));
  CHECK(need(outbox.append_copy(id, "a copy that is sealed to the office")) == 7);
}

TEST_CASE("what the power left of a frame of an erased ledger goes too") {
  Night night;
  const std::string path = [&] {
    for (const auto& [name, bytes] : night.world.files.contents()) {
      if (name.starts_with(kLayout.outbox().string()) && name.ends_with(".seg")) return name;
    }
    return std::string();
  }();
  REQUIRE_FALSE(path.empty());
  const auto torn = night.seal(night.goes);
  const std::string_view piece = BytesView(torn.bytes).substr(0, torn.bytes.size() / 2);
  auto file = need(night.world.files.open(path, platform::OpenMode::read_write));
  need(file->write_at(night.world.files.contents().at(path).size(), piece));
  need(file->sync());
  REQUIRE(night.holds(piece));
  need(forget_ledgers(night.world.files, kLayout, {night.goes}));
  CHECK_FALSE(night.holds(piece));
  OutboxReader outbox(night.world.files, kLayout, 0);
  CHECK(need(outbox.next(10, 1'000'000)).size() == 3);
}

TEST_CASE("while a courier works nothing is touched, and without anything to forget no file is written anew") {
  Night night;
  {
    const auto lock = need(night.world.files.lock(kLayout.courier_lock()));
    const auto busy = forget_ledgers(night.world.files, kLayout, {night.goes});
    REQUIRE_FALSE(busy);
    CHECK(busy.error().code == Errc::busy);
  }
  const auto before = night.world.files.contents();
  need(forget_ledgers(night.world.files, kLayout, {LedgerId::random(night.world.random)}));
  auto after = night.world.files.contents();
  after.erase(kLayout.courier_lock().string());
  auto expected = before;
  expected.erase(kLayout.courier_lock().string());
  CHECK(after == expected);
}
