#include "tests/bench/casebook_bench.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <map>
#include <stdexcept>

#include "core/casework/casebook.h"
#include "core/casework/import_standard.h"
#include "core/casework/rules/duplicates.h"
#include "core/casework/rules/matching.h"
#include "core/search/search.h"
#include "core/vault/solo.h"
#include "platform/real_env.h"
#include "tests/bench/measure.h"
#include "tests/bench/must.h"
#include "tests/support/caseload.h"
#include "tests/support/made_records.h"

namespace wayside::bench {
namespace {

using nlohmann::json;
using casework::NewCase;
using casework::NewField;
using casework::NewRecord;
namespace fs = std::filesystem;
namespace rules = casework::rules;

constexpr std::uint32_t kCasesAtOnce = 2'000;

void say(const std::string& line) { std::cerr << line << std::endl; }

/// Milliseconds of many tries of one thing.
class Times {
 public:
  template <class Do>
  void take(Do&& once) {
    const Stopwatch watch;
    once();
    ms_.push_back(watch.seconds() * 1000);
  }
  [[nodiscard]] double at(double share) const {
    std::vector<double> sorted = ms_;
    std::sort(sorted.begin(), sorted.end());
    return sorted.at(static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1)));
  }
  [[nodiscard]] json ms() const { return {{"p50_ms", at(0.5)}, {"p99_ms", at(0.99)}, {"worst_ms", at(1.0)}, {"tries", ms_.size()}}; }

 private:
  std::vector<double> ms_;
};

/// What most cases have beside the standard workload's records.
constexpr std::array<std::string_view, 9> kUsual{"child", "need", "safety_plan", "safety_plan_item", "referral", "stay", "task", "contact_method",
                                                 "perpetrator"};
/// Of all other types that stand in a case, so many in each: every type is in thousands of cases.
constexpr std::uint32_t kSpreadPerCase = 6;

/// What a person waits for, at the longest.
struct Promise {
  const char* what;
  double p99_ms;
};
constexpr std::array kPromises{Promise{"open_case", 50}, Promise{"search", 50}, Promise{"match", 20}, Promise{"duplicates", 100}};

class Casebook {
 public:
  explicit Casebook(CasebookOptions options) : options_(std::move(options)), env_(real_.env()) {}

  json play() {
    fs::remove_all(options_.work);
    fs::create_directories(options_.work);
    setenv("WAYSIDE_KEYS", (options_.work / "keys").c_str(), 1);
    must(schema::load_builtin());
    choose_spread();
    make_vault();
    fill();
    open_cases();
    search();
    match();
    find_duplicates();
    look_up_bare();
    judge();
    return std::move(out_);
  }

 private:
  void make_vault() {
    SecretString passphrase;
    passphrase.append("a passphrase for benchmarks only");
    vault_ = must(vault::create_solo(env_, options_.work / "home", passphrase, "Benchmark", "Benchmark"));
    reset_peak_rss();
  }

  void fill() {
    const Stopwatch watch;
    std::size_t records = 0;
    for (std::uint32_t done = 0; done < options_.cases; done += kCasesAtOnce) {
      say("cases: " + std::to_string(done) + " of " + std::to_string(options_.cases));
      std::vector<NewCase> cases = read_cases(std::min(kCasesAtOnce, options_.cases - done), done);
      for (NewCase& each : cases) {
        add_extras(each);
        records += each.records.size();
        cases_.push_back(*each.case_id);
      }
      const auto outcome = must(casework::import_all(*vault_, cases, std::nullopt, {}));
      if (!outcome.problems.empty()) throw std::runtime_error("a case was refused: " + outcome.problems.front().field + " " + outcome.problems.front().what);
    }
    out_["fill"] = {{"cases", cases_.size()}, {"records", records}, {"record_types", made_.size() + 5}, {"seconds", watch.seconds()}};
    records_ = records;
    const Stopwatch index;
    must(search::catch_up_all(*vault_));
    must(vault_->store().database().checkpoint());
    out_["fill"]["index_seconds"] = index.seconds();
  }

  /// Other cases for each part: the workload is a function of its seed.
  std::vector<NewCase> read_cases(std::uint32_t count, std::uint32_t seed) {
    support::CaseloadOptions workload;
    workload.cases = count;
    workload.seed += seed;
    const support::Caseload made = support::make_caseload(workload);
    const platform::Path file = options_.work / "cases.ndjson";
    std::ofstream(file, std::ios::binary) << made.cases;
    queries_ = made.queries;
    auto open = must(env_.files.open(file, platform::OpenMode::read));
    auto cases = casework::import_standard(schema::current(), *open);
    if (!cases) throw std::runtime_error("the workload does not import");
    return *std::move(cases);
  }

