#include "sync/enrol/taking_away.h"
#include "tests/sync/enrol/enrol_helpers.h"

using namespace wayside;
using namespace wayside::support;
using membership::Role;

namespace {

constexpr const char* kOut = "/stick/new";

/// An administrator, and Ben who was invited by her.
struct Town {
  EnrolOffice office;
  Computer computer{7, office.founding.first_ticket};
  std::unique_ptr<vault::Vault> amina = need(computer.join(office));
  std::unique_ptr<OfficeLine> line = office.line(amina->keys().courier_seed);
  std::optional<Computer> bens;
  std::unique_ptr<vault::Vault> ben;

  Town() {
    bens.emplace(8, invite(Role::desk, "Ben"));
    ben = need(bens->join(office, "Ben's laptop"));
  }
  membership::Ticket invite(Role role, const std::string& name) {
    need(enrol::invite(*amina, {.role = role, .user = name, .out = kOut}, *line));
    auto ticket = need(enrol::read_ticket(computer.files, kOut));
    need(computer.files.remove(kOut));
    return ticket;
  }
  auto remove_ben() { return enrol::remove_device(*amina, ben->identity().device, "left", *line); }
  const membership::Log& log() { return office.store->log(); }
};

}  // namespace

TEST_CASE("a removal stands in the log after an epoch that the removed device was not given") {
  Town town;
  const auto taken = need(town.remove_ben());
  CHECK(taken.renewed == std::vector{town.office.main_team});
  const membership::Epoch* epoch = town.log().newest_epoch(town.office.main_team);
  CHECK(epoch->number == 2);
  REQUIRE(epoch->wraps.size() == 1);
  CHECK(epoch->wraps.front().device == town.amina->identity().device);
  CHECK(town.log().epoch_is_clean(town.office.main_team));
  const membership::DeviceInfo* ben = town.log().device(town.ben->identity().device);
  REQUIRE(ben->removed);
  CHECK(ben->cuts.size() == 1);
  CHECK(town.log().teams().at(town.office.main_team).epoch_entries.back() < *ben->removed);
  CHECK(town.amina->epoch_secret(town.office.main_team, 2) != nullptr);
  CHECK(code_of(town.remove_ben()) == Errc::already_exists);
}

TEST_CASE("somebody who is quicker does not make a removal leave a hole") {
  for (const int append : {0, 1}) {   // before the epoch, or between it and the removal
    Town town;
    int asked = 0;
    std::function<void()> quick = [&] {
      if (asked++ == append) town.office.invite(Role::advocate, {town.office.main_team});
      else town.office.faults.between = quick;
    };
    town.office.faults.between = quick;
    need(town.remove_ben());
    CHECK(asked == append + 1);
    CHECK(town.log().device(town.ben->identity().device)->removed);
    CHECK(town.log().epoch_is_clean(town.office.main_team));
  }
}

TEST_CASE("offline nothing is taken from anybody") {
  Town town;
  const std::uint64_t before = town.log().size();
  town.office.faults.cut_before = town.office.faults.asked;
  CHECK(code_of(town.remove_ben()) == Errc::unreachable);
  CHECK(town.log().size() == before);
  // Cut after the epoch: done again, it is whole.
  town.office.faults.cut_before = town.office.faults.asked + 2;
  CHECK(code_of(town.remove_ben()) == Errc::unreachable);
  CHECK_FALSE(town.log().device(town.ben->identity().device)->removed);
  town.office.faults.cut_before = -1;
  need(town.remove_ben());
  CHECK(town.log().newest_epoch(town.office.main_team)->number == 2);
}

TEST_CASE("only an administrator takes rights away, and the last one stays") {
  Town town;
  const auto bens_line = town.office.line(town.ben->keys().courier_seed);
  CHECK(code_of(enrol::remove_device(*town.ben, town.amina->identity().device, "x", *bens_line)) == Errc::not_permitted);
  CHECK(code_of(enrol::remove_device(*town.amina, town.amina->identity().device, "x", *town.line)) == Errc::usage);
  CHECK(code_of(enrol::remove_user(*town.amina, town.amina->identity().user, "x", *town.line)) == Errc::usage);
  CHECK(code_of(enrol::change_role(*town.amina, town.amina->identity().user, Role::advocate, *town.line)) == Errc::usage);
  CHECK(code_of(enrol::leave_team(*town.amina, town.amina->identity().user, town.office.main_team, *town.line)) == Errc::usage);
  need(enrol::change_role(*town.amina, town.ben->identity().user, Role::admin, *town.line));
  need(enrol::change_role(*town.amina, town.amina->identity().user, Role::advocate, *town.line));
  CHECK(town.amina->role() == Role::advocate);
  CHECK(code_of(town.remove_ben()) == Errc::not_permitted);
}

TEST_CASE("who joins with a ticket from before a removal is given the new epoch by an administrator's next visit") {
  Town town;
  Computer dans(9, town.invite(Role::advocate, "Dan"));
  need(town.remove_ben());
  const auto dan = need(dans.join(town.office, "Dan's laptop"));
  CHECK(dan->epoch_secret(town.office.main_team, 2) == nullptr);
  need(enrol::change_role(*town.amina, dan->identity().user, Role::desk, *town.line));   // she hears of him
  CHECK(need(enrol::renew_epochs(*town.amina, *town.line)) == 1);
  CHECK(need(enrol::renew_epochs(*town.amina, *town.line)) == 0);
  CHECK(town.log().holds_newest_epoch(dan->identity().device, town.office.main_team));
  CHECK_FALSE(town.log().holds_newest_epoch(town.ben->identity().device, town.office.main_team));
}

TEST_CASE("a removed user's tickets admit nobody, and nobody vouches for what was not checked") {
  Town town;
  Computer tablet(9, town.invite(Role::desk, "Ben"));
  need(enrol::remove_user(*town.amina, town.ben->identity().user, "left", *town.line));
  CHECK(code_of(tablet.join(town.office, "Ben's tablet")) == Errc::ticket_used);
  CHECK(code_of(enrol::decide(*town.amina, town.ben->identity().device, {EnvelopeId{}}, true, "x", *town.line)) == Errc::usage);
  need(enrol::decide(*town.amina, town.ben->identity().device, {EnvelopeId{}}, false, "x", *town.line));
  CHECK_FALSE(town.log().decision(EnvelopeId{})->accept);
  CHECK(code_of(enrol::decide(*town.amina, town.ben->identity().device, {EnvelopeId{}}, false, std::string(191, 'x'), *town.line)) == Errc::too_large);
}
