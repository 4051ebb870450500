#include "tests/bench/caseload_bench.h"

#include <algorithm>

#include "tests/bench/child.h"
#include "tests/bench/measure.h"
#include "tests/bench/organisation.h"

namespace wayside::bench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// A reconcile that moves no more than this is taken for one that has nothing to tell.
constexpr std::uint64_t kIdleBytes = 1024;
constexpr int kMostRoundsToIdle = 64;

json phase(double seconds, double records) {
  return {{"seconds", seconds}, {"records_per_s", seconds > 0 ? records / seconds : 0}};
}

class Caseload {
 public:
  explicit Caseload(CaseloadOptions options) : options_(std::move(options)), organisation_(options_.work) {}

  json play() {
    input_bytes_ = fs::file_size(options_.input / "cases.ndjson");
    organisation_.found();
    enrol();
    create();
    push();
    first_pull();
    edit();
    reconcile_until_quiet();
    idle();
    search();
    judge();
    return std::move(out_);
  }

 private:
  std::string input(const char* name) const { return (options_.input / name).string(); }

  void enrol() {
    say("devices");
    double open_seconds = 0;
    std::uint64_t kdf_peak = 0;
    for (int i = 0; i < options_.devices; ++i) organisation_.join(i);
    for (int i = 0; i < options_.devices; ++i) {
      const json opened = organisation_.open(i);
      open_seconds = std::max(open_seconds, opened.at("seconds").get<double>());
      kdf_peak = std::max(kdf_peak, opened.at("kdf_peak_bytes").get<std::uint64_t>());
    }
    out_["open_seconds"] = open_seconds;
    out_["kdf_peak_bytes"] = kdf_peak;
  }

  json sync(int device) {
    const json result = organisation_.device(device).ask({{"do", "sync"}, {"office", organisation_.office()}});
    up_ += result.at("up").get<std::uint64_t>();
    down_ += result.at("down").get<std::uint64_t>();
    handshakes_ += result.at("handshakes").get<std::uint64_t>();
    return result;
  }

  /// The vault and both baselines take turns, a twentieth of the cases each: the disk is not equally quick at all times.
  void create() {
    say("create, and SQLCipher with the same rows");
    JsonChild plain(program("wayside-bench"), {"baseline"}), fts(program("wayside-bench"), {"baseline"});
    const auto open = [this](JsonChild& baseline, bool with_fts) {
      return baseline.ask({{"do", "open"}, {"cases", input("cases.ndjson")}, {"folder", (options_.work / "baseline").string()}, {"fts", with_fts}});
    };
    open(plain, false);
    open(fts, true);
    cases_ = organisation_.device(0).ask({{"do", "read_cases"}, {"cases", input("cases.ndjson")}}).at("cases");

    constexpr std::size_t kTurns = 20;
    double plain_seconds = 0, fts_seconds = 0, save_seconds = 0;
    for (std::size_t turn = 0; turn < kTurns; ++turn) {
      const json some{{"do", "create"}, {"count", cases_ * (turn + 1) / kTurns - cases_ * turn / kTurns}};
      plain_seconds += plain.ask(some).at("seconds").get<double>();
      fts_seconds += fts.ask(some).at("seconds").get<double>();
      save_seconds += organisation_.device(0).ask(some).at("seconds").get<double>();
    }
    const json indexed = organisation_.device(0).ask({{"do", "index"}});
    const double index_seconds = indexed.at("seconds");
    const double seconds = save_seconds + index_seconds;

    out_["baselines"] = {{"sqlcipher_seconds", plain_seconds}, {"sqlcipher_fts_seconds", fts_seconds}};
    out_["phases"]["create"] = phase(seconds, static_cast<double>(cases_ * 13));
    out_["phases"]["create"].update({{"save_seconds", save_seconds}, {"index_seconds", index_seconds}, {"checkpoints", indexed.at("checkpoints")}});
    out_["fsyncs_per_save"] = indexed.at("fsyncs_per_save");
    out_["create_ratio_to_sqlcipher"] = seconds / plain_seconds;
    out_["create_ratio_to_sqlcipher_fts"] = seconds / fts_seconds;
  }

  void push() {
    say("push");
    const json pushed = sync(0);
    out_["phases"]["push"] = phase(pushed.at("seconds"), static_cast<double>(cases_ * 13));
    out_["push_bytes"] = pushed.at("up").get<std::uint64_t>() + pushed.at("down").get<std::uint64_t>();
    out_["input_bytes"] = input_bytes_;
    out_["push_ratio_to_input"] = out_["push_bytes"].get<double>() / static_cast<double>(input_bytes_);
  }

