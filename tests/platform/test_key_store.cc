#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>

#include "platform/child_process.h"
#include "platform/files_posix.h"
#include "platform/key_store.h"
#include "tests/support/fake_env.h"
#include "tests/support/temp_folder.h"

using namespace wayside;
using namespace wayside::platform;

namespace {

SecretBytes secret_of(std::string text) { return SecretBytes::take(std::as_writable_bytes(std::span(text))); }

Environment nothing_set() {
  return [](const char*) -> std::optional<std::string> { return std::nullopt; };
}

}  // namespace

TEST_CASE("a key file keeps any bytes, is its owner's alone, and is replaced and removed") {
  const support::TempFolder folder;
  PosixFiles files;
  FileKeyStore keys(files, folder / "state/keys");
  CHECK_FALSE(keys.is_system_store());
  CHECK(keys.load("device.1").error().code == Errc::not_found);
  CHECK(keys.remove("device.1"));

  const std::string odd("\0\n\xFFsecret\0", 10);
  REQUIRE(keys.save("device.1", secret_of(odd)));
  CHECK(keys.load("device.1")->view() == odd);
  struct stat status {};
  REQUIRE(::stat((folder / "state/keys/device.1.key").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  REQUIRE(::stat((folder / "state/keys").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0700);

  REQUIRE(keys.save("device.1", secret_of("second")));
  REQUIRE(keys.save("device.2", secret_of("other")));
  CHECK(keys.load("device.1")->view() == "second");
  REQUIRE(keys.remove("device.1"));
  CHECK(keys.load("device.1").error().code == Errc::not_found);
  CHECK(keys.load("device.2")->view() == "other");
}

TEST_CASE("a name that could lead elsewhere is refused") {
  support::FakeFiles files;
  FileKeyStore keys(files, "/keys");
  for (const char* name : {"", ".", "..", "../x", "a/b", "a b", "A", "a\n", ".hidden", "ключ"}) {
    INFO(name);
    CHECK(keys.save(name, SecretBytes(4)).error().code == Errc::bad_input);
    CHECK(keys.load(name).error().code == Errc::bad_input);
    CHECK(keys.remove(name).error().code == Errc::bad_input);
  }
  CHECK(keys.save(std::string(101, 'a'), SecretBytes(4)).error().code == Errc::bad_input);
  CHECK(keys.save(std::string(100, 'a'), SecretBytes(4)));
}

TEST_CASE("a saved key is durable, and a full disk keeps the one before it") {
  support::FakeFiles files;
  FileKeyStore keys(files, "/state/keys");
  REQUIRE(keys.save("device", secret_of("first")));
  files.crash(0);
  CHECK(keys.load("device")->view() == "first");
  files.limit_growth(2);
  CHECK(keys.save("device", secret_of("second")).error().code == Errc::disk_full);
  CHECK(keys.load("device")->view() == "first");
}

TEST_CASE("without a session bus the key store is files, and nobody waits for one") {
  support::FakeFiles files;
  const auto keys = make_linux_key_store(files, "/keys", nothing_set());
  CHECK_FALSE(keys->is_system_store());
  REQUIRE(keys->save("device", secret_of("x")));
  CHECK(files.exists("/keys/device.key"));
  CHECK(keys->load("device")->view() == "x");
  REQUIRE(keys->remove("device"));
  CHECK_FALSE(files.exists("/keys/device.key"));
}

TEST_CASE("WAYSIDE_KEYS asks for files even where a bus is") {
  support::FakeFiles files;
  const auto keys = make_linux_key_store(files, "/keys", [](const char* name) -> std::optional<std::string> {
    if (std::string_view(name) == "WAYSIDE_KEYS") return "/keys";
    if (std::string_view(name) == "DBUS_SESSION_BUS_ADDRESS") return "unix:path=/nowhere";
    return std::nullopt;
  });
  CHECK_FALSE(keys->is_system_store());
}

// Run by the test below within a session bus of its own; by hand only there, since it writes to the user's key ring.
TEST_CASE("the desktop's key ring keeps a key", "[.][key-ring]") {
  const support::TempFolder folder;
  PosixFiles files;
  const auto keys = make_linux_key_store(files, folder / "keys", process_environment());
  REQUIRE(keys->is_system_store());
  const std::string name = "test." + folder.path().filename().extension().string() + "x";
  REQUIRE(keys->load(name).error().code == Errc::not_found);
  const std::string odd("\0\n\xFFsecret\0", 10);
  REQUIRE(keys->save(name, secret_of(odd)));
  CHECK(keys->is_system_store());
  CHECK_FALSE(files.exists(folder / "keys"));
  CHECK(keys->load(name)->view() == odd);

  // A vault made on a bare console left a file; the next save moves the key into the ring.
  FileKeyStore bare(files, folder / "keys");
  REQUIRE(bare.save(name, secret_of("from the console")));
  CHECK(keys->load(name)->view() == "from the console");
  REQUIRE(keys->save(name, secret_of("second")));
  CHECK(files.list(folder / "keys")->empty());
  CHECK(keys->load(name)->view() == "second");
  REQUIRE(keys->remove(name));
  CHECK(keys->load(name).error().code == Errc::not_found);
}

TEST_CASE("with a key ring on the session bus, keys live there and leave no file") {
  const support::TempFolder home;
  const auto found = run_child(
      {.program = "sh",
       .arguments = {"-c", "command -v dbus-run-session && command -v gnome-keyring-daemon && command -v gdbus"}},
      "", 30'000);
  REQUIRE(found);
  if (!found->exit.ok()) SKIP("no gnome-keyring here");
  const auto outcome = run_child(
      {.program = "dbus-run-session",
       .arguments = {"--", "sh", "-c",
                     "printf pw | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null && "
                     "gdbus wait --session --timeout 20 org.freedesktop.secrets && exec \"$0\" '[key-ring]'",
                     this_program().string()},
       .environment = {{"HOME", home.path().string()},
                       {"XDG_DATA_HOME", home / "data"},
                       {"XDG_RUNTIME_DIR", home.path().string()},
                       {"WAYSIDE_KEYS", ""}}},
      "", 60'000);
  REQUIRE(outcome);
  INFO(outcome->output << outcome->errors);
  CHECK(outcome->exit.ok());
}
