#include <catch2/catch_test_macros.hpp>

#include "platform/user_timer.h"
#include "sync/spool/layout.h"
#include "tests/ui/app/clerk_desk.h"
#include "ui/app/night_timer.h"

namespace wayside::app::tests {
namespace {

constexpr std::int64_t kMinute_ms = 60'000;
constexpr std::int64_t kHalfPastTen_ms = 1'781'127'000'000;   // 10 June 2026, 21:30 UTC: 22:30 in London
constexpr std::int64_t kAllWaited_ms = kHalfPastTen_ms + kNightSpread_min * kMinute_ms;

/// Amina's device has an office and reconciles from half past ten on.
struct Evening : AtWork {
  Evening() {
    platform::Env env = amina.world->env();
    const spool::Layout layout(reconcile::spool_folder(amina.home));
    support::need(env.files.make_folders(layout.root));
    support::need(spool::write_office(env.files, layout, {"127.0.0.1:1", *Digest::from(Bytes(32, 'p')), {}, {}, {}}));
    setup.carry_locked = [this](const platform::Path&, const reconcile::Options& options) {
      ++locked_runs;
      somebody_is_back = options.stop_asked();
    };
    setup.reconcile = [this](vault::Vault&, const reconcile::Options&) -> Result<reconcile::Outcome> {
      ++open_runs;
      return reconcile::Outcome{};
    };
  }
  void choose(const std::string& at) {
    pb::Command command;
    pb::Settings& settings = *command.mutable_keep_settings()->mutable_settings();
    settings = now().settings();
    settings.set_night_at(at);
    clerk->handle(command);
  }
  int locked_runs = 0, open_runs = 0;
  bool somebody_is_back = false;
};

}  // namespace

TEST_CASE("a locked program carries by night, and one in use reconciles; one that was told not to does neither") {
  Evening evening;
  Clerk& clerk = evening.start();
  evening.amina.world->clock.set_wall(kAllWaited_ms);
  CHECK_FALSE(clerk.night_slice());
  CHECK(evening.locked_runs + evening.open_runs == 0);
  evening.choose("22:30");
  SECTION("locked") {
    evening.lock();
    CHECK_FALSE(clerk.night_slice());
    CHECK(evening.locked_runs == 1);
    CHECK_FALSE(clerk.night_slice());   // not at once again
    CHECK(evening.locked_runs == 1);
    CHECK(evening.open_runs == 0);
  }
  SECTION("locked, and somebody comes to unlock") {
    evening.lock();
    evening.watcher.on_go_on = [] { return false; };
    (void)clerk.night_slice();
    CHECK(evening.somebody_is_back);
  }
  SECTION("in use") {
    CHECK(clerk.night_slice());
    CHECK(evening.open_runs == 1);
    CHECK(evening.locked_runs == 0);
    CHECK(evening.now().reconcile().phase() == pb::ReconcileState::done);
  }
  SECTION("switched off again") {
    evening.choose("");
    CHECK_FALSE(clerk.night_slice());
    CHECK(evening.locked_runs + evening.open_runs == 0);
  }
}

TEST_CASE("the timer of the login follows the setting") {
  Evening evening;
  evening.setup.environment = [](const char* name) -> std::optional<std::string> {
    return std::string_view(name) == "XDG_CONFIG_HOME" ? std::optional<std::string>("/config") : std::nullopt;
  };
  evening.setup.courier_program = "/usr/bin/wayside-cli";
  evening.start();
  auto& files = evening.amina.world->files;
  const std::string name = night_timer_name(evening.amina.home);
  evening.choose("22:30");
  CHECK(platform::daily_at(files, evening.setup.environment, name) == "22:30");
  evening.choose("02:00");
  CHECK(platform::daily_at(files, evening.setup.environment, name) == "02:00");
  evening.choose("");
  CHECK_FALSE(platform::daily_at(files, evening.setup.environment, name));
  CHECK(evening.now().notice().text().empty());
}

}  // namespace wayside::app::tests
