#include "tests/bench/first_bench.h"

#include <fstream>

#include "tests/bench/organisation.h"
#include "tests/bench/promises.h"
#include "tests/support/caseload.h"

namespace wayside::bench {
namespace {

using nlohmann::json;

constexpr std::size_t kCasesAtOnce = 2'000;
constexpr std::size_t kOpened = 20;
constexpr double kLeastRatio = 5.0;
constexpr int kAuthor = 0, kNewcomer = 1, kReplaying = 2;

class First {
 public:
  explicit First(FirstOptions options) : options_(std::move(options)), organisation_(options_.work) {}

  json play() {
    make_workload();
    organisation_.found();
    organisation_.join(kAuthor);
    organisation_.open(kAuthor);
    fill();
    // The tickets are made while the author's vault is closed.
    organisation_.close(kAuthor);
    for (const int device : {kNewcomer, kReplaying}) organisation_.join(device);
    for (const int device : {kAuthor, kNewcomer, kReplaying}) organisation_.open(device);
    begin("replay", kReplaying, true);
    begin("snapshot", kNewcomer, false);
    verify();
    judge();
    return std::move(out_);
  }

 private:
  std::string file(const char* name) const { return (organisation_.work() / name).string(); }
  JsonChild& device(int number) { return organisation_.device(number); }
  json sync(int number, bool no_snapshot = false) {
    return device(number).ask({{"do", "sync"}, {"office", organisation_.office()}, {"no_snapshot", no_snapshot}});
  }
  json digest(int number) { return device(number).ask({{"do", "standing"}}).at("digest"); }

  void make_workload() {
    support::CaseloadOptions workload;
    workload.cases = options_.cases;
    const support::Caseload made = support::make_caseload(workload);
    std::ofstream(file("cases.ndjson"), std::ios::binary) << made.cases;
    std::ofstream edits(file("edits.ndjson"), std::ios::binary);
    std::istringstream all(made.edits);
    std::uint32_t taken = 0;
    for (std::string line; taken < options_.changes && std::getline(all, line);) {
      const json edit = json::parse(line);
      if (edit.at("device") != "A" || !edit.at("conflict").get<bool>()) continue;
      edits << line << '\n';
      ++taken;
    }
  }

  void fill() {
    say("cases, a snapshot of them, and changes after it");
    device(kAuthor).ask({{"do", "read_cases"}, {"cases", file("cases.ndjson")}});
    device(kAuthor).ask({{"do", "import"}, {"at_once", kCasesAtOnce}});
    sync(kAuthor);
    sync(kAuthor);
    out_["cases"] = options_.cases;
    out_["publish"] = device(kAuthor).ask({{"do", "publish"}});
    const json sent = sync(kAuthor);
    out_["publish"]["send_seconds"] = sent.at("reconcile_seconds");
    const json changed = device(kAuthor).ask({{"do", "edit"}, {"edits", file("edits.ndjson")}, {"device", "A"}});
    out_["changed_since"] = changed.at("records");
    sync(kAuthor);
  }

  void begin(const char* way, int number, bool no_snapshot) {
    say(std::string("a first sync: ") + way);
    const json run = sync(number, no_snapshot);
    const json opened = device(number).ask({{"do", "open_case"}, {"tries", kOpened}});
    out_[way] = {{"seconds", run.at("reconcile_seconds")}, {"index_seconds", run.at("index_seconds")},
                 {"seconds_with_index", run.at("seconds")}, {"round_trips", run.at("round_trips")},
                 {"http_bytes", run.at("up").get<std::uint64_t>() + run.at("down").get<std::uint64_t>()},
                 {"from_snapshot", run.at("from_snapshot")}, {"unverified", run.at("unverified")}, {"cases", opened.at("cases")},
                 {"list_and_open_seconds", opened.at("seconds")}};
    out_[way]["digest"] = digest(number);
  }

  /// What the newcomer's device does afterwards, while she works.
  void verify() {
    say("the envelopes that the snapshot covers");
    const json run = sync(kNewcomer);
    out_["background"] = {{"seconds", run.at("reconcile_seconds")}, {"pages", run.at("pages")}, {"unverified", run.at("unverified")},
                          {"http_bytes", run.at("up").get<std::uint64_t>() + run.at("down").get<std::uint64_t>()}};
    out_["background"]["digest"] = digest(kNewcomer);
  }

  void judge() {
    const auto seconds = [&](const char* way, const char* what) { return out_[way].at(what).get<double>(); };
    out_["ratio"] = seconds("replay", "seconds") / seconds("snapshot", "seconds");
    out_["ratio_with_index"] = seconds("replay", "seconds_with_index") / seconds("snapshot", "seconds_with_index");
    out_["total_ratio"] = (seconds("snapshot", "seconds") + seconds("background", "seconds")) / seconds("replay", "seconds");
    Promises promises;
    promises.keep(out_["ratio"].get<double>() >= kLeastRatio, "five times as quick");
    promises.keep(out_["snapshot"].at("from_snapshot").get<std::uint64_t>() >= options_.cases, "the snapshot was used");
    promises.keep(out_["snapshot"].at("cases") == options_.cases, "every case is there");
    promises.keep(out_["background"].at("unverified") == 0, "all of it was verified");
    const std::string truth = digest(kAuthor);
    for (const char* each : {"replay", "snapshot", "background"}) promises.keep(out_[each].at("digest") == truth, "the same digest");
    out_["limits"] = {{"ratio", kLeastRatio}};
    promises.tell(out_);
  }

  FirstOptions options_;
  Organisation organisation_;
  json out_;
};

}  // namespace

json run_first(const FirstOptions& options) { return First(options).play(); }

}  // namespace wayside::bench
