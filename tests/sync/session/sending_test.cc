#include "tests/sync/session/session_driver.h"

// The token that whoever sends shows (docs/SYNC_PROTOCOL.md, "One vault that lives twice").

using namespace wayside;
using namespace wayside::session;
using namespace wayside::session::testing;

TEST_CASE("whoever sends shows a token that is kept before it is shown; an answer that was lost shows the same once more") {
  Driver device;
  const Bytes first(16, '1'), second(16, '2'), third(16, '3');
  device.incarnation = Bytes(16, 'i');
  std::vector<wire::pb::SendingToken> shown;
  device.watch_push = [&](const wire::pb::PushRequest& request) {
    shown.push_back(request.sending());
    CHECK(device.cursor.sending->token == request.sending().token());
  };
  device.token = first;
  CHECK_FALSE(device.reconcile().error);
  CHECK(shown.empty());                       // nothing was sent
  CHECK_FALSE(device.cursor.sending);
  device.save(ledger('a'));
  CHECK_FALSE(device.reconcile().error);
  REQUIRE(shown.size() == 1);
  CHECK(shown[0].before().empty());
  CHECK(shown[0].token() == first);
  CHECK(device.cursor.sending->taken);

  device.save(ledger('a'));
  device.token = second;
  device.instead = Event{Failed{Error{Errc::unreachable, ""}}};
  CHECK(device.reconcile().error->code == Errc::unreachable);
  CHECK_FALSE(device.cursor.sending->taken);
  device.token = third;
  CHECK_FALSE(device.reconcile().error);
  REQUIRE(shown.size() == 2);
  CHECK(shown[1].before() == first);
  CHECK(shown[1].token() == second);          // it may have reached the office
  CHECK(device.converged());

  // A new incarnation, and one that asks for everything anew, begin.
  device.save(ledger('a'));
  device.token = third;
  SECTION("another incarnation") { device.incarnation = Bytes(16, 'j'); }
  SECTION("in doubt") { device.cursor = spool::start_over(device.cursor, 1); }
  CHECK_FALSE(device.reconcile().error);
  REQUIRE(shown.size() == 3);
  CHECK(shown[2].before().empty());
}

TEST_CASE("where the office keeps another token nothing is sent, and what is there is fetched") {
  Driver device;
  device.incarnation = Bytes(16, 'i');
  device.token = Bytes(16, 't');
  device.save_elsewhere(ledger('a'));
  device.save(ledger('b'));
  device.instead = Event{Refused{412, {}}};
  CHECK_FALSE(device.reconcile().error);
  CHECK(device.sent_elsewhere);
  CHECK(device.cursor.pushed_up_to == 0);
  CHECK(device.pushes == 0);
  CHECK(device.converged());
  // The next one sends it all.
  CHECK_FALSE(device.reconcile().error);
  CHECK_FALSE(device.sent_elsewhere);
  CHECK(device.cursor.pushed_up_to == 1);
}