  /// A record of the same case that a reference may point to.
  static std::optional<RecordId> neighbour(const NewCase& in, const schema::Field& field) {
    for (const NewRecord& record : in.records) {
      const schema::RecordType* type = schema::current().type(record.type);
      if (type != nullptr && std::ranges::find(field.to, type->name) != field.to.end()) return record.id;
    }
    return std::nullopt;
  }

  /// Every case has what most cases have; of the other types each has a few, so that the next case has the next few.
  void add_extras(NewCase& to) {
    for (const std::string_view name : kUsual) add(to, *schema::current().type(name));
    for (std::uint32_t i = 0; i < kSpreadPerCase && !spread_.empty(); ++i) add(to, *spread_[next_++ % spread_.size()]);
  }

  /// Where it needs a record that the case has not, that one too.
  void add(NewCase& to, const schema::RecordType& type) {
    const auto find = [&](const schema::Field& field) { return neighbour(to, field); };
    for (const schema::Field& field : type.fields) {
      const bool needs = field.kind == schema::FieldKind::reference && field.required == schema::Required::to_save;
      if (needs && !find(field)) add(to, *schema::current().type(field.to.front()));
    }
    const auto made = support::made_fields(type, support::Fill::everything, find, next_);
    if (!made) throw std::runtime_error("no record of type " + type.name + " can be made");
    NewRecord record{RecordId::random(env_.random), type.id, {}, 0};
    for (const auto& [field, values] : *made) record.fields.push_back({field->id, values});
    to.records.push_back(std::move(record));
    ++made_[type.name];
  }

  /// The types that stand in a case and that neither the workload nor every case has.
  void choose_spread() {
    constexpr std::array<std::string_view, 5> kWorkload{"case", "person", "note", "risk_assessment", "support_plan"};
    for (const auto& type : schema::current().types()) {
      const bool usual = std::ranges::find(kUsual, type.name) != kUsual.end() || std::ranges::find(kWorkload, type.name) != kWorkload.end();
      if (type.in_case && !usual) spread_.push_back(&type);
    }
  }

  RecordId some_case() {
    pick_ = pick_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return cases_.at((pick_ >> 33) % cases_.size());
  }

  void open_cases() {
    say("open cases");
    Times times;
    std::size_t records = 0;
    for (std::uint32_t i = 0; i < options_.tries; ++i) {
      const RecordId id = some_case();
      times.take([&] { records += must(casework::records_of_case(*vault_, id)).size(); });
    }
    out_["open_case"] = times.ms();
    out_["open_case"]["records_a_case"] = static_cast<double>(records) / options_.tries;
  }

  /// As the caseload does: words or beginnings, the first 50 hits with what a row shows.
  void search() {
    say("search");
    Times times;
    std::istringstream lines(queries_);
    std::size_t hits = 0;
    for (std::string line; std::getline(lines, line);) {
      const std::string text = json::parse(line).at("q");
      times.take([&] {
        for (const search::Hit& hit : must(search::find(*vault_, {text, std::nullopt, 50}))) {
          must(vault_->store().record(hit.row));
          ++hits;
        }
      });
    }
    out_["search"] = times.ms();
    out_["search"]["hits"] = hits;
  }

  void match() {
    say("match");
    std::vector<rules::Service> services;
    for (std::uint32_t i = 0; i < options_.services; ++i) {
      rules::Service service;
      service.id = RecordId::random(env_.random);
      service.name = "Service " + std::to_string(i);
      service.kind = i % 7 == 0 ? "support" : "accommodation";
      service.accepts_sex = i % 5 == 0 ? "any" : "female";
      service.largest_family_size = 2 + i % 6;
      service.sons_max_age_certain = 8 + i % 10;
      service.sons_max_age_possible = 10 + i % 10;
      service.nrpf = i % 3 == 0 ? "yes" : "case_by_case";
      service.pets = i % 4 == 0 ? "some" : "no";
      service.area_la = "Area " + std::to_string(i % 40);
      services.push_back(std::move(service));
    }
    rules::Household household;
    household.adults = {{rules::Sex::female, 31}};
    household.children = {{rules::Sex::male, 15}, {rules::Sex::female, 6}};
    household.pets = {{"dog", 1}};
    household.nrpf = true;
    household.unsafe_areas = {"Area 3"};
    Times times;
    std::size_t answers = 0;
    for (std::uint32_t i = 0; i < options_.tries; ++i) {
      household.children.front().age = static_cast<int>(i % 18);
      times.take([&] { answers += rules::match_all(household, services, {}, 0).size(); });
    }
    out_["match"] = times.ms();
    out_["match"]["services"] = options_.services;
    if (answers != std::size_t{options_.tries} * options_.services) throw std::runtime_error("a service was hidden");
  }

