#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/stage.h"

using namespace wayside;
using namespace wayside::e2e;

namespace {

Outcome run(const char* program, const Words& words, const Stage& stage) {
  platform::ChildOptions options;
  options.program = program;
  options.arguments = words;
  options.environment = stage.environment();
  return run_program(options);
}

}  // namespace

// How fast it is depends on the machine; that the benchmark tells the truth of what it played does not.
TEST_CASE("the benchmark converges on three real vaults and a real office, and keeps every conflicting value") {
  const Stage stage(Cli::shipped);
  const std::string input = stage.root() / "input";
  const std::string work = stage.root() / "work";
  const Outcome made = run(WAYSIDE_CASELOAD_PROGRAM, {"--n", "20", "--out", input}, stage);
  REQUIRE(made.code == 0);
  const json manifest = json::parse(read_file(fs::path(input) / "manifest.json"));

  const Outcome played =
      run(WAYSIDE_BENCH_PROGRAM, {"caseload", "--input", input, "--devices", "3", "--work", work, "--json"}, stage);
  INFO(played.err);
  REQUIRE(played.code == 0);
  const json figures = played.answer();
  CHECK(figures.at("converged") == true);
  CHECK(figures.at("conflict_values_total") == manifest.at("conflict_values"));
  CHECK(figures.at("conflict_values_kept") == manifest.at("conflict_values"));
  CHECK(figures.at("idle_round_trips").get<int>() >= 1);
  CHECK(figures.at("idle_round_trips").get<int>() <= 2);
  CHECK(figures.at("input_bytes") == manifest.at("files").at("cases.ndjson").at("bytes"));
  for (const char* phase :
       {"create", "push", "first_pull", "edit", "reconcile", "idle_sync", "search_prefix", "search_word"}) {
    INFO(phase);
    CHECK(figures.at("phases").at(phase).at("seconds").get<double>() > 0);
  }
  for (const char* figure : {"create_ratio_to_sqlcipher", "create_ratio_to_sqlcipher_fts", "fsyncs_per_save",
                             "idle_http_bytes", "wire_bytes_up", "wire_bytes_down", "push_bytes", "disk_bytes",
                             "peak_rss_bytes", "kdf_peak_bytes", "open_seconds"}) {
    INFO(figure);
    CHECK(figures.at(figure).get<double>() > 0);
  }
  CHECK(figures.at("durability").is_string());
}

TEST_CASE("the benchmark of one large casebook opens, searches, matches and compares what it filled in") {
  const Stage stage(Cli::shipped);
  const std::string work = stage.root() / "work";
  const Outcome played = run(WAYSIDE_BENCH_PROGRAM, {"casebook", "--work", work, "--cases", "30", "--services", "50", "--json"}, stage);
  INFO(played.err);
  REQUIRE(played.code == 0);
  const json figures = played.answer();
  CHECK(figures.at("fill").at("cases") == 30);
  CHECK(figures.at("open_case").at("records_a_case").get<double>() >= 20);
  CHECK(figures.at("search").at("hits").get<int>() > 0);
  CHECK(figures.at("duplicates").at("people") == 30);
  CHECK(figures.at("duplicates").at("found") == figures.at("duplicates").at("tries"));
  for (const char* what : {"open_case", "search", "match", "duplicates"}) {
    INFO(what);
    CHECK(figures.at(what).at("p99_ms").get<double>() > 0);
    CHECK(figures.at(what).at("ratio_to_bare_lookup").get<double>() > 0);
  }
}

TEST_CASE("the benchmark of a night fetches each change once, whole and with cuts") {
  const Stage stage(Cli::shipped);
  const std::string work = stage.root() / "work";
  const Outcome played = run(WAYSIDE_BENCH_PROGRAM, {"night", "--work", work, "--cases", "50", "--json"}, stage);
  INFO(played.err);
  const json figures = played.answer();
  for (const char* night : {"night", "night_with_cuts"}) {
    INFO(night);
    CHECK(figures.at(night).at("changed_records") == 5);
    CHECK(figures.at(night).at("pulled_envelopes") == 5);
    CHECK(figures.at(night).at("round_trips_besides_pages").get<int>() <= 3);
  }
  // Five changes are one page: too little to be cut, and the program says so.
  CHECK(played.code == (figures.at("kept") == true ? 0 : 1));
}

TEST_CASE("the benchmark of a first sync comes to the same casebook both ways") {
  const Stage stage(Cli::shipped);
  const std::string work = stage.root() / "work";
  const Outcome played = run(WAYSIDE_BENCH_PROGRAM, {"first", "--work", work, "--cases", "50", "--changes", "3", "--json"}, stage);
  INFO(played.err);
  const json figures = played.answer();
  CHECK(figures.at("snapshot").at("from_snapshot") == 50);
  CHECK(figures.at("background").at("unverified") == 0);
  CHECK(figures.at("background").at("digest") == figures.at("replay").at("digest"));
  CHECK(figures.at("ratio").get<double>() > 0);
  CHECK(played.code == (figures.at("kept") == true ? 0 : 1));
}
