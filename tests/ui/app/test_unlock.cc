#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/ui/app/clerk_desk.h"

namespace wayside::app::tests {
namespace {

struct Locked : AtWork {
  Locked() {
    amina.vault.reset();
    clerk = std::make_unique<Clerk>(amina.world->env(), setup, watcher);
  }
  void try_with(std::string_view text) { clerk->unlock(support::typed(text)); }
  /// How long the clerk now asks to wait.
  std::int64_t wait_ms() { return now().retry_at_ms() - amina.world->clock.monotonic_ms(); }
};

}  // namespace

TEST_CASE("a locked vault tells its label and nothing else") {
  Locked desk;
  const pb::Snapshot shown = desk.now();
  CHECK(shown.vault() == pb::Snapshot::locked);
  CHECK(shown.device_label() == "Amina");
  CHECK(shown.user_name().empty());
  CHECK_FALSE(shown.has_caseload());
}

TEST_CASE("the right passphrase opens the vault, by way of unlocking") {
  Locked desk;
  desk.watcher.on_news = [&] {
    if (desk.watcher.told == 1) CHECK(desk.now().vault() == pb::Snapshot::unlocking);
  };
  desk.try_with(Fleet::kPassphrase);
  CHECK(desk.now().vault() == pb::Snapshot::open);
  CHECK(desk.now().user_name() == "Amina");
  CHECK(desk.now().office());
}

TEST_CASE("each wrong passphrase doubles the wait, up to a minute, and a try before its end is not taken") {
  Locked desk;
  for (const std::int64_t wanted_ms : {1000, 2000, 4000, 8000, 16'000, 32'000, 60'000, 60'000}) {
    desk.try_with("not this one");
    CHECK(desk.now().vault() == pb::Snapshot::locked);
    CHECK(desk.now().notice().text() == "That passphrase did not match. Nothing has changed.");
    CHECK(desk.wait_ms() == wanted_ms);
    desk.amina.world->clock.advance(wanted_ms - 1);
    desk.try_with(Fleet::kPassphrase);  // right, but too early: not even tried
    CHECK(desk.now().vault() == pb::Snapshot::locked);
    desk.amina.world->clock.advance(1);
  }
  desk.try_with(Fleet::kPassphrase);
  CHECK(desk.now().vault() == pb::Snapshot::open);
  desk.lock();
  desk.try_with("not this one");
  CHECK(desk.wait_ms() == 1000);  // a success begins anew
}

TEST_CASE("an empty passphrase is no try") {
  Locked desk;
  desk.try_with("");
  CHECK(desk.now().retry_at_ms() == 0);
}

TEST_CASE("a vault that is open elsewhere says so, and opens once it is free") {
  AtWork desk;
  desk.clerk = std::make_unique<Clerk>(desk.amina.world->env(), desk.setup, desk.watcher);
  desk.clerk->unlock(support::typed(Fleet::kPassphrase));
  CHECK(desk.now().vault() == pb::Snapshot::open_elsewhere);
  CHECK(desk.now().notice().text().find("open elsewhere") != std::string::npos);
  desk.amina.vault.reset();
  desk.clerk->unlock(support::typed(Fleet::kPassphrase));
  CHECK(desk.now().vault() == pb::Snapshot::open);
}

TEST_CASE("a folder without a vault is absent, and a damaged header is broken") {
  AtWork desk;
  desk.setup.home = "/nowhere";
  desk.clerk = std::make_unique<Clerk>(desk.amina.world->env(), desk.setup, desk.watcher);
  CHECK(desk.now().vault() == pb::Snapshot::absent);
  support::need(desk.amina.world->files.make_folders("/nowhere"));
  support::need(desk.amina.world->files.open("/nowhere/header", platform::OpenMode::create_new));
  desk.clerk = std::make_unique<Clerk>(desk.amina.world->env(), desk.setup, desk.watcher);
  CHECK(desk.now().vault() == pb::Snapshot::broken);
  CHECK_FALSE(desk.now().notice().text().empty());
}

TEST_CASE("without the device's secret the right passphrase opens nothing, and the sentence names the remedy") {
  Locked desk;
  desk.amina.world->keys.fail_with(Errc::not_found);
  desk.try_with(Fleet::kPassphrase);
  CHECK(desk.now().vault() == pb::Snapshot::broken);
  CHECK(desk.now().notice().text().find("secret of this device") != std::string::npos);
}

TEST_CASE("locking drops everything that was on the screen, and commands then find nothing") {
  AtWork desk;
  const RecordId id = desk.priya();
  desk.start();
  desk.open_case(id);
  REQUIRE(desk.now().case_().name() == "Priya Shah");
  desk.lock();
  CHECK_FALSE(desk.clerk->is_open());
  const pb::Snapshot shown = desk.now();
  CHECK(shown.vault() == pb::Snapshot::locked);
  CHECK(shown.SerializeAsString().find("Priya") == std::string::npos);
  desk.open_case(id);
  CHECK_FALSE(desk.now().has_case_());
}

TEST_CASE("quick exit keeps every draft that was handed over before it") {
  AtWork desk;
  const RecordId id = desk.priya();
  desk.start();
  desk.open_case(id);
  desk.keep(desk.form(), {{"address", {"9 Orchard Way"}}});
  desk.lock(true);
  desk.clerk->unlock(support::typed(Fleet::kPassphrase));
  desk.open_case(id);
  const pb::Form form = desk.form();
  CHECK(form.restored_draft());
  CHECK(AtWork::field(form, "address").items(0) == "9 Orchard Way");
  CHECK(AtWork::field(form, "address").from_draft());
  CHECK_FALSE(AtWork::field(form, "town").from_draft());
}

TEST_CASE("a lock that comes while the cases are read ends the unlocking") {
  AtWork desk;
  desk.priya();
  desk.watcher.on_go_on = [] { return false; };
  desk.start();
  CHECK_FALSE(desk.clerk->is_open());
  CHECK(desk.now().vault() == pb::Snapshot::locked);
  CHECK(desk.now().notice().text().empty());
}

TEST_CASE("an older copy of the casebook put back is told in a few sentences, with what to do, as long as it is open") {
  AtWork desk;
  const RecordId id = desk.priya();
  desk.start();
  desk.lock();
  const auto before = desk.amina.world->files.contents();
  desk.clerk->unlock(support::typed(Fleet::kPassphrase));
  desk.open_case(id);
  desk.save(desk.form(), {{"address", {"9 Orchard Way"}}});
  CHECK(desk.now().standing_size() == 0);
  desk.lock();
  const auto store = (desk.amina.home / "store.db").string();
  desk.amina.world->files.tamper(store, before.at(store));
  for (int times = 0; times < 2; ++times) {
    desk.restart();
    REQUIRE(desk.now().standing_size() == 1);
    const std::string text = desk.now().standing(0).text();
    CHECK(text.find("older copy") != std::string::npos);
    CHECK(text.find("tell your administrator") != std::string::npos);
    CHECK(std::count(text.begin(), text.end(), '.') <= 3);
    desk.open_case(id);
    CHECK(desk.now().standing_size() == 1);
  }
  desk.lock();
  CHECK(desk.now().standing_size() == 0);
}

}  // namespace wayside::app::tests
