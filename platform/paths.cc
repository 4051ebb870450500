#include "platform/paths.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

namespace wayside::platform {
namespace {

constexpr char kHome[] = "WAYSIDE_HOME";
constexpr char kKeys[] = "WAYSIDE_KEYS";

Path user_folder(const Environment& environment) {
  if (const auto home = environment("HOME")) return *home;
  if (const passwd* user = ::getpwuid(::getuid()); user != nullptr && user->pw_dir != nullptr) return user->pw_dir;
  return ".";
}

Path xdg_folder(const Environment& environment, const char* variable, const char* fallback) {
  const auto folder = environment(variable);
  if (folder && Path(*folder).is_absolute()) return *folder;  // the XDG specification: ignore a relative one
  return user_folder(environment) / fallback;
}

}  // namespace

Environment process_environment() {
  return [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
  };
}

Path default_home(const Environment& environment) {
  if (const auto home = environment(kHome)) return *home;
  return xdg_folder(environment, "XDG_DATA_HOME", ".local/share") / "wayside";
}

Path default_keys_folder(const Environment& environment) {
  if (const auto keys = environment(kKeys)) return *keys;
  return xdg_folder(environment, "XDG_STATE_HOME", ".local/state") / "wayside" / "keys";
}

Path config_folder(const Environment& environment) { return xdg_folder(environment, "XDG_CONFIG_HOME", ".config"); }

bool keys_are_files(const Environment& environment) { return environment(kKeys).has_value(); }

Path this_program() {
  std::error_code failed;
  return std::filesystem::read_symlink("/proc/self/exe", failed);
}

}  // namespace wayside::platform
