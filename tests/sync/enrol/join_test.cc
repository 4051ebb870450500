#include <catch2/generators/catch_generators.hpp>

#include "sync/spool/layout.h"
#include "tests/sync/enrol/enrol_helpers.h"

using namespace wayside;
using namespace wayside::support;

TEST_CASE(
    "a ticket makes a vault that belongs, with its team's keys, a spool for the courier, and no ticket any more") {
  EnrolOffice office;
  Computer computer(7, office.founding.first_ticket);
  const auto vault = need(computer.join(office));

  CHECK(vault->admitted());
  CHECK(vault->role() == membership::Role::admin);
  CHECK(vault->user_name(vault->identity().user) == "Administrator");
  CHECK(vault->device_name(vault->identity().device) == "Amina's laptop");
  CHECK(vault->epoch_secret(office.main_team, 1) != nullptr);
  CHECK(vault->membership().head() == office.store->log().head());
  CHECK_FALSE(computer.files.exists(Computer::kTicket));

  const spool::Layout layout(vault->home() / "spool");
  const auto place = need(spool::read_office(computer.files, layout));
  CHECK(place.tls_pin == office.founding.keys.tls_pin());
  CHECK(place.device == vault->identity().device);
  CHECK(need(spool::read_courier_key(computer.files, layout)).equals(vault->keys().courier_seed));
}

TEST_CASE("joining goes on where it was cut, whichever question or answer was lost, and admits one device") {
  // Questions: fetch with the ticket, append with the ticket; after a lost answer also fetch with the device's own key.
  const int question = GENERATE(0, 1);
  const bool heard = GENERATE(false, true);
  EnrolOffice office;
  Computer computer(7, office.founding.first_ticket);
  (heard ? office.faults.cut_after : office.faults.cut_before) = question;
  CHECK(code_of(computer.join(office)) == Errc::unreachable);
  CHECK(computer.files.exists(Computer::kTicket));

  office.faults = {};
  const auto vault = need(computer.join(office));
  CHECK(vault->admitted());
  CHECK(office.store->log().devices().size() == 1);
  CHECK(office.store->log().device(vault->identity().device) != nullptr);
  CHECK_FALSE(computer.files.exists(Computer::kTicket));
}

TEST_CASE("power lost at any step of joining costs another try and nothing else") {
  for (std::uint64_t step = 0;; ++step) {
    EnrolOffice office;
    Computer computer(7, office.founding.first_ticket);
    need(computer.files.sync_folder("/stick"));
    computer.files.power_off_at(step);
    const bool finished = computer.join(office).has_value();
    computer.files.heal();
    if (finished) {
      CHECK(step > 20);
      break;
    }
    computer.files.crash(step);
    // Where the ticket is gone already, everything before that was done.
    const bool complete = !computer.files.exists(Computer::kTicket);
    platform::Env world = computer.env();
    const auto vault = complete ? vault::Vault::open(world, Computer::kHome, passphrase()) : computer.join(office);
    INFO("step " << step
                 << (vault ? "" : ": " + std::string(name_of(vault.error().code)) + " " + vault.error().detail));
    REQUIRE(vault.has_value());
    CHECK((*vault)->admitted());
    CHECK(office.store->log().devices().size() == 1);
  }
}

TEST_CASE("a ticket works once: whoever comes second is told, and keeps no useless vault") {
  EnrolOffice office;
  Computer first(7, office.founding.first_ticket);
  Computer second(8, office.founding.first_ticket);
  const auto admin = need(first.join(office));
  CHECK(code_of(second.join(office)) == Errc::ticket_used);
  CHECK_FALSE(second.files.exists(platform::Path(Computer::kHome) / "header"));
  CHECK(second.files.exists(Computer::kTicket));

  const auto line = office.line(admin->keys().courier_seed);
  need(enrol::invite(*admin, {.role = membership::Role::advocate, .out = Computer::kTicket}, *line));
  second.take(need(enrol::read_ticket(first.files, Computer::kTicket)));
  CHECK(need(second.join(office, "Ben's laptop"))->role() == membership::Role::advocate);
}

TEST_CASE("an expired ticket is refused before a vault is made, and by the office when the device's clock is wrong") {
  EnrolOffice office;
  Computer computer(7, office.founding.first_ticket);
  constexpr std::int64_t kEightDays_ms = std::int64_t{8} * 24 * 3600 * 1000;
  SECTION("the device knows") {
    computer.clock.advance(kEightDays_ms);
    CHECK(code_of(computer.join(office)) == Errc::ticket_expired);
    CHECK(office.faults.asked == 0);
  }
  SECTION("the office knows") {
    office.world.clock.advance(kEightDays_ms);
    CHECK(code_of(computer.join(office)) == Errc::ticket_expired);
  }
  CHECK_FALSE(computer.files.exists(platform::Path(Computer::kHome) / "header"));
}

TEST_CASE("a log that another root founded is not believed") {
  EnrolOffice office;
  membership::Ticket& ticket = office.founding.first_ticket;
  ticket.root_public = crypto::sign_public(crypto::random_secret(office.world.random, crypto::kKeyBytes));
  Computer computer(7, ticket);
  CHECK(code_of(computer.join(office)) == Errc::wrong_office);
}

TEST_CASE("a vault that is there already is never joined over") {
  EnrolOffice office;
  Computer computer(7, office.founding.first_ticket);
  need(computer.join(office));
  computer.take(office.invite(membership::Role::advocate, {office.main_team}));
  CHECK(code_of(computer.join(office)) == Errc::already_exists);
  CHECK(office.store->log().devices().size() == 1);
}

TEST_CASE("what is no ticket makes no vault") {
  EnrolOffice office;
  Computer computer(7, office.founding.first_ticket);
  const auto text = need(platform::read_all(computer.files, Computer::kTicket, 1 << 16));
  for (const auto& spoiled :
       {Bytes("hello"), Bytes(), text.substr(0, text.size() / 2), "WAYSIDE TICKET 1\n%%%\nEND\n" + text.substr(0, 0)}) {
    computer.files.tamper(Computer::kTicket, spoiled);
    CHECK(code_of(computer.join(office)) == Errc::bad_input);
  }
  CHECK_FALSE(computer.files.exists(platform::Path(Computer::kHome) / "header"));
}

TEST_CASE("a device whose entry was overtaken signs again against the newer head") {
  EnrolOffice office;
  Computer computer(7, office.founding.first_ticket);
  office.faults.between = [&office] { office.add_team(); };
  const auto vault = need(computer.join(office));
  CHECK(vault->membership().head() == office.store->log().head());
}
