#include "tests/sync/session/session_driver.h"

// What goes to an office that may have lost it, sealed so that it alone opens it (core/vault/kept_copies.h).

using namespace wayside;
using namespace wayside::session;
using namespace wayside::session::testing;
using wire::pb::Taken;

namespace {

/// Two copies wait; the office answers both with that.
struct Copies {
  Driver device;
  std::vector<wire::pb::PushRequest> sent;

  explicit Copies(Taken::Status status) {
    for (const char letter : {'x', 'y'}) {
      wire::pb::OutboxFrame frame;
      frame.set_number(device.outbox.size() + 1);
      frame.set_id(Bytes(EnvelopeId::size_bytes, letter));
      frame.set_sealed_copy(Bytes(200, letter));
      device.outbox.push_back(frame);
    }
    wire::pb::PushAnswer answer;
    answer.set_generation(device.office.generation().str());
    for (int i = 0; i < 2; ++i) answer.add_taken()->set_status(status);
    device.watch_push = [&](const wire::pb::PushRequest& request) { sent.push_back(request); };
    device.answer_push = answer;
  }
};

}  // namespace

TEST_CASE("a sealed copy goes to the office in place of a parcel, and counts as sent when the office had lost it") {
  Copies it(Taken::stored);
  CHECK_FALSE(it.device.reconcile().error);
  REQUIRE(it.sent.size() == 1);
  REQUIRE(it.sent[0].parcels_size() == 2);
  CHECK(it.sent[0].parcels(0).sealed_copy() == Bytes(200, 'x'));
  CHECK(it.sent[0].parcels(0).envelope().empty());
  CHECK(it.sent[0].parcels(1).sealed_copy() == Bytes(200, 'y'));
  CHECK(it.device.cursor.pushed_up_to == 2);
  CHECK(it.device.counts.pushed_envelopes == 2);
  CHECK(it.device.cursor.ledgers.empty());   // of which ledger they are is not known here
}

TEST_CASE("a sealed copy that the office had is answered, and not counted") {
  Copies it(Taken::known);
  CHECK_FALSE(it.device.reconcile().error);
  CHECK(it.device.cursor.pushed_up_to == 2);
  CHECK(it.device.counts.pushed_envelopes == 0);
  CHECK(it.device.cursor.trouble.empty());
}

TEST_CASE("a sealed copy that an older office cannot read is noted as such, and the rest goes on") {
  Copies it(Taken::malformed);
  CHECK_FALSE(it.device.reconcile().error);
  CHECK(it.device.cursor.pushed_up_to == 2);
  CHECK(it.device.cursor.trouble.size() == 2);
  CHECK(it.device.cursor.trouble.begin()->second.status == Taken::malformed);
}

TEST_CASE("what comes back of a case by its id alone is asked for whole, although its copy was just sent") {
  Copies it(Taken::stored);
  // The case is wanted again: the office names what this device wrote in it, as it does of what it takes a device to hold.
  const LedgerId ledger = session::testing::ledger('a');
  it.device.outbox.clear();
  const EnvelopeId id = it.device.save(ledger);
  const wire::pb::Parcel parcel = it.device.outbox[0].parcel();
  it.device.outbox[0].clear_parcel();
  it.device.outbox[0].set_sealed_copy("a copy");
  wire::pb::PushRequest opened;
  *opened.add_parcels() = parcel;
  it.device.answer_push = it.device.office.push(it.device.mine.device(), opened);
  CHECK_FALSE(it.device.reconcile().error);
  bool came_whole = false;
  for (const auto& page : it.device.inbox) {
    for (const auto& delivery : page.deliveries()) {
      came_whole = came_whole || (delivery.has_parcel() && delivery.parcel().envelope() == parcel.envelope());
      CHECK(delivery.id() != id.view());
    }
  }
  CHECK(came_whole);
  CHECK(it.device.converged());
}
