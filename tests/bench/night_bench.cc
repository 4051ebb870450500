#include "tests/bench/night_bench.h"

#include <fstream>

#include "tests/bench/measure.h"
#include "tests/bench/organisation.h"
#include "tests/bench/promises.h"
#include "tests/support/caseload.h"

namespace wayside::bench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t kCasesAtOnce = 2'000;
constexpr std::uint64_t kMostRoundTrips = 3;
constexpr double kMostBytes = 1.2;
constexpr int kWriter = 0, kReader = 1;

class Night {
 public:
  explicit Night(NightOptions options) : options_(std::move(options)), organisation_(options_.work) {}

  json play() {
    make_workload();
    organisation_.found();
    for (const int device : {kWriter, kReader}) organisation_.join(device);
    for (const int device : {kWriter, kReader}) organisation_.open(device);
    fill();
    in_one_go();
    with_cuts();
    baseline();
    judge();
    return std::move(out_);
  }

 private:
  std::string file(const char* name) const { return (organisation_.work() / name).string(); }

  /// Of the workload's edits the first device's: one field that all devices would change, and one of its own alone.
  void make_workload() {
    support::CaseloadOptions workload;
    workload.cases = options_.cases;
    const support::Caseload made = support::make_caseload(workload);
    std::ofstream(file("cases.ndjson"), std::ios::binary) << made.cases;
    std::ofstream first(file("edits-1.ndjson"), std::ios::binary), second(file("edits-2.ndjson"), std::ios::binary);
    std::istringstream edits(made.edits);
    for (std::string line; std::getline(edits, line);) {
      const json edit = json::parse(line);
      if (edit.at("device") == "A") (edit.at("conflict").get<bool>() ? first : second) << line << '\n';
    }
  }

  json sync(int device, std::uint64_t pages = 0) {
    return organisation_.device(device).ask({{"do", "sync"}, {"office", organisation_.office()}, {"pages", pages}});
  }

  void fill() {
    say("cases, and their first way to the other device");
    JsonChild& writer = organisation_.device(kWriter);
    writer.ask({{"do", "read_cases"}, {"cases", file("cases.ndjson")}});
    writer.ask({{"do", "import"}, {"at_once", kCasesAtOnce}});
    for (const int device : {kWriter, kReader, kWriter, kReader}) sync(device);
    const json nothing = sync(kReader);
    out_["cases"] = options_.cases;
    out_["idle"] = {{"round_trips", nothing.at("round_trips")}, {"http_bytes", bytes_of(nothing)}};
  }

  static std::uint64_t bytes_of(const json& run) { return run.at("up").get<std::uint64_t>() + run.at("down").get<std::uint64_t>(); }

  /// What the writer does by day, and brings to the office.
  json day(const char* edits) {
    const json edited = organisation_.device(kWriter).ask({{"do", "edit"}, {"edits", file(edits)}, {"device", "A"}});
    sync(kWriter);
    return edited;
  }

  void in_one_go() {
    say("a night in one go");
    const json changed = day("edits-1.ndjson");
    const json run = sync(kReader);
    const auto pages = run.at("pages").get<std::uint64_t>();
    out_["night"] = {{"changed_records", changed.at("records")}, {"sealed_bytes", changed.at("sealed_bytes")},
                     {"pulled_envelopes", run.at("pulled")}, {"pages", pages},
                     {"round_trips_besides_pages", run.at("round_trips").get<std::uint64_t>() - pages}, {"http_bytes", bytes_of(run)},
                     {"bytes_ratio_to_sealed", static_cast<double>(bytes_of(run)) / changed.at("sealed_bytes").get<double>()},
                     {"seconds", run.at("seconds")}, {"records_per_s", changed.at("records").get<double>() / run.at("seconds").get<double>()}};
  }

  /// The courier ends after each page, and the next one goes on.
  void with_cuts() {
    say("a night with a cut after each page");
    const json changed = day("edits-2.ndjson");
    std::uint64_t runs = 0, pages = 0, round_trips = 0, bytes = 0, envelopes = 0, applied = 0;
    for (bool more = true; more; ++runs) {
      const json run = sync(kReader, 1);
      more = run.at("stopped_early");
      pages += run.at("pages").get<std::uint64_t>();
      round_trips += run.at("round_trips").get<std::uint64_t>();
      envelopes += run.at("pulled").get<std::uint64_t>();
      applied += run.at("applied").get<std::uint64_t>();
      bytes += bytes_of(run);
    }
    out_["night_with_cuts"] = {{"changed_records", changed.at("records")}, {"sealed_bytes", changed.at("sealed_bytes")}, {"couriers", runs},
                               {"pages", pages}, {"pulled_envelopes", envelopes}, {"applied", applied}, {"http_bytes", bytes},
                               {"round_trips_besides_pages", round_trips - pages},
                               {"bytes_ratio_to_sealed", static_cast<double>(bytes) / changed.at("sealed_bytes").get<double>()}};
  }

  /// The same number of rows, changed one commit each in bare SQLCipher with a search index.
  void baseline() {
    say("SQLCipher with as many changed rows");
    JsonChild bare(program("wayside-bench"), {"baseline"});
    bare.ask({{"do", "open"}, {"cases", file("cases.ndjson")}, {"folder", file("baseline")}, {"fts", true}});
    bare.ask({{"do", "create"}, {"count", options_.cases}});
    const json done = bare.ask({{"do", "update"}, {"count", out_["night"].at("changed_records")}});
    out_["night"]["sqlcipher_fts_seconds"] = done.at("seconds");
    out_["night"]["ratio_to_sqlcipher_fts"] = out_["night"]["seconds"].get<double>() / done.at("seconds").get<double>();
  }

  void judge() {
    Promises promises;
    const auto on_the_wire = [&](const json& night) {
      promises.keep(night.at("round_trips_besides_pages").get<std::uint64_t>() <= kMostRoundTrips, "round trips besides pages");
      promises.keep(night.at("bytes_ratio_to_sealed").get<double>() <= kMostBytes, "bytes on the wire");
      promises.keep(night.at("pulled_envelopes") == night.at("changed_records"), "each change fetched once");
    };
    on_the_wire(out_["night"]);
    on_the_wire(out_["night_with_cuts"]);
    promises.keep(out_["night_with_cuts"].at("applied") == out_["night_with_cuts"].at("changed_records"), "each change applied once");
    promises.keep(out_["night_with_cuts"].at("couriers").get<std::uint64_t>() > 1, "a night long enough to be cut");
    const auto standing = [&](int device) { return organisation_.device(device).ask({{"do", "standing"}}).at("digest"); };
    promises.keep(standing(kWriter) == standing(kReader), "the same digest");
    out_["limits"] = {{"round_trips_besides_pages", kMostRoundTrips}, {"bytes_ratio_to_sealed", kMostBytes}};
    out_["http_bytes_are"] = "headers and bodies, without TLS";
    promises.tell(out_);
  }

  NightOptions options_;
  Organisation organisation_;
  json out_;
};

}  // namespace

json run_night(const NightOptions& options) { return Night(options).play(); }

}  // namespace wayside::bench
