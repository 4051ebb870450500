#include "tests/bench/device.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "core/casework/casebook.h"
#include "core/casework/import_standard.h"
#include "core/search/search.h"
#include "platform/atomic_file.h"
#include "platform/real_env.h"
#include "sync/reconcile/reconcile.h"
#include "tests/bench/child.h"
#include "tests/bench/measure.h"
#include "tests/bench/must.h"

namespace wayside::bench {
namespace {

using nlohmann::json;

std::vector<json> read_lines(const std::string& path) {
  std::vector<json> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) out.push_back(json::parse(line));
  if (out.empty()) throw std::runtime_error("no lines in " + path);
  return out;
}

RecordId record_id(const json& text) {
  const auto id = id_from_text<RecordId>(text.get<std::string>());
  if (!id) throw std::runtime_error("not an id");
  return *id;
}

class Device {
 public:
  json answer(const json& command) {
    const std::string what = command.at("do");
    if (what == "open") return open(command);
    if (what == "read_cases") return read_cases(command.at("cases"));
    if (what == "create") return create(command.at("count"));
    if (what == "import") return import(command.at("at_once"));
    if (what == "index") return index();
    if (what == "sync") return sync(command);
    if (what == "publish") return publish();
    if (what == "open_case") return open_case(command.at("tries"));
    if (what == "edit") return edit(command.at("edits"), command.at("device"));
    if (what == "search") return search(command.at("queries"), command.at("kind"));
    if (what == "kept") return kept(command.at("edits"));
    if (what == "standing") return standing();
    if (what == "peak") return {{"peak_rss_bytes", peak_rss_bytes()}};
    throw std::runtime_error("unknown command");
  }

 private:
  json open(const json& command) {
    must(schema::load_builtin(), "schema");
    const platform::Path file = command.at("passphrase_file").get<std::string>();
    const SecretBytes text = must(platform::read_secret(env_.files, file, SecretString::kCapacity), "passphrase file");
    BytesView line = text.view();
    if (line.ends_with('\n')) line.remove_suffix(1);
    SecretString passphrase;
    passphrase.append(line);
    const Stopwatch watch;
    vault_ = must(vault::Vault::open(env_, command.at("home").get<std::string>(), passphrase), "open");
    const double seconds = watch.seconds();
    const std::uint64_t kdf_peak = peak_rss_bytes();
    reset_peak_rss();
    return {{"seconds", seconds}, {"kdf_peak_bytes", kdf_peak}};
  }

  json read_cases(const std::string& cases_file) {
    auto file = must(env_.files.open(cases_file, platform::OpenMode::read), "cases");
    auto imported = casework::import_standard(schema::current(), *file);
    if (!imported) throw std::runtime_error("cases.ndjson does not import");
    for (casework::NewCase& each : *imported) cases_.emplace_back().push_back(std::move(each));
    next_case_ = cases_.begin();
    before_create_ = vault_->store().database().syncs();
    return {{"cases", cases_.size()}};
  }

  /// One save a case: sealed, folded, durable.
  json create(std::size_t count) {
    const Stopwatch watch;
    for (; count > 0 && next_case_ != cases_.end(); --count, ++next_case_) {
      const auto outcome = must(casework::import_all(*vault_, *next_case_, std::nullopt, {}), "create");
      if (!outcome.problems.empty()) throw std::runtime_error("a case was refused");
    }
    return {{"seconds", watch.seconds()}};
  }

  /// The same, many cases in one transaction: for those who want a casebook and do not ask what a save costs.
  json import(std::size_t at_once) {
    const Stopwatch watch;
    while (next_case_ != cases_.end()) {
      std::vector<casework::NewCase> some;
      for (; some.size() < at_once && next_case_ != cases_.end(); ++next_case_) some.push_back(std::move(next_case_->front()));
      const auto outcome = must(casework::import_all(*vault_, some, std::nullopt, {}), "import");
      if (!outcome.problems.empty()) throw std::runtime_error("a case was refused");
    }
    must(search::catch_up_all(*vault_), "index");
    std::exchange(cases_, {});
    return {{"seconds", watch.seconds()}};
  }

  /// The search index catches up with what was created.
  json index() {
    const Stopwatch watch;
    must(search::catch_up_all(*vault_), "index");
    const double seconds = watch.seconds();
    const auto after = vault_->store().database().syncs();
    const std::uint64_t checkpoints = after.store - before_create_.store;
    // A checkpoint syncs the log once and the store once; what is left are the commits, the index's among them.
    const double commits = static_cast<double>((after.wal - before_create_.wal) - checkpoints);
    const auto cases = static_cast<double>(cases_.size());
    std::exchange(cases_, {});
    return {{"seconds", seconds}, {"fsyncs_per_save", commits / cases}, {"checkpoints", checkpoints}};
  }