  void first_pull() {
    say("first pull");
    double slowest = 0;
    for (int i = 1; i < options_.devices; ++i) slowest = std::max(slowest, sync(i).at("seconds").get<double>());
    out_["phases"]["first_pull"] = phase(slowest, static_cast<double>(cases_ * 13));
    out_["first_pull_ratio_to_create"] = slowest / out_["phases"]["create"]["seconds"].get<double>();
  }

  void edit() {
    say("edit, apart");
    double seconds = 0, records = 0;
    for (int i = 0; i < options_.devices; ++i) {
      const json edited = organisation_.device(i).ask({{"do", "edit"}, {"edits", input("edits.ndjson")}, {"device", letter(i)}});
      seconds += edited.at("seconds").get<double>();
      records += edited.at("records").get<double>();
    }
    out_["phases"]["edit"] = phase(seconds, records);
    edits_ = records;
  }

  /// Twice round: the first devices then have what the last ones brought.
  void reconcile_until_quiet() {
    say("reconcile");
    double seconds = 0;
    for (int round = 0; round < 2; ++round) {
      for (int i = 0; i < options_.devices; ++i) seconds += sync(i).at("seconds").get<double>();
    }
    out_["phases"]["reconcile"] = phase(seconds, edits_ * options_.devices);
  }

  void idle() {
    say("idle reconcile");
    double seconds = 0;
    std::uint64_t round_trips = 0, bytes = 0;
    // What was reconciled last is signed and told in the reconciles after it: until that is told too, none of them is idle.
    const auto moved = [](const json& run) { return run.at("up").get<std::uint64_t>() + run.at("down").get<std::uint64_t>(); };
    for (int round = 0; round < kMostRoundsToIdle; ++round) {
      std::uint64_t most = 0;
      for (int i = 0; i < options_.devices; ++i) most = std::max(most, moved(sync(i)));
      out_["rounds_to_idle"] = round;
      if (most <= kIdleBytes) break;
    }
    for (int i = 0; i < options_.devices; ++i) {
      const json nothing = sync(i);
      seconds = std::max(seconds, nothing.at("seconds").get<double>());
      round_trips = std::max(round_trips, nothing.at("round_trips").get<std::uint64_t>());
      bytes = std::max(bytes, moved(nothing));
    }
    out_["phases"]["idle_sync"] = phase(seconds, 0);
    out_["idle_round_trips"] = round_trips;
    out_["idle_http_bytes"] = bytes;
  }

  void search() {
    say("search");
    for (const char* kind : {"prefix", "word"}) {
      const json found = organisation_.device(0).ask({{"do", "search"}, {"queries", input("queries.ndjson")}, {"kind", kind}});
      out_["phases"][std::string("search_") + kind] = phase(found.at("seconds"), found.at("queries"));
      out_["phases"][std::string("search_") + kind]["hits"] = found.at("hits");
    }
  }

  void judge() {
    std::vector<std::string> digests;
    std::uint64_t total = 0, kept = ~std::uint64_t{0}, peak = 0;
    for (int i = 0; i < options_.devices; ++i) {
      JsonChild& device = organisation_.device(i);
      digests.push_back(device.ask({{"do", "standing"}}).at("digest"));
      const json values = device.ask({{"do", "kept"}, {"edits", input("edits.ndjson")}});
      total = values.at("total");
      kept = std::min(kept, values.at("kept").get<std::uint64_t>());
      peak = std::max(peak, device.ask({{"do", "peak"}}).at("peak_rss_bytes").get<std::uint64_t>());
    }
    out_["converged"] = std::all_of(digests.begin(), digests.end(), [&](const std::string& each) { return each == digests.front(); });
    out_["digest"] = digests.front();
    out_["conflict_values_total"] = total;
    out_["conflict_values_kept"] = kept;
    out_["peak_rss_bytes"] = peak;
    out_["wire_bytes_up"] = up_;
    out_["wire_bytes_down"] = down_;
    out_["handshakes"] = handshakes_;
    out_["disk_bytes"] = folder_bytes(organisation_.home(0));
    out_["office_disk_bytes"] = folder_bytes(organisation_.data());
    out_["durability"] = "WAL, synchronous=FULL: one fsync a save";
  }

  CaseloadOptions options_;
  json out_;
  Organisation organisation_;
  std::uint64_t cases_ = 0, input_bytes_ = 0, up_ = 0, down_ = 0, handshakes_ = 0;
  double edits_ = 0;
};

}  // namespace

json run_caseload(const CaseloadOptions& options) { return Caseload(options).play(); }

}  // namespace wayside::bench
