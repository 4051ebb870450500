#include <CLI/CLI.hpp>
#include <iostream>

#include "tests/bench/casebook_bench.h"
#include "tests/bench/caseload_bench.h"
#include "tests/bench/device.h"
#include "tests/bench/first_bench.h"
#include "tests/bench/night_bench.h"

int main(int argc, char** argv) {
  CLI::App app{"Measures Wayside against bare SQLCipher in the same run."};
  app.require_subcommand(1);

  std::string input, work;
  bool as_json = false;
  const auto add = [&](const char* name, const char* what) {
    CLI::App* const verb = app.add_subcommand(name, what);
    verb->add_option("--work", work, "folder to work in; emptied first")->required();
    verb->add_flag("--json", as_json, "one JSON document on stdout, on one line");
    return verb;
  };
  wayside::bench::CaseloadOptions caseload;
  CLI::App* caseload_verb = add("caseload", "the standard workload on real vaults and a real office");
  caseload_verb->add_option("--input", input, "folder with cases.ndjson, edits.ndjson, queries.ndjson")->required();
  caseload_verb->add_option("--devices", caseload.devices, "how many devices (A, B, C …)")->check(CLI::Range(2, 26));

  wayside::bench::CasebookOptions casebook;
  CLI::App* casebook_verb = add("casebook", "one large casebook: opening, searching, matching, duplicates");
  casebook_verb->add_option("--cases", casebook.cases, "how many cases")->check(CLI::Range(1, 1'000'000));
  casebook_verb->add_option("--services", casebook.services, "how many services")->check(CLI::Range(1, 100'000));

  wayside::bench::FirstOptions first;
  CLI::App* first_verb = add("first", "a newcomer's first sync: from a snapshot, and from every envelope");
  first_verb->add_option("--cases", first.cases, "how many cases there are")->check(CLI::Range(10, 1'000'000));
  first_verb->add_option("--changes", first.changes, "records changed after the snapshot")->check(CLI::Range(1, 100'000));

  wayside::bench::NightOptions night;
  CLI::App* night_verb = add("night", "what one night's reconcile of a large casebook takes on the wire");
  night_verb->add_option("--cases", night.cases, "how many cases both devices carry")->check(CLI::Range(10, 1'000'000));

  CLI::App* device_verb = app.add_subcommand("device", "one device, driven by JSON lines on stdin")->group("");
  CLI::App* baseline_verb = app.add_subcommand("baseline", "bare SQLCipher with the same rows, driven in the same way")->group("");
  CLI11_PARSE(app, argc, argv);

  try {
    if (device_verb->parsed()) return wayside::bench::run_device();
    if (baseline_verb->parsed()) return wayside::bench::run_baseline();
    if (casebook_verb->parsed()) {
      casebook.work = std::filesystem::absolute(work);
      std::cout << wayside::bench::run_casebook(casebook).dump(as_json ? -1 : 2) << std::endl;
      return 0;
    }
    if (first_verb->parsed()) {
      first.work = std::filesystem::absolute(work);
      const nlohmann::json result = wayside::bench::run_first(first);
      std::cout << result.dump(as_json ? -1 : 2) << std::endl;
      return result.at("kept") == true ? 0 : 1;
    }
    if (night_verb->parsed()) {
      night.work = std::filesystem::absolute(work);
      const nlohmann::json result = wayside::bench::run_night(night);
      std::cout << result.dump(as_json ? -1 : 2) << std::endl;
      return result.at("kept") == true ? 0 : 1;
    }
    caseload.input = input;
    caseload.work = std::filesystem::absolute(work);
    const nlohmann::json result = wayside::bench::run_caseload(caseload);
    std::cout << result.dump(as_json ? -1 : 2) << std::endl;
    return result.at("converged") == true ? 0 : 1;
  } catch (const std::exception& fault) {
    std::cerr << "wayside-bench: " << fault.what() << std::endl;
    return 1;
  }
}
