#include <catch2/generators/catch_generators.hpp>

#include "tests/sync/enrol/enrol_helpers.h"

using namespace wayside;
using namespace wayside::support;
using membership::Role;

namespace {

constexpr const char* kOut = "/stick/new";

struct Admin {
  EnrolOffice office;
  Computer computer{7, office.founding.first_ticket};
  std::unique_ptr<vault::Vault> vault = need(computer.join(office));
  std::unique_ptr<OfficeLine> line = office.line(vault->keys().courier_seed);

  Result<enrol::Invited> invite(enrol::InviteRequest request) {
    request.out = kOut;
    return enrol::invite(*vault, request, *line);
  }
  membership::Ticket ticket() { return need(enrol::read_ticket(computer.files, kOut)); }
  std::unique_ptr<vault::Vault> redeem(Computer& other) {
    need(computer.files.remove(kOut));
    return need(other.join(office));
  }
};

}  // namespace

TEST_CASE("an invited colleague joins with her name, her role and her team's key") {
  Admin admin;
  const auto invited = need(admin.invite({.role = Role::advocate, .user = "Ben"}));
  CHECK(invited.user == "Ben");
  CHECK(invited.team == "main");
  CHECK_FALSE(invited.new_team);
  Computer ben(8, admin.ticket());
  const auto vault = admin.redeem(ben);
  CHECK(vault->role() == Role::advocate);
  CHECK(vault->user_name(vault->identity().user) == "Ben");
  CHECK(vault->epoch_secret(admin.office.main_team, 1)->equals(*admin.vault->epoch_secret(admin.office.main_team, 1)));
}

TEST_CASE("inviting a member by name gives her one more device, with the rights she has") {
  Admin admin;
  need(admin.invite({.role = Role::advocate, .user = "Ben"}));
  Computer laptop(8, admin.ticket());
  const auto first = admin.redeem(laptop);
  CHECK(need(admin.invite({.role = Role::advocate, .user = "Ben"})).known_user);
  Computer tablet(9, admin.ticket());
  const auto second = admin.redeem(tablet);
  CHECK(second->identity().user == first->identity().user);
  CHECK(second->identity().device != first->identity().device);
  // A device must not raise its worker's rights in passing.
  CHECK(code_of(admin.invite({.role = Role::admin, .user = "Ben"})) == Errc::usage);
}

TEST_CASE("two tickets for one new name are for one person") {
  Admin admin;
  need(admin.invite({.role = Role::advocate, .user = "Ben"}));
  const UserId first = admin.ticket().user;
  need(admin.computer.files.remove(kOut));
  need(admin.invite({.role = Role::advocate, .user = "Ben"}));
  CHECK(admin.ticket().user == first);
}

TEST_CASE("a new team name makes the team, with its key and the inviter in it") {
  Admin admin;
  const auto invited = need(admin.invite({.role = Role::advocate, .team = "Court", .user = "Ben"}));
  CHECK(invited.new_team);
  const auto teams = admin.vault->membership().teams_of(admin.vault->identity().user);
  REQUIRE(teams.size() == 2);
  const TeamId court = teams.back();
  CHECK(admin.vault->team_name(court) == "Court");
  REQUIRE(admin.vault->epoch_secret(court, 1) != nullptr);
  CHECK(crypto::box_public(*admin.vault->epoch_secret(court, 1)) ==
        admin.vault->membership().newest_epoch(court)->public_key);

  Computer ben(8, admin.ticket());
  const auto vault = admin.redeem(ben);
  CHECK(vault->membership().teams_of(vault->identity().user) == std::vector{court});
  CHECK(vault->epoch_secret(court, 1) != nullptr);
  CHECK(vault->epoch_secret(admin.office.main_team, 1) == nullptr);

  // Now the inviter has two teams and has to say which.
  CHECK(code_of(admin.invite({.role = Role::advocate})) == Errc::usage);
  CHECK_FALSE(need(admin.invite({.role = Role::advocate, .team = "Court"})).new_team);
}

TEST_CASE("a team half made when the line was cut is finished by the next invitation") {
  Admin admin;
  const int question = GENERATE(2, 3, 4);  // after: fetch, team, epoch, role
  const bool heard = GENERATE(false, true);
  admin.office.faults.asked = 0;
  (heard ? admin.office.faults.cut_after : admin.office.faults.cut_before) = question - 1;
  CHECK(code_of(admin.invite({.role = Role::advocate, .team = "Court", .user = "Ben"})) == Errc::unreachable);
  CHECK_FALSE(admin.computer.files.exists(kOut));

  admin.office.faults = {};
  need(admin.invite({.role = Role::advocate, .team = "Court", .user = "Ben"}));
  Computer ben(8, admin.ticket());
  const auto vault = admin.redeem(ben);
  const auto teams = vault->membership().teams_of(vault->identity().user);
  REQUIRE(teams.size() == 1);
  const auto* epoch = vault->membership().newest_epoch(teams.front());
  CHECK(crypto::box_public(*vault->epoch_secret(teams.front(), epoch->number)) == epoch->public_key);
}

TEST_CASE("offline, nobody is invited and no ticket is written") {
  Admin admin;
  admin.office.faults.asked = 0;
  admin.office.faults.cut_before = 0;
  const auto entries = admin.office.store->log().size();
  CHECK(code_of(admin.invite({.role = Role::advocate})) == Errc::unreachable);
  CHECK_FALSE(admin.computer.files.exists(kOut));
  CHECK(admin.office.store->log().size() == entries);
}

TEST_CASE("only an administrator invites") {
  Admin admin;
  need(admin.invite({.role = Role::desk, .user = "Dee"}));
  Computer desk(8, admin.ticket());
  const auto vault = admin.redeem(desk);
  const auto line = admin.office.line(vault->keys().courier_seed);
  CHECK(code_of(enrol::invite(*vault, {.role = Role::admin, .out = kOut}, *line)) == Errc::not_permitted);
  CHECK_FALSE(desk.files.exists(kOut));
}

TEST_CASE("a file that is there is never replaced by a ticket") {
  Admin admin;
  need(platform::write_atomically(admin.computer.files, kOut, "mine"));
  CHECK(code_of(admin.invite({.role = Role::advocate})) == Errc::already_exists);
  CHECK(need(platform::read_all(admin.computer.files, kOut, 100)) == "mine");
}
