#include <catch2/catch_test_macros.hpp>

#include "platform/atomic_file.h"
#include "tests/ui/app/clerk_desk.h"
#include "ui/app/settings_file.h"

namespace wayside::app::tests {
namespace {

struct Folder {
  support::FakeEnv world;
  platform::Path home = "/home/amina";
  SettingsFile file{world.env(), home};

  Bytes content() { return world.files.contents().at((home / "settings.toml").string()); }
  bool has(const std::string& name) { return world.files.contents().contains((home / name).string()); }
  void write(BytesView text) {
    support::need(world.files.make_folders(home));
    support::need(platform::write_atomically(world.files, home / "settings.toml", text));
  }
};

pb::Settings chosen() {
  pb::Settings out;
  out.set_text_percent(175);
  out.set_colours(pb::Settings::contrast);
  out.set_lock_after_minutes(2);
  out.set_exit_chord("ctrl+shift+x");
  out.set_night_at("22:30");
  return out;
}

bool same(const pb::Settings& a, const pb::Settings& b) { return a.SerializeAsString() == b.SerializeAsString(); }

}  // namespace

TEST_CASE("settings come back as they were kept, and without a file the usual ones hold") {
  Folder folder;
  folder.file.load();
  CHECK(folder.file.now().text_percent() == 100);
  CHECK(folder.file.now().lock_after_minutes() == 10);
  CHECK(folder.file.trouble().empty());
  folder.file.keep(chosen());
  SettingsFile again(folder.world.env(), folder.home);
  again.load();
  CHECK(same(again.now(), chosen()));
  CHECK(again.trouble().empty());
}

TEST_CASE("settings that make no sense are named, the others hold") {
  const auto read = [](std::string_view text) { return settings_from_toml(text); };
  CHECK(read("").trouble.empty());
  CHECK(read("text_percent = 150\n").settings.text_percent() == 150);
  CHECK(read("text_percent = 1000\nlock_after_minutes = 2\n").trouble == "text_percent");
  CHECK(read("text_percent = 1000\nlock_after_minutes = 2\n").settings.text_percent() == 100);
  CHECK(read("text_percent = 1000\nlock_after_minutes = 2\n").settings.lock_after_minutes() == 2);
  CHECK(read("text_percent = \"150\"").trouble == "text_percent");
  CHECK(read("colours = \"pink\"").trouble == "colours");
  CHECK(read("exit_chord = \"x\"").trouble == "exit_chord");
  CHECK(read("night_at = \"24:00\"").trouble == "night_at");
  CHECK(read("of_a_newer_version = 1").trouble == "of_a_newer_version");
  CHECK(read("colours = \"dark\"\ntext_percent = [").trouble == "line 2");
}

TEST_CASE("a settings file that makes no sense gives a notice, stays as it is, and is kept beside a new one") {
  Folder folder;
  folder.write("text_percent = 150\ncolours = \"pink\"\n");
  folder.file.load();
  CHECK(folder.file.now().text_percent() == 150);
  CHECK(folder.file.now().colours() == pb::Settings::light);
  CHECK(folder.file.trouble().find("(colours)") != std::string::npos);
  CHECK(folder.content() == "text_percent = 150\ncolours = \"pink\"\n");
  folder.file.keep(chosen());
  CHECK(folder.file.trouble().empty());
  CHECK(folder.content() == to_toml(chosen()));
  CHECK(folder.world.files.contents().at("/home/amina/settings.toml.unreadable-1") ==
        "text_percent = 150\ncolours = \"pink\"\n");
  folder.file.keep(chosen());
  CHECK_FALSE(folder.has("settings.toml.unreadable-2"));
}

TEST_CASE("wherever writing settings fails, the old file or the new one is there, whole, and the person is told") {
  for (std::uint64_t n = 0;; ++n) {
    Folder folder;
    folder.write("text_percent = 125\n");
    folder.file.load();
    folder.world.files.fail_at(n, Errc::disk_full, true);
    const auto before = folder.world.files.counts().operations;
    folder.file.keep(chosen());
    const bool reached = folder.world.files.counts().operations > before + n;
    folder.world.files.heal();
    const Bytes content = folder.content();
    CHECK((content == "text_percent = 125\n" || content == to_toml(chosen())));
    CHECK(same(folder.file.now(), chosen()));  // what was chosen holds in the window
    if (!reached) break;
    CHECK(folder.file.trouble().starts_with("Your settings could not be written."));
  }
}

TEST_CASE("what comes over the line and would not be read back is not written") {
  Folder folder;
  pb::Settings odd = chosen();
  odd.set_text_percent(7);
  odd.set_exit_chord("x\"\n[");
  folder.file.keep(odd);
  CHECK(folder.file.now().text_percent() == 100);
  CHECK(folder.file.now().exit_chord().empty());
  CHECK(folder.file.now().lock_after_minutes() == 2);
  CHECK(settings_from_toml(folder.content()).trouble.empty());
}

TEST_CASE("settings are told and kept while the vault is locked") {
  AtWork desk;
  desk.amina.vault.reset();
  desk.clerk = std::make_unique<Clerk>(desk.amina.world->env(), desk.setup, desk.watcher);
  CHECK(desk.now().settings().text_percent() == 100);
  pb::Command command;
  *command.mutable_keep_settings()->mutable_settings() = chosen();
  desk.clerk->handle(command);
  CHECK(same(desk.now().settings(), chosen()));
  desk.restart();
  CHECK(same(desk.now().settings(), chosen()));
}

TEST_CASE("bad settings stand as a notice until they are chosen again") {
  AtWork desk;
  support::need(platform::write_atomically(desk.amina.world->files, desk.amina.home / "settings.toml", "nonsense"));
  desk.start();
  REQUIRE(desk.now().standing_size() == 1);
  CHECK(desk.now().standing(0).text().find("settings.toml") != std::string::npos);
  desk.search("priya");
  CHECK(desk.now().standing_size() == 1);  // no command takes it away
  pb::Command command;
  *command.mutable_keep_settings()->mutable_settings() = chosen();
  desk.clerk->handle(command);
  CHECK(desk.now().standing_size() == 0);
}

}  // namespace wayside::app::tests