  json sync(const json& command) {
    reconcile::Options options;
    options.stop_after_pages = command.value("pages", std::uint64_t{0});
    options.no_snapshot = command.value("no_snapshot", false);
    options.courier_program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "wayside-cli";
    options.office_address = command.at("office");
    const Stopwatch watch;
    const reconcile::Outcome outcome = must(reconcile::reconcile(*vault_, options), "reconcile");
    const double reconciled = watch.seconds();
    must(search::catch_up_all(*vault_), "index");
    return {{"seconds", watch.seconds()}, {"reconcile_seconds", reconciled}, {"round_trips", outcome.round_trips},
            {"from_snapshot", outcome.from_snapshot}, {"unverified", outcome.unverified}, {"index_seconds", watch.seconds() - reconciled},
            {"pages", outcome.pages}, {"stopped_early", outcome.stopped_early}, {"pulled_bytes", outcome.pulled.bytes},
            {"handshakes", outcome.handshakes}, {"up", outcome.wire_bytes_up}, {"down", outcome.wire_bytes_down},
            {"pushed", outcome.pushed.envelopes}, {"pulled", outcome.pulled.envelopes}, {"applied", outcome.applied_change_sets},
            {"quarantined", outcome.quarantined}, {"waiting", outcome.waiting}, {"missing_ledgers", outcome.missing_ledgers}};
  }

  json publish() {
    const Stopwatch watch;
    const auto teams = vault_->membership().teams_of(vault_->identity().user);
    const auto made = must(reconcile::publish_snapshot(*vault_, teams.front()), "publish");
    return {{"seconds", watch.seconds()}, {"ledgers", made.ledgers}, {"records", made.records}, {"bytes", made.bytes}};
  }

  /// That a person can work: cases are listed and opened.
  json open_case(std::size_t tries) {
    const Stopwatch watch;
    const auto cases = must(casework::list(*vault_, *schema::current().type("case")), "list");
    const double listed = watch.seconds();
    std::size_t records = 0;
    for (std::size_t i = 0; i < std::min(tries, cases.size()); ++i) {
      records += must(casework::records_of_case(*vault_, cases[i * 7919 % cases.size()].row.id), "case").size();
    }
    return {{"seconds", watch.seconds()}, {"list_seconds", listed}, {"cases", cases.size()}, {"records", records}};
  }

  json edit(const std::string& edits_file, const std::string& device) {
    const std::vector<json> edits = read_lines(edits_file);
    const std::uint64_t sealed_before = sealed_bytes();
    std::size_t done = 0;
    const Stopwatch watch;
    for (const json& each : edits) {
      if (each.at("device") != device) continue;
      const auto edit = casework::resolve_standard_edit(schema::current(), each.at("table").get<std::string>(),
                                                        each.at("field").get<std::string>(), each.at("value"));
      if (!edit) throw std::runtime_error("an edit does not fit");
      casework::FieldChange change;
      change.field = edit->field;
      change.set = {edit->value};
      change.sets = true;
      must(casework::edit(*vault_, record_id(each.at("id")), {change}, "workload", "bench"), "edit");
      ++done;
    }
    must(search::catch_up_all(*vault_), "index");
    return {{"seconds", watch.seconds()}, {"records", done}, {"sealed_bytes", sealed_bytes() - sealed_before}};
  }

  /// Of every envelope here, as it is stored and sent.
  std::uint64_t sealed_bytes() {
    store::Query sum = vault_->store().database().query("SELECT coalesce(sum(length(sealed)), 0) FROM envelopes");
    must(sum.next());
    return static_cast<std::uint64_t>(sum.integer(0));
  }

  json search(const std::string& queries_file, const std::string& kind) {
    const std::vector<json> queries = read_lines(queries_file);
    std::size_t asked = 0, hits = 0;
    const Stopwatch watch;
    for (const json& each : queries) {
      if (each.at("kind") != kind) continue;
      hits += must(search::find(*vault_, {each.at("q").get<std::string>(), std::nullopt, 50}), "find").size();
      ++asked;
    }
    return {{"seconds", watch.seconds()}, {"queries", asked}, {"hits", hits}};
  }

  /// How many of the concurrent values that any device wrote this one can still show.
  json kept(const std::string& edits_file) {
    std::size_t total = 0, kept = 0;
    for (const json& each : read_lines(edits_file)) {
      if (!each.at("conflict").get<bool>()) continue;
      ++total;
      const auto edit = casework::resolve_standard_edit(schema::current(), each.at("table").get<std::string>(),
                                                        each.at("field").get<std::string>(), each.at("value"));
      const auto record = must(casework::get(*vault_, record_id(each.at("id"))), "get");
      const casework::ShownField* shown = record.find(edit->field->name);
      if (shown == nullptr) continue;
      for (const ledger::Shown& value : shown->view.values) kept += value.value == edit->value ? 1 : 0;
    }
    return {{"total", total}, {"kept", kept}};
  }

  json standing() {
    const auto now = must(casework::standing(*vault_), "standing");
    return {{"digest", to_text(now.digest)}, {"ledgers", now.ledgers}, {"records", now.records}, {"open_reviews", now.open_reviews}};
  }

  platform::RealEnv real_;
  platform::Env env_ = real_.env();
  std::unique_ptr<vault::Vault> vault_;
  std::vector<std::vector<casework::NewCase>> cases_;   // one import each
  std::vector<std::vector<casework::NewCase>>::iterator next_case_;
  store::Vfs::Syncs before_create_;
};

}  // namespace

int run_device() {
  Device device;
  return answer_lines([&device](const json& command) { return device.answer(command); });
}

}  // namespace wayside::bench
