#pragma once

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/e2e/stage.h"

namespace wayside::e2e {

struct KillPlan {
  Cli cli = Cli::cheap;
  int points = 0;
  int devices = 3;
  int common_cases = 8;  ///< that everybody edits
  std::uint64_t seed = 1;
};

/// A working day in which programs are killed outright, again and again: the device's, the courier that it has started,
/// or the office. Whatever a device reported as saved is written down here, and asked for at the end.
///
/// A kill comes after so many microseconds, drawn between nothing and what such a piece of work usually takes, so that
/// it falls on every part of it: opening, sealing, committing, carrying, folding, answering.
class KillDay {
 public:
  explicit KillDay(const KillPlan& plan);
  /// So many kills, each followed by going on as if nothing had happened.
  void play();
  /// Every saved value is on the device that reported it, before it has talked to anybody again.
  void check_own_promises() const;
  /// All devices reconcile; then they hold the same, it verifies, and every saved value is on each of them.
  void check_after_reconciling() const;

  struct Tally {
    int killed_cli = 0, killed_courier = 0, killed_office = 0, tried = 0;
    [[nodiscard]] int killed() const { return killed_cli + killed_courier + killed_office; }
    std::size_t promises = 0, imports = 0, syncs = 0;
  };
  [[nodiscard]] const Tally& tally() const { return tally_; }

 private:
  enum class Victim { cli, courier, office };
  /// A value that stands in the history of a record; an import promises records alone.
  struct Promise {
    std::string record, field, value;
  };
  /// A line of a batch, and what it promises once it is answered.
  struct Line {
    std::string text;
    std::string field, value;
    std::string import_file;
    std::string record;
  };
  struct Import {
    std::set<std::string> ids;
    std::string path;
  };
  struct Device {
    Home* home = nullptr;
    std::vector<Promise> promises;
    std::vector<std::string> own_cases;  ///< made here, and reported
    std::set<std::string> imported;      ///< ids of records of reported imports
    std::vector<Import> tried;           ///< every import that was begun
  };

  std::uint64_t draw(std::uint64_t below) { return random_() % below; }
  std::string token();
  std::string some_common(const char* part);
  void import_common();
  std::vector<Line> piece_of_work(Device& device, const json& reviews);
  Line import_line(Device& device);
  void one_point(bool calibrating);
  /// False when the program had ended before.
  bool kill(Victim victim, platform::ChildProcess& child, double usual_us);
  bool kill_courier(const platform::ChildProcess& child, int process);
  void write_down(Device& device, const std::vector<Line>& lines, const std::vector<json>& answers);
  /// What a device says of itself.
  struct Answers {
    std::vector<json> first;
    std::map<std::string, std::set<std::string>> written;  ///< record → "field=value" of its history
    std::set<std::string> records;
  };
  static Answers ask_for_all(const Home& where, std::vector<std::string> first,
                             const std::vector<const Device*>& authors);
  static void check_promises(const Answers& there, const std::vector<const Device*>& authors);

  KillPlan plan_;
  Stage stage_;
  std::mt19937_64 random_;
  std::vector<Device> devices_;
  std::vector<json> common_;
  Tally tally_;
  std::uint64_t tokens_ = 0;
  std::uint32_t imports_ = 0;
  double opening_us_ = 0, working_us_ = 0;  ///< how long these usually take
};

}  // namespace wayside::e2e
