#pragma once

#include <string>

#include "platform/env.h"
#include "ui/app/messages.pb.h"

namespace wayside::app {

/// As settings.toml holds them.
std::string to_toml(const pb::Settings& settings);

struct ReadSettings {
  pb::Settings settings;  ///< complete: what is missing or makes no sense stands at its default
  std::string trouble;    ///< what makes no sense in the text: "text_percent is not one of 100, …"; empty when all does
};
ReadSettings settings_from_toml(std::string_view text);

/// What a person chose for this device, in HOME/settings.toml, in clear: it says nothing about cases. Settings never
/// keep anybody from working: a file that cannot be read is told, and the defaults hold.
class SettingsFile {
 public:
  SettingsFile(platform::Env env, const platform::Path& home);

  void load();
  /// Replaces the file, whole. One that could not be read, or held something that makes no sense, is kept beside it
  /// first, as settings.toml.unreadable-1, -2 …
  void keep(const pb::Settings& settings);

  [[nodiscard]] const pb::Settings& now() const { return settings_; }
  /// What happened, what holds, what to do; empty when nothing is wrong.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

 private:
  Result<void> put_aside();

  mutable platform::Env env_;
  platform::Path file_;
  pb::Settings settings_;
  std::string trouble_;
  bool makes_no_sense_ = false;
};

}  // namespace wayside::app