  static rules::PersonCard card_of(const casework::ShownRecord& person) {
    rules::PersonCard card;
    card.id = person.row.id.str();
    card.forename = person.text("forename");
    card.surname = person.text("surname");
    if (const std::string phone = person.text("phone"); !phone.empty()) card.phones.push_back(phone);
    card.address = person.text("address");
    card.postcode = person.text("postcode");
    return card;
  }

  void find_duplicates() {
    say("duplicates");
    const Stopwatch watch;
    rules::DuplicateIndex index;
    std::vector<rules::PersonCard> cards;
    for (const casework::ShownRecord& person : must(casework::list(*vault_, *schema::current().type("person")))) {
      cards.push_back(card_of(person));
      index.add(cards.back());
    }
    const double made = watch.seconds();
    Times times;
    std::size_t found = 0;
    for (std::uint32_t i = 0; i < options_.tries; ++i) {
      rules::PersonCard card = cards.at((i * 7919) % cards.size());
      card.id = "new";
      if (card.forename.size() > 3) std::swap(card.forename[1], card.forename[2]);   // a slip of the pen
      times.take([&] { found += index.find(card).empty() ? 0 : 1; });
    }
    out_["duplicates"] = times.ms();
    out_["duplicates"].update({{"people", cards.size()}, {"index_seconds", made}, {"found", found}});
  }

  /// The records of a case as JSON rows in bare SQLCipher, read by the case's id.
  void look_up_bare() {
    say("baseline");
    const SecretBytes key = crypto::random_secret(env_.random, crypto::kKeyBytes);
    auto database = must(store::Database::open(env_, options_.work / "bare.db", store::Database::Mode::create_new, key));
    must(database->run_script("CREATE TABLE rows(id BLOB PRIMARY KEY, case_id BLOB NOT NULL, body TEXT NOT NULL);"
                              "CREATE INDEX rows_by_case ON rows(case_id);"));
    {
      auto transaction = must(store::Transaction::begin(*database));
      const std::string body(500, 'x');
      for (const RecordId& id : cases_) {
        for (std::size_t i = 0; i < records_ / cases_.size(); ++i) {
          must(database->run("INSERT INTO rows VALUES(?, ?, ?)", RecordId::random(env_.random), id, store::SqlText{body}));
        }
      }
      must(std::move(transaction).commit());
    }
    must(database->checkpoint());
    Times times;
    for (std::uint32_t i = 0; i < options_.tries; ++i) {
      const RecordId id = some_case();
      times.take([&] {
        std::size_t bytes = 0;
        store::Query rows = database->query("SELECT body FROM rows WHERE case_id = ?", id);
        while (must(rows.next())) bytes += rows.text(0).size();
        if (bytes == 0) throw std::runtime_error("a case is missing from the baseline");
      });
    }
    out_["bare_lookup"] = times.ms();
  }

  void judge() {
    const double bare = out_["bare_lookup"]["p50_ms"];
    for (const Promise& each : kPromises) {
      json& measured = out_[each.what];
      measured["ratio_to_bare_lookup"] = measured["p50_ms"].get<double>() / bare;
      measured["promised_p99_ms"] = each.p99_ms;
      measured["kept"] = measured["p99_ms"].get<double>() <= each.p99_ms;
    }
    out_["peak_rss_bytes"] = peak_rss_bytes();
    out_["disk_bytes"] = folder_bytes(options_.work / "home");
  }

  CasebookOptions options_;
  platform::RealEnv real_;
  platform::Env env_;
  std::unique_ptr<vault::Vault> vault_;
  std::vector<RecordId> cases_;
  std::string queries_;
  std::uint64_t pick_ = 1;
  std::vector<const schema::RecordType*> spread_;
  std::uint64_t next_ = 0;   ///< of spread_, and what makes one value another
  std::map<std::string, std::size_t> made_;
  std::size_t records_ = 0;
  json out_;
};

}  // namespace

json run_casebook(const CasebookOptions& options) { return Casebook(options).play(); }

}  // namespace wayside::bench
