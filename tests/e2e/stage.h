#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "platform/child_process.h"
#include "tests/support/read_file.h"
#include "tests/support/temp_folder.h"

/// A real office and real devices, all of them child processes, in one folder that is watched and thrown away.
/// Whatever goes wrong on the way ends the test with the words of the program that failed.
namespace wayside::e2e {

using support::read_file;

using nlohmann::json;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;

inline constexpr std::int64_t kPatience_ms = 180'000;  ///< a busy machine, and key derivation as it is shipped
inline constexpr const char* kPassphrase = "seven grey herons cross the water meadow";

/// Which command line: as it is shipped, or the same sources with key derivation in milliseconds.
enum class Cli { shipped, cheap };

/// How a program ended, and what it said.
struct Outcome {
  int code = 0;  ///< -1 when a signal ended it
  int signal = 0;
  std::string out, err;
  /// The documents on stdout, one a line; the last line counts only when it is whole.
  [[nodiscard]] std::vector<json> answers() const;
  /// The only one.
  [[nodiscard]] json answer() const;
};

Outcome run_program(platform::ChildOptions options, const std::string& input = {});

/// The whole documents, one a line, of what a program printed before it ended or was killed.
std::vector<json> json_lines(const std::string& out);

void write_file(const fs::path& path, std::string_view text);  ///< 0600

class Stage;

/// Of what `put` has answered.
inline std::string first_id(const json& answer) { return answer.at("ids").at(0); }

/// One device's folder.
class Home {
 public:
  Home(Stage& stage, std::string name);

  [[nodiscard]] const fs::path& path() const { return path_; }
  [[nodiscard]] const std::string& name() const { return name_; }

  /// Runs one verb to its end, whatever it is.
  Outcome run(const Words& verb, const std::string& input = {}) const;
  /// With --json; it must end with 0, or with 4 (something waits for a person).
  json ask(Words verb) const;
  /// Lines for `batch - --json`, all of which must do; their answers in order.
  std::vector<json> batch(const std::vector<std::string>& lines) const;
  /// Running, its stdin open; for those who want to disturb it.
  platform::ChildProcess start(const Words& verb) const;
  json sync() const { return ask({"sync"}); }

  /// How `run` starts it, for those who start it otherwise.
  [[nodiscard]] platform::ChildOptions options(const Words& verb) const;

 private:
  Stage& stage_;
  std::string name_;
  fs::path path_;
};

class Stage {
 public:
  explicit Stage(Cli cli);
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  // ---- The office ----
  /// init and serve: afterwards `ticket("first")` lies there.
  void found();
  void serve();        ///< on a free port; listening when it returns
  void serve_with(Words options) { serve_options_ = std::move(options); }   ///< from the next `serve` on
  void stop_office();  ///< SIGTERM, and waits
  void kill_office();  ///< SIGKILL, and waits
  void back_up_office();     ///< while it serves or not
  /// Its machine is lost, and another is set up from the backup: `serve` starts it.
  void restore_office();
  [[nodiscard]] bool office_runs() const { return office_.has_value(); }
  [[nodiscard]] const std::string& office_address() const { return office_address_; }
  /// Where devices are told to look for it from now on; empty: where it listens.
  void send_devices_to(std::string address) { detour_ = std::move(address); }
  Outcome office(const Words& words) const;  ///< another verb of wayside-office

  // ---- Devices ----
  Home& home(const std::string& name);  ///< an empty folder at first
  Home& join(const std::string& name, const fs::path& ticket);
  /// A ticket made by `admin`, and a device that joins with it.
  Home& invite_and_join(const Home& admin, const std::string& name, const std::string& role);
  [[nodiscard]] fs::path ticket(const std::string& name) const { return folder_ / ("ticket-" + name); }

  // ---- Where things lie ----
  [[nodiscard]] const fs::path& root() const { return folder_.path(); }
  [[nodiscard]] fs::path office_data() const { return folder_ / "office"; }
  [[nodiscard]] fs::path recovery_page() const { return folder_ / "recovery"; }
  [[nodiscard]] fs::path keys() const { return folder_ / "keys"; }
  [[nodiscard]] fs::path temp() const { return folder_ / "tmp"; }
  [[nodiscard]] const fs::path& passphrase_file() const { return passphrase_file_; }
  void type_passphrase_of(fs::path file) { passphrase_file_ = std::move(file); }
  [[nodiscard]] fs::path cli_program() const;
  /// HOME, TMPDIR and all their kin point into this folder.
  [[nodiscard]] std::map<std::string, std::string> environment() const;
  [[nodiscard]] std::string address_for_devices() const { return detour_.empty() ? office_address_ : detour_; }

 private:
  Cli cli_;
  support::TempFolder folder_;
  fs::path passphrase_file_ = folder_ / "passphrase";
  std::string office_address_ = "127.0.0.1:9";  ///< nobody is there
  std::string detour_;
  Words serve_options_;
  std::optional<platform::ChildProcess> office_;
  std::map<std::string, std::unique_ptr<Home>> homes_;
};

}  // namespace wayside::e2e
